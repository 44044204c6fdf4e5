//! Reasoning that a model wrote into its answer, and the control tokens of chat templates.

use std::sync::LazyLock;

use regex::Regex;

use crate::pattern::regex;

const NAMES: &str = "think|thinking|thought|thoughts|reasoning|reflection|scratchpad";

static BLOCK: LazyLock<Regex> = LazyLock::new(|| {
    // An unclosed block runs to the end: the model ran out of tokens, or is still streaming.
    regex(&format!(
        r"(?is)<(?:{NAMES})(?: [^<>]*)?>.*?(?:</(?:{NAMES})\s*>|\z)|\[think\].*?(?:\[/think\]|\z)"
    ))
});

/// Some chat templates open the block in the prompt, so that only its end is in the answer.
static ORPHANED_END: LazyLock<Regex> =
    LazyLock::new(|| regex(&format!(r"(?is)\A.*</(?:{NAMES})\s*>|\A.*\[/think\]")));

static TEMPLATE_TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"<[|｜][^|｜<>\n]{1,60}[|｜]>|</?s>|\[/?INST\]|<(?:start|end)_of_turn>")
});

/// Removes reasoning, and cuts where a template's token says that the turn is over.
pub(super) fn remove(text: &str) -> String {
    let spoken = BLOCK.replace_all(text, "");
    let spoken = ORPHANED_END.replace(&spoken, "");
    let mut spoken = &*spoken;
    while let Some(token) = TEMPLATE_TOKEN.find(spoken) {
        if !spoken[..token.start()].trim().is_empty() {
            return spoken[..token.start()].to_owned();
        }
        spoken = &spoken[token.end()..];
    }
    spoken.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasoning_is_never_shown() {
        for (text, spoken) in [
            ("<think>plan</think>Hello", "Hello"),
            ("<THINK>\nplan\n</THINK>\nHello", "\nHello"),
            ("Hi <thinking>a</thinking>there", "Hi there"),
            ("<think>never closed", ""),
            ("Hi <think>never closed", "Hi "),
            ("opened in the prompt</think>Hello", "Hello"),
            ("<think>a<think>b</think>c</think>d", "d"),
            ("[THINK]plan[/THINK]Hello", "Hello"),
        ] {
            assert_eq!(remove(text), spoken, "{text}");
        }
    }

    #[test]
    fn a_template_token_ends_the_turn() {
        assert_eq!(remove("Hello<|im_end|>\n<|im_start|>user\nhi"), "Hello");
        assert_eq!(remove("<s>Hello</s>"), "Hello");
        assert_eq!(remove("I <3 you | me"), "I <3 you | me");
    }
}
