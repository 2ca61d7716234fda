//! Windows that a sign-in opens, played.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

use crate::support::id;

/// A browser that opens windows; they only remember where they were sent.
pub(super) struct Windows {
    pub(super) opened: Rc<Cell<u32>>,
    last: js_sys::Object,
    before: wasm_bindgen::JsValue,
    _open: Closure<dyn FnMut() -> wasm_bindgen::JsValue>,
}

impl Windows {
    pub(super) fn new() -> Self {
        let opened = Rc::new(Cell::new(0));
        let last: js_sys::Object = js_sys::JSON::parse(
            r#"{ "closed": false, "location": { "href": "" }, "document": { "body": {} } }"#,
        )
        .unwrap()
        .unchecked_into();
        for method in ["close", "focus"] {
            set(&last, method, &js_sys::Function::new_no_args(""));
        }
        let (count, window) = (opened.clone(), last.clone());
        let open = Closure::<dyn FnMut() -> wasm_bindgen::JsValue>::new(move || {
            count.set(count.get() + 1);
            window.clone().into()
        });
        let own = leptos::prelude::window();
        let before = js_sys::Reflect::get(&own, &"open".into()).unwrap();
        set(&own, "open", open.as_ref());
        Self { opened, last, before, _open: open }
    }

    /// Where the window was sent.
    pub(super) fn at(&self) -> String {
        let location = js_sys::Reflect::get(&self.last, &"location".into()).unwrap();
        js_sys::Reflect::get(&location, &"href".into()).unwrap().as_string().unwrap()
    }
}

impl Drop for Windows {
    fn drop(&mut self) {
        set(&leptos::prelude::window(), "open", &self.before);
    }
}

fn set(on: &wasm_bindgen::JsValue, name: &str, value: &wasm_bindgen::JsValue) {
    js_sys::Reflect::set(on, &name.into(), value).unwrap();
}

/// Says what the page at the end of a sign-in says.
pub(super) fn tell(ok: bool) {
    let words = format!(
        "const c = new BroadcastChannel('drawbridge-connections'); \
         c.postMessage({{ connection: '{}', ok: {ok} }}); c.close();",
        id("con", 1)
    );
    js_sys::Function::new_no_args(&words).call0(&wasm_bindgen::JsValue::NULL).unwrap();
}
