//! Thoughts in the text of a reply, over the wire, and what one reply teaches about the next.

use std::time::Duration;

use model_sim::{Chunks, Reply};
use provider::Stop;
use rstest::rstest;

use crate::bench::{Bench, Wire, request, stranger_at};

const CLOSED: &str = "Okay, the user greets me. I should be brief.\n</think>\n\nHello, traveller.";

fn slowly(text: &str) -> Reply {
    Reply::text(text)
        .chunks(Chunks::Words)
        .every(Duration::from_millis(5))
}

#[rstest]
#[case::harmony(
    "<|channel|>analysis<|message|>The user greets. Keep it brief.<|end|><|start|>assistant<|channel|>final<|message|>Hello, traveller."
)]
#[case::stripped_harmony("analysisThe user greets.assistantfinalHello, traveller.")]
#[case::tags("<think>\nThe user greets.\n</think>\n\nHello, traveller.")]
#[case::magistral("[THINK]The user greets.[/THINK]Hello, traveller.")]
#[case::gemma("<|channel>thought\nThe user greets.<channel|>Hello, traveller.<turn|>")]
#[case::only_closed(CLOSED)]
#[case::template("<|start_header_id|>assistant<|end_header_id|>\n\nHello, traveller.<|eot_id|>")]
#[case::the_next_turn("Hello, traveller.<|im_end|>\n<|im_start|>user\nAnd you?")]
#[tokio::test]
async fn only_the_answer_arrives(
    #[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire,
    #[values(Chunks::Tokens, Chunks::Words, Chunks::Whole)] chunks: Chunks,
    #[case] text: &str,
) {
    let bench = Bench::new().await;
    bench.sim.queue(Reply::text(text).chunks(chunks));
    let model = stranger_at(wire, &bench.url(wire));
    let heard = bench.ask(&*model, request("hello")).await;
    assert_eq!(heard.text(), "Hello, traveller.");
    assert_eq!(heard.result, Ok(Stop::End));
}

#[rstest]
#[tokio::test]
async fn the_first_reply_of_a_stranger_comes_whole_and_the_second_in_pieces(
    #[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire,
) {
    let bench = Bench::new().await;
    let model = stranger_at(wire, &bench.url(wire));
    let story = "The sea was flat, and nobody had noticed it yet.";
    bench.sim.queue(slowly(story));
    bench.sim.queue(slowly(story));
    let first = bench.ask(&*model, request("hello")).await;
    let second = bench.ask(&*model, request("hello")).await;
    assert_eq!((first.text(), second.text()), (story.into(), story.into()));
    assert_eq!(first.pieces.len(), 1);
    assert!(second.pieces.len() > 5, "{:?}", second.pieces);
}

#[rstest]
#[tokio::test]
async fn behind_its_closing_tag_the_second_reply_streams_and_nothing_before_it(
    #[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire,
) {
    let bench = Bench::new().await;
    let model = stranger_at(wire, &bench.url(wire));
    bench.sim.queue(slowly(CLOSED));
    bench.sim.queue(slowly(CLOSED));
    for pieces in [1, 2] {
        let heard = bench.ask(&*model, request("hello")).await;
        assert_eq!(heard.text(), "Hello, traveller.");
        assert_eq!(heard.pieces.len(), pieces, "{:?}", heard.pieces);
    }
}
