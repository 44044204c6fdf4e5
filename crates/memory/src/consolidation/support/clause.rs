//! The clauses of a line: of each, whom it is about, whether it denies, of which time it speaks, in what frame it stands, and
//! the units of meaning in it: words without their form, characters of Chinese, numbers in digits.

use std::collections::HashSet;

use super::super::own::{FIRST, OTHERS, OTHERS_CHINESE, begins_with_a_name};
use super::super::quotation::without_quotations;
use super::super::refusal::Unsupported;
use super::super::words::{is_empty_word, stem};
use super::frames::{self, Frame};
use super::spoken::{self, Token};
use super::verbs::{self, Time};
use super::{chinese, is_ideograph};

/// Whom a clause is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Whoever says it.
    Speaker,
    /// Somebody or an animal whom they name, as a unit.
    Other(String),
    /// Something that they name, as units.
    Thing(Vec<String>),
    /// Whom or what a pronoun stands for; the last one of their own that was named.
    Pronoun(Option<String>),
    /// Whoever is spoken to, or everybody.
    Nobody,
}

/// A part of a line.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    pub(super) units: Vec<String>,
    pub(super) about: About,
    pub(super) negative: bool,
    pub(super) time: Time,
    pub(super) is_change: bool,
    /// It has neither a subject nor a verb of its own.
    pub(super) is_fragment: bool,
    /// It points back with an "it".
    pub(super) points_back: bool,
    /// One of the speaker's own for whom its pronoun stands, as a unit.
    pub(super) stands_for: Option<String>,
    /// Others who are the speaker's own in it, as units: "my sister", "we have two cats".
    pub(super) possessed: Vec<String>,
    /// Why it supports nothing.
    pub(super) fault: Option<Unsupported>,
    /// It was taken back: by the clauses from this one on, if something else was put in its place.
    pub(super) taken_back: Option<usize>,
    /// Which line it is of.
    pub(super) line: usize,
    /// Which sentence of it.
    pub(super) sentence: usize,
    /// It says that something is called off.
    pub(super) calls_off: bool,
    /// It makes an exception: "unless the radio is on".
    pub(super) excepts: bool,
}

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
const DISLIKES: &[&str] = &[
    "hate", "hates", "hated", "dislike", "dislikes", "detest", "detests", "despise", "despises",
    "loathe", "loathes",
];
#[rustfmt::skip]
const JOINTS: &[&str] = &[
    "but", "because", "cos", "cuz", "coz", "while", "whereas", "though", "although", "and", "so", "that", "who", "which", "when", "unless", "before", "after", "than", "plus", "then", "without",
];
const JOINTS_CHINESE: &[&str] = &["但是", "可是", "不过", "而且", "因为", "所以", "然后", "但"];

/// A line's words in small letters and written out.
pub(super) fn written_out(text: &str) -> String {
    let words: Vec<String> = spoken::tokens(text)
        .into_iter()
        .map(|token| token.text)
        .collect();
    format!(" {} ", words.join(" "))
}

/// The units of a text.
pub(super) fn units(tokens: &[Token], text: &str) -> Vec<String> {
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

pub(super) fn unit(word: &str) -> String {
    if DISLIKES.contains(&word) {
        return stem("like");
    }
    stem(verbs::lemma(word))
}

fn is_light(word: &str) -> bool {
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

/// What is known of a line besides its words.
pub(super) struct Around<'a> {
    /// The names of the others in the room.
    pub(super) names: &'a [&'a str],
    /// The line of somebody else right before it.
    pub(super) before: Option<&'a str>,
    /// Whether its person says with their next line that it was a joke, or puts something else in its place.
    pub(super) next: Next,
    /// The last one of the speaker's own who was named before it.
    pub(super) antecedent: Option<String>,
}

/// What a next line says of the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Nothing,
    Joke,
    Correction,
}

