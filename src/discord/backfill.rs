//! After a gap: messages that came while the bot was away, and messages whose answer was cut off.
//!
//! A RESUME replays what was missed. A new session (after a restart, or an invalid session) does not: what is newer than a
//! channel's watermark is fetched by REST, within bounds. An answer that comes too late is worse than none.

use chrono::{DateTime, TimeDelta, Utc};
use companion::Companion;
use serde_json::Value;
use serenity::all::Context;
use store::id::{ChannelId, GuildId, MessageId};

use super::reading::{Reader, message};

/// Older messages are left unanswered.
const OLDEST: TimeDelta = TimeDelta::minutes(15);
/// Channels that are looked at, those with the newest messages first.
const CHANNELS: usize = 50;
/// Messages that are fetched of each.
const MESSAGES: u8 = 50;

/// Takes in what was missed.
pub async fn catch_up(ctx: &Context, companion: &Companion, reader: &Reader) {
    let since = companion.house().clock.now() - OLDEST;
    finish_claimed(companion, reader, since).await;
    fetch_missed(ctx, companion, reader, since).await;
}

/// Messages that an earlier run claimed and did not answer.
async fn finish_claimed(companion: &Companion, reader: &Reader, since: DateTime<Utc>) {
    let open = match companion.house().store.unanswered_since(since).await {
        Ok(open) => open,
        Err(error) => return tracing::error!(%error, "unanswered messages could not be looked up"),
    };
    for claim in open {
        if companion.is_answering(claim.message) {
            continue;
        }
        match reader.fetch(claim.channel, claim.message).await {
            Ok(message) => {
                tracing::info!(message = %claim.message, "answering a message that a stop had cut off");
                let behind = behind(reader, claim.channel, claim.message).await;
                if let Some(message) = reader.read(claim.guild, &message).await {
                    companion.hear_again(message, behind).await;
                }
            }
            Err(error) => {
                tracing::debug!(%error, message = %claim.message, "a cut-off message is gone")
            }
        }
    }
}

/// What our webhooks have written behind a message. An answer that was begun is among the first of it.
async fn behind(reader: &Reader, channel: ChannelId, message: MessageId) -> Vec<MessageId> {
    match reader.fetch_after(channel, message, MESSAGES).await {
        Ok(messages) => messages
            .iter()
            .filter(|one| !one["webhook_id"].is_null() && reader.is_ours(one))
            .filter_map(message::number)
            .collect(),
        Err(error) => {
            tracing::debug!(%error, %message, "what stands behind a cut-off message could not be read");
            vec![]
        }
    }
}

/// Messages behind the watermarks.
async fn fetch_missed(ctx: &Context, companion: &Companion, reader: &Reader, since: DateTime<Utc>) {
    let mut watermarks = match companion.house().store.watermarks().await {
        Ok(watermarks) => watermarks,
        Err(error) => return tracing::error!(%error, "watermarks could not be read"),
    };
    watermarks.sort_by_key(|(_, _, message)| std::cmp::Reverse(*message));
    for (channel, guild, watermark) in watermarks.into_iter().take(CHANNELS) {
        if !is_on_this_shard(ctx, guild) {
            continue;
        }
        let missed = match reader.fetch_after(channel, watermark, MESSAGES).await {
            Ok(missed) => missed,
            Err(error) => {
                tracing::debug!(%error, %channel, "a channel could not be looked at for missed messages");
                continue;
            }
        };
        let recent = |message: &&Value| message::written_at(message) >= since;
        for message in missed.iter().filter(recent) {
            if let Some(message) = reader.hear(guild, message, false).await {
                companion.hear(message);
            }
        }
    }
}

/// Direct messages belong to the first shard, <https://discord.com/developers/docs/events/gateway#sharding>.
fn is_on_this_shard(ctx: &Context, guild: Option<GuildId>) -> bool {
    let shards = u64::from(ctx.cache.shard_count().max(1));
    let shard = guild.map_or(0, |guild| (guild.get() >> 22) % shards);
    shard == u64::from(ctx.shard_id.get())
}
