//! What models and servers were seen to write, and what people are shown of it.

use super::*;

/// A thought by this word, in all samples.
const SECRET: &str = "plan";

/// Whatever is known of the model, this is shown of a reply that was finished plainly.
#[track_caller]
fn always(text: &str, answer: &str) {
    for expects in [Expects::Unknown, Expects::Plain, Expects::ClosesOnly] {
        // Only known replies: one that opens nothing and closes nothing is another matter.
        if expects == Expects::ClosesOnly && !opens(text) {
            continue;
        }
        let shown = shown(expects, text, Close::Plain, Some(SECRET));
        assert_eq!(shown, answer, "{text:?}, {expects:?}");
    }
}

/// Does the text show its manner at its start?
fn opens(text: &str) -> bool {
    let plain = read(Expects::ClosesOnly, [text], Close::Plain);
    plain.thoughts.learned().is_none()
}

#[test]
fn thoughts_between_tags_are_taken_out_in_all_spellings() {
    for (open, close) in [
        ("<think>", "</think>"),
        ("<think>\n", "\n</think>\n\n"),
        ("<THINK>", "</Think>"),
        ("<think kind=\"deep\">", "</think>"),
        ("<think>", "<\\think>"),
        ("<thinking>", "</thinking>"),
        ("<thinking>", "</think>"),
        ("<thought>", "</thought>"),
        ("<Thought>", "</Thought>"),
        ("<reasoning>", "</reasoning>"),
        ("<reason>", "</reason>"),
        ("<reflection>", "</reflection>"),
        ("<plan>", "</plan>"),
        ("<scratchpad>", "</scratchpad>"),
        ("<REASONING_SCRATCHPAD>", "</REASONING_SCRATCHPAD>"),
        ("<antThinking>", "</antThinking>"),
        ("<inner_monologue>", "</inner_monologue>"),
        ("<seed:think>", "</seed:think>"),
        ("<mm:think>", "</mm:think>"),
        ("◁think▷", "◁/think▷"),
        ("[THINK]", "[/THINK]"),
        ("[REASONING]", "[/REASONING]"),
        ("<|begin_of_thought|>", "<|end_of_thought|>\n"),
        ("<|START_THINKING|>", "<|END_THINKING|>"),
        ("<unused94>thought\n", "<unused95>"),
        ("[unused16]", "[unused17]"),
        ("<|channel>thought\n", "<channel|>"),
        ("<|channel>\n", "\n<channel|>\n"),
        ("<|inner_prefix|>", "<|inner_suffix|>"),
        ("<|open|>think<|sep|>", "<|close|>think<|sep|>"),
        (
            "<|message_model|><|content_thinking|>",
            "<|end_message|><|message_model|><|content_text|>",
        ),
        (
            "to=self<|message|>",
            "<|eom|><|start|>assistant to=user<|message|>",
        ),
        ("<|think|>", "</think>"),
        ("<thinking_process>", "</thinking_process>"),
        ("<chain_of_thought>", "</chain_of_thought>"),
        ("<cot>", "</cot>"),
        ("<analysis>", "</analysis>"),
        ("<internal>", "</internal>"),
        ("<ctrl94>thought\n", "<ctrl95>"),
        ("&lt;think&gt;", "&lt;/think&gt;\n\n"),
        ("{think}", "{/think}"),
        ("<<think>>", "<</think>>"),
        ("```thinking\n", "\n```\n"),
        ("```thought\nA list:\n", "\n```\n\n"),
        ("<details><summary>Thinking…</summary>", "</details>"),
        (
            "<details type=\"reasoning\" done=\"true\">\n<summary>Thought for 3 seconds</summary>\n> ",
            "\n</details>\n",
        ),
        ("<|reasoning_start|>", "<|reasoning_end|>"),
        ("<|begin_of_reasoning|>\n", "\n<|end_of_reasoning|>\n\n"),
        ("<|start_think|>", "<|end_think|>"),
        ("<|thought|>", "<|/thought|>"),
        ("<｜think｜>", "<｜/think｜>"),
        ("Here is my thought process: ", "Here is my response: "),
        ("Here's my thought process: ", " Here's my response: "),
    ] {
        always(&format!("{open}a plan.{close}Hi there."), "Hi there.");
        always(&format!("\n {open}{close}Hi there."), "Hi there.");
    }
}

