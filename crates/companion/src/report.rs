//! Why a reply is as it is: what its report names, for those who ask.

use std::time::Duration;

use memory::Recalled;
use persona::Card;
use store::id::{ChannelId, GuildId, MessageId};
use store::reports::{Report, Source, Unreported};
use store::{Store, StoreError};
use tokio::time::{Instant, timeout_at};

use crate::companion::Companion;

/// How long somebody who asks about a reply in the making is kept waiting for its end.
const PATIENCE: Duration = Duration::from_secs(10);

/// What can be said of a message.
#[derive(Clone, Debug)]
pub enum Told {
    /// It is a reply, with a report.
    Reply(Box<Reported>),
    /// There is no report of it.
    Unreported(Unreported),
}

/// A report, with the names of the lore that it names by number.
#[derive(Clone, Debug)]
pub struct Reported {
    /// The report.
    pub report: Report,
    /// The labels of the lorebook's entries, by their place; empty if the persona is gone.
    pub lore: Vec<String>,
}

impl Reported {
    /// What an entry of the lorebook is called; `None` if the persona is gone.
    pub fn entry(&self, place: u32) -> Option<&str> {
        let place = usize::try_from(place).ok()?;
        self.lore.get(place).map(String::as_str)
    }
}

/// What can be said of a message that was written in this channel; in any channel with `None`, for the operator.
pub async fn of(
    store: &Store,
    message: MessageId,
    channel: Option<ChannelId>,
) -> Result<Told, StoreError> {
    match store.report(message, channel).await? {
        Some(report) => named(store, report).await,
        None => Ok(Told::Unreported(store.unreported(message, channel).await?)),
    }
}

impl Companion {
    /// What can be said of a message that one of our accounts wrote in this channel. People read a reply while it grows, its
    /// report is written when it is whole: that is waited for, though not for long. `None` if it may still come.
    pub async fn why(
        &self,
        message: MessageId,
        guild: Option<GuildId>,
        channel: ChannelId,
    ) -> Result<Option<Told>, StoreError> {
        let (store, mut closings) = (&self.house().store, self.closings());
        let until = Instant::now() + PATIENCE;
        loop {
            // Asked first: what is written between the two questions is found by the second.
            let may_come = store.is_answering_before(guild, channel, message).await?;
            let told = of(store, message, Some(channel)).await?;
            let is_unknown = matches!(told, Told::Unreported(Unreported::Unknown));
            if !is_unknown || !may_come {
                return Ok(Some(told));
            }
            if timeout_at(until, closings.recv()).await.is_err() {
                return Ok(None);
            }
        }
    }
}

/// What can be said of the newest reply of all, for the operator.
pub async fn newest(store: &Store) -> Result<Option<Told>, StoreError> {
    match store.newest_report().await? {
        Some(report) => named(store, report).await.map(Some),
        None => Ok(None),
    }
}

async fn named(store: &Store, report: Report) -> Result<Told, StoreError> {
    let mut lore = vec![];
    if report.names_lore() {
        let (persona, version) = (report.reply.scope.persona, report.persona_version);
        let saved = store.persona_version(persona, version).await?;
        // A card that no longer reads has no names to give.
        let card = saved.and_then(|saved| Card::from_json(&saved.card).ok());
        let book = card.as_ref().and_then(Card::lorebook);
        let entries = book.into_iter().flat_map(|book| book.entries());
        lore.extend(entries.map(|entry| entry.label()));
    }
    Ok(Told::Reply(Box::new(Reported { report, lore })))
}

/// A recalled turn as a report names it.
pub(crate) fn recalled(recalled: &Recalled) -> Source {
    // Three places are more than anybody reads, and short in the report.
    let short = |number: f64| match number.is_finite() {
        true => (number * 1000.0).round() as f32 / 1000.0,
        false => 0.0,
    };
    let why = recalled.why;
    Source::Turn {
        id: recalled.turn.id,
        score: short(recalled.score),
        words: short(why.words),
        neighbours: short(why.neighbours),
        meaning: short(why.meaning),
        speaker: why.speaker,
    }
}
