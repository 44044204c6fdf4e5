//! After a new session: what was edited or deleted while the bot did not listen.
//!
//! A RESUME replays edits and deletions; a new session does not. So what is remembered of the last days is compared with
//! what stands on Discord, a page at a time and slowly: replies are never held up by it. Only what is certain counts. An
//! empty page may mean that the bot may not read the channel's history, and a channel that is not found may be one that it
//! may not see.

mod comparing;

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use chrono::TimeDelta;
use companion::Companion;
use dashmap::DashMap;
use serde_json::Value;
use serenity::all::{Context, GuildId as DiscordGuild};
use store::id::{ChannelId, GuildId, MessageId};
use store::versions::Remembered;

use super::reading::{Reader, message};
use super::rest::Refused;
use super::shards::Shard;
use comparing::compare;

/// Older messages are not compared.
const DAYS: TimeDelta = TimeDelta::days(14);
/// Messages that are compared in all, the newest first.
const MESSAGES: u32 = 5_000;
/// Channels that are looked at, those with the newest messages first.
const CHANNELS: usize = 50;
/// Pages that are read of each.
const PAGES: usize = 3;
/// Between two requests: a fiftieth of what Discord allows, <https://discord.com/developers/docs/topics/rate-limits#global-rate-limit>.
const SPACING: Duration = Duration::from_secs(1);
/// How many such pauses are waited, in all, for servers that Discord has not told of yet.
const SERVERS_COME: u8 = 60;

/// Discord's code for a channel that does not exist,
/// <https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes>. One that we may not see has another.
const UNKNOWN_CHANNEL: i64 = 10_003;

/// Compares what is remembered with what stands on Discord.
#[derive(Default)]
pub struct Reconciliation {
    /// How often each shard has begun: a newer session's comparison ends the older one's.
    begun: DashMap<u64, u64>,
}

/// Why a channel is not looked at further.
enum Obstacle {
    /// A newer session began, or the bot stops.
    Over,
    /// Discord refused.
    Refused(Refused),
}

impl From<Refused> for Obstacle {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

/// One shard's comparison.
struct Run<'a> {
    all: &'a Reconciliation,
    ctx: &'a Context,
    companion: &'a Companion,
    reader: &'a Reader,
    shard: Shard,
    number: u64,
}

impl Reconciliation {
    /// Catches up with what this shard's channels have lost and changed. Ends early when the shard gets another session.
    pub async fn catch_up(
        &self,
        ctx: &Context,
        companion: &Companion,
        reader: &Reader,
        shard: Shard,
    ) {
        let number = {
            let mut begun = self.begun.entry(shard.number).or_default();
            *begun += 1;
            *begun
        };
        let run = Run {
            all: self,
            ctx,
            companion,
            reader,
            shard,
            number,
        };
        run.catch_up().await;
    }
}

