//! What a chunk brings, in the shapes that services give it.

use serde_json::Value;

/// Fields that carry thoughts: DeepSeek, Kimi, GLM, Qwen, LM Studio, SGLang, llama.cpp, xAI · OpenRouter, Groq, newer
/// vLLM, Ollama, mlx · OpenRouter, MiniMax · GitHub Copilot · Ollama's own · relays · LiteLLM for Claude.
const THOUGHTS: [&str; 10] = [
    "reasoning_content",
    "reasoning",
    "reasoning_details",
    "reasoning_text",
    "reasoning_opaque",
    "thinking",
    "thinking_content",
    "thought",
    "thoughts",
    "thinking_blocks",
];

/// What one chunk says.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    /// Text of the reply.
    pub(super) text: String,
    /// The text is all that was written so far, not what is new.
    pub(super) snapshot: bool,
    /// The model declined in words of its own.
    pub(super) refusal: bool,
    /// It thinks.
    pub(super) thinks: bool,
    /// It works at something that is not shown.
    pub(super) works: bool,
    /// Why it ended, and the stop sequence.
    pub(super) reason: Value,
    pub(super) sequence: Value,
    /// The reply stands whole in this chunk.
    pub(super) whole: bool,
}

/// Reads a chunk. The first choice counts, whatever number it bears: some number their tokens instead.
pub(super) fn read(chunk: &Value) -> Chunk {
    let choice = &chunk["choices"][0];
    // Ollama's own lines have a message and no choices.
    let native = chunk["choices"].is_null() && chunk["message"].is_object();
    let holder = if native { chunk } else { choice };
    let (delta, message) = (&holder["delta"], &holder["message"]);
    let flagged = is_flagged(delta) || is_flagged(message);
    let text = [&delta["content"], &message["content"], &choice["text"]];
    let text = text.into_iter().map(text_of).find(|text| !text.is_empty());
    // Where it is tagged besides, the answer may follow: the filter finds it.
    let tagged = |text: &String| text.contains("thought>") || text.contains("think>");
    let text = text.filter(|text| !flagged || tagged(text));
    // `refusal` is OpenAI's own way to decline: the model's words, in a field of their own.
    let refused = [&delta["refusal"], &message["refusal"]];
    let refused = refused
        .into_iter()
        .map(text_of)
        .find(|text| !text.is_empty());
    let said_in = |fields: &[&str]| {
        let holders = [delta, message];
        let mut found = holders
            .iter()
            .flat_map(|holder| fields.iter().map(|field| &holder[*field]));
        found.any(is_present)
    };
    let parts = [&delta["content"], &message["content"]];
    let thinks = said_in(&THOUGHTS) || flagged || parts.into_iter().any(has_thoughts);
    let reason = if native && chunk["done"] == true {
        &chunk["done_reason"]
    } else {
        &choice["finish_reason"]
    };
    Chunk {
        snapshot: !native && delta["content"].is_null() && message.is_object(),
        refusal: refused.is_some(),
        text: text.or(refused).unwrap_or_default(),
        thinks,
        works: thinks || said_in(&["tool_calls", "function_call"]),
        reason: reason.clone(),
        sequence: choice["stop_reason"].clone(),
        whole: is_whole(chunk) && (message.is_object() || is_nothing(chunk)),
    }
}

/// Whether this is a whole completion, also without a reason to stop.
fn is_whole(chunk: &Value) -> bool {
    let told = chunk["usage"].is_object() || chunk["choices"][0].get("finish_reason").is_none();
    chunk["object"] == "chat.completion" && told
}

/// Text from a string, or from Mistral's list of parts, in which thoughts are parts too.
fn text_of(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts
            .iter()
            .filter(|part| {
                matches!(part["type"].as_str(), Some("text" | "output_text")) && !is_flagged(part)
            })
            .filter_map(|part| part["text"].as_str())
            .collect(),
        _ => String::new(),
    }
}

/// A whole completion of no choice at all: a gateway's way to say that a filter stopped the prompt.
fn is_nothing(chunk: &Value) -> bool {
    chunk["choices"].as_array().is_some_and(Vec::is_empty)
}

fn has_thoughts(content: &Value) -> bool {
    let parts = content.as_array().into_iter().flatten();
    parts
        .into_iter()
        .any(|part| part["type"] == "thinking" || part["type"] == "reasoning" || is_flagged(part))
}

/// Does Gemini, or a relay, say of this text that it is a thought?
fn is_flagged(holder: &Value) -> bool {
    holder["thought"] == true || holder["extra_content"]["google"]["thought"] == true
}

fn is_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(choice: Value) -> String {
        read(&json!({"choices": [choice]})).text
    }

    #[test]
    fn text_is_found_in_every_shape() {
        for choice in [
            json!({"delta": {"content": "Hi"}}),
            json!({"index": 7, "delta": {"content": "Hi"}}),
            json!({"message": {"role": "assistant", "content": "Hi"}}),
            json!({"delta": {}, "message": {"content": "Hi"}}),
            json!({"delta": null, "text": "Hi"}),
            json!({"delta": {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}, {"type": "text", "text": "Hi"}]}}),
        ] {
            assert_eq!(text(choice.clone()), "Hi", "{choice}");
        }
        assert_eq!(
            read(&json!({"message": {"content": "Hi"}, "done": false})).text,
            "Hi"
        );
    }

    #[test]
    fn a_chunk_without_anything_says_nothing() {
        for chunk in [
            json!({}),
            json!({"choices": null}),
            json!({"choices": []}),
            json!({"choices": [{}]}),
            json!({"choices": [null]}),
            json!({"choices": {"a": 1}}),
            json!({"choices": [{"delta": null, "finish_reason": null}]}),
            json!({"choices": [{"delta": {"role": "assistant", "content": null, "reasoning_details": null}}]}),
        ] {
            let read = read(&chunk);
            assert!(
                read.text.is_empty() && !read.works && read.reason.is_null(),
                "{chunk}"
            );
        }
    }

    #[test]
    fn text_that_is_flagged_as_a_thought_is_none() {
        for choice in [
            json!({"delta": {"content": "hm", "extra_content": {"google": {"thought": true}}}}),
            json!({"delta": {"content": "hm", "thought": true}}),
            json!({"delta": {"content": [{"type": "text", "text": "hm", "thought": true}]}}),
        ] {
            let read = read(&json!({"choices": [choice]}));
            assert!(read.text.is_empty() && read.thinks, "{choice}");
        }
        let flag = json!({"google": {"thought": true}});
        for tagged in ["<thought>hm", "hm</thought>", "<thought>hm</thought>Hi"] {
            let message = json!({"content": tagged, "extra_content": flag});
            assert_eq!(text(json!({"message": message})), tagged);
        }
        let part = json!([{"type": "text", "text": "hm", "thought": true}, {"type": "text", "text": "Hi", "thought": false}]);
        assert_eq!(text(json!({"delta": {"content": part}})), "Hi");
    }

    #[test]
    fn thoughts_are_work_wherever_they_stand() {
        for field in THOUGHTS {
            let chunk = json!({"choices": [{"delta": {field: "hm", "content": ""}}]});
            assert!(read(&chunk).thinks, "{field}");
        }
    }
}
