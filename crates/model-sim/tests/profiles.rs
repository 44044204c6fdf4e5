//! Each endpoint refuses what it is known to refuse, in its own words, and answers what is left.

#![allow(
    clippy::unwrap_used,
    reason = "clippy takes what the tests share for ordinary code"
)]

use std::sync::LazyLock;

use model_sim::{Dialect, Fault, ModelSim, Profile, Reply};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

const KEY: &str = "sk-the-key";

/// A request that nobody refuses but for its fields: one user's message and a cap under the name that the endpoint reads.
fn plain(profile: Profile) -> Value {
    let cap = match profile {
        Profile::Gpt5 | Profile::O1Mini | Profile::LiteLlm | Profile::AzureV1 => {
            "max_completion_tokens"
        }
        _ => "max_tokens",
    };
    json!({"model": "m", "messages": [{"role": "user", "content": "hello"}], "stream": true, cap: 60})
}

fn with(profile: Profile, field: &str, value: Value) -> Value {
    let mut body = plain(profile);
    body[field] = value;
    body
}

/// Kept between tests, since every new one reads the system's certificates; its connections are not, since they belong to
/// a test's runtime.
static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    let builder = Client::builder().pool_max_idle_per_host(0);
    builder.tls_certs_only([]).build().unwrap()
});

/// The address of generations.
fn route(sim: &ModelSim) -> String {
    let route = match sim.profile().dialect() {
        Dialect::OpenAi => "chat/completions",
        Dialect::Anthropic => "v1/messages",
    };
    match sim.url().split_once('?') {
        Some((base, query)) => format!("{base}/{route}?{query}"),
        None => format!("{}/{route}", sim.url()),
    }
}

