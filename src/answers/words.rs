//! Texts as the rules compare them: words in small letters with their digits masked, Chinese by the character.

/// The words of a text; each Chinese character is one. Every digit is a `0`, so that a log line with another time is the same.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let mut words = vec![];
    let mut word = String::new();
    for c in text.to_lowercase().chars() {
        match c {
            '’' | '\'' if !word.is_empty() => word.push('\''),
            c if is_ideograph(c) => {
                words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
                words.push(c.to_string());
            }
            c if c.is_ascii_digit() => word.push('0'),
            c if c.is_alphanumeric() => word.push(c),
            _ => words.extend((!word.is_empty()).then(|| std::mem::take(&mut word))),
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// The sentences of a text.
pub fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['.', '!', '?', '…', '\n', '。', '！', '？', '；', ';'])
        .map(str::trim)
        .filter(|sentence| !sentence.is_empty())
}

/// The clauses of a text.
pub fn clauses(text: &str) -> impl Iterator<Item = &str> {
    sentences(text).flat_map(|sentence| sentence.split([',', '，', '、', ':', '：', '—']))
}

/// Every run of `n` words.
pub fn runs(words: &[String], n: usize) -> impl Iterator<Item = &[String]> {
    words.windows(n)
}

/// The longest run of words that two texts share.
#[must_use]
pub fn longest_shared(one: &[String], other: &[String]) -> usize {
    let mut longest = 0;
    let mut before = vec![0; other.len() + 1];
    for a in one {
        let mut row = vec![0; other.len() + 1];
        for (at, b) in other.iter().enumerate() {
            if a == b {
                row[at + 1] = before[at] + 1;
                longest = longest.max(row[at + 1]);
            }
        }
        before = row;
    }
    longest
}

/// Whether a character is one of the Han script.
#[must_use]
pub fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2ffff}')
}

/// Whether a text has this word: as a whole word, or anywhere where it is Chinese.
#[must_use]
pub fn has(text: &str, word: &str) -> bool {
    let (text, word) = (text.to_lowercase(), word.to_lowercase());
    let is_inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_ideograph(c));
    text.match_indices(&word).any(|(at, found)| {
        word.chars().all(|c| !c.is_ascii())
            || !is_inside(text[..at].chars().next_back())
                && !is_inside(text[at + found.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_line_with_another_time_is_the_same() {
        assert_eq!(
            words("Log, 21:40. It's calm."),
            words("log 03:12 it’s CALM")
        );
        assert_eq!(
            words("我住在 Porto 7号"),
            ["我", "住", "在", "porto", "0", "号"]
        );
    }

    #[test]
    fn a_word_is_found_as_a_whole_and_chinese_anywhere() {
        assert!(has("In Lisbon, I think.", "lisbon"));
        assert!(!has("the catalogue", "cat"));
        assert!(has("你住在杭州吧", "杭州"));
        assert!(has("两只猫Miso和", "miso"));
    }

    #[test]
    fn the_longest_shared_run_is_counted_in_words() {
        let shared = longest_shared(
            &words("I live by the harbour"),
            &words("You live by the lake"),
        );
        assert_eq!(shared, 3);
    }
}
