//! The people and animals whom a person tells of as their own.

use super::super::super::own::{OTHERS, OTHERS_CHINESE};
use super::super::chinese;
use super::super::spoken::Token;
use super::About;
use super::units::unit;

/// Where things are that are not one's own.
#[rustfmt::skip]
const ELSEWHERE_CHINESE: &[&str] = &[
    "食堂", "公司", "学校", "单位", "店里", "隔壁", "楼下", "楼上", "对门", "邻居家", "医院", "酒店", "宾馆", "别人", "人家", "宿舍楼", "车站", "公园",
];

pub(in super::super) fn is_other(word: &str) -> bool {
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
                | "missus"
                | "auntie"
                | "nanny"
                | "grandad"
                | "granddad"
                | "mam"
                | "bro"
                | "teammate"
                | "classmate"
                | "supervisor"
                | "lodger"
                | "stepson"
        )
}

/// Others who are the speaker's own: after "my", or had by them, or named in answer.
pub(super) fn possessed(
    tokens: &[Token],
    part: &str,
    about: &About,
    is_fragment: bool,
) -> Vec<String> {
    let mut own = vec![];
    let has = tokens.iter().any(|token| {
        matches!(
            token.text.as_str(),
            "have"
                | "got"
                | "had"
                | "adopted"
                | "bought"
                | "keep"
                | "own"
                | "raise"
                | "get"
                | "there"
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
pub(in super::super) fn others_in_chinese(text: &str) -> impl Iterator<Item = String> {
    OTHERS_CHINESE
        .iter()
        .filter(|other| text.contains(**other))
        .map(|other| chinese::signs(other).concat())
}

/// What follows a possessor: "a neighbour's old tortoise", 食堂的微波炉.
pub(super) fn of_another(tokens: &[Token], part: &str) -> Vec<String> {
    let owners = tokens.iter().enumerate().filter(|(_, token)| token.owner);
    let owned = owners
        .flat_map(|(at, _)| tokens[at + 1..].iter().take(2))
        .map(|token| unit(&token.text));
    let is_mine = part.contains("是我的") || part.contains("是咱的");
    let owners = OTHERS_CHINESE.iter().chain(ELSEWHERE_CHINESE);
    let owned_in_chinese = owners.filter(|_| !is_mine).filter_map(|owner| {
        let (ahead, behind) = part.split_once(&format!("{owner}的"))?;
        // 我妹妹的 and 我家楼上的 are said of one's own.
        let is_of_ones_own = ahead.contains(['我', '咱', '俺', '家']);
        let thing = behind.trim_start_matches(['那', '这']);
        let thing = thing
            .strip_prefix(chinese::is_measure)
            .filter(|_| thing != behind)
            .unwrap_or(thing);
        (!is_of_ones_own).then(|| chinese::signs(thing).into_iter().take(2))
    });
    owned.chain(owned_in_chinese.flatten()).collect()
}

/// What says that one has something.
#[rustfmt::skip]
const HAVING: &[&str] = &[
    "have", "has", "had", "got", "own", "owns", "keep", "keeps", "kept", "buy", "bought", "get", "getting", "adopted", "inherited", "raise", "grow", "mine", "ours", "won", "collect",
];
const HAVING_CHINESE: &[&str] = &[
    "有",
    "养",
    "我家",
    "我的",
    "我那",
    "我们家",
    "买",
    "捡",
    "领",
    "收",
    "攒",
    "种",
    "家里",
    "屋头",
    "院",
    "俺家",
    "咱家",
    "抱",
    "生了",
];
/// What one does with things that are not one's own.
#[rustfmt::skip]
const LENT: &[&str] = &["minding", "borrowed", "borrowing", "babysitting", "sitting", "after", "lent", "want", "saw", "seen", "envy", "admire", "met", "petted"];
const LENT_CHINESE: &[&str] = &["帮", "替", "借", "看见", "遇到", "羡慕", "代"];

/// Whether a clause says that its person has something, or says nothing against it.
pub(super) fn has(tokens: &[Token], part: &str) -> bool {
    let any = |all: &[&str]| {
        tokens
            .iter()
            .any(|token| all.contains(&token.text.as_str()))
    };
    let any_chinese = |all: &[&str]| all.iter().any(|word| part.contains(word));
    let is_lent = any(LENT) || tokens.iter().any(|token| token.text.ends_with("sitting"));
    !is_lent && !any_chinese(LENT_CHINESE) || any(HAVING) || any_chinese(HAVING_CHINESE)
}