/// What a line says of the one before it.
pub(super) fn next(line: &str) -> Next {
    let lower = line.to_lowercase();
    let first: String = lower
        .split_inclusive(['.', '!', '。', '！', '\n'])
        .take(2)
        .collect();
    let words = written_out(&first);
    let frame = Frame {
        words: &words,
        raw: &first,
    };
    if frames::is_a_retraction(&frame) && words.split_whitespace().count() <= 14 {
        return Next::Joke;
    }
    // A correction stands at the head of its line.
    let head: Vec<&str> = words.split_whitespace().take(6).collect();
    let head = format!(" {} ", head.join(" "));
    let raw: String = first.chars().take(12).collect();
    match frames::takes_back(&Frame {
        words: &head,
        raw: &raw,
    }) {
        true => Next::Correction,
        false => Next::Nothing,
    }
}

/// The clauses of the line that has this number.
pub(super) fn clauses(text: &str, line: usize, around: &Around) -> Vec<Clause> {
    let own = without_quotations(text);
    let lower = own.to_lowercase().replace('’', "'");
    let whole = written_out(&own);
    let is_sneer = frames::is_a_sneer(&Frame {
        words: &whole,
        raw: &lower,
    });
    let is_play = around.before.is_some_and(|before| {
        let raw = before.to_lowercase();
        frames::is_play(&Frame {
            words: &written_out(before),
            raw: &raw,
        })
    });
    let mut clauses: Vec<Clause> = vec![];
    let mut antecedent = around.antecedent.clone();
    let sentences = sentences(&own);
    for (number, sentence) in sentences.iter().enumerate() {
        let from = clauses.len();
        let mut about = About::Speaker;
        let mut before = String::new();
        let parts = parts(sentence);
        let asking = asking(sentence, &parts);
        for (part, asks) in parts.iter().zip(asking) {
            let mut clause = clause(part, &about, &mut antecedent, around.names);
            let (raw, words) = (part.to_lowercase(), written_out(part));
            let here = Frame {
                words: &words,
                raw: &raw,
            };
            let (lead, lead_raw) = (written_out(&before), before.to_lowercase());
            let lead = Frame {
                words: &lead,
                raw: &lead_raw,
            };
            clause.fault = match () {
                () if asks => Some(Unsupported::Supposed),
                () if is_sneer => Some(Unsupported::Unmeant),
                () if is_play => Some(Unsupported::Fiction),
                () => frames::fault(&here, &lead),
            };
            (clause.line, clause.sentence) = (line, number);
            clause.calls_off = frames::calls_off(&here);
            about = clause.about.clone();
            // What takes back takes back all that the line said before it.
            let at = clauses.len();
            let is_sorry = words == " sorry " && parts.last() != Some(part);
            if frames::is_a_retraction(&here) {
                unmeant(&mut clauses);
                clause.fault = Some(Unsupported::Unmeant);
            } else if frames::takes_back(&here) || is_sorry {
                take_back(&mut clauses, at);
            }
            before.push_str(part);
            before.push(' ');
            clauses.push(clause);
        }
        // Some of what takes back is longer than a part.
        let (raw, words) = (sentence.to_lowercase(), written_out(sentence));
        let frame = Frame {
            words: &words,
            raw: &raw,
        };
        let here = &clauses[from..];
        if frames::is_a_retraction(&frame)
            && here
                .iter()
                .all(|clause| clause.fault != Some(Unsupported::Unmeant))
        {
            unmeant(&mut clauses);
        } else if frames::takes_back(&frame)
            && here.iter().all(|clause| clause.taken_back.is_none())
        {
            take_back(&mut clauses[..from], from);
        }
    }
    match around.next {
        Next::Nothing => {}
        Next::Joke | Next::Correction => {
            let all = clauses.len();
            take_back(&mut clauses, all);
        }
    }
    clauses
}

fn unmeant(clauses: &mut [Clause]) {
    for clause in clauses {
        clause.fault = clause.fault.or(Some(Unsupported::Unmeant));
    }
}

/// These were taken back by what begins at this place.
fn take_back(clauses: &mut [Clause], from: usize) {
    for clause in clauses
        .iter_mut()
        .filter(|clause| clause.taken_back.is_none())
    {
        clause.taken_back = Some(from);
    }
}

