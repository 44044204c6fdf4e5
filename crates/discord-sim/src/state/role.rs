//! Roles: made, changed, given away with an invitation, and deleted.

use twilight_model::gateway::event::DispatchEvent;
use twilight_model::gateway::payload::incoming::{RoleCreate, RoleDelete, RoleUpdate};
use twilight_model::guild::{Permissions, Role, RoleColors, RoleFlags, RoleTags};
use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, RoleMarker, UserMarker};

use super::World;
use super::event::Audience;

/// A role with nothing but a name and permissions.
#[must_use]
pub fn new_role(id: Id<RoleMarker>, name: &str, permissions: Permissions, position: i64) -> Role {
    #[expect(
        deprecated,
        reason = "Discord still sends `color`, and the type demands it"
    )]
    Role {
        color: 0,
        colors: RoleColors {
            primary_color: 0,
            secondary_color: None,
            tertiary_color: None,
        },
        hoist: false,
        icon: None,
        id,
        managed: false,
        mentionable: false,
        name: name.to_owned(),
        permissions,
        position,
        flags: RoleFlags::empty(),
        tags: None,
        unicode_emoji: None,
    }
}

/// The role that comes with a bot's invitation: named like the bot, not to be given to others, and told by its tag
/// (developer documentation, Permissions › Role Tags: `bot_id`). Clients list it beside the bot under the same name.
#[must_use]
pub fn managed_role(
    id: Id<RoleMarker>,
    bot: Id<UserMarker>,
    name: &str,
    permissions: Permissions,
    position: i64,
) -> Role {
    Role {
        managed: true,
        tags: Some(RoleTags {
            available_for_purchase: false,
            bot_id: Some(bot),
            guild_connections: false,
            integration_id: None,
            subscription_listing_id: None,
            premium_subscriber: false,
        }),
        ..new_role(id, name, permissions, position)
    }
}

impl World {
    /// A new role at the top.
    pub fn add_role(
        &mut self,
        guild: Id<GuildMarker>,
        name: &str,
        permissions: Permissions,
    ) -> Id<RoleMarker> {
        let id = self.next_id();
        let role = new_role(id, name, permissions, self.next_position(guild));
        self.keep_role(guild, role);
        id
    }

    /// The bot's own role, at the top.
    pub(super) fn add_bot_role(
        &mut self,
        guild: Id<GuildMarker>,
        permissions: Permissions,
    ) -> Id<RoleMarker> {
        let id = self.next_id();
        let bot = &self.bot.user;
        let position = self.next_position(guild);
        let role = managed_role(id, bot.id, &bot.name, permissions, position);
        self.keep_role(guild, role);
        id
    }

    fn next_position(&self, guild: Id<GuildMarker>) -> i64 {
        let count = self.guilds.get(&guild).map_or(0, |it| it.guild.roles.len());
        i64::try_from(count).unwrap_or(i64::MAX)
    }

    fn keep_role(&mut self, guild: Id<GuildMarker>, role: Role) {
        let Some(state) = self.guilds.get_mut(&guild) else {
            return;
        };
        state.guild.roles.push(role.clone());
        let event = RoleCreate {
            guild_id: guild,
            role,
        };
        self.emit(Audience::Guild(guild), &DispatchEvent::RoleCreate(event));
    }

    /// Changes what a role may do.
    pub fn set_role_permissions(
        &mut self,
        guild: Id<GuildMarker>,
        role: Id<RoleMarker>,
        permissions: Permissions,
    ) {
        let Some(state) = self.guilds.get_mut(&guild) else {
            return;
        };
        let Some(found) = state.guild.roles.iter_mut().find(|r| r.id == role) else {
            return;
        };
        found.permissions = permissions;
        let event = RoleUpdate {
            guild_id: guild,
            role: found.clone(),
        };
        self.emit(Audience::Guild(guild), &DispatchEvent::RoleUpdate(event));
    }

    /// Deletes a role. Whoever had it has it no more; Discord tells that by this one event.
    pub fn remove_role(&mut self, guild: Id<GuildMarker>, role: Id<RoleMarker>) {
        let Some(state) = self.guilds.get_mut(&guild) else {
            return;
        };
        state.guild.roles.retain(|other| other.id != role);
        for member in state.members.values_mut() {
            member.roles.retain(|other| *other != role);
        }
        let event = RoleDelete {
            guild_id: guild,
            role_id: role,
        };
        self.emit(Audience::Guild(guild), &DispatchEvent::RoleDelete(event));
    }
}
