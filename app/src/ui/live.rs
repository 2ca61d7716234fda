//! Parts that follow what they read, made so that the module stays small.
//!
//! Every closure is a type of its own, and Leptos compiles all of its machinery anew for each type that it is
//! given: about two kilobytes for a closure that stands in a view. These functions put the closure in a box first,
//! so that the machinery is there once.

use leptos::prelude::*;

/// A part of a view that is drawn anew whenever what it reads changes.
pub fn live<V: IntoAny + 'static>(draw: impl Fn() -> V + Send + Sync + 'static) -> AnyView {
    boxed_view(Box::new(move || draw().into_any()))
}

fn boxed_view(draw: Box<dyn Fn() -> AnyView + Send + Sync>) -> AnyView {
    (move || draw()).into_any()
}

/// A value that is worked out anew whenever what it reads changes, and that others follow only when it differs.
pub fn memo<T: PartialEq + Send + Sync + 'static>(read: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    boxed_memo(Box::new(read))
}

fn boxed_memo<T: PartialEq + Send + Sync + 'static>(read: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T> {
    Memo::new(move |_| read())
}

/// Does something now and whenever what it reads changes.
pub fn watch(act: impl FnMut() + 'static) {
    boxed_effect(Box::new(act));
}

fn boxed_effect(mut act: Box<dyn FnMut()>) {
    Effect::new(move |_| act());
}
