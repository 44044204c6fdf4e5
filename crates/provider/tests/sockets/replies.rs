//! Whole replies: text, usage, reasons to stop, and what goes over the wire.

use std::collections::BTreeSet;
use std::time::Duration;

use ledger::{Outcome, Usage};
use model_sim::{Chunks, Reply, UsageReport};
use provider::{Message, Role, Stop};
use rstest::rstest;
use serde_json::json;

use crate::bench::{Bench, KEY, Wire, canned, listen, patient, provider_at, request};

const TEXT: &str = "Guten Tag! 你好,世界 — it rains 🌧️ and I’m “happy”.\nA new line.";

#[rstest]
#[tokio::test]
async fn a_reply_arrives_whole_however_the_bytes_are_cut(
    #[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire,
    #[values(1, 2, 3, 7, 64, 100_000)] bytes: usize,
) {
    let bench = Bench::new().await;
    bench.sim.queue(Reply::text(TEXT).by_bytes(bytes));
    let heard = bench.ask(&*bench.provider(wire), request("hello")).await;
    assert_eq!(heard.text(), TEXT);
    assert_eq!(heard.result, Ok(Stop::End));
    assert!(heard.pieces.len() > 5, "streamed in pieces");
    let usage = heard.usage();
    assert_eq!(usage.output, model_sim::count_tokens(TEXT));
    assert!(usage.input > 0 && usage.input <= heard.hold.input_bound());
}

#[rstest]
#[tokio::test]
async fn usage_is_reported_with_its_parts(#[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire) {
    let bench = Bench::new().await;
    let anthropic = matches!(wire, Wire::Anthropic);
    let report = UsageReport::Exact {
        input: 100,
        cached_input: 60,
        cache_write: if anthropic { 30 } else { 0 },
        output: 40,
        reasoning: if anthropic { 0 } else { 25 },
    };
    bench
        .sim
        .queue(Reply::text("Hello.").usage(report).thinking("let me think"));
    let heard = bench.ask(&*bench.provider(wire), request("hello")).await;
    assert_eq!(heard.text(), "Hello.", "thoughts are not shown");
    let (cache_write, reasoning) = if anthropic { (30, 0) } else { (0, 25) };
    assert_eq!(
        heard.usage(),
        Usage {
            input: 100,
            cached_input: 60,
            cache_write,
            output: 40,
            reasoning
        }
    );
    let receipt = bench
        .ledger
        .settle(heard.hold, heard.outcome)
        .await
        .unwrap();
    assert_eq!((receipt.tokens, receipt.breach), (140, false));
}

#[rstest]
#[tokio::test]
async fn a_reply_that_reaches_its_cap_says_so(#[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire) {
    let bench = Bench::new().await;
    bench.sim.say("one two three four five six");
    let mut request = request("count");
    request.cap = 3;
    let heard = bench.ask(&*bench.provider(wire), request).await;
    assert_eq!(heard.result, Ok(Stop::Length));
    assert_eq!(heard.usage().output, 3);
}

#[rstest]
#[tokio::test]
async fn a_reply_ends_at_a_stop_sequence(#[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire) {
    let bench = Bench::new().await;
    bench.sim.say("Hi Ana.\nAna: hello");
    let mut request = request("hi");
    request.stop = vec!["\nAna:".to_owned()];
    let heard = bench.ask(&*bench.provider(wire), request).await;
    assert_eq!(heard.text(), "Hi Ana.");
    let expected = match wire {
        Wire::OpenAi => Stop::End,
        Wire::Anthropic => Stop::Sequence("\nAna:".to_owned()),
    };
    assert_eq!(heard.result, Ok(expected));
}

#[rstest]
#[tokio::test]
async fn a_declining_model_is_refused_and_still_billed(
    #[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire,
) {
    let bench = Bench::new().await;
    bench.sim.queue(Reply::text("I would rather").declining());
    let heard = bench.ask(&*bench.provider(wire), request("hello")).await;
    assert!(matches!(heard.result, Ok(Stop::Refused(_))));
    assert!(matches!(heard.outcome, Outcome::Complete(_)));
}

#[rstest]
#[case(UsageReport::Missing)]
#[case(UsageReport::Raw(json!({})))]
#[case(UsageReport::Raw(json!({"prompt_tokens": 10, "total_tokens": 10})))]
#[case(UsageReport::Raw(json!({"prompt_tokens": 10, "completion_tokens": -4, "output_tokens": -4})))]
#[case(UsageReport::Raw(json!({"prompt_tokens": 1e300, "completion_tokens": 4, "output_tokens": 1e300})))]
#[case(UsageReport::Raw(json!({"prompt_tokens": 10, "completion_tokens": "four", "output_tokens": "four"})))]
#[case(UsageReport::Raw(json!({"prompt_tokens": 10, "completion_tokens": u64::MAX, "output_tokens": u64::MAX})))]
#[case(UsageReport::Raw(json!({"prompt_tokens": 0, "completion_tokens": 0, "output_tokens": 0})))]
#[tokio::test]
async fn a_whole_reply_without_believable_usage_posts_the_full_hold(
    #[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire,
    #[case] report: UsageReport,
) {
    let bench = Bench::new().await;
    bench.sim.queue(Reply::text("Hello.").usage(report));
    let heard = bench.ask(&*bench.provider(wire), request("hello")).await;
    assert_eq!(heard.text(), "Hello.");
    assert_eq!(
        (heard.outcome, heard.result),
        (Outcome::Unknown, Ok(Stop::End))
    );
    let held = heard.hold.tokens();
    let receipt = bench
        .ledger
        .settle(heard.hold, heard.outcome)
        .await
        .unwrap();
    assert_eq!(receipt.tokens, held);
}

