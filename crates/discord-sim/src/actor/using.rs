//! What a person does with an application: its commands, its menus, its buttons.

use twilight_model::application::command::{Command, CommandOptionChoice};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, InteractionMarker, MessageMarker};

use super::interaction::{InteractionHandle, NoAnswer};
use super::person::Person;
use crate::interactions::{Argument, Arguments, Refusal};

impl Person {
    /// The commands that the client offers in this channel.
    #[must_use]
    pub fn commands(&self, channel: impl Into<Id<ChannelMarker>>) -> Vec<Command> {
        let world = self.sim.hub().world();
        world.offered_commands(self.id, channel.into())
    }

    /// Uses a slash command, such as `persona switch`, with options.
    pub fn command<A: Into<Argument> + Clone>(
        &self,
        channel: impl Into<Id<ChannelMarker>>,
        path: &str,
        options: &[(&str, A)],
    ) -> Result<InteractionHandle, Refusal> {
        let arguments = options
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone().into()))
            .collect();
        self.command_with(channel, path, &arguments)
    }

    /// [`Person::command`] without options.
    pub fn bare_command(
        &self,
        channel: impl Into<Id<ChannelMarker>>,
        path: &str,
    ) -> Result<InteractionHandle, Refusal> {
        self.command_with(channel, path, &Vec::new())
    }

    /// [`Person::command`] with options of different types.
    pub fn command_with(
        &self,
        channel: impl Into<Id<ChannelMarker>>,
        path: &str,
        arguments: &Arguments,
    ) -> Result<InteractionHandle, Refusal> {
        let channel = channel.into();
        let id = self
            .sim
            .hub()
            .world()
            .use_command(self.id, channel, path, arguments, None)?;
        Ok(self.handle(id))
    }

    /// Types into an option and sees what the bot offers.
    pub async fn autocomplete(
        &self,
        channel: impl Into<Id<ChannelMarker>>,
        path: &str,
        option: &str,
        typed: &str,
    ) -> Result<Vec<CommandOptionChoice>, NoAnswer> {
        let arguments = vec![(option.to_owned(), Argument::from(typed))];
        self.autocomplete_with(channel, path, option, &arguments)
            .await
    }

    /// [`Person::autocomplete`] when other options are filled in as well; `option` is the one being typed.
    pub async fn autocomplete_with(
        &self,
        channel: impl Into<Id<ChannelMarker>>,
        path: &str,
        option: &str,
        arguments: &Arguments,
    ) -> Result<Vec<CommandOptionChoice>, NoAnswer> {
        let channel = channel.into();
        let id =
            self.sim
                .hub()
                .world()
                .use_command(self.id, channel, path, arguments, Some(option))?;
        self.handle(id).choices().await
    }

    /// "Apps › name" on a message.
    pub fn message_menu(
        &self,
        channel: impl Into<Id<ChannelMarker>>,
        name: &str,
        message: Id<MessageMarker>,
    ) -> Result<InteractionHandle, Refusal> {
        let mut world = self.sim.hub().world();
        let id = world.use_message_command(self.id, channel.into(), name, message)?;
        drop(world);
        Ok(self.handle(id))
    }

    /// "Apps › name" on a person.
    pub fn user_menu(
        &self,
        channel: impl Into<Id<ChannelMarker>>,
        name: &str,
        target: &Self,
    ) -> Result<InteractionHandle, Refusal> {
        let mut world = self.sim.hub().world();
        let id = world.use_user_command(self.id, channel.into(), name, target.id)?;
        drop(world);
        Ok(self.handle(id))
    }

    /// Presses a button.
    pub fn click(
        &self,
        channel: impl Into<Id<ChannelMarker>>,
        message: Id<MessageMarker>,
        custom_id: &str,
    ) -> Result<InteractionHandle, Refusal> {
        self.select(channel, message, custom_id, &[])
    }

    /// Picks from a menu.
    pub fn select(
        &self,
        channel: impl Into<Id<ChannelMarker>>,
        message: Id<MessageMarker>,
        custom_id: &str,
        values: &[&str],
    ) -> Result<InteractionHandle, Refusal> {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        let mut world = self.sim.hub().world();
        let id = world.use_component(self.id, channel.into(), message, custom_id, &values)?;
        drop(world);
        Ok(self.handle(id))
    }

    fn handle(&self, id: Id<InteractionMarker>) -> InteractionHandle {
        InteractionHandle::new(self.sim.clone(), id)
    }
}
