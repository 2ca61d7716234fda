//! `glue.js`: what crosses the border to the runtime in one go.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use worker::web_sys::{Request, Response};

#[wasm_bindgen(module = "/src/platform/glue.js")]
extern "C" {
    #[wasm_bindgen(js_name = requestLines)]
    pub(super) fn request_lines(request: &Request) -> String;

    #[wasm_bindgen(js_name = answerOf, catch)]
    pub(super) fn answer_of(status: u16, lines: &str, body: &[u8]) -> Result<Response, JsValue>;

    #[wasm_bindgen(js_name = streamedAnswerOf, catch)]
    pub(super) fn streamed_answer_of(status: u16, lines: &str, stream: &JsValue)
    -> Result<Response, JsValue>;

    #[wasm_bindgen(js_name = carryOut)]
    pub(super) fn carry_out(database: &JsValue, statements: &str) -> Promise;

    #[wasm_bindgen(js_name = wordsOf)]
    pub(super) fn words_of(error: &JsValue) -> String;

    #[wasm_bindgen(js_name = askObject)]
    pub(super) fn ask_object(objects: &JsValue, name: &str, question: &str) -> Promise;

    #[wasm_bindgen(js_name = questionOf)]
    pub(super) fn question_of(request: &Request) -> String;

    #[wasm_bindgen(js_name = answerToQuestion)]
    pub(super) fn answer_to_question(answer: &str) -> Response;

    pub(super) fn sign(algorithm: &JsValue, key: &JsValue, message: &[u8]) -> Promise;
}
