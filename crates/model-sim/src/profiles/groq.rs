//! Groq and Cerebras: open models, and not one property more than is known.

use serde_json::{Value, json};

use crate::fault::{Answer, Fault};
use crate::profiles::strict::{self, CHAT_FIELDS, MOST_STOPS};
use crate::prompt::{Dialect, Prompt};
use crate::ways::{self, Key, Shelf, Style, Thoughts, UsageAt, Ways};

/// `https://api.groq.com/openai/v1`: errors without `param` and `code`, no schema for most models, the usage in `x_groq`,
/// thoughts in `reasoning`, and a pause told in a sentence that names the organisation.
pub(crate) const GROQ: Ways = Ways {
    root: "/openai/v1",
    dialect: Some(Dialect::OpenAi),
    keys: &[Key::Bearer],
    refuses: &[unknown, stops, schema],
    faults: groqs_faults,
    models: groqs_models,
    thinks: "A greeting; one warm line will do.",
    style: Style {
        thoughts: Thoughts::Field("reasoning"),
        usage_at: UsageAt::XGroq,
        usage: groqs_usage,
        breaks: groq_breaks,
        ..Style::OPENAI
    },
    ..strict::WAYS
};

/// `https://api.cerebras.ai/v1`: flat errors, whose `param` names no field; no schema while it streams.
pub(crate) const CEREBRAS: Ways = Ways {
    dialect: Some(Dialect::OpenAi),
    keys: &[Key::Bearer],
    refuses: &[wrong_api_format, schema_in_a_stream],
    thinks: "A greeting; one warm line will do.",
    style: Style {
        thoughts: Thoughts::Field("reasoning"),
        usage_at: UsageAt::Finish,
        usage: ways::plain_usage,
        ..Style::OPENAI
    },
    ..strict::WAYS
};

fn groq_error(status: u16, message: &str) -> Answer {
    let error = json!({"error": {"message": message, "type": "invalid_request_error"}});
    Answer::json(status, &error)
}

/// <https://github.com/musistudio/llms/issues/64>
fn unknown(prompt: &Prompt) -> Option<Answer> {
    let &field = prompt.unknown(&CHAT_FIELDS).first()?;
    Some(groq_error(
        400,
        &format!("property '{field}' is unsupported"),
    ))
}

/// <https://github.com/letta-ai/letta/issues/1272>
fn stops(prompt: &Prompt) -> Option<Answer> {
    let refused = || groq_error(400, "len(stop) > 4 is not supported");
    (prompt.stop.len() > MOST_STOPS).then(refused)
}

/// The sentence and `param` are measured (<https://github.com/ItzCrazyKns/Vane/issues/980> is one such), the frame is
/// Groq's.
fn schema(prompt: &Prompt) -> Option<Answer> {
    let message = "This model does not support response format `json_schema`.";
    let error = json!({"error": {
        "message": message, "type": "invalid_request_error", "param": "response_format",
    }});
    prompt.wants_schema().then(|| Answer::json(400, &error))
}

/// <https://github.com/danielmiessler/Fabric/issues/364>
fn groqs_faults(fault: &Fault, shelf: &Shelf) -> Option<Answer> {
    let Fault::RateLimited { retry_after } = fault else {
        return None;
    };
    let model = shelf.loaded();
    let pause = retry_after.map_or("50.597142857s".to_owned(), |seconds| format!("{seconds}s"));
    let message = format!(
        "Rate limit reached for model `{model}` in organization `org_01simsimsim` on tokens per minute (TPM): Limit 7000, Used 0, Requested ~12903. Please try again in {pause}. Visit https://console.groq.com/docs/rate-limits for more information."
    );
    let error =
        json!({"error": {"message": message, "type": "tokens", "code": "rate_limit_exceeded"}});
    let mut answer = Answer::json(429, &error);
    if let Some(seconds) = retry_after {
        answer.headers.push(("retry-after", seconds.to_string()));
    }
    // Quoted in <https://github.com/Pythagora-io/gpt-pilot/issues/862>.
    answer
        .headers
        .push(("x-ratelimit-reset-requests", "2m59.56s".to_owned()));
    answer
        .headers
        .push(("x-ratelimit-reset-tokens", "7.66s".to_owned()));
    Some(answer)
}

/// `context_window`, as in a recorded list.
fn groqs_models(shelf: &Shelf) -> Option<Value> {
    let window = shelf.window;
    shelf.list(|name| {
        json!({
            "id": name, "object": "model", "created": 1_748_632_165, "owned_by": "Meta", "active": true,
            "context_window": window, "max_completion_tokens": window, "public_apps": null,
        })
    })
}

/// Counts between times, which are floats.
fn groqs_usage(counts: [u64; 5]) -> Value {
    let [input, _, _, output, reasoning] = counts;
    json!({
        "queue_time": 0.041_7, "prompt_tokens": input, "prompt_time": 0.012, "completion_tokens": output,
        "completion_time": 0.25, "total_tokens": input + output, "total_time": 0.262,
        "completion_tokens_details": {"reasoning_tokens": reasoning},
    })
}

/// Why a stream was stopped early, as the SDK has it:
/// <https://github.com/groq/groq-python/blob/main/src/groq/types/chat/chat_completion_chunk.py>
fn groq_breaks() -> String {
    let event = json!({"choices": [], "x_groq": {"error": "over capacity"}});
    format!("data: {event}\n\n")
}

fn wrong_format(message: &str) -> Answer {
    let error = json!({
        "message": message, "type": "invalid_request_error", "param": "validation_error", "code": "wrong_api_format",
    });
    Answer::json(400, &error)
}

/// In the message's own fields: <https://github.com/Kilo-Org/kilocode/issues/10375>, several at the top:
/// <https://github.com/anomalyco/opencode/issues/6648>
fn wrong_api_format(prompt: &Prompt) -> Option<Answer> {
    let line = |name: &&str| format!("body.{name}: property 'body.{name}' is unsupported");
    let unknown = prompt.unknown(&CHAT_FIELDS);
    let lines: Vec<String> = unknown.iter().map(line).collect();
    (!lines.is_empty()).then(|| wrong_format(&lines.join("\n")))
}

/// The sentence is known, the frame is Cerebras's.
fn schema_in_a_stream(prompt: &Prompt) -> Option<Answer> {
    let message =
        "\"stream=true\" with structured outputs is currently not supported for reasoning models.";
    (prompt.stream && prompt.wants_schema()).then(|| wrong_format(message))
}
