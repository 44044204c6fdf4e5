//! Names in a prompt: what each who speaks is called there.
//!
//! A nickname is not an identity. People choose it freely, two may choose the same, and one may choose the persona's, or
//! a word that chat formats keep for the model. So a name is made safe and short before it stands in a prompt
//! ([`shown`]), and whoever could be taken for somebody else gets a mark that is made of their account: `Ada#4f`. The
//! mark is theirs for good, in the prompts of replies and in the question of a consolidation alike. No name can hold a
//! mark's sign, so nobody can take another's mark.

mod shown;

use std::collections::{HashMap, HashSet};

use store::facts::Fact;
use store::id::UserId;
use store::turns::{Author, Turn};

pub use shown::shown;

use shown::looks;

/// Stands between a name and its mark. Discord's own tags looked so, and [`shown`] leaves it in no name.
const SIGN: char = '#';
/// Letters of a mark; more where two of one name would have the same.
const MARK: usize = 2;

/// Words that stand for somebody in chat formats and servers: whoever is named so is marked.
#[rustfmt::skip]
const ROLES: &[&str] = &[
    "user", "assistant", "system", "developer", "tool", "function", "human", "ai", "bot", "model", "familiar", "character", "persona", "narrator",
    "member", "admin", "administrator", "moderator", "mod", "owner", "operator", "everyone", "here", "you", "me",
    "用户", "助手", "系统", "管理员", "版主", "群主", "主人", "机器人", "角色", "旁白", "所有人", "大家", "我", "你",
];

/// What everybody in a place is called in its prompts.
#[derive(Clone, Debug, Default)]
pub struct Names {
    people: HashMap<UserId, Called>,
    /// How the house's own names look.
    house: HashSet<String>,
}

/// What one person is called.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Called {
    /// The name that people see, safe and short.
    shown: String,
    /// The same, with a mark where somebody else could be meant.
    label: String,
}

impl Names {
    /// Names for the people of a place: all who ever spoke there, so that a name does not change with what a message
    /// brings up. Of somebody who comes twice the later name holds. `house` are the names of those who are no
    /// people: the persona and the bot.
    pub fn new<'a>(
        people: impl IntoIterator<Item = (UserId, &'a str)>,
        house: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let latest: HashMap<UserId, &str> = people.into_iter().collect();
        let mut alike: HashMap<String, Vec<(UserId, String)>> = HashMap::new();
        for (user, name) in latest {
            let shown = shown(name);
            alike.entry(looks(&shown)).or_default().push((user, shown));
        }
        let house = of_the_house(house);
        let mut people = HashMap::new();
        for (looks, mut namesakes) in alike {
            // The older account keeps the shorter mark.
            namesakes.sort_unstable_by_key(|(user, _)| *user);
            let is_mistakable = namesakes.len() > 1 || house.contains(&looks);
            let mut taken = HashSet::new();
            for (user, shown) in namesakes {
                let mark = mark(user);
                let lengths = MARK..=mark.len();
                let free = lengths
                    .map(|length| &mark[..length])
                    .find(|mark| taken.insert((*mark).to_owned()));
                let label = match is_mistakable || holds_a_role(&shown) {
                    true => format!("{shown}{SIGN}{}", free.unwrap_or(&mark)),
                    false => shown.clone(),
                };
                people.insert(user, Called { shown, label });
            }
        }
        Self { people, house }
    }

    /// What somebody is called; `seen` is the name that people saw, for who is not known here.
    pub fn of(&self, user: UserId, seen: &str) -> String {
        match self.people.get(&user) {
            Some(called) => called.label.clone(),
            None => shown(seen),
        }
    }

    /// The same without a mark: how people would write it.
    pub fn unmarked(&self, user: UserId, seen: &str) -> String {
        match self.people.get(&user) {
            Some(called) => called.shown.clone(),
            None => shown(seen),
        }
    }

    /// Whether somebody is marked: then the prompt has to say what the marks are.
    pub fn have_marks(&self, users: impl IntoIterator<Item = UserId>) -> bool {
        users
            .into_iter()
            .filter_map(|user| self.people.get(&user))
            .any(|called| called.shown != called.label)
    }

