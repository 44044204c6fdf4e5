//! What a provider said, made fit to be shown: short, on one line, and without anything that may be a key.

use std::fmt;

/// The longest quotation, in characters.
const LONGEST: usize = 200;
/// How keys begin, of the services that people use.
const KEY_BEGINNINGS: [&str; 9] = [
    "sk-", "sk_", "gsk_", "xai-", "AIza", "hf_", "pk-", "csk-", "nvapi-",
];
/// A run of letters and digits of this length is no word and no model's name.
const KEY_RUN: usize = 16;

/// A provider's own words, cleaned. Displays as nothing if there are none, else as ` (it says: "…")`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quote(String);

impl Quote {
    /// Cleans a provider's message. `key` is struck out wherever it stands, and so is all that looks like one.
    pub(crate) fn clean(said: &str, key: &str) -> Quote {
        let struck = if key.is_empty() {
            said.to_owned()
        } else {
            said.replace(key, " […] ")
        };
        let mut clean = String::new();
        let mut hide_next = false;
        for word in struck
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|word| !word.is_empty())
        {
            if !clean.is_empty() {
                clean.push(' ');
            }
            clean.push_str(if hide_next || looks_like_a_key(word) {
                "[…]"
            } else {
                word
            });
            hide_next = word.eq_ignore_ascii_case("bearer");
            if clean.chars().nth(LONGEST).is_some() {
                break;
            }
        }
        if let Some((end, _)) = clean.char_indices().nth(LONGEST) {
            clean.truncate(end);
            clean.push('…');
        }
        Quote(clean)
    }

    /// Cleans words in which no key of ours can stand.
    #[must_use]
    pub fn of(said: &str) -> Quote {
        Quote::clean(said, "")
    }

    /// The words themselves; empty if there are none.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Quote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            Ok(())
        } else {
            write!(f, " (it says: \"{}\")", self.0)
        }
    }
}

fn looks_like_a_key(word: &str) -> bool {
    let bare = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    if word.contains("**")
        || KEY_BEGINNINGS
            .iter()
            .any(|&beginning| bare.contains(beginning))
    {
        return true;
    }
    word.split(|c: char| !c.is_ascii_alphanumeric()).any(|run| {
        run.len() >= KEY_RUN
            && run.bytes().any(|b| b.is_ascii_digit())
            && run.bytes().any(|b| b.is_ascii_alphabetic())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_struck_out_however_they_are_quoted() {
        for said in [
            "Incorrect API key provided: sk-proj-abc123***4567.",
            "bad key 'verysecret'",
            "Authorization: Bearer abc",
            "key gsk_12 is wrong, hash 0a1b2c3d4e5f60718293",
            "token=AIzaSyFake",
        ] {
            let quote = Quote::clean(said, "verysecret");
            assert!(quote.as_str().contains("[…]"), "{quote:?}");
            for secret in ["abc", "4567", "verysecret", "gsk_12", "0a1b", "AIza"] {
                assert!(!quote.as_str().contains(secret), "{quote:?} shows {secret}");
            }
        }
    }

    #[test]
    fn ordinary_words_and_model_names_stay() {
        let said = "model 'meta-llama/llama-3.1-8b-instruct:free' was\n not\u{7} found, try pulling it first";
        let expected =
            "model 'meta-llama/llama-3.1-8b-instruct:free' was not found, try pulling it first";
        assert_eq!(Quote::clean(said, "").as_str(), expected);
    }

    #[test]
    fn a_long_message_is_cut_by_characters() {
        let quote = Quote::clean(&"很".repeat(5000), "");
        assert_eq!(quote.as_str().chars().count(), LONGEST + 1);
    }
}