async fn send(request: RequestBuilder) -> (u16, String) {
    let answer: Response = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn post(sim: &ModelSim, body: &Value) -> (u16, String) {
    send(CLIENT.post(route(sim)).json(body)).await
}

#[tokio::test]
async fn every_profile_answers_a_plain_request_and_bills_it() {
    for profile in Profile::ALL {
        let sim = ModelSim::like(profile).await;
        sim.say("Fine day.");
        let (status, body) = post(&sim, &plain(profile)).await;
        assert_eq!(status, 200, "{profile}: {body}");
        assert!(body.contains("Fine"), "{profile}: {body}");
        assert!(sim.refusals().is_empty(), "{profile}");
        let bills = sim.bills();
        let thought = model_sim::count_tokens(profile.thought());
        let written = thought + model_sim::count_tokens("Fine day.");
        // A thought stands before an answer that keeps to the cap.
        assert!(
            bills.len() == 1 && bills[0].output == written,
            "{profile}: {bills:?}"
        );
    }
}

#[tokio::test]
async fn servers_that_people_run_themselves_take_what_they_sample_by() {
    for profile in [
        Profile::Ollama,
        Profile::LlamaCppOld,
        Profile::LlamaCpp,
        Profile::LmStudio,
        Profile::LocalAi,
        Profile::KoboldCpp,
        Profile::Vllm,
        Profile::VllmOld,
        Profile::Tgi,
    ] {
        let sim = ModelSim::like(profile).await;
        for name in profile.samples() {
            let (status, body) = post(&sim, &with(profile, name, json!(1))).await;
            assert_eq!(status, 200, "{profile} {name}: {body}");
        }
    }
}

#[tokio::test]
async fn every_profile_says_what_it_refuses_in_its_own_words() {
    let system = json!([{"role": "system", "content": "You are Mia."}, {"role": "user", "content": "hello"}]);
    let twice = json!([{"role": "user", "content": "one"}, {"role": "user", "content": "two"}]);
    let empty = json!([{"role": "user", "content": " "}]);
    let reply_last =
        json!([{"role": "user", "content": "one"}, {"role": "assistant", "content": "two"}]);
    let stops = json!(["a", "b", "c", "d", "e", "f"]);
    let schema =
        json!({"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}});
    let usage = json!({"include_usage": true});
    let cases = [
        (
            Profile::Strict,
            "mood",
            json!(1),
            400,
            "Unknown parameter: 'mood'.",
        ),
        (
            Profile::Strict,
            "repeat_penalty",
            json!(1.1),
            400,
            "Unknown parameter: 'repeat_penalty'.",
        ),
        (
            Profile::LlamaCpp,
            "dry_penalty_last_n",
            json!(-1),
            400,
            "Field 'dry_penalty_last_n': Value must be between 0",
        ),
        (
            Profile::VllmOld,
            "dry_base",
            json!(1.75),
            400,
            "'loc': ('body', 'dry_base')",
        ),
        (
            Profile::Strict,
            "stop",
            stops.clone(),
            400,
            "but got an array with length 6",
        ),
        (
            Profile::Strict,
            "messages",
            twice.clone(),
            400,
            "must alternate",
        ),
        (
            Profile::Strict,
            "messages",
            empty.clone(),
            400,
            "must be non-empty",
        ),
        (
            Profile::Gpt5,
            "stop",
            json!(["a"]),
            400,
            "'stop' is not supported with this model",
        ),
        (
            Profile::Gpt5,
            "temperature",
            json!(0.8),
            400,
            "'temperature' does not support 0.8",
        ),
        (
            Profile::Gpt5,
            "max_tokens",
            json!(9),
            400,
            "Use 'max_completion_tokens' instead",
        ),
        (
            Profile::O1Mini,
            "messages",
            system.clone(),
            400,
            "'messages[0].role' does not support 'system'",
        ),
        (
            Profile::O1Mini,
            "response_format",
            schema.clone(),
            400,
            "of type 'json_schema' is not supported",
        ),
        (
            Profile::LiteLlm,
            "temperature",
            json!(0),
            400,
            "don't support temperature=0.",
        ),
        (
            Profile::LiteLlm,
            "stop",
            json!(["a"]),
            400,
            "AzureException BadRequestError",
        ),
        (
            Profile::AzureDeployment,
            "stream_options",
            usage.clone(),
            400,
            "Unknown parameter: 'stream_options'.",
        ),
        (
            Profile::AzureDeployment,
            "max_completion_tokens",
            json!(9),
            400,
            "argument supplied: max_completion_tokens",
        ),
        (
            Profile::AzureDeployment,
            "stop",
            stops.clone(),
            400,
            "'$.stop' is invalid",
        ),
        (
            Profile::AzureV1,
            "stop",
            json!(["a"]),
            400,
            "'stop' is not supported with this model",
        ),
        (
            Profile::Gemini,
            "mood",
            json!(1),
            400,
            r#"Unknown name \"mood\": Cannot find field."#,
        ),
        (
            Profile::Gemini,
            "stop",
            stops.clone(),
            400,
            "must not exceed 5",
        ),
        (
            Profile::Gemma3,
            "messages",
            system.clone(),
            400,
            "Developer instruction is not enabled for models/m",
        ),
        (
            Profile::Gemma3,
            "response_format",
            schema.clone(),
            400,
            "JSON mode is not enabled",
        ),
        (
            Profile::Groq,
            "mood",
            json!(1),
            400,
            "property 'mood' is unsupported",
        ),
        (
            Profile::Groq,
            "stop",
            stops.clone(),
            400,
            "len(stop) > 4 is not supported",
        ),
        (
            Profile::Groq,
            "response_format",
            schema.clone(),
            400,
            "does not support response format",
        ),
        (
            Profile::Cerebras,
            "mood",
            json!(1),
            400,
            "property 'body.mood' is unsupported",
        ),
        (
            Profile::Cerebras,
            "response_format",
            schema.clone(),
            400,
            "structured outputs is currently not supported",
        ),
        (
            Profile::DeepSeek,
            "response_format",
            schema.clone(),
            400,
            "This response_format type is unavailable now",
        ),
        (
            Profile::DeepSeek,
            "messages",
            twice.clone(),
            400,
            "successive user or assistant messages (messages[0]",
        ),
        (
            Profile::DeepSeek,
            "max_tokens",
            json!(9000),
            400,
            "valid range of max_tokens is [1, 8192]",
        ),
        (
            Profile::Moonshot,
            "temperature",
            json!(0.8),
            400,
            "only 1 is allowed for this model",
        ),
        (
            Profile::Moonshot,
            "messages",
            empty.clone(),
            400,
            "position 0 with role 'user' must not be empty",
        ),
        (
            Profile::Mistral,
            "stream_options",
            usage,
            422,
            r#"["body","stream_options","include_usage"]"#,
        ),
        (
            Profile::Mistral,
            "messages",
            reply_last.clone(),
            400,
            "Expected last role User",
        ),
        (
            Profile::Xai,
            "stop",
            json!(["a"]),
            400,
            "Argument not supported on this model: stop",
        ),
        (
            Profile::OpenRouter,
            "stop",
            json!(["a"]),
            400,
            "Provider returned error",
        ),
        (
            Profile::Ollama,
            "messages",
            twice.clone(),
            500,
            r#"{\"error\":{\"code\":500"#,
        ),
        (
            Profile::LlamaCppOld,
            "messages",
            system.clone(),
            500,
            "at row 19, column 27",
        ),
        (
            Profile::LlamaCpp,
            "messages",
            system.clone(),
            500,
            "Jinja Exception: System role not supported",
        ),
        (
            Profile::LlamaCpp,
            "messages",
            twice.clone(),
            500,
            "Jinja Exception: Conversation roles",
        ),
        (
            Profile::LmStudio,
            "response_format",
            json!({"type": "json_object"}),
            400,
            "must be 'json_schema' or 'text'",
        ),
        (
            Profile::LocalAi,
            "messages",
            system.clone(),
            200,
            "rpc error: code = InvalidArgument",
        ),
        (
            Profile::Vllm,
            "messages",
            twice.clone(),
            400,
            "must alternate",
        ),
        (
            Profile::VllmOld,
            "max_completion_tokens",
            json!(9),
            400,
            "'loc': ('body', 'max_completion_tokens')",
        ),
        (
            Profile::VllmOld,
            "messages",
            system.clone(),
            400,
            "System role not supported",
        ),
        (
            Profile::Tgi,
            "messages",
            system.clone(),
            422,
            "Template error",
        ),
        (
            Profile::Anthropic,
            "mood",
            json!(1),
            400,
            "mood: Extra inputs are not permitted",
        ),
        (
            Profile::Anthropic,
            "max_tokens",
            json!(64_001),
            400,
            "64001 > 64000",
        ),
        (
            Profile::Anthropic,
            "messages",
            empty,
            400,
            "must be non-empty",
        ),
        (
            Profile::Anthropic,
            "stop_sequences",
            json!(["\n"]),
            400,
            "must contain non-whitespace",
        ),
        (
            Profile::AnthropicOpus,
            "temperature",
            json!(0.8),
            400,
            "`temperature` is deprecated",
        ),
        (
            Profile::AnthropicOpus,
            "messages",
            reply_last,
            400,
            "assistant message prefill",
        ),
    ];
    let silent: Vec<Profile> = Profile::ALL
        .into_iter()
        .filter(|profile| !cases.iter().any(|case| case.0 == *profile))
        .collect();
    // The one checks nothing at all; what the other refuses is not known.
    assert_eq!(silent, [Profile::KoboldCpp, Profile::AnthropicVendor]);
    for (profile, field, value, status, words) in cases {
        let sim = ModelSim::like(profile).await;
        let (refused, body) = post(&sim, &with(profile, field, value)).await;
        assert_eq!(refused, status, "{profile} {field}: {body}");
        assert!(body.contains(words), "{profile} {field}: {body}");
        assert_eq!(sim.refusals().len(), 1, "{profile} {field}");
        assert!(
            sim.generations().is_empty() && sim.bills().is_empty(),
            "{profile} {field}"
        );
    }
}

#[tokio::test]
async fn every_profile_reads_the_key_where_it_is_known_to() {
    for profile in Profile::ALL {
        let sim = ModelSim::like(profile).await;
        sim.require_key(KEY);
        let body = plain(profile);
        let ask = || CLIENT.post(route(&sim)).json(&body);
        let bearer = send(ask().bearer_auth(KEY)).await.0;
        let azures = send(ask().header("api-key", KEY)).await.0;
        let anthropics = send(ask().header("x-api-key", KEY)).await.0;
        let expected = match profile {
            Profile::Strict => (200, 401, 200),
            Profile::AzureDeployment => (401, 200, 401),
            Profile::AzureV1 => (200, 200, 401),
            Profile::Anthropic | Profile::AnthropicOpus => (401, 401, 200),
            _ => (200, 401, 401),
        };
        assert_eq!((bearer, azures, anthropics), expected, "{profile}");
        let shown = sim
            .requests()
            .iter()
            .any(|request| format!("{request:?}").contains(KEY));
        assert!(!shown, "{profile} records the key");
    }
}

#[tokio::test]
async fn an_azure_deployment_is_found_by_its_version_only() {
    let sim = ModelSim::like(Profile::AzureDeployment).await;
    let address = route(&sim).replace("?api-version=2024-02-01", "");
    let body = plain(Profile::AzureDeployment);
    let (status, _) = send(CLIENT.post(address).json(&body)).await;
    assert_eq!(status, 404);
}

/// Where a client finds the window, if anywhere.
#[tokio::test]
async fn windows_are_told_where_each_endpoint_tells_them() {
    let places = [
        (Profile::Vllm, "/v1/models", "/data/0/max_model_len"),
        (Profile::LlamaCpp, "/v1/models", "/data/0/meta/n_ctx"),
        (
            Profile::LlamaCpp,
            "/props",
            "/default_generation_settings/n_ctx",
        ),
        (Profile::Groq, "/openai/v1/models", "/data/0/context_window"),
        (Profile::Mistral, "/v1/models", "/data/0/max_context_length"),
        (
            Profile::OpenRouter,
            "/api/v1/models",
            "/data/0/context_length",
        ),
        (Profile::Anthropic, "/v1/models", "/data/0/max_input_tokens"),
        (Profile::Ollama, "/api/ps", "/models/0/context_length"),
        (
            Profile::LmStudio,
            "/api/v0/models",
            "/data/0/loaded_context_length",
        ),
        (
            Profile::KoboldCpp,
            "/api/extra/true_max_context_length",
            "/value",
        ),
    ];
    for (profile, path, pointer) in places {
        let sim = ModelSim::like(profile).await;
        sim.tell_window(4096);
        let address = format!("http://{}{path}", sim.address());
        let (status, body) = send(CLIENT.get(address)).await;
        let told: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(
            told.pointer(pointer),
            Some(&json!(4096)),
            "{profile} {status}: {body}"
        );
    }
}

#[tokio::test]
async fn faults_are_told_in_the_words_of_the_endpoint() {
    let pause = Fault::RateLimited {
        retry_after: Some(7),
    };
    let cases = [
        (
            Profile::Anthropic,
            Fault::Overloaded,
            529,
            "overloaded_error",
        ),
        (Profile::Gemini, Fault::Overloaded, 503, "UNAVAILABLE"),
        (Profile::Gemini, pause.clone(), 429, r#""retryDelay":"7s""#),
        (Profile::Groq, pause, 429, "Please try again in 7s."),
        (
            Profile::Ollama,
            Fault::Overloaded,
            503,
            "server busy, please try again.  maximum",
        ),
        (Profile::LlamaCpp, Fault::Overloaded, 503, "Loading model"),
        (
            Profile::KoboldCpp,
            Fault::Overloaded,
            503,
            r#"{"detail":{"msg":"Server is busy"#,
        ),
        (
            Profile::OpenRouter,
            Fault::OutOfCredit,
            402,
            "requires more credits",
        ),
        (
            Profile::Xai,
            Fault::RefusedByPolicy,
            403,
            "Content violates usage guidelines",
        ),
        (
            Profile::LlamaCppOld,
            Fault::ErrorEvent { after: 1 },
            200,
            "\n\nerror: {",
        ),
        (
            Profile::LmStudio,
            Fault::ErrorEvent { after: 1 },
            200,
            "event: error\n",
        ),
        (
            Profile::Groq,
            Fault::ErrorEvent { after: 1 },
            200,
            r#""x_groq":{"error""#,
        ),
        (
            Profile::OpenRouter,
            Fault::ErrorEvent { after: 1 },
            200,
            r#""finish_reason":"error""#,
        ),
    ];
    for (profile, fault, status, words) in cases {
        let sim = ModelSim::like(profile).await;
        sim.queue(Reply::fault(fault.clone()));
        let (told, body) = post(&sim, &plain(profile)).await;
        assert_eq!(told, status, "{profile} {fault:?}: {body}");
        assert!(body.contains(words), "{profile} {fault:?}: {body}");
    }
}

#[tokio::test]
async fn streams_look_as_each_endpoint_writes_them() {
    let cases = [
        (
            Profile::Mistral,
            r#""content":[{"type":"thinking","thinking":[{"type":"text""#,
        ),
        (Profile::LlamaCpp, ":\n\ndata: {"),
        (Profile::LlamaCpp, r#""content":"ink>""#),
        (Profile::LmStudio, r#""content":"<thi"#),
        (Profile::OpenRouter, ": OPENROUTER PROCESSING\n\n"),
        (Profile::DeepSeek, r#""prompt_cache_miss_tokens""#),
        (Profile::Groq, r#""x_groq":{"id""#),
        (Profile::KoboldCpp, r#""finish_reason":"null""#),
        (Profile::Tgi, r#""index":2"#),
        (Profile::AzureV1, r#""prompt_filter_results""#),
        (Profile::AnthropicOpus, r#""type":"thinking_delta""#),
        (Profile::Xai, r#""cost_in_usd_ticks""#),
    ];
    for (profile, words) in cases {
        let sim = ModelSim::like(profile).await;
        sim.say("Fine day, and a fresh breeze.");
        let mut body = plain(profile);
        if !matches!(profile, Profile::Mistral | Profile::AnthropicOpus) {
            body["stream_options"] = json!({"include_usage": true});
        }
        let (_, stream) = post(&sim, &body).await;
        assert!(stream.contains(words), "{profile}: {stream}");
    }
}
