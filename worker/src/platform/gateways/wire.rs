//! `hub.js`: the `WebSockets` of a hub and the bodies that pass through, on the runtime's side.

use drawbridge_contract::link::passing::Seen;
use drawbridge_contract::link::{Cancelled, SUBPROTOCOL};
use drawbridge_domain::id::{GatewayId, Id, ReplicaId};
use drawbridge_domain::time::Timestamp;
use js_sys::Promise;
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use worker::wasm_bindgen_futures::future_to_promise;
use worker::web_sys::{Request, Response};

use super::hub::Core;
use crate::features::gateways::link::hub::{AskedCall, BROKEN, Wires};
use crate::json;
use crate::ports::{Clock, GatewayFailure};

#[wasm_bindgen(module = "/src/platform/gateways/hub.js")]
extern "C" {
    #[wasm_bindgen(js_name = callHub)]
    pub(super) fn call_hub(objects: &JsValue, name: &str, text: &str, body: &JsValue, mode: &str) -> Promise;
    #[wasm_bindgen(js_name = askHub)]
    pub(super) fn ask_hub(objects: &JsValue, name: &str, order: &str) -> Promise;
    #[wasm_bindgen(js_name = dialHub)]
    pub(super) fn dial_hub(objects: &JsValue, name: &str, dialled: &str) -> Promise;
    pub(super) fn told(request: &Request) -> String;

    /// The `WebSockets` of a hub.
    #[derive(Clone)]
    pub(super) type Pump;
    #[wasm_bindgen(constructor)]
    pub(super) fn new(state: &JsValue) -> Pump;
    #[wasm_bindgen(method, catch)]
    pub(super) fn serve(this: &Pump, hub: HubEnd, ping: &str, pong: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch)]
    fn dial(this: &Pump, gateway: &str, origin: &str, protocol: &str) -> Result<Response, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(super) fn message(this: &Pump, socket: &JsValue, message: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(super) fn closed(this: &Pump, socket: &JsValue, code: u16) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method)]
    pub(super) fn rings(this: &Pump) -> JsValue;
    #[wasm_bindgen(method, catch)]
    pub(super) fn call(this: &Pump, request: &Request) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, js_name = sendFrame)]
    fn send_frame(this: &Pump, link: u32, bytes: &[u8]);
    #[wasm_bindgen(method)]
    fn close(this: &Pump, link: u32, code: u16);
    #[wasm_bindgen(method)]
    fn note(this: &Pump, link: u32, text: &str);
    #[wasm_bindgen(method)]
    fn belongs(this: &Pump, link: u32, replica: &str);
    #[wasm_bindgen(method)]
    fn heartbeat(this: &Pump, link: u32) -> Option<f64>;
    #[wasm_bindgen(method, js_name = wakeAt)]
    fn wake_at(this: &Pump, at: f64);
    #[wasm_bindgen(method)]
    fn goes(this: &Pump, exchange: u32, link: u32, call: u32);
    #[wasm_bindgen(method)]
    fn credit(this: &Pump, exchange: u32);
    #[wasm_bindgen(method)]
    fn failed(this: &Pump, exchange: u32, failure: &str);
}

impl Pump {
    pub(super) fn dialled(&self, gateway: &GatewayId, origin: &str) -> Result<JsValue, JsValue> {
        self.dial(gateway.as_str(), origin, SUBPROTOCOL).map(Into::into)
    }
}

/// What the hub needs of the runtime.
pub(super) struct PumpWires(pub(super) Pump);

impl Wires for PumpWires {
    fn send(&self, link: u32, frame: &[u8]) {
        self.0.send_frame(link, frame);
    }

    fn close(&self, link: u32, code: u16) {
        self.0.close(link, code);
    }

    fn note(&self, link: u32, text: &str) {
        self.0.note(link, text);
    }

    fn belongs(&self, link: u32, replica: &ReplicaId) {
        self.0.belongs(link, replica.as_str());
    }

    fn heartbeat(&self, link: u32) -> Option<Timestamp> {
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, far below 2^53")]
        self.0.heartbeat(link).map(|millis| Timestamp::from_millis(millis as i64))
    }

