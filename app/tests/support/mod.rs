//! What tests of the console share: a fake transport, a mounted console, and finding things as people do, by role
//! and name.

mod fake;
mod find;

use std::time::Duration;

use drawbridge_app::routes::Console;
use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::{Owner, document, set_timeout, window};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

pub(crate) use fake::{Asked, Fake, id, ok, problem, rejected, who};
pub(crate) use find::{all, by_role, gone, has_text, name_of, see};

/// A console in the page; taken away again when it is dropped.
pub(crate) struct Mounted {
    owner: Owner,
    _handle: Box<dyn std::any::Any>,
}

impl Drop for Mounted {
    fn drop(&mut self) {
        // The router's hook keeps its owner for ever, and with it the listeners of clicks.
        self.owner.cleanup();
    }
}

/// Opens the console at an address.
pub(crate) fn open(address: &str) -> Mounted {
    go(address);
    // A test that failed did not tidy up.
    while let Some(left) = document().query_selector(".console-under-test").unwrap() {
        left.remove();
    }
    let root: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    root.set_class_name("console-under-test");
    document().body().unwrap().append_child(&root).unwrap();
    let owner = Owner::new();
    let handle: UnmountHandle<_> = owner.with(|| mount_to(root, Console));
    Mounted { owner, _handle: Box::new(handle) }
}

fn go(address: &str) {
    window().history().unwrap().replace_state_with_url(&JsValue::NULL, "", Some(address)).unwrap();
}

/// The path and query in the address bar.
pub(crate) fn address() -> String {
    let location = window().location();
    location.pathname().unwrap() + &location.search().unwrap()
}

/// Waits until something is so; fails after five seconds.
pub(crate) async fn until(what: &str, mut so: impl FnMut() -> bool) {
    for _ in 0..500 {
        if so() {
            return;
        }
        pause(Duration::from_millis(10)).await;
    }
    let page = document().body().map(|body| body.inner_text()).unwrap_or_default();
    panic!("waited in vain for {what}; the page says:\n{page}");
}

async fn pause(time: Duration) {
    let waiting = js_sys::Promise::new(&mut |done, _| {
        set_timeout(move || drop(done.call0(&JsValue::NULL)), time);
    });
    wasm_bindgen_futures::JsFuture::from(waiting).await.unwrap();
}

/// Types a text into the field with this label, in the place of what is there.
pub(crate) async fn type_into(label: &str, text: &str) {
    let field = see("textbox", label).await;
    // An input or a textarea.
    js_sys::Reflect::set(&field, &"value".into(), &text.into()).unwrap();
    fire(&field, "input");
    fire(&field, "blur");
}

/// What stands in the field with this label.
pub(crate) async fn typed_in(label: &str) -> String {
    see("textbox", label).await.dyn_into::<web_sys::HtmlInputElement>().unwrap().value()
}

/// Presses the button with this name.
pub(crate) async fn press(name: &str) {
    see("button", name).await.click();
}

/// Lets an event happen to an element.
pub(crate) fn fire(target: &web_sys::EventTarget, name: &str) {
    let init = web_sys::EventInit::new();
    init.set_bubbles(true);
    target.dispatch_event(&web_sys::Event::new_with_event_init_dict(name, &init).unwrap()).unwrap();
}
