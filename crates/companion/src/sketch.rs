//! Sketches: what the claim of a message keeps of its words, so that a proxy's repost is known by them after a kill.
//!
//! A proxy takes tags away at both ends, so that no hash of the whole would do: what says the same is a part of the
//! original. A sketch is a Bloom filter of short runs of its letters (n-grams, salted by the message's id), and their
//! number. Every run of a repost is in it; those of other words are by chance, and where that chance is not small (of two
//! letters in a long message), nothing is known. All of it is 64 bits whatever the length, and many runs share a bit: it
//! confirms words, it does not tell them. It is kept while the claim is open.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use store::claims::Sketch;
use store::id::MessageId;

use crate::proxied::{TAGS, letters};

/// Letters of a run in short messages, and in others, which share most of their shorter runs.
const RUNS: [usize; 2] = [2, 4];
/// Messages of fewer letters are short.
const SHORT: usize = 32;
/// Of longer messages one run in two, four, eight is taken, so that about this many are.
const TAKEN: usize = 32;
/// Other words are taken for the same at most this often.
const CHANCE: f64 = 1.0 / 20.0;

/// The sketch of a message's text; `None` where there are not letters enough to know it by.
pub(crate) fn sketch(message: MessageId, text: &str) -> Option<Sketch> {
    let letters: Vec<char> = letters(text).chars().collect();
    let grams = grams(message, &letters, letters.len());
    (!grams.is_empty()).then_some(Sketch {
        letters: u32::try_from(letters.len()).unwrap_or(u32::MAX),
        grams: grams.iter().fold(0, |all, bit| all | bit),
    })
}

/// Whether a text says what this message said, without its tags. A text of so few letters that nothing tells it from
/// others does not.
pub(crate) fn says_the_same(message: MessageId, original: Sketch, text: &str) -> bool {
    let repost: Vec<char> = letters(text).chars().collect();
    let said = usize::try_from(original.letters).unwrap_or(usize::MAX);
    let fits = (repost.len()..=repost.len() + TAGS).contains(&said);
    let grams = grams(message, &repost, said);
    let is_in = grams.iter().all(|bit| original.grams & bit != 0);
    fits && is_in && by_chance(original, grams.len()) <= CHANCE
}

/// How likely so many other runs would all be in this sketch.
fn by_chance(sketch: Sketch, runs: usize) -> f64 {
    let full = f64::from(sketch.grams.count_ones()) / f64::from(u64::BITS);
    full.powi(i32::try_from(runs).unwrap_or(i32::MAX))
}

/// The bits of those runs that are taken where the original has so many letters.
fn grams(message: MessageId, letters: &[char], of: usize) -> BTreeSet<u64> {
    let [short, long] = RUNS;
    let run = if of < SHORT { short } else { long };
    let one_in = (of / TAKEN).max(1).next_power_of_two() as u64;
    // Stable within a release of Rust; across one, a claim that was open then is not known again, and that is all.
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    let hashes = letters
        .windows(run)
        .map(|run| hasher.hash_one((message.get(), run)));
    let taken = hashes.filter(|hash| (hash >> 32).is_multiple_of(one_in));
    taken.map(|hash| 1 << (hash % 64)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const SAID: [&str; 20] = [
        "hi",
        "hello there",
        "hello, how are you today?",
        "what do you think of it",
        "tell me a story",
        "tell me a long story",
        "my favourite colour is teal",
        "good night everyone",
        "did you see the ferry this morning",
        "I do not like it",
        "I do like it",
        "你好，今天怎么样？",
        "你好",
        "给我讲个故事吧",
        "build 4312 passed on main",
        "somebody opened issue 77: the lamp flickers when it rains",
        "Reminder: the meeting begins in ten minutes, and this time bring your own cups, please",
        "I went to the shop, and there was nothing left but one old lamp that nobody had wanted for years",
        "привет, как дела?",
        "おはようございます",
    ];

    fn known(original: &str, repost: &str) -> bool {
        let id = 77.into();
        sketch(id, original).is_some_and(|sketch| says_the_same(id, sketch, repost))
    }

    #[test]
    fn a_repost_is_known_whatever_its_tags() {
        for text in SAID {
            for tags in [
                ["", ""],
                ["A: ", ""],
                ["[", "]"],
                ["", " -mika"],
                ["M: @Familiar ", ""],
            ] {
                let original = format!("{}{text}{}", tags[0], tags[1]);
                let is_enough = text.chars().count() > 2 || original.chars().count() < 6;
                assert_eq!(known(&original, text), is_enough, "{original}");
            }
        }
        let long = SAID.join(" ").repeat(5);
        assert!(known(&format!("M: {long}"), &long));
    }

    #[test]
    fn other_words_are_not() {
        let mut taken_for_each_other = vec![];
        for (n, said) in SAID.iter().enumerate() {
            for other in SAID.iter().skip(n + 1).chain(&SAID[..n]) {
                if known(&format!("M: {said}"), other) && !said.contains(other) {
                    taken_for_each_other.push((said, other));
                }
            }
        }
        assert_eq!(taken_for_each_other, []);
        let long = SAID.join(" ").repeat(5);
        let other: String = long.chars().rev().collect();
        assert!(!known(&format!("M: {long}"), &other));
    }

    #[rstest]
    #[case::nothing("")]
    #[case::signs("?!")]
    #[case::one_letter("k")]
    fn what_has_no_letters_to_speak_of_is_not_known(#[case] text: &str) {
        assert!(!known(&format!("M: {text}"), text));
    }

    #[test]
    fn a_few_words_of_a_long_message_are_not_the_message() {
        let long = format!("{} and I agree", "somebody said something ".repeat(10));
        assert!(!known(&long, "and I agree"));
    }
}