    /// What somebody is called who speaks through a proxy, under a name of that line alone: as people saw it, with a mark where
    /// another could be meant.
    pub fn of_proxied(&self, user: UserId, seen: &str) -> String {
        let shown = shown(seen);
        let looks = looks(&shown);
        let is_anothers = self
            .people
            .iter()
            .any(|(other, called)| *other != user && self::looks(&called.shown) == looks);
        match is_anothers || self.house.contains(&looks) || holds_a_role(&shown) {
            true => format!("{shown}{SIGN}{}", &mark(user)[..MARK]),
            false => shown,
        }
    }

    /// Calls the speaker of a turn as a prompt does.
    pub fn call(&self, turn: &mut Turn) {
        if let Author::Person(user) = turn.author {
            turn.author_name = match turn.proxied {
                true => self.of_proxied(user, &turn.author_name),
                false => self.of(user, &turn.author_name),
            };
        }
    }

    /// Calls the person of a fact as a prompt does.
    pub fn call_in_fact(&self, fact: &mut Fact) {
        let label = self.of(fact.about, &fact.about_name);
        if label == fact.about_name {
            return;
        }
        let names = [fact.about_name.clone(), shown(&fact.about_name)];
        let called = names
            .iter()
            .find_map(|name| instead(&fact.text, name, &label));
        match called {
            Some(called) => fact.text = called,
            // It speaks of "I", say: two of one name must not have it in common.
            None if label.contains(SIGN) => fact.text = format!("{label}: {}", fact.text),
            None => {}
        }
        fact.about_name = label;
    }

    /// Those who may be meant by a name that a model wrote, with its mark or without.
    pub(crate) fn meant(&self, written: &str) -> Vec<UserId> {
        let (name, mark) = match written.trim().rsplit_once(SIGN) {
            Some((name, mark)) => (name, mark.trim().to_lowercase()),
            None => (written.trim(), String::new()),
        };
        let wanted = looks(&shown(name));
        let mut meant: Vec<UserId> = self
            .people
            .iter()
            .filter(|(user, called)| {
                looks(&called.shown) == wanted
                    && (mark.is_empty() || self::mark(**user).starts_with(&mark))
            })
            .map(|(user, _)| *user)
            .collect();
        meant.sort_unstable();
        meant
    }

    /// Whether a text that a model wrote names this person by their mark.
    pub(crate) fn are_marked_in(&self, text: &str, user: UserId) -> bool {
        let Some(called) = self.people.get(&user) else {
            return false;
        };
        let named = format!("{}{SIGN}", called.shown);
        text.match_indices(&named)
            .any(|(at, _)| marked(&text[at + named.len()..], user) >= MARK)
    }

    /// A text that a model wrote, without the marks: nobody writes `Ada#4f` to Ada. Of a mark at its end that may still be
    /// coming nothing is left either.
    pub fn without_marks(&self, text: &str) -> String {
        let mut plain = text.to_owned();
        for called in self.people.values() {
            let named = format!("{}{SIGN}", called.shown);
            let mut from = 0;
            while let Some(at) = plain[from..].find(&named) {
                let sign = from + at + called.shown.len();
                let behind = sign + SIGN.len_utf8();
                // Whose mark it is does not matter: somebody else may have spoken under this name through a proxy.
                let marks = self.people.keys();
                let longest = marks.map(|user| marked(&plain[behind..], *user)).max();
                let end = behind + longest.unwrap_or_default();
                if end - behind >= MARK || end == plain.len() {
                    plain.replace_range(sign..end, "");
                }
                from = sign;
            }
        }
        plain
    }
}

/// How many letters at a text's beginning are of this person's mark.
fn marked(text: &str, user: UserId) -> usize {
    let mark = mark(user);
    let same = text
        .chars()
        .zip(mark.chars())
        .take_while(|(a, b)| a.eq_ignore_ascii_case(b));
    same.count()
}

/// Whether one name can be taken for the other.
pub(crate) fn are_alike(one: &str, other: &str) -> bool {
    looks(&shown(one)) == looks(&shown(other))
}

