//! An answer is what its bytes are, whatever its label says: whole where a stream was asked for, packed, a web page, an
//! error under a good status.

use std::io::Write;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use ledger::Outcome;
use model_sim::{Fault, Reply};
use provider::{ProviderError, Stop};
use rstest::rstest;

use crate::bench::{Bench, Heard, Wire, answer, canned, patient, provider_at, request};

const CHAT: &str = concat!(
    "data: {\"choices\":[{\"delta\":{\"content\":\"Hi \"}}]}\n\n",
    "data: {\"choices\":[{\"delta\":{\"content\":\"there.\"},\"finish_reason\":\"stop\"}]}\n\n",
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4}}\n\n",
    "data: [DONE]\n\n",
);
const MESSAGES: &str = concat!(
    "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":9}}}\n\n",
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi there.\"}}\n\n",
    "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":4}}\n\n",
    "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
);
const COMPLETION: &str = r#"{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hi there."},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}}"#;
const MESSAGE: &str = r#"{"id":"m","type":"message","role":"assistant","content":[{"type":"text","text":"Hi there."}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":9,"output_tokens":4}}"#;

async fn ask(bench: &Bench, wire: Wire, answer: Vec<u8>) -> Heard {
    let provider = provider_at(wire, &canned(answer).await, patient());
    bench.ask(&*provider, request("hello")).await
}

fn is_whole(heard: &Heard) {
    assert_eq!(heard.text(), "Hi there.", "{:?}", heard.result);
    assert_eq!(heard.result, Ok(Stop::End));
    let usage = heard.usage();
    assert_eq!((usage.input, usage.output), (9, 4));
}

#[tokio::test]
async fn a_stream_is_read_under_any_label() {
    let bench = Bench::new().await;
    let labels = ["", "application/json", "text/plain", "text/html"];
    for label in labels.into_iter().chain(["application/x-ndjson"]) {
        for (wire, body) in [(Wire::OpenAi, CHAT), (Wire::Anthropic, MESSAGES)] {
            is_whole(&ask(&bench, wire, answer(&[("content-type", label)], body)).await);
        }
    }
}

#[rstest]
#[tokio::test]
async fn a_whole_answer_to_a_request_for_a_stream_is_a_reply(
    #[values("application/json", "text/event-stream")] label: &str,
    #[values((Wire::OpenAi, COMPLETION), (Wire::Anthropic, MESSAGE))] (wire, body): (Wire, &str),
) {
    let bench = Bench::new().await;
    let parsed: serde_json::Value = serde_json::from_str(body).unwrap();
    for body in [body.to_owned(), format!("{parsed:#}")] {
        for tail in ["", "\n\ndata: [DONE]\n\n"] {
            let answer = answer(&[("content-type", label)], format!("\n{body}{tail}"));
            is_whole(&ask(&bench, wire, answer).await);
        }
    }
}

#[tokio::test]
async fn lines_of_json_are_a_stream_also_in_ollamas_own_shape() {
    let bench = Bench::new().await;
    let chunks = CHAT
        .replace("data: [DONE]\n\n", "")
        .replace("data: ", "")
        .replace("\n\n", "\n");
    is_whole(
        &ask(
            &bench,
            Wire::OpenAi,
            answer(&[("content-type", "application/x-ndjson")], chunks),
        )
        .await,
    );
    let ollama = concat!(
        "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"Hi \",\"thinking\":\"hm\"},\"done\":false}\n",
        "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"there.\"},\"done\":false}\n",
        "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":9,\"eval_count\":4}\n",
    );
    is_whole(
        &ask(
            &bench,
            Wire::OpenAi,
            answer(&[("content-type", "application/x-ndjson")], ollama),
        )
        .await,
    );
}

fn gzip(body: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(body.as_bytes()).unwrap();
    packed.finish().unwrap()
}

#[tokio::test]
async fn a_packed_answer_is_unpacked_also_where_it_does_not_say_so() {
    let bench = Bench::new().await;
    let bodies = [
        (Wire::OpenAi, CHAT),
        (Wire::OpenAi, COMPLETION),
        (Wire::Anthropic, MESSAGES),
    ];
    for (wire, body) in bodies {
        for coding in ["gzip", ""] {
            let headers = [
                ("content-type", "text/event-stream"),
                ("content-encoding", coding),
            ];
            is_whole(&ask(&bench, wire, answer(&headers, gzip(body))).await);
        }
    }
}

#[tokio::test]
async fn deflate_is_unpacked_and_a_label_that_lies_does_no_harm() {
    let bench = Bench::new().await;
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(CHAT.as_bytes()).unwrap();
    let deflate = [("content-encoding", "deflate")];
    is_whole(
        &ask(
            &bench,
            Wire::OpenAi,
            answer(&deflate, zlib.finish().unwrap()),
        )
        .await,
    );
    for coding in ["gzip", "deflate", "br", "zstd"] {
        let headers = [("content-encoding", coding)];
        is_whole(&ask(&bench, Wire::OpenAi, answer(&headers, CHAT)).await);
    }
}

#[tokio::test]
async fn a_packed_error_is_typed() {
    let bench = Bench::new().await;
    let body = gzip(r#"{"error":{"message":"slow down","type":"rate_limit_error"}}"#);
    let head = format!(
        "HTTP/1.1 429 Too Many\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let heard = ask(&bench, Wire::OpenAi, [head.as_bytes(), &body].concat()).await;
    assert!(
        heard.error().to_string().contains("slow down"),
        "{}",
        heard.error()
    );
    assert_eq!(heard.outcome, Outcome::Rejected { status: 429 });
}

#[rstest]
#[tokio::test]
async fn plain_bytes_are_asked_for(#[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire) {
    let bench = Bench::new().await;
    bench.ask(&*bench.provider(wire), request("hello")).await;
    assert_eq!(
        bench.sim.requests()[0].headers["accept-encoding"],
        "identity"
    );
}

#[rstest]
#[tokio::test]
async fn a_web_page_says_that_nothing_ran(#[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire) {
    let bench = Bench::new().await;
    let pages = [
        "<!doctype html>\n<html><body>Sign in</body></html>",
        "\n <HTML>",
    ];
    for content_type in ["text/html", "text/event-stream", "application/json"] {
        for page in pages {
            bench.sim.queue(Reply::fault(Fault::Status {
                status: 200,
                content_type,
                body: page.to_owned(),
            }));
            let heard = bench.ask(&*bench.provider(wire), request("hello")).await;
            assert!(
                matches!(heard.error(), ProviderError::NotAModel { .. }),
                "{:?}",
                heard.result
            );
            assert_eq!(heard.outcome, Outcome::NotRun);
            let receipt = bench
                .ledger
                .settle(heard.hold, heard.outcome)
                .await
                .unwrap();
            assert_eq!(receipt.tokens, 0);
        }
    }
}
