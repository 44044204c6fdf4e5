//! A messages request, as it goes over the wire.

use serde::Serialize;
use serde_json::Value;

use crate::manners::{Field, Known, Sent};
use crate::request::{Request, Role};
use crate::sampling::Samplers;

/// The highest temperature that Anthropic takes.
pub(super) const HOTTEST: f32 = 1.0;
/// More stop sequences than anyone needs; the service names no limit.
const MOST_STOPS: usize = 16;

/// The body.
#[derive(Serialize)]
pub(super) struct Body<'a> {
    model: &'a str,
    max_tokens: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    system: Vec<Section<'a>>,
    messages: Vec<WireMessage>,
    stream: bool,
    #[serde(flatten)]
    samplers: Samplers,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stop_sequences: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_config: Option<OutputConfig<'a>>,
}

#[derive(Serialize)]
struct OutputConfig<'a> {
    format: Format<'a>,
}

#[derive(Serialize)]
struct Format<'a> {
    r#type: &'static str,
    schema: &'a Value,
}

#[derive(Serialize)]
struct Section<'a> {
    r#type: &'static str,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_control: Option<CacheControl>,
}

#[derive(Serialize)]
struct CacheControl {
    r#type: &'static str,
}

#[derive(Serialize)]
struct WireMessage {
    role: &'static str,
    content: String,
}

impl<'a> Body<'a> {
    /// The body of a request, and which of its fields an answer may refuse.
    pub(super) fn new(request: &'a Request, model: &'a str, known: &Known) -> (Body<'a>, Sent) {
        let own_place = known.takes(Field::System);
        let system = match own_place {
            true => sections(request, known.takes(Field::Cache)),
            false => vec![],
        };
        let (_, turns) = request.turns(own_place);
        let messages = turns.into_iter().map(|message| WireMessage {
            role: match message.role {
                Role::User => "user",
                Role::Assistant => "assistant",
            },
            content: message.text,
        });
        let schema = request.schema.as_ref();
        let schema = schema.filter(|_| known.takes(Field::Schema));
        let body = Body {
            model,
            max_tokens: known.cap(request.cap),
            system,
            messages: messages.collect(),
            stream: true,
            samplers: Samplers::anthropic(request, known, HOTTEST),
            stop_sequences: request.stops(known.stops(MOST_STOPS)),
            output_config: schema.map(|schema| OutputConfig {
                format: Format {
                    r#type: "json_schema",
                    schema: &schema.schema,
                },
            }),
        };
        let sent = Sent {
            stops: body.stop_sequences.len(),
            samplers: body.samplers,
            cap: body.max_tokens,
            room: known.room(),
            cap_name: None,
            usage: false,
            schema: body.output_config.is_some(),
            system: !body.system.is_empty(),
            cache: body
                .system
                .iter()
                .any(|section| section.cache_control.is_some()),
        };
        (body, sent)
    }
}

/// The sections of the system prompt. A prefix cache may end behind the last stable one.
fn sections(request: &Request, cached: bool) -> Vec<Section<'_>> {
    let mut system: Vec<Section<'_>> = Vec::with_capacity(request.system.len());
    for (at, text) in request.system.iter().enumerate() {
        let stable_ends = cached && at + 1 == request.stable;
        // The service refuses empty blocks.
        if !text.trim().is_empty() {
            system.push(Section {
                r#type: "text",
                text,
                cache_control: None,
            });
        }
        if let (true, Some(last)) = (stable_ends, system.last_mut()) {
            last.cache_control = Some(CacheControl {
                r#type: "ephemeral",
            });
        }
    }
    system
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Message;
    use crate::sampling::Sampling;
    use crate::schema::Schema;

    #[test]
    fn the_cache_ends_behind_the_last_stable_section() {
        let request = Request {
            system: ["You are Mia.", "Lore.", "", "It rains."]
                .map(str::to_owned)
                .to_vec(),
            stable: 3,
            messages: vec![Message {
                role: Role::User,
                text: "hi".to_owned(),
            }],
            cap: 9,
            temperature: Some(1.5),
            sampling: Sampling {
                repeat_penalty: Some(1.1),
                ..Sampling::default()
            },
            stop: vec!["\n\n".to_owned(), "Ana:".to_owned()],
            schema: Some(Schema {
                name: "notes".to_owned(),
                schema: serde_json::json!({"type": "object"}),
            }),
        };
        let expected = concat!(
            r#"{"model":"m","max_tokens":9,"system":[{"type":"text","text":"You are Mia."},"#,
            r#"{"type":"text","text":"Lore.","cache_control":{"type":"ephemeral"}},{"type":"text","text":"It rains."}],"#,
            r#""messages":[{"role":"user","content":"hi"}],"stream":true,"temperature":1.0,"stop_sequences":["Ana:"],"#,
            r#""output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}}}"#
        );
        assert_eq!(
            serde_json::to_string(&Body::new(&request, "m", &Known::default()).0).unwrap(),
            expected
        );
    }

    #[test]
    fn a_plain_request_stays_plain() {
        let message = Message {
            role: Role::User,
            text: "hi".to_owned(),
        };
        let request = Request {
            messages: vec![message],
            cap: 9,
            ..Request::default()
        };
        let expected = r#"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"hi"}],"stream":true}"#;
        assert_eq!(
            serde_json::to_string(&Body::new(&request, "m", &Known::default()).0).unwrap(),
            expected
        );
    }
}
