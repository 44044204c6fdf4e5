//! A server, as its owner sets it up.

use twilight_model::channel::ChannelType;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use super::channel::{Channel, ChannelSpec};
use super::person::Person;
use super::sim::Sim;

/// A server.
#[derive(Clone, Debug)]
pub struct Guild {
    pub(super) sim: Sim,
    /// Its id.
    pub id: Id<GuildMarker>,
    /// Who founded it, and may do everything.
    pub owner: Person,
}

impl Guild {
    pub(super) fn new(sim: Sim, id: Id<GuildMarker>, owner: Person) -> Self {
        Self { sim, id, owner }
    }

    pub(super) fn sim(&self) -> &Sim {
        &self.sim
    }

    /// A text channel with this name, or what the [`ChannelSpec`] says.
    pub fn add_channel(&self, spec: impl Into<ChannelSpec>) -> Channel {
        let spec = spec.into();
        let kind = spec.kind.unwrap_or(ChannelType::GuildText);
        let made = self
            .sim
            .hub()
            .world()
            .add_channel(self.id, kind, |channel| {
                channel.parent_id = spec.category;
                channel.name = Some(spec.name);
                channel.nsfw = Some(spec.nsfw);
                channel.topic = spec.topic;
                channel.permission_overwrites = Some(spec.overwrites);
            });
        Channel::new(self.sim.clone(), made.id)
    }

    /// What the bot's own role allows, on top of what everybody may do.
    pub fn set_bot_permissions(&self, permissions: Permissions) {
        let mut world = self.sim.hub().world();
        let role = world.guilds.get(&self.id).and_then(|state| state.bot_role);
        if let Some(role) = role {
            world.set_role_permissions(self.id, role, permissions);
        }
    }

    /// What everybody may do.
    pub fn set_everyone_permissions(&self, permissions: Permissions) {
        let mut world = self.sim.hub().world();
        world.set_role_permissions(self.id, self.id.cast(), permissions);
    }

    /// Invites the bot, where it was not from the start.
    pub fn invite_bot(&self, permissions: Permissions) {
        self.sim.hub().world().invite_bot(self.id, permissions);
    }

    /// Throws the bot out.
    pub fn remove_bot(&self) {
        self.sim.hub().world().remove_bot(self.id);
    }
}