/// The text with `new` in the place of the first whole `old`; `None` where it does not stand there.
pub(crate) fn instead(text: &str, old: &str, new: &str) -> Option<String> {
    let at = whole(text, old)?;
    Some(format!("{}{new}{}", &text[..at.start], &text[at.end..]))
}

/// Where a name stands in a text in any case, and not as a part of a longer word.
pub(crate) fn whole(text: &str, name: &str) -> Option<std::ops::Range<usize>> {
    if name.is_empty() {
        return None;
    }
    let is_apart = |before: Option<char>, after: Option<char>| {
        let joins = |c: Option<char>, end: Option<char>| {
            // Chinese and Japanese are written without spaces.
            let spaced = |c: char| c.is_alphanumeric() && !crate::consolidation::is_ideograph(c);
            c.is_some_and(spaced) && end.is_some_and(spaced)
        };
        !joins(before, name.chars().next()) && !joins(after, name.chars().last())
    };
    text.char_indices().find_map(|(start, _)| {
        let mut rest = text[start..].chars();
        let mut length = 0;
        for wanted in name.chars() {
            let c = rest.next()?;
            if c != wanted && !c.to_lowercase().eq(wanted.to_lowercase()) {
                return None;
            }
            length += c.len_utf8();
        }
        is_apart(text[..start].chars().last(), rest.next()).then_some(start..start + length)
    })
}

/// A text that begins with a name which looks like this one, beginning with this one: a model may write Latin letters for
/// Cyrillic ones.
pub(crate) fn in_its_letters(text: &str, name: &str) -> String {
    let words = name.split(' ').count();
    let mut ends = text
        .match_indices(' ')
        .map(|(at, _)| at)
        .chain([text.len()]);
    let end = ends.nth(words - 1).unwrap_or(text.len());
    let first = text[..end].trim_end_matches(|c: char| !c.is_alphanumeric());
    let first = first
        .strip_suffix("'s")
        .or(first.strip_suffix("’s"))
        .unwrap_or(first);
    let is_the_same = first.to_lowercase() == name.to_lowercase();
    match !is_the_same && looks(first) == looks(name) {
        true => format!("{name}{}", &text[first.len()..]),
        false => text.to_owned(),
    }
}

/// The looks of the house's names: each as a whole, and its first word, by which it may be called.
fn of_the_house<'a>(names: impl IntoIterator<Item = &'a str>) -> HashSet<String> {
    let names: Vec<String> = names.into_iter().map(shown).collect();
    let firsts = names.iter().filter_map(|name| name.split(' ').next());
    let all = names.iter().map(String::as_str).chain(firsts);
    all.map(looks).collect()
}

fn holds_a_role(shown: &str) -> bool {
    let roles: HashSet<String> = ROLES.iter().map(|role| looks(role)).collect();
    roles.contains(&looks(shown)) || shown.split(' ').any(|word| roles.contains(&looks(word)))
}

