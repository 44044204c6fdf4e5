//! Members of a server, as its owner sees them: nicknames, roles, time-outs, departures.

use std::time::Duration;

use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{RoleMarker, UserMarker};

use super::guild::Guild;
use super::person::Person;
use crate::interactions::Refusal;

impl Guild {
    /// A new person joins, without roles.
    pub fn add_member(&self, name: &str) -> Person {
        self.add_member_with(name, &[])
    }

    /// A new person joins with these roles.
    pub fn add_member_with(&self, name: &str, roles: &[Id<RoleMarker>]) -> Person {
        let person = self.sim().add_person(name);
        self.join(&person, roles);
        person
    }

    /// A person who exists joins.
    pub fn join(&self, person: &Person, roles: &[Id<RoleMarker>]) {
        let mut world = self.sim().hub().world();
        world.add_member(self.id, person.id, roles.to_vec());
    }

    /// A person leaves, or is thrown out.
    pub fn leave(&self, person: &Person) {
        self.sim().hub().world().remove_member(self.id, person.id);
    }

    /// Changes somebody's nickname.
    pub fn set_nick(&self, person: &Person, nick: Option<&str>) {
        self.set_nick_of(person.id, nick);
    }

    /// Changes the nickname of anybody, the bot included.
    pub fn set_nick_of(&self, user: Id<UserMarker>, nick: Option<&str>) {
        let nick = nick.map(str::to_owned);
        let mut world = self.sim().hub().world();
        world.update_member(self.id, user, |member| member.nick = nick);
    }

    /// A new role.
    pub fn add_role(&self, name: &str, permissions: Permissions) -> Id<RoleMarker> {
        let mut world = self.sim().hub().world();
        world.add_role(self.id, name, permissions)
    }

    /// Gives a role to somebody.
    pub fn give_role(&self, user: impl Into<Id<UserMarker>>, role: Id<RoleMarker>) {
        let mut world = self.sim().hub().world();
        world.set_role(self.id, user.into(), role, true);
    }

    /// Takes a role from somebody.
    pub fn take_role(&self, user: impl Into<Id<UserMarker>>, role: Id<RoleMarker>) {
        let mut world = self.sim().hub().world();
        world.set_role(self.id, user.into(), role, false);
    }

    /// The role that came with the bot, which people may mention in its stead.
    #[must_use]
    pub fn bot_role(&self) -> Option<Id<RoleMarker>> {
        self.sim().hub().world().guilds.get(&self.id)?.bot_role
    }

    /// Times somebody out for so long, the bot included; `None` ends it. While it lasts they see and read, and no more.
    pub fn time_out(
        &self,
        user: impl Into<Id<UserMarker>>,
        lasting: Option<Duration>,
    ) -> Result<(), Refusal> {
        let mut world = self.sim().hub().world();
        world.time_out(self.id, user.into(), lasting)?;
        Ok(())
    }
}

impl From<&Person> for Id<UserMarker> {
    fn from(person: &Person) -> Self {
        person.id
    }
}
