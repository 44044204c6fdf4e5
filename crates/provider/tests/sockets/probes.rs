//! `familiar check`: what a probe says, without a token spent.

use provider::{Deadlines, Endpoint, OpenAi, ProviderError};
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
    let error = bench.provider(wire).probe().await.unwrap_err();
    assert!(
        error.to_string().contains("`sim`") && error.to_string().contains("qwen, gemma"),
        "{error}"
    );
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
