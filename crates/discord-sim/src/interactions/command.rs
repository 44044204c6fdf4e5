//! A person uses a command: by its name, while typing it, or from a context menu.

use std::collections::HashMap;

use twilight_model::application::command::{
    Command, CommandOption, CommandOptionType, CommandType,
};
use twilight_model::application::interaction::application_command::{
    CommandData, CommandDataOption, CommandOptionValue,
};
use twilight_model::application::interaction::{
    InteractionContextType, InteractionData, InteractionDataResolved, InteractionType,
};
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{
    ChannelMarker, GenericMarker, GuildMarker, InteractionMarker, MessageMarker, UserMarker,
};
use twilight_model::oauth::ApplicationIntegrationType;

use super::arguments::{Arguments, fill};
use super::envelope::{Invocation, nothing_resolved};
use super::refusal::Refusal;
use crate::state::World;

/// Through which installations somebody reaches a command.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Installed {
    /// The application is in this server (or it is its direct messages).
    pub in_guild: bool,
    /// The person has installed it.
    pub by_user: bool,
}

impl World {
    /// A slash command, such as `persona switch`. `focused` makes it an autocomplete of that option.
    pub fn use_command(
        &mut self,
        user: Id<UserMarker>,
        channel: Id<ChannelMarker>,
        path: &str,
        arguments: &Arguments,
        focused: Option<&str>,
    ) -> Result<Id<InteractionMarker>, Refusal> {
        let mut words = path.trim_start_matches('/').split_whitespace();
        let name = words.next().unwrap_or_default();
        let (command, installed) = self.reachable(user, channel, CommandType::ChatInput, name)?;
        let (chain, declared) = descend(&command, words)?;
        let filled = fill(declared, arguments, focused, || self.next_id())?;
        let mut resolved = nothing_resolved();
        for (id, upload) in filled.files {
            let attachment = self.ephemeral_attachment(channel, id, &upload);
            resolved.attachments.insert(id, attachment);
        }
        for option in &filled.options {
            self.resolve(&option.value, channel, &mut resolved);
        }
        let options = chain
            .into_iter()
            .rev()
            .fold(filled.options, |inner, (name, kind)| {
                let value = match kind {
                    CommandOptionType::SubCommandGroup => {
                        CommandOptionValue::SubCommandGroup(inner)
                    }
                    _ => CommandOptionValue::SubCommand(inner),
                };
                vec![CommandDataOption { name, value }]
            });
        let kind = match focused {
            Some(_) => InteractionType::ApplicationCommandAutocomplete,
            None => InteractionType::ApplicationCommand,
        };
        let mut data = command_data(&command, CommandType::ChatInput);
        data.options = options;
        data.resolved = some_if_any(resolved);
        self.invoke(
            Invocation::new(
                user,
                channel,
                kind,
                InteractionData::ApplicationCommand(Box::new(data)),
            ),
            installed,
        )
    }

    /// "Apps › name" on a message. The bot gets the message with its content, whatever its intents.
    pub fn use_message_command(
        &mut self,
        user: Id<UserMarker>,
        channel: Id<ChannelMarker>,
        name: &str,
        message: Id<MessageMarker>,
    ) -> Result<Id<InteractionMarker>, Refusal> {
        let (command, installed) = self.reachable(user, channel, CommandType::Message, name)?;
        let target = self
            .message(channel, message)
            .map_err(|_| Refusal::NoMessage)?
            .message
            .clone();
        let mut resolved = nothing_resolved();
        resolved.messages = HashMap::from([(message, target)]);
        let mut data = command_data(&command, CommandType::Message);
        data.target_id = Some(message.cast());
        data.resolved = Some(resolved);
        let mut invocation = Invocation::new(
            user,
            channel,
            InteractionType::ApplicationCommand,
            InteractionData::ApplicationCommand(Box::new(data)),
        );
        invocation.target_message = Some(message);
        self.invoke(invocation, installed)
    }

    /// "Apps › name" on a person.
    pub fn use_user_command(
        &mut self,
        user: Id<UserMarker>,
        channel: Id<ChannelMarker>,
        name: &str,
        target: Id<UserMarker>,
    ) -> Result<Id<InteractionMarker>, Refusal> {
        let (command, installed) = self.reachable(user, channel, CommandType::User, name)?;
        let mut resolved = nothing_resolved();
        self.resolve(&CommandOptionValue::User(target), channel, &mut resolved);
        let mut data = command_data(&command, CommandType::User);
        data.target_id = Some(target.cast::<GenericMarker>());
        data.resolved = Some(resolved);
        let mut invocation = Invocation::new(
            user,
            channel,
            InteractionType::ApplicationCommand,
            InteractionData::ApplicationCommand(Box::new(data)),
        );
        invocation.target_user = Some(target);
        self.invoke(invocation, installed)
    }

    /// The commands that this person's client offers in this channel.
    #[must_use]
    pub fn offered_commands(
        &self,
        user: Id<UserMarker>,
        channel: Id<ChannelMarker>,
    ) -> Vec<Command> {
        let guild = self.guild_of(channel);
        self.commands_in(guild)
            .into_iter()
            .filter(|command| self.may_use(user, channel, guild, command).is_ok())
            .cloned()
            .collect()
    }

