//! A reply that stands in brackets as a whole, as the notes in a prompt do: a small model that has seen those writes its reply
//! so, and then every reply, for it goes on as it has begun.

/// The ends of sentences.
const ENDS: [char; 6] = ['.', '!', '?', '。', '！', '？'];

/// Whether it is said, and no direction: "[sighs...]", "[叹气。]".
fn is_speech(text: &str) -> bool {
    let signs = text.chars().filter(|c| !c.is_ascii() && c.is_alphabetic());
    let is_long = text.split_whitespace().count() > 2 || signs.count() > 3;
    is_long && text.replace("...", "").contains(ENDS)
}

/// What a reply says, without a bracket that opens before all of it, and without one that closes behind it and nowhere opens.
pub(super) fn off(text: &str) -> &str {
    let whole = text.trim();
    let depth = |depth: i32, c: char| match c {
        '[' => depth + 1,
        ']' => depth - 1,
        _ => depth,
    };
    let balance = whole.chars().fold(0, depth);
    match whole.strip_prefix('[') {
        // It is never closed, or only at the end.
        Some(rest) if is_speech(rest) => {
            let mut open = 1;
            let closed = rest.char_indices().find_map(|(at, c)| {
                open = depth(open, c);
                (open == 0).then_some(at)
            });
            match closed {
                None if balance > 0 => rest.trim(),
                Some(at) if at + 1 == rest.len() => rest[..at].trim(),
                _ => text,
            }
        }
        None if balance < 0 => match whole.strip_suffix(']') {
            Some(said) if is_speech(said) => said.trim(),
            _ => text,
        },
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_taken_out_of_its_brackets() {
        for (said, shown) in [
            ("[Ding! Polo! What else?]", "Ding! Polo! What else?"),
            (
                "[Ding! Gran! What does she do?",
                "Ding! Gran! What does she do?",
            ),
            (
                "What did they say? I'm glad.]",
                "What did they say? I'm glad.",
            ),
            ("[海报要印日期了。]", "海报要印日期了。"),
            ("[Ding! See [3]. Good!]", "Ding! See [3]. Good!"),
        ] {
            assert_eq!(off(said), shown);
            assert_eq!(off(shown), shown);
        }
    }

    #[test]
    fn brackets_around_less_stand() {
        for said in [
            "[sighs]",
            "[sighs...]",
            "[smiles!]",
            "[叹气。]",
            "[sighs] I am tired. Are you?",
            "I am tired. [yawns]",
            "[One.] and [two.]",
            "Plain. Words.",
        ] {
            assert_eq!(off(said), said);
        }
    }
}
