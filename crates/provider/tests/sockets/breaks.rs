//! Streams that break off, at every byte.

use ledger::Outcome;
use model_sim::{Fault, Reply};
use provider::{ProviderError, Stop};
use rstest::rstest;

use crate::bench::{Bench, Wire, canned, listen, patient, provider_at, request};

const CHAT: &str = concat!(
    "data: {\"choices\":[{\"delta\":{\"content\":\"Hé\"}}]}\n\n",
    "data: {\"choices\":[{\"delta\":{\"content\":\" 你\"}}]}\n\n",
    "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n",
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2}}\n\n",
    "data: [DONE]\n\n",
);
const MESSAGES: &str = concat!(
    "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":9}}}\n\n",
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"Hé\"}}\n\n",
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\" 你\"}}\n\n",
    "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":2}}\n\n",
    "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
);

/// Where the event that holds these words has come as a whole, up to its closing brace.
fn end_of(words: &str, stream: &str) -> usize {
    let at = stream.find(words).unwrap();
    at + stream[at..].find("\n\n").unwrap()
}

/// Until the reason to stop has come, a cut is a cut; until the usage has come too, nobody knows what it cost.
#[rstest]
#[case(Wire::OpenAi, CHAT, "\"finish_reason\"", "\"usage\"")]
#[case(Wire::Anthropic, MESSAGES, "\"stop_reason\"", "\"output_tokens\"")]
#[tokio::test]
async fn a_stream_cut_at_any_byte_posts_the_full_hold_until_it_has_told_all(
    #[case] wire: Wire,
    #[case] stream: &str,
    #[case] reason: &str,
    #[case] usage: &str,
) {
    let (ended, counted) = (end_of(reason, stream), end_of(usage, stream));
    let bench = Bench::new().await;
    let provider = bench.provider(wire);
    let asked = request("hello");
    let mut hold = bench.hold_for(&asked).await;
    for cut in 0..=stream.len() {
        bench
            .sim
            .queue(Reply::raw(stream).with(Fault::CutAfter(cut)));
        let heard = listen(provider.stream(hold, asked.clone())).await;
        assert!("Hé 你".starts_with(&heard.text()), "{cut}");
        let expected = if cut < ended {
            Err(ProviderError::CutStream)
        } else {
            Ok(Stop::End)
        };
        assert_eq!(heard.result, expected, "{cut}");
        let complete = matches!(heard.outcome, Outcome::Complete(_));
        assert_eq!(complete, cut >= counted, "{cut}: {:?}", heard.outcome);
        assert!(complete || heard.outcome == Outcome::Unknown, "{cut}");
        hold = heard.hold;
    }
    assert_eq!(
        bench.sim.generations().len(),
        stream.len() + 1,
        "no hidden retries"
    );
    let held = hold.tokens();
    let receipt = bench.ledger.settle(hold, Outcome::Unknown).await.unwrap();
    assert_eq!(receipt.tokens, held);
}

/// An old server ends a body by closing the connection, which looks the same as a cut. Until the reason to stop has come,
/// it counts as one.
#[rstest]
#[case(Wire::OpenAi, CHAT, "\"finish_reason\"")]
#[case(Wire::Anthropic, MESSAGES, "\"stop_reason\"")]
#[tokio::test]
async fn a_body_without_an_end_mark_is_whole_only_behind_the_reason_to_stop(
    #[case] wire: Wire,
    #[case] stream: &str,
    #[case] reason: &str,
) {
    let bench = Bench::new().await;
    let head = "HTTP/1.0 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
    let reason = stream.find(reason).unwrap();
    for (cut, _) in stream
        .match_indices("\n\n")
        .map(|(at, end)| (at + end.len(), end))
    {
        let url = canned(format!("{head}{}", &stream[..cut])).await;
        let heard = bench
            .ask(&*provider_at(wire, &url, patient()), request("hello"))
            .await;
        if cut < reason {
            assert_eq!(
                (heard.outcome, heard.result),
                (Outcome::Unknown, Err(ProviderError::CutStream)),
                "{cut}"
            );
        } else {
            assert_eq!(heard.result, Ok(Stop::End), "{cut}");
            let usage_came = stream[..cut].contains("_tokens\":2");
            assert_eq!(
                matches!(heard.outcome, Outcome::Complete(_)),
                usage_came,
                "{cut}"
            );
        }
    }
}

#[rstest]
#[tokio::test]
async fn a_missing_end_mark_alone_loses_nothing(
    #[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire,
) {
    let bench = Bench::new().await;
    bench
        .sim
        .queue(Reply::text("Hello there.").with(Fault::NoEndMark));
    let heard = bench.ask(&*bench.provider(wire), request("hello")).await;
    assert_eq!(
        (heard.text().as_str(), &heard.result),
        ("Hello there.", &Ok(Stop::End))
    );
    assert!(matches!(heard.outcome, Outcome::Complete(_)));
}
