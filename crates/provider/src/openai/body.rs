//! A chat-completions request, as it goes over the wire.

use serde::Serialize;
use serde_json::Value;

use super::CapField;
use crate::manners::{Field, Known, Sent};
use crate::request::{Request, Role};
use crate::sampling::Samplers;
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
    #[serde(flatten)]
    samplers: Samplers,
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

/// How requests to an endpoint are written, as far as its host tells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Usual {
    pub(super) cap_field: CapField,
    /// Whether usage is asked for by `stream_options`.
    pub(super) asks_usage: bool,
}

impl<'a> Body<'a> {
    /// The body of a request, and which of its fields an answer may refuse.
    pub(super) fn new(
        request: &'a Request,
        model: &'a str,
        usual: Usual,
        known: &Known,
    ) -> (Body<'a>, Sent) {
        let own_place = known.takes(Field::System);
        let (system, turns) = request.turns(own_place);
        let system = system.map(|content| WireMessage {
            role: "system",
            content,
        });
        let turns = turns.into_iter().map(|message| WireMessage {
            role: match message.role {
                Role::User => "user",
                Role::Assistant => "assistant",
            },
            content: message.text,
        });
        let (cap_field, other) = known.cap_field(usual.cap_field);
        let most = known.cap(request.cap);
        let cap = |field| (cap_field == field).then_some(most);
        let asks_usage = usual.asks_usage && known.takes(Field::Usage);
        let schema = request.schema.as_ref();
        let schema = schema.filter(|_| known.takes(Field::Schema));
        let sent_system = system.is_some();
        let body = Body {
            model,
            messages: system.into_iter().chain(turns).collect(),
            stream: true,
            stream_options: asks_usage.then_some(StreamOptions {
                include_usage: true,
            }),
            max_tokens: cap(CapField::MaxTokens),
            max_completion_tokens: cap(CapField::MaxCompletionTokens),
            samplers: Samplers::openai(request, known),
            stop: request.stops(known.stops(MOST_STOPS)),
            response_format: schema.map(response_format),
        };
        let sent = Sent {
            stops: body.stop.len(),
            samplers: body.samplers,
            cap: most,
            room: known.room(),
            cap_name: other.map(|_| cap_field.field()),
            usage: asks_usage,
            schema: body.response_format.is_some(),
            system: sent_system,
            cache: false,
        };
        (body, sent)
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
    use crate::sampling::Sampling;

    fn written(request: &Request, cap_field: CapField, asks_usage: bool) -> String {
        let usual = Usual {
            cap_field,
            asks_usage,
        };
        let (body, _) = Body::new(request, "m", usual, &Known::default());
        serde_json::to_string(&body).unwrap()
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
            sampling: Sampling {
                repeat_penalty: Some(1.1),
                dry_allowed_length: Some(2),
                ..Sampling::default()
            },
            stop: ["\n", "a", "b", "c", "d", "e"].map(str::to_owned).to_vec(),
            schema: Some(Schema {
                name: "notes".to_owned(),
                schema: serde_json::json!({"type": "object"}),
            }),
        };
        let expected = concat!(
            r#"{"model":"m","messages":[{"role":"system","content":"You are Mia.\n\nBe kind."},{"role":"user","content":"hi"}],"#,
            r#""stream":true,"stream_options":{"include_usage":true},"max_completion_tokens":9,"temperature":0.7,"#,
            r#""repeat_penalty":1.1,"repetition_penalty":1.1,"dry_allowed_length":2,"#,
            r#""stop":["a","b","c","d"],"#,
            r#""response_format":{"type":"json_schema","json_schema":{"name":"notes","strict":true,"schema":{"type":"object"}}}}"#
        );
        assert_eq!(
            written(&request, CapField::MaxCompletionTokens, true),
            expected
        );
    }
}
