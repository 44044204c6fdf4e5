//! Discord as a place where personas speak: the adapter that the turn calls.

use std::sync::Arc;

use companion::speaker::{Destination, SpeakError, Speaker, Utterance, Voice};
use futures_util::future::BoxFuture;
use safety::split::split;
use serenity::cache::Cache;
use serenity::http::Http;
use serenity::model::id::{ChannelId, GuildId};
use store::id::MessageId;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, warn};

use super::avatars::Avatars;
use super::edits::Edits;
use super::figures::Figures;
use super::open::open_channels;
use super::outlet::{Outlet, Posted};
use super::permissions::{Abilities, Course};
use super::rest::Rest;
use super::signature;
use super::utterance::Draft;
use super::webhook::{Way, Webhooks};
use super::writer::home;

/// Typing signs on their way at a time; more are not shown, since nobody misses one.
const TYPING_AT_ONCE: usize = 64;

/// The reaction under a message in a channel where the bot may not write.
const CANNOT_WRITE: &str = "🔇";

/// What all messages that are being written share.
pub(super) struct Desk {
    pub(super) outlet: Outlet,
    pub(super) webhooks: Webhooks,
    pub(super) avatars: Avatars,
    pub(super) edits: Edits,
    pub(super) figures: Figures,
    /// Everything that still writes; waited for at a stop.
    pub(super) tasks: TaskTracker,
}

/// Speaks on Discord.
pub struct DiscordSpeaker {
    desk: Arc<Desk>,
    typing: Arc<Semaphore>,
    cache: Option<Arc<Cache>>,
}

impl DiscordSpeaker {
    /// Speaks through `http`, whose application id must be known before the first message (serenity sets it at READY).
    /// Once `stop` is cancelled, messages no longer stream: they are only finished.
    pub fn new(http: Arc<Http>, stop: CancellationToken) -> Self {
        let rest = Rest::new(http);
        let tasks = TaskTracker::new();
        let desk = Desk {
            outlet: Outlet::new(rest.clone()),
            webhooks: Webhooks::new(rest.clone()),
            avatars: Avatars::new(rest),
            edits: Edits::start(stop, &tasks),
            figures: Figures::default(),
            tasks,
        };
        Self {
            desk: Arc::new(desk),
            typing: Arc::new(Semaphore::new(TYPING_AT_ONCE)),
            cache: None,
        }
    }

    /// Looks into serenity's cache for what the bot may do in a channel, before a reply is paid for.
    pub fn with_cache(self, cache: Arc<Cache>) -> Self {
        Self {
            cache: Some(cache),
            ..self
        }
    }

    /// What was counted of its messages.
    pub fn figures(&self) -> &Figures {
        &self.desk.figures
    }

    pub(super) fn outlet(&self) -> &Outlet {
        &self.desk.outlet
    }

    pub(super) fn cache(&self) -> Option<&Cache> {
        self.cache.as_deref()
    }

    /// What the bot may do there; `None` where the cache does not know, and Discord will tell.
    fn abilities(&self, to: Destination) -> Option<Abilities> {
        let cache = self.cache.as_ref()?;
        let guild = cache.guild(GuildId::new(to.guild?.get()))?;
        let me = cache.current_user().id;
        Abilities::in_guild(&guild, ChannelId::new(to.channel.get()), me)
    }

    /// Waits until everything that was begun is written. To be called after the stop, when no turn begins any more.
    pub async fn finish(&self) {
        self.desk.tasks.close();
        self.desk.tasks.wait().await;
    }
}

impl Speaker for DiscordSpeaker {
    fn may_speak(&self, to: Destination) -> Result<(), SpeakError> {
        match self.abilities(to).map(Abilities::course) {
            Some(Course::React | Course::Silent) => Err(SpeakError::MissingPermission {
                what: "send messages",
            }),
            Some(Course::AsPersona | Course::AsBot) | None => Ok(()),
        }
    }

    fn open_channels(&self, guild: store::id::GuildId) -> Vec<store::id::ChannelId> {
        let guild = GuildId::new(guild.get());
        let cached = self.cache.as_ref().and_then(|cache| cache.guild(guild));
        cached.map_or_else(Vec::new, |guild| open_channels(&guild))
    }

    fn decline(&self, to: Destination) {
        if self.abilities(to).map(Abilities::course) != Some(Course::React) {
            return;
        }
        let outlet = self.desk.outlet.clone();
        self.desk.tasks.spawn(async move {
            if let Err(refused) = outlet.react(to, CANNOT_WRITE).await {
                debug!(channel = %to.channel, %refused, "no sign that a message cannot be answered");
            }
        });
    }

    fn typing(&self, to: Destination) {
        let Ok(place) = Arc::clone(&self.typing).try_acquire_owned() else {
            return;
        };
        let outlet = self.desk.outlet.clone();
        self.desk.tasks.spawn(async move {
            if let Err(refused) = outlet.typing(to).await {
                debug!(channel = %to.channel, %refused, "no typing sign");
            }
            drop(place);
        });
    }

    fn take_back(&self, to: Destination, begun: Vec<MessageId>) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            if begun.is_empty() {
                return;
            }
            let Way::Hook(hook) = self.desk.webhooks.way(home(to)).await else {
                return;
            };
            for id in begun {
                let posted = Posted {
                    id: id.get().into(),
                    hook: Some(Arc::clone(&hook)),
                    found: None,
                };
                if let Err(refused) = self.desk.outlet.delete(to, &posted).await
                    && !refused.message_is_gone()
                {
                    warn!(channel = %to.channel, %refused, "a message that was cut off could not be deleted");
                }
            }
        })
    }

    fn open(&self, to: Destination, voice: Voice) -> Box<dyn Utterance> {
        Box::new(Draft::open(&self.desk, to, voice))
    }

    fn notice(
        &self,
        to: Destination,
        text: String,
    ) -> BoxFuture<'_, Result<MessageId, SpeakError>> {
        Box::pin(async move {
            let mut first = None;
            for (part, piece) in split(&text).iter().enumerate() {
                let nonce = signature::notice_nonce(to.reply_to, part, piece);
                let posted = self.desk.outlet.post_by_bot(to, part, nonce, piece).await?;
                self.desk.edits.sent(home(to));
                first.get_or_insert(MessageId::from(posted.id.get()));
            }
            first.ok_or_else(|| SpeakError::Unavailable("it was empty".to_owned()))
        })
    }
}
