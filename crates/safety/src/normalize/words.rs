//! Words: letters written as digits or stars, words pulled apart or run together, letters repeated.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::single_letters;

/// Words that are put together again from any pieces ("sui cide", "my self", "self-harm").
const JOINED: &str = "kill killing killed myself himself herself themselves yourself suicide suicidal \
    selfharm selfharms selfharming selfharmed selfinjury selfinjure overdose overdosed overdosing unalive unaliving \
    anorexia anorexic bulimia bulimic anymore proana laxatives cutting hurting starving sewerslide worthless";

/// Words that are put together only from single letters ("d i e"); in longer pieces they are words of their own.
const SPELLED: &str = "die dead death dying kms cut cuts hurt harm hang jump pills life live living alive end ending \
    own want wanna wish going gonna wake never without better off it all to my me be is am im ive dont not the and was \
    were do self starve purge throw vomit fat commit need can cant how friend burn feel just really think about tonight \
    should will are you human real person talking";

/// Compounds that are taken apart ("#killmyself").
const COMPOUNDS: &[(&str, &str)] = &[
    ("killmyself", "kill myself"),
    ("killingmyself", "killing myself"),
    ("iwanttodie", "i want to die"),
    ("wanttodie", "want to die"),
    ("wannadie", "wanna die"),
    ("iwannadie", "i wanna die"),
    ("endmylife", "end my life"),
    ("enditall", "end it all"),
    ("cutmyself", "cut myself"),
    ("hurtmyself", "hurt myself"),
    ("starvemyself", "starve myself"),
];

/// The longest word that is put together, in letters.
const LONGEST: usize = 12;

static JOINED_SET: LazyLock<HashSet<String>> =
    LazyLock::new(|| JOINED.split_whitespace().map(single_letters).collect());
static SPELLED_SET: LazyLock<HashSet<String>> =
    LazyLock::new(|| KNOWN.iter().map(|word| single_letters(word)).collect());
static KNOWN: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    SPELLED
        .split_whitespace()
        .chain(JOINED.split_whitespace())
        .collect()
});
static COMPOUND_MAP: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    COMPOUNDS
        .iter()
        .map(|(joined, apart)| (single_letters(joined), single_letters(apart)))
        .collect()
});

/// The words of a visible text, each between single spaces.
pub(super) fn words(visible: &str) -> String {
    let mut line = String::with_capacity(visible.len() + 8);
    line.push_str(" . ");
    for word in rejoin(&tokens(visible)) {
        let word = COMPOUND_MAP.get(&word).cloned().unwrap_or(word);
        if word != "." || !line.ends_with(" . ") {
            line.push_str(&word);
            line.push(' ');
        }
    }
    if !line.ends_with(" . ") {
        line.push_str(". ");
    }
    line
}

/// Cuts into words and sentence ends; inside a word, digits and symbols that stand for letters become them.
fn tokens(visible: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    let mut chars = visible.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        let apostrophe =
            matches!(c, '\'' | '’' | '‘' | '`' | '´') && !word.is_empty() && next.is_alphabetic();
        let symbol =
            stands_for_letter(c) && (!word.is_empty() || (c == '$' && next.is_alphabetic()));
        if c.is_alphanumeric() || symbol {
            word.push(c);
        } else if !apostrophe {
            // "k. i. l. l" is a word spelled out, not four sentences.
            let spelled_out = word.chars().count() == 1;
            let exclaimed = push_word(&mut tokens, &mut word);
            let stop = matches!(c, '.' | '!' | '?' | ';') && next.is_whitespace() && !spelled_out;
            if c == '\n' || exclaimed || stop || matches!(c, '。' | '！' | '？') {
                tokens.push(".".to_owned());
            }
        }
    }
    push_word(&mut tokens, &mut word);
    tokens
}

fn stands_for_letter(c: char) -> bool {
    matches!(c, '@' | '$' | '!' | '|' | '+' | '*' | '#' | '€')
}

/// Takes the word, without the symbols behind it; whether one of those was an exclamation mark.
fn push_word(tokens: &mut Vec<String>, word: &mut String) -> bool {
    let taken = std::mem::take(word);
    let bare = taken.trim_end_matches(stands_for_letter);
    if !bare.is_empty() {
        tokens.push(plain_letters(bare));
    }
    taken[bare.len()..].contains('!')
}

/// Undoes "leetspeak" in a word that has letters, and writes runs of a letter once.
fn plain_letters(word: &str) -> String {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let odd = word.chars().count() - letters;
    if odd == 0 || letters < odd.max(1) || word.len() < 3 {
        return single_letters(word);
    }
    let mut vocabulary = SPELLED.split_whitespace().chain(JOINED.split_whitespace());
    if let Some(known) = vocabulary.find(|known| reads_as(word, known)) {
        return single_letters(known);
    }
    let plain = word.chars().filter_map(|c| match c {
        '0' => Some('o'),
        '1' | '!' => Some('i'),
        '|' => Some('l'),
        '3' | '€' => Some('e'),
        '4' | '@' => Some('a'),
        '5' | '$' => Some('s'),
        '7' | '+' => Some('t'),
        '*' | '#' => None,
        _ => Some(c),
    });
    single_letters(&plain.collect::<String>())
}

/// Whether `word` is `known` with some letters written as digits, symbols or stars.
fn reads_as(word: &str, known: &str) -> bool {
    let alike = |(c, k): (char, char)| match c {
        '*' | '#' => true,
        '1' | '!' | '|' => matches!(k, 'i' | 'l'),
        '0' => k == 'o',
        '3' | '€' => k == 'e',
        '4' | '@' => k == 'a',
        '5' | '$' => k == 's',
        '7' | '+' => k == 't',
        _ => c == k,
    };
    // At least two letters must be real, or "4*" would read as anything.
    word.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && word.chars().count() == known.len()
        && word.chars().zip(known.chars()).all(alike)
}

/// Puts words together that were pulled apart.
fn rejoin(tokens: &[String]) -> Vec<String> {
    let mut joined = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        match longest_join(&tokens[at..]) {
            Some((word, pieces)) => {
                joined.push(word);
                at += pieces;
            }
            None => {
                joined.push(tokens[at].clone());
                at += 1;
            }
        }
    }
    joined
}

/// The longest word that the first tokens make, and how many they are. Letters that were written exactly win over
/// letters counted once, or "w a n t t o" would lose its second t.
fn longest_join(tokens: &[String]) -> Option<(String, usize)> {
    let mut whole = String::new();
    let (mut exact, mut folded) = (None, None);
    let mut single = true;
    for (index, piece) in tokens.iter().enumerate() {
        single &= piece.chars().count() == 1;
        whole.push_str(piece);
        if piece == "." || whole.len() > LONGEST * 2 {
            break;
        }
        let word = single_letters(&whole);
        let known = if single { &*SPELLED_SET } else { &*JOINED_SET };
        if index == 0 || !known.contains(&word) {
            continue;
        }
        if single && KNOWN.contains(whole.as_str()) {
            exact = Some((word.clone(), index + 1));
        }
        folded = Some((word, index + 1));
    }
    exact.or(folded)
}
