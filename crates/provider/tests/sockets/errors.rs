//! Every error answer, in both dialects: its type, its outcome, its sentence, and that nothing is retried.

use std::time::Duration;

use ledger::Outcome;
use model_sim::{Fault, ModelSim, Reply};
use provider::ProviderError;
use rstest::rstest;

use crate::bench::{Bench, KEY, Wire, canned, patient, provider_at, request};

/// What an error must be called, what it means for the hold, and a word that its sentence must hold.
fn expected(fault: &Fault, wire: Wire) -> (&'static str, Outcome, &'static str) {
    use Outcome::{NotRun, Unknown};
    use Wire::{Anthropic, OpenAi};
    let rejected = |status| Outcome::Rejected { status };
    match (fault, wire) {
        (Fault::Authentication, _) => ("Authentication", rejected(401), "Set a valid key"),
        (Fault::RateLimited { .. }, _) => ("RateLimited", rejected(429), "pause of 7 s"),
        (Fault::OutOfCredit, OpenAi) => ("OutOfCredit", rejected(429), "Top it up"),
        (Fault::OutOfCredit, Anthropic) => ("OutOfCredit", rejected(400), "Top it up"),
        (Fault::ServerError, _) => ("Other", rejected(500), "status 500"),
        (Fault::Overloaded, OpenAi) => ("Overloaded", rejected(503), "in a minute"),
        (Fault::Overloaded, Anthropic) => ("Overloaded", rejected(529), "in a minute"),
        (Fault::ErrorEvent { after: 1.. }, _) => ("Overloaded", Unknown, "in a minute"),
        (Fault::ErrorInside200 | Fault::ErrorEvent { .. }, OpenAi) => {
            ("Overloaded", NotRun, "in a minute")
        }
        (Fault::ErrorInside200 | Fault::ErrorEvent { .. }, Anthropic) => {
            ("Overloaded", rejected(529), "in a minute")
        }
        (Fault::ContextTooLong, _) => ("ContextTooLong", rejected(400), "context_window"),
        (Fault::RefusedByPolicy, _) => ("RefusedByPolicy", rejected(400), "content policy"),
        (Fault::ModelMissing, _) => ("ModelMissing", rejected(404), "no model named `sim`"),
        (Fault::Html, _) => ("NotAModel", NotRun, "base_url"),
        (other, _) => panic!("{other:?} has no expectation"),
    }
}

#[rstest]
#[tokio::test]
async fn each_error_is_typed_tells_the_next_step_and_is_not_retried(
    #[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire,
    #[values(
        Fault::Authentication,
        Fault::RateLimited { retry_after: Some(7) },
        Fault::OutOfCredit,
        Fault::ServerError,
        Fault::Overloaded,
        Fault::ContextTooLong,
        Fault::RefusedByPolicy,
        Fault::ModelMissing,
        Fault::Html,
        Fault::ErrorInside200,
        Fault::ErrorEvent { after: 0 },
        Fault::ErrorEvent { after: 2 }
    )]
    fault: Fault,
) {
    let bench = Bench::new().await;
    bench.sim.queue(Reply::fault(fault.clone()));
    let heard = bench.ask(&*bench.provider(wire), request("hello")).await;
    let (name, outcome, words) = expected(&fault, wire);
    let error = heard.error();
    assert!(format!("{error:?}").starts_with(name), "{error:?}");
    let sentence = error.to_string();
    assert!(
        sentence.contains(words) && sentence.ends_with('.'),
        "{sentence}"
    );
    assert!(
        !sentence.contains('\n') && !sentence.contains("sk-"),
        "{sentence}"
    );
    assert_eq!(heard.outcome, outcome);
    assert_eq!(
        heard.pieces.is_empty(),
        !matches!(fault, Fault::ErrorEvent { after: 1.. })
    );
    assert_eq!(bench.sim.generations().len(), 1, "no hidden retries");
}

#[tokio::test]
async fn a_pause_is_told_as_a_duration() {
    let bench = Bench::new().await;
    for pause in [Some(7), None] {
        bench
            .sim
            .queue(Reply::fault(Fault::RateLimited { retry_after: pause }));
        let heard = bench
            .ask(&*bench.provider(Wire::OpenAi), request("hello"))
            .await;
        let ProviderError::RateLimited { retry_after, .. } = heard.error() else {
            panic!("{:?}", heard.result)
        };
        assert_eq!(*retry_after, pause.map(Duration::from_secs));
    }
}

#[rstest]
#[tokio::test]
async fn a_redirect_is_not_followed_and_the_key_stays_home(
    #[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire,
) {
    let bench = Bench::new().await;
    let stranger = ModelSim::start().await;
    let to = format!("{}/chat/completions", stranger.openai_url());
    bench.sim.queue(Reply::fault(Fault::Redirect(to)));
    let heard = bench.ask(&*bench.provider(wire), request("hello")).await;
    assert!(matches!(heard.error(), ProviderError::NotAModel { .. }));
    assert_eq!(heard.outcome, Outcome::Rejected { status: 307 });
    assert!(stranger.requests().is_empty());
}