#[tokio::test]
async fn the_chat_request_is_written_as_documented() {
    let bench = Bench::new().await;
    let mut request = request("Is it wet?");
    request.messages.insert(
        0,
        Message {
            role: Role::Assistant,
            text: "Welcome.".to_owned(),
        },
    );
    request.temperature = Some(0.5);
    bench.ask(&*bench.provider(Wire::OpenAi), request).await;
    let sent = &bench.sim.requests()[0];
    assert_eq!(sent.path, "/v1/chat/completions");
    assert_eq!(sent.headers["authorization"], "(secret)");
    assert_eq!(sent.headers["content-type"], "application/json");
    let expected = json!({
        "model": "sim",
        "messages": [
            {"role": "system", "content": "You are Mia, a gardener.\n\nIt rains."},
            {"role": "user", "content": "…"},
            {"role": "assistant", "content": "Welcome."},
            {"role": "user", "content": "Is it wet?"},
        ],
        "stream": true,
        "stream_options": {"include_usage": true},
        "max_tokens": 200,
        "temperature": 0.5,
    });
    assert_eq!(sent.body, expected);
}

#[tokio::test]
async fn the_messages_request_is_written_as_documented() {
    let bench = Bench::new().await;
    bench
        .ask(&*bench.provider(Wire::Anthropic), request("Is it wet?"))
        .await;
    let sent = &bench.sim.requests()[0];
    assert_eq!(sent.path, "/v1/messages");
    assert_eq!(sent.headers["x-api-key"], "(secret)");
    assert_eq!(sent.headers["anthropic-version"], "2023-06-01");
    let expected = json!({
        "model": "sim",
        "max_tokens": 200,
        "system": [
            {"type": "text", "text": "You are Mia, a gardener.", "cache_control": {"type": "ephemeral"}},
            {"type": "text", "text": "It rains."},
        ],
        "messages": [{"role": "user", "content": "Is it wet?"}],
        "stream": true,
    });
    assert_eq!(sent.body, expected);
}

#[rstest]
#[tokio::test]
async fn replies_share_connections(#[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire) {
    let bench = Bench::new().await;
    bench.sim.require_key(KEY);
    let provider = bench.provider(wire);
    let kinds = [Chunks::Whole, Chunks::Words, Chunks::Tokens, Chunks::Whole];
    for chunks in kinds {
        bench
            .sim
            .queue(Reply::text("One reply of several.").chunks(chunks));
        let heard = bench.ask(&*provider, request("hello")).await;
        assert_eq!(heard.text(), "One reply of several.");
    }
    let requests = bench.sim.requests();
    let connections: BTreeSet<_> = requests.iter().map(|request| request.peer).collect();
    assert_eq!(requests.len(), kinds.len());
    assert!(
        connections.len() < kinds.len(),
        "connections are used again"
    );
}

/// OpenRouter sends comments while a model is queued; LM Studio and others use CRLF; some send no end mark.
#[tokio::test]
async fn comments_blank_data_and_foreign_line_ends_are_understood() {
    let body = concat!(
        ": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\r\n\r\n",
        "data: \n\n",
        "event: message\r\nid: 1\r\nretry: 10\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}\r\n\r\n",
        "data:{\"choices\":[{\"delta\":{\"content\":\"lo\"},\"finish_reason\":\"stop\"}]}\n\n",
        "data: {\"choices\":[],\n",
        "data: \"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2}}\n\n",
    );
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n{body}"
    );
    let bench = Bench::new().await;
    let provider = provider_at(Wire::OpenAi, &canned(answer).await, patient());
    let heard = bench.ask(&*provider, request("hello")).await;
    assert_eq!(
        (heard.text().as_str(), &heard.result),
        ("Hello", &Ok(Stop::End))
    );
    assert_eq!(
        heard.usage(),
        Usage {
            input: 5,
            output: 2,
            ..Usage::default()
        }
    );
}

#[tokio::test]
async fn waiting_for_text_may_be_cancelled_and_taken_up_again() {
    let bench = Bench::new().await;
    let text = "a reply that takes its time to arrive";
    bench.sim.queue(
        Reply::text(text)
            .by_bytes(20)
            .every(Duration::from_millis(5)),
    );
    let request = request("hello");
    let hold = bench.hold_for(&request).await;
    let mut generation = bench.provider(Wire::OpenAi).stream(hold, request);
    let (mut heard, mut cancelled) = (String::new(), 0);
    loop {
        match tokio::time::timeout(Duration::from_micros(500), generation.next()).await {
            Ok(Some(piece)) => heard.push_str(&piece),
            Ok(None) => break,
            Err(_) => cancelled += 1,
        }
    }
    assert!(cancelled > 0);
    assert_eq!(heard, text);
    assert!(matches!(generation.finish().outcome, Outcome::Complete(_)));
}

#[tokio::test]
async fn thoughts_in_the_text_are_not_shown() {
    let bench = Bench::new().await;
    bench
        .sim
        .say("<think>\nThe user greets me.\n</think>\n\nHello!");
    let request = request("hello");
    let hold = bench.hold_for(&request).await;
    let heard = listen(bench.provider(Wire::OpenAi).stream(hold, request)).await;
    assert_eq!(heard.text(), "Hello!");
}
