//! Vectors from an endpoint: paid for by a hold, within deadlines, with the same errors as replies.

use std::time::Duration;

use ledger::{Ask, Hold, ModelTerms, Outcome, Purpose, Usage};
use model_sim::{Fault, Reply, UsageReport};
use provider::{Deadlines, EmbedRequest, Embedded, Embeddings, Endpoint, ProviderError};
use rstest::rstest;
use serde_json::json;

use crate::bench::{Bench, KEY, canned, spender, terms};

fn embedding_terms() -> ModelTerms {
    ModelTerms {
        max_output: 0,
        ..terms()
    }
}

fn embeddings_at(url: &str, deadlines: Deadlines) -> Embeddings {
    let endpoint = Endpoint::new(url, Some(KEY.to_owned().into()), deadlines).unwrap();
    Embeddings::new(endpoint, embedding_terms())
}

fn texts(texts: &[&str]) -> EmbedRequest {
    EmbedRequest {
        inputs: texts.iter().map(|&text| text.to_owned()).collect(),
    }
}

async fn hold(bench: &Bench, request: &EmbedRequest) -> Hold {
    let ask = Ask {
        input_bound: request.input_bound(),
        cap: 0,
        purpose: Purpose::Embedding,
        turn: None,
        persona: None,
    };
    let hold = bench.ledger.hold(&spender(), &embedding_terms(), ask).await;
    hold.unwrap()
}

async fn embed(bench: &Bench, request: &EmbedRequest) -> Embedded {
    let embeddings = embeddings_at(&bench.sim.openai_url(), Deadlines::default());
    embeddings.embed(hold(bench, request).await, request).await
}

#[tokio::test]
async fn each_text_gets_its_vector_and_the_hold_is_settled_by_what_was_used() {
    let bench = Bench::new().await;
    let request = texts(&["the red fox", "the red fox", "a blue whale"]);
    let embedded = embed(&bench, &request).await;
    let vectors = embedded.result.unwrap();
    assert_eq!((vectors.len(), vectors[0].len()), (3, 8));
    assert!(vectors[0] == vectors[1] && vectors[0] != vectors[2]);
    let used = Usage {
        input: 10,
        ..Usage::default()
    };
    assert_eq!(embedded.outcome, Outcome::Complete(used));
    let held = embedded.hold.tokens();
    let receipt = bench.ledger.settle(embedded.hold, embedded.outcome).await;
    assert_eq!((receipt.unwrap().tokens, held), (10, 34 + 3 * 32 + 512));
    let sent = &bench.sim.requests()[0];
    assert_eq!(
        (sent.path.as_str(), &sent.body),
        (
            "/v1/embeddings",
            &json!({"model": "sim", "input": ["the red fox", "the red fox", "a blue whale"], "encoding_format": "float"})
        )
    );
}

#[tokio::test]
async fn a_shorter_vector_can_be_asked_for() {
    let bench = Bench::new().await;
    let request = texts(&["the red fox"]);
    let embeddings = embeddings_at(&bench.sim.openai_url(), Deadlines::default());
    let embeddings = embeddings.with_dimensions(3);
    let embedded = embeddings.embed(hold(&bench, &request).await, &request);
    assert_eq!(embedded.await.result.unwrap()[0].len(), 3);
    assert_eq!(bench.sim.requests()[0].body["dimensions"], 3);
}

#[tokio::test]
async fn texts_that_outgrew_their_hold_are_not_sent() {
    let bench = Bench::new().await;
    let paid = hold(&bench, &texts(&["the red fox"])).await;
    let embeddings = embeddings_at(&bench.sim.openai_url(), Deadlines::default());
    let embedded = embeddings.embed(paid, &texts(&["the red foxes"])).await;
    assert_eq!(embedded.outcome, Outcome::NothingSent);
    let empty = texts(&["fox", " "]);
    let embedded = embed(&bench, &empty).await;
    assert_eq!(embedded.outcome, Outcome::NothingSent);
    assert!(embedded.result.is_err() && bench.sim.requests().is_empty());
}

