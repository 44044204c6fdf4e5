//! Reports of usage, in every place, spelling and arithmetic: what a reply cost is posted, and not its hold.

use ledger::{Outcome, Usage};
use model_sim::Reply;
use rstest::rstest;
use serde_json::{Value, json};

use crate::bench::{Bench, Heard, Wire, request};

/// A reply with these last chunks.
async fn chat(chunks: &[Value]) -> Heard {
    let text = json!({"choices": [{"delta": {"content": "Hi."}}]});
    let stop = json!({"choices": [{"delta": {}, "finish_reason": "stop"}]});
    let chunks: Vec<String> = [&text, &stop]
        .into_iter()
        .chain(chunks)
        .map(|chunk| format!("data: {chunk}\n\n"))
        .collect();
    let bench = Bench::new().await;
    bench
        .sim
        .queue(Reply::raw(chunks.concat() + "data: [DONE]\n\n"));
    bench
        .ask(&*bench.provider(Wire::OpenAi), request("hello"))
        .await
}

async fn report(usage: Value) -> Usage {
    chat(&[json!({"choices": [], "usage": usage})])
        .await
        .usage()
}

fn plain(input: u64, output: u64) -> Usage {
    Usage {
        input,
        output,
        ..Usage::default()
    }
}

#[rstest]
#[case::floats(json!({"prompt_tokens": 900.0, "completion_tokens": 6.0, "total_tokens": 906.0}))]
#[case::in_quotes(json!({"prompt_tokens": "900", "completion_tokens": "6"}))]
#[case::other_names(json!({"input_tokens": 900, "output_tokens": 6, "prompt_tps": 21.55}))]
#[case::nulls_beside(json!({"prompt_tokens": 900, "completion_tokens": 6, "prompt_tokens_details": null, "completion_tokens_details": {"reasoning_tokens": null}}))]
#[tokio::test]
async fn counts_are_read_in_every_spelling(#[case] usage: Value) {
    assert_eq!(report(usage).await, plain(900, 6));
}

#[tokio::test]
async fn a_cache_larger_than_the_prompt_stands_beside_it() {
    let usage = json!({"prompt_tokens": 12, "completion_tokens": 6, "total_tokens": 18, "prompt_tokens_details": {"cached_tokens": 888}});
    let expected = Usage {
        cached_input: 888,
        ..plain(900, 6)
    };
    assert_eq!(report(usage).await, expected);
}

#[tokio::test]
async fn reasoning_outside_of_the_completion_is_counted_once() {
    let beside = json!({"prompt_tokens": 90, "completion_tokens": 1, "total_tokens": 189, "completion_tokens_details": {"reasoning_tokens": 98}});
    let inside = json!({"prompt_tokens": 90, "completion_tokens": 99, "total_tokens": 189, "completion_tokens_details": {"reasoning_tokens": 98}});
    let untold = json!({"prompt_tokens": 90, "completion_tokens": 1, "total_tokens": 189});
    let expected = Usage {
        reasoning: 98,
        ..plain(90, 99)
    };
    for usage in [beside, inside, untold] {
        assert_eq!(report(usage).await, expected);
    }
}

#[rstest]
#[case::null(json!({"choices": [], "usage": null}))]
#[case::no_counts(json!({"choices": [], "usage": {"prompt_tokens_details": {"cached_tokens": 0}}}))]
#[case::only_the_prompt(json!({"choices": [], "usage": {"prompt_tokens": 11, "total_tokens": 11}}))]
#[case::zeros(json!({"choices": [], "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}}))]
#[case::a_repeated_stop(json!({"choices": [{"delta": {"content": ""}, "finish_reason": "stop"}]}))]
#[tokio::test]
async fn a_whole_report_is_not_erased_by_less(#[case] less: Value) {
    let full = json!({"choices": [], "usage": {"prompt_tokens": 90, "completion_tokens": 6}});
    assert_eq!(
        chat(&[less.clone(), full.clone(), less]).await.usage(),
        plain(90, 6)
    );
}

#[tokio::test]
async fn the_last_whole_report_wins_wherever_it_stands() {
    let early = json!({"choices": [], "usage": {"prompt_tokens": 90, "completion_tokens": 1}});
    let groq =
        json!({"choices": [], "x_groq": {"usage": {"prompt_tokens": 90, "completion_tokens": 6}}});
    let choice =
        json!({"choices": [{"delta": {}, "usage": {"prompt_tokens": 90, "completion_tokens": 7}}]});
    assert_eq!(chat(&[early.clone(), groq]).await.usage(), plain(90, 6));
    assert_eq!(chat(&[early, choice]).await.usage(), plain(90, 7));
}

#[tokio::test]
async fn a_report_that_text_follows_is_none() {
    let early = json!({"choices": [], "usage": {"prompt_tokens": 90, "completion_tokens": 1}});
    let more = json!({"choices": [{"delta": {"content": " More."}}]});
    assert_eq!(chat(&[early, more]).await.outcome, Outcome::Unknown);
}

#[tokio::test]
async fn anthropics_counts_come_in_pieces_as_floats_and_late() {
    let body = concat!(
        "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":0,\"cache_read_input_tokens\":0,\"output_tokens\":0}}}\n\n",
        "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi.\"}}\n\n",
        "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"usage\":{\"output_tokens\":2}}}\n\n",
        "data: {\"type\":\"message_delta\",\"delta\":{},\"usage\":{\"input_tokens\":30.0,\"cache_read_input_tokens\":60,\"output_tokens\":6.0,\"output_tokens_details\":{\"thinking_tokens\":4}}}\n\n",
        "data: {\"type\":\"message_stop\"}\n\n",
    );
    let bench = Bench::new().await;
    bench.sim.queue(Reply::raw(body));
    let heard = bench
        .ask(&*bench.provider(Wire::Anthropic), request("hello"))
        .await;
    let expected = Usage {
        cached_input: 60,
        reasoning: 4,
        ..plain(90, 6)
    };
    assert_eq!(heard.usage(), expected);
}
