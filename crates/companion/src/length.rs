//! How long a reply may be: what is longer than a handful of messages is cut, whatever the model was asked for.

use safety::split::{LIMIT, beginning, split};

use crate::speaker::MOST_MESSAGES;

/// Characters that the house's own lines and a persona's name may need beside its words.
const BESIDE: usize = 700;
/// How much shorter each try is: a text is split where a reader would pause, so its messages are seldom full.
const STEP: usize = 500;

/// Characters after which nothing more of a reply is heard: twice what could be shown, so that a model that only goes a
/// little too far still ends by itself and tells what it cost.
pub(crate) const MOST_HEARD: usize = 2 * MOST_MESSAGES * LIMIT;

/// The beginning of a text of more than [`MOST_MESSAGES`] messages; none where all of it fits.
pub(crate) fn too_long(text: &str) -> Option<String> {
    let fits = |text: &str| split(&format!("{}{text}", "-".repeat(BESIDE))).len() <= MOST_MESSAGES;
    if text.chars().count() <= LIMIT || fits(text) {
        return None;
    }
    let mut room = MOST_MESSAGES * LIMIT - BESIDE;
    let mut cut = beginning(text, room);
    while !fits(&cut) && room > STEP {
        room -= STEP;
        cut = beginning(text, room);
    }
    Some(cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_reply_is_left_as_it_is() {
        assert_eq!(too_long("Hello."), None);
        assert_eq!(too_long(&"word ".repeat(1_500)), None);
    }

    #[test]
    fn a_reply_without_end_becomes_as_many_messages_as_are_allowed() {
        for text in [
            "word ".repeat(20_000),
            "龙".repeat(60_000),
            format!("```rust\n{}", "let x = 1;\n".repeat(3_000)),
            format!("{}.\n\n", "A sentence that goes on. ".repeat(45)).repeat(60),
        ] {
            let cut = too_long(&text).unwrap();
            let shown = split(&format!("{cut}\n{}", "-".repeat(BESIDE - 1)));
            assert!(shown.len() <= MOST_MESSAGES, "{} messages", shown.len());
            assert!(cut.chars().count() > MOST_MESSAGES * LIMIT / 2);
        }
    }
}