#[rstest]
#[case(Fault::Authentication, 401)]
#[case(Fault::RateLimited { retry_after: Some(3) }, 429)]
#[case(Fault::ContextTooLong, 400)]
#[case(Fault::ServerError, 500)]
#[tokio::test]
async fn an_error_answer_is_typed_and_its_status_kept(#[case] fault: Fault, #[case] status: u16) {
    let bench = Bench::new().await;
    bench.sim.queue(Reply::fault(fault));
    let embedded = embed(&bench, &texts(&["fox"])).await;
    let error = embedded.result.unwrap_err();
    match status {
        401 => assert!(matches!(error, ProviderError::Authentication { .. })),
        429 => assert!(matches!(error, ProviderError::RateLimited { .. })),
        400 => assert!(matches!(error, ProviderError::ContextTooLong { .. })),
        _ => assert!(matches!(error, ProviderError::Other { .. })),
    }
    assert_eq!(embedded.outcome, Outcome::Rejected { status });
}

#[rstest]
#[case::cut(Reply::text("").with(Fault::CutAfter(20)))]
#[case::no_usage(Reply::text("").usage(UsageReport::Missing))]
#[case::broken_usage(Reply::text("").usage(UsageReport::Raw(json!({"prompt_tokens": -4}))))]
#[tokio::test]
async fn what_is_not_certain_posts_the_full_hold(#[case] reply: Reply) {
    let bench = Bench::new().await;
    bench.sim.queue(reply);
    let embedded = embed(&bench, &texts(&["fox"])).await;
    assert_eq!(embedded.outcome, Outcome::Unknown, "{:?}", embedded.result);
}

#[rstest]
#[case::an_error_inside(Fault::ErrorInside200)]
#[case::a_web_page(Fault::Html)]
#[tokio::test]
async fn what_stands_in_place_of_vectors_says_that_nothing_ran(#[case] fault: Fault) {
    let bench = Bench::new().await;
    bench.sim.queue(Reply::fault(fault));
    let embedded = embed(&bench, &texts(&["fox"])).await;
    assert_eq!(embedded.outcome, Outcome::NotRun, "{:?}", embedded.result);
}

#[tokio::test]
async fn vectors_that_cannot_be_used_are_paid_for_all_the_same() {
    let answer = json!({"object": "list", "data": [], "model": "m", "usage": {"prompt_tokens": 2, "total_tokens": 2}});
    let url = canned(format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{answer}",
        answer.to_string().len()
    ))
    .await;
    let bench = Bench::new().await;
    let request = texts(&["fox"]);
    let embeddings = embeddings_at(&url, Deadlines::default());
    let embedded = embeddings
        .embed(hold(&bench, &request).await, &request)
        .await;
    assert!(matches!(
        embedded.result,
        Err(ProviderError::Protocol { .. })
    ));
    assert!(matches!(embedded.outcome, Outcome::Complete(_)));
}

#[rstest]
#[case(Fault::Hang)]
#[case(Fault::HangAfter(30))]
#[tokio::test]
async fn an_endpoint_that_hangs_is_given_up(#[case] fault: Fault) {
    let bench = Bench::new().await;
    bench.sim.queue(Reply::text("").with(fault));
    let short = Duration::from_millis(300);
    let deadlines = Deadlines {
        first_token: short,
        total: short,
        ..Deadlines::default()
    };
    let request = texts(&["fox"]);
    let embeddings = embeddings_at(&bench.sim.openai_url(), deadlines);
    let embedded = embeddings
        .embed(hold(&bench, &request).await, &request)
        .await;
    assert!(matches!(
        embedded.result,
        Err(ProviderError::Deadline { .. })
    ));
    assert_eq!(embedded.outcome, Outcome::Unknown);
}

#[tokio::test]
async fn where_nothing_listens_nothing_was_sent() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", closed.local_addr().unwrap());
    drop(closed);
    let bench = Bench::new().await;
    let request = texts(&["fox"]);
    let embeddings = embeddings_at(&url, Deadlines::default());
    let embedded = embeddings
        .embed(hold(&bench, &request).await, &request)
        .await;
    assert_eq!(embedded.outcome, Outcome::NothingSent);
}
