//! Whom or what a clause is about.

use super::super::super::own::{FIRST, OTHERS_CHINESE, begins_with_a_name};
use super::super::spoken::Token;
use super::super::{chinese, is_ideograph, verbs};
use super::About;
use super::kin::is_other;
use super::units::{is_light, unit};

/// Whom a clause names first; `None` if nobody.
pub(super) fn about(tokens: &[Token], part: &str, names: &[&str]) -> Option<About> {
    let chinese = in_chinese(part, names);
    if let [there, be, rest @ ..] = tokens
        && there.text == "there"
        && matches!(be.text.as_str(), "is" | "are" | "was" | "were")
        && is_a_stranger(rest)
    {
        return Some(About::Stranger);
    }
    if is_at_ones_own(tokens) {
        return Some(About::Speaker);
    }
    for (at, token) in tokens.iter().enumerate() {
        let text = token.text.as_str();
        if FIRST.contains(&text) {
            return Some(About::Speaker);
        }
        match text {
            "he" | "she" | "they" => return Some(About::Pronoun(None)),
            "you" | "whoever" | "everyone" | "everybody" | "people" | "someone" | "somebody"
            | "nobody" => {
                return Some(About::Nobody);
            }
            // "It has been waving at me"; "it is my sister who" names her.
            "it" if at == 0 && !is_pointing(&tokens[1..]) => return Some(About::Thing(vec![])),
            "his" | "her" | "their" if at == 0 && is_named(&tokens[1..]) => {
                return Some(About::Pronoun(None));
            }
            "mine" => return Some(About::Pronoun(None)),
            _ if is_object(&tokens[..at]) && (matches!(text, "my" | "our") || is_other(text)) => {
                return Some(About::Speaker);
            }
            "my" | "our" | "me" if at + 1 < tokens.len() && (text != "me" || at == 0) => {
                return Some(owned(&tokens[at + 1..]));
            }
            "next" | "upstairs" | "downstairs" if at == 0 && is_next_door(tokens) => {
                return Some(About::Stranger);
            }
            "the" | "a" | "an" | "this" | "that" | "some" | "another" | "his" | "her" | "their"
                if at == 0 =>
            {
                let rest = &tokens[1..];
                if is_a_stranger(rest) {
                    return Some(About::Stranger);
                }
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

/// Those whom one does not know as one's own.
#[rustfmt::skip]
const STRANGERS: &[&str] = &[
    "lad", "lads", "guy", "guys", "man", "woman", "men", "women", "lady", "gentleman", "girl", "boy", "bloke", "chap", "fella", "couple", "person", "people", "stranger", "customer", "client", "patient", "student", "pupil", "passenger", "tourist", "driver", "postman",
    "waiter", "waitress", "plumber", "vicar", "nurse", "receptionist", "tenant", "lodger", "kid", "kids", "family", "neighbour", "neighbor", "neighbours", "neighbors", "friend", "colleague", "coworker", "folk", "folks", "barista",
];
const STRANGERS_CHINESE: &[&str] = &[
    "先生", "女士", "男生", "女生", "小伙", "姑娘", "大爷", "大妈", "大叔", "大姐", "大哥", "大婶",
    "阿婆", "阿公", "阿伯", "老头", "老太", "住户", "家伙", "哥们", "司机", "客人", "顾客", "保安",
    "医生", "护士", "学生", "同学", "夫妻", "小孩", "租客", "人", "老", "小",
];
/// Where they are met.
const NEARBY_CHINESE: &[&str] = &[
    "隔壁", "楼上", "楼下", "对门", "对面", "邻桌", "前排", "后排", "斜对",
];

/// "The lad I share a desk with", "the couple downstairs".
fn is_a_stranger(noun: &[Token]) -> bool {
    noun.iter()
        .take(3)
        .take_while(|token| !verbs::is_plainly_a_verb(&token.text))
        .any(|token| STRANGERS.contains(&token.text.as_str()) && !token.owner)
}

/// "His name is Biscuit".
fn is_named(tokens: &[Token]) -> bool {
    tokens.first().is_some_and(|noun| noun.text == "name")
}

/// What follows an "it" that only points at what is named behind it.
fn is_pointing(tokens: &[Token]) -> bool {
    tokens
        .first()
        .is_some_and(|verb| matches!(verb.text.as_str(), "is" | "was"))
}

/// "There is a tortoise under my desk": who has it says it so.
fn is_at_ones_own(tokens: &[Token]) -> bool {
    let is = |at: usize, all: &[&str]| {
        tokens
            .get(at)
            .is_some_and(|token| all.contains(&token.text.as_str()))
    };
    is(0, &["there"])
        && is(1, &["is", "are"])
        && (2..tokens.len()).any(|at| {
            is(at, &["in", "on", "under", "with"]) && is(at + 1, &["my", "our", "me", "us"])
        })
}

fn is_next_door(tokens: &[Token]) -> bool {
    tokens.first().is_some_and(|first| first.text != "next")
        || tokens.get(1).is_some_and(|second| second.text == "door")
}

/// "隔壁老陈", "坐我前面那个男生", and not "我家楼下的面馆".
fn begins_with_a_stranger(part: &str) -> bool {
    let part = part.trim_start();
    let names_one = |rest: &str| {
        let near: String = rest.chars().take(6).collect();
        STRANGERS_CHINESE
            .iter()
            .any(|stranger| near.contains(stranger))
    };
    let is_near = NEARBY_CHINESE
        .iter()
        .filter_map(|near| part.strip_prefix(near))
        .any(|rest| !part.contains('我') || names_one(rest));
    let is_that_one = ["那个", "那位", "那哥们", "有个", "有位"]
        .iter()
        .any(|that| {
            part.split_once(that).is_some_and(|(before, rest)| {
                let is_object = OBJECTS_CHINESE.iter().any(|word| before.contains(word));
                let noun: String = rest.chars().take(4).collect();
                let is_one = STRANGERS_CHINESE
                    .iter()
                    .any(|stranger| noun.contains(stranger));
                !is_object && is_one && rest.chars().count() > 4
            })
        });
    is_near || is_that_one
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
    if begins_with_a_stranger(part) {
        return Some(About::Stranger);
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
        if matches!(c, '他' | '她' | '它') && !before.ends_with(['吉', '其']) {
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

/// Others than kin and friends with whom one has to do.
#[rustfmt::skip]
const MORE_OTHERS_CHINESE: &[&str] = &["班长", "组长", "队长", "店长", "课代表", "领导", "上司", "经理", "教练", "主任", "校长", "老大", "队友", "舍友", "嫂", "姐夫", "妹夫", "女婿", "儿媳", "孙子", "孙女", "婶", "伯", "徒弟", "学生", "甲方", "客户", "搭档", "战友"];

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
    let other = begins(text).or_else(|| bare.and_then(begins));
    let more = || {
        MORE_OTHERS_CHINESE
            .iter()
            .find(|other| text.starts_with(**other))
    };
    let other = other.or_else(more)?;
    Some(About::Other(chinese::signs(other).concat()))
}

fn is_name(word: &str, names: &[&str]) -> bool {
    let parts = names.iter().flat_map(|name| name.split_whitespace());
    parts
        .map(str::to_lowercase)
        .any(|part| part == word && part.chars().count() > 1)
}
