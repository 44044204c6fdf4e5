//! Discord as a place where personas speak: the adapter that the turn calls.

use std::sync::Arc;

use companion::speaker::{Begun, Destination, SpeakError, Speaker, Utterance, Voice};
use dashmap::DashSet;
use futures_util::future::BoxFuture;
use serenity::cache::Cache;
use serenity::http::Http;
use serenity::model::id::{ChannelId, GuildId};
use store::clock::{Clock, SystemClock};
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
use super::sign::WAITING;
use super::utterance::Draft;
use super::webhook::{Way, Webhooks};
use super::writer::home;

/// Typing signs on their way at a time; more are not shown, since nobody misses one.
const TYPING_AT_ONCE: usize = 64;

/// What all messages that are being written share.
pub(super) struct Desk {
    pub(super) outlet: Outlet,
    pub(super) webhooks: Webhooks,
    pub(super) avatars: Avatars,
    pub(super) edits: Edits,
    pub(super) figures: Figures,
    /// Everything that still writes; waited for at a stop.
    pub(super) tasks: TaskTracker,
    /// Places for signs that wait until Discord lets the bot speak again.
    pub(super) waiting: Arc<Semaphore>,
    /// Channels in which one of those signs is a line.
    pub(super) line_waits: DashSet<store::id::ChannelId>,
    pub(super) stop: CancellationToken,
}

/// Speaks on Discord.
pub struct DiscordSpeaker {
    desk: Arc<Desk>,
    typing: Arc<Semaphore>,
    rest: Rest,
    cache: Option<Arc<Cache>>,
    clock: Arc<dyn Clock>,
}

impl DiscordSpeaker {
    /// Speaks for `http` through `client`. Its application id must be known before the first message (serenity sets it at
    /// READY). Once `stop` is cancelled, messages no longer stream: they are only finished.
    pub fn new(http: Arc<Http>, client: reqwest::Client, stop: CancellationToken) -> Self {
        Self::counting(http, client, stop, Figures::default())
    }

    /// The same, with figures that others count in too.
    pub fn counting(
        http: Arc<Http>,
        client: reqwest::Client,
        stop: CancellationToken,
        figures: Figures,
    ) -> Self {
        let rest = Rest::new(http, client);
        let tasks = TaskTracker::new();
        let desk = Desk {
            outlet: Outlet::new(rest.clone()),
            webhooks: Webhooks::new(rest.clone()),
            avatars: Avatars::new(rest.clone()),
            edits: Edits::start(stop.clone(), &tasks),
            figures,
            tasks,
            waiting: Arc::new(Semaphore::new(WAITING)),
            line_waits: DashSet::new(),
            stop,
        };
        Self {
            desk: Arc::new(desk),
            typing: Arc::new(Semaphore::new(TYPING_AT_ONCE)),
            rest,
            cache: None,
            clock: Arc::new(SystemClock),
        }
    }

    /// Looks into serenity's cache for what the bot may do in a channel at this time, before a reply is paid for.
    pub fn with_cache(self, cache: Arc<Cache>, clock: Arc<dyn Clock>) -> Self {
        Self {
            cache: Some(cache),
            clock,
            ..self
        }
    }

    /// Cancelled once Discord no longer knows the bot's token.
    pub fn locked_out(&self) -> &CancellationToken {
        self.rest.locked_out()
    }

    /// What it asks Discord through.
    pub(crate) fn rest(&self) -> &Rest {
        &self.rest
    }

    /// What was counted of its messages.
    pub fn figures(&self) -> &Figures {
        &self.desk.figures
    }

    pub(super) fn outlet(&self) -> &Outlet {
        &self.desk.outlet
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    pub(super) fn cache(&self) -> Option<&Cache> {
        self.cache.as_deref()
    }

    /// What the bot may do there; `None` where the cache does not know, and Discord will tell.
    fn abilities(&self, to: Destination) -> Option<Abilities> {
        let cache = self.cache.as_ref()?;
        let guild = cache.guild(GuildId::new(to.guild?.get()))?;
        let me = cache.current_user().id;
        Abilities::in_guild(
            &guild,
            ChannelId::new(to.channel.get()),
            me,
            self.clock.now(),
        )
    }

    /// Waits until everything that was begun is written. To be called after the stop, when no turn begins any more.
    pub async fn finish(&self) {
        self.desk.tasks.close();
        self.desk.tasks.wait().await;
    }
}

impl Speaker for DiscordSpeaker {
    fn may_speak(&self, to: Destination) -> Result<(), SpeakError> {
        if self.locked_out().is_cancelled() {
            return Err(SpeakError::LockedOut);
        }
        let course = self.abilities(to).map(Abilities::course);
        if let Some(Course::React | Course::Silent) = course {
            return Err(SpeakError::MissingPermission {
                what: "send messages",
            });
        }
        let shut = match self.desk.webhooks.known(home(to)) {
            Some(Way::Hook(hook)) => self.desk.outlet.shut(to, Some(&hook)),
            Some(Way::Bot) => self.desk.outlet.shut(to, None),
            // Whether there is a webhook is not known yet.
            None if course == Some(Course::AsPersona) => None,
            None => self.desk.outlet.shut(to, None),
        };
        match shut {
            Some(shut) => Err(SpeakError::RateLimited {
                seconds: shut.as_secs(),
            }),
            None => Ok(()),
        }
    }

    fn open_channels(&self, guild: store::id::GuildId) -> Vec<store::id::ChannelId> {
        let guild = GuildId::new(guild.get());
        let cached = self.cache.as_ref().and_then(|cache| cache.guild(guild));
        cached.map_or_else(Vec::new, |guild| open_channels(&guild))
    }

    fn account(&self) -> Option<String> {
        let name = self.cache.as_ref()?.current_user().name.clone();
        Some(name).filter(|name| !name.is_empty())
    }

    fn sign(
        &self,
        to: Destination,
        line: String,
        why: SpeakError,
    ) -> BoxFuture<'_, Option<MessageId>> {
        let course = self.abilities(to).map(Abilities::course);
        Box::pin(async move { self.desk.sign(to, line, &why, course).await })
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

    fn take_back(&self, to: Destination, begun: Vec<Begun>) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let by_webhook = begun.iter().any(|one| one.by_webhook);
            let hook = match by_webhook {
                true => match self.desk.webhooks.way(home(to)).await {
                    Way::Hook(hook) => Some(hook),
                    Way::Bot => None,
                },
                false => None,
            };
            for one in begun {
                let posted = Posted {
                    id: one.message.get().into(),
                    hook: hook.clone().filter(|_| one.by_webhook),
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
            let first = self.desk.notice(to, &text).await?;
            first.ok_or_else(|| SpeakError::Unavailable("it was empty".to_owned()))
        })
    }
}
