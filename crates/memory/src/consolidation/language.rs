//! In which writing people talk: the example of a question is written so, and a summary that is not is not kept.

use super::words::is_ideograph;

/// A writing. Languages that share one are not told apart here: a summary in another of them shares too few words with the
/// talk to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Writing {
    Latin,
    Chinese,
    Japanese,
    Korean,
    Cyrillic,
    Arabic,
    Other,
}

/// The share of a text's words that make it a text in their writing, whatever else stands in it.
const MOST: f64 = 0.7;

/// The writing of a text; `None` where it has no words, or mixes its writings.
pub(super) fn writing<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<Writing> {
    let count = counts(texts);
    let all: f64 = count.iter().map(|(_, words)| words).sum();
    count
        .into_iter()
        .find(|(_, words)| all > 0.0 && words / all >= MOST)
        .map(|(writing, _)| writing)
}

/// About how many words there are in each writing.
fn counts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<(Writing, f64)> {
    let mut count: Vec<(Writing, f64)> = vec![];
    let mut add = |writing: Writing, words: f64| match count.iter_mut().find(|(w, _)| *w == writing)
    {
        Some((_, sum)) => *sum += words,
        None => count.push((writing, words)),
    };
    for word in texts
        .into_iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphabetic()))
    {
        let mut latin = false;
        for c in word.chars() {
            match of_letter(c) {
                Writing::Latin | Writing::Cyrillic | Writing::Arabic | Writing::Other if latin => {}
                // A word in these has about two signs.
                writing @ (Writing::Chinese | Writing::Japanese | Writing::Korean) => {
                    add(writing, 0.5);
                }
                writing => {
                    latin = true;
                    add(writing, 1.0);
                }
            }
        }
    }
    // Japanese writes Chinese signs too.
    let has_kana = count
        .iter()
        .any(|(writing, _)| *writing == Writing::Japanese);
    if has_kana && let Some(chinese) = count.iter().position(|(w, _)| *w == Writing::Chinese) {
        let (_, signs) = count.swap_remove(chinese);
        if let Some((_, sum)) = count.iter_mut().find(|(w, _)| *w == Writing::Japanese) {
            *sum += signs;
        }
    }
    count
}

fn of_letter(c: char) -> Writing {
    match c {
        '\u{3040}'..='\u{30ff}' => Writing::Japanese,
        '\u{ac00}'..='\u{d7af}' | '\u{1100}'..='\u{11ff}' => Writing::Korean,
        '\u{0400}'..='\u{052f}' => Writing::Cyrillic,
        '\u{0600}'..='\u{06ff}' => Writing::Arabic,
        'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' => Writing::Latin,
        c if is_ideograph(c) => Writing::Chinese,
        _ => Writing::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_in_the_writing_of_most_of_its_words() {
        for (text, expected) in [
            ("I live in Lisbon", Some(Writing::Latin)),
            ("我住在 Lisbon，喜欢喝咖啡", Some(Writing::Chinese)),
            ("私はリスボンに住んでいます", Some(Writing::Japanese)),
            ("저는 리스본에 살아요", Some(Writing::Korean)),
            ("Я живу в Лиссабоне", Some(Writing::Cyrillic)),
            ("12:04 :)", None),
            ("ok 我知道 sounds good", None),
        ] {
            assert_eq!(writing([text]), expected, "{text}");
        }
    }
}
