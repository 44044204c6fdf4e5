//! After a gap: messages that came while the bot was away, and messages whose answer was cut off.
//!
//! A RESUME replays what was missed. A new session (after a restart, or an invalid session) does not, but it tells every
//! server anew, with the newest message of each channel: where that is newer than what was heard, or where a claim is open,
//! the channel is read, once, before anything that is said there now is taken in ([`Gate`]). So nothing of this start stands
//! there yet, and what stands behind an open claim and belongs to no answer is what the stop left half done.
//!
//! An answer that comes too late is worse than none: what is older than [`OLDEST`] gets none, and its claim is closed.

mod sorted;

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use companion::Companion;
use companion::incoming::Incoming;
use futures_util::future::join_all;
use serde_json::Value;
use serenity::all::Guild;
use store::claims::OpenClaim;
use store::id::{ChannelId, GuildId, MessageId};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use self::sorted::{Of, Sorted, sorted};
use super::gate::Gate;
use super::reading::{Reader, message};

/// Older messages are left unanswered.
const OLDEST: TimeDelta = TimeDelta::minutes(15);
/// Channels of a server that are looked at, those with the newest messages first.
const CHANNELS: usize = 50;
/// Channels that are looked at at a time, in all.
const AT_ONCE: usize = 8;
/// Messages in one answer of Discord, the most that there are.
/// <https://discord.com/developers/docs/resources/message#get-channel-messages>
const PAGE: u8 = 100;
/// Pages that are read of a channel.
const PAGES: usize = 10;
/// The longest that a page may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Pauses before a page is asked for again.
const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];

/// Looks back, for every shard of this bot.
pub struct Backfill {
    pub(super) gate: Gate,
    places: Semaphore,
}

impl Default for Backfill {
    fn default() -> Self {
        Self {
            gate: Gate::default(),
            places: Semaphore::new(AT_ONCE),
        }
    }
}

/// What is to be looked for in a channel.
#[derive(Default)]
struct Look {
    /// The newest message that was heard here.
    heard: Option<MessageId>,
    claims: Vec<OpenClaim>,
}

impl Look {
    /// The message behind which reading begins.
    fn after(&self) -> Option<MessageId> {
        let claimed = self.claims.first();
        let claimed = claimed.map(|claim| claim.message.get().saturating_sub(1).into());
        claimed.into_iter().chain(self.heard).min()
    }
}

impl Backfill {
    /// Takes in what was missed and what was cut off, in a server or in direct messages.
    pub async fn collect(&self, companion: &Companion, reader: &Reader, guild: Option<&Guild>) {
        let id = guild.map(|guild| GuildId::from(guild.id.get()));
        self.gate.shut(id);
        let since = companion.house().clock.now() - OLDEST;
        let looks = looks(companion, guild, since).await;
        self.gate.look(id, looks.keys().copied().collect());
        join_all(looks.into_iter().map(|(channel, look)| async move {
            // It is never closed.
            let _place = self.places.acquire().await;
            look_at(companion, reader, id, channel, look, since).await;
            self.gate.done(id, channel);
        }))
        .await;
        self.gate.open(id);
    }
}

/// Where to look.
async fn looks(
    companion: &Companion,
    guild: Option<&Guild>,
    since: DateTime<Utc>,
) -> BTreeMap<ChannelId, Look> {
    let (id, house) = (guild.map(|guild| guild.id.get().into()), companion.house());
    let mut looks: BTreeMap<ChannelId, Look> = BTreeMap::new();
    let left_open = house.store.left_open_in(id, house.ledger.run()).await;
    let left_open = left_open.unwrap_or_else(|error| {
        tracing::error!(%error, "unanswered messages could not be looked up");
        vec![]
    });
    for claim in left_open {
        if claim.at < since {
            tracing::info!(message = %claim.message, "a message that a stop had cut off is too old to be answered now");
            companion.give_up(claim.message).await;
        } else {
            looks.entry(claim.channel).or_default().claims.push(claim);
        }
    }
    let watermarks = house.store.watermarks_in(id).await;
    let watermarks = watermarks.unwrap_or_else(|error| {
        tracing::error!(%error, "watermarks could not be read");
        vec![]
    });
    let newest = guild.map(newest_messages);
    let behind = watermarks.into_iter().filter_map(|(channel, heard)| {
        let newest = newest.as_ref().and_then(|newest| newest.get(&channel));
        may_have_more(heard, newest.copied(), since).then_some((channel, heard))
    });
    for (channel, heard) in behind.take(CHANNELS) {
        looks.entry(channel).or_default().heard = Some(heard);
    }
    looks
}