/// Which parts of a sentence ask: all of it, or where it began with a statement of its person's only the end.
fn asking(sentence: &str, parts: &[String]) -> Vec<bool> {
    let asks = |text: &str| {
        let (raw, words) = (text.to_lowercase(), written_out(text));
        frames::is_question(&Frame {
            words: &words,
            raw: &raw,
        })
    };
    let marked = sentence.trim_end().ends_with(['?', '？']);
    let states = |part: &str| {
        let words = written_out(part);
        [" i ", " my ", " we ", " our "]
            .iter()
            .any(|begin| words.starts_with(begin))
            || part.trim_start().starts_with('我')
    };
    let is_stated = parts.len() > 1
        && parts
            .first()
            .is_some_and(|first| states(first) && !asks(first));
    match (asks(sentence), is_stated) {
        (true, true) => (1..=parts.len())
            .map(|at| marked && at == parts.len() || asks(&parts[at - 1]))
            .collect(),
        (true, false) if marked || !sentence.chars().any(is_ideograph) => vec![true; parts.len()],
        // Chinese strings sentences together with commas.
        _ => parts
            .iter()
            .map(|part| part.chars().any(is_ideograph) && asks(part))
            .collect(),
    }
}

/// The clauses of a claim.
pub(super) fn claimed(text: &str, around: &Around) -> Vec<Clause> {
    let mut antecedent = None;
    let mut about = About::Speaker;
    let mut clauses = vec![];
    let mut before = String::new();
    for part in sentences(text).iter().flat_map(|sentence| parts(sentence)) {
        let mut clause = clause(&part, &about, &mut antecedent, around.names);
        let (raw, words) = (part.to_lowercase(), written_out(&part));
        let (lead, lead_raw) = (written_out(&before), before.to_lowercase());
        clause.calls_off = frames::calls_off(&Frame {
            words: &words,
            raw: &raw,
        });
        clause.fault = frames::fault(
            &Frame {
                words: &words,
                raw: &raw,
            },
            &Frame {
                words: &lead,
                raw: &lead_raw,
            },
        );
        about = clause.about.clone();
        before.push_str(&part);
        before.push(' ');
        clauses.push(clause);
    }
    clauses
}

