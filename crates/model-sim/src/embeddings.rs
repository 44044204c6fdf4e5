//! OpenAI's embeddings, as bytes. Texts that share words get vectors that are near each other.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::response::Response;
use serde_json::{Value, json};

use crate::server::{self, Head};
use crate::{Dialect, Fault, Prompt, State, UsageReport, slots, tokens};

/// The length of a vector where the request names none.
const LENGTH: u64 = 8;

/// `POST /v1/embeddings`. The next queued reply lends its fault, its usage and its delay; its text means nothing here.
pub(crate) async fn embeddings(
    Shared(state): Shared<Arc<State>>,
    head: Head,
    body: Bytes,
) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    server::record(&state, &head, body.clone());
    let place = slots::enter(&state, &body).await;
    let answer = read(&state, &head, body).await;
    slots::hold(answer, place)
}

/// What is answered when the model has its turn.
async fn read(state: &State, head: &Head, body: Value) -> Response {
    let model = body["model"].as_str().unwrap_or_default().to_owned();
    if !server::authorised(state, &head.headers) {
        return server::fixed(state, Dialect::OpenAi, &model, &Fault::Authentication);
    }
    if !server::serves(state, &model) {
        return server::fixed(state, Dialect::OpenAi, &model, &Fault::ModelMissing);
    }
    let (queued, alike, takes) = {
        let mut inside = state.lock();
        (
            inside.queue.pop_front(),
            inside.alike.clone(),
            inside.reading,
        )
    };
    tokio::time::sleep(takes).await;
    let length = body["dimensions"].as_u64().unwrap_or(LENGTH);
    let texts: Vec<&str> = match &body["input"] {
        Value::String(text) => vec![text],
        Value::Array(texts) => texts.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let data: Vec<Value> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| json!({"object": "embedding", "index": index, "embedding": vector(text, length, &alike)}))
        .collect();
    let counted: u64 = texts.iter().map(|text| tokens::count(text)).sum();
    let mut answer = json!({
        "object": "list", "data": data, "model": model,
        "usage": {"prompt_tokens": counted, "total_tokens": counted},
    });
    let Some(reply) = queued else {
        return server::json_body(answer.to_string().into());
    };
    match &reply.usage {
        UsageReport::Computed => {}
        UsageReport::Exact { input, .. } => {
            answer["usage"] = json!({"prompt_tokens": input, "total_tokens": input});
        }
        UsageReport::Missing => {
            answer.as_object_mut().map(|answer| answer.remove("usage"));
        }
        UsageReport::Raw(raw) => answer["usage"] = raw.clone(),
    }
    let prompt = Prompt::parse(Dialect::OpenAi, body);
    server::whole(state, &prompt, reply, answer).await
}

/// Counts each word into one of the places, and makes the vector one long. Words that mean the same count as the first
/// of them.
fn vector(text: &str, length: u64, alike: &[Vec<String>]) -> Vec<f64> {
    let mut counts = vec![0.0; usize::try_from(length.clamp(1, 4096)).unwrap_or(1)];
    for word in text.split_whitespace() {
        let bare = word
            .trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase();
        let same = alike.iter().find(|words| words.contains(&bare));
        let word = match same.and_then(|words| words.first()) {
            Some(first) => first.as_str(),
            None => word,
        };
        let hash = word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let places = counts.len() as u64;
        if let Some(count) = counts.get_mut(usize::try_from(hash % places).unwrap_or(0)) {
            *count += 1.0;
        }
    }
    let norm = counts.iter().map(|count| count * count).sum::<f64>().sqrt();
    let one = if norm > 0.0 { norm } else { 1.0 };
    counts.iter().map(|count| count / one).collect()
}
