//! The reason to stop decides what a reply is: whole, cut, declined, broken, or nothing but thoughts.

use ledger::Outcome;
use model_sim::Reply;
use provider::{ProviderError, Stop};
use rstest::rstest;

use crate::bench::{Bench, Heard, Wire, request};

async fn play(bench: &Bench, wire: Wire, body: String) -> Heard {
    bench.sim.queue(Reply::raw(body));
    bench.ask(&*bench.provider(wire), request("hello")).await
}

/// A reply of OpenAI's dialect: this text, reason and usage.
async fn chat(bench: &Bench, delta: &str, reason: &str, usage: &str) -> Heard {
    let body = format!(
        "data: {{\"choices\":[{{\"delta\":{delta},\"finish_reason\":null}}]}}\n\ndata: {{\"choices\":[{{\"delta\":{{}},\"finish_reason\":{reason}}}]}}\n\ndata: {{\"choices\":[],\"usage\":{usage}}}\n\n"
    );
    play(bench, Wire::OpenAi, body).await
}

const TEXT: &str = r#"{"content":"Well, I was about "}"#;
const USAGE: &str = r#"{"prompt_tokens":90,"completion_tokens":6,"total_tokens":96}"#;

#[tokio::test]
async fn a_failure_in_the_services_word_is_no_whole_reply() {
    let bench = Bench::new().await;
    for reason in [
        "error",
        "network_error",
        "abort",
        "insufficient_system_resource",
        "function_call_filter: MALFORMED_FUNCTION_CALL",
    ] {
        let heard = chat(&bench, TEXT, &format!("{reason:?}"), USAGE).await;
        assert_eq!(heard.result, Ok(Stop::Failed(reason.to_owned())));
        assert_eq!(heard.usage().output, 6, "and what it cost is known");
    }
}

#[tokio::test]
async fn a_refusal_in_the_services_word_is_a_refusal() {
    let bench = Bench::new().await;
    for reason in [
        "content_filter",
        "content_filter: PROHIBITED_CONTENT",
        "SAFETY",
        "RECITATION",
        "sensitive",
    ] {
        let none = r#"{"prompt_tokens":90,"completion_tokens":0,"total_tokens":90}"#;
        let heard = chat(
            &bench,
            r#"{"role":"assistant"}"#,
            &format!("{reason:?}"),
            none,
        )
        .await;
        assert_eq!(heard.result, Ok(Stop::Refused(reason.to_owned())));
        assert_eq!((heard.usage().input, heard.usage().output), (90, 0));
        let heard = chat(&bench, TEXT, &format!("{reason:?}"), USAGE).await;
        assert_eq!(heard.result, Ok(Stop::Refused(reason.to_owned())));
    }
}

#[tokio::test]
async fn a_choice_without_delta_and_message_is_read_for_its_reason() {
    let bench = Bench::new().await;
    let body = r#"{"choices":[{"finish_reason":"content_filter: PROHIBITED_CONTENT","index":0}],"model":"g"}"#;
    let heard = play(
        &bench,
        Wire::OpenAi,
        format!("data: {body}\n\ndata: [DONE]\n\n"),
    )
    .await;
    let reason = "content_filter: PROHIBITED_CONTENT".to_owned();
    assert_eq!(heard.result, Ok(Stop::Refused(reason)));
}

#[tokio::test]
async fn words_of_refusal_are_shown_and_are_a_refusal() {
    let bench = Bench::new().await;
    for reason in ["stop", "length"] {
        let delta = r#"{"content":null,"refusal":"I can't."}"#;
        let heard = chat(&bench, delta, &format!("{reason:?}"), USAGE).await;
        assert_eq!(heard.text(), "I can't.");
        assert_eq!(heard.result, Ok(Stop::Refused("refusal".to_owned())));
    }
}

#[tokio::test]
async fn an_empty_reason_is_none() {
    let bench = Bench::new().await;
    for reason in ["\"\"", "\"null\"", "null"] {
        let heard = chat(&bench, TEXT, reason, "null").await;
        assert_eq!(heard.text(), "Well, I was about ");
        assert_eq!(
            (heard.outcome, heard.result),
            (Outcome::Unknown, Err(ProviderError::CutStream))
        );
    }
}