#[test]
fn thoughts_may_be_nested_doubled_repeated_and_quoted() {
    for (text, answer) in [
        (
            "<think>Outer <think>plan</think> plan</think>Visible text",
            "Visible text",
        ),
        ("<think><think>plan</think>Hi.", "Hi."),
        ("<think>\n<think>plan</think>plan</think>Hi.", "Hi."),
        (
            "<thinking><thinking>plan</thinking>outer text",
            "outer text",
        ),
        ("<think>a</think>Hi <think>plan</think>there.", "Hi there."),
        ("<think>a</think>Hi <think>plan</think> there.", "Hi there."),
        (
            "<think>a</think>Hi.\n\n<think>plan</think>\n\nThere.",
            "Hi.\n\nThere.",
        ),
        ("<think>plan</think><think>plan</think>Hi.", "Hi."),
        ("<think>a `</think>` plan</think>Hi.", "Hi."),
        ("<think>a \"</think>\" plan</think>Hi.", "Hi."),
        ("<think>a quoted </think> plan\n</think>\n\nHi.", "Hi."),
        (
            "<think>they write <think> in a plan\n</think>\n\nHi.",
            "Hi.",
        ),
        ("<think>plan</think>Hi.</think>", "Hi."),
        ("</mm:think>Hi.", "Hi."),
        ("</think>\n\nHi.", "Hi."),
        ("<think>\n\n</think>\n\nHi.", "Hi."),
        ("<think/>Hi.", "Hi."),
    ] {
        always(text, answer);
    }
}

#[test]
fn of_what_wraps_the_answer_only_the_tokens_go() {
    for (text, answer) in [
        ("<think>\nplan\n</think>\n<answer>\nHi.\n</answer>", "Hi."),
        ("<think>\n\n</think>\n<answer>\nHi.", "Hi."),
        ("<think>plan</think><response>Hi.</response>\n", "Hi."),
        (
            "<|begin_of_thought|>plan<|end_of_thought|>\n<|begin_of_solution|>Hi.<|end_of_solution|>",
            "Hi.",
        ),
        (
            "<|START_THINKING|>plan<|END_THINKING|><|START_RESPONSE|>Hi.<|END_RESPONSE|>",
            "Hi.",
        ),
        (
            "<think>plan</think>It is <|begin_of_box|>42<|end_of_box|>.",
            "It is 42.",
        ),
        (
            "<|open|>think<|sep|>plan<|close|>think<|sep|><|open|>response<|sep|>Hi.<|close|>response<|sep|><|end_of_msg|>",
            "Hi.",
        ),
        ("[unused16]plan[unused17]Hi.[unused10]", "Hi."),
        ("<seed:think>plan</seed:think>Hi.<seed:eos>", "Hi."),
    ] {
        always(text, answer);
    }
}

