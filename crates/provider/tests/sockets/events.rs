//! Streams as odd as servers and relays send them: what can be read is, and nothing else is lost for what cannot.

use ledger::Outcome;
use model_sim::Reply;
use provider::{ProviderError, Stop};
use rstest::rstest;

use crate::bench::{Bench, Heard, Wire, request};

/// Pieces in which a body may come, in bytes.
const PIECES: [usize; 4] = [1, 7, 64, 1 << 20];

/// Plays a body back, cut into pieces of every size; the last of the replies, which are all the same.
async fn play(wire: Wire, body: impl Into<Vec<u8>>) -> Heard {
    let body = body.into();
    let bench = Bench::new().await;
    let mut last: Option<Heard> = None;
    for bytes in PIECES {
        bench.sim.queue(Reply::raw(body.clone()).by_bytes(bytes));
        let heard = bench.ask(&*bench.provider(wire), request("hello")).await;
        if let Some(last) = &last {
            assert_eq!(heard.text(), last.text(), "in pieces of {bytes}");
            assert_eq!(heard.result, last.result, "in pieces of {bytes}");
            assert_eq!(heard.outcome, last.outcome, "in pieces of {bytes}");
        }
        last = Some(heard);
    }
    last.unwrap()
}

async fn chat(body: impl Into<Vec<u8>>) -> Heard {
    play(Wire::OpenAi, body).await
}

fn delta(text: &str) -> String {
    format!(
        "data: {{\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}},\"finish_reason\":null}}]}}\n\n"
    )
}

const END: &str = concat!(
    "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n",
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4}}\n\n",
    "data: [DONE]\n\n",
);

fn is_whole(heard: &Heard, text: &str) {
    assert_eq!(heard.text(), text, "{:?}", heard.result);
    assert_eq!(heard.result, Ok(Stop::End));
    assert!(
        matches!(heard.outcome, Outcome::Complete(_)),
        "{:?}",
        heard.outcome
    );
}

#[rstest]
#[case::a_time("data: 2024-04-07 20:20:50.554328\n\n")]
#[case::a_ping_by_name("event: ping\ndata: ping\n\n")]
#[case::a_ping_of_anthropics("event: ping\ndata: {\"type\": \"ping\"}\n\n")]
#[case::a_comment(": OPENROUTER PROCESSING\n\n")]
#[case::a_bare_colon(":\n\n")]
#[case::nothing("data:\n\ndata: \"\"\n\n")]
#[case::a_heartbeat("data: {\"type\":\"heartbeat\",\"timestamp\":\"1\"}\n\n")]
#[case::half_an_event("data: {\"choices\":[{\"delta\":{\"con: keepalive\n\n")]
#[case::a_number("data: 12\n\n")]
#[case::azures_first_event(
    "data: {\"id\":\"\",\"choices\":[],\"model\":\"\",\"prompt_filter_results\":[{}]}\n\n"
)]
#[case::no_choices(
    "data: {\"choices\":null}\n\ndata: {\"id\":\"x\"}\n\ndata: {\"choices\":[{}]}\n\n"
)]
#[tokio::test]
async fn what_is_no_part_of_the_reply_is_passed_over(#[case] between: &str) {
    let body = format!(
        "{between}{}{between}{}{between}{END}",
        delta("Long "),
        delta("reply.")
    );
    is_whole(&chat(body).await, "Long reply.");
    let whole = concat!(
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":9}}}\n\n",
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi.\"}}\n\n",
        "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":2}}\n\n",
        "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
    );
    let body = whole.replace("event: c", &format!("{between}event: c"));
    is_whole(
        &play(Wire::Anthropic, format!("{between}{body}")).await,
        "Hi.",
    );
}

#[tokio::test]
async fn a_stream_of_nothing_but_heartbeats_is_no_reply() {
    let heard = chat("data: ping\n\ndata: ping\n\ndata: 2024-04-07 20:20:50\n\n").await;
    assert!(
        matches!(heard.error(), ProviderError::Protocol { .. }),
        "{:?}",
        heard.result
    );
    assert_eq!(heard.outcome, Outcome::Unknown);
}

