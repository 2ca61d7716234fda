//! Tests of the feature, through the router.
