//! The words of the full-text index: how text goes in, and how a question becomes a query.
//!
//! SQLite's tokenizer takes a run of Chinese or Japanese as one word, which no question would ever match. Such runs are
//! cut into overlapping pairs on the way in and on the way out: 今天下雨 is indexed as 今天 天下 下雨 雨. The lone last
//! character lets a question of one character find every place where it stands, as the beginning of a pair.
//!
//! Every word carries the number of its scope: in scope 17, rain is indexed as 17xrain. So a scope has a vocabulary of
//! its own, and a question costs what its scope has, not what the store has.
//!
//! A query is only ever built from words that this file cut, each in quotes: nothing that a person writes can become
//! an operator, name another column or leave its scope.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

use crate::id::ScopeId;

/// A question reads one list of the index for each of its terms, so it has at most this many (and no more than a `u64`
/// has bits).
const MAX_TERMS: usize = 48;
/// Longer than any word that people search for.
const MAX_TERM_CHARS: usize = 40;
/// A question is cut here before it is read: a message has at most 4,000 characters.
const MAX_QUESTION_CHARS: usize = 4_000;

/// English words that stand in most messages: they cost the most to look up and tell the least.
#[rustfmt::skip]
const STOP_WORDS: &[&str] = &[
    "a", "about", "am", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "could", "d", "did", "do",
    "does", "for", "from", "had", "has", "have", "he", "her", "him", "his", "how", "i", "if", "in", "is", "it", "its",
    "just", "ll", "m", "me", "my", "no", "not", "of", "oh", "ok", "on", "or", "our", "re", "s", "she", "so", "some",
    "t", "that", "the", "their", "them", "then", "there", "they", "this", "to", "ve", "was", "we", "were", "what",
    "when", "where", "which", "who", "why", "will", "with", "would", "yes", "you", "your",
];

/// The scope as one word, its key in every table.
pub(crate) fn scope_word(scope: &ScopeId) -> String {
    let guild = scope
        .guild
        .map_or_else(|| "dm".to_owned(), |guild| format!("g{guild}"));
    format!("{guild}c{}p{}", scope.channel, scope.persona)
}

/// Text as it is indexed in the scope that has this number.
pub(crate) fn indexed(scope: i64, text: &str) -> String {
    let mut out = String::with_capacity(2 * text.len());
    let mut put = |word: &str| {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&scoped(scope, word));
    };
    for piece in pieces(text) {
        match piece {
            Piece::Word(word) => put(&cut(&word)),
            Piece::Run(run) => {
                for pair in run.windows(2) {
                    put(&pair.iter().collect::<String>());
                }
                put(&run.last().map(char::to_string).unwrap_or_default());
            }
        }
    }
    out
}

/// The words of a text that tell something, as the index cuts them.
pub(crate) fn words_of(text: &str) -> HashSet<String> {
    let mut words = HashSet::new();
    for piece in pieces(text) {
        match piece {
            Piece::Word(word) => drop(words.insert(word)),
            Piece::Run(run) if run.len() == 1 => drop(words.insert(run.into_iter().collect())),
            Piece::Run(run) => {
                words.extend(run.windows(2).map(|pair| pair.iter().collect::<String>()))
            }
        }
    }
    words.retain(|word| STOP_WORDS.binary_search(&word.as_str()).is_err());
    words
}

/// A question as queries on the index, one a term, none of which reaches another scope.
pub(crate) fn queries(scope: i64, question: &str) -> Vec<String> {
    terms(question)
        .iter()
        .map(|term| match term {
            // A word has no quotes in it: `pieces` keeps letters and digits only.
            Term::Word(word) => format!("\"{}\"", scoped(scope, word)),
            Term::Beginning(first) => {
                format!("\"{}\" *", scoped(scope, &first.to_string()))
            }
        })
        .collect()
}

/// The word of one scope. The first "x" ends the number, so no two scopes have a word in common.
fn scoped(scope: i64, word: &str) -> String {
    format!("{scope}x{word}")
}