#[rstest]
#[case::a_byte_order_mark(|body: String| format!("\u{feff}{body}"))]
#[case::carriage_returns(|body: String| body.replace('\n', "\r"))]
#[case::both(|body: String| body.replace('\n', "\r\n"))]
#[case::no_blank_after_the_colon(|body: String| body.replace("data: ", "data:"))]
#[case::a_break_after_the_colon(|body: String| body.replace("data: {", "data:\n {"))]
#[case::names_and_numbers(|body: String| body.replace("data: {", "event: message\nid: 1\nretry: 9\ndata: {"))]
#[case::blanks_around_the_mark(|body: String| body.replace("[DONE]", "  [DONE] "))]
#[case::no_mark(|body: String| body.replace("data: [DONE]\n\n", ""))]
#[case::no_blank_line_at_the_end(|body: String| body.trim_end().to_owned())]
#[case::no_blank_line_before_the_mark(|body: String| body.replace("\n\ndata: [DONE]", "\ndata: [DONE]"))]
#[case::no_mark_and_no_line_end(|body: String| body.replace("data: [DONE]", "").trim_end().to_owned())]
#[case::several_lines_of_data(|body: String| body.replace("\"choices\":", "\ndata: \"choices\":"))]
#[tokio::test]
async fn every_way_to_frame_events_is_understood(#[case] framed: fn(String) -> String) {
    let body = framed(format!("{}{}{END}", delta("Hé "), delta("你🦊.")));
    is_whole(&chat(body).await, "Hé 你🦊.");
}

#[rstest]
#[tokio::test]
async fn the_halves_of_a_character_find_each_other() {
    let halves = format!(
        "{}{}{}{END}",
        delta("A fox: \\ud83e"),
        delta("\\udd8a"),
        delta(" runs.")
    );
    is_whole(&chat(halves).await, "A fox: 🦊 runs.");
    let alone = format!(
        "{}{}{}{END}",
        delta("A \\ud83e"),
        delta("fox \\udd8a"),
        delta("\\ud83e")
    );
    is_whole(&chat(alone).await, "A \u{FFFD}fox \u{FFFD}\u{FFFD}");
}

#[rstest]
#[tokio::test]
async fn bytes_that_are_no_text_become_missing_characters() {
    let mut body = delta("ok ?! 你").into_bytes();
    let at = body.iter().position(|byte| *byte == b'?').unwrap();
    body[at] = 0xFF;
    body.extend_from_slice(END.as_bytes());
    is_whole(&chat(body).await, "ok \u{FFFD}! 你");
}

#[tokio::test]
async fn numbers_that_are_none_lose_nothing() {
    let body = format!("{}{END}", delta("Fine."));
    let body = body.replace(
        "\"finish_reason\":null",
        "\"logprobs\":[-Infinity,NaN],\"finish_reason\":null",
    );
    is_whole(&chat(body).await, "Fine.");
}

#[rstest]
#[case::message(r#"{"index":0,"message":{"role":"assistant","content":"TEXT"}}"#)]
#[case::text(r#"{"index":0,"text":"TEXT"}"#)]
#[case::parts(r#"{"delta":{"content":[{"type":"text","text":"TEXT"}]}}"#)]
#[case::numbered_tokens(r#"{"index":4,"delta":{"content":"TEXT"}}"#)]
#[case::no_role(
    r#"{"delta":{"role":"","content":"TEXT","reasoning_content":null,"tool_calls":[]}}"#
)]
#[case::a_second_choice(
    r#"{"index":0,"delta":{"content":"TEXT"}},{"index":1,"delta":{"content":"other"}}"#
)]
#[tokio::test]
async fn text_is_found_in_every_shape_of_chunk(#[case] choice: &str) {
    let chunk = |text: &str| {
        format!(
            "data: {{\"choices\":[{}]}}\n\n",
            choice.replace("TEXT", text)
        )
    };
    let role = "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null}}]}\n\n";
    let body = format!("{role}{}{}{END}", chunk("In "), chunk("pieces."));
    is_whole(&chat(body).await, "In pieces.");
}

#[tokio::test]
async fn a_message_without_its_start_blocks_is_understood() {
    let body = concat!(
        "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}}\n\n",
        "event: content_block_delta\ndata: {\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi \"}}\n\n",
        "event: something_new\ndata: {\"type\":\"something_new\",\"text\":\"no\"}\n\n",
        "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"there.\"}}\n\n",
        "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":null},\"usage\":{\"output_tokens\":3}}\n\n",
        "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n",
        "data: [DONE]\n\n",
    );
    is_whole(&play(Wire::Anthropic, body).await, "Hi there.");
}
