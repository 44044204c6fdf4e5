//! Others' webhooks: of members, of other bots, and of those that repost what people say under another name.

use std::time::Duration;

use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker, WebhookMarker};

use super::channel::Channel;
use super::person::{Person, blocked};
use super::sim::Sim;
use crate::interactions::Refusal;
use crate::rest::webhooks::PER_CHANNEL;
use crate::state::account::new_user;
use crate::state::face::Face;
use crate::state::message::{Author, Change};
use crate::state::{Draft, Upload};

/// When PluralKit deletes the original, counted from the repost (its `ProxyService.MessageDeletionDelay`).
const PLURALKIT_DELETES_AFTER: Duration = Duration::from_secs(1);

/// A webhook that is not the bot's. What it posts carries its `application_id` if another bot made it.
#[derive(Clone, Debug)]
pub struct OthersWebhook {
    sim: Sim,
    /// Its id.
    pub id: Id<WebhookMarker>,
    /// Where it posts.
    pub channel: Id<ChannelMarker>,
}

/// The name and face of one message.
#[derive(Clone, Debug, Default)]
pub struct Guise {
    /// The name; the webhook's own if absent.
    pub username: Option<String>,
    /// The picture.
    pub avatar_url: Option<String>,
}

impl From<&str> for Guise {
    fn from(username: &str) -> Self {
        Self {
            username: Some(username.to_owned()),
            avatar_url: None,
        }
    }
}

impl Channel {
    /// A person or another bot makes a webhook here.
    pub fn add_webhook(&self, by: &Person, name: &str) -> Result<OthersWebhook, Refusal> {
        let mut world = self.sim.hub().world();
        if world.webhooks_of(self.id).count() >= PER_CHANNEL {
            return Err(Refusal::OutOfRange("webhooks".to_owned()));
        }
        let webhook = world
            .add_webhook(self.id, by.id, name, None)
            .map_err(|_| Refusal::NoAccess)?;
        Ok(OthersWebhook {
            sim: self.sim.clone(),
            id: webhook.id,
            channel: self.id,
        })
    }
}

impl Channel {
    /// The webhook that a person or another bot has here, made at first use.
    pub fn webhook_of(&self, maker: &Person) -> Result<OthersWebhook, Refusal> {
        let world = self.sim.hub().world();
        let own = world
            .webhooks_of(self.id)
            .find(|webhook| {
                webhook
                    .user
                    .as_ref()
                    .is_some_and(|user| user.id == maker.id)
            })
            .map(|webhook| webhook.id);
        drop(world);
        match own {
            Some(id) => Ok(OthersWebhook {
                sim: self.sim.clone(),
                id,
                channel: self.id,
            }),
            None => self.add_webhook(maker, &maker.name),
        }
    }
}

impl OthersWebhook {
    /// Posts under this name.
    pub fn post(&self, guise: impl Into<Guise>, text: &str) -> Result<Id<MessageMarker>, Refusal> {
        self.post_in(self.channel, guise, text, Vec::new())
    }

    /// Posts in a thread of the channel, with files.
    pub fn post_in(
        &self,
        place: Id<ChannelMarker>,
        guise: impl Into<Guise>,
        text: &str,
        files: Vec<Upload>,
    ) -> Result<Id<MessageMarker>, Refusal> {
        let guise = guise.into();
        let mut world = self.sim.hub().world();
        let webhook = world
            .webhooks
            .get(&self.id)
            .cloned()
            .ok_or(Refusal::NoAccess)?;
        world.screen(place, self.id.cast(), text).map_err(blocked)?;
        let name = guise.username.or(webhook.name).unwrap_or_default();
        let mut user = new_user(self.id.cast(), &name, true);
        user.avatar = match guise.avatar_url {
            Some(address) => Some(world.keep_face(Face::Address(address))),
            None => webhook.avatar,
        };
        let author = Author {
            user,
            webhook: Some(self.id),
            application: webhook.application_id,
        };
        let draft = Draft {
            uploads: files,
            ..Draft::text(text)
        };
        let stored = world
            .post(place, author, draft)
            .map_err(|_| Refusal::NoAccess)?;
        Ok(stored.message.id)
    }