    fn wake(&self, at: Timestamp) {
        #[expect(clippy::cast_precision_loss, reason = "times stay far below 2^53")]
        self.0.wake_at(at.millis() as f64);
    }

    fn goes(&self, exchange: u32, link: u32, call: u32) {
        self.0.goes(exchange, link, call);
    }

    fn credit(&self, exchange: u32) {
        self.0.credit(exchange);
    }

    fn failed(&self, exchange: u32, failure: &GatewayFailure) {
        self.0.failed(exchange, &serde_json::to_string(failure).unwrap_or_default());
    }
}

/// The hub, as the runtime's side calls it.
#[wasm_bindgen]
pub struct HubEnd(pub(super) Rc<Core>);

#[wasm_bindgen]
impl HubEnd {
    pub fn restore(&self, link: u32, text: &str) {
        self.0.hub.restore(link, text);
    }

    pub fn open(&self, link: u32, gateway: &str, origin: String) {
        if let Ok(gateway) = GatewayId::parse(gateway) {
            self.0.hub.open(link, gateway, origin, self.0.clock.now());
        }
    }

    pub fn hear(&self, link: u32, message: Vec<u8>) -> Promise {
        let core = Rc::clone(&self.0);
        future_to_promise(async move {
            core.hub.hear(core.services()?, link, &message).await;
            Ok(JsValue::UNDEFINED)
        })
    }

    pub fn broken(&self, link: u32, word: String) -> Promise {
        let core = Rc::clone(&self.0);
        future_to_promise(async move {
            core.hub.broken(core.services()?, link, &word).await;
            Ok(JsValue::UNDEFINED)
        })
    }

    pub fn gone(&self, link: u32) -> Promise {
        let core = Rc::clone(&self.0);
        future_to_promise(async move {
            core.hub.gone(core.services()?, link).await;
            Ok(JsValue::UNDEFINED)
        })
    }

    pub fn wake(&self) -> Promise {
        let core = Rc::clone(&self.0);
        future_to_promise(async move {
            core.hub.wake(core.services()?).await;
            Ok(JsValue::UNDEFINED)
        })
    }

    pub fn pass(&self, link: u32, version: u8, kind: u8, call: u32, word: u32, length: u32) -> Option<u32> {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        self.0.hub.pass(link, Seen { version, kind, call, word, length }, self.0.clock.now())
    }

    /// The number of a call, or why there is none, as JSON.
    pub fn ask(&self, text: &str, again: bool) -> Result<u32, JsValue> {
        let failed =
            |failure: &GatewayFailure| JsValue::from(serde_json::to_string(failure).unwrap_or_default());
        let asked = asked(text, again)
            .ok_or_else(|| failed(&GatewayFailure::Broke("a call that cannot be read".to_owned())))?;
        self.0.hub.ask(asked, self.0.clock.now()).map_err(|failure| failed(&failure))
    }

    pub fn take(&self, exchange: u32, wanted: u32) -> Option<u32> {
        let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
        self.0.hub.take(exchange, wanted).map(|taken| u32::try_from(taken).unwrap_or(BROKEN))
    }

    pub fn passed(&self, exchange: u32, bytes: u32) {
        self.0.hub.passed(exchange, usize::try_from(bytes).unwrap_or(usize::MAX));
    }

    pub fn whole(&self, exchange: u32) {
        self.0.hub.whole(exchange);
    }

    pub fn cancel(&self, exchange: u32, why: u8) {
        self.0.hub.cancel(exchange, Cancelled::from_byte(why).unwrap_or(Cancelled::CallerGone));
    }

    pub fn look(&self) {
        self.0.hub.look_at_the_clock(self.0.clock.now());
    }
}

/// A call as [`super::call_text`] writes it.
fn asked(text: &str, again: bool) -> Option<AskedCall> {
    let (way, rest) = text.split_once('|')?;
    let (boxes, head) = rest.split_once('|')?;
    let mut way = way.split(' ');
    let kind = drawbridge_contract::link::messages::CallKind::from_code(way.next()?)?;
    let deadline = way.next()?.parse().ok()?;
    let safe = way.next()? == "safe";
    let boxes = if boxes.is_empty() { BTreeMap::default() } else { json::read(boxes).ok()? };
    Some(AskedCall { head: head.to_owned(), kind, deadline, safe, again, boxes })
}
