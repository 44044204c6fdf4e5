//! A quick guess at tokens for places that have no tokenizer at hand. Good for shares of a prompt, never for money.

use crate::script::runs_together;

/// About how many tokens a model makes of `text`: four characters a token, but one token for each character of a script that
/// is written without spaces.
#[must_use]
pub fn tokens(text: &str) -> usize {
    let (together, others) = text
        .chars()
        .fold((0_usize, 0_usize), |(together, others), c| {
            if runs_together(c) || matches!(u32::from(c), 0x3000..=0x303F | 0xFF00..=0xFF65) {
                (together + 1, others)
            } else {
                (together, others + 1)
            }
        });
    together + others.div_ceil(4)
}

#[cfg(test)]
mod tests {
    use super::tokens;

    #[test]
    fn four_latin_letters_or_one_ideograph_make_a_token() {
        assert_eq!(tokens(""), 0);
        assert_eq!(tokens("four"), 1);
        assert_eq!(tokens("fourfive!"), 3);
        assert_eq!(tokens("你好，小美"), 5);
        assert_eq!(tokens("你好 Mia!"), 2 + 2);
    }
}
