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
use store::speakers::Speaker;
use store::turns::{Author, Turn};

pub use mark::has_mark;
pub(crate) use mark::{is_marked_in, means};
pub use shown::shown;
pub(crate) use within::{Drawn, in_its_letters, instead, whole};

use mark::{MARK, SIGN, marked};
use reserved::{holds_a_role, of_the_house};
use shown::looks;

/// A name as people see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name<'a> {
    /// The account's own; of several the latest holds.
    Own(&'a str),
    /// An alter's, which the account speaks under through a proxy such as PluralKit. It stays with what was said under it.
    Alter(&'a str),
}

impl<'a> Name<'a> {
    /// The name under which something was said, through a proxy or not.
    pub fn new(seen: &'a str, proxied: bool) -> Self {
        match proxied {
            true => Self::Alter(seen),
            false => Self::Own(seen),
        }
    }

    /// The name under which a person said a turn.
    pub fn of(turn: &'a Turn) -> Self {
        Self::new(&turn.author_name, turn.proxied)
    }

    /// The name of the person whom a fact is about.
    pub fn told(fact: &'a Fact) -> Self {
        Self::new(&fact.about_name, fact.proxied)
    }

    /// Whether these two names of one account are one person's: its own ones are.
    pub(crate) fn is_ones(self, other: Name<'_>) -> bool {
        match (self, other) {
            (Self::Own(_), Name::Own(_)) => true,
            (one, other) => are_alike(one.seen(), other.seen()),
        }
    }

    fn seen(self) -> &'a str {
        match self {
            Self::Own(seen) | Self::Alter(seen) => seen,
        }
    }
}

/// Somebody who spoke in a place, as [`Names::new`] takes them.
pub fn heard(speaker: &Speaker) -> (UserId, Name<'_>) {
    (speaker.user, Name::new(&speaker.name, speaker.proxied))
}

/// What everybody in a place is called in its prompts.
#[derive(Clone, Debug, Default)]
pub struct Names {
    called: HashMap<Voice, Called>,
    /// How the house's own names look.
    house: HashSet<String>,
}

/// An account under its own name (`None`), or as the alter whose name looks so.
type Voice = (UserId, Option<String>);

/// What one person is called.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Called {
    /// The name that people see, safe and short.
    shown: String,
    /// The same, with a mark where somebody else could be meant.
    label: String,
}

fn voice(user: UserId, name: Name<'_>) -> Voice {
    match name {
        Name::Own(_) => (user, None),
        Name::Alter(seen) => (user, Some(looks(&shown(seen)))),
    }
}

impl Names {
    /// Names for the people of a place: all who ever spoke there, so that a name does not change with what a message
    /// brings up. Of an account whose own name comes twice the later one holds. `house` are the names of those who are
    /// no people: the persona and the bot.
    pub fn new<'a>(
        people: impl IntoIterator<Item = (UserId, Name<'a>)>,
        house: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let latest: HashMap<Voice, String> = people
            .into_iter()
            .map(|(user, name)| (voice(user, name), shown(name.seen())))
            .collect();
        let mut alike: HashMap<String, Vec<(Voice, String)>> = HashMap::new();
        for (voice, shown) in latest {
            alike.entry(looks(&shown)).or_default().push((voice, shown));
        }
        let house = of_the_house(house);
        let mut called = HashMap::new();
        for (looks, namesakes) in alike {
            // An account that bears a name twice is one person all the same.
            let marks = mark::told_apart(namesakes.iter().map(|((user, _), _)| *user));
            let is_mistakable = marks.len() > 1 || house.contains(&looks);
            for (voice, shown) in namesakes {
                let label = match marks.get(&voice.0) {
                    Some(mark) if is_mistakable || holds_a_role(&shown) => marked(&shown, mark),
                    _ => shown.clone(),
                };
                called.insert(voice, Called { shown, label });
            }
        }
        Self { called, house }
    }

    /// What somebody is called; `name` is the one that people saw, which holds as it is for an alter and for who is not
    /// known here.
    pub fn of(&self, user: UserId, name: Name<'_>) -> String {
        match self.called.get(&voice(user, name)) {
            Some(called) => called.label.clone(),
            None => self.of_a_stranger(user, &shown(name.seen())),
        }
    }

    /// The same without a mark: how people would write it.
    pub fn unmarked(&self, user: UserId, name: Name<'_>) -> String {
        match self.called.get(&voice(user, name)) {
            Some(called) => called.shown.clone(),
            None => shown(name.seen()),
        }
    }

    /// What somebody is called who is not known here.
    fn of_a_stranger(&self, user: UserId, shown: &str) -> String {
        let looks = looks(shown);
        let is_anothers = self
            .called
            .iter()
            .any(|((other, _), called)| *other != user && self::looks(&called.shown) == looks);
        match is_anothers || self.house.contains(&looks) || holds_a_role(shown) {
            true => marked(shown, &mark::short(user)),
            false => shown.to_owned(),
        }
    }

    /// Calls the speaker of a turn as a prompt does.
    pub fn call(&self, turn: &mut Turn) {
        if let Author::Person(user) = turn.author {
            turn.author_name = self.of(user, Name::of(turn));
        }
    }

    /// Calls the person of a fact as a prompt does.
    pub fn call_in_fact(&self, fact: &mut Fact) {
        let label = self.of(fact.about, Name::told(fact));
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
            None if has_mark(&label) => fact.text = format!("{label}: {}", fact.text),
            None => {}
        }
        fact.about_name = label;
    }

    /// A text that a model wrote, without the marks: nobody writes `Ada#4f` to Ada. Of a mark at its end that may still be
    /// coming nothing is left either.
    pub fn without_marks(&self, text: &str) -> String {
        let mut plain = text.to_owned();
        for called in self.called.values() {
            let named = format!("{}{SIGN}", called.shown);
            let mut from = 0;
            while let Some(at) = plain[from..].find(&named) {
                let sign = from + at + called.shown.len();
                let behind = sign + SIGN.len_utf8();
                // Whose mark it is does not matter.
                let users = self.called.keys().map(|(user, _)| *user);
                let longest = users
                    .map(|user| mark::length_in(&plain[behind..], user))
                    .max();
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