    /// Edits one of its messages.
    pub fn edit(&self, message: Id<MessageMarker>, text: &str) -> Result<(), Refusal> {
        let change = Change {
            content: Some(text.to_owned()),
            ..Change::default()
        };
        let mut world = self.sim.hub().world();
        world
            .revise(self.channel, message, change)
            .map(|_| ())
            .map_err(|_| Refusal::NoMessage)
    }

    /// Deletes one of its messages.
    pub fn delete(&self, message: Id<MessageMarker>) -> Result<(), Refusal> {
        let mut world = self.sim.hub().world();
        world
            .remove_message(self.channel, message)
            .map_err(|_| Refusal::NoMessage)
    }
}

/// When a proxy does what, counted from when it is asked.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// When the original is deleted.
    pub delete: Duration,
    /// When the text is posted anew.
    pub repost: Duration,
}

impl Timing {
    /// As PluralKit does it: it reposts as soon as it can, and deletes the original a second later.
    #[must_use]
    pub fn pluralkit(repost: Duration) -> Self {
        Self {
            delete: repost + PLURALKIT_DELETES_AFTER,
            repost,
        }
    }

    /// The original goes first, and the repost follows.
    #[must_use]
    pub fn delete_first(delete: Duration, gap: Duration) -> Self {
        Self {
            delete,
            repost: delete + gap,
        }
    }
}

/// A bot like PluralKit or Tupperbox: it reposts what a person says through its webhook, under the name of one of their
/// alters, and deletes the original.
#[derive(Clone, Debug)]
pub struct Proxy {
    /// Its account.
    pub bot: Person,
}

impl Sim {
    /// Another bot's account. It is in no server until it joins one.
    pub fn add_bot(&self, name: &str) -> Person {
        let mut world = self.hub().world();
        let id = world.next_id();
        world.users.insert(id, new_user(id, name, true));
        drop(world);
        self.person(id, name)
    }

    /// A bot that proxies.
    pub fn add_proxy(&self, name: &str) -> Proxy {
        Proxy {
            bot: self.add_bot(name),
        }
    }
}

impl Proxy {
    /// Proxies a person's message: deletes it, and posts its text and files under another name, at the times given. Returns
    /// the repost, or `NoMessage` if the original was gone before it was read.
    pub async fn proxy(
        &self,
        channel: &Channel,
        message: Id<MessageMarker>,
        guise: impl Into<Guise>,
        timing: Timing,
    ) -> Result<Id<MessageMarker>, Refusal> {
        let original = channel.message(message).ok_or(Refusal::NoMessage)?;
        let webhook = self.webhook(channel)?;
        let files = self.files(&original.message);
        let repost = async {
            tokio::time::sleep(timing.repost).await;
            webhook.post_in(channel.id, guise, &original.message.content, files)
        };
        let delete = async {
            tokio::time::sleep(timing.delete).await;
            let mut world = self.bot.sim.hub().world();
            world
                .remove_message(channel.id, message)
                .map_err(|_| Refusal::NoMessage)
        };
        let (reposted, deleted) = tokio::join!(repost, delete);
        deleted?;
        reposted
    }

    /// Its webhook in the channel, or of a thread in the channel that the thread hangs on.
    fn webhook(&self, channel: &Channel) -> Result<OthersWebhook, Refusal> {
        let world = self.bot.sim.hub().world();
        let state = world.channels.get(&channel.id).ok_or(Refusal::NoAccess)?;
        let place = if state.channel.kind.is_thread() {
            state.channel.parent_id.ok_or(Refusal::NoAccess)?
        } else {
            channel.id
        };
        drop(world);
        self.bot.sim.channel(place).webhook_of(&self.bot)
    }

    fn files(&self, message: &twilight_model::channel::Message) -> Vec<Upload> {
        let world = self.bot.sim.hub().world();
        message
            .attachments
            .iter()
            .filter_map(|file| {
                let path = file.url.strip_prefix(&world.files_at)?;
                world.files.get(path).cloned()
            })
            .collect()
    }
}
