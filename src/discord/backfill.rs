//! After a gap: messages that came while the bot was away, and messages whose answer was cut off.
//!
//! A RESUME replays what was missed. A new session (after a restart, or an invalid session) does not, but it tells every
//! server anew, with the newest message of each channel: where that is newer than what was heard, or where a claim is open
//! ([`looks`]), the channel is read, once, before anything that is said there now is taken in ([`Gate`]). So nothing of this start stands
//! there yet, and what stands behind an open claim and belongs to no answer is what the stop left half done. Where looking
//! takes so long that the gate lets people pass, what this start wrote since is told by its time.
//!
//! An answer that comes too late is worse than none: what is older than [`OLDEST`] gets none, and its claim is closed.

mod looks;
mod pages;
mod seen;
mod sorted;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use chrono::{DateTime, TimeDelta, Utc};
use companion::Companion;
use companion::incoming::Incoming;
use companion::proxied;
use futures_util::future::join_all;
use serde_json::Value;
use serenity::all::Guild;
use store::claims::OpenClaim;
use store::id::{ChannelId, GuildId, MessageId};
use tokio::sync::Semaphore;

use self::looks::{Look, looks};
use self::pages::{Pages, read};
use self::seen::Seen;
use self::sorted::{Found, How, Of, Sorted, sorted};
use super::gate::{self, Gate};
use super::reading::Reader;
use super::shards::Shard;

/// Older messages are left unanswered.
const OLDEST: TimeDelta = TimeDelta::minutes(15);
/// Channels that are looked at at a time, in all.
const AT_ONCE: usize = 8;

/// Looks back, for every shard of this bot.
pub struct Backfill {
    pub(super) gate: Gate,
    places: Semaphore,
    seen: Seen,
    /// When this start looked first.
    started: OnceLock<DateTime<Utc>>,
}

impl Default for Backfill {
    fn default() -> Self {
        Self {
            gate: Gate::default(),
            places: Semaphore::new(AT_ONCE),
            seen: Seen::default(),
            started: OnceLock::new(),
        }
    }
}

/// What is looked for in every channel.
#[derive(Clone, Copy)]
struct Bounds {
    /// What is older is not answered.
    since: DateTime<Utc>,
    /// What is newer is of this start.
    until: DateTime<Utc>,
}

impl Backfill {
    /// A new session has begun, in which these servers will be told of: nothing passes until they have been looked at. This
    /// waits for nothing, so that no message of the session overtakes it.
    pub fn expect(&self, shard: Shard, guilds: impl IntoIterator<Item = GuildId>) {
        let direct = shard.has(None).then_some(None);
        for place in direct.into_iter().chain(guilds.into_iter().map(Some)) {
            self.gate.shut(place);
        }
    }

    /// Takes in what was missed and what was cut off, in a server or in direct messages.
    pub async fn collect(&self, companion: &Companion, reader: &Reader, guild: Option<&Guild>) {
        let id = guild.map(|guild| GuildId::from(guild.id.get()));
        self.gate.shut(id);
        let now = companion.house().clock.now();
        // An earlier start's replies are older than this one, and its own come after the gate's patience at the earliest
        // where a channel is still looked at. Halfway between, a clock that differs from Discord's does no harm.
        let until = *self.started.get_or_init(|| now) + gate::PATIENCE / 2;
        let bounds = Bounds {
            since: now - OLDEST,
            until,
        };
        let looks = looks(companion, reader, guild, bounds.since).await;
        self.gate.look(id, looks.keys().copied().collect());
        join_all(looks.into_iter().map(|(channel, look)| async move {
            // It is never closed.
            let _place = self.places.acquire().await;
            look_at(companion, reader, id, channel, look, bounds).await;
            self.gate.done(id, channel);
        }))
        .await;
        self.gate.open(id);
        if let Some(guild) = guild {
            let newest = seen::newest(guild);
            self.seen
                .note(companion, guild.id.get().into(), newest)
                .await;
        }
    }

    /// A message was listened to, whoever it was for. While a server is still looked at this does not count, since older ones
    /// may be missing; nor does it while the bot stops.
    pub async fn listened_to(
        &self,
        companion: &Companion,
        guild: Option<GuildId>,
        message: MessageId,
    ) {
        if let Some(guild) = guild
            && self.gate.is_open(Some(guild))
            && !companion.is_stopping()
        {
            self.seen.note(companion, guild, message).await;
        }
    }
}