/// Sixteen letters that are always the same for an account and tell nothing of its number.
fn mark(user: UserId) -> String {
    // SplitMix64, so that neighbouring numbers have unlike marks; a library's hash may change with its version.
    let mut x = user.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    format!("{:016x}", x ^ (x >> 31))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn names(people: &[(u64, &str)]) -> Names {
        let people = people
            .iter()
            .map(|(user, name)| (UserId::from(*user), *name));
        Names::new(people, ["Orla the Keeper", "Hearth"])
    }

    fn label(names: &Names, user: u64) -> String {
        names.of(user.into(), "?")
    }

    #[test]
    fn a_name_of_ones_own_stays_as_it_is() {
        let names = names(&[
            (1, "Ada"),
            (2, "Bo"),
            (3, "小明"),
            (4, "José O'Neill-Smith"),
        ]);
        let all = [1, 2, 3, 4].map(|user| label(&names, user));
        assert_eq!(all, ["Ada", "Bo", "小明", "José O'Neill-Smith"]);
    }

    #[rstest]
    #[case::the_same("Ada")]
    #[case::case("ADA")]
    #[case::cyrillic("Аdа")]
    #[case::full_width("Ａｄａ")]
    #[case::mathematical("𝓐𝓭𝓪")]
    #[case::invisible("A\u{200b}da")]
    #[case::zalgo("A̷̛d̶̔a̴͝")]
    #[case::dressed("**Ada**")]
    #[case::forged("Ada#4f")]
    #[case::spaced(" A d a ")]
    fn two_of_one_name_are_told_apart_for_good(#[case] twin: &str) {
        const TWO: [u64; 2] = [80_351_110_224_678_912, 80_351_110_224_678_913];
        let one = names(&[(TWO[0], "Ada"), (TWO[1], twin)]);
        let labels = TWO.map(|user| label(&one, user));
        assert_ne!(labels[0], labels[1]);
        for label in &labels {
            let (name, mark) = label.rsplit_once(SIGN).unwrap();
            assert!(!name.is_empty() && mark.len() == 2, "{label}");
        }
        let other = names(&[(TWO[1], twin), (9, "Bo"), (TWO[0], "Ada")]);
        assert_eq!(labels, TWO.map(|user| label(&other, user)));
    }

    #[rstest]
    #[case("Orla")]
    #[case("orla the keeper")]
    #[case("ORLA\u{202e}")]
    #[case("hearth")]
    #[case("System")]
    #[case("аssistant")]
    #[case("Familiar")]
    #[case("Server Admin")]
    #[case("系统")]
    fn whoever_is_named_like_the_house_is_marked(#[case] name: &str) {
        let names = names(&[(1, name)]);
        assert!(label(&names, 1).contains(SIGN), "{}", label(&names, 1));
    }

    #[test]
    fn a_thousand_of_one_name_are_a_thousand() {
        let people: Vec<(u64, &str)> = (1..=1_000).map(|user| (user, "Ada")).collect();
        let names = names(&people);
        let labels: HashSet<String> = (1..=1_000).map(|user| label(&names, user)).collect();
        assert_eq!(labels.len(), 1_000);
    }

    #[test]
    fn whoever_changes_the_name_stays_one_person() {
        let names = names(&[(1, "Ada"), (2, "Bo"), (1, "Countess")]);
        assert_eq!(label(&names, 1), "Countess");
        assert_eq!(names.meant("Ada"), []);
        assert_eq!(names.meant("countess"), [UserId::from(1)]);
    }

    #[test]
    fn a_proxied_line_keeps_its_name_and_leaves_the_accounts_alone() {
        let names = names(&[(1, "Ada"), (2, "Bo")]);
        assert_eq!(names.of_proxied(1.into(), "Mika"), "Mika");
        assert_eq!(label(&names, 1), "Ada");
        for mistakable in ["bo", "Orla", "System"] {
            let called = names.of_proxied(1.into(), mistakable);
            assert!(called.contains(SIGN), "{called}");
        }
        assert_eq!(names.of_proxied(1.into(), "Ada"), "Ada");
    }

    #[test]
    fn a_name_that_a_model_wrote_is_understood_with_its_mark_and_without() {
        let names = names(&[(1, "Ada"), (2, "ada"), (3, "Bo")]);
        for user in [1, 2] {
            assert_eq!(names.meant(&label(&names, user)), [UserId::from(user)]);
        }
        assert_eq!(names.meant("Ada"), [1, 2].map(UserId::from));
        assert_eq!(names.meant("Ada#zz"), []);
        assert_eq!(names.meant("BO"), [UserId::from(3)]);
    }

    #[test]
    fn nobody_is_shown_a_mark_not_even_half_of_one() {
        let names = names(&[(1, "Ada"), (2, "Ada"), (3, "Bo")]);
        let label = label(&names, 1);
        let said = format!("Hi {label}! #{label}: the C#4 key, Ada");
        assert_eq!(names.without_marks(&said), "Hi Ada! #Ada: the C#4 key, Ada");
        for cut in 3..=label.len() {
            assert_eq!(names.without_marks(&label[..cut]), "Ada");
        }
    }

    #[test]
    fn a_name_is_found_as_a_whole_word_only() {
        assert_eq!(whole("Alice and al", "Al"), Some(10..12));
        assert_eq!(whole("我认识小明的猫", "小明"), Some(9..15));
        assert_eq!(whole("Ada's cat", "ada"), Some(0..3));
        assert_eq!(whole("Adan", "Ada"), None);
    }
}
