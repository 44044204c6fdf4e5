//! The bytes of both dialects, read by hand from the socket.

#![allow(
    clippy::unwrap_used,
    reason = "clippy takes what the tests share for ordinary code"
)]

use std::net::SocketAddr;

use model_sim::{Fault, ModelSim, Reply, UsageReport};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Asks in HTTP/1.0, so that the body comes unframed and ends with the connection. Head and body of the answer.
async fn post(to: SocketAddr, path: &str, body: &Value) -> (String, String) {
    let body = body.to_string();
    let head = format!(
        "POST {path} HTTP/1.0\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut socket = TcpStream::connect(to).await.unwrap();
    socket
        .write_all(format!("{head}{body}").as_bytes())
        .await
        .unwrap();
    let mut answer = String::new();
    let _ = socket.read_to_string(&mut answer).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    (head.to_owned(), body.to_owned())
}

fn chat(stream: bool) -> Value {
    json!({
        "model": "m", "stream": stream, "stream_options": {"include_usage": true}, "max_tokens": 50,
        "messages": [{"role": "system", "content": "You are Mia."}, {"role": "user", "content": "hello"}],
    })
}

fn messages(stream: bool) -> Value {
    json!({
        "model": "m", "stream": stream, "max_tokens": 50, "system": [{"type": "text", "text": "You are Mia."}],
        "messages": [{"role": "user", "content": [{"type": "text", "text": "hello"}]}],
    })
}

#[tokio::test]
async fn a_chat_stream_is_written_as_openai_writes_it() {
    let sim = ModelSim::start().await;
    sim.queue(Reply::text("Hi 你"));
    let (head, body) = post(sim.address(), "/v1/chat/completions", &chat(true)).await;
    assert!(head.contains("content-type: text/event-stream"), "{head}");
    let frame = |rest: &str| {
        let id = "chatcmpl-Sim00000000000000000000000001";
        format!(
            "data: {{\"id\":\"{id}\",\"object\":\"chat.completion.chunk\",\"created\":1750000000,\"model\":\"m\",\
             \"service_tier\":\"default\",\"system_fingerprint\":\"fp_51a0000000\",{rest}}}\n\n"
        )
    };
    let choice = |delta: &str, finish: &str| {
        frame(&format!(
            "\"choices\":[{{\"index\":0,\"delta\":{delta},\"logprobs\":null,\"finish_reason\":{finish}}}],\"usage\":null"
        ))
    };
    let expected = [
        choice(
            r#"{"role":"assistant","content":"","refusal":null}"#,
            "null",
        ),
        choice(r#"{"content":"Hi"}"#, "null"),
        choice(r#"{"content":" 你"}"#, "null"),
        choice("{}", "\"stop\""),
        frame(concat!(
            r#""choices":[],"usage":{"prompt_tokens":12,"completion_tokens":2,"total_tokens":14,"#,
            r#""prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"#,
            r#""completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"#,
            r#""accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}"#
        )),
        "data: [DONE]\n\n".to_owned(),
    ];
    assert_eq!(body, expected.concat());
}

#[tokio::test]
async fn a_messages_stream_is_written_as_anthropic_writes_it() {
    let sim = ModelSim::start().await;
    sim.queue(Reply::text("Hi"));
    let (_, body) = post(sim.address(), "/v1/messages", &messages(true)).await;
    let names: Vec<&str> = body
        .lines()
        .filter_map(|line| line.strip_prefix("event: "))
        .collect();
    let expected = [
        "message_start",
        "content_block_start",
        "ping",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ];
    assert_eq!(names, expected);
    let delta = concat!(
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,",
        "\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}  \n\n"
    );
    assert!(body.contains(delta), "{body}");
    assert!(
        body.contains(r#""usage":{"input_tokens":12,"cache_creation_input_tokens":0,"#),
        "{body}"
    );
    assert!(body.contains(r#""usage":{"output_tokens":1}"#), "{body}");
}

#[tokio::test]
async fn a_request_without_stream_is_answered_whole() {
    let sim = ModelSim::start().await;
    sim.say("Hello there");
    let (head, body) = post(sim.address(), "/v1/chat/completions", &chat(false)).await;
    assert!(head.contains("content-type: application/json"), "{head}");
    let answer: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(answer["choices"][0]["message"]["content"], "Hello there");
    assert_eq!(answer["usage"]["total_tokens"], 16);
    let (_, body) = post(sim.address(), "/v1/messages", &messages(false)).await;
    let answer: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        answer["content"],
        json!([{"type": "text", "text": "Hello there"}])
    );
    assert_eq!(answer["usage"]["output_tokens"], 4);
}

#[tokio::test]
async fn the_default_answer_proves_that_the_prompt_arrived() {
    let sim = ModelSim::start().await;
    let (_, body) = post(sim.address(), "/v1/messages", &messages(false)).await;
    let answer: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        answer["content"][0]["text"],
        "I heard “hello” after 0 earlier messages. [You are Mia.]"
    );
}

#[tokio::test]
async fn queued_answers_come_first_and_once() {
    let sim = ModelSim::start().await;
    sim.always(|prompt| Reply::text(format!("{} {}", prompt.model, prompt.last_user())));
    sim.queue(Reply::fault(Fault::RateLimited {
        retry_after: Some(3),
    }));
    let (head, body) = post(sim.address(), "/v1/chat/completions", &chat(false)).await;
    assert!(
        head.starts_with("HTTP/1.0 429") && head.contains("retry-after: 3"),
        "{head}"
    );
    assert!(body.contains("rate_limit_exceeded"));
    let (_, body) = post(sim.address(), "/v1/chat/completions", &chat(false)).await;
    assert!(body.contains("m hello"), "{body}");
}

#[tokio::test]
async fn a_cut_comes_after_exactly_its_bytes() {
    let sim = ModelSim::start().await;
    let body = "data: one\n\ndata: two\n\n";
    for cut in [0, 1, 11, body.len()] {
        sim.queue(Reply::raw(body).with(Fault::CutAfter(cut)));
        let (_, got) = post(sim.address(), "/v1/chat/completions", &chat(true)).await;
        assert_eq!(got, body[..cut]);
    }
}

#[tokio::test]
async fn requests_are_recorded_without_their_secrets() {
    let sim = ModelSim::start().await;
    sim.queue(Reply::text("x").usage(UsageReport::Missing));
    let mut socket = TcpStream::connect(sim.address()).await.unwrap();
    let request = "GET /v1/models HTTP/1.0\r\nauthorization: Bearer sk-1\r\nx-other: kept\r\n\r\n";
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    assert!(
        answer.contains(r#"{"object":"list","data":[{"id":"sim""#),
        "{answer}"
    );
    let recorded = &sim.requests()[0];
    assert_eq!(
        (recorded.method.as_str(), recorded.path.as_str()),
        ("GET", "/v1/models")
    );
    assert_eq!(recorded.headers["authorization"], "(secret)");
    assert_eq!(recorded.headers["x-other"], "kept");
}

/// Asks for a path in HTTP/1.0. Head and body of the answer.
async fn get(to: SocketAddr, path: &str) -> (String, Value) {
    let mut socket = TcpStream::connect(to).await.unwrap();
    let head = format!("GET {path} HTTP/1.0\r\n\r\n");
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let _ = socket.read_to_string(&mut answer).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    (head.to_owned(), serde_json::from_str(body).unwrap())
}

#[tokio::test]
async fn a_call_can_be_asked_about_as_at_openrouter() {
    let sim = ModelSim::start().await;
    sim.be_openrouter();
    sim.queue(Reply::text("one two three").with(Fault::CutAfter(10)));
    let (head, _) = post(sim.address(), "/v1/chat/completions", &chat(true)).await;
    let name = sim.generation_names().remove(0);
    assert!(name.starts_with("gen-") && head.contains(&format!("x-generation-id: {name}")));
    let (head, found) = get(sim.address(), &format!("/v1/generation?id={name}")).await;
    assert!(head.starts_with("HTTP/1.0 200"), "{head}");
    let data = &found["data"];
    assert_eq!(
        (&data["id"], &data["model"], &data["streamed"]),
        (&json!(name), &json!("m"), &json!(true))
    );
    assert_eq!(
        (&data["native_tokens_completion"], &data["cancelled"]),
        (&json!(4), &json!(true))
    );
    assert!(data["total_cost"].as_f64().is_some_and(|cost| cost > 0.0));
    let (head, missing) = get(sim.address(), "/v1/generation?id=gen-other").await;
    assert!(head.starts_with("HTTP/1.0 404"), "{head}");
    assert_eq!(
        missing,
        json!({"error": {"code": 404, "message": "Resource not found"}})
    );
}

#[tokio::test]
async fn embeddings_are_written_as_openai_writes_them() {
    let sim = ModelSim::start().await;
    let body = json!({"model": "m", "input": ["one", "two"], "dimensions": 2});
    let (_, answer) = post(sim.address(), "/v1/embeddings", &body).await;
    let mut answer: Value = serde_json::from_str(&answer).unwrap();
    for entry in answer["data"].as_array_mut().unwrap() {
        assert_eq!(entry["embedding"].as_array().unwrap().len(), 2);
        entry["embedding"] = json!([]);
    }
    assert_eq!(
        answer.to_string(),
        concat!(
            r#"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[]},"#,
            r#"{"object":"embedding","index":1,"embedding":[]}],"model":"m","#,
            r#""usage":{"prompt_tokens":2,"total_tokens":2}}"#
        )
    );
}
