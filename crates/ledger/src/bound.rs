//! The most input tokens that a text can turn into, without knowing the model's tokenizer.
//!
//! A byte-level tokenizer never makes more tokens than there are bytes. Some tokenizers normalise by NFC or NFKC first,
//! which can lengthen a text, so the longest of the three forms counts. On top comes what a chat template adds.

use unicode_normalization::UnicodeNormalization;

/// Tokens that a chat template may put around each message: role, separators, names.
pub const PER_MESSAGE: u64 = 32;
/// Tokens that a provider may put around the whole request.
pub const PER_REQUEST: u64 = 512;

/// DESIGN's `Tin`: an upper bound of the input tokens of a request with these texts, sent as this many messages.
///
/// It over-reserves about 4.5 times for English; settling gives the rest back.
pub fn input_bound<'a>(
    texts: impl Iterator<Item = &'a str>,
    messages: usize,
    context_window: u32,
) -> u64 {
    let text: u64 = texts.map(longest_form).fold(0, u64::saturating_add);
    let template = (messages as u64)
        .saturating_mul(PER_MESSAGE)
        .saturating_add(PER_REQUEST);
    text.saturating_add(template).min(u64::from(context_window))
}

fn longest_form(text: &str) -> u64 {
    let bytes = text.len();
    if text.is_ascii() {
        return bytes as u64;
    }
    let nfc = text.nfc().map(char::len_utf8).sum();
    let nfkc = text.nfkc().map(char::len_utf8).sum();
    bytes.max(nfc).max(nfkc) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const LARGE: u32 = 1_000_000;

    #[test]
    fn plain_text_is_bounded_by_its_bytes() {
        assert_eq!(
            input_bound(["hello", "you"].into_iter(), 2, LARGE),
            8 + 64 + 512
        );
    }

    #[test]
    fn a_letter_that_unfolds_is_bounded_by_its_unfolded_form() {
        // U+FDFA is three bytes and becomes eighteen letters.
        assert_eq!(input_bound(["\u{FDFA}"].into_iter(), 0, LARGE), 33 + 512);
    }

    #[test]
    fn a_text_that_is_longest_under_nfc_is_bounded_by_that_form() {
        // U+1D15E is four bytes and eight under both; U+1D7D8 is four bytes, and one under NFKC alone.
        let text = "\u{1D15E}\u{1D7D8}";
        assert_eq!(input_bound([text].into_iter(), 0, LARGE), 12 + 512);
    }

    #[test]
    fn the_bound_never_passes_the_context_window() {
        let long = "a".repeat(10_000);
        assert_eq!(input_bound([long.as_str()].into_iter(), 1, 4096), 4096);
    }
}
