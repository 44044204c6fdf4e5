//! Each deadline, run into for real: the waits are short, and what must not end is hung for ever.

use std::time::{Duration, Instant};

use ledger::Outcome;
use model_sim::{Fault, Reply};
use provider::{Deadlines, ProviderError, Stage};
use rstest::rstest;

use crate::bench::{Bench, Wire, patient, provider_at, request};

const SHORT: Duration = Duration::from_millis(150);

#[rstest]
#[case(Fault::Hang)]
#[case(Fault::HangAfter(0))]
#[case(Fault::HangAfter(60))]
#[tokio::test]
async fn a_model_that_does_not_begin_is_not_waited_for(
    #[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire,
    #[case] fault: Fault,
) {
    let bench = Bench::new().await;
    bench.sim.queue(Reply::fault(fault));
    let provider = bench.provider_with(
        wire,
        Deadlines {
            first_token: SHORT,
            ..patient()
        },
    );
    let heard = bench.ask(&*provider, request("hello")).await;
    assert_eq!(
        heard.result,
        Err(ProviderError::Deadline {
            stage: Stage::FirstToken
        })
    );
    assert_eq!(heard.outcome, Outcome::Unknown);
    assert!(
        heard.error().to_string().contains("deadlines.first_token"),
        "{}",
        heard.error()
    );
}

#[rstest]
#[tokio::test]
async fn a_model_that_falls_silent_is_not_waited_for(
    #[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire,
) {
    let bench = Bench::new().await;
    bench
        .sim
        .queue(Reply::text("word ".repeat(100)).with(Fault::HangAfter(2000)));
    let provider = bench.provider_with(
        wire,
        Deadlines {
            between_tokens: SHORT,
            ..patient()
        },
    );
    let heard = bench.ask(&*provider, request("hello")).await;
    assert!(!heard.pieces.is_empty());
    assert_eq!(
        heard.result,
        Err(ProviderError::Deadline {
            stage: Stage::BetweenTokens
        })
    );
    assert_eq!(heard.outcome, Outcome::Unknown);
}

#[rstest]
#[tokio::test]
async fn a_reply_that_never_ends_is_ended(#[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire) {
    let bench = Bench::new().await;
    let endless = Reply::text("word ".repeat(10_000))
        .ignoring_the_cap()
        .every(Duration::from_millis(5));
    bench.sim.queue(endless);
    let provider = bench.provider_with(
        wire,
        Deadlines {
            total: SHORT,
            ..patient()
        },
    );
    let began = Instant::now();
    let heard = bench.ask(&*provider, request("hello")).await;
    assert_eq!(
        heard.result,
        Err(ProviderError::Deadline {
            stage: Stage::Total
        })
    );
    assert_eq!(heard.outcome, Outcome::Unknown);
    assert!(began.elapsed() < Duration::from_secs(30));
}

/// Thoughts and keep-alives: the first is work, the second is none.
#[tokio::test]
async fn a_keep_alive_is_no_token() {
    let bench = Bench::new().await;
    let mut pings = String::new();
    for _ in 0..2000 {
        pings.push_str("event: ping\ndata: {\"type\": \"ping\"}\n\n");
    }
    bench
        .sim
        .queue(Reply::raw(pings).with(Fault::HangAfter(usize::MAX)));
    let provider = bench.provider_with(
        Wire::Anthropic,
        Deadlines {
            first_token: SHORT,
            ..patient()
        },
    );
    let heard = bench.ask(&*provider, request("hello")).await;
    assert_eq!(
        heard.result,
        Err(ProviderError::Deadline {
            stage: Stage::FirstToken
        })
    );
}

/// A TLS server that says nothing: the connection stands, the handshake does not.
#[tokio::test]
async fn a_connection_that_is_not_made_in_time_was_sent_nothing() {
    let bench = Bench::new().await;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", silent.local_addr().unwrap());
    let provider = provider_at(
        Wire::OpenAi,
        &url,
        Deadlines {
            connect: SHORT,
            ..patient()
        },
    );
    let heard = bench.ask(&*provider, request("hello")).await;
    assert_eq!(
        heard.result,
        Err(ProviderError::Deadline {
            stage: Stage::Connect
        })
    );
    assert_eq!(heard.outcome, Outcome::NothingSent);
}
