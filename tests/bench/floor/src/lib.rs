//! What the bench holds the product against, written as the product is, in Rust: a Worker that does nothing, one that
//! asks a Durable Object, and one that makes one statement on D1.
#![cfg(target_arch = "wasm32")]
#![expect(missing_docs, reason = "the macros make public functions for the runtime")]

use serde::Deserialize;
use worker::{Context, DurableObject, Env, Request, Response, Result, State, durable_object, event};

/// The one object that is asked. It has the name that the launcher's settings give to an object of the product.
#[durable_object]
pub struct CredentialAuthority;

impl DurableObject for CredentialAuthority {
    fn new(_: State, _: Env) -> Self {
        Self
    }

    async fn fetch(&self, _: Request) -> Result<Response> {
        Response::ok("hello")
    }
}

#[derive(Deserialize)]
struct Row {
    word: String,
}

#[event(fetch)]
async fn fetch(request: Request, env: Env, _: Context) -> Result<Response> {
    match request.path().as_str() {
        "/object" => {
            let stub = env.durable_object("CREDENTIAL_AUTHORITY")?.get_by_name("one")?;
            let mut answer = stub.fetch_with_str("https://object/").await?;
            Response::ok(answer.text().await?)
        }
        "/statement" => {
            let row = env.d1("DB")?.prepare("SELECT 'hello' AS word").first::<Row>(None).await?;
            Response::ok(row.map(|row| row.word).unwrap_or_default())
        }
        _ => Response::ok("hello"),
    }
}
