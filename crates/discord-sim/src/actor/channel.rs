//! A channel, a thread or a direct-message channel.

use twilight_model::channel::ChannelType;
use twilight_model::channel::permission_overwrite::{PermissionOverwrite, PermissionOverwriteType};
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker, RoleMarker, WebhookMarker};

use super::person::Person;
use super::sim::Sim;
use crate::state::StoredMessage;

/// What a new channel is to be. A name alone will do.
#[derive(Clone, Debug, Default)]
pub struct ChannelSpec {
    /// The name.
    pub name: String,
    /// Whether it is age-restricted.
    pub nsfw: bool,
    /// Its kind; a text channel if absent.
    pub kind: Option<ChannelType>,
    /// The category that it is in. It takes nothing from it: whoever makes a channel says who may do what in it.
    pub category: Option<Id<ChannelMarker>>,
    /// The topic.
    pub topic: Option<String>,
    /// Who may do what, other than in the rest of the server.
    pub overwrites: Vec<PermissionOverwrite>,
}

impl From<&str> for ChannelSpec {
    fn from(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }
}

/// A channel, a thread or a direct-message channel.
#[derive(Clone, Debug)]
pub struct Channel {
    pub(super) sim: Sim,
    /// Its id.
    pub id: Id<ChannelMarker>,
}

impl ChannelSpec {
    /// A channel of this kind with this name.
    #[must_use]
    pub fn of(kind: ChannelType, name: &str) -> Self {
        Self {
            kind: Some(kind),
            ..name.into()
        }
    }
}

impl From<&Channel> for Id<ChannelMarker> {
    fn from(channel: &Channel) -> Self {
        channel.id
    }
}

impl Channel {
    pub(super) fn new(sim: Sim, id: Id<ChannelMarker>) -> Self {
        Self { sim, id }
    }

    pub(super) fn sim(&self) -> &Sim {
        &self.sim
    }

    /// Takes these permissions away from the bot in this channel.
    pub fn deny_bot(&self, permissions: Permissions) {
        let mut world = self.sim.hub().world();
        let bot = world.bot_id();
        // The channel exists as long as this handle's caller did not delete it; then there is nothing to deny.
        let _ = world.deny_member(self.id, bot, permissions);
    }

    /// Allows and denies for a role (the server's id is everybody's role).
    pub fn overwrite_role(&self, role: Id<RoleMarker>, allow: Permissions, deny: Permissions) {
        let overwrite = PermissionOverwrite {
            allow,
            deny,
            id: role.cast(),
            kind: PermissionOverwriteType::Role,
        };
        let _ = self.sim.hub().world().set_overwrite(self.id, overwrite);
    }

    /// Everything that was written here and still stands, ephemeral messages included, oldest first.
    #[must_use]
    pub fn messages(&self) -> Vec<StoredMessage> {
        self.sim.messages(self)
    }

    /// One message.
    #[must_use]
    pub fn message(&self, id: Id<MessageMarker>) -> Option<StoredMessage> {
        let world = self.sim.hub().world();
        world.channels.get(&self.id)?.messages.get(&id).cloned()
    }

    /// The ids of the webhooks here.
    #[must_use]
    pub fn webhooks(&self) -> Vec<Id<WebhookMarker>> {
        let world = self.sim.hub().world();
        world
            .webhooks_of(self.id)
            .map(|webhook| webhook.id)
            .collect()
    }

    /// Somebody deletes all webhooks here, behind the bot's back.
    pub fn delete_webhooks(&self) {
        let ids = self.webhooks();
        let mut world = self.sim.hub().world();
        for id in ids {
            let _ = world.remove_webhook(id);
        }
    }

    /// Fills the channel with webhooks of somebody else, up to this many in all.
    pub fn fill_with_webhooks(&self, by: &Person, up_to: usize) {
        let mut world = self.sim.hub().world();
        while world.webhooks_of(self.id).count() < up_to {
            if world.add_webhook(self.id, by.id, "other", None).is_err() {
                return;
            }
        }
    }

    /// How often the bot showed that it types here.
    #[must_use]
    pub fn bot_typed(&self) -> usize {
        let world = self.sim.hub().world();
        let bot = world.bot_id();
        let typing = world.channels.get(&self.id).map(|state| &state.typing);
        typing.map_or(0, |list| list.iter().filter(|(who, _)| *who == bot).count())
    }

    /// Deletes the channel or thread.
    pub fn delete(&self) {
        let _ = self.sim.hub().world().remove_channel(self.id);
    }
}
