//! What OpenRouter has beside the dialect: names of calls that can be asked about, and prices in the list of models.

use axum::extract::{Query, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::prompt::Prompt;
use crate::reply::{Reply, UsageReport};
use crate::server::{self, Head};
use crate::{Dialect, Fault, State};

/// US dollars that a token costs where nothing else is charged.
const A_TOKEN: f64 = 0.000_001;

/// The name of a call: its beginning, a moment, and a number.
pub(crate) fn name(number: u64) -> String {
    format!("gen-1750000000-Sim{number:017}")
}

/// The record of a call that `GET /v1/generation` shows, whatever became of its stream.
pub(crate) fn record(prompt: &Prompt, reply: &Reply, name: &str, charge: Option<f64>) -> Value {
    let computed = Reply {
        usage: UsageReport::Computed,
        ..reply.clone()
    };
    // A usage that is told exactly is the truth, and one that is missing or raw is not.
    let counts = reply.counts(prompt).or_else(|| computed.counts(prompt));
    let [input, cached, _, output, reasoning] = counts.unwrap_or_default();
    let total = charge.unwrap_or((input + output) as f64 * A_TOKEN);
    let cut = reply.fault.is_some();
    json!({
        "id": name, "upstream_id": "chatcmpl-791bcf62-080e-4568-87d0-94c72e3b4946", "total_cost": total,
        "cache_discount": null, "upstream_inference_cost": total, "created_at": "2025-06-15T15:06:40.000000+00:00",
        "model": prompt.model, "app_id": null, "streamed": prompt.stream, "cancelled": cut,
        "provider_name": "Sim", "latency": 120, "moderation_latency": null, "generation_time": 120,
        "finish_reason": if cut { Value::Null } else { json!("stop") },
        // OpenRouter counts these by a tokenizer of its own; what is billed are the native ones.
        "tokens_prompt": input + 2, "tokens_completion": output + 2,
        "native_tokens_prompt": input, "native_tokens_completion": output, "native_tokens_completion_images": 0,
        "native_tokens_reasoning": reasoning, "native_tokens_cached": cached,
        "num_media_prompt": null, "num_input_audio_prompt": null, "num_media_completion": 0,
        "num_search_results": null, "num_fetches": 0, "origin": "", "usage": total, "is_byok": false,
        "native_finish_reason": if cut { Value::Null } else { json!("stop") },
        "external_user": null, "api_type": "completions", "router": null, "provider_responses": null,
        "service_tier": null, "http_referer": null,
    })
}

/// `GET /v1/generation?id=…`
pub(crate) async fn generation(
    Shared(state): Shared<Arc<State>>,
    Query(query): Query<BTreeMap<String, String>>,
    head: Head,
) -> Response {
    server::record(&state, &head, Value::Null);
    if !server::authorised(&state, &head.headers) {
        return server::fixed(&state, Dialect::OpenAi, "", &Fault::Authentication);
    }
    let data = query
        .get("id")
        .and_then(|id| state.lock().generations.get(id).cloned());
    match data {
        Some(data) => server::json_body(json!({ "data": data }).to_string().into()),
        None => {
            let error = json!({"error": {"code": 404, "message": "Resource not found"}});
            (
                StatusCode::NOT_FOUND,
                server::json_body(error.to_string().into()),
            )
                .into_response()
        }
    }
}
