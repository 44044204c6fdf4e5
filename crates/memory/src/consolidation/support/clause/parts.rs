//! Where a line is cut: into sentences, and those at their commas and joints.

use super::super::super::own::FIRST;
use super::super::is_ideograph;

#[rustfmt::skip]
const JOINTS: &[&str] = &[
    "but", "because", "cos", "cuz", "coz", "bc", "while", "whereas", "though", "although", "and", "so", "that", "who", "which", "when", "unless", "before", "after", "than", "plus", "then", "without",
];
const JOINTS_CHINESE: &[&str] = &["但是", "可是", "不过", "而且", "因为", "所以", "然后", "但"];

/// The sentences of a text that hold a word. A stop inside a number or a name ends none, and several marks in a row are one.
#[must_use]
pub fn sentences(text: &str) -> Vec<String> {
    let mut sentences = vec![];
    let mut sentence = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        sentence.push(c);
        let ends = match c {
            '!' | '?' | ';' | '。' | '！' | '？' | '；' | '\n' | '…' => true,
            '.' => chars
                .peek()
                .is_none_or(|next| next.is_whitespace() || *next == '.'),
            _ => false,
        };
        // Several marks in a row are one.
        if ends
            && chars
                .peek()
                .is_none_or(|next| !matches!(next, '!' | '?' | '.' | '！' | '？' | '。'))
        {
            sentences.push(std::mem::take(&mut sentence));
        }
    }
    sentences.push(sentence);
    sentences.retain(|sentence| sentence.chars().any(char::is_alphanumeric));
    sentences
}

/// The parts of a sentence, at its commas and joints.
pub(super) fn parts(sentence: &str) -> Vec<String> {
    let mut marked = sentence.replace(" with no ", " , no ");
    for joint in JOINTS_CHINESE {
        marked = marked.replace(joint, &format!("，{joint}"));
    }
    let mut parts = vec![];
    let chars: Vec<char> = marked.chars().collect();
    let mut part = String::new();
    let mut pieces = vec![];
    for (at, c) in chars.iter().enumerate() {
        let in_number = matches!(c, ',' | ':')
            && at > 0
            && chars[at - 1].is_ascii_digit()
            && chars.get(at + 1).is_some_and(char::is_ascii_digit);
        if matches!(
            c,
            ',' | '，' | '(' | ')' | '（' | '）' | '—' | ':' | '：' | '~' | '～'
        ) && !in_number
        {
            pieces.push(std::mem::take(&mut part));
        } else {
            part.push(*c);
        }
    }
    pieces.push(part);
    for piece in pieces {
        let mut part = String::new();
        let words: Vec<&str> = piece.split_whitespace().collect();
        for (at, word) in words.iter().enumerate() {
            let lower = word.to_lowercase();
            // "Since I was seven" tells since when.
            let is_a_time = words[..at]
                .last()
                .is_some_and(|last| ["since", "till", "until"].contains(last));
            // Blanks between signs of Chinese stand for commas.
            let is_apart = word.starts_with(is_ideograph)
                && words[..at]
                    .last()
                    .is_some_and(|last| last.ends_with(is_ideograph));
            let begins_anew = !is_a_time
                && ["i", "i'm", "im", "i've", "ive"].contains(&lower.as_str())
                && part
                    .split_whitespace()
                    .any(|earlier| FIRST.contains(&earlier.to_lowercase().as_str()));
            // "What I played before" has no second part.
            let joins = JOINTS.contains(&lower.as_str()) && at + 1 < words.len();
            if (begins_anew || joins || is_apart) && !part.trim().is_empty() {
                parts.push(std::mem::take(&mut part));
            }
            part.push_str(word);
            part.push(' ');
        }
        parts.push(part);
    }
    parts.retain(|part| part.chars().any(char::is_alphanumeric));
    parts
}
