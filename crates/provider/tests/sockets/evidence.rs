//! What an answer says about itself decides what its hold is for: nothing ran, something may have run, or all is known.

use ledger::Outcome;
use model_sim::{Fault, Reply};
use provider::{ProviderError, Stop};
use rstest::rstest;

use crate::bench::{Bench, Heard, Wire, canned, patient, provider_at, request};

async fn status(
    (bench, wire): (&Bench, Wire),
    status: u16,
    content_type: &'static str,
    body: &str,
) -> Heard {
    let before = bench.sim.generations().len();
    bench.sim.queue(Reply::fault(Fault::Status {
        status,
        content_type,
        body: body.to_owned(),
    }));
    let heard = bench.ask(&*bench.provider(wire), request("hello")).await;
    assert_eq!(
        bench.sim.generations().len(),
        before + 1,
        "no hidden retries"
    );
    heard
}

const NO_SUCCESS: [u16; 15] = [
    300, 302, 308, 400, 402, 408, 409, 422, 451, 500, 502, 503, 504, 520, 529,
];

#[rstest]
#[tokio::test]
async fn a_status_that_is_no_success_is_kept_as_it_is(
    #[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire,
) {
    let bench = Bench::new().await;
    for code in NO_SUCCESS {
        for body in [r#"{"error":{"message":"no"}}"#, "<html></html>", ""] {
            let heard = status((&bench, wire), code, "text/html", body).await;
            assert!(heard.pieces.is_empty() && heard.result.is_err());
            assert_eq!(heard.outcome, Outcome::Rejected { status: code });
        }
    }
}

/// Each way to say it, and the status that it names, if it does.
const ERRORS: [(&str, Option<u16>); 9] = [
    (
        r#"{"error":{"code":400,"message":"request (6009 tokens) exceeds the available context size (4096 tokens)","type":"exceed_context_size_error"}}"#,
        Some(400),
    ),
    (
        r#"{"error":{"message":"Provider returned error","code":"502"}}"#,
        Some(502),
    ),
    (
        r#"{"success":false,"error":{"code":"INTERNAL_SERVER_ERROR","status":500,"message":"m"}}"#,
        Some(500),
    ),
    (r#"{"error":"upstream overloaded"}"#, None),
    (
        r#"{"error":{"message":"m","type":"server_error","code":null}}"#,
        None,
    ),
    (
        r#"{"type":"error","error":{"details":null,"type":"overloaded_error","message":"Overloaded"}}"#,
        Some(529),
    ),
    (r#"{"object":"error","message":"m","code":500}"#, Some(500)),
    (r#"{"choices":[],"x_groq":{"error":"over capacity"}}"#, None),
    (
        r#"{"base_resp":{"status_code":1027,"status_msg":"output new_sensitive"}}"#,
        None,
    ),
];

#[rstest]
#[tokio::test]
async fn an_error_in_place_of_a_reply_counts_as_the_status_that_it_names(
    #[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire,
    #[values("application/json", "text/event-stream")] content_type: &'static str,
) {
    let frames = [
        "ERROR\n",
        "data: ERROR\n\ndata: [DONE]\n\n",
        ": hi\n\nevent: error\ndata: ERROR\n\n",
    ];
    let bench = Bench::new().await;
    for (error, named) in ERRORS {
        for frame in frames {
            let body = frame.replace("ERROR", error);
            let heard = status((&bench, wire), 200, content_type, &body).await;
            let expected = named.map_or(Outcome::NotRun, |status| Outcome::Rejected { status });
            assert_eq!(heard.outcome, expected, "{body}");
            assert!(heard.result.is_err() && heard.pieces.is_empty(), "{body}");
        }
    }
}

#[tokio::test]
async fn an_error_that_llama_cpp_writes_as_a_field_is_understood() {
    let body = "error: {\"code\":400,\"message\":\"the request exceeds the available context size. try increasing the context size or enable context shift\",\"type\":\"invalid_request_error\"}\n\ndata: [DONE]\n\n";
    let heard = status(
        (&Bench::new().await, Wire::OpenAi),
        200,
        "text/event-stream",
        body,
    )
    .await;
    assert!(
        matches!(heard.error(), ProviderError::ContextTooLong { .. }),
        "{:?}",
        heard.result
    );
    assert_eq!(heard.outcome, Outcome::Rejected { status: 400 });
}

#[rstest]
#[case::text(Wire::OpenAi, r#"{"choices":[{"delta":{"content":"Well"}}]}"#)]
#[case::thoughts(Wire::OpenAi, r#"{"choices":[{"delta":{"reasoning_content":"hm"}}]}"#)]
#[case::text(
    Wire::Anthropic,
    r#"{"type":"content_block_delta","delta":{"type":"text_delta","text":"Well"}}"#
)]
#[case::thoughts(
    Wire::Anthropic,
    r#"{"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"hm"}}"#
)]
#[tokio::test]
async fn an_error_after_the_model_has_worked_posts_the_full_hold(
    #[case] wire: Wire,
    #[case] work: &str,
) {
    let bench = Bench::new().await;
    for (error, _) in ERRORS {
        let body = format!("data: {work}\n\ndata: {error}\n\n");
        let heard = status((&bench, wire), 200, "text/event-stream", &body).await;
        assert_eq!(heard.outcome, Outcome::Unknown, "{error}");
        assert!(heard.result.is_err(), "{error}");
    }
}

