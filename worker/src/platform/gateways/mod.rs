//! The hubs of gateways: one Durable Object each, with the links of its agents.

mod hub;
mod wire;

pub use hub::GatewayHub;

use drawbridge_domain::id::{GatewayId, Id, ReplicaId};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use worker::wasm_bindgen_futures::JsFuture;
use worker::{Env, web_sys};

use super::stream;
use crate::encoding::ascii;
use crate::json;
use crate::ports::{
    Asked, Dialled, GatewayAnswer, GatewayCall, GatewayFailure, GatewayOrder, GatewayState, Gateways,
    OutwardBody, Pending, Stream,
};

/// The binding of wrangler.toml.
const BINDING: &str = "GATEWAY_HUB";

/// The way to the objects.
pub(super) struct Objects(Env);

impl Objects {
    pub(super) fn new(env: Env) -> Self {
        Self(env)
    }

    fn objects(&self) -> Result<JsValue, JsValue> {
        js_sys::Reflect::get(&self.0, &BINDING.into())
    }

    async fn order(&self, gateway: &GatewayId, order: &GatewayOrder) -> Result<GatewayState, JsValue> {
        let order = serde_json::to_string(order).map_err(|error| error.to_string())?;
        let answer = JsFuture::from(wire::ask_hub(&self.objects()?, gateway.as_str(), &order)).await?;
        let text = answer.as_string().ok_or("no text")?;
        json::read(&text).map_err(|fault| fault.to_string().into())
    }

    async fn send(&self, gateway: &GatewayId, call: GatewayCall) -> Result<Asked, JsValue> {
        let text = call_text(&call)?;
        let (mode, body) = match call.body {
            OutwardBody::None => ("none", JsValue::NULL),
            OutwardBody::Whole(bytes) => ("whole", Uint8Array::from(bytes.as_slice()).into()),
            OutwardBody::Stream(body) => {
                let body = stream::to_body(body).map_err(|error| error.to_string())?;
                body.map_or(("none", JsValue::NULL), |body| ("stream", body))
            }
        };
        let told =
            JsFuture::from(wire::call_hub(&self.objects()?, gateway.as_str(), &text, &body, mode)).await?;
        let told: Array = told.dyn_into()?;
        let word = |at| told.get(at).as_string().unwrap_or_default();
        let failure = word(0);
        if !failure.is_empty() {
            return Ok(Err(json::read(&failure).unwrap_or(GatewayFailure::Broke(failure))));
        }
        let body = told.get(3).dyn_into::<web_sys::ReadableStream>().ok();
        let body = body.map_or_else(Stream::empty, stream::of);
        let Ok(head) = json::read(&word(1)) else {
            return Ok(Err(GatewayFailure::Broke("the head of the answer cannot be read".to_owned())));
        };
        let replica = ReplicaId::parse(&word(2)).map_err(|_| "no replica")?;
        Ok(Ok(GatewayAnswer { head, body, replica }))
    }
}

/// A call as one text: what the hub must know of it, the boxes, what the agent is told.
fn call_text(call: &GatewayCall) -> Result<String, JsValue> {
    let failed = |error: serde_json::Error| JsValue::from(error.to_string());
    let head = ascii(serde_json::to_string(&call.head).map_err(failed)?);
    let boxes = if call.boxes.is_empty() {
        String::new()
    } else {
        serde_json::to_string(&call.boxes).map_err(failed)?
    };
    let safe = if call.safe { "safe" } else { "once" };
    Ok(format!("{} {} {safe}|{boxes}|{head}", call.head.kind.code(), call.head.deadline))
}

impl Gateways for Objects {
    fn ask(&self, gateway: &GatewayId, order: GatewayOrder) -> Pending<'_, Result<GatewayState, String>> {
        let gateway = gateway.clone();
        Box::pin(async move { self.order(&gateway, &order).await.map_err(|error| format!("{error:?}")) })
    }

    fn call(&self, gateway: &GatewayId, call: GatewayCall) -> Pending<'_, Asked> {
        let gateway = gateway.clone();
        Box::pin(async move {
            let sent = self.send(&gateway, call).await;
            sent.unwrap_or_else(|error| Err(GatewayFailure::Broke(format!("{error:?}"))))
        })
    }
}

/// Opens a link; what the hub answers otherwise is an error.
pub(super) async fn open(env: &Env, dialled: &Dialled) -> Result<web_sys::Response, JsValue> {
    let objects = js_sys::Reflect::get(env, &BINDING.into())?;
    let text = ascii(serde_json::to_string(dialled).map_err(|error| error.to_string())?);
    let answer = JsFuture::from(wire::dial_hub(&objects, dialled.gateway.as_str(), &text)).await?;
    let answer: web_sys::Response = answer.dyn_into()?;
    if answer.status() == 101 {
        Ok(answer)
    } else {
        Err(format!("the hub answered {}", answer.status()).into())
    }
}
