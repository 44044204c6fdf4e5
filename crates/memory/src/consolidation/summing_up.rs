//! A model's summary: what of it may be kept. It stands in everybody's prompt.

use store::id::UserId;
use store::turns::Turn;

use super::language::writing;
use super::roles::Roles;
use super::{Batch, Unsummed, instructs, is_sensitive, own, person, support};
use crate::names::{Name, Names};
use crate::tokens::tokens;

/// A summary with this share of its words in common with the last one is that one again.
const SAME: f64 = 0.85;
/// The most tokens of a summary.
const LONGEST_SUMMARY: usize = 260;

impl Batch {
    /// The summary, if it stands in what it sums up, without the sentences that may not be kept.
    pub(super) fn kept_summary(&self, summary: &str, names: &Names) -> Result<String, Unsummed> {
        let mut roles = self.roles(names);
        let kept: String = sentences(summary)
            .filter(|sentence| !roles.are_swapped(&names.without_marks(sentence)))
            .filter(|sentence| self.may_be_summed_up(sentence, names))
            .collect();
        let summary = kept.trim();
        if summary.is_empty() {
            return Err(Unsummed::Nothing);
        }
        if tokens(summary) > LONGEST_SUMMARY {
            return Err(Unsummed::Length);
        }
        if instructs(summary) {
            return Err(Unsummed::Orders);
        }
        let old = &self.progress.summary;
        if !old.is_empty() && support::are_alike(summary, old, "", SAME) {
            return Err(Unsummed::Again);
        }
        let talk = writing(self.lines().map(|turn| turn.text.as_str()));
        let written = writing([summary]);
        if talk.is_some() && written.is_some() && talk != written {
            return Err(Unsummed::Language);
        }
        let plain = names.without_marks(summary);
        let read: Vec<&str> = self
            .lines()
            .flat_map(|turn| [turn.text.as_str(), turn.author_name.as_str()])
            .chain([self.progress.summary.as_str()])
            .chain(self.known.iter().map(|fact| fact.text.as_str()))
            .collect();
        match support::is_grounded(&plain, &read) {
            true => Ok(summary.to_owned()),
            false => Err(Unsummed::Elsewhere),
        }
    }

    /// Who said what first.
    fn roles(&self, names: &Names) -> Roles {
        let called = |turn: &Turn| match person(turn) {
            Some(user) => names.unmarked(user, Name::of(turn)),
            None => turn.author_name.clone(),
        };
        Roles::of(self.lines().map(|turn| (called(turn), turn.text.as_str())))
    }

    /// Whether a sentence may stand in a summary: nothing sensitive unless all who were read allow that, and nothing about
    /// somebody who said no.
    fn may_be_summed_up(&self, sentence: &str, names: &Names) -> bool {
        let allows = |person: UserId| self.consents.get(&person).is_some_and(|c| c.sensitive);
        let all_allow = || self.lines().filter_map(|turn| turn.person).all(allows);
        let called = |turn: &Turn| {
            person(turn).map_or_else(String::new, |user| names.unmarked(user, Name::of(turn)))
        };
        let names_a_refusing = self.turns.iter().any(|turn| {
            person(turn).is_some_and(|person| self.refusing.contains(&person))
                && own::names(sentence, &called(turn))
        });
        !names_a_refusing && (!is_sensitive(sentence) || all_allow())
    }
}

/// The sentences of a text, with their ends.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['.', '!', '?', ';', '\n', '。', '！', '？', '；'])
}
