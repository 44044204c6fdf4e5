//! How this endpoint counts tokens: like a tokenizer, never more tokens than bytes.

/// A token is up to four characters of one word, with the white space before it; any character outside ASCII is its own.
pub(crate) fn split(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut in_word = 0;
    for (at, character) in text.char_indices() {
        let breaks = match character {
            _ if character.is_whitespace() => in_word > 0,
            _ if character.is_ascii() => in_word >= 4,
            _ => in_word > 0,
        };
        if breaks {
            tokens.push(&text[start..at]);
            start = at;
            in_word = 0;
        }
        if !character.is_whitespace() {
            in_word += if character.is_ascii() { 1 } else { 4 };
        }
    }
    if start < text.len() {
        tokens.push(&text[start..]);
    }
    tokens
}

/// How many tokens this endpoint bills for a text.
#[must_use]
pub fn count(text: &str) -> u64 {
    split(text).len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_join_to_the_text_and_are_never_more_than_its_bytes() {
        for text in [
            "",
            " ",
            "Hello, wonderful world!  \n",
            "你好,世界 ok",
            "🙂🙂 a",
            "é",
        ] {
            assert_eq!(split(text).concat(), text);
            assert!(count(text) <= text.len() as u64, "{text:?}");
        }
    }
}
