//! Names that no person has alone: the persona's, the bot's, and the words by which chat formats call who speaks.

use std::collections::HashSet;

use super::shown::{looks, shown};

/// Words that stand for somebody in chat formats and servers: whoever is named so is marked.
#[rustfmt::skip]
const ROLES: &[&str] = &[
    "user", "assistant", "system", "developer", "tool", "function", "human", "ai", "bot", "model", "familiar", "character", "persona", "narrator",
    "member", "admin", "administrator", "moderator", "mod", "owner", "operator", "everyone", "here", "you", "me",
    "用户", "助手", "系统", "管理员", "版主", "群主", "主人", "机器人", "角色", "旁白", "所有人", "大家", "我", "你",
];

/// The looks of the house's names: each as a whole, and its first word, by which it may be called.
pub(super) fn of_the_house<'a>(names: impl IntoIterator<Item = &'a str>) -> HashSet<String> {
    let names: Vec<String> = names.into_iter().map(shown).collect();
    let firsts = names.iter().filter_map(|name| name.split(' ').next());
    let all = names.iter().map(String::as_str).chain(firsts);
    all.map(looks).collect()
}

/// Whether a name has such a word in it.
pub(super) fn holds_a_role(shown: &str) -> bool {
    let roles: HashSet<String> = ROLES.iter().map(|role| looks(role)).collect();
    roles.contains(&looks(shown)) || shown.split(' ').any(|word| roles.contains(&looks(word)))
}
