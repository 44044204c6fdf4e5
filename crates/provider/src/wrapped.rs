//! An error answer as services wrap it: under `error`, `detail` or nothing at all, as a string, an object or a list, as
//! JSON inside a string inside JSON. Everything that is said is gathered, from the outside in.

use serde_json::Value;

/// Deeper than any service wraps.
const DEEPEST: usize = 10;
/// More texts than any answer has that is worth reading.
const MOST_TEXTS: usize = 32;
/// How many braces are tried as the beginning of JSON inside a text.
const BRACES: usize = 4;

/// What an error answer says, whatever it is wrapped in.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Wrapped {
    /// Every sentence, the outermost first.
    pub(crate) texts: Vec<String>,
    /// Fields that are named as such (`param`, `field`).
    pub(crate) params: Vec<String>,
    /// Ways to fields (pydantic's `loc`), without the leading `body`.
    pub(crate) places: Vec<Vec<String>>,
    /// Types and codes.
    pub(crate) kinds: Vec<String>,
    /// Who stands behind a gateway.
    pub(crate) by: Option<String>,
}

impl Wrapped {
    /// Gathers what a body or an event says.
    pub(crate) fn read(body: &Value) -> Wrapped {
        let mut wrapped = Wrapped::default();
        wrapped.walk(body, 0);
        wrapped
    }

    /// One line of all that is said, for the log.
    pub(crate) fn message(&self) -> String {
        let by = self.by.iter().map(String::as_str);
        let texts = self.texts.iter().map(|text| trimmed(text));
        let mut parts: Vec<&str> = by.chain(texts).filter(|part| !part.is_empty()).collect();
        parts.dedup();
        parts.join(": ")
    }

