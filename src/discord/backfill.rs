//! After a gap: messages that came while the bot was away, and messages whose answer was cut off.
//!
//! A RESUME replays what was missed. A new session (after a restart, or an invalid session) does not: what is newer than a
//! channel's watermark is fetched by REST, within bounds. An answer that comes too late is worse than none.

use chrono::{DateTime, TimeDelta, Utc};
use companion::Companion;
use serenity::all::{ChannelId, Context, GetMessages, Message, MessageId};
use store::id::GuildId;

use super::hearing;

/// Older messages are left unanswered.
const OLDEST: TimeDelta = TimeDelta::minutes(15);
/// Channels that are looked at, those with the newest messages first.
const CHANNELS: usize = 50;
/// Messages that are fetched of each.
const MESSAGES: u8 = 50;

/// Takes in what was missed.
pub async fn catch_up(ctx: &Context, companion: &Companion) {
    let since = companion.house().clock.now() - OLDEST;
    finish_claimed(ctx, companion, since).await;
    fetch_missed(ctx, companion, since).await;
}

/// Messages that an earlier run claimed and did not answer.
async fn finish_claimed(ctx: &Context, companion: &Companion, since: DateTime<Utc>) {
    let open = match companion.house().store.unanswered_since(since).await {
        Ok(open) => open,
        Err(error) => return tracing::error!(%error, "unanswered messages could not be looked up"),
    };
    for claim in open {
        if companion.is_answering(claim.message) {
            continue;
        }
        let channel = ChannelId::new(claim.channel.get());
        match ctx
            .http
            .get_message(channel, MessageId::new(claim.message.get()))
            .await
        {
            Ok(message) => {
                tracing::info!(message = %claim.message, "answering a message that a stop had cut off");
                let behind = behind(ctx, &message).await;
                let message = hearing::incoming(&ctx.cache, &ctx.http, claim.guild, &message).await;
                companion.hear_again(message, behind).await;
            }
            Err(error) => {
                tracing::debug!(%error, message = %claim.message, "a cut-off message is gone")
            }
        }
    }
}

/// What our webhooks have written behind a message. An answer that was begun is among the first of it.
async fn behind(ctx: &Context, message: &Message) -> Vec<store::id::MessageId> {
    let us = ctx.http.application_id();
    let wanted = GetMessages::new().after(message.id).limit(MESSAGES);
    match message.channel_id.messages(&ctx.http, wanted).await {
        Ok(messages) => messages
            .iter()
            .filter(|one| one.webhook_id.is_some() && one.application_id == us)
            .map(|one| one.id.get().into())
            .collect(),
        Err(error) => {
            tracing::debug!(%error, message = %message.id, "what stands behind a cut-off message could not be read");
            vec![]
        }
    }
}

/// Messages behind the watermarks.
async fn fetch_missed(ctx: &Context, companion: &Companion, since: DateTime<Utc>) {
    let mut watermarks = match companion.house().store.watermarks().await {
        Ok(watermarks) => watermarks,
        Err(error) => return tracing::error!(%error, "watermarks could not be read"),
    };
    watermarks.sort_by_key(|(_, _, message)| std::cmp::Reverse(*message));
    for (channel, guild, watermark) in watermarks.into_iter().take(CHANNELS) {
        if !is_on_this_shard(ctx, guild) {
            continue;
        }
        let after = MessageId::new(watermark.get());
        let wanted = GetMessages::new().after(after).limit(MESSAGES);
        let mut missed = match ChannelId::new(channel.get())
            .messages(&ctx.http, wanted)
            .await
        {
            Ok(missed) => missed,
            Err(error) => {
                tracing::debug!(%error, %channel, "a channel could not be looked at for missed messages");
                continue;
            }
        };
        missed.sort_by_key(|message| message.id);
        for message in missed {
            let recent = message.timestamp.to_utc() >= since;
            if recent && hearing::is_talk(&message) && !message.author.bot {
                companion.hear(hearing::incoming(&ctx.cache, &ctx.http, guild, &message).await);
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
