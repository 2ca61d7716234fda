//! The console's frame and its pages, in a browser, with a fake transport.
#![cfg(target_arch = "wasm32")]

#[cfg(test)]
mod pages;
#[cfg(test)]
mod support;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