/// Looks at one channel: takes up what was cut off there, and hears what was missed.
async fn look_at(
    companion: &Companion,
    reader: &Reader,
    guild: Option<GuildId>,
    channel: ChannelId,
    look: Look,
    bounds: Bounds,
) {
    let mut again = BTreeMap::new();
    for claim in &look.claims {
        if let Some(before) = companion.take_up(claim.message).await {
            again.insert(claim.message, (*claim, before));
        }
    }
    let Some(after) = look.after(bounds.since) else {
        return;
    };
    let newest = again.keys().next_back().copied();
    let Some(Pages { messages, hole }) = read(reader, channel, after, newest).await else {
        tracing::warn!(%channel, cut_off = again.len(), "a channel could not be looked at for missed messages");
        for message in again.into_keys() {
            companion.put_down(message).await;
        }
        return;
    };
    if hole.is_some() {
        tracing::warn!(%channel, read = messages.len(), "so much was written that not all of it is looked at");
    }
    let of = Of {
        is_ours: &|message| reader.is_ours(message),
        again: &again.keys().copied().collect(),
        heard: look.heard,
        since: bounds.since,
        until: bounds.until,
        hole,
    };
    let Sorted {
        hear,
        begun,
        gone,
        beyond,
    } = sorted(&messages, &of);
    for message in beyond {
        tracing::warn!(%channel, %message, "so much was written that a cut-off message is not reached");
        companion.put_down(message).await;
    }
    if !begun.is_empty()
        && let Some(some) = messages.first()
        && let Some(some) = reader.read(guild, some).await
    {
        companion.take_back(some.destination(), begun).await;
    }
    let gone = gone.into_iter().filter_map(|message| again.get(&message));
    let gone = gone.map(|(claim, _)| *claim).collect();
    hear_all(companion, reader, guild, hear, &again, gone).await;
}

/// Has the companion hear what was found, oldest first, and closes the claims of what is gone and was not reposted.
async fn hear_all(
    companion: &Companion,
    reader: &Reader,
    guild: Option<GuildId>,
    hear: Vec<Found<'_>>,
    again: &BTreeMap<MessageId, (OpenClaim, u8)>,
    mut gone: Vec<OpenClaim>,
) {
    let bots = companion.house().manner.bot_turns_per_hour > 0;
    for Found { message, how } in hear {
        if let How::CutOff(id) = how {
            if let Some((claim, before)) = again.get(&id) {
                take_up(companion, reader, guild, message, (claim, *before)).await;
            }
            continue;
        }
        let Some(incoming) = reader.hear(guild, message, bots).await else {
            continue;
        };
        let original = |claim: &OpenClaim| proxied::is_repost_of(claim, &incoming);
        match gone.iter().position(original) {
            Some(original) => {
                let original = gone.remove(original);
                companion.hear_reposted(&original, incoming).await;
            }
            // By the same rules as what comes now: the companion decides.
            None if how == How::Missed => companion.hear(incoming),
            None => {}
        }
    }
    for claim in gone {
        tracing::debug!(message = %claim.message, "a cut-off message is gone");
        companion.is_gone(claim.message).await;
    }
}

/// Answers a message that was cut off, which was tried so often before.
async fn take_up(
    companion: &Companion,
    reader: &Reader,
    guild: Option<GuildId>,
    message: &Value,
    (claim, before): (&OpenClaim, u8),
) {
    let Some(incoming) = reader.read(guild, message).await else {
        return companion.is_gone(claim.message).await;
    };
    let again = Incoming {
        again: before,
        ..incoming
    };
    companion.hear_again(again, claim.author).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[tokio::test]
    async fn with_a_new_session_its_servers_and_the_first_shards_direct_messages_wait() {
        let (backfill, home, other) = (Backfill::default(), Some(1.into()), Some(2.into()));
        let shard = |number| Shard { number, total: 2 };
        let passes = |place| backfill.gate.pass(place, 5.into()).now_or_never().is_some();
        for place in [None, home, other] {
            backfill.gate.open(place);
        }
        backfill.expect(shard(1), [1.into()]);
        assert!(passes(None) && passes(other) && !passes(home));
        backfill.expect(shard(0), []);
        assert!(passes(other) && !passes(None));
    }
}
