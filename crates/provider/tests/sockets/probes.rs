//! `familiar check`: what a probe says, without a token spent.

use model_sim::{ModelSim, Profile};
use provider::{Deadlines, Endpoint, Found, OpenAi, ProviderError};
use rstest::rstest;

use crate::bench::{Bench, KEY, Wire, canned, patient, provider_at};

#[rstest]
#[tokio::test]
async fn a_sound_endpoint_passes_and_nothing_is_generated(
    #[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire,
) {
    let bench = Bench::new().await;
    bench.sim.require_key(KEY);
    bench.sim.serve_models(&["other", "sim"]);
    let probe = bench.provider(wire).probe().await.unwrap();
    let ids: Vec<_> = probe.models.iter().map(|model| model.id.as_str()).collect();
    assert_eq!(ids, ["other", "sim"]);
    assert!(bench.sim.generations().is_empty());
}

#[rstest]
#[tokio::test]
async fn a_wrong_key_is_told(#[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire) {
    let bench = Bench::new().await;
    bench.sim.require_key("another");
    let error = bench.provider(wire).probe().await.unwrap_err();
    assert!(
        matches!(error, ProviderError::Authentication { .. }),
        "{error}"
    );
}

#[rstest]
#[tokio::test]
async fn a_missing_model_is_told_with_the_names_that_exist(
    #[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire,
) {
    let bench = Bench::new().await;
    bench.sim.serve_models(&["qwen", "gemma"]);
    let probe = bench.provider(wire).probe().await.unwrap();
    let Found::NotListed { instead } = probe.found else {
        panic!("{:?}", probe.found);
    };
    assert_eq!(instead.as_str(), "there is qwen, gemma");
}

/// What a server says of its models, and what that says of `sim`.
#[rstest]
#[case::gemini(r#"{"object":"list","data":[{"id":"models/sim","object":"model","owned_by":"google"}]}"#, Found::Listed { context_window: None })]
#[case::vllm(r#"{"object":"list","data":[{"id":"sim","object":"model","owned_by":"vllm","max_model_len":4096}]}"#, Found::Listed { context_window: Some(4096) })]
#[case::koboldcpp(r#"{"object":"list","data":[{"id":"koboldcpp/L3-8B","object":"model","owned_by":"koboldcpp"}]}"#, Found::AnyName { name: "koboldcpp/L3-8B".into(), context_window: None })]
#[case::ollama_without_a_model(r#"{"object":"list","data":null}"#, Found::Nothing { mend: "no model is loaded there; load one (with Ollama: `ollama pull sim`)".into() })]
#[case::a_bare_list(r#"[{"id":"sim","context_length":8192}]"#, Found::Listed { context_window: Some(8192) })]
#[tokio::test]
async fn a_list_of_models_is_read_as_each_server_writes_it(
    #[case] body: &str,
    #[case] found: Found,
) {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
    let url = canned(format!(
        "{head}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ))
    .await;
    let probe = provider_at(Wire::OpenAi, &url, patient()).probe().await;
    assert_eq!(probe.unwrap().found, found);
}

/// Servers of one's own that do not tell in their list how much they read.
#[rstest]
#[case::ollama(Profile::Ollama)]
#[case::lm_studio(Profile::LmStudio)]
#[case::koboldcpp(Profile::KoboldCpp)]
#[case::llama_cpp_old(Profile::LlamaCppOld)]
#[tokio::test]
async fn a_window_is_asked_for_where_the_server_tells_it(#[case] profile: Profile) {
    let sim = ModelSim::like(profile).await;
    sim.tell_window(4096);
    let probe = provider_at(Wire::OpenAi, &sim.openai_url(), patient())
        .probe()
        .await;
    let (Found::Listed { context_window } | Found::AnyName { context_window, .. }) =
        probe.unwrap().found
    else {
        panic!("{profile} has it");
    };
    assert_eq!(context_window, Some(4096));
}

#[tokio::test]
async fn an_endpoint_without_a_list_may_have_the_model_all_the_same() {
    let body = r#"{"error":{"code":"404","message":"Resource not found"}}"#;
    let head = "HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\nconnection: close";
    let url = canned(format!(
        "{head}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ))
    .await;
    let probe = provider_at(Wire::OpenAi, &url, patient()).probe().await;
    assert_eq!(probe.unwrap().found, Found::NoList);
}

#[rstest]
#[tokio::test]
async fn an_endpoint_that_is_not_there_is_told(
    #[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire,
) {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let error = provider_at(wire, &format!("http://{closed}"), patient())
        .probe()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("connection refused"), "{error}");
}

#[rstest]
#[case("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\n\r\n<html></html>")]
#[case(
    "HTTP/1.1 404 Not Found\r\ncontent-type: text/html\r\ncontent-length: 13\r\n\r\n<html></html>"
)]
#[case("HTTP/1.1 301 Moved\r\nlocation: https://example.org\r\ncontent-length: 0\r\n\r\n")]
#[case("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nOK")]
#[tokio::test]
async fn a_web_server_is_no_model_endpoint(#[case] answer: &str) {
    let url = canned(answer).await;
    let error = provider_at(Wire::OpenAi, &url, patient())
        .probe()
        .await
        .unwrap_err();
    assert!(
        matches!(error, ProviderError::NotAModel { .. }),
        "{error:?}"
    );
    assert!(error.to_string().contains("base_url"), "{error}");
}

#[tokio::test]
async fn the_models_of_an_endpoint_are_listed_without_choosing_one() {
    let bench = Bench::new().await;
    let endpoint = Endpoint::new(&bench.sim.openai_url(), None, Deadlines::default()).unwrap();
    let models = OpenAi::models(&endpoint).await.unwrap();
    assert_eq!(models[0].id, "sim");
    assert!(endpoint.is_local());
    assert!(
        !bench.sim.requests()[0]
            .headers
            .contains_key("authorization")
    );
}
