//! The units of meaning of a text: words without their form, characters of Chinese, numbers in digits.

use super::super::super::words::{is_empty_word, stem};
use super::super::spoken::{self, Token};
use super::super::{chinese, verbs};

/// Words that may stand in a fact though nobody said them: they carry no news, or their news is judged apart.
#[rustfmt::skip]
const LIGHT: &[&str] = &[
    "am", "can", "could", "may", "must", "shall", "should", "would", "might", "want", "plan", "hope", "hoping", "intend", "going", "go", "get", "have", "not", "no", "never", "nor", "none", "neither", "any", "either", "nobody",
    "also", "too", "currently", "usually", "often", "originally", "actually", "always", "recently", "sometimes", "there", "here", "him", "himself", "herself", "itself", "themselves", "themself", "myself", "ourselves", "us", "ours", "mine", "hers", "theirs",
    "than", "then", "if", "into", "out", "up", "off", "over", "like_", "kind", "sort", "bit", "lot", "lots", "much", "many", "more", "quite", "pretty", "all", "both", "each", "own", "one", "1", "these", "those", "what", "whose", "how", "because", "since",
    "but", "yes", "yeah", "yep", "well", "oh", "ok", "okay", "lol", "haha", "used", "ago", "etc", "per", "around", "onto", "until_", "called", "named", "doing", "need", "try", "trying", "supposed", "again", "already", "even", "finally", "only", "ever", "anymore", "nowadays", "today_", "things", "thing", "that", "this",
    "let", "make_", "keeps_", "person", "something", "anything", "someone", "somewhere", "while", "after_", "before_", "when", "where", "during", "back", "good_", "able", "decided", "consider", "considers", "known", "tend", "tends", "possess", "possesses",
];
/// Not to like.
pub(super) const DISLIKES: &[&str] = &[
    "hate", "hates", "hated", "dislike", "dislikes", "detest", "detests", "despise", "despises",
    "loathe", "loathes",
];
/// A line's words in small letters and written out.
pub(in super::super) fn written_out(text: &str) -> String {
    let words: Vec<String> = spoken::tokens(text)
        .into_iter()
        .map(|token| token.text)
        .collect();
    format!(" {} ", words.join(" "))
}

/// The units of a text.
pub(in super::super) fn units(tokens: &[Token], text: &str) -> Vec<String> {
    let is_of_age = |at: usize| {
        let next = tokens.get(at + 1).map_or("", |next| next.text.as_str());
        matches!(tokens[at].text.as_str(), "year" | "years") && next == "old"
    };
    let mut units: Vec<String> = tokens
        .iter()
        .enumerate()
        .filter(|(at, token)| !is_light(&token.text) && !is_of_age(*at))
        .map(|(_, token)| unit(&token.text))
        .collect();
    units.extend(chinese::signs(text));
    units.dedup();
    units
}

pub(in super::super) fn unit(word: &str) -> String {
    if DISLIKES.contains(&word) {
        return stem("like");
    }
    stem(verbs::lemma(word))
}

pub(super) fn is_light(word: &str) -> bool {
    let lemma = verbs::lemma(word);
    // A year is a number of years, and "old" is said with an age only.
    let counts = matches!(word, "year" | "years" | "every" | "age");
    !counts
        && (is_empty_word(word)
            || LIGHT.contains(&word)
            || LIGHT.contains(&lemma)
            || word
                .strip_suffix('s')
                .is_some_and(|bare| LIGHT.contains(&bare))
            || is_empty_word(lemma)
            || word.chars().count() == 1 && !word.chars().all(char::is_numeric))
}
