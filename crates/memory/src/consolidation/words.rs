//! Words, as claims and what was said are compared by: in lower case, stemmed, and by what they mean where that is plain.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};

/// Words that tell nothing about a fact.
#[rustfmt::skip]
const EMPTY: &[&str] = &[
    "a", "about", "also", "am", "an", "and", "are", "as", "at", "be", "been", "by", "currently", "did", "do", "does", "every", "for", "from",
    "had", "has", "have", "he", "her", "his", "i", "in", "is", "it", "its", "me", "my", "named", "now", "of", "on", "or", "our", "she",
    "said", "says", "so", "some", "that", "the", "their", "them", "there", "they", "this", "to", "very", "was", "we", "were", "who", "will",
    "with", "you", "your", "called", "name", "year", "years", "old", "age", "aged", "owns", "own", "really", "just", "still", "being",
    "mentioned", "mentions", "shared", "stated", "told", "user", "person", "which", "where", "when",
];
/// Words that a model puts in one another's place when it retells. Words are compared by the first of their row.
#[rustfmt::skip]
const SYNONYMS: &[&[&str]] = &[
    &["live", "lives", "moved", "moving", "reside", "resides", "settled", "based", "relocated"],
    &["like", "love", "enjoy", "favourite", "favorite", "fan", "adore", "prefer"],
    &["work", "job", "employed", "profession", "career"],
    &["study", "studying", "student", "university", "uni", "college", "degree"],
    &["plan", "planning", "plans", "going", "gonna", "want", "intend", "hope", "hoping", "wants"],
    &["get", "adopted", "bought", "got", "getting"],
    &["child", "kid", "children", "kids"],
    &["mother", "mum", "mom", "mummy", "mommy"],
    &["father", "dad", "daddy"],
    &["grandmother", "gran", "granny", "grandma", "nan", "nana"],
    &["grandfather", "grandpa", "grandad", "granddad"],
    &["bike", "bicycle", "cycling", "cycle"],
    &["birthday", "born"],
    &["afraid", "scared", "terrified", "fear", "fears"],
    &["hate", "dislike", "detest"],
    &["film", "movie"],
    &["learn", "learning"],
    &["travel", "trip", "visit", "visiting", "travelling", "traveling"],
    &["1", "one"], &["2", "two"], &["3", "three"], &["4", "four"], &["5", "five"], &["6", "six"], &["7", "seven"], &["8", "eight"], &["9", "nine"],
    &["10", "ten"], &["11", "eleven"], &["12", "twelve"],
];
static CANON: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let row = |row: &&[&str]| -> Vec<(String, String)> {
        row.iter()
            .map(|word| (bare_stem(word), bare_stem(row[0])))
            .collect()
    };
    SYNONYMS.iter().flat_map(row).collect()
});

/// The words of a sentence, without those that tell nothing.
pub(super) struct Words(pub(super) HashSet<String>);

impl Words {
    /// The words of a fact; its person's name is none of them.
    pub(super) fn of(text: &str, name: &str) -> Self {
        let name: HashSet<String> = Self::all(name).collect();
        Self(
            Self::all(text)
                .filter(|word| !EMPTY.contains(&word.as_str()) && !name.contains(word))
                .map(|word| stem(&word))
                .collect(),
        )
    }

    /// Every word in lower case; runs of Chinese or Japanese as pairs of characters.
    pub(super) fn all(text: &str) -> impl Iterator<Item = String> {
        let mut words = Vec::new();
        let mut word = String::new();
        let mut last: Option<char> = None;
        for c in text.to_lowercase().chars() {
            if is_ideograph(c) {
                take(&mut words, &mut word);
                if let Some(before) = last {
                    words.push([before, c].iter().collect());
                }
                last = Some(c);
                continue;
            }
            last = None;
            if c.is_alphanumeric() || (matches!(c, '\'' | '’' | '-') && !word.is_empty()) {
                word.push(if c == '’' { '\'' } else { c });
            } else {
                take(&mut words, &mut word);
            }
        }
        take(&mut words, &mut word);
        words.into_iter()
    }

    /// The words alone.
    pub(super) fn into_set(self) -> HashSet<String> {
        self.0
    }

    /// The share of these words that stand in the others.
    pub(super) fn share_in(&self, others: &HashSet<String>) -> f64 {
        if self.0.is_empty() {
            return 0.0;
        }
        let found = self.0.iter().filter(|word| others.contains(*word)).count();
        found as f64 / self.0.len() as f64
    }

    /// Whether two facts have a word in common.
    pub(super) fn touch(&self, other: &str, name: &str) -> bool {
        !self.0.is_disjoint(&Self::of(other, name).0)
    }
}

fn take(words: &mut Vec<String>, word: &mut String) {
    let whole = word.trim_end_matches(['\'', '-']);
    let bare = whole.strip_suffix("'s").unwrap_or(whole);
    if !bare.is_empty() {
        words.push(bare.to_owned());
    }
    word.clear();
}

/// Whether a character is of a script that writes no blanks: Han, and Japan's own.
#[must_use]
pub fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2ffff}')
}

/// Words are compared by their stems, as in the index of turns ("lives", "living" and "lived" are one), and by what
/// they mean where that is plain.
pub(crate) fn stem(word: &str) -> String {
    let stem = bare_stem(word);
    CANON.get(&stem).cloned().unwrap_or(stem)
}

fn bare_stem(word: &str) -> String {
    Stemmer::create(Algorithm::English).stem(word).into_owned()
}

pub(super) fn stems(texts: &[&str]) -> HashSet<String> {
    texts
        .iter()
        .flat_map(|text| Words::all(text))
        .map(|word| stem(&word))
        .collect()
}

/// Whether a word in lower case tells nothing about a fact.
pub(crate) fn is_empty_word(word: &str) -> bool {
    EMPTY.contains(&word)
}

/// Whether a text has one of these in it.
pub(super) fn contains_any(text: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| text.contains(part))
}
