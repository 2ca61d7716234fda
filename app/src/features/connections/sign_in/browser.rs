//! The pop-up window, the message from the page that ends a sign-in, and waiting.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use drawbridge_domain::connection::Reason;
use js_sys::{Array, Function, Promise, Reflect};
use leptos::prelude::{set_timeout, window};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Window;

/// The channel on which the page at the end of a sign-in says how it went.
const CHANNEL: &str = "drawbridge-connections";
const WIDTH: f64 = 560.0;
const HEIGHT: f64 = 720.0;

/// Opens the window for a sign-in. Only while a click is handled does a browser allow it; `None` where it does not.
pub(super) fn open(words: &str) -> Option<Window> {
    let own = window();
    let number = |name| Reflect::get(&own, &JsValue::from_str(name)).ok().and_then(|value| value.as_f64());
    let centre = |start, length, size| {
        let start = number(start).unwrap_or_default();
        (start + (number(length).unwrap_or(size) - size) / 2.0).max(0.0).round()
    };
    let place = format!(
        "popup,width={WIDTH},height={HEIGHT},left={},top={}",
        centre("screenX", "outerWidth", WIDTH),
        centre("screenY", "outerHeight", HEIGHT)
    );
    let opened = own.open_with_url_and_target_and_features("about:blank", "_blank", &place).ok().flatten()?;
    let page = get(&opened, "document");
    let text = JsValue::from_str(words);
    Reflect::set(&page, &JsValue::from_str("title"), &text).ok();
    Reflect::set(&get(&page, "body"), &JsValue::from_str("textContent"), &text).ok();
    Some(opened)
}

/// Brings a window that is still open to the front; whether it is still open, as far as one can know.
pub(super) fn come_forward(opened: &Window) -> bool {
    let open = !opened.closed().unwrap_or(true);
    if open {
        opened.focus().ok();
    }
    open
}

/// Sends a window to an address.
pub(super) fn send(to: &Window, address: &str) {
    // A window that the person closed meanwhile goes nowhere; the panel offers to open it again.
    to.location().set_href(address).ok();
}

/// How the page at the end of a sign-in says that it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    /// The connection works.
    pub(super) ok: bool,
    /// Why it does not, where the page says so.
    pub(super) reason: Option<Reason>,
}

/// What the page at the end of a sign-in says, and waiting for it.
#[derive(Clone)]
pub(super) struct Messages {
    heard: Rc<Cell<Option<Told>>>,
    wake: Rc<RefCell<Option<Function>>>,
    channel: JsValue,
    // Keeps the listener alive.
    _listener: Rc<Closure<dyn FnMut(JsValue)>>,
}

impl Messages {
    /// Listens for what the page at the end of the sign-in for `connection` says.
    pub(super) fn listen(connection: String) -> Self {
        let heard = Rc::new(Cell::new(None));
        let wake = Rc::new(RefCell::new(None::<Function>));
        let listener = {
            let (heard, wake) = (heard.clone(), wake.clone());
            Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
                let data = get(&event, "data");
                if get(&data, "connection").as_string().as_deref() == Some(&connection) {
                    let reason = get(&data, "reason").as_string();
                    let reason = reason.and_then(|code| Reason::from_code(&code));
                    heard.set(Some(Told { ok: get(&data, "ok").is_truthy(), reason }));
                    if let Some(wake) = wake.borrow_mut().take() {
                        wake.call0(&JsValue::UNDEFINED).ok();
                    }
                }
            })
        };
        // Without the channel there is still the asking at intervals.
        let channel = get(&window(), "BroadcastChannel")
            .dyn_ref::<Function>()
            .and_then(|class| Reflect::construct(class, &Array::of1(&JsValue::from_str(CHANNEL))).ok())
            .unwrap_or(JsValue::UNDEFINED);
        Reflect::set(&channel, &JsValue::from_str("onmessage"), listener.as_ref()).ok();
        Self { heard, wake, channel, _listener: Rc::new(listener) }
    }

    /// Waits that long, or until there is a message; takes the message.
    pub(super) async fn next(&self, wait: Duration) -> Option<Told> {
        if self.heard.get().is_none() {
            let pause = Promise::new(&mut |resolve, _| {
                *self.wake.borrow_mut() = Some(resolve.clone());
                set_timeout(
                    move || {
                        resolve.call0(&JsValue::UNDEFINED).ok();
                    },
                    wait,
                );
            });
            JsFuture::from(pause).await.ok();
        }
        self.heard.take()
    }

    /// Ends a wait at once.
    pub(super) fn stop(&self) {
        if let Some(wake) = self.wake.borrow_mut().take() {
            wake.call0(&JsValue::UNDEFINED).ok();
        }
        if let Some(close) = get(&self.channel, "close").dyn_ref::<Function>() {
            close.call0(&self.channel).ok();
        }
    }
}

fn get(from: &JsValue, name: &str) -> JsValue {
    Reflect::get(from, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}
