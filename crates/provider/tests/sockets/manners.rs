//! Manners: a field that an endpoint refuses is named, costs nothing, and is left out of the next request.

use ledger::Outcome;
use model_sim::{Fault, ModelSim, Profile, Prompt, Reply};
use provider::{
    CapField, Deadlines, Endpoint, Field, Lesson, OpenAi, Provider, ProviderError, Request,
    Sampling, Stop,
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::bench::{Bench, Heard, Wire, request, schema, terms};

/// Everything that a request can hold.
fn full() -> Request {
    Request {
        temperature: Some(0.0),
        stop: vec!["\nAna:".into()],
        schema: Some(schema()),
        ..request("hello")
    }
}

fn refusal(status: u16, body: impl ToString) -> Reply {
    Reply::fault(Fault::Status {
        status,
        content_type: "application/json",
        body: body.to_string(),
    })
}

/// OpenAI's answer where a parameter is not supported.
fn unsupported(param: &str, more: &str) -> Reply {
    let message =
        format!("Unsupported parameter: '{param}' is not supported with this model.{more}");
    refusal(
        400,
        json!({"error": {"message": message, "type": "invalid_request_error", "param": param, "code": "unsupported_parameter"}}),
    )
}

/// As gpt-5 and the o-series refuse, behind a host whose name tells nothing: one parameter at a time.
fn gpt_5(prompt: &Prompt) -> Reply {
    let has = |field: &str| !prompt.body[field].is_null();
    match () {
        () if has("max_tokens") => {
            unsupported("max_tokens", " Use 'max_completion_tokens' instead.")
        }
        () if has("stop") => unsupported("stop", ""),
        () if has("temperature") => unsupported("temperature", ""),
        () => Reply::text("Hello, traveller."),
    }
}

/// Asks until there is something else than a refused field, as a caller does; the fields, in order, and the end.
async fn learn(bench: &Bench, provider: &dyn Provider, request: Request) -> (Vec<Field>, Heard) {
    let mut refused = vec![];
    loop {
        let heard = bench.ask(provider, request.clone()).await;
        let Err(ProviderError::FieldRefused { field, .. }) = heard.result else {
            return (refused, heard);
        };
        assert!(heard.pieces.is_empty());
        let receipt = bench
            .ledger
            .settle(heard.hold, heard.outcome)
            .await
            .unwrap();
        assert_eq!((receipt.tokens, receipt.usd.get()), (0, 0), "{field}");
        refused.push(field);
        assert!(refused.len() <= Field::ALL.len(), "{refused:?}");
    }
}

fn is_absent(body: &Value, field: &str) -> bool {
    body[field].is_null()
}

#[tokio::test]
async fn what_a_reasoning_model_refuses_is_left_out_and_stays_left_out() {
    let bench = Bench::new().await;
    bench.sim.always(gpt_5);
    let provider = bench.provider(Wire::OpenAi);
    let (refused, heard) = learn(&bench, &*provider, full()).await;
    assert_eq!(refused, [Field::MaxTokens, Field::Stop, Field::Temperature]);
    assert_eq!(heard.text(), "Hello, traveller.");
    let sent = bench.sim.generations();
    assert_eq!(sent.len(), 4, "one more for each field");
    let body = &sent[3].body;
    assert_eq!(body["max_completion_tokens"], 200);
    assert!(is_absent(body, "stop") && is_absent(body, "temperature"));
    let (refused, _) = learn(&bench, &*provider, full()).await;
    assert_eq!(refused, [], "it is learned once");
}

/// A reply as servers are asked for it that people run themselves.
fn as_a_local_one() -> Request {
    Request {
        temperature: Some(0.8),
        sampling: Sampling {
            repeat_penalty: Some(1.1),
            repeat_last_n: Some(512),
            dry_multiplier: Some(0.8),
            dry_allowed_length: Some(2),
            ..Sampling::NONE
        },
        ..request("hello")
    }
}

#[tokio::test]
async fn samplers_that_only_some_have_cost_a_strict_endpoint_one_refusal() {
    let bench = Bench::new().await;
    bench.sim.say("Hello, traveller.");
    let provider = bench.provider(Wire::OpenAi);
    let (refused, heard) = learn(&bench, &*provider, as_a_local_one()).await;
    assert_eq!(refused, [Field::Samplers]);
    assert_eq!(heard.text(), "Hello, traveller.");
    let body = &bench.sim.generations()[0].body;
    for name in ["repeat_penalty", "repetition_penalty", "dry_multiplier"] {
        assert!(is_absent(body, name), "{name}");
    }
    assert!(!is_absent(body, "temperature"));
    assert_eq!(
        provider.samplers(&as_a_local_one()).to_string(),
        "temperature 0.8"
    );
}

#[tokio::test]
async fn a_sampler_that_is_refused_for_its_value_goes_alone() {
    let mut bench = Bench::new().await;
    bench.sim = ModelSim::like(Profile::Vllm).await;
    bench.sim.always(|prompt| match prompt.body["dry_multiplier"].is_null() {
        true => Reply::text("Hello, traveller."),
        false => refusal(
            400,
            json!({"error": {"code": 400, "message": "Field 'dry_multiplier': Value must be between 1 <= value <= 2, but got 0.8", "type": "invalid_request_error"}}),
        ),
    });
    let provider = bench.provider(Wire::OpenAi);
    let (refused, _) = learn(&bench, &*provider, as_a_local_one()).await;
    assert_eq!(refused, [Field::Dry]);
    let body = &bench.sim.generations()[1].body;
    assert_eq!(body["repeat_last_n"], 512);
    assert!(is_absent(body, "dry_allowed_length"));
}

/// Whichever name an endpoint wants, and also where it wants neither.
#[rstest]
#[case(CapField::MaxTokens, Some("max_completion_tokens"))]
#[case(CapField::MaxCompletionTokens, Some("max_tokens"))]
#[case(CapField::MaxTokens, None)]
#[tokio::test]
async fn the_cap_changes_its_name_once_and_never_goes_without(
    #[case] usual: CapField,
    #[case] wanted: Option<&'static str>,
) {
    let bench = Bench::new().await;
    bench.sim.always(move |prompt| {
        let names = ["max_tokens", "max_completion_tokens"];
        let sent = names.into_iter().find(|name| !prompt.body[name].is_null());
        match sent {
            Some(name) if Some(name) == wanted => Reply::text("Hello."),
            name => unsupported(name.unwrap_or("nothing"), ""),
        }
    });
    let endpoint = Endpoint::new(&bench.url(Wire::OpenAi), None, Deadlines::default()).unwrap();
    let provider = OpenAi::new(endpoint, terms()).with_cap_field(usual);
    let (refused, heard) = learn(&bench, &provider, request("hello")).await;
    assert_eq!(refused.len(), 1);
    match wanted {
        Some(_) => assert_eq!(heard.text(), "Hello."),
        None => assert!(matches!(heard.error(), ProviderError::Other { .. })),
    }
    let (refused, _) = learn(&bench, &provider, request("hello")).await;
    assert_eq!(refused, [], "no ping-pong");
    for sent in bench.sim.generations() {
        let caps = ["max_tokens", "max_completion_tokens"].map(|name| sent.body[name].as_u64());
        assert_eq!(caps.iter().flatten().count(), 1, "there is always a cap");
    }
}

#[rstest]
#[case(Wire::OpenAi)]
#[case(Wire::Anthropic)]
#[tokio::test]
async fn a_model_without_a_system_role_reads_the_system_prompt_in_the_first_message(
    #[case] wire: Wire,
) {
    let bench = Bench::new().await;
    bench.sim.always(|prompt| match prompt.system.is_empty() {
        true => Reply::text("Hello."),
        false => refusal(
            400,
            json!([{"error": {"code": 400, "message": "Developer instruction is not enabled for models/gemma-3-27b-it", "status": "INVALID_ARGUMENT"}}]),
        ),
    });
    let provider = bench.provider(wire);
    let (refused, heard) = learn(&bench, &*provider, request("hello")).await;
    assert_eq!(refused, [Field::System]);
    assert_eq!(heard.text(), "Hello.");
    let body = &bench.sim.generations()[1].body;
    assert!(body["system"].is_null());
    let messages = body["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 1);
    assert_eq!(
        messages[0],
        json!({"role": "user", "content": "You are Mia, a gardener.\n\nIt rains.\n\nhello"})
    );
}

/// One refusal of each field, each in another service's wrapping.
#[rstest]
#[case::mistral_behind_a_proxy(Wire::OpenAi, 422, json!({"object": "error", "message": {"detail": [{"type": "extra_forbidden", "loc": ["body", "stream_options", "include_usage"], "msg": "Extra inputs are not permitted", "input": true}]}, "type": "invalid_request_error", "param": null, "code": null}), Lesson { field: Field::Usage, value: 0 }, "stream_options")]
#[case::openrouter(Wire::OpenAi, 400, json!({"error": {"message": "Provider returned error", "code": 400, "metadata": {"raw": "{\n \"error\": {\n \"message\": \"Unsupported parameter: 'stop' is not supported with this model.\",\n \"param\": \"stop\"\n }\n}", "provider_name": "OpenAI"}}}), Lesson { field: Field::Stop, value: 0 }, "stop")]
#[case::xai(Wire::OpenAi, 400, json!({"code": "Client specified an invalid argument", "error": "Argument not supported on this model: stop"}), Lesson { field: Field::Stop, value: 0 }, "stop")]
#[case::deepseek(Wire::OpenAi, 400, json!({"error": {"message": "This response_format type is unavailable now", "type": "invalid_request_error", "param": null, "code": "invalid_request_error"}}), Lesson { field: Field::Schema, value: 0 }, "response_format")]
#[case::moonshot(Wire::OpenAi, 400, json!({"error": {"message": "invalid temperature: only 1 is allowed for this model", "type": "invalid_request_error"}}), Lesson { field: Field::Temperature, value: 0 }, "temperature")]
#[case::opus(Wire::Anthropic, 400, json!({"type": "error", "error": {"type": "invalid_request_error", "message": "`temperature` is deprecated for this model."}}), Lesson { field: Field::Temperature, value: 0 }, "temperature")]
#[tokio::test]
async fn a_refused_field_is_gone_from_the_next_request(
    #[case] wire: Wire,
    #[case] status: u16,
    #[case] body: Value,
    #[case] lesson: Lesson,
    #[case] name: &str,
) {
    let bench = Bench::new().await;
    bench.sim.queue(refusal(status, &body));
    bench.sim.say("Hello.");
    let provider = bench.provider(wire);
    let (refused, heard) = learn(&bench, &*provider, full()).await;
    assert_eq!(
        (refused, heard.text()),
        (vec![lesson.field], "Hello.".into())
    );
    assert_eq!(provider.manners().fresh(), [lesson]);
    let sent = bench.sim.generations();
    assert!(!sent[0].body[name].is_null() && sent[1].body[name].is_null());
}

#[tokio::test]
async fn a_cap_above_the_models_highest_is_lowered_and_never_dropped() {
    let bench = Bench::new().await;
    let body = json!({"error": {"message": "Invalid max_tokens value, the valid range of max_tokens is [1, 128]", "param": "max_tokens"}});
    bench.sim.queue(refusal(400, body));
    bench.sim.say("Hello.");
    let (refused, _) = learn(&bench, &*bench.provider(Wire::OpenAi), request("hello")).await;
    assert_eq!(refused, [Field::Cap]);
    assert_eq!(bench.sim.generations()[1].body["max_tokens"], 128);
}

/// A chat template fails before the model runs, whatever status its server gives that.
#[rstest]
#[case::llama_cpp(500, json!({"error": {"code": 500, "message": "\n------------\nWhile executing CallExpression at line 19, column 27 in source:\n...raise_exception(\"Conversation roles...\nError: Jinja Exception: System role not supported", "type": "server_error"}}), Outcome::NotRun)]
#[case::mlx(404, json!({"error": "Conversation roles must alternate user/assistant/user/assistant/..."}), Outcome::Rejected { status: 404 })]
#[tokio::test]
async fn a_chat_template_that_knows_no_system_role_did_not_run_the_model(
    #[case] status: u16,
    #[case] body: Value,
    #[case] outcome: Outcome,
) {
    let bench = Bench::new().await;
    bench.sim.queue(refusal(status, body));
    let heard = bench
        .ask(&*bench.provider(Wire::OpenAi), request("hello"))
        .await;
    let error = heard.error();
    assert!(
        matches!(
            error,
            ProviderError::FieldRefused {
                field: Field::System,
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(heard.outcome, outcome);
}

#[tokio::test]
async fn clones_of_manners_and_a_restart_need_no_second_lesson() {
    let bench = Bench::new().await;
    bench.sim.always(gpt_5);
    let provider = bench.provider(Wire::OpenAi);
    learn(&bench, &*provider, full()).await;
    let lessons = provider.manners().lessons();
    let after = bench.provider(Wire::OpenAi);
    after.manners().remember(lessons);
    assert_eq!(
        after.manners().fresh(),
        [],
        "what is written down is not written again"
    );
    let (refused, heard) = learn(&bench, &*after, full()).await;
    assert_eq!(
        (refused, heard.text()),
        (vec![], "Hello, traveller.".into())
    );
    after.manners().forget();
    let (refused, _) = learn(&bench, &*after, full()).await;
    assert_eq!(refused.len(), 3, "as to a stranger");
}

/// Thinking that used up the cap, as often as it does: the next call has more, until there is no more to be had.
#[tokio::test]
async fn a_model_that_thinks_its_cap_away_is_given_room() {
    let bench = Bench::new().await;
    bench.sim.always(|prompt| {
        let cap = prompt.max_tokens.unwrap_or_default();
        let cap = usize::try_from(cap).unwrap_or_default();
        Reply::text("never said").thinking(vec!["hm"; cap].join(" "))
    });
    let provider = bench.provider(Wire::OpenAi);
    let manners = provider.manners();
    let mut caps = vec![];
    for _ in 0..4 {
        let cap = manners.with_room(200);
        let heard = bench
            .ask(
                &*provider,
                Request {
                    cap,
                    ..request("hello")
                },
            )
            .await;
        assert_eq!(heard.result, Ok(Stop::Thought));
        caps.push(cap);
    }
    // The model's maximum output is 1024.
    assert_eq!(caps, [200, 400, 600, 1000]);
    assert_eq!(manners.with_room(200), 1024);
    let fresh = manners.fresh();
    assert_eq!(
        fresh.last(),
        Some(&Lesson {
            field: Field::Room,
            value: 1024
        })
    );
}

/// Words that name nothing: what it was is found by leaving one field out after the other.
#[rstest]
#[case("stop", Field::Stop)]
#[case("temperature", Field::Temperature)]
#[case("stream_options", Field::Usage)]
#[tokio::test]
async fn a_refusal_that_names_no_field_is_found_out_by_trial(
    #[case] name: &'static str,
    #[case] field: Field,
) {
    let bench = Bench::new().await;
    bench
        .sim
        .always(move |prompt| match prompt.body[name].is_null() {
            true => Reply::text("Hello."),
            false => refusal(
                400,
                json!({"code": "E-1042", "message": "Ugyldig forespørsel"}),
            ),
        });
    let provider = bench.provider(Wire::OpenAi);
    let (tried, heard) = learn(&bench, &*provider, full()).await;
    assert_eq!(heard.text(), "Hello.");
    assert_eq!(tried.last(), Some(&field));
    let lesson = Lesson { field, value: 0 };
    assert_eq!(provider.manners().lessons(), [lesson], "only this one");
    assert_eq!(provider.manners().fresh(), [lesson]);
    let (again, _) = learn(&bench, &*provider, full()).await;
    assert_eq!(again, []);
}

#[tokio::test]
async fn a_refusal_that_no_trial_mends_is_tried_once_and_teaches_nothing() {
    let bench = Bench::new().await;
    bench
        .sim
        .always(|_| refusal(400, json!({"code": "E-1042"})));
    let provider = bench.provider(Wire::OpenAi);
    let (tried, heard) = learn(&bench, &*provider, full()).await;
    assert!(matches!(heard.error(), ProviderError::Other { .. }));
    let all = [
        Field::Schema,
        Field::Stop,
        Field::Temperature,
        Field::Usage,
        Field::System,
    ];
    assert_eq!(tried, all);
    let (tried, _) = learn(&bench, &*provider, full()).await;
    assert_eq!(tried, [], "each message is asked once from then on");
    assert_eq!(provider.manners().lessons(), []);
    bench.sim.always(|_| Reply::text("Hello."));
    let (_, heard) = learn(&bench, &*provider, full()).await;
    assert_eq!(heard.text(), "Hello.");
    let sent = bench.sim.generations();
    let last = &sent.last().unwrap().body;
    assert!(!last["stop"].is_null() && !last["stream_options"].is_null());
}
