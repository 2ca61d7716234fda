//! The shards of the authority: 64 Durable Objects for the deployment.
//!
//! Question and answer go in headers, as ASCII: nobody but us reaches the object, and a body would be read later. What
//! a shard has in memory it answers at once, without a promise.

#![expect(missing_docs, reason = "the macro makes public functions for the runtime")]

use std::cell::OnceCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use worker::wasm_bindgen_futures::{JsFuture, future_to_promise};
use worker::web_sys;
use worker::worker_sys::DurableObjectState;
use worker::{Env, Response, State};

use super::glue;
use super::keeper::StoredNotes;
use crate::encoding::ascii;
use crate::features::authority::Shard;
use crate::ports::{Authorities, Pending};
use crate::services::Services;

/// The binding of wrangler.toml.
const BINDING: &str = "CREDENTIAL_AUTHORITY";

/// One shard. It is written out, since the macro for objects makes a promise of every answer.
#[wasm_bindgen]
pub struct CredentialAuthority {
    notes: Rc<StoredNotes>,
    env: Env,
    services: OnceCell<Services>,
    shard: Rc<Shard>,
}

#[wasm_bindgen]
impl CredentialAuthority {
    #[wasm_bindgen(constructor)]
    pub fn new(state: DurableObjectState, env: Env) -> Self {
        let notes = Rc::new(StoredNotes(State::from(state).storage()));
        Self { notes, env, services: OnceCell::new(), shard: Rc::default() }
    }

    /// Answers a question: at once, or by a promise where the database must be asked.
    pub fn fetch(&self, request: web_sys::Request) -> Result<JsValue, JsValue> {
        let message = glue::question_of(&request);
        let (services, shard, notes) = (self.services()?, Rc::clone(&self.shard), Rc::clone(&self.notes));
        let answer = async move {
            Ok(match shard.answer(&services, notes, &message).await {
                Ok(answer) => glue::answer_to_question(&ascii(answer)).into(),
                Err(cause) => web_sys::Response::from(Response::error(cause, 500)?).into(),
            })
        };
        let mut answer: Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>> = Box::pin(answer);
        match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => answer,
            Poll::Pending => Ok(future_to_promise(answer).into()),
        }
    }

    pub fn alarm(&self) -> Result<Promise, JsValue> {
        let (services, shard, notes) = (self.services()?, Rc::clone(&self.shard), Rc::clone(&self.notes));
        Ok(future_to_promise(async move {
            shard.wake(&services, notes).await?;
            Ok(JsValue::UNDEFINED)
        }))
    }
}

impl CredentialAuthority {
    fn services(&self) -> Result<Services, JsValue> {
        if let Some(services) = self.services.get() {
            return Ok(services.clone());
        }
        let services = super::services(&self.env, Rc::new(super::system::Inline))?;
        Ok(self.services.get_or_init(|| services).clone())
    }
}

/// The way to the objects.
pub(super) struct Objects(Env);

impl Objects {
    pub(super) fn new(env: Env) -> Self {
        Self(env)
    }

    async fn send(&self, shard: char, message: String) -> Result<String, JsValue> {
        let objects = js_sys::Reflect::get(&self.0, &BINDING.into())?;
        let answer = JsFuture::from(glue::ask_object(&objects, &shard.to_string(), &ascii(message))).await?;
        answer.as_string().ok_or_else(|| "no text".into())
    }
}

impl Authorities for Objects {
    fn ask(&self, shard: char, message: String) -> Pending<'_, Result<String, String>> {
        Box::pin(async move { self.send(shard, message).await.map_err(|error| format!("{error:?}")) })
    }
}
