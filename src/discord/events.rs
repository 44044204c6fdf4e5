//! What Discord tells, passed on: new messages to the turn, edits and deletions to memory.

use std::sync::{Arc, OnceLock};

use companion::Companion;
use companion::line::Place;
use dashmap::DashMap;
use serde_json::Value;
use serenity::all::{
    ChannelId, CollectorCallback, Context, Event, EventHandler, Guild, GuildChannel, GuildId,
    Message, MessageId, MessageUpdateEvent, PartialGuildChannel, Ready, ResumedEvent,
    UnavailableGuild,
};
use serenity::async_trait;

use super::backfill::Backfill;
use super::reading::{Reader, message};
use super::reconcile::Reconciliation;
use super::rest::Rest;
use super::shards::Shard;

/// Passes serenity's events on.
pub struct Events {
    // Set before the connection is made; the companion needs the client, and the client its events.
    companion: Arc<OnceLock<Companion>>,
    // The same: what asks Discord knows what the speaking side knows of limits.
    rest: Arc<OnceLock<Rest>>,
    // Made with the first event, which brings the client.
    reader: OnceLock<Arc<Reader>>,
    reconciliation: Reconciliation,
    backfill: Backfill,
    /// Places of messages that Discord has told and that no task has taken yet.
    arrived: Arc<DashMap<store::id::MessageId, Place>>,
    /// Held while Discord is asked for a message that was edited.
    asking: tokio::sync::Mutex<()>,
}

impl Events {
    /// Events for the companion that will be in its cell when the connection is made, as what asks Discord will be.
    pub(crate) fn new(companion: Arc<OnceLock<Companion>>, rest: Arc<OnceLock<Rest>>) -> Self {
        Self {
            companion,
            rest,
            reader: OnceLock::new(),
            reconciliation: Reconciliation::default(),
            backfill: Backfill::default(),
            arrived: Arc::default(),
            asking: tokio::sync::Mutex::default(),
        }
    }

    /// Has every message of this connection take its place in the order in which Discord tells them: serenity hands each to
    /// a task of its own, and tasks overtake each other.
    fn keep_order(&self, ctx: &Context) {
        let (companion, arrived) = (Arc::clone(&self.companion), Arc::clone(&self.arrived));
        let note = move |event: &Event| {
            let written = match event {
                Event::MessageCreate(event) => {
                    let message = &event.message;
                    Some((message.channel_id.get().into(), message.id.get().into()))
                }
                // What serenity cannot parse it hands over as it came.
                Event::Unknown(event) if event.kind == "MESSAGE_CREATE" => {
                    message::channel(&event.value).zip(message::number(&event.value))
                }
                _ => None,
            };
            if let (Some((channel, id)), Some(companion)) = (written, companion.get()) {
                arrived.insert(id, companion.keep_place(channel, id));
            }
            true
        };
        ctx.shard.add_collector(CollectorCallback(Box::new(note)));
    }

    fn reader(&self, ctx: &Context) -> &Arc<Reader> {
        let own = || Rest::new(Arc::clone(&ctx.http), reqwest::Client::new());
        let made = || {
            let rest = self.rest.get_or_init(own).clone();
            Arc::new(Reader::new(Arc::clone(&ctx.cache), rest))
        };
        self.reader.get_or_init(made)
    }

    /// A message as serenity has it, as JSON again: the reading room reads nothing else.
    pub(super) async fn hear(&self, ctx: &Context, message: &Value) {
        let Some(companion) = self.companion.get() else {
            return;
        };
        let (Some(id), Some(channel)) = (message::number(message), message::channel(message))
        else {
            return;
        };
        let kept = self.arrived.remove(&id).map(|(_, place)| place);
        let _place = kept.unwrap_or_else(|| companion.keep_place(channel, id));
        self.backfill
            .gate
            .pass(message::guild(message), channel)
            .await;
        let bots = companion.house().manner.bot_turns_per_hour > 0;
        if let Some(incoming) = self.reader(ctx).hear(None, message, bots).await {
            companion.hear(incoming);
        }
        let guild = message::guild(message);
        self.backfill.listened_to(companion, guild, id).await;
    }

    /// A message was changed. Discord tells all of it for other reasons too: a preview came, somebody pinned it or began a
    /// thread on it, a poll ended. It is an edit only if it says when it was edited.
    pub(super) async fn reread(&self, ctx: &Context, message: &Value) {
        let Some(companion) = self.companion.get() else {
            return;
        };
        if message["content"].is_null() || message["edited_timestamp"].is_null() {
            return;
        }
        let (guild, whole) = match message["author"].is_object() {
            true => (None, message.clone()),
            false => match self.whole(ctx, companion, message).await {
                Some((guild, whole)) => (guild, whole),
                None => return,
            },
        };
        let bots = companion.house().manner.bot_turns_per_hour > 0;
        let Some(message) = self.reader(ctx).hear(guild, &whole, bots).await else {
            return;
        };
        if let Err(error) = companion.edited(message).await {
            tracing::error!(%error, "the memory of an edited message could not be changed");
        }
    }

