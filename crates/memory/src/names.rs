//! Names in a prompt: what each who speaks is called there.
//!
//! A nickname is not an identity. People choose it freely, two may choose the same, and one may choose the persona's, or
//! a word that chat formats keep for the model. So a name is made safe and short before it stands in a prompt
//! ([`shown`]), and whoever could be taken for somebody else gets a mark that is made of their account: `Ada#4f`. The
//! mark is theirs for good, in the prompts of replies and in the question of a consolidation alike. No name can hold a
//! mark's sign, so nobody can take another's mark.

mod mark;
mod reserved;
mod shown;
mod within;

use std::collections::{HashMap, HashSet};

use store::facts::Fact;
use store::id::UserId;
use store::turns::{Author, Turn};

pub use shown::shown;
pub(crate) use within::{in_its_letters, instead, whole};

use mark::{MARK, SIGN, mark, marked};
use reserved::{holds_a_role, of_the_house};
use shown::looks;

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

/// Whether one name can be taken for the other.
pub(crate) fn are_alike(one: &str, other: &str) -> bool {
    looks(&shown(one)) == looks(&shown(other))
}

#[cfg(test)]
mod tests;