/// The sentences of a text. A stop inside a number or a name ends none.
pub(super) fn sentences(text: &str) -> Vec<String> {
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
fn parts(sentence: &str) -> Vec<String> {
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
            let begins_anew = ["i", "i'm", "im", "i've", "ive"].contains(&lower.as_str())
                && part
                    .split_whitespace()
                    .any(|earlier| FIRST.contains(&earlier.to_lowercase().as_str()));
            // "What I played before" has no second part.
            let joins = JOINTS.contains(&lower.as_str()) && at + 1 < words.len();
            if (begins_anew || joins) && !part.trim().is_empty() {
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

fn clause(part: &str, carried: &About, antecedent: &mut Option<String>, names: &[&str]) -> Clause {
    let tokens = spoken::tokens(part);
    let found = about(&tokens, part, names);
    let pronoun = tokens.iter().any(|token| {
        matches!(
            token.text.as_str(),
            "it" | "him" | "her" | "them" | "he" | "she" | "they"
        )
    });
    let has_subject = matches!(
        &found,
        Some(About::Other(_) | About::Pronoun(_) | About::Thing(_))
    );
    let is_verb = |token: &Token| match has_subject {
        true => verbs::is_verb(&token.text) && !is_other(&token.text),
        false => verbs::is_plainly_a_verb(&token.text),
    };
    let signs = part.chars().filter(|c| is_ideograph(*c)).count();
    let has_verb = tokens.iter().any(is_verb) || signs > 6;
    let says_i = tokens
        .iter()
        .any(|token| FIRST.contains(&token.text.as_str()))
        || part.contains('我');
    let is_fragment = !has_verb && !says_i;
    let stands_for = antecedent.clone().filter(|_| {
        tokens.iter().any(|token| {
            matches!(
                token.text.as_str(),
                "he" | "she"
                    | "they"
                    | "him"
                    | "her"
                    | "his"
                    | "their"
                    | "them"
                    | "it"
                    | "its"
                    | "mine"
            )
        }) || part.contains(['它', '他', '她'])
    });
    let about = match found {
        Some(About::Pronoun(_)) => About::Pronoun(antecedent.clone()),
        Some(about) => about,
        None => carried.clone(),
    };
    let possessed = possessed(&tokens, part, &about, is_fragment);
    if let About::Other(other) = &about {
        *antecedent = Some(other.clone());
    } else if let Some(own) = possessed.last() {
        *antecedent = Some(own.clone());
    }
    Clause {
        units: units(&tokens, part),
        negative: is_negative(&tokens, part),
        time: time(&tokens, part),
        is_change: verbs::is_change(&tokens)
            || [
                "买", "搬", "换", "养了", "领养", "开始", "加入", "学会", "考上", "结婚", "毕业",
                "收养", "报名", "报了", "当上", "生了", "辞",
            ]
            .iter()
            .any(|word| part.contains(word)),
        is_fragment,
        points_back: pronoun || part.contains(['它', '他', '她']),
        about,
        stands_for,
        possessed,
        fault: None,
        taken_back: None,
        line: 0,
        sentence: 0,
        calls_off: false,
        excepts: tokens
            .iter()
            .any(|token| matches!(token.text.as_str(), "unless" | "except" | "until"))
            || part.contains("除非")
            || part.contains("除了"),
    }
}

fn is_negative(tokens: &[Token], part: &str) -> bool {
    let at = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let denies = |(place, token): (usize, &Token)| match token.text.as_str() {
        "not" => !matches!(at(place + 1), "only" | "just"),
        "no" => !matches!(
            at(place + 1),
            "way" | "idea" | "wonder" | "problem" | "worries" | "matter" | "doubt"
        ),
        "nah" | "nope" if place == 0 && tokens.len() > 2 => false,
        "never" | "without" | "nobody" | "none" | "neither" | "nor" | "nothing" | "hardly"
        | "nope" | "nah" | "nahh" => true,
        _ => false,
    };
    let dislikes = tokens
        .iter()
        .any(|token| DISLIKES.contains(&token.text.as_str()));
    (tokens.iter().enumerate().any(denies) != dislikes) != chinese::denies(part)
}

pub(super) fn time(tokens: &[Token], part: &str) -> Time {
    let has = |all: &[&str]| all.iter().any(|word| part.contains(word));
    if !part.chars().any(is_ideograph) {
        return verbs::time(tokens);
    }
    if has(&[
        "本来想",
        "本来要",
        "本来打算",
        "原本打算",
        "原来打算",
        "原本想",
        "本来准备",
        "原计划",
    ]) {
        return Time::OldPlan;
    }
    if has(&[
        "以前",
        "曾经",
        "过去",
        "小时候",
        "从前",
        "当年",
        "之前是",
        "之前在",
        "那会儿",
        "那时候",
        "年轻时",
        "年轻的时候",
        "年轻那会",
        "那会",
        "上学时",
        "上学那",
        "读书时",
        "大学时",
        "当兵时",
        "刚毕业时",
        "那几年",
        "那阵子",
        "原来是",
        "原来在",
        "前任",
        "不再",
        "后来不",
    ]) {
        return Time::Over;
    }
    if has(&[
        "打算",
        "计划",
        "准备",
        "想要",
        "将要",
        "要去",
        "明天",
        "明年",
        "下周",
        "下个月",
        "后天",
        "以后要",
        "希望",
        "马上要",
        "想去",
        "想学",
        "想买",
        "想养",
        "想换",
        "想当",
        "想搬",
        "会去",
    ]) {
        return Time::Plan;
    }
    match is_gone_through(part) {
        true => Time::Past,
        false => Time::Open,
    }
}

/// "去过", "待过四年": it was once.
fn is_gone_through(part: &str) -> bool {
    let mut plain = part.to_owned();
    for word in [
        "不过",
        "通过",
        "经过",
        "路过",
        "过年",
        "过节",
        "过生日",
        "过来",
        "过去",
        "难过",
        "过敏",
        "超过",
        "过分",
        "过得",
        "过瘾",
        "过期",
        "过日子",
        "好过",
        "过冬",
        "过程",
        "过夜",
        "错过",
        "过道",
        "过山车",
        "过几",
        "过两",
    ] {
        plain = plain.replace(word, "");
    }
    plain.contains('过') && !plain.starts_with('过')
}

/// Whom a clause names first; `None` if nobody.
fn about(tokens: &[Token], part: &str, names: &[&str]) -> Option<About> {
    let chinese = in_chinese(part, names);
    for (at, token) in tokens.iter().enumerate() {
        let text = token.text.as_str();
        if FIRST.contains(&text) {
            return Some(About::Speaker);
        }
        match text {
            "he" | "she" | "they" => return Some(About::Pronoun(None)),
            "you" | "everyone" | "everybody" | "people" | "someone" | "somebody" | "nobody" => {
                return Some(About::Nobody);
            }
            "mine" => return Some(About::Pronoun(None)),
            _ if is_object(&tokens[..at]) && (matches!(text, "my" | "our") || is_other(text)) => {
                return Some(About::Speaker);
            }
            "my" | "our" | "me" if at + 1 < tokens.len() && (text != "me" || at == 0) => {
                return Some(owned(&tokens[at + 1..]));
            }
            "the" | "a" | "an" | "this" | "that" | "his" | "her" | "their" if at == 0 => {
                let rest = &tokens[1..];
                if rest
                    .iter()
                    .any(|token| FIRST.contains(&token.text.as_str()))
                {
                    continue;
                }
                return Some(owned(rest));
            }
            _ => {}
        }
        if is_other(text) {
            return Some(About::Other(unit(text)));
        }
        if is_name(text, names) && token.capital {
            return Some(About::Other(unit(text)));
        }
    }
    chinese.or_else(|| begins_with_a_name(part).then(|| About::Other(unit(&tokens[0].text))))
}

/// Whether what follows these words is done something with, by a subject that was left out.
fn is_object(before: &[Token]) -> bool {
    let prepositions = [
        "at", "with", "for", "to", "of", "by", "from", "in", "on", "near", "feeding",
    ];
    before.iter().any(|token| {
        let text = token.text.as_str();
        prepositions.contains(&text)
            || verbs::is_plainly_a_verb(text) && !matches!(text, "is" | "are" | "was")
            || text.len() > 5 && text.ends_with("ing")
    })
}

/// Whom or what a noun phrase names: somebody of one's own, or a thing.
fn owned(tokens: &[Token]) -> About {
    let mut phrase: Vec<&Token> = vec![];
    for (at, token) in tokens.iter().enumerate().take(5) {
        if at > 0 && verbs::is_verb(&token.text) {
            break;
        }
        phrase.push(token);
        if is_other(&token.text) {
            return About::Other(unit(&token.text));
        }
        if token.owner {
            break;
        }
    }
    let units: Vec<String> = phrase.iter().map(|token| unit(&token.text)).collect();
    match phrase.last() {
        // "my dentist's dog", but "the job's fine".
        Some(last)
            if last.owner
                && tokens.len() > phrase.len() + 1
                && !is_light(&tokens[phrase.len()].text) =>
        {
            About::Thing(units)
        }
        _ => About::Thing(units),
    }
}

fn in_chinese(part: &str, names: &[&str]) -> Option<About> {
    // "It is my sister who opened it."
    let done_by = part.find("是我").map(|at| &part[at + "是我".len()..]);
    if let Some(other) = done_by
        .and_then(other_at_the_head)
        .filter(|_| part.contains('的'))
    {
        return Some(other);
    }
    let is_object = |before: &str| OBJECTS_CHINESE.iter().any(|word| before.contains(word));
    for (at, c) in part.char_indices() {
        let (before, rest) = (&part[..at], &part[at..]);
        if matches!(c, '我' | '咱' | '俺') {
            let of = rest[c.len_utf8()..].trim_start_matches(['们', '的', '家', '俩']);
            let other = other_at_the_head(of).filter(|_| !is_object(before));
            return Some(other.unwrap_or(About::Speaker));
        }
        let named = names.iter().filter(|name| name.chars().any(is_ideograph));
        if let Some(other) = OTHERS_CHINESE
            .iter()
            .chain(named)
            .find(|other| rest.starts_with(**other))
        {
            return Some(match is_object(before) {
                true => About::Speaker,
                false => About::Other(chinese::signs(other).concat()),
            });
        }
        if ["你", "您", "大家", "有人", "别人", "人家"]
            .iter()
            .any(|you| rest.starts_with(you))
        {
            return Some(About::Nobody);
        }
        if matches!(c, '他' | '她' | '它') {
            return Some(About::Pronoun(None));
        }
    }
    None
}

/// What stands before those with whom, for whom or to whom somebody does something.
const OBJECTS_CHINESE: &[&str] = &[
    "把", "跟", "和", "给", "陪", "带", "帮", "去", "在", "回", "看", "用", "从", "向", "替", "养",
    "有", "见", "买", "喂", "接", "送", "捡",
];

/// Somebody of one's own whom a text begins with.
fn other_at_the_head(text: &str) -> Option<About> {
    let begins = |text: &str| {
        OTHERS_CHINESE
            .iter()
            .find(|other| text.starts_with(**other))
    };
    let smaller = [
        "小", "大", "二", "老", "那只", "那个", "表", "堂", "亲", "前",
    ];
    let bare = smaller.iter().find_map(|begin| text.strip_prefix(begin));
    let other = begins(text).or_else(|| bare.and_then(begins))?;
    Some(About::Other(chinese::signs(other).concat()))
}

pub(super) fn is_other(word: &str) -> bool {
    OTHERS.contains(&word)
        || OTHERS.contains(&word.strip_suffix('s').unwrap_or(word))
        || matches!(
            word,
            "nan"
                | "nana"
                | "granny"
                | "gran"
                | "grandma"
                | "grandpa"
                | "nonna"
                | "abuela"
                | "hubby"
                | "wifey"
                | "landlord"
                | "landlady"
                | "twin"
                | "twins"
                | "niece"
                | "nieces"
                | "nephews"
                | "aunts"
                | "uncles"
                | "cousins"
                | "daughters"
                | "sons"
                | "neighbors"
                | "in-laws"
                | "stepdad"
                | "stepmom"
                | "godson"
                | "goddaughter"
                | "grandson"
                | "granddaughter"
                | "puppies"
                | "kittens"
                | "kitty"
                | "pup"
                | "canary"
                | "turtle"
                | "tortoise"
                | "goldfish"
                | "hen"
                | "hens"
                | "chicken"
                | "chickens"
                | "pony"
                | "goat"
                | "goats"
                | "budgie"
                | "guinea"
                | "mate"
                | "mates"
                | "crush"
                | "tutor"
                | "coach"
                | "dentist"
                | "doctor"
                | "therapist"
                | "barber"
                | "boyfriend's"
        )
}

fn is_name(word: &str, names: &[&str]) -> bool {
    let parts = names.iter().flat_map(|name| name.split_whitespace());
    parts
        .map(str::to_lowercase)
        .any(|part| part == word && part.chars().count() > 1)
}

/// Others who are the speaker's own: after "my", or had by them, or named in answer.
fn possessed(tokens: &[Token], part: &str, about: &About, is_fragment: bool) -> Vec<String> {
    let mut own = vec![];
    let has = tokens.iter().any(|token| {
        matches!(
            token.text.as_str(),
            "have" | "got" | "had" | "adopted" | "bought" | "keep" | "own" | "raise" | "get"
        )
    });
    for (at, token) in tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| is_other(&token.text))
    {
        let ahead = &tokens[at.saturating_sub(3)..at];
        let is_of_another = ahead.last().is_some_and(|last| last.owner);
        let mine = ahead
            .iter()
            .any(|token| matches!(token.text.as_str(), "my" | "our" | "me"));
        let had = has && *about == About::Speaker || is_fragment || at == 0;
        if !is_of_another && (mine || had) {
            own.push(unit(&token.text));
        }
    }
    for other in OTHERS_CHINESE.iter().filter(|other| part.contains(**other)) {
        let at = part.find(*other).unwrap_or_default();
        let ahead: String = part[..at].chars().rev().take(6).collect();
        if ahead.is_empty()
            || ahead.contains(['我', '咱', '养', '有', '领', '买', '只', '条', '个'])
            || is_fragment
        {
            own.push(chinese::signs(other).concat());
        }
    }
    own
}

/// Others whom a text in Chinese names, as units.
pub(super) fn others_in_chinese(text: &str) -> impl Iterator<Item = String> {
    OTHERS_CHINESE
        .iter()
        .filter(|other| text.contains(**other))
        .map(|other| chinese::signs(other).concat())
}

/// The units of a clause, to be looked up.
pub(super) fn set<'a>(clauses: impl IntoIterator<Item = &'a Clause>) -> HashSet<&'a str> {
    clauses
        .into_iter()
        .flat_map(|clause| clause.units.iter().map(String::as_str))
        .collect()
}