/// The newest message of every channel and thread, as far as Discord has told.
fn newest_messages(guild: &Guild) -> HashMap<ChannelId, MessageId> {
    let channels = guild.channels.values().chain(&guild.threads);
    channels
        .filter_map(|channel| {
            let newest = channel.last_message_id?;
            Some((channel.id.get().into(), newest.get().into()))
        })
        .collect()
}

/// Whether there may be something behind the last message that was heard which is not too old.
fn may_have_more(heard: MessageId, newest: Option<MessageId>, since: DateTime<Utc>) -> bool {
    newest.is_none_or(|newest| newest > heard && message::time_of(newest) >= since)
}

/// Looks at one channel: takes up what was cut off there, and hears what was missed.
async fn look_at(
    companion: &Companion,
    reader: &Reader,
    guild: Option<GuildId>,
    channel: ChannelId,
    look: Look,
    since: DateTime<Utc>,
) {
    let mut again = BTreeMap::new();
    for claim in &look.claims {
        if let Some(before) = companion.take_up(claim.message).await {
            again.insert(claim.message, before);
        }
    }
    let Some(after) = look.after() else {
        return;
    };
    let Some(messages) = read(reader, channel, after).await else {
        tracing::warn!(%channel, cut_off = again.len(), "a channel could not be looked at for missed messages");
        for message in again.into_keys() {
            companion.put_down(message).await;
        }
        return;
    };
    let of = Of {
        is_ours: &|message| reader.is_ours(message),
        again: &again,
        heard: look.heard,
        since,
    };
    let Sorted { hear, begun, gone } = sorted(&messages, &of);
    for message in gone {
        tracing::debug!(%message, "a cut-off message is gone");
        companion.is_gone(message).await;
    }
    if !begun.is_empty()
        && let Some(some) = messages.first()
        && let Some(some) = reader.read(guild, some).await
    {
        companion.take_back(some.destination(), begun).await;
    }
    for one in hear {
        let before = message::number(one).and_then(|id| again.get(&id).copied());
        let Some(incoming) = reader.read(guild, one).await else {
            continue;
        };
        match before {
            Some(before) => {
                let again = Incoming {
                    again: before,
                    ..incoming
                };
                companion.hear_again(again).await;
            }
            None => companion.hear_late(incoming),
        }
    }
}

/// What was written in a channel behind a message, oldest first; `None` where Discord does not tell.
async fn read(reader: &Reader, channel: ChannelId, after: MessageId) -> Option<Vec<Value>> {
    let (mut all, mut after) = (Vec::new(), after);
    for _ in 0..PAGES {
        let mut page = page(reader, channel, after).await?;
        let is_last = page.len() < usize::from(PAGE);
        after = page.last().and_then(message::number).unwrap_or(after);
        all.append(&mut page);
        if is_last {
            break;
        }
    }
    Some(all)
}

async fn page(reader: &Reader, channel: ChannelId, after: MessageId) -> Option<Vec<Value>> {
    let mut pauses = PAUSES.iter();
    loop {
        match timeout(PATIENCE, reader.fetch_after(channel, after, PAGE)).await {
            Ok(Ok(messages)) => return Some(messages),
            Ok(Err(error)) => tracing::debug!(%error, %channel, "a channel could not be read"),
            Err(_) => tracing::debug!(%channel, "a channel is read very slowly"),
        }
        sleep(*pauses.next()?).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_without_news_is_not_read() {
        // Minutes, as ids tell them.
        let id = |minute: u64| MessageId::from((minute * 60_000) << 22);
        let since = message::time_of(id(100));
        assert!(
            !may_have_more(id(105), Some(id(105)), since),
            "all was heard"
        );
        assert!(may_have_more(id(105), Some(id(106)), since));
        assert!(!may_have_more(id(40), Some(id(70)), since), "too old");
        assert!(may_have_more(id(105), None, since), "Discord has not told");
    }
}
