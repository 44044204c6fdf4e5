//! Wake names: whether a message calls a persona without a mention.
//!
//! A name calls at the beginning (“Mia, …”, “hey Mia …”, “Mia tell me …”) and at the end after a comma (“…, Mia?”), never in the
//! middle. A name that only begins a sentence *about* the persona (“Mia said …”, “Mia's …”, “小美说…”) does not call it.

use crate::card::Card;
use crate::script::{folded, parts_words, runs_together};

/// Words with which people turn to somebody. Whatever follows the name then, it is said to its bearer.
const CALLS: [&str; 26] = [
    "hey",
    "hi",
    "hello",
    "hallo",
    "hola",
    "yo",
    "oi",
    "psst",
    "dear",
    "good morning",
    "good evening",
    "good night",
    "good afternoon",
    "morning",
    "night",
    "thanks",
    "thank you",
    "thx",
    "bye",
    "goodbye",
    "welcome back",
    "sup",
    "heya",
    "hiya",
    "gm",
    "gn",
];

/// The same in Chinese.
const CHINESE_CALLS: [&str; 18] = [
    "你好",
    "您好",
    "嗨",
    "嘿",
    "喂",
    "哈喽",
    "哈啰",
    "早上好",
    "早安",
    "早",
    "晚上好",
    "晚安",
    "谢谢",
    "抱歉",
    "对不起",
    "再见",
    "拜拜",
    "亲爱的",
];

/// Words that may stand before any sentence, also one about somebody.
const FILLERS: [&str; 10] = [
    "ok", "okay", "so", "well", "and", "but", "oh", "ah", "sorry", "please",
];

/// Words after a name that make the sentence one about its bearer.
const ABOUT: [&str; 46] = [
    "is", "isn't", "isnt", "was", "wasn't", "wasnt", "has", "hasn't", "had", "and", "or", "said",
    "says", "told", "does", "doesn't", "doesnt", "didn't", "didnt", "went", "came", "thinks",
    "thought", "likes", "loves", "hates", "wants", "knows", "knew", "made", "makes", "seems",
    "looks", "sounds", "got", "gets", "gave", "gives", "might", "must", "never", "just", "also",
    "who", "from", "in",
];

/// Words that end like a verb of the third person, or like a past, and are none.
const NO_VERBS: [&str; 16] = [
    "yes", "thanks", "guess", "always", "this", "us", "bless", "pass", "miss", "kiss", "discuss",
    "express", "press", "dress", "need", "feed",
];

/// Characters after a Chinese name that make the sentence one about its bearer.
const CHINESE_ABOUT: [char; 13] = [
    '的', '说', '是', '和', '跟', '与', '也', '都', '就', '把', '被', '给', '们',
];

/// Particles that end a Chinese sentence, after which a name calls.
const PARTICLES: [char; 10] = ['吗', '呢', '吧', '啊', '呀', '嘛', '哦', '么', '啦', '哈'];

/// The names that a persona answers to: its name as Discord shows it, its full name, its nickname.
#[must_use]
pub fn wake_names(card: &Card) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in [
        card.display_name(),
        card.name().to_owned(),
        card.called().to_owned(),
    ] {
        if !name.is_empty() && !names.iter().any(|known| folded(known) == folded(&name)) {
            names.push(name);
        }
    }
    names
}

/// Which of `names` the message calls, as its place in the list. A name at the beginning goes before one at the end, and a longer
/// name before a shorter one that it contains.
#[must_use]
pub fn wakes(text: &str, names: &[impl AsRef<str>]) -> Option<usize> {
    let text = folded(text).replace('’', "'");
    let text = trimmed(&text);
    let mut named: Vec<(usize, String)> = names
        .iter()
        .map(|name| trimmed(&folded(name.as_ref())).to_owned())
        .enumerate()
        .filter(|(_, name)| !name.is_empty())
        .collect();
    // Stable: of names that are the same, the first counts.
    named.sort_by_key(|(_, name)| std::cmp::Reverse(name.chars().count()));
    let starts = named.iter().find(|(_, name)| at_beginning(text, name));
    starts
        .or_else(|| named.iter().find(|(_, name)| at_end(text, name)))
        .map(|(at, _)| *at)
}

/// Without the marks, blanks and emoji around.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphanumeric())
}

/// The text after `word`, if it begins with it as a word of its own.
fn after_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(word)?;
    let apart = match (word.chars().next_back(), rest.chars().next()) {
        (Some(left), Some(right)) => parts_words(left, right),
        _ => true,
    };
    apart.then_some(rest)
}

fn at_beginning(text: &str, name: &str) -> bool {
    let after = |word: &str| {
        after_word(text, word).map(|rest| rest.trim_start_matches(|c: char| !c.is_alphanumeric()))
    };
    let said_to = |text: &str| after_word(text, name).is_some_and(|rest| !is_about(rest));
    let called = |text: &str| after_word(text, name).is_some_and(|rest| !is_bound(rest));
    said_to(text)
        || FILLERS.iter().filter_map(|word| after(word)).any(said_to)
        || CALLS
            .iter()
            .chain(&CHINESE_CALLS)
            .filter_map(|word| after(word))
            .any(called)
}

/// Whether what follows a name belongs to it: a genitive, “and”.
fn is_bound(rest: &str) -> bool {
    let word = first_word(rest);
    rest.starts_with('\'')
        || rest.starts_with('的')
        || word == "and" && rest.starts_with(char::is_whitespace)
}

/// Whether what follows a name speaks about its bearer.
fn is_about(rest: &str) -> bool {
    let Some(next) = rest.chars().next() else {
        return false;
    };
    if matches!(next, '\'' | '-') {
        return true;
    }
    if runs_together(next) {
        // “小美在吗” asks for her, “小美在家” tells about her.
        let elsewhere = next == '在'
            && !["在吗", "在么", "在嘛", "在不在"]
                .iter()
                .any(|asked| rest.starts_with(asked));
        return elsewhere || CHINESE_ABOUT.contains(&next);
    }
    if !next.is_whitespace() {
        return false;
    }
    let word = first_word(rest);
    let third_person =
        word.len() > 3 && !word.contains('\'') && (word.ends_with('s') || word.ends_with("ed"));
    ABOUT.contains(&word) || third_person && !NO_VERBS.contains(&word)
}

fn first_word(rest: &str) -> &str {
    rest.trim_start()
        .split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .next()
        .unwrap_or_default()
}

fn at_end(text: &str, name: &str) -> bool {
    let Some(before) = text.strip_suffix(name) else {
        return false;
    };
    let written = before.trim_end();
    let Some(last) = written.chars().next_back() else {
        return false;
    };
    if matches!(last, ',' | '、' | '.' | '!' | '?' | '。' | ':' | ';') {
        return true;
    }
    let chinese = name.chars().next().is_some_and(runs_together);
    chinese && (PARTICLES.contains(&last) || before.len() > written.len() && runs_together(last))
}
