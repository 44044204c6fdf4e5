//! A mark: what is put behind a name that two people could have. It is made of the account, so that it is theirs for good.

use std::collections::{BTreeSet, HashMap, HashSet};

use store::id::UserId;

use super::are_alike;

/// Stands between a name and its mark. Discord's own tags looked so, and [`super::shown()`] leaves it in no name.
pub(super) const SIGN: char = '#';
/// Letters of a mark; more where two of one name would have the same.
pub(super) const MARK: usize = 2;

/// A name with a mark.
pub(super) fn marked(shown: &str, mark: &str) -> String {
    format!("{shown}{SIGN}{mark}")
}

/// Whether what somebody is called has a mark: then the prompt has to say what the marks are.
pub fn has_mark(label: &str) -> bool {
    label.contains(SIGN)
}

/// The mark of somebody who is met alone.
pub(super) fn short(user: UserId) -> String {
    letters(user)[..MARK].to_owned()
}

/// Marks for accounts of one name. The older account keeps the shorter mark.
pub(super) fn told_apart(users: impl IntoIterator<Item = UserId>) -> HashMap<UserId, String> {
    let users: BTreeSet<UserId> = users.into_iter().collect();
    let mut taken = HashSet::new();
    let own = |user| {
        let letters = letters(user);
        let free =
            (MARK..=letters.len()).find(|length| taken.insert(letters[..*length].to_owned()));
        let length = free.unwrap_or(letters.len());
        (user, letters[..length].to_owned())
    };
    users.into_iter().map(own).collect()
}

/// Whether a name that a model wrote, with its mark or without, can mean the one who is called so.
pub(crate) fn means(written: &str, user: UserId, shown: &str) -> bool {
    let (name, mark) = match written.trim().rsplit_once(SIGN) {
        Some((name, mark)) => (name, mark.trim().to_lowercase()),
        None => (written.trim(), String::new()),
    };
    are_alike(name, shown) && letters(user).starts_with(&mark)
}

/// Whether a text that a model wrote names the one who is called so by their mark.
pub(crate) fn is_marked_in(text: &str, user: UserId, shown: &str) -> bool {
    let named = format!("{shown}{SIGN}");
    text.match_indices(&named)
        .any(|(at, _)| length_in(&text[at + named.len()..], user) >= MARK)
}

/// How many letters at a text's beginning are of this person's mark.
pub(super) fn length_in(text: &str, user: UserId) -> usize {
    let letters = letters(user);
    let same = text
        .chars()
        .zip(letters.chars())
        .take_while(|(a, b)| a.eq_ignore_ascii_case(b));
    same.count()
}

/// Sixteen letters that are always the same for an account and tell nothing of its number.
fn letters(user: UserId) -> String {
    // SplitMix64, so that neighbouring numbers have unlike marks; a library's hash may change with its version.
    let mut x = user.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    format!("{:016x}", x ^ (x >> 31))
}