    fn reachable(
        &self,
        user: Id<UserMarker>,
        channel: Id<ChannelMarker>,
        kind: CommandType,
        name: &str,
    ) -> Result<(Command, Installed), Refusal> {
        let guild = self.guild_of(channel);
        let command = self
            .find_command(guild, kind, name)
            .ok_or_else(|| Refusal::UnknownCommand(name.to_owned()))?;
        let installed = self.may_use(user, channel, guild, command)?;
        Ok((command.clone(), installed))
    }

    fn may_use(
        &self,
        user: Id<UserMarker>,
        channel: Id<ChannelMarker>,
        guild: Option<Id<GuildMarker>>,
        command: &Command,
    ) -> Result<Installed, Refusal> {
        let name = || command.name.clone();
        let context = self.context(channel);
        #[expect(
            deprecated,
            reason = "clients by others still register `dm_permission`"
        )]
        let dm_permission = command.dm_permission.unwrap_or(true);
        let here = match &command.contexts {
            Some(contexts) => contexts.contains(&context),
            None => guild.is_some() || dm_permission,
        };
        if !here {
            return Err(Refusal::NotHere(name()));
        }
        let guild_install = [ApplicationIntegrationType::GuildInstall];
        let types = command
            .integration_types
            .as_deref()
            .unwrap_or(&guild_install);
        let present = match guild {
            Some(guild) => self
                .guilds
                .get(&guild)
                .is_some_and(|state| state.members.contains_key(&self.bot_id())),
            None => context == InteractionContextType::BotDm,
        };
        let installed = Installed {
            in_guild: present && types.contains(&ApplicationIntegrationType::GuildInstall),
            by_user: self.user_installs.contains(&user)
                && types.contains(&ApplicationIntegrationType::UserInstall),
        };
        let own_of_guild = command.guild_id.is_some() && present;
        // Whoever shares direct messages with the bot may use its commands there.
        let direct = guild.is_none() && present;
        if !(installed.in_guild || installed.by_user || own_of_guild || direct) {
            return Err(Refusal::UnknownCommand(name()));
        }
        let permissions = self.permissions(user, channel);
        if !permissions.contains(Permissions::VIEW_CHANNEL) {
            return Err(Refusal::NoAccess);
        }
        if !permissions.contains(Permissions::USE_SLASH_COMMANDS) {
            return Err(Refusal::CommandsOff);
        }
        let administrator = permissions.contains(Permissions::ADMINISTRATOR);
        if let Some(needed) = command.default_member_permissions
            && guild.is_some()
            && !administrator
            && (needed.is_empty() || !permissions.contains(needed))
        {
            return Err(Refusal::NotAllowed(name()));
        }
        if command.nsfw == Some(true) && guild.is_some() && !self.is_age_restricted(channel) {
            return Err(Refusal::AgeRestricted(name()));
        }
        Ok(Installed {
            in_guild: installed.in_guild || own_of_guild || direct,
            ..installed
        })
    }
}

fn command_data(command: &Command, kind: CommandType) -> CommandData {
    CommandData {
        guild_id: command.guild_id,
        // Every registered command has an id.
        id: command.id.unwrap_or(Id::new(1)),
        name: command.name.clone(),
        kind,
        options: Vec::new(),
        resolved: None,
        target_id: None,
    }
}

fn some_if_any(resolved: InteractionDataResolved) -> Option<InteractionDataResolved> {
    (resolved != nothing_resolved()).then_some(resolved)
}

/// The subcommands on the way, and the options of the last one.
type Descent<'a> = (Vec<(String, CommandOptionType)>, &'a [CommandOption]);

/// Goes down the words of a command line to the options of the last one.
fn descend<'a, 'w>(
    command: &'a Command,
    words: impl Iterator<Item = &'w str>,
) -> Result<Descent<'a>, Refusal> {
    let mut chain = Vec::new();
    let mut options: &[CommandOption] = &command.options;
    for word in words {
        let found = options
            .iter()
            .find(|option| is_subcommand(option) && option.name == word);
        let Some(option) = found else {
            return Err(stuck(command, &chain, options));
        };
        chain.push((option.name.clone(), option.kind));
        options = option.options.as_deref().unwrap_or_default();
    }
    if options.iter().any(is_subcommand) {
        return Err(stuck(command, &chain, options));
    }
    Ok((chain, options))
}

fn is_subcommand(option: &CommandOption) -> bool {
    matches!(
        option.kind,
        CommandOptionType::SubCommand | CommandOptionType::SubCommandGroup
    )
}

fn stuck(
    command: &Command,
    chain: &[(String, CommandOptionType)],
    options: &[CommandOption],
) -> Refusal {
    let mut line = vec![command.name.as_str()];
    line.extend(chain.iter().map(|(name, _)| name.as_str()));
    let offered: Vec<_> = options
        .iter()
        .filter(|option| is_subcommand(option))
        .map(|option| option.name.as_str())
        .collect();
    Refusal::UnknownSubcommand(line.join(" "), offered.join(", "))
}
