//! The shards of the authority: 64 Durable Objects for the deployment.

#![expect(missing_docs, reason = "the macro makes public functions for the runtime")]

use std::rc::Rc;

use worker::{DurableObject, Env, Method, Request, Response, State, durable_object};

use super::keeper::StoredNotes;
use crate::features::authority::Shard;
use crate::ports::{Authorities, Pending};

/// The binding of wrangler.toml.
const BINDING: &str = "CREDENTIAL_AUTHORITY";
/// In which header a question comes, since a body would be read later; nobody but us reaches the object.
const ASK: &str = "x-ask";

/// One shard.
#[durable_object]
pub struct CredentialAuthority {
    notes: Rc<StoredNotes>,
    env: Env,
    shard: Rc<Shard>,
}

impl DurableObject for CredentialAuthority {
    fn new(state: State, env: Env) -> Self {
        let notes = Rc::new(StoredNotes(state.storage()));
        Self { notes, env, shard: Rc::default() }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        let message = request.headers().get(ASK)?.unwrap_or_default();
        let services = super::services(&self.env, Rc::new(super::system::Inline))?;
        match self.shard.answer(&services, Rc::clone(&self.notes) as _, &message).await {
            Ok(answer) => Response::ok(answer),
            Err(cause) => Response::error(cause, 500),
        }
    }

    async fn alarm(&self) -> worker::Result<Response> {
        let services = super::services(&self.env, Rc::new(super::system::Inline))?;
        self.shard.wake(&services, Rc::clone(&self.notes) as _).await?;
        Response::empty()
    }
}

/// The way to the objects.
pub(super) struct Objects(Env);

impl Objects {
    pub(super) fn new(env: Env) -> Self {
        Self(env)
    }

    async fn send(&self, shard: char, message: &str) -> worker::Result<(u16, String)> {
        let stub = self.0.durable_object(BINDING)?.get_by_name(&shard.to_string())?;
        let mut request = Request::new("https://authority/", Method::Get)?;
        request.headers_mut()?.set(ASK, message)?;
        let mut answer = stub.fetch_with_request(request).await?;
        Ok((answer.status_code(), answer.text().await?))
    }
}

impl Authorities for Objects {
    fn ask(&self, shard: char, message: String) -> Pending<'_, Result<String, String>> {
        Box::pin(async move {
            match self.send(shard, &message).await {
                Ok((200, answer)) => Ok(answer),
                Ok((_, cause)) => Err(cause),
                Err(error) => Err(error.to_string()),
            }
        })
    }
}