#[rstest]
#[tokio::test]
async fn a_wrong_path_says_that_the_base_url_is_wrong(
    #[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire,
) {
    let bench = Bench::new().await;
    let provider = provider_at(
        wire,
        &format!("http://{}/elsewhere", bench.sim.address()),
        patient(),
    );
    let heard = bench.ask(&*provider, request("hello")).await;
    assert!(
        matches!(heard.error(), ProviderError::NotAModel { .. }),
        "{:?}",
        heard.result
    );
    assert_eq!(heard.outcome, Outcome::Rejected { status: 404 });
}

/// Even where a provider throws the whole request back.
#[rstest]
#[case(400)]
#[case(401)]
#[case(429)]
#[case(500)]
#[tokio::test]
async fn a_provider_that_repeats_the_key_does_not_make_us_repeat_it(#[case] status: u16) {
    let bench = Bench::new().await;
    let body = format!(
        r#"{{"error":{{"message":"You sent `Authorization: Bearer {KEY}` and it is wrong"}}}}"#
    );
    bench.sim.queue(Reply::fault(Fault::Status {
        status,
        content_type: "application/json",
        body,
    }));
    let heard = bench
        .ask(&*bench.provider(Wire::OpenAi), request("hello"))
        .await;
    let shown = format!("{} {:?}", heard.error(), heard.error());
    assert!(shown.contains("You sent"), "{shown}");
    assert!(!shown.contains("0123456789abcdef"), "{shown}");
}

#[tokio::test]
async fn nothing_listens_and_nothing_was_sent() {
    let bench = Bench::new().await;
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    for (url, cause) in [
        (format!("http://{closed}"), "connection refused"),
        (
            format!("https://{}", bench.sim.address()),
            "it does not speak TLS",
        ),
    ] {
        let heard = bench
            .ask(
                &*provider_at(Wire::OpenAi, &url, patient()),
                request("hello"),
            )
            .await;
        assert_eq!(
            heard.outcome,
            Outcome::NothingSent,
            "{url}: {:?}",
            heard.result
        );
        assert!(
            heard.error().to_string().contains(cause),
            "{}",
            heard.error()
        );
        let receipt = bench
            .ledger
            .settle(heard.hold, heard.outcome)
            .await
            .unwrap();
        assert_eq!(receipt.tokens, 0);
    }
    assert!(bench.sim.requests().is_empty());
}

#[tokio::test]
async fn a_host_without_a_name_was_sent_nothing() {
    let bench = Bench::new().await;
    let provider = provider_at(Wire::OpenAi, "http://no-such-host.invalid", patient());
    let heard = bench.ask(&*provider, request("hello")).await;
    assert_eq!(heard.outcome, Outcome::NothingSent);
    assert!(
        heard.error().to_string().contains("no-such-host.invalid"),
        "{}",
        heard.error()
    );
}

/// The request went out, so what it cost is not known.
#[rstest]
#[case("")]
#[case("HTTP/1.1 200 OK\r\ncontent-le")]
#[case("SSH-2.0-OpenSSH_9.2\r\n")]
#[tokio::test]
async fn a_server_that_hangs_up_without_an_answer_posts_the_full_hold(#[case] answer: &str) {
    let bench = Bench::new().await;
    let provider = provider_at(Wire::OpenAi, &canned(answer).await, patient());
    let heard = bench.ask(&*provider, request("hello")).await;
    assert_eq!(heard.outcome, Outcome::Unknown);
    assert!(
        matches!(heard.error(), ProviderError::Unreachable { .. }),
        "{:?}",
        heard.result
    );
}

#[rstest]
#[case("text/event-stream", "data: <b>hi</b>\n\n".to_owned())]
#[case("text/event-stream", format!("data: {}", "x".repeat(600_000)))]
#[case("text/event-stream", "data: ping\n\ndata: 2024-04-07\n\n".to_owned())]
#[case("application/json", "Welcome to nginx!\n".to_owned())]
#[tokio::test]
async fn what_is_no_stream_of_events_is_a_protocol_error(
    #[case] content_type: &'static str,
    #[case] body: String,
) {
    let bench = Bench::new().await;
    bench.sim.queue(Reply::fault(Fault::Status {
        status: 200,
        content_type,
        body,
    }));
    let heard = bench
        .ask(&*bench.provider(Wire::OpenAi), request("hello"))
        .await;
    assert!(
        matches!(heard.error(), ProviderError::Protocol { .. }),
        "{:?}",
        heard.result
    );
    assert_eq!(heard.outcome, Outcome::Unknown);
}