#[rstest]
#[case(
    Wire::OpenAi,
    r#"{"choices":[{"delta":{"role":"assistant","content":""}}]}"#
)]
#[case(
    Wire::Anthropic,
    r#"{"type":"message_start","message":{"usage":{"input_tokens":9,"output_tokens":1}}}"#
)]
#[tokio::test]
async fn what_comes_before_the_first_token_is_no_work(#[case] wire: Wire, #[case] frame: &str) {
    let body = format!("data: {frame}\n\ndata: {}\n\n", ERRORS[5].0);
    let heard = status((&Bench::new().await, wire), 200, "text/event-stream", &body).await;
    assert_eq!(heard.outcome, Outcome::Rejected { status: 529 });
}

#[tokio::test]
async fn an_error_that_is_there_and_empty_is_none() {
    let body = concat!(
        "data: {\"error\":null,\"choices\":[{\"delta\":{\"content\":\"Fine\"}}]}\n\n",
        "data: {\"error\":{},\"base_resp\":{\"status_code\":0},\"choices\":[{\"delta\":{\"content\":\".\"},\"finish_reason\":\"stop\"}]}\n\n",
    );
    let heard = status(
        (&Bench::new().await, Wire::OpenAi),
        200,
        "text/event-stream",
        body,
    )
    .await;
    assert_eq!(
        (heard.text().as_str(), heard.result),
        ("Fine.", Ok(Stop::End))
    );
}

const CHAT: [&str; 2] = [
    "data: {\"choices\":[{\"delta\":{\"content\":\"All was said.\"}}]}\n\ndata: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n",
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4}}\n\n",
];
const MESSAGES: [&str; 2] = [
    "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":9}}}\n\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"All was said.\"}}\n\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n",
    "data: {\"type\":\"message_delta\",\"delta\":{},\"usage\":{\"output_tokens\":4}}\n\n",
];

/// What a server may do behind the last event that matters.
#[derive(Clone, Copy, Debug)]
enum Tail {
    /// A chunked body without its last chunk.
    Unclosed,
    /// A length that was never reached.
    TooShort,
    /// A chunk that is no chunk.
    Garbage,
    /// An error.
    Error,
}

async fn ended(bench: &Bench, wire: Wire, body: &str, tail: Tail) -> Heard {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n";
    let chunk = format!(
        "transfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n",
        body.len()
    );
    let answer = match tail {
        Tail::Unclosed => format!("{head}{chunk}"),
        Tail::TooShort => format!("{head}content-length: {}\r\n\r\n{body}", body.len() + 9),
        Tail::Garbage => format!("{head}{chunk}what is this\r\n"),
        Tail::Error => format!(
            "{head}connection: close\r\n\r\n{body}data: {{\"error\":{{\"message\":\"usage accounting failed\",\"code\":500}}}}\n\n"
        ),
    };
    let provider = provider_at(wire, &canned(answer).await, patient());
    bench.ask(&*provider, request("hello")).await
}

#[rstest]
#[tokio::test]
async fn behind_the_reason_to_stop_nothing_makes_a_reply_less_than_whole(
    #[values((Wire::OpenAi, CHAT), (Wire::Anthropic, MESSAGES))] (wire, [text, usage]): (
        Wire,
        [&str; 2],
    ),
) {
    let bench = Bench::new().await;
    for tail in [Tail::Unclosed, Tail::TooShort, Tail::Garbage, Tail::Error] {
        let heard = ended(&bench, wire, &format!("{text}{usage}"), tail).await;
        assert_eq!(heard.text(), "All was said.", "{tail:?}");
        assert_eq!(heard.result, Ok(Stop::End), "{tail:?}");
        assert_eq!(heard.usage().output, 4);
        let heard = ended(&bench, wire, text, tail).await;
        assert_eq!(heard.text(), "All was said.", "{tail:?}");
        assert_eq!(heard.result, Ok(Stop::End), "{tail:?}");
        assert_eq!(heard.outcome, Outcome::Unknown, "what it cost did not come");
    }
}

#[tokio::test]
async fn before_the_reason_to_stop_an_unclean_end_is_a_cut() {
    let bench = Bench::new().await;
    let body = "data: {\"choices\":[{\"delta\":{\"content\":\"All\"}}]}\n\n";
    for tail in [Tail::Unclosed, Tail::TooShort, Tail::Garbage] {
        let heard = ended(&bench, Wire::OpenAi, body, tail).await;
        assert_eq!(heard.text(), "All", "{tail:?}");
        assert_eq!(heard.outcome, Outcome::Unknown, "{tail:?}");
        assert_eq!(heard.result, Err(ProviderError::CutStream), "{tail:?}");
    }
}

#[tokio::test]
async fn a_server_that_never_ends_its_stream_has_ended_its_reply() {
    let bench = Bench::new().await;
    let body = CHAT.concat();
    bench
        .sim
        .queue(Reply::raw(body.clone()).with(Fault::HangAfter(body.len())));
    let deadlines = provider::Deadlines {
        between_tokens: std::time::Duration::from_millis(200),
        ..patient()
    };
    let provider = bench.provider_with(Wire::OpenAi, deadlines);
    let heard = bench.ask(&*provider, request("hello")).await;
    assert_eq!(heard.result, Ok(Stop::End));
    assert_eq!(heard.usage().output, 4);
}