    fn walk(&mut self, value: &Value, depth: usize) {
        if depth > DEEPEST || self.texts.len() > MOST_TEXTS {
            return;
        }
        match value {
            Value::String(text) => self.text(text, depth),
            Value::Array(values) => values.iter().for_each(|value| self.walk(value, depth + 1)),
            Value::Object(_) if value["loc"].is_array() => self.misplaced(value),
            Value::Object(map) => {
                // What a service quotes of the request (`input`) and of itself (`callstack`) is no reason.
                for (key, value) in map {
                    match key.to_ascii_lowercase().as_str() {
                        "errors" if value.is_object() => self.by_field(value, depth + 1),
                        "error" | "errors" | "message" | "msg" | "detail" | "details"
                        | "description" | "metadata" | "raw" | "previous_errors"
                        | "fieldviolations" | "error_msg" | "error_message" | "errmsg"
                        | "err_msg" | "error_description" | "status_msg" | "base_resp"
                        | "issues" | "title" => self.walk(value, depth + 1),
                        "param" | "field" => self.params.extend(text_of(value)),
                        "keys" => self.params.extend(texts_of(value)),
                        "path" => self.lead(texts_of(value)),
                        "type" | "code" | "status" | "error_type" | "error_code" | "reason"
                        | "status_code" => {
                            self.kinds
                                .extend(text_of(value).or_else(|| number_of(value)));
                        }
                        "provider_name" => self.by = text_of(value),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    /// ASP.NET's and Rails' way to say which field it is: `{"errors": {"stop": ["…"]}}`. Others put a list or an error there
    /// under the same name.
    fn by_field(&mut self, errors: &Value, depth: usize) {
        for (field, said) in errors.as_object().into_iter().flatten() {
            let listed = said
                .as_array()
                .is_some_and(|said| said.iter().all(Value::is_string));
            if listed {
                self.lead(vec![field.trim_start_matches("$.").to_owned()]);
                self.walk(said, depth);
            }
        }
        if errors.get("message").is_some() {
            self.walk(errors, depth);
        }
    }

    /// The way to a field.
    fn lead(&mut self, place: Vec<String>) {
        if !place.is_empty() {
            self.places.push(place);
        }
    }

    /// FastAPI's way to say which field it is: `{"loc": ["body", "stop"], "msg": "…"}`.
    fn misplaced(&mut self, value: &Value) {
        let place = texts_of(&value["loc"]).into_iter();
        let place: Vec<String> = place.skip_while(|step| step == "body").collect();
        let msg = value["msg"].as_str().unwrap_or_default();
        self.say(&format!("{}: {msg}", place.join(".")));
        self.lead(place);
        self.kinds.extend(text_of(&value["type"]));
    }

    /// A sentence, and the JSON that may stand in it: gateways quote the answer that they got.
    fn text(&mut self, text: &str, depth: usize) {
        let braces = text.match_indices(['{', '[']).take(BRACES);
        for (at, _) in braces {
            let mut values = serde_json::Deserializer::from_str(&text[at..]).into_iter::<Value>();
            let Some(Ok(inner @ (Value::Object(_) | Value::Array(_)))) = values.next() else {
                continue;
            };
            let inside = {
                let mut inside = Wrapped::default();
                inside.walk(&inner, depth + 1);
                inside
            };
            if !inside.texts.is_empty() {
                self.say(&text[..at]);
                self.join(inside);
                return;
            }
        }
        self.say(text);
    }

    fn say(&mut self, text: &str) {
        if !trimmed(text).is_empty() && !self.texts.iter().any(|said| said == text) {
            self.texts.push(text.to_owned());
        }
    }

    fn join(&mut self, inside: Wrapped) {
        inside.texts.iter().for_each(|text| self.say(text));
        self.params.extend(inside.params);
        self.places.extend(inside.places);
        self.kinds.extend(inside.kinds);
        self.by = inside.by.or(self.by.take());
    }
}

fn text_of(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn number_of(value: &Value) -> Option<String> {
    value.is_number().then(|| value.to_string())
}

/// The steps of a way: names, and places in lists.
fn texts_of(value: &Value) -> Vec<String> {
    let steps = value.as_array().into_iter().flatten();
    steps
        .map(|step| text_of(step).unwrap_or_else(|| step.to_string()))
        .collect()
}

/// Without what joins a text to the JSON behind it.
fn trimmed(text: &str) -> &str {
    text.trim()
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-'))
        .trim_end_matches(" - b'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SAID: &str = "Unsupported parameter: 'stop' is not supported with this model.";

    #[test]
    fn the_same_words_are_found_in_every_wrapping() {
        let inner =
            json!({"error": {"message": SAID, "type": "invalid_request_error", "param": "stop"}});
        let tail = format!("{inner}（traceid: 1） (request id: 2)");
        for body in [
            inner.clone(),
            json!([inner]),
            json!({"message": SAID, "type": "invalid_request_error", "param": "stop"}),
            json!({"code": "Client specified an invalid argument", "error": SAID}),
            json!({"detail": SAID}),
            json!({"detail": {"msg": SAID}}),
            json!({"error": {"message": "Provider returned error", "metadata": {"raw": inner.to_string()}}}),
            json!({"error": {"message": "Provider returned error", "metadata": {"raw": inner}}}),
            json!({"error": {"message": "Provider returned error", "metadata": {"raw": SAID}}}),
            json!({"error": {"message": "Provider returned error",
                             "metadata": {"previous_errors": [{"code": 400, "raw": inner.to_string()}]}}}),
            json!({"error": {"message": format!("litellm.BadRequestError: OpenAIException - {inner}. Received Model Group=m"), "code": "400"}}),
            json!({"error": {"type": "<nil>", "message": tail}, "type": "error"}),
            json!({"object": "error", "message": inner}),
            json!({"object": "error", "message": {"detail": [{"msg": SAID}]}}),
            json!({"error_code": 336_006, "error_msg": SAID}),
            json!({"base_resp": {"status_code": 2013, "status_msg": SAID}}),
            json!({"Message": SAID}),
            json!({"title": "One or more validation errors occurred.", "errors": {"stop": [SAID]}}),
            json!({"success": false, "error": {"name": "ZodError", "issues": [{"code": "unrecognized_keys", "keys": ["stop"], "path": [], "message": SAID}]}}),
        ] {
            let wrapped = Wrapped::read(&body);
            assert!(
                wrapped.texts.iter().any(|text| text == SAID),
                "{body}: {wrapped:?}"
            );
        }
    }

    #[test]
    fn a_place_leads_to_its_field() {
        let body = json!({"object": "error", "message": {"detail": [
            {"type": "extra_forbidden", "loc": ["body", "messages", 0, "user", "name"], "msg": "Extra inputs are not permitted", "input": "stop"}]}});
        let wrapped = Wrapped::read(&body);
        assert_eq!(wrapped.places, [["messages", "0", "user", "name"]]);
        assert_eq!(
            wrapped.texts,
            ["messages.0.user.name: Extra inputs are not permitted"]
        );
    }

    #[test]
    fn who_stands_behind_a_gateway_is_told_and_what_it_quotes_of_the_request_is_not() {
        let body = json!({"error": {"message": "Provider returned error", "code": 400,
            "callstack": "File \"/usr/local/bin/gunicorn\"", "failed_generation": "secret words",
            "metadata": {"raw": "slow down", "provider_name": "Fireworks"}}, "user_id": "u"});
        assert_eq!(
            Wrapped::read(&body).message(),
            "Fireworks: Provider returned error: slow down"
        );
    }
}
