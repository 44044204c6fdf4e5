//! Correcting: a person puts their own words in the place of what is known of them, if these could have been learned too.
//!
//! No check knows every name of everybody, so what is only written here is told to nobody else: it stands in the prompts
//! of answers to its person. Once they have said it in the talk, be it before or later, it is a fact like others.

use chrono::{DateTime, Utc};
use store::StoreError;
use store::facts::Fact;
use store::id::{FactId, MessageId, ScopeId, UserId};
use store::speakers::Speaker;

use crate::Memory;
use crate::consolidation::{Unfit, check_own, says};
use crate::names::{self, Name, Names, instead, shown, whole};

/// The newest of a person's turns in which their correction is looked for. Whoever said it before them says it again, and a
/// consolidation reads it.
const SAID_LATELY: u32 = 300;

/// Why a correction was not kept. What was known stands as it was.
#[derive(Debug, thiserror::Error)]
pub enum Uncorrected {
    /// The words may not stand as a fact.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// There is no such fact about them, or the store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Memory {
    /// Puts a person's own words in the place of a fact about them; the old one stays in the history. The words pass the
    /// checks of facts that are read out of talk.
    pub async fn correct(
        &self,
        scope: &ScopeId,
        id: FactId,
        by: UserId,
        text: &str,
        now: DateTime<Utc>,
    ) -> Result<Fact, Uncorrected> {
        let missing = || StoreError::Missing { what: "that fact" };
        let old = self.store.fact(scope, id).await?;
        let old = old
            .filter(|old| old.about == by && old.superseded.is_none())
            .ok_or_else(missing)?;
        let speakers = self.store.speakers(scope).await?;
        let text = self.told(scope, &old, &speakers, text).await?;
        let said = self.said(scope, &old, &speakers, &text).await?;
        let new = self
            .store
            .correct_fact(scope, id, by, text, said, now)
            .await?;
        Ok(self.store.fact(scope, new).await?.ok_or_else(missing)?)
    }

    /// The messages in which their person has said these words here; empty if they never have.
    async fn said(
        &self,
        scope: &ScopeId,
        old: &Fact,
        speakers: &[Speaker],
        text: &str,
    ) -> Result<Vec<MessageId>, StoreError> {
        let others = speakers.iter().filter(|other| other.user != old.about);
        let others: Vec<String> = others.map(|other| shown(&other.name)).collect();
        let others: Vec<&str> = others.iter().map(String::as_str).collect();
        let turns = self
            .store
            .turns_page(scope, Some(old.about), 0, SAID_LATELY)
            .await?
            .rows;
        let own = turns
            .iter()
            .filter(|turn| Name::told(old).is_ones(Name::of(turn)));
        let said = own.filter(|turn| says(&turn.text, text, &shown(&old.about_name), &others));
        Ok(said
            .filter_map(|turn| turn.messages.first().copied())
            .collect())
    }

    /// The correction as a fact.
    async fn told(
        &self,
        scope: &ScopeId,
        old: &Fact,
        speakers: &[Speaker],
        text: &str,
    ) -> Result<String, Uncorrected> {
        let users: Vec<UserId> = speakers.iter().map(|speaker| speaker.user).collect();
        let allowing = self.store.consenting(&users).await?;
        let persona = self.store.persona(scope.persona).await?;
        let names = Names::new(speakers.iter().map(names::heard), []);
        let name = shown(&old.about_name);
        let others: Vec<(String, bool)> = speakers
            .iter()
            .map(names::heard)
            .filter(|(user, _)| *user != old.about)
            .map(|(user, other)| {
                let allows = allowing.iter().any(|(who, _)| *who == user);
                (names.unmarked(user, other), allows)
            })
            .chain(persona.map(|persona| (persona.name, true)))
            .filter(|(other, _)| !names::are_alike(other, &name))
            .collect();
        // Whoever is called otherwise by now, or corrects what is known of their alter, may write so.
        let newer = names.unmarked(old.about, Name::Own(&old.about_name));
        let text = match whole(text.trim_start(), &newer) {
            Some(at) if at.start == 0 && !names::are_alike(&newer, &name) => {
                instead(text.trim_start(), &newer, &name)
            }
            _ => None,
        }
        .unwrap_or_else(|| text.to_owned());
        let consent = self.store.consent(old.about).await?.unwrap_or_default();
        let others = others.iter().map(|(name, allows)| (name.as_str(), *allows));
        Ok(check_own(&text, &name, consent.sensitive, others)?)
    }
}