#[test]
fn of_harmony_only_the_final_channel_is_shown() {
    for (text, answer) in [
        (
            "<|channel|>analysis<|message|>A plan.<|end|>\n<|start|>assistant<|channel|>final<|message|>2 + 2 = 4.<|return|>",
            "2 + 2 = 4.",
        ),
        (
            "<|start|>assistant<|channel|>analysis<|message|>plan<|end|><|start|>assistant<|channel|>commentary<|message|>plan b<|end|><|start|>assistant<|channel|>final<|message|>Hi.<|return|>",
            "Hi.",
        ),
        (
            "assistant<|channel|>final<|message|>{\"x\":1}<|end|>",
            "{\"x\":1}",
        ),
        (
            "<|channel|>final <|constrain|>JSON<|message|>{\"a\":1}",
            "{\"a\":1}",
        ),
        (
            "<|channel|>analysis<|message|>plan<|start|>assistant<|channel|>final<|message|>Hi.",
            "Hi.",
        ),
        (
            "<|channel|>analysis<|message|>plan<|channel|>final<|message|>Hi.",
            "Hi.",
        ),
        ("<|channel|>analysis<|message|>plan<|end|>Hi.", "Hi."),
        (
            "<|channel|>commentary to=functions.f <|constrain|>json<|message|>{\"plan\":1}<|call|><|channel|>final<|message|>Hi.",
            "Hi.",
        ),
        (
            "<|start|>assistant to=functions.f<|channel|>commentary<|message|>plan<|call|><|start|>assistant<|channel|>final<|message|>Hi.",
            "Hi.",
        ),
        (
            "<|channel|>final<|message|>Hi.<|end|><|start|>assistant<|channel|>analysis<|message|>plan",
            "Hi.",
        ),
        (
            "<|channel|>final<|message|>Hi.<|start|>user<|message|>plan<|end|>",
            "Hi.",
        ),
        (
            "<|channel|>thinking<|message|>plan<|end|><|channel|>final<|message|>Hi.",
            "Hi.",
        ),
        (
            "<|channel|>commentary<|message|>I look it up.<|end|>",
            "I look it up.",
        ),
        ("<think>plan</think>assistantfinal{\"y\":2}", "{\"y\":2}"),
        (
            "analysisUser says \"Hello\", a plan.assistantfinalHello! 👋 How can I help?",
            "Hello! 👋 How can I help?",
        ),
        (
            "assistantanalysisWe plan.assistantcommentaryplanassistantfinalHi.",
            "Hi.",
        ),
        (
            "analysisA plan.assistantfinalHi.assistantanalysismore plan",
            "Hi.",
        ),
        ("assistantfinalHi.", "Hi."),
        (
            "analysis<|message|>plan<|end|>assistant<|channel|>final<|message|>Hi.",
            "Hi.",
        ),
        ("final<|message|>Hi.", "Hi."),
        ("finalHello there.", "Hello there."),
    ] {
        always(text, answer);
    }
    let tail = "Hi.<|start|>assistant<|channel|>analysis<|message|>plan";
    for expects in [Expects::Unknown, Expects::Plain] {
        assert_eq!(shown(expects, tail, Close::Plain, Some(SECRET)), "Hi.");
    }
}

#[test]
fn an_analysis_without_its_final_is_the_answer_only_if_the_model_was_done() {
    let text = "analysisUser greets. I greet back.";
    assert_eq!(shown(Expects::Plain, text, Close::Plain, None), text);
    assert_eq!(shown(Expects::Plain, text, Close::Cut, None), "");
    let text = "<|channel|>analysis<|message|>A plan.";
    for close in [Close::Plain, Close::Cut] {
        assert_eq!(shown(Expects::Plain, text, close, Some(SECRET)), "");
    }
}

