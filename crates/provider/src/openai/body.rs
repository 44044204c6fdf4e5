//! A chat-completions request, as it goes over the wire.

use serde::Serialize;
use serde_json::Value;

use super::CapField;
use crate::request::{Request, Role};
use crate::schema::Schema;

/// OpenAI and Groq refuse more stop sequences.
const MOST_STOPS: usize = 4;

/// The body. Fields that are not needed are left out: strict services refuse what they do not know.
#[derive(Serialize)]
pub(super) struct Body<'a> {
    model: &'a str,
    messages: Vec<WireMessage>,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stop: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_format: Option<ResponseFormat<'a>>,
}

#[derive(Serialize)]
struct ResponseFormat<'a> {
    r#type: &'static str,
    json_schema: NamedSchema<'a>,
}

#[derive(Serialize)]
struct NamedSchema<'a> {
    name: &'a str,
    strict: bool,
    schema: &'a Value,
}

#[derive(Serialize)]
struct WireMessage {
    role: &'static str,
    content: String,
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}

impl<'a> Body<'a> {
    pub(super) fn new(
        request: &'a Request,
        model: &'a str,
        cap_field: CapField,
        asks_usage: bool,
    ) -> Body<'a> {
        let mut messages = Vec::with_capacity(request.messages.len() + 1);
        // One system message: the templates of many local models know no second one.
        let system = request
            .system
            .iter()
            .map(String::as_str)
            .filter(|section| !section.trim().is_empty());
        let system = system.collect::<Vec<_>>().join("\n\n");
        if !system.is_empty() {
            messages.push(WireMessage {
                role: "system",
                content: system,
            });
        }
        for message in request.alternating() {
            let role = match message.role {
                Role::User => "user",
                Role::Assistant => "assistant",
            };
            messages.push(WireMessage {
                role,
                content: message.text,
            });
        }
        let cap = |field| (cap_field == field).then_some(request.cap);
        Body {
            model,
            messages,
            stream: true,
            stream_options: asks_usage.then_some(StreamOptions {
                include_usage: true,
            }),
            max_tokens: cap(CapField::MaxTokens),
            max_completion_tokens: cap(CapField::MaxCompletionTokens),
            temperature: request.temperature,
            stop: request.stops(MOST_STOPS),
            response_format: request.schema.as_ref().map(response_format),
        }
    }
}

fn response_format(Schema { name, schema }: &Schema) -> ResponseFormat<'_> {
    ResponseFormat {
        r#type: "json_schema",
        json_schema: NamedSchema {
            name,
            strict: true,
            schema,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Message;

    fn written(request: &Request, cap_field: CapField, asks_usage: bool) -> String {
        serde_json::to_string(&Body::new(request, "m", cap_field, asks_usage)).unwrap()
    }

    #[test]
    fn a_plain_request_holds_nothing_that_a_strict_service_refuses() {
        let message = Message {
            role: Role::User,
            text: "hi".to_owned(),
        };
        let request = Request {
            messages: vec![message],
            cap: 9,
            ..Request::default()
        };
        let expected = r#"{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true,"max_tokens":9}"#;
        assert_eq!(written(&request, CapField::MaxTokens, false), expected);
    }

    #[test]
    fn a_full_request_names_each_thing_once() {
        let request = Request {
            system: vec![
                "You are Mia.".to_owned(),
                " ".to_owned(),
                "Be kind.".to_owned(),
            ],
            stable: 1,
            messages: vec![Message {
                role: Role::User,
                text: "hi".to_owned(),
            }],
            cap: 9,
            temperature: Some(0.7),
            stop: ["\n", "a", "b", "c", "d", "e"].map(str::to_owned).to_vec(),
            schema: Some(Schema {
                name: "notes".to_owned(),
                schema: serde_json::json!({"type": "object"}),
            }),
        };
        let expected = concat!(
            r#"{"model":"m","messages":[{"role":"system","content":"You are Mia.\n\nBe kind."},{"role":"user","content":"hi"}],"#,
            r#""stream":true,"stream_options":{"include_usage":true},"max_completion_tokens":9,"temperature":0.7,"#,
            r#""stop":["a","b","c","d"],"#,
            r#""response_format":{"type":"json_schema","json_schema":{"name":"notes","strict":true,"schema":{"type":"object"}}}}"#
        );
        assert_eq!(
            written(&request, CapField::MaxCompletionTokens, true),
            expected
        );
    }
}
