//! The Durable Object of a gateway. It sleeps between messages; what it knows of its links goes along with them.

#![expect(missing_docs, reason = "the macro makes public functions for the runtime")]

use std::cell::OnceCell;
use std::rc::Rc;

use drawbridge_contract::link::{HEARTBEAT, HEARTBEAT_ANSWER};
use wasm_bindgen::prelude::*;
use worker::wasm_bindgen_futures::future_to_promise;
use worker::worker_sys::DurableObjectState;
use worker::{Env, State, web_sys};

use super::super::keeper::StoredNotes;
use super::super::system::{Inline, SystemClock};
use super::wire::{HubEnd, Pump, PumpWires, told};
use crate::features::gateways::link::hub::Hub;
use crate::json;
use crate::ports::{Dialled, GatewayOrder};
use crate::services::Services;

/// What outlives a request.
pub(super) struct Core {
    pub(super) hub: Hub,
    pub(super) clock: SystemClock,
    env: Env,
    services: OnceCell<Services>,
}

impl Core {
    pub(super) fn services(&self) -> Result<&Services, JsValue> {
        if let Some(services) = self.services.get() {
            return Ok(services);
        }
        let services = super::super::services(&self.env, Rc::new(Inline))?;
        Ok(self.services.get_or_init(|| services))
    }
}

/// The hub of one gateway. It is written out, since the macro for objects makes a promise of every answer and copies every
/// message.
#[wasm_bindgen]
pub struct GatewayHub {
    core: Rc<Core>,
    pump: Pump,
}

#[wasm_bindgen]
impl GatewayHub {
    #[wasm_bindgen(constructor)]
    pub fn new(state: DurableObjectState, env: Env) -> Result<GatewayHub, JsValue> {
        let pump = Pump::new(state.as_ref());
        let notes = Rc::new(StoredNotes(State::from(state).storage()));
        let hub = Hub::new(Rc::new(PumpWires(pump.clone())), notes);
        let core = Rc::new(Core { hub, clock: SystemClock, env, services: OnceCell::new() });
        pump.serve(HubEnd(Rc::clone(&core)), HEARTBEAT, HEARTBEAT_ANSWER)?;
        Ok(Self { core, pump })
    }

    /// Takes a link, an order or a call.
    pub fn fetch(&self, request: web_sys::Request) -> Result<JsValue, JsValue> {
        let told = told(&request);
        if told == "c" {
            return self.pump.call(&request);
        }
        let unread = |fault: json::Fault| JsValue::from(fault.to_string());
        let (kind, text) = told.split_at(1);
        if kind == "d" {
            let dialled: Dialled = json::read(text).map_err(unread)?;
            return self.pump.dialled(&dialled.gateway, &dialled.origin);
        }
        let order: GatewayOrder = json::read(text).map_err(unread)?;
        let core = Rc::clone(&self.core);
        let answer = future_to_promise(async move {
            let state = core.hub.order(core.services()?, order).await;
            let text = serde_json::to_string(&state).map_err(|error| JsValue::from(error.to_string()))?;
            Ok(web_sys::Response::new_with_opt_str(Some(&text))?.into())
        });
        Ok(answer.into())
    }

    #[wasm_bindgen(js_name = webSocketMessage)]
    pub fn web_socket_message(&self, socket: JsValue, message: JsValue) -> Result<JsValue, JsValue> {
        self.pump.message(&socket, &message)
    }

    #[wasm_bindgen(js_name = webSocketClose)]
    pub fn web_socket_close(&self, socket: JsValue, code: u16) -> Result<JsValue, JsValue> {
        self.pump.closed(&socket, code)
    }

    #[wasm_bindgen(js_name = webSocketError)]
    pub fn web_socket_error(&self, socket: JsValue) -> Result<JsValue, JsValue> {
        self.pump.closed(&socket, 1006)
    }

    pub fn alarm(&self) -> JsValue {
        self.pump.rings()
    }
}
