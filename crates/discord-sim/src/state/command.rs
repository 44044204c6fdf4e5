//! Registered commands: which of them a person sees in a place.

use twilight_model::application::command::{Command, CommandType};
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use super::World;

impl World {
    /// The commands that are registered here: the guild's own first, they hide global ones of the same name.
    #[must_use]
    pub fn commands_in(&self, guild: Option<Id<GuildMarker>>) -> Vec<&Command> {
        let own = self
            .commands
            .values()
            .filter(|command| guild.is_some() && command.guild_id == guild);
        let global = self
            .commands
            .values()
            .filter(|command| command.guild_id.is_none());
        let mut here: Vec<&Command> = Vec::new();
        for command in own.chain(global) {
            let hidden = here
                .iter()
                .any(|seen| seen.kind == command.kind && seen.name == command.name);
            if !hidden {
                here.push(command);
            }
        }
        here
    }

    /// The command of this kind and name in this place.
    #[must_use]
    pub fn find_command(
        &self,
        guild: Option<Id<GuildMarker>>,
        kind: CommandType,
        name: &str,
    ) -> Option<&Command> {
        self.commands_in(guild)
            .into_iter()
            .find(|command| command.kind == kind && command.name == name)
    }
}