    /// A remembered message of which an event tells only a part, as Discord has it now, and its server. One after the other is
    /// asked for; others are nothing to us.
    async fn whole(
        &self,
        ctx: &Context,
        companion: &Companion,
        part: &Value,
    ) -> Option<(Option<store::id::GuildId>, Value)> {
        let (id, channel) = (message::number(part)?, message::channel(part)?);
        let scopes = companion.house().store.scopes_showing(&[id]).await;
        let scopes = scopes
            .inspect_err(|error| tracing::error!(%error, message = %id, "it could not be read whether a message is remembered"));
        let scope = scopes.ok()?.into_iter().next()?;
        let _one = self.asking.lock().await;
        match self.reader(ctx).fetch(channel, id).await {
            Ok(whole) => Some((scope.guild, whole)),
            Err(refused) => {
                tracing::debug!(%refused, message = %id, "an edited message could not be read");
                None
            }
        }
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

    /// Notes the servers of this shard that the bot was removed from while it was away.
    async fn miss(&self, ready: &Ready, shard: Shard) {
        let Some(companion) = self.companion.get() else {
            return;
        };
        let known = match companion.house().store.known_guilds().await {
            Ok(known) => known,
            Err(error) => return tracing::error!(%error, "the known servers could not be read"),
        };
        let told: Vec<_> = ready
            .guilds
            .iter()
            .map(|guild| guild.id.get().into())
            .collect();
        for guild in shard.missed(known, &told) {
            self.note(GuildId::new(guild.get()), true).await;
        }
    }

    /// Notes below which channels threads lie: when a channel is deleted, Discord tells nothing of its threads.
    async fn note_threads(&self, guild: GuildId, threads: &[GuildChannel]) {
        let Some(companion) = self.companion.get() else {
            return;
        };
        let below = |thread: &GuildChannel| {
            let parent = thread.parent_id?;
            Some((thread.id.get().into(), parent.get().into()))
        };
        let threads = threads.iter().filter_map(below).collect();
        let store = &companion.house().store;
        let noted = store.note_threads(threads, Some(guild.get().into()));
        if let Err(error) = noted.await {
            tracing::error!(%error, %guild, "it could not be noted below which channels threads lie");
        }
    }

    /// A channel or thread was deleted. Discord tells nothing of its messages, nor of a channel's threads.
    async fn forget_channel(&self, channel: ChannelId) {
        let Some(companion) = self.companion.get() else {
            return;
        };
        if let Err(error) = companion.channel_deleted(channel.get().into()).await {
            tracing::error!(%error, %channel, "the memory of a deleted channel could not be removed");
        }
    }

    async fn forget(&self, messages: Vec<MessageId>) {
        let Some(companion) = self.companion.get() else {
            return;
        };
        let messages = messages.into_iter().map(|id| id.get().into()).collect();
        if let Err(error) = companion.deleted(messages).await {
            tracing::error!(%error, "the memory of a deleted message could not be removed");
        }
    }
}

#[async_trait]
impl EventHandler for Events {
    async fn ready(&self, ctx: Context, ready: Ready) {
        let (shard, own) = (ctx.shard_id, Shard::of(ready.shard));
        self.keep_order(&ctx);
        let told = ready.guilds.iter().map(|guild| guild.id.get().into());
        self.backfill.expect(own, told);
        tracing::info!(user = %ready.user.name, servers = ready.guilds.len(), %shard, "connected to Discord");
        if let Some(companion) = self.companion.get() {
            self.miss(&ready, own).await;
            let reader = self.reader(&ctx);
            if own.has(None) {
                self.backfill.collect(companion, reader, None).await;
            }
            self.reconciliation
                .catch_up(&ctx, companion, reader, own)
                .await;
        }
    }

    async fn guild_create(&self, ctx: Context, guild: Guild, _: Option<bool>) {
        self.note_threads(guild.id, &guild.threads).await;
        if let Some(companion) = self.companion.get() {
            let reader = self.reader(&ctx);
            self.backfill.collect(companion, reader, Some(&guild)).await;
        }
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
        match serde_json::to_value(&message) {
            Ok(message) => self.hear(&ctx, &message).await,
            Err(error) => tracing::error!(%error, message = %message.id, "a message is no JSON"),
        }
    }

    async fn message_update(
        &self,
        ctx: Context,
        _: Option<Message>,
        _: Option<Message>,
        event: MessageUpdateEvent,
    ) {
        match serde_json::to_value(&event) {
            Ok(message) => self.reread(&ctx, &message).await,
            Err(error) => tracing::error!(%error, message = %event.id, "a message is no JSON"),
        }
    }

    async fn channel_update(&self, ctx: Context, _: Option<GuildChannel>, new: GuildChannel) {
        self.reader(&ctx).channel_changed(new.id.get());
    }

    async fn thread_create(&self, _: Context, thread: GuildChannel) {
        let guild = thread.guild_id;
        self.note_threads(guild, &[thread]).await;
    }

    async fn thread_update(&self, ctx: Context, _: Option<GuildChannel>, new: GuildChannel) {
        self.reader(&ctx).channel_changed(new.id.get());
    }

    async fn channel_delete(&self, _: Context, channel: GuildChannel, _: Option<Vec<Message>>) {
        self.forget_channel(channel.id).await;
    }

    async fn thread_delete(
        &self,
        _: Context,
        thread: PartialGuildChannel,
        _: Option<GuildChannel>,
    ) {
        self.forget_channel(thread.id).await;
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
