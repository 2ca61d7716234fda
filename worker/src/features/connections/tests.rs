//! Tests of connections, through the router.