#[test]
fn the_tokens_of_templates_go_and_so_does_what_the_model_writes_for_others() {
    for (text, answer) in [
        ("Hi.\n</s>", "Hi."),
        ("apple<eos>", "apple"),
        ("Hi. <|im_end|>", "Hi."),
        ("Hi.<|im_end|>\n<|im_start|>user\nAnd you?", "Hi."),
        ("Hi.<|im_end|>\n<|im_start|>assistant\nMore.", "Hi.\nMore."),
        ("Hi.\n<|im_start|>user\nAnd you?", "Hi."),
        ("Hi.<|eot_id|>user\n\nAnd you?", "Hi."),
        ("Hi.<|im_assistant|>", "Hi."),
        ("Hi.<｜end▁of▁sentence｜><｜User｜>And you?", "Hi."),
        (
            "<|start_header_id|>assistant<|end_header_id|>\n\nHi.<|eot_id|>",
            "Hi.",
        ),
        (
            "<|begin_of_text|><|start_header_id|>assistant<|end_header_id|>\n\nHi.",
            "Hi.",
        ),
        ("### Response:\nHi.", "Hi."),
        ("Hi.\n\n### Instruction:\nAnd you?", "Hi."),
        ("Hi.</s>### Instruction:\nAnd you?", "Hi."),
        ("<start_of_turn>model\nHi.<end_of_turn>", "Hi."),
        ("Hi.<end_of_turn>\n<start_of_turn>user\nAnd you?", "Hi."),
        (" [/INST] Hi.</s>", "Hi."),
        ("[INST] Hello [/INST] Hi.</s>", "Hi."),
        (
            "<s>[INST] <<SYS>>\nBe kind.\n<</SYS>>\n\nHello [/INST] Hi.",
            "Hi.",
        ),
        ("Hi.[INST] And you? [/INST]", "Hi."),
        ("<s> Hi.</s>", "Hi."),
        ("<s>Hi.</s>", "Hi."),
        ("ASSISTANT: Hi.</s>USER: And you?", "Hi."),
        ("<|assistant|>\nHi.<|end|>\n<|user|>\nAnd you?", "Hi."),
        (
            "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>Hi.<|END_OF_TURN_TOKEN|>",
            "Hi.",
        ),
        (
            "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\nHi.<|im_end|>",
            "Hi.",
        ),
        ("<|im_assistant|>assistant<|im_middle|>Hi.<|im_end|>", "Hi."),
        ("assistant\n\nHi.", "Hi."),
        (">>>all\nHi.", "Hi."),
        ("Hi.[TOOL_CALLS][{\"name\":\"f\"}]", "Hi."),
        ("Hi.<｜DSML｜tool_calls>x", "Hi."),
        ("Hi.<unused6226>", "Hi."),
        ("Hi.<0x0A>", "Hi."),
        ("Hi.<|endoftext|>A plan.", "Hi."),
        ("Hi.<eos>\n\nA plan.", "Hi."),
        ("Hi.\n<|im_end|>\nA plan.", "Hi."),
        ("Hi.<|eot_id|> and a plan", "Hi."),
        ("Hi.</s>A plan.</s>", "Hi."),
        ("Hi.</s><pad><pad>A plan.", "Hi."),
        ("Hi.<|end|><think>a</think>A plan.", "Hi."),
        ("Hi.<pad>There.", "Hi.There."),
        ("Hi.<|eot_id|><|assistant|> More.", "Hi. More."),
        ("Hi <|thought|>plan<|/thought|>there.", "Hi there."),
        (
            "Hi.<|reasoning_start|>plan<|reasoning_end|> There.",
            "Hi. There.",
        ),
        ("<|thought|>Hi.", "Hi."),
        ("Hi.\n<|thought|>\nThere.", "Hi.\n\nThere."),
        ("<|no_think|>Hi.", "Hi."),
        ("<bos>Hi.<|some_token|>", "Hi."),
        ("thought\nHi there.", "Hi there."),
        ("thought[]Hi there.", "Hi there."),
        ("```py\nx = 1\n```<|im_end|>", "```py\nx = 1\n```"),
        ("```py\nx = 1<|im_end|>", "```py\nx = 1"),
    ] {
        for expects in [Expects::Unknown, Expects::Plain] {
            let shown = shown(expects, text, Close::Plain, None);
            assert_eq!(shown, answer, "{text:?}, {expects:?}");
        }
    }
}

#[test]
fn a_thought_that_is_never_closed_is_never_shown() {
    for text in [
        "<think>a plan",
        "Hi.\n<think>\na plan",
        "[THINK]a plan",
        "<|channel>thought\na plan",
    ] {
        for close in [Close::Plain, Close::Cut] {
            let shown = shown(Expects::Plain, text, close, Some(SECRET));
            assert!(!shown.contains(SECRET), "{shown}");
        }
    }
    for text in [
        "Hi.<think>a plan",
        "Hi.<thi",
        "Hi.<|chan",
        "Hi.<think>plan</thin",
        "Hi.\n</",
    ] {
        let shown = shown(Expects::Plain, text, Close::Cut, Some(SECRET));
        assert_eq!(shown, "Hi.");
    }
}
