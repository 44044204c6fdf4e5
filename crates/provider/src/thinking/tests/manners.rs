//! Models of which only the closing tag comes, and what a reply teaches about the next.

use super::*;

const CLOSED: &str = "Okay, the user greets me. A plan.\n</think>\n\nHi there.";

fn learned(expects: Expects, text: &str, close: Close) -> Option<Expects> {
    read(expects, [text], close).thoughts.learned()
}

#[test]
fn a_thought_without_an_opener_is_not_shown_even_the_first_time() {
    for (text, answer) in [
        (CLOSED, "Hi there."),
        ("a plan</think>Hi.", "Hi."),
        ("A plan. </think> Hi.", "Hi."),
        ("A plan </think> Hi.", "Hi."),
        ("A plan </think>\nhi.", "hi."),
        ("A plan. </think> hi there, friend.", "hi there, friend."),
        ("The user greets, so a plan </think> hi there.", "hi there."),
        ("用户说你好，a plan </think> 你好。", "你好。"),
        ("一个 plan</think>你好。", "你好。"),
        ("It may write </think> in a plan.\n</think>\n\nHi.", "Hi."),
        (
            "a plan</think>R1 puts </think> before it.",
            "R1 puts </think> before it.",
        ),
        (
            "a plan\n</think>\n\nThe <think> tag and </think> too.",
            "The <think> tag and </think> too.",
        ),
        ("a plan </think> hi", "hi"),
        ("plan\n</think>\n<|begin_of_box|>Hi.<|end_of_box|>", "Hi."),
        ("plan\n</think>\n\n\n<response>\nHi.\n</response>\n", "Hi."),
        ("a quoted </think> in a plan\n</think>\n\nHi.", "Hi."),
        ("Thinking Process:\n\n1. **A plan**\n</think>\n\nHi.", "Hi."),
        ("a plan<|reasoning_end|>Hi.", "Hi."),
        ("a plan</thought>The answer is 4.", "The answer is 4."),
        ("a plan <think> b\n</think>\n\nHi.", "Hi."),
        ("```\na plan\n</think>\n\nHi.", "Hi."),
        ("a plan</think>Hi <think>plan</think>there.", "Hi there."),
    ] {
        for expects in [Expects::Unknown, Expects::ClosesOnly] {
            let shown = shown(expects, text, Close::Plain, Some("plan"));
            assert_eq!(shown, answer, "{text:?}, {expects:?}");
        }
    }
}

#[test]
fn behind_its_closing_tag_the_answer_of_a_known_model_streams() {
    let read = read(Expects::ClosesOnly, cut(CLOSED, 4), Close::Plain);
    assert_eq!(read.pieces, "Hi there.");
    assert!(read.thoughts.saw_thought());
}

#[test]
fn a_model_is_known_by_its_closing_tag_and_stays_known() {
    use Expects::{ClosesOnly, Plain, Unknown};
    assert_eq!(learned(Unknown, CLOSED, Close::Plain), Some(ClosesOnly));
    assert_eq!(learned(Unknown, CLOSED, Close::Cut), Some(ClosesOnly));
    assert_eq!(learned(Plain, CLOSED, Close::Plain), Some(ClosesOnly));
    assert_eq!(learned(ClosesOnly, CLOSED, Close::Plain), Some(ClosesOnly));
    let opened = "<think>a plan</think>Hi.";
    assert_eq!(learned(ClosesOnly, opened, Close::Plain), None);
    assert_eq!(learned(Unknown, opened, Close::Plain), Some(Plain));
    assert_eq!(learned(Unknown, "Hi.", Close::Plain), Some(Plain));
    assert_eq!(learned(Unknown, "Hi.", Close::Cut), None);
    assert_eq!(learned(Unknown, "</think>Hi.", Close::Plain), Some(Plain));
    assert_eq!(
        learned(Unknown, "Use `</think>`.", Close::Plain),
        Some(Plain)
    );
    assert_eq!(learned(Unknown, "", Close::Plain), None);
}

#[test]
fn without_its_closing_tag_a_text_is_the_answer_of_an_unknown_model_only() {
    assert_eq!(
        shown(Expects::Unknown, "A plan.", Close::Plain, Some("plan")),
        "A plan."
    );
    assert_eq!(
        shown(Expects::Unknown, "A long answ", Close::Cut, None),
        "A long answ"
    );
    for close in [Close::Plain, Close::Cut] {
        let text = "Okay, a plan.";
        assert_eq!(shown(Expects::ClosesOnly, text, close, Some("plan")), "");
        assert!(
            read(Expects::ClosesOnly, [text], close)
                .thoughts
                .saw_thought()
        );
    }
    // The template may have changed: the next reply is not lost too.
    let doubt = learned(Expects::ClosesOnly, "Okay, a plan.", Close::Plain);
    assert_eq!(doubt, Some(Expects::Unknown));
    assert_eq!(
        learned(Expects::ClosesOnly, "Okay, a plan.", Close::Cut),
        None
    );
}

#[test]
fn a_first_reply_that_was_cut_while_it_spoke_of_the_user_is_a_thought() {
    for text in [
        "Okay, the user greets me, so",
        "嗯，用户在打招呼，我",
        "Thinking Process:\n\n1. A",
    ] {
        assert_eq!(shown(Expects::Unknown, text, Close::Cut, None), "");
        assert!(
            read(Expects::Unknown, [text], Close::Cut)
                .thoughts
                .saw_thought()
        );
        assert_eq!(shown(Expects::Unknown, text, Close::Plain, None), text);
    }
}

#[test]
fn a_closing_tag_behind_text_that_was_shown_is_left_for_who_shows_the_whole() {
    let shown = shown(
        Expects::Plain,
        "A sentence.\n</think>\n\nHi.",
        Close::Plain,
        None,
    );
    assert_eq!(shown, "A sentence.\n</think>\n\nHi.");
    let read = read(Expects::Plain, ["Hi.</think>"], Close::Plain);
    assert_eq!(read.whole, "Hi.");
}

#[test]
fn thoughts_are_told_from_answers() {
    for (text, thought) in [
        ("<think>a</think>Hi.", true),
        ("<think>\n\n</think>Hi.", false),
        ("Hi.", false),
        ("Hi.</s>", false),
        ("<|channel|>analysis<|message|>a<|end|>", true),
        ("<think>a", true),
        ("analysisWe greet.assistantfinalHi.", true),
    ] {
        let read = read(Expects::Plain, [text], Close::Plain);
        assert_eq!(read.thoughts.saw_thought(), thought, "{text}");
    }
}
