//! The console of Drawbridge.
