//! What Discord tells, passed on: new messages to the turn, edits and deletions to memory.

use std::sync::{Arc, OnceLock};

use companion::Companion;
use companion::incoming::to_remember;
use serenity::all::{
    ChannelId, Context, EventHandler, Guild, GuildId, Message, MessageId, MessageUpdateEvent,
    Ready, ResumedEvent, UnavailableGuild,
};
use serenity::async_trait;

use super::{backfill, hearing};

/// Passes serenity's events on.
pub struct Events {
    // Set before the connection is made; the companion needs the client, and the client its events.
    companion: Arc<OnceLock<Companion>>,
}

impl Events {
    /// Events for the companion that will be in the cell when the connection is made.
    pub fn new(companion: Arc<OnceLock<Companion>>) -> Self {
        Self { companion }
    }

    /// Notes that the bot was removed from a server, or is there again.
    async fn note(&self, guild: GuildId, gone: bool) {
        let Some(companion) = self.companion.get() else {
            return;
        };
        let house = companion.house();
        let at = gone.then(|| house.clock.now());
        if let Err(error) = house.store.note_departure(guild.get().into(), at).await {
            tracing::error!(%error, %guild, "it could not be noted whether the bot is in a server");
        }
    }

    /// Notes the servers that the bot was removed from while it was away. With several shards none sees them all.
    async fn miss(&self, ctx: &Context, ready: &Ready) {
        let Some(companion) = self
            .companion
            .get()
            .filter(|_| ctx.cache.shard_count() == 1)
        else {
            return;
        };
        let known = match companion.house().store.known_guilds().await {
            Ok(known) => known,
            Err(error) => return tracing::error!(%error, "the known servers could not be read"),
        };
        for guild in known {
            if !ready.guilds.iter().any(|here| here.id.get() == guild.get()) {
                self.note(GuildId::new(guild.get()), true).await;
            }
        }
    }

    async fn forget(&self, messages: Vec<MessageId>) {
        let Some(companion) = self.companion.get() else {
            return;
        };
        let messages = messages.into_iter().map(|id| id.get().into()).collect();
        if let Err(error) = companion.house().memory.messages_deleted(messages).await {
            tracing::error!(%error, "the memory of a deleted message could not be removed");
        }
    }
}

#[async_trait]
impl EventHandler for Events {
    async fn ready(&self, ctx: Context, ready: Ready) {
        let shard = ctx.shard_id;
        tracing::info!(user = %ready.user.name, servers = ready.guilds.len(), %shard, "connected to Discord");
        if let Some(companion) = self.companion.get() {
            self.miss(&ctx, &ready).await;
            backfill::catch_up(&ctx, companion).await;
        }
    }

    async fn guild_create(&self, _: Context, guild: Guild, _: Option<bool>) {
        self.note(guild.id, false).await;
    }

    async fn guild_delete(&self, _: Context, guild: UnavailableGuild, _: Option<Guild>) {
        // An unavailable server is one in trouble, not one that the bot was removed from.
        if !guild.unavailable {
            self.note(guild.id, true).await;
        }
    }

    async fn resume(&self, ctx: Context, _: ResumedEvent) {
        tracing::info!(shard = %ctx.shard_id, "resumed; Discord sends what was missed");
    }

    async fn message(&self, ctx: Context, message: Message) {
        let Some(companion) = self.companion.get() else {
            return;
        };
        let bots = companion.house().manner.bot_turns_per_hour > 0;
        if hearing::is_heard(&ctx, &message, bots) {
            companion.hear(hearing::incoming(&ctx.cache, &ctx.http, None, &message).await);
        }
    }

    async fn message_update(
        &self,
        ctx: Context,
        _: Option<Message>,
        _: Option<Message>,
        event: MessageUpdateEvent,
    ) {
        // A persona's own edits are its streaming; an update without content is a preview that Discord added.
        let Some(companion) = self.companion.get() else {
            return;
        };
        let by_person = event.author.as_ref().is_some_and(|author| !author.bot);
        let Some(text) = event.content.filter(|_| by_person) else {
            return;
        };
        let mentions = event.mentions.unwrap_or_default();
        let text = hearing::readable(&text, &mentions, ctx.cache.current_user().id);
        let files = event.attachments.unwrap_or_default();
        let text = to_remember(&text, files.iter().map(|file| file.filename.as_str()));
        if let Err(error) = companion
            .house()
            .memory
            .message_edited(event.id.get().into(), text)
            .await
        {
            tracing::error!(%error, "the memory of an edited message could not be changed");
        }
    }

    async fn message_delete(
        &self,
        _: Context,
        _: ChannelId,
        message: MessageId,
        _: Option<GuildId>,
    ) {
        self.forget(vec![message]).await;
    }

    async fn message_delete_bulk(
        &self,
        _: Context,
        _: ChannelId,
        messages: Vec<MessageId>,
        _: Option<GuildId>,
    ) {
        self.forget(messages).await;
    }
}
