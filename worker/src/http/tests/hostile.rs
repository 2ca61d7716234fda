//! Random requests into every endpoint: none is a fault of ours.

use drawbridge_contract::endpoints::TABLE;
use http::Method;
use serde_json::{Map, Value as Json, json};

use super::world::{Whose, World};
use crate::ports::Random;
use crate::testing::SeededRandom;

struct Dice(SeededRandom);

impl Dice {
    fn below(&self, most: usize) -> usize {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes).unwrap();
        u32::from_le_bytes(bytes) as usize % most
    }

    fn pick<'a>(&self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    fn text(&self) -> String {
        let parts = [
            "",
            "a",
            "x".repeat(self.below(3000)).leak() as &str,
            "\u{0}",
            "\n",
            "\u{202e}",
            "😀",
            "é",
            "'",
            "\"",
            "--",
            ";",
            "<script>",
            "../",
            "%00",
            "{",
            "}",
            "{baseUrl}",
            "\u{feff}",
            "ada@example.com",
            "box",
            "sandbox-crm",
            "http",
            "oauth",
            "api-key",
            "https://169.254.169.254/",
            "http://localhost:9555",
            "con_00000000010000000000000000",
            "oac_00000000010000000000000000",
            "٣",
            "\u{10ffff}",
            "NULL",
            "?1",
            "1e999",
            "popUp",
        ];
        (0..self.below(4)).map(|_| self.pick(&parts)).collect()
    }

    fn value(&self, depth: usize) -> Json {
        match self.below(if depth == 0 { 6 } else { 8 }) {
            0 => Json::Null,
            1 => json!(self.below(2) == 0),
            2 => json!(self.below(1000)),
            3 => serde_json::from_str(self.pick(&[
                "-1",
                "1e308",
                "-0.0",
                "9007199254740993",
                "18446744073709551615",
            ]))
            .unwrap(),
            4 | 5 => json!(self.text()),
            6 => (0..self.below(4)).map(|_| self.value(depth - 1)).collect(),
            _ => {
                let fields = (0..self.below(4)).map(|_| (self.text(), self.value(depth - 1)));
                Json::Object(fields.collect::<Map<String, Json>>())
            }
        }
    }

    /// A body that is almost right.
    fn spoilt(&self, mut body: Json) -> Json {
        if self.below(8) == 0 {
            return self.value(4);
        }
        let Some(fields) = body.as_object_mut() else { return self.value(3) };
        for _ in 0..self.below(3) {
            let names: Vec<String> = fields.keys().cloned().collect();
            match self.below(4) {
                0 if !names.is_empty() => {
                    fields.remove(&names[self.below(names.len())]);
                }
                1 => {
                    fields.insert(self.text(), self.value(2));
                }
                _ if !names.is_empty() => {
                    fields.insert(names[self.below(names.len())].clone(), self.value(3));
                }
                _ => {}
            }
        }
        body
    }
}

#[test]
fn no_request_is_a_fault_of_ours() {
    let world = World::new();
    let dice = Dice(SeededRandom::default());
    let mut statuses = std::collections::BTreeMap::<u16, usize>::new();
    for info in TABLE {
        // An argon2 hash a time is slow; these are few fields.
        // A tenant has room for so many connections, and each round makes one.
        let rounds = match info.name {
            "SignInWithPassword" | "ChangeOwnPassword" => 60,
            "RunOperation" | "PassThrough" => 110,
            _ => 180,
        };
        for round in 0..rounds {
            let browser = world.browser(world.administrator());
            let whose = if dice.below(4) == 0 { Whose::Unknown } else { Whose::Own };
            let mut target =
                world.target(info, whose, world.administrator()).unwrap_or_else(|| info.path.to_owned());
            if dice.below(3) == 0 {
                let name = dice.pick(&[
                    "cursor",
                    "pageSize",
                    "connector",
                    "search",
                    "sort",
                    "status",
                    "owner",
                    "x",
                    "",
                ]);
                let mut text = String::new();
                drawbridge_contract::endpoint::encode(&dice.text(), &mut text);
                target = format!("{target}?{name}={text}");
            }
            if dice.below(10) == 0 {
                target.truncate(target.len() - dice.below(5));
                target.push_str(dice.pick(&["%00", "%ff", "%", "/", "%2e%2e", "é", "?", "#x"]));
            }
            if info.if_match || dice.below(6) == 0 {
                browser.with(
                    "if-match",
                    dice.pick(&["\"v1\"", "\"v2\"", "*", "\"v-9223372036854775809\"", "x"]),
                );
            }
            if dice.below(4) == 0 {
                browser.with("idempotency-key", dice.pick(&["a", "b", "c", "\t", "é"]));
            }
            let body = dice.spoilt(world.body(info.name)).to_string().into_bytes();
            let methods = [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::TRACE];
            let method = match info.method {
                drawbridge_contract::endpoint::Method::Any => methods[dice.below(methods.len())].clone(),
                method => Method::from_bytes(method.as_str().as_bytes()).unwrap(),
            };
            let answer = browser.send(method, &target, Some(body.clone()));
            *statuses.entry(answer.status).or_default() += 1;
            // The world outside is not there, which is no fault of ours.
            let fine = answer.status < 500 || answer.json()["code"] == "provider_unavailable";
            assert!(
                fine,
                "{} {round} {target} {}: {} {}",
                info.name,
                String::from_utf8_lossy(&body),
                answer.status,
                world.harness.log.0.borrow().last().unwrap()
            );
        }
    }
    // The requests reach deep enough to be of use.
    assert!(
        statuses[&200] > 100 && statuses[&201] > 30 && statuses[&422] > 500 && statuses[&404] > 100,
        "{statuses:?}"
    );
}
