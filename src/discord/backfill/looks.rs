//! Where to look after a gap: channels in which something was cut off, and those in which something was missed.
//!
//! Where the bot was called before, that is what is newer than the newest message that was for it. In the other channels of
//! a server it is what is newer than all that was listened to there ([`super::seen`]), since somebody may call it for the
//! first time while it is away; not in a server that it is new to. Direct messages are looked at where there were some: of
//! others Discord gives no list.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use companion::Companion;
use serenity::all::{ChannelType, Guild, GuildChannel, UserId};
use store::claims::OpenClaim;
use store::id::{ChannelId, GuildId, MessageId};

use super::seen;
use crate::discord::permissions::Abilities;
use crate::discord::reading::Reader;

/// Channels of a server that are looked at, those with the newest messages first.
const CHANNELS: usize = 50;

/// What is to be looked for in a channel.
#[derive(Default)]
pub(super) struct Look {
    /// The newest message that was heard here.
    pub(super) heard: Option<MessageId>,
    pub(super) claims: Vec<OpenClaim>,
}

impl Look {
    /// The message behind which reading begins: before the first claim, and before the first message that was missed and
    /// is not too old. What was heard last may be far behind: only what was for the bot is noted as heard.
    pub(super) fn after(&self, since: DateTime<Utc>) -> Option<MessageId> {
        let before = |id: MessageId| id.get().saturating_sub(1).into();
        let claimed = self.claims.first().map(|claim| before(claim.message));
        let oldest = before(MessageId::first_of(since));
        let missed = self.heard.map(|heard| heard.max(oldest));
        claimed.into_iter().chain(missed).min()
    }
}

/// Where to look in a server, or in direct messages.
pub(super) async fn looks(
    companion: &Companion,
    reader: &Reader,
    guild: Option<&Guild>,
    since: DateTime<Utc>,
) -> BTreeMap<ChannelId, Look> {
    let (id, house) = (guild.map(|guild| guild.id.get().into()), companion.house());
    let mut looks = cut_off(companion, id, since).await;
    let watermarks = house.store.watermarks_in(id).await;
    let watermarks = watermarks.unwrap_or_else(|error| {
        tracing::error!(%error, "watermarks could not be read");
        vec![]
    });
    let behind = match guild {
        // Which message is the newest Discord does not tell here.
        None => watermarks,
        Some(guild) => {
            let behind = seen::missed_behind(companion, guild).await;
            let newest = newest_messages(guild, reader.account(), house.clock.now());
            let heard = watermarks.into_iter().collect();
            missed(newest, &heard, behind, since)
        }
    };
    for (channel, heard) in behind.into_iter().take(CHANNELS) {
        looks.entry(channel).or_default().heard = Some(heard);
    }
    looks
}

/// Where an earlier start had something in hand. What is too old is closed.
async fn cut_off(
    companion: &Companion,
    guild: Option<GuildId>,
    since: DateTime<Utc>,
) -> BTreeMap<ChannelId, Look> {
    let house = companion.house();
    let mut looks: BTreeMap<ChannelId, Look> = BTreeMap::new();
    let left_open = house.store.left_open_in(guild, house.ledger.run()).await;
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
    looks
}

/// The channels in which something was missed, with the message behind which it stands; those with the newest messages
/// first. `behind` is that of channels in which nothing was heard yet.
fn missed(
    mut newest: Vec<(ChannelId, MessageId)>,
    heard: &HashMap<ChannelId, MessageId>,
    behind: Option<MessageId>,
    since: DateTime<Utc>,
) -> Vec<(ChannelId, MessageId)> {
    newest.sort_by_key(|(_, newest)| std::cmp::Reverse(*newest));
    let missed = newest.into_iter().filter_map(|(channel, newest)| {
        let heard = heard.get(&channel).copied().or(behind)?;
        has_more(heard, newest, since).then_some((channel, heard))
    });
    missed.collect()
}

/// The newest message of every channel and thread that the bot sees. Archived threads and deleted channels are not among
/// them: nothing is written there.
fn newest_messages(guild: &Guild, me: UserId, now: DateTime<Utc>) -> Vec<(ChannelId, MessageId)> {
    let channels = guild.channels.values().chain(&guild.threads);
    let newest = channels.filter_map(|channel| {
        let newest = channel.last_message_id?;
        let able = Abilities::in_guild(guild, channel.id, me, now);
        let is_seen = able.is_none_or(|able| able.can_view);
        (is_seen && has_messages(channel)).then(|| (channel.id.get().into(), newest.get().into()))
    });
    newest.collect()
}

/// Whether messages stand there, and not threads alone, as in a forum.
/// <https://discord.com/developers/docs/resources/channel#channel-object-channel-types>
fn has_messages(channel: &GuildChannel) -> bool {
    matches!(
        channel.kind,
        ChannelType::Text
            | ChannelType::News
            | ChannelType::Voice
            | ChannelType::Stage
            | ChannelType::PublicThread
            | ChannelType::PrivateThread
            | ChannelType::NewsThread
    )
}

/// Whether there is something behind the last message that was heard which is not too old.
fn has_more(heard: MessageId, newest: MessageId, since: DateTime<Utc>) -> bool {
    newest > heard && newest.written_at() >= since
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An id of this minute.
    fn id(minute: u64) -> MessageId {
        ((minute * 60_000) << 22).into()
    }

    #[test]
    fn a_channel_without_news_is_not_read() {
        let since = id(100).written_at();
        assert!(!has_more(id(105), id(105), since), "all was heard");
        assert!(has_more(id(105), id(106), since));
        assert!(!has_more(id(40), id(70), since), "too old");
    }

    #[test]
    fn reading_begins_at_the_oldest_that_may_be_answered() {
        let (since, before) = (id(100).written_at(), |id: MessageId| id.get() - 1);
        let after = |heard: Option<u64>, claimed: Option<u64>| {
            let claim = |minute| OpenClaim {
                message: id(minute),
                channel: 1.into(),
                guild: None,
                author: 2.into(),
                at: since,
                run: 0,
                sketch: None,
            };
            let look = Look {
                heard: heard.map(id),
                claims: claimed.map(claim).into_iter().collect(),
            };
            look.after(since).map(MessageId::get)
        };
        assert_eq!(after(Some(2), None), Some(before(id(100))), "long ago");
        assert_eq!(after(Some(105), None), Some(id(105).get()));
        assert_eq!(after(Some(105), Some(103)), Some(before(id(103))));
        assert_eq!(after(Some(2), Some(103)), Some(before(id(100))));
        assert_eq!(after(None, None), None);
    }

    #[test]
    fn where_nothing_was_heard_yet_what_is_newer_than_all_that_was_listened_to_is_missed() {
        let since = id(100).written_at();
        let newest = [(1, 110), (2, 104), (3, 112), (4, 99)];
        let newest = newest.map(|(channel, minute)| (channel.into(), id(minute)));
        let heard = HashMap::from([(1.into(), id(101))]);
        let missed = |behind| missed(newest.to_vec(), &heard, behind, since);
        assert_eq!(missed(None), [(1.into(), id(101))]);
        let behind = id(105);
        assert_eq!(
            missed(Some(behind)),
            [(3.into(), behind), (1.into(), id(101))]
        );
    }
}
