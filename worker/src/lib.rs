//! The backend of Drawbridge.

#[cfg(target_arch = "wasm32")]
use worker::{Context, Env, HttpRequest, event};

#[cfg(target_arch = "wasm32")]
#[event(fetch)]
async fn fetch(_request: HttpRequest, _env: Env, _context: Context) -> worker::Result<worker::Response> {
    worker::Response::ok("Drawbridge")
}