impl Run<'_> {
    async fn catch_up(&self) {
        let house = self.companion.house();
        let since = house.clock.now() - DAYS;
        let remembered = match house.store.remembered_since(since, MESSAGES).await {
            Ok(remembered) => remembered,
            Err(error) => {
                return tracing::error!(%error, "what is remembered could not be listed");
            }
        };
        let mut unknown = vec![];
        for (channel, guild, messages) in by_channel(remembered, self.shard) {
            match self.compare(channel, guild, &messages).await {
                Ok(()) => {}
                Err(Obstacle::Over) => return,
                Err(Obstacle::Refused(refused)) if is_unknown_channel(&refused) => {
                    unknown.push((channel, guild));
                }
                Err(Obstacle::Refused(refused)) => {
                    tracing::debug!(%refused, %channel, "a channel could not be compared with what is remembered of it");
                }
            }
        }
        let mut pauses = 0..SERVERS_COME;
        for (channel, guild) in unknown {
            if self.wait_for(guild, &mut pauses).await.is_err() {
                return;
            }
            self.understand(channel, guild).await;
        }
    }

    /// Waits until this server is there: a session begins before Discord tells of its servers.
    async fn wait_for(
        &self,
        guild: Option<GuildId>,
        pauses: &mut Range<u8>,
    ) -> Result<(), Obstacle> {
        let is_there = |guild: GuildId| {
            let guild = DiscordGuild::new(guild.get());
            self.ctx.cache.guild(guild).is_some()
        };
        while !guild.is_none_or(is_there) && pauses.next().is_some() {
            self.wait().await?;
        }
        Ok(())
    }

    /// Compares a channel's messages, the newest first, with its pages.
    async fn compare(
        &self,
        channel: ChannelId,
        guild: Option<GuildId>,
        messages: &[Remembered],
    ) -> Result<(), Obstacle> {
        let mut before = None;
        for _ in 0..PAGES {
            self.wait().await?;
            let page = self.reader.fetch_before(channel, before).await?;
            if page.is_empty() {
                return self.doubt(channel, messages, before).await;
            }
            let compared = compare(messages, &page, before);
            self.forget(compared.gone).await;
            for message in compared.edited {
                self.revise(guild, message).await;
            }
            if !compared.further {
                return Ok(());
            }
            before = page.iter().filter_map(message::number).min();
        }
        Ok(())
    }

    /// Nothing stands there, or the bot may not read it: the newest message that should stand there tells which.
    async fn doubt(
        &self,
        channel: ChannelId,
        messages: &[Remembered],
        before: Option<MessageId>,
    ) -> Result<(), Obstacle> {
        let all = messages.iter().map(|message| message.id);
        let missing: Vec<_> = all
            .filter(|id| before.is_none_or(|before| *id < before))
            .collect();
        let Some(newest) = missing.first() else {
            return Ok(());
        };
        self.wait().await?;
        match self.reader.fetch(channel, *newest).await {
            Err(refused) if refused.message_is_gone() => self.forget(missing).await,
            Err(refused) => return Err(refused.into()),
            Ok(_) => {}
        }
        Ok(())
    }

    /// A channel that Discord does not know any more is forgotten, if its server is there and does not have it either.
    async fn understand(&self, channel: ChannelId, guild: Option<GuildId>) {
        if !self.is_missing(channel, guild) {
            return tracing::debug!(%channel, "Discord does not know a channel that its server may still have");
        }
        tracing::info!(%channel, "a channel was deleted meanwhile; what is remembered of it is forgotten");
        if let Err(error) = self.companion.channel_deleted(channel).await {
            tracing::error!(%error, %channel, "the memory of a deleted channel could not be removed");
        }
    }

    /// Whether the channel's server lists its channels without this one. Discord lists those that the bot may not see, too,
    /// <https://github.com/discord/discord-api-docs/issues/867>.
    fn is_missing(&self, channel: ChannelId, guild: Option<GuildId>) -> bool {
        let Some(guild) = guild else {
            return false;
        };
        let guild = self.ctx.cache.guild(DiscordGuild::new(guild.get()));
        guild.is_some_and(|guild| {
            let is_there = |id: &serenity::all::ChannelId| id.get() == channel.get();
            !guild.channels.keys().any(is_there)
                && !guild.threads.iter().any(|thread| is_there(&thread.id))
        })
    }

    async fn forget(&self, gone: Vec<MessageId>) {
        if gone.is_empty() {
            return;
        }
        tracing::info!(messages = gone.len(), "messages were deleted meanwhile");
        if let Err(error) = self.companion.deleted(gone).await {
            tracing::error!(%error, "the memory of deleted messages could not be removed");
        }
    }

    async fn revise(&self, guild: Option<GuildId>, message: &Value) {
        let Some(message) = self.reader.hear(guild, message, true).await else {
            return;
        };
        if let Err(error) = self.companion.edited(message).await {
            tracing::error!(%error, "the memory of an edited message could not be changed");
        }
    }

    /// Waits for the next request's time.
    async fn wait(&self) -> Result<(), Obstacle> {
        tokio::time::sleep(SPACING).await;
        let newest = self.all.begun.get(&self.shard.number).map(|begun| *begun);
        match newest == Some(self.number) && !self.companion.is_stopping() {
            true => Ok(()),
            false => Err(Obstacle::Over),
        }
    }
}

/// Whether Discord says that there is no such channel, and nothing less.
fn is_unknown_channel(refused: &Refused) -> bool {
    matches!(refused, Refused::Answered { code, .. } if *code == UNKNOWN_CHANNEL)
}

/// This shard's channels with their messages, those with the newest first, and in each the newest first.
fn by_channel(
    remembered: Vec<Remembered>,
    shard: Shard,
) -> Vec<(ChannelId, Option<GuildId>, Vec<Remembered>)> {
    let mut channels: BTreeMap<ChannelId, (Option<GuildId>, Vec<Remembered>)> = BTreeMap::new();
    for message in remembered
        .into_iter()
        .filter(|message| shard.has(message.guild))
    {
        let (guild, messages) = channels.entry(message.channel).or_default();
        *guild = message.guild;
        messages.push(message);
    }
    let mut all: Vec<_> = channels
        .into_iter()
        .map(|(channel, (guild, mut messages))| {
            messages.sort_by_key(|message| std::cmp::Reverse(message.id));
            (channel, guild, messages)
        })
        .collect();
    all.sort_by_key(|(_, _, messages)| std::cmp::Reverse(messages.first().map(|one| one.id)));
    all.truncate(CHANNELS);
    all
}
