//! What each service says when it refuses a field, and what is learned from that. In its own words, as its users and its
//! source quote them.

use super::field::Field;
use super::refusal::read;
use super::sent::Sent;
use crate::cause;
use crate::sampling::{Samplers, Sampling};
use crate::wrapped::Wrapped;
use serde_json::{Value, json};

/// A reply at a temperature.
const SAMPLERS: Samplers = Samplers::everything(Some(0.8), Sampling::NONE);

/// A request with everything in it that most endpoints take.
const ALL: Sent = Sent {
    stops: 4,
    samplers: SAMPLERS,
    cap: 400,
    room: 0,
    cap_name: Some(Field::MaxTokens),
    usage: true,
    schema: true,
    system: true,
    cache: true,
};

fn lessons(status: impl Into<Option<u16>>, body: &Value, sent: &Sent) -> Vec<(Field, u32)> {
    let said = Wrapped::read(body);
    // As `complaint` reads it.
    let lessons = match cause::of(&said) {
        Some(_) => vec![],
        None => read(status.into(), &said, sent),
    };
    lessons.iter().map(|l| (l.field, l.value)).collect()
}

fn openai(message: &str, param: Value, code: Value) -> Value {
    json!({"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}})
}

/// In the words of each service, as its users and its source quote them.
#[test]
fn each_services_way_to_refuse_a_field_is_read() {
    let plain = |message: &str| json!({"error": {"message": message}});
    let new_name = Sent {
        cap_name: Some(Field::MaxCompletionTokens),
        ..ALL
    };
    for (status, body, expected, sent) in [
        (
            400,
            openai(
                "Unsupported parameter: 'stop' is not supported with this model.",
                json!("stop"),
                json!("unsupported_parameter"),
            ),
            vec![(Field::Stop, 0)],
            ALL,
        ),
        (
            400,
            openai(
                "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
                json!("temperature"),
                json!("unsupported_value"),
            ),
            vec![(Field::Temperature, 0)],
            ALL,
        ),
        (
            400,
            openai(
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
                json!("max_tokens"),
                json!("unsupported_parameter"),
            ),
            vec![(Field::MaxTokens, 0)],
            ALL,
        ),
        (
            400,
            openai(
                "Unrecognized request argument supplied: max_completion_tokens",
                Value::Null,
                Value::Null,
            ),
            vec![(Field::MaxCompletionTokens, 0)],
            new_name,
        ),
        (
            400,
            openai(
                "Invalid 'stop': array too long. Expected an array with maximum length 2, but got an array with length 4 instead.",
                json!("stop"),
                json!("array_above_max_length"),
            ),
            vec![(Field::Stop, 2)],
            ALL,
        ),
        (
            400,
            openai(
                "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
                json!("messages[0].role"),
                json!("unsupported_value"),
            ),
            vec![(Field::System, 0)],
            ALL,
        ),
        (
            400,
            openai(
                "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
                json!("response_format"),
                Value::Null,
            ),
            vec![(Field::Schema, 0)],
            ALL,
        ),
        (
            400,
            openai(
                "Unknown parameter: 'stream_options'.",
                json!("stream_options"),
                json!("unknown_parameter"),
            ),
            vec![(Field::Usage, 0)],
            ALL,
        ),
        (
            400,
            openai(
                "Unrecognized request argument supplied: stream_options. Please contact us through an Azure support request at: https://go.microsoft.com/ for further questions.",
                json!(""),
                Value::Null,
            ),
            vec![(Field::Usage, 0)],
            ALL,
        ),
        (
            400,
            openai(
                "'$.stop' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference.",
                Value::Null,
                Value::Null,
            ),
            vec![(Field::Stop, 0)],
            ALL,
        ),
        (
            400,
            json!({"error": {"message": "len(stop) > 3 is not supported", "type": "invalid_request_error"}}),
            vec![(Field::Stop, 3)],
            ALL,
        ),
        (
            400,
            json!([{"error": {"code": 400, "message": "Developer instruction is not enabled for models/gemma-3-27b-it", "status": "INVALID_ARGUMENT"}}]),
            vec![(Field::System, 0)],
            ALL,
        ),
        (
            400,
            json!([{"error": {"code": 400, "message": "Invalid JSON payload received. Unknown name \"stream_options\": Cannot find field.\nInvalid JSON payload received. Unknown name \"stop\": Cannot find field.", "status": "INVALID_ARGUMENT", "details": [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [{"description": "Invalid JSON payload received. Unknown name \"stream_options\": Cannot find field."}, {"field": "stop", "description": "…"}]}]}}]),
            vec![(Field::Stop, 0), (Field::Usage, 0)],
            ALL,
        ),
        (
            400,
            json!({"error": {"code": 400, "message": "Unable to submit request because it has a stopSequences value of 4 but the supported range is from 1 (inclusive) to 4 (exclusive). Update the value and try again.", "status": "INVALID_ARGUMENT"}}),
            vec![(Field::Stop, 3)],
            ALL,
        ),
        (
            400,
            json!({"code": "Client specified an invalid argument", "error": "Argument not supported on this model: stop"}),
            vec![(Field::Stop, 0)],
            ALL,
        ),
        (
            400,
            plain("Model grok-4.6 does not support parameter stop."),
            vec![(Field::Stop, 0)],
            ALL,
        ),
        (
            400,
            json!({"error": "'response_format.type' must be 'json_schema' or 'text'"}),
            vec![(Field::Schema, 0)],
            ALL,
        ),
        (
            400,
            json!({"type": "error", "error": {"type": "invalid_request_error", "message": "`temperature` is deprecated for this model."}}),
            vec![(Field::Temperature, 0)],
            ALL,
        ),
        (
            400,
            json!({"type": "error", "error": {"type": "invalid_request_error", "message": "`temperature` and `top_p` cannot both be specified for this model. Please use only one."}}),
            vec![(Field::Temperature, 0)],
            ALL,
        ),
        (
            400,
            plain("invalid temperature: only 1 is allowed for this model"),
            vec![(Field::Temperature, 0)],
            ALL,
        ),
        (
            400,
            openai(
                "litellm.UnsupportedParamsError: gpt-5 models (including gpt-5-codex) don't support temperature=0.7. Only temperature=1 is supported. For gpt-5.1, temperature is supported when reasoning_effort='none'.",
                Value::Null,
                json!("400"),
            ),
            vec![(Field::Temperature, 0)],
            ALL,
        ),
        (
            400,
            plain(
                "litellm.UnsupportedParamsError: databricks does not support parameters: {'temperature': 1.0}, for model=m. To drop these, set `litellm.drop_params=True`",
            ),
            vec![(Field::Temperature, 0)],
            ALL,
        ),
        (
            422,
            json!({"object": "error", "message": {"detail": [{"type": "extra_forbidden", "loc": ["body", "stream_options", "include_usage"], "msg": "Extra inputs are not permitted", "input": true}]}, "type": "invalid_request_error", "param": null}),
            vec![(Field::Usage, 0)],
            ALL,
        ),
        (
            422,
            json!({"object": "error", "message": "{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"stop\"],\"msg\":\"Extra inputs are not permitted\",\"input\":0.0}]}", "type": "internal_error_proxy", "code": "1000"}),
            vec![(Field::Stop, 0)],
            ALL,
        ),
        (
            422,
            json!({"object": "Error", "detail": [{"type": "extra_forbidden", "loc": ["body", "max_completion_tokens"], "msg": "Extra inputs are not permitted", "input": []}], "message": [{}], "code": 3001}),
            vec![(Field::MaxCompletionTokens, 0)],
            new_name,
        ),
        (
            400,
            json!({"object": "error", "message": "[{'type': 'extra_forbidden', 'loc': ('body', 'max_completion_tokens'), 'msg': 'Extra inputs are not permitted', 'input': 8192}]", "type": "BadRequestError", "code": 400}),
            vec![(Field::MaxCompletionTokens, 0)],
            new_name,
        ),
        (
            400,
            plain("Extra inputs are not permitted, field: 'stream_options'"),
            vec![(Field::Usage, 0)],
            ALL,
        ),
        (
            400,
            json!({"message": "body.stop: property 'body.stop' is unsupported\nbody.temperature: property 'body.temperature' is unsupported", "type": "invalid_request_error", "param": "validation_error", "code": "wrong_api_format"}),
            vec![(Field::Stop, 0), (Field::Temperature, 0)],
            ALL,
        ),
        (
            404,
            json!({"error": "Conversation roles must alternate user/assistant/user/assistant/..."}),
            vec![(Field::System, 0)],
            ALL,
        ),
        (
            422,
            json!({"error": "Template error: syntax error: Conversation roles must alternate user/assistant/user/assistant/", "error_type": "template_error"}),
            vec![(Field::System, 0)],
            ALL,
        ),
        (
            500,
            json!({"error": {"code": 500, "message": "\n------------\nWhile executing CallExpression at line 19, column 27 in source:\n...% 2 == 0) -%}↵ {{ raise_exception(\"Conversation roles must alternate user...\n ^\nError: Jinja Exception: System role not supported", "type": "server_error"}}),
            vec![(Field::System, 0)],
            ALL,
        ),
        (
            500,
            plain(
                "Only user, assistant and tool roles are supported, got system. at row 3, column 9:\n{{ bos_token }}",
            ),
            vec![(Field::System, 0)],
            ALL,
        ),
        (
            400,
            json!({"detail": "TemplateError: Conversation roles must alternate user/assistant"}),
            vec![(Field::System, 0)],
            ALL,
        ),
        (
            400,
            plain("role 'system' is not supported on this model"),
            vec![(Field::System, 0)],
            ALL,
        ),
        (
            502,
            json!({"error": {"message": "Provider returned error", "code": 502, "metadata": {"provider_name": "OpenAI", "raw": "{\"error\": {\"message\": \"Unsupported parameter: 'stop' is not supported with this model.\", \"param\": \"stop\"}}"}}}),
            vec![(Field::Stop, 0)],
            ALL,
        ),
        (
            400,
            plain("Grammar error: Unimplemented keys: [\"uniqueItems\"]"),
            vec![(Field::Schema, 0)],
            ALL,
        ),
    ] {
        assert_eq!(lessons(status, &body, &sent), expected, "{status} {body}");
    }
}

/// A reply as servers are asked for it that people run themselves.
const LOCAL: Sent = Sent {
    samplers: Samplers::everything(
        Some(0.8),
        Sampling {
            top_p: Some(0.9),
            repeat_penalty: Some(1.1),
            repeat_last_n: Some(512),
            dry_multiplier: Some(0.8),
            dry_base: Some(1.75),
            dry_allowed_length: Some(2),
            dry_penalty_last_n: Some(1024),
            ..Sampling::NONE
        },
    ),
    ..ALL
};

#[test]
fn samplers_of_local_servers_go_one_by_one_or_all_together() {
    let plain = |message: &str| openai(message, Value::Null, Value::Null);
    let extra = |name: &str| json!({"type": "extra_forbidden", "loc": ["body", name], "msg": "Extra inputs are not permitted", "input": 1});
    for (status, body, expected) in [
        // One name alone that is not known: none of them is.
        (
            400,
            openai(
                "Unknown parameter: 'repeat_penalty'.",
                json!("repeat_penalty"),
                json!("unknown_parameter"),
            ),
            vec![(Field::Samplers, 0)],
        ),
        (
            400,
            openai(
                "Unrecognized request argument supplied: dry_base",
                Value::Null,
                Value::Null,
            ),
            vec![(Field::Samplers, 0)],
        ),
        // All that are not known: the others are.
        (
            422,
            json!({"detail": [extra("repeat_penalty"), extra("repeat_last_n"), extra("dry_multiplier"), extra("dry_base")]}),
            vec![
                (Field::RepeatPenalty, 0),
                (Field::RepeatLastN, 0),
                (Field::Dry, 0),
            ],
        ),
        (
            400,
            plain(
                "body.repetition_penalty_range: property 'body.repetition_penalty_range' is unsupported\nbody.dry_base: property 'body.dry_base' is unsupported",
            ),
            vec![(Field::RepeatLastN, 0), (Field::Dry, 0)],
        ),
        // A value that is out of bounds says nothing of the others: llama.cpp's `server-schema.cpp`, vLLM's `sampling_params.py`.
        (
            400,
            json!({"error": {"code": 400, "message": "Field 'dry_penalty_last_n': Value must be between 0 <= value <= 2147483647, but got -1", "type": "invalid_request_error"}}),
            vec![(Field::Dry, 0)],
        ),
        (
            400,
            plain("repetition_penalty must be greater than zero, got -1.0."),
            vec![(Field::RepetitionPenalty, 0)],
        ),
        // Either, but not both.
        (
            400,
            json!({"type": "error", "error": {"type": "invalid_request_error", "message": "`temperature` and `top_p` cannot both be specified for this model. Please use only one."}}),
            vec![(Field::TopP, 0)],
        ),
    ] {
        assert_eq!(lessons(status, &body, &LOCAL), expected, "{status} {body}");
    }
}

#[test]
fn only_what_was_sent_can_have_been_refused() {
    let nothing = Sent {
        cap: 400,
        ..Sent::default()
    };
    for message in [
        "Unsupported parameter: 'stop' is not supported with this model.",
        "`temperature` is deprecated for this model.",
        "Unknown parameter: 'stream_options'.",
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "System role not supported",
        "This response_format type is unavailable now",
        "Unknown parameter: 'repeat_penalty'.",
        "Unrecognized request argument supplied: dry_base",
        "messages.2.assistant.reasoning_content: property 'messages.2.assistant.reasoning_content' is unsupported",
    ] {
        assert_eq!(
            lessons(400, &openai(message, Value::Null, Value::Null), &nothing),
            [],
            "{message}"
        );
    }
}

#[test]
fn a_cap_that_is_too_high_is_lowered_and_keeps_its_field() {
    let sent = Sent { cap: 64_000, ..ALL };
    for (message, told) in [
        (
            "Invalid max_tokens value, the valid range of max_tokens is [1, 8192]",
            8192,
        ),
        (
            "<400> InternalError.Algo.InvalidParameter: Range of max_tokens should be [1, 8192]",
            8192,
        ),
        (
            "max_tokens: 64000 > 32000, which is the maximum allowed number of output tokens for m",
            32_000,
        ),
        (
            "max_tokens is too large: 64000. This model supports at most 16384 completion tokens, whereas you provided 64000.",
            16_384,
        ),
    ] {
        let body = openai(message, json!("max_tokens"), Value::Null);
        assert_eq!(
            lessons(400, &body, &sent),
            [(Field::Cap, told)],
            "{message}"
        );
    }
}

/// They name a field of ours and refuse none.
#[test]
fn traps_are_not_walked_into() {
    for (status, message, param) in [
        (
            400,
            "max_tokens must be greater than thinking.budget_tokens",
            json!("max_tokens"),
        ),
        (
            402,
            "This request requires more credits, or fewer max_tokens. You requested up to 400 tokens, but can only afford 12.",
            Value::Null,
        ),
        (
            400,
            "This request requires more credits, or fewer max_tokens. You requested up to 400 tokens, but can only afford 12.",
            Value::Null,
        ),
        (
            422,
            "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 4000 `inputs` tokens and 400 `max_new_tokens`",
            Value::Null,
        ),
        (
            400,
            "Please reduce the length of the messages or completion.",
            json!("messages"),
        ),
        (
            400,
            "This model's maximum context length is 4096 tokens. However, you requested 4500 tokens (4100 in the messages, 400 in the completion).",
            json!("messages"),
        ),
        (
            400,
            "Requests with max_tokens > 300 must have stream=true",
            json!("max_tokens"),
        ),
        (
            429,
            "Rate limit reached for model `m` on tokens per minute: Limit 6000, Used 5034, Requested 1200",
            Value::Null,
        ),
        (
            400,
            "Budget has been exceeded! Current cost: 1.2, Max budget: 1.0, temperature invalid",
            Value::Null,
        ),
        (503, "Unsupported parameter: 'stop'", json!("stop")),
        (400, "messages 参数非法。请检查文档。", Value::Null),
        (
            400,
            "Invalid request: the message at position 4 with role 'assistant' must not be empty",
            Value::Null,
        ),
        (
            400,
            "This model does not support assistant message prefill. The conversation must end with a user message.",
            Value::Null,
        ),
        (
            400,
            "Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant",
            Value::Null,
        ),
        (
            500,
            "The server had an error while processing your request. Please stop and try again, invalid state.",
            Value::Null,
        ),
        (
            404,
            "The model `m` does not exist or you do not have access to it.",
            Value::Null,
        ),
        (
            500,
            "Unable to generate parser for this template. Automatic parser generation failed: While executing CallExpression at line 79, column 24 in source: …raise_exception('System role not supported')",
            Value::Null,
        ),
    ] {
        assert_eq!(
            lessons(status, &openai(message, param, Value::Null), &ALL),
            [],
            "{message}"
        );
    }
}

/// Gathered from a second author's reading of the same services; none of these was at hand when the patterns were written.
#[test]
fn other_words_for_the_same_are_read_too() {
    let said = |message: &str| json!({"error": {"message": message}});
    for (status, body, expected) in [
        (
            400,
            said("stop参数非法。请检查文档。"),
            vec![(Field::Stop, 0)],
        ),
        (
            400,
            said("API 调用参数有误，请检查文档。temperature 参数非法"),
            vec![(Field::Temperature, 0)],
        ),
        (400, said("该模型不支持参数 stop"), vec![(Field::Stop, 0)]),
        (
            400,
            json!({"code": 20015, "message": "参数错误：当前模型不支持 stream_options", "data": null}),
            vec![(Field::Usage, 0)],
        ),
        (
            400,
            said("当前模型不支持 system 角色"),
            vec![(Field::System, 0)],
        ),
        (
            400,
            said("max_tokens 参数取值范围为 [1, 256]"),
            vec![(Field::Cap, 256)],
        ),
        (400, said("max_tokens 不能大于256"), vec![(Field::Cap, 256)]),
        (400, said("stop not support"), vec![(Field::Stop, 0)]),
        (400, said("stop is not supported"), vec![(Field::Stop, 0)]),
        (
            400,
            said("Stop sequences are not supported for reasoning models."),
            vec![(Field::Stop, 0)],
        ),
        (
            400,
            said("This model does not support stop words"),
            vec![(Field::Stop, 0)],
        ),
        (
            400,
            json!({"message": "Malformed input request: #: extraneous key [stop] is not permitted, please reformat your input and try again."}),
            vec![(Field::Stop, 0)],
        ),
        (
            400,
            said(
                "1 validation error for ChatCompletionRequest\nstop\n  Extra inputs are not permitted [type=extra_forbidden, input_value=['\\nada:'], input_type=list]",
            ),
            vec![(Field::Stop, 0)],
        ),
        (
            400,
            said(
                "<400> InternalError.Algo.InvalidParameter: The stop parameter must be of type str, list[str], list[int], or list[list[int]]",
            ),
            vec![(Field::Stop, 0)],
        ),
        (
            422,
            json!({"error": "Input validation error: `stop` supports up to 0 stop sequences. Given: 1", "error_type": "validation"}),
            vec![(Field::Stop, 0)],
        ),
        (
            422,
            json!({"error": "Input validation error: `stop` supports up to 3 stop sequences. Given: 4", "error_type": "validation"}),
            vec![(Field::Stop, 3)],
        ),
        (
            422,
            json!({"error": "Failed to deserialize the JSON body into the target type: unknown field `stream_options`, expected one of `model`, `messages`, `max_tokens`, `stop`, `temperature`, `top_p`, `stream` at line 1 column 300"}),
            vec![(Field::Usage, 0)],
        ),
        (
            400,
            said(
                "Unknown parameter: 'stream_options'. Supported parameters are: model, messages, stop, temperature, max_tokens.",
            ),
            vec![(Field::Usage, 0)],
        ),
        (
            400,
            json!({"type": "error", "error": {"type": "invalid_request_error", "message": "system.0.cache_control: Extra inputs are not permitted"}}),
            vec![(Field::Cache, 0)],
        ),
        (
            400,
            said("The temperature parameter is illegal. Please check the documentation."),
            vec![(Field::Temperature, 0)],
        ),
        (
            400,
            said("'system' is not one of ['user', 'assistant'] - 'messages.0.role'"),
            vec![(Field::System, 0)],
        ),
        (
            500,
            said("Jinja Exception: Conversations must start with a user prompt"),
            vec![(Field::System, 0)],
        ),
        (
            400,
            said("messages: first message must use the \"user\" role"),
            vec![(Field::System, 0)],
        ),
        (
            400,
            json!({"error_code": 336_006, "error_msg": "the role of message with even index in the messages must be assistant, and the role of message with odd index in the messages must be user or function"}),
            vec![(Field::System, 0)],
        ),
        (
            400,
            json!({"type": "https://tools.ietf.org/html/rfc9110", "title": "One or more validation errors occurred.", "status": 400, "errors": {"stop": ["The field stop is not supported."]}}),
            vec![(Field::Stop, 0)],
        ),
        (
            400,
            json!({"success": false, "error": {"name": "ZodError", "issues": [{"code": "unrecognized_keys", "keys": ["stream_options"], "path": [], "message": "Unrecognized key(s) in object: 'stream_options'"}]}}),
            vec![(Field::Usage, 0)],
        ),
        (
            422,
            json!({"detail": [{"type": "extra_forbidden", "loc": ["body", "ChatCompletionRequest", "stream_options"], "msg": "Extra inputs are not permitted"}]}),
            vec![(Field::Usage, 0)],
        ),
        (
            400,
            said(
                "This model has beta-limitations: temperature, top_p and n are fixed at 1, while presence_penalty and frequency_penalty are fixed at 0.",
            ),
            vec![(Field::Temperature, 0)],
        ),
    ] {
        assert_eq!(lessons(status, &body, &ALL), expected, "{body}");
    }
}

#[test]
fn a_server_that_fails_speaks_of_itself() {
    for message in [
        "Unexpected server error: GPU temperature too high, must be throttled",
        "system message bus is not reachable",
        "cannot stop worker: unknown state",
    ] {
        let body = json!({"error": {"message": message, "type": "invalid_request_error"}});
        assert_eq!(lessons(500, &body, &ALL), [], "{message}");
    }
}
