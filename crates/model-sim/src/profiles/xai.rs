//! xAI: `https://api.x.ai/v1`.

use serde_json::{Value, json};

use crate::fault::{Answer, Fault};
use crate::profiles::strict;
use crate::prompt::{Dialect, Prompt};
use crate::ways::{Key, Shelf, Style, Thoughts, Ways};

/// US dollars are told in such parts: <https://docs.x.ai/developers/cost-tracking.md>
const TICKS_A_TOKEN: u64 = 10_000;

/// Grok: no `stop`, `error` is a string beside a sentence as `code`, reasoning is billed beside the completion, and a
/// refused prompt is a 403.
pub(crate) const XAI: Ways = Ways {
    dialect: Some(Dialect::OpenAi),
    keys: &[Key::Bearer],
    refuses: &[stop],
    faults,
    thinks: "A greeting. A short answer in the persona's voice, then.",
    style: Style {
        thoughts: Thoughts::Field("reasoning_content"),
        usage,
        ..Style::OPENAI
    },
    ..strict::WAYS
};

/// <https://github.com/BerriAI/litellm/issues/12635>
fn stop(prompt: &Prompt) -> Option<Answer> {
    let error = json!({
        "code": "Client specified an invalid argument", "error": "Argument not supported on this model: stop",
    });
    prompt.has("stop").then(|| Answer::json(400, &error))
}

/// Team and key are named in it: <https://github.com/UKGovernmentBEIS/inspect_ai/issues/2267>
fn faults(fault: &Fault, shelf: &Shelf) -> Option<Answer> {
    let Fault::RefusedByPolicy = fault else {
        return None;
    };
    let model = shelf.loaded();
    let why = format!(
        "Content violates usage guidelines. Team: 00000000-sim, API key ID: 11111111-sim, Model: {model}, Failed check: SAFETY_CHECK_TYPE_BIO"
    );
    let error = json!({
        "code": "The caller does not have permission to execute the specified operation", "error": why,
    });
    Some(Answer::json(403, &error))
}

/// <https://github.com/Wei-Shaw/sub2api/issues/5771>
fn usage([input, cached, _, output, reasoning]: [u64; 5]) -> Value {
    json!({
        "prompt_tokens": input, "completion_tokens": output.saturating_sub(reasoning), "total_tokens": input + output,
        "prompt_tokens_details": {"text_tokens": input, "audio_tokens": 0, "image_tokens": 0, "cached_tokens": cached},
        "completion_tokens_details": {"reasoning_tokens": reasoning, "audio_tokens": 0},
        "num_sources_used": 0, "cost_in_usd_ticks": (input + output) * TICKS_A_TOKEN,
    })
}
