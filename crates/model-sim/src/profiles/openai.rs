//! OpenAI's reasoning models, and LiteLLM in front of them.
//!
//! They name one fault at a time, so that a reply with the usual fields needs three more tries.

use serde_json::{Value, json};

use crate::fault::{self, Answer};
use crate::profiles::strict::{self, CHAT_FIELDS, MOST_STOPS};
use crate::prompt::{Dialect, Prompt};
use crate::ways::{Key, Rule, Style, Thoughts, Ways};

/// What these models think is never shown; the usage counts it as a part of the completion.
const THINKS: &str =
    "The user greets me, so a greeting is due, short and in the voice of the persona.";

/// gpt-5, o3, o4-mini: no `stop`, no `max_tokens`, no temperature but 1.
pub(crate) const GPT_5: Ways = Ways {
    dialect: Some(Dialect::OpenAi),
    keys: &[Key::Bearer],
    caps: &["max_completion_tokens"],
    refuses: REFUSES,
    thinks: THINKS,
    style: Style {
        thoughts: Thoughts::Hidden,
        ..Style::OPENAI
    },
    ..strict::WAYS
};

const REFUSES: &[Rule] = &[unknown, max_tokens, temperature, stop];

/// o1-mini and o1-preview: besides, no system message and no schema.
pub(crate) const O_1_MINI: Ways = Ways {
    refuses: &[unknown, system, max_tokens, temperature, stop, schema],
    ..GPT_5
};

/// LiteLLM's proxy with gpt-5 behind it: it refuses the temperature itself, and passes on what its upstream says about the
/// rest, as text in its own message.
pub(crate) const LITELLM: Ways = Ways {
    refuses: &[unsupported_params, passed_on],
    style: Style {
        thoughts: Thoughts::Field("reasoning_content"),
        ..Style::OPENAI
    },
    ..GPT_5
};

pub(crate) fn refusal(message: &str, param: &str, code: &str) -> Answer {
    let error = fault::openai_error(message, "invalid_request_error", json!(param), json!(code));
    Answer {
        // OpenAI pretty-prints its errors.
        body: format!("{error:#}\n"),
        ..Answer::json(400, &error)
    }
}

/// <https://github.com/agno-agi/agno/issues/1066>
pub(crate) fn unknown(prompt: &Prompt) -> Option<Answer> {
    let &field = prompt.unknown(&CHAT_FIELDS).first()?;
    let message = format!("Unknown parameter: '{field}'.");
    Some(refusal(&message, field, "unknown_parameter"))
}

/// <https://github.com/langgenius/dify/issues/9746>
pub(crate) fn max_tokens(prompt: &Prompt) -> Option<Answer> {
    let message = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
    let refused = || refusal(message, "max_tokens", "unsupported_parameter");
    prompt.has("max_tokens").then(refused)
}

/// <https://github.com/holoviz/lumen/issues/1087>
pub(crate) fn temperature(prompt: &Prompt) -> Option<Answer> {
    let given = prompt.other_temperature()?;
    let message = format!(
        "Unsupported value: 'temperature' does not support {given} with this model. Only the default (1) value is supported."
    );
    Some(refusal(&message, "temperature", "unsupported_value"))
}

/// <https://github.com/huggingface/smolagents/issues/1662>
pub(crate) fn stop(prompt: &Prompt) -> Option<Answer> {
    let message = "Unsupported parameter: 'stop' is not supported with this model.";
    let refused = || refusal(message, "stop", "unsupported_parameter");
    prompt.has("stop").then(refused)
}

/// <https://github.com/continuedev/continue/issues/2461>
pub(crate) fn many_stops(prompt: &Prompt) -> Option<Answer> {
    let count = prompt.stop.len();
    let message = format!(
        "Invalid 'stop': array too long. Expected an array with maximum length {MOST_STOPS}, but got an array with length {count} instead."
    );
    (count > MOST_STOPS).then(|| refusal(&message, "stop", "array_above_max_length"))
}

/// <https://github.com/tailcallhq/forgecode/issues/1177>
fn system(prompt: &Prompt) -> Option<Answer> {
    let param = format!("messages[{}].role", prompt.role_at("system")?);
    let message =
        format!("Unsupported value: '{param}' does not support 'system' with this model.");
    Some(refusal(&message, &param, "unsupported_value"))
}

/// The sentence and `param` are known from <https://github.com/web-infra-dev/midscene/issues/259>; the rest of the body is
/// OpenAI's usual one.
fn schema(prompt: &Prompt) -> Option<Answer> {
    let message = "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model. Learn more about supported models at the Structured Outputs guide: https://platform.openai.com/docs/guides/structured-outputs";
    let error = fault::openai_error(
        message,
        "invalid_request_error",
        json!("response_format"),
        Value::Null,
    );
    prompt.wants_schema().then(|| Answer::json(400, &error))
}

const TAIL: &str = "Received Model Group=gpt-5-mini\nAvailable Model Group Fallbacks=None";

fn from_litellm(message: &str) -> Answer {
    let error =
        json!({"error": {"message": message, "type": "None", "param": null, "code": "400"}});
    Answer::json(400, &error)
}

/// The text also names `reasoning_effort`, which is not what is refused.
/// <https://github.com/Vivswan/litellm-vscode-chat/issues/18>
fn unsupported_params(prompt: &Prompt) -> Option<Answer> {
    let given = prompt.other_temperature()?;
    Some(from_litellm(&format!(
        "litellm.UnsupportedParamsError: gpt-5 models (including gpt-5-codex) don't support temperature={given}. Only temperature=1 is supported. For gpt-5.1, temperature is supported when reasoning_effort='none' (or not specified, as it defaults to 'none'). To drop unsupported params set litellm.drop_params = True. {TAIL}"
    )))
}

/// The upstream's sentence stands bare behind the name of an exception.
/// <https://github.com/BerriAI/litellm/issues/13407>
fn passed_on(prompt: &Prompt) -> Option<Answer> {
    let said = if prompt.has("max_tokens") {
        "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    } else if prompt.has("stop") {
        "'stop' is not supported with this model."
    } else {
        return None;
    };
    Some(from_litellm(&format!(
        "litellm.BadRequestError: AzureException BadRequestError - Unsupported parameter: {said} {TAIL}"
    )))
}
