//! The shape of an answer: how each dialect asks for it, what it adds to the hold, and what a refusal of it costs.

use ledger::Outcome;
use model_sim::{Fault, Reply};
use provider::{ProviderError, Request};
use rstest::rstest;

use crate::bench::{Bench, Wire, request, schema};

fn shaped() -> Request {
    Request {
        schema: Some(schema()),
        ..request("hello")
    }
}

#[rstest]
#[case(
    Wire::OpenAi,
    "/response_format",
    "/response_format/json_schema/schema"
)]
#[case(Wire::Anthropic, "/output_config", "/output_config/format/schema")]
#[tokio::test]
async fn each_dialect_asks_for_the_shape_in_its_own_field(
    #[case] wire: Wire,
    #[case] field: &str,
    #[case] place: &str,
) {
    let bench = Bench::new().await;
    bench.sim.say("{}");
    let heard = bench.ask(&*bench.provider(wire), shaped()).await;
    assert!(heard.result.is_ok(), "{:?}", heard.result);
    bench.ask(&*bench.provider(wire), request("hello")).await;
    let sent = bench.sim.generations();
    assert_eq!(sent[0].body.pointer(place), Some(&schema().schema));
    assert_eq!(sent[1].body.pointer(field), None, "nobody asked for it");
}

#[test]
fn a_schema_is_counted_like_a_text_that_is_sent() {
    let more = shaped().input_bound(1 << 20) - request("hello").input_bound(1 << 20);
    let sent = schema().name.len() + schema().schema.to_string().len();
    assert!(more >= sent as u64, "{more} for {sent} bytes");
}

#[rstest]
#[case(Wire::OpenAi, 400, r#"{"error":{"message":"This response_format type is unavailable now","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}"#)]
#[case(Wire::OpenAi, 422, r#"{"detail":[{"type":"extra_forbidden","loc":["body","response_format"],"msg":"Extra inputs are not permitted"}]}"#)]
#[case(Wire::Anthropic, 400, r#"{"type":"error","error":{"type":"invalid_request_error","message":"output_config: Extra inputs are not permitted"}}"#)]
#[tokio::test]
async fn a_refused_schema_has_a_type_of_its_own_and_costs_nothing(
    #[case] wire: Wire,
    #[case] status: u16,
    #[case] body: &str,
) {
    let bench = Bench::new().await;
    let fault = Fault::Status {
        status,
        content_type: "application/json",
        body: body.into(),
    };
    bench.sim.queue(Reply::fault(fault));
    let heard = bench.ask(&*bench.provider(wire), shaped()).await;
    assert!(
        matches!(heard.error(), ProviderError::FieldRefused { .. }),
        "{:?}",
        heard.result
    );
    assert_eq!(heard.outcome, Outcome::Rejected { status });
    let receipt = bench
        .ledger
        .settle(heard.hold, heard.outcome)
        .await
        .unwrap();
    assert_eq!(receipt.tokens, 0);
    assert_eq!(bench.sim.generations().len(), 1, "no hidden retries");
}

/// A shape that is refused was refused before the model ran, whatever the status.
#[tokio::test]
async fn a_server_error_that_names_the_schema_says_that_the_model_did_not_run() {
    let bench = Bench::new().await;
    bench.sim.queue(Reply::fault(Fault::Status {
        status: 500,
        content_type: "application/json",
        body: r#"{"error":{"message":"json_schema is not implemented"}}"#.into(),
    }));
    let heard = bench.ask(&*bench.provider(Wire::OpenAi), shaped()).await;
    assert!(matches!(heard.error(), ProviderError::FieldRefused { .. }));
    assert_eq!(heard.outcome, Outcome::NotRun);
}