#[tokio::test]
async fn text_behind_a_reason_still_counts_and_a_second_reason_does_not() {
    let bench = Bench::new().await;
    let chunk = |delta: &str, reason: &str| {
        format!("data: {{\"choices\":[{{\"delta\":{delta},\"finish_reason\":{reason}}}]}}\n\n")
    };
    let body = [
        chunk(r#"{"content":"One "}"#, "\"length\""),
        chunk(r#"{"content":"two."}"#, "null"),
        chunk("{}", "\"length\""),
        chunk("{}", "\"stop\""),
        format!("data: {{\"choices\":[],\"usage\":{USAGE}}}\n\n"),
    ];
    let heard = play(&bench, Wire::OpenAi, body.concat()).await;
    assert_eq!(
        (heard.text().as_str(), &heard.result),
        ("One two.", &Ok(Stop::Length))
    );
    assert_eq!(heard.usage().output, 6);
}

#[rstest]
#[case::a_field(r#"{"reasoning_content":"Let me think"}"#, USAGE)]
#[case::another_field(r#"{"content":"","reasoning":"Let me think"}"#, USAGE)]
#[case::parts(
    r#"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]}"#,
    USAGE
)]
#[case::in_the_text(r#"{"content":"<think>Let me think"}"#, USAGE)]
#[case::a_count(r#"{"content":""}"#, r#"{"prompt_tokens":90,"completion_tokens":20,"completion_tokens_details":{"reasoning_tokens":20}}"#)]
#[case::a_gap_in_the_total(
    r#"{"content":""}"#,
    r#"{"prompt_tokens":90,"completion_tokens":0,"total_tokens":110}"#
)]
#[case::the_whole_cap(r#"{"content":""}"#, r#"{"prompt_tokens":90,"completion_tokens":199}"#)]
#[tokio::test]
async fn a_cap_that_went_into_thoughts_is_told_apart(#[case] delta: &str, #[case] usage: &str) {
    let bench = Bench::new().await;
    let heard = chat(&bench, delta, "\"length\"", usage).await;
    assert_eq!(
        (heard.text().as_str(), &heard.result),
        ("", &Ok(Stop::Thought))
    );
    assert!(
        matches!(heard.outcome, Outcome::Complete(_)),
        "{:?}",
        heard.outcome
    );
}

#[tokio::test]
async fn a_cap_that_cut_the_reply_is_an_ordinary_length() {
    let bench = Bench::new().await;
    let thinks = r#"{"reasoning_content":"hm","content":"Once upon"}"#;
    assert_eq!(
        chat(&bench, thinks, "\"length\"", USAGE).await.result,
        Ok(Stop::Length)
    );
    let nothing = chat(&bench, r#"{"content":""}"#, "\"model_length\"", USAGE).await;
    assert_eq!(
        nothing.result,
        Ok(Stop::Length),
        "the prompt filled the window"
    );
    let thought = chat(&bench, r#"{"reasoning":"hm"}"#, "\"stop\"", USAGE).await;
    assert_eq!(thought.result, Ok(Stop::End), "no cap was reached");
}

/// A reply of Anthropic's dialect: this delta, and how it stopped.
async fn message(bench: &Bench, delta: &str, stop: &str) -> Heard {
    let body = format!(
        "data: {{\"type\":\"message_start\",\"message\":{{\"usage\":{{\"input_tokens\":9}}}}}}\n\ndata: {{\"type\":\"content_block_delta\",\"delta\":{delta}}}\n\ndata: {{\"type\":\"message_delta\",\"delta\":{{\"stop_reason\":{stop}}},\"usage\":{{\"output_tokens\":7}}}}\n\ndata: {{\"type\":\"message_stop\"}}\n\n"
    );
    play(bench, Wire::Anthropic, body).await
}

#[tokio::test]
async fn anthropics_reasons_are_read_by_the_same_table() {
    let bench = Bench::new().await;
    let text = r#"{"type":"text_delta","text":"Hi"}"#;
    let thought = r#"{"type":"thinking_delta","thinking":"hm"}"#;
    for (delta, stop, expected) in [
        (text, "\"end_turn\"", Stop::End),
        (text, "\"max_tokens\"", Stop::Length),
        (text, "\"model_context_window_exceeded\"", Stop::Length),
        (text, "\"refusal\"", Stop::Refused("refusal".into())),
        (text, "\"pause_turn\"", Stop::Other("pause_turn".into())),
        (
            text,
            "\"stop_sequence\",\"stop_sequence\":\"Ana:\"",
            Stop::Sequence("Ana:".into()),
        ),
        (text, "null", Stop::End),
        (thought, "\"max_tokens\"", Stop::Thought),
    ] {
        let heard = message(&bench, delta, stop).await;
        assert_eq!(heard.result, Ok(expected), "{stop}");
        assert_eq!(heard.usage().output, 7);
    }
}

#[tokio::test]
async fn a_refusal_that_skips_the_start_of_its_block_is_one() {
    let bench = Bench::new().await;
    let body = concat!(
        "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":19,\"output_tokens\":0}}}\n\n",
        "data: {\"type\":\"content_block_stop\",\"index\":0}\n\n",
        "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"refusal\"},\"usage\":{\"input_tokens\":19,\"output_tokens\":0}}\n\n",
        "data: {\"type\":\"message_stop\"}\n\n",
    );
    let heard = play(&bench, Wire::Anthropic, body.to_owned()).await;
    assert_eq!(heard.result, Ok(Stop::Refused("refusal".to_owned())));
    assert_eq!((heard.usage().input, heard.usage().output), (19, 0));
}
