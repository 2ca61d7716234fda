//! The keeper of a connection: one Durable Object each, with storage of its own.

#![expect(missing_docs, reason = "the macro makes public functions for the runtime")]

use std::rc::Rc;

use drawbridge_domain::time::Timestamp;
use worker::{
    DurableObject, Env, Method, Request, RequestInit, Response, ScheduledTime, State, Storage, durable_object,
};

use crate::features::connections::keeper::Keeper;
use crate::ports::{Keepers, Notes, Pending};

/// The binding of wrangler.toml.
const BINDING: &str = "CONNECTION_KEEPER";

/// The keeper of one connection.
#[durable_object]
pub struct ConnectionKeeper {
    notes: Rc<StoredNotes>,
    env: Env,
    keeper: Rc<Keeper>,
}

impl DurableObject for ConnectionKeeper {
    fn new(state: State, env: Env) -> Self {
        let notes = Rc::new(StoredNotes(state.storage()));
        Self { notes, env, keeper: Rc::default() }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        let message = request.text().await?;
        let services = super::services(&self.env, Rc::new(super::system::Inline))?;
        match self.keeper.answer(&services, &*self.notes, &message).await {
            Ok(answer) => Response::ok(answer),
            Err(cause) => Response::error(cause, 500),
        }
    }

    async fn alarm(&self) -> worker::Result<Response> {
        let services = super::services(&self.env, Rc::new(super::system::Inline))?;
        self.keeper.wake(&services, &*self.notes).await?;
        Response::empty()
    }
}

/// The object's storage.
pub(super) struct StoredNotes(pub(super) Storage);

impl Notes for StoredNotes {
    fn get(&self, name: &'static str) -> Pending<'_, Result<Option<String>, String>> {
        Box::pin(async move { self.0.get::<String>(name).await.map_err(|error| error.to_string()) })
    }

    fn put(&self, name: &'static str, text: String) -> Pending<'_, Result<(), String>> {
        Box::pin(async move {
            self.0.put(name, text).await.map_err(|error| error.to_string())?;
            // Not before it is on the disk does anything else happen.
            self.0.sync().await.map_err(|error| error.to_string())
        })
    }

    fn remove(&self, name: &'static str) -> Pending<'_, Result<(), String>> {
        Box::pin(async move { self.0.delete(name).await.map(|_| ()).map_err(|error| error.to_string()) })
    }

    fn wake(&self, at: Option<Timestamp>) -> Pending<'_, Result<(), String>> {
        Box::pin(async move {
            let done = match at {
                Some(at) => {
                    let date = js_sys::Date::new_0();
                    #[expect(clippy::cast_precision_loss, reason = "times stay far below 2^53")]
                    date.set_time(at.millis() as f64);
                    self.0.set_alarm(ScheduledTime::new(date)).await
                }
                None => self.0.delete_alarm().await,
            };
            done.map_err(|error| error.to_string())
        })
    }
}

/// The way to the objects.
pub(super) struct Objects(Env);

impl Objects {
    pub(super) fn new(env: Env) -> Self {
        Self(env)
    }

    async fn send(&self, name: &str, message: String) -> worker::Result<(u16, String)> {
        let stub = self.0.durable_object(BINDING)?.get_by_name(name)?;
        let mut init = RequestInit::new();
        init.with_method(Method::Post).with_body(Some(message.into()));
        let request = Request::new_with_init("https://keeper/", &init)?;
        let mut answer = stub.fetch_with_request(request).await?;
        Ok((answer.status_code(), answer.text().await?))
    }
}

impl Keepers for Objects {
    fn ask(&self, name: &str, message: String) -> Pending<'_, Result<String, String>> {
        let name = name.to_owned();
        Box::pin(async move {
            match self.send(&name, message).await {
                Ok((200, answer)) => Ok(answer),
                Ok((_, cause)) => Err(cause),
                Err(error) => Err(error.to_string()),
            }
        })
    }
}