fn cut(word: &str) -> String {
    word.chars().take(MAX_TERM_CHARS).collect()
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Term {
    Word(String),
    Beginning(char),
}

fn terms(question: &str) -> Vec<Term> {
    let question: String = question.chars().take(MAX_QUESTION_CHARS).collect();
    let mut terms = Vec::new();
    let mut seen = HashSet::new();
    for piece in pieces(&question) {
        let found = match piece {
            Piece::Word(word) => vec![Term::Word(cut(&word))],
            Piece::Run(run) if run.len() == 1 => run.into_iter().map(Term::Beginning).collect(),
            Piece::Run(run) => run
                .windows(2)
                .map(|pair| Term::Word(pair.iter().collect()))
                .collect(),
        };
        terms.extend(found.into_iter().filter(|term| seen.insert(term.clone())));
    }
    let telling: Vec<Term> = terms
        .iter()
        .filter(|term| !is_stop_word(term))
        .cloned()
        .collect();
    let mut terms = if telling.is_empty() { terms } else { telling };
    terms.truncate(MAX_TERMS);
    terms
}

fn is_stop_word(term: &Term) -> bool {
    matches!(term, Term::Word(word) if STOP_WORDS.binary_search(&word.as_str()).is_ok())
}

enum Piece {
    /// Letters and digits between anything else, in lower case.
    Word(String),
    /// Characters of a script that is written without spaces.
    Run(Vec<char>),
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for c in text.nfkc().flat_map(char::to_lowercase) {
        let unspaced = is_unspaced(c);
        match pieces.last_mut() {
            Some(Piece::Run(run)) if unspaced => run.push(c),
            Some(Piece::Word(word)) if !unspaced && c.is_alphanumeric() => word.push(c),
            // An empty word marks the gap that punctuation leaves.
            _ if unspaced => pieces.push(Piece::Run(vec![c])),
            Some(Piece::Word(word)) if !c.is_alphanumeric() && word.is_empty() => {}
            _ if c.is_alphanumeric() => pieces.push(Piece::Word(c.to_string())),
            _ => pieces.push(Piece::Word(String::new())),
        }
    }
    pieces.retain(|piece| !matches!(piece, Piece::Word(word) if word.is_empty()));
    pieces
}

/// Chinese characters, kana and Korean syllables (whose particles cling to the words).
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x3005..=0x3007 | 0x3040..=0x30FF | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7AF
        | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
        && c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PersonaId;
    use rstest::rstest;

    fn scope() -> ScopeId {
        ScopeId {
            guild: Some(1.into()),
            channel: 2.into(),
            persona: PersonaId(3),
        }
    }

    #[test]
    fn the_stop_words_are_sorted_or_searching_them_would_miss_some() {
        assert!(STOP_WORDS.is_sorted());
    }

    #[rstest]
    #[case("Hello, World!", "7xhello 7xworld")]
    #[case("今天下雨", "7x今天 7x天下 7x下雨 7x雨")]
    #[case("我爱Rust语言", "7x我爱 7x爱 7xrust 7x语言 7x言")]
    #[case("猫", "7x猫")]
    #[case("don't", "7xdon 7xt")]
    #[case("Ｆｕｌｌ　ｗｉｄｔｈ", "7xfull 7xwidth")]
    #[case("…!?", "")]
    fn text_is_cut_into_words_and_pairs_of_its_scope(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(indexed(7, text), expected);
    }

    #[rstest]
    #[case("what is the cat", &["\"7xcat\""])]
    #[case("what is the", &["\"7xwhat\"", "\"7xis\"", "\"7xthe\""])]
    #[case("下雨了", &["\"7x下雨\"", "\"7x雨了\""])]
    #[case("猫", &["\"7x猫\" *"])]
    #[case("\") OR words:(\"8xcat", &["\"7xwords\"", "\"7x8xcat\""])]
    fn a_question_becomes_quoted_words_of_its_scope(
        #[case] question: &str,
        #[case] expected: &[&str],
    ) {
        assert_eq!(queries(7, question), expected);
    }

    #[test]
    fn a_long_question_has_a_bounded_number_of_terms() {
        let question: String = (0..10_000).map(|n| format!("word{n} ")).collect();
        assert_eq!(terms(&question).len(), MAX_TERMS);
    }

    #[test]
    fn no_two_scopes_have_the_same_word() {
        let scopes = [
            ScopeId {
                guild: None,
                ..scope()
            },
            scope(),
            ScopeId {
                guild: Some(12.into()),
                channel: 3.into(),
                persona: PersonaId(3),
            },
            ScopeId {
                guild: Some(1.into()),
                channel: 23.into(),
                persona: PersonaId(3),
            },
            ScopeId {
                guild: Some(1.into()),
                channel: 2.into(),
                persona: PersonaId(33),
            },
        ];
        let words: HashSet<String> = scopes.iter().map(scope_word).collect();
        assert_eq!(words.len(), scopes.len());
    }
}
