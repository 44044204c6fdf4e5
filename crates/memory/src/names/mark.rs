//! A mark: what is put behind a name that two people could have. It is made of the account, so that it is theirs for good.

use store::id::UserId;

/// Stands between a name and its mark. Discord's own tags looked so, and [`super::shown()`] leaves it in no name.
pub(super) const SIGN: char = '#';
/// Letters of a mark; more where two of one name would have the same.
pub(super) const MARK: usize = 2;

/// Sixteen letters that are always the same for an account and tell nothing of its number.
pub(super) fn mark(user: UserId) -> String {
    // SplitMix64, so that neighbouring numbers have unlike marks; a library's hash may change with its version.
    let mut x = user.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    format!("{:016x}", x ^ (x >> 31))
}

/// How many letters at a text's beginning are of this person's mark.
pub(super) fn marked(text: &str, user: UserId) -> usize {
    let mark = mark(user);
    let same = text
        .chars()
        .zip(mark.chars())
        .take_while(|(a, b)| a.eq_ignore_ascii_case(b));
    same.count()
}
