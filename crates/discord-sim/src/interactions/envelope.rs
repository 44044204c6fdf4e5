//! An interaction as the bot gets it.

use std::collections::HashMap;

use serde_json::{Value, json};
use twilight_model::application::command::CommandOptionType;
use twilight_model::application::interaction::application_command::CommandOptionValue;
use twilight_model::application::interaction::{
    Interaction, InteractionChannel, InteractionContextType, InteractionData,
    InteractionDataResolved, InteractionMember, InteractionMetadata, InteractionPartialGuild,
    InteractionType,
};
use twilight_model::channel::{Attachment, ChannelType};
use twilight_model::gateway::event::DispatchEvent;
use twilight_model::gateway::payload::incoming::InteractionCreate;
use twilight_model::id::marker::{
    AttachmentMarker, ChannelMarker, InteractionMarker, MessageMarker, UserMarker,
};
use twilight_model::id::{AnonymizableId, Id};
use twilight_model::oauth::ApplicationIntegrationMap;

use super::command::Installed;
use super::refusal::Refusal;
use crate::state::event::Audience;
use crate::state::member::partial_member;
use crate::state::webhook::secret;
use crate::state::{InteractionState, Upload, World};

/// How long an interaction's token is.
const TOKEN_LENGTH: usize = 140;

/// Something that a person did, ready to be sent.
#[derive(Debug)]
pub struct Invocation {
    user: Id<UserMarker>,
    channel: Id<ChannelMarker>,
    kind: InteractionType,
    data: InteractionData,
    /// The message that a component sits on.
    pub source: Option<Id<MessageMarker>>,
    /// The target of a message command.
    pub target_message: Option<Id<MessageMarker>>,
    /// The target of a user command.
    pub target_user: Option<Id<UserMarker>>,
    /// The interaction that opened the form.
    pub triggered_by: Option<InteractionMetadata>,
}

impl Invocation {
    /// With no source and no target.
    pub fn new(
        user: Id<UserMarker>,
        channel: Id<ChannelMarker>,
        kind: InteractionType,
        data: InteractionData,
    ) -> Self {
        Self {
            user,
            channel,
            kind,
            data,
            source: None,
            target_message: None,
            target_user: None,
            triggered_by: None,
        }
    }
}

/// Gives a subcommand without options its empty list: Discord sends it, twilight omits it, and serenity needs it.
fn complete_subcommands(data: &mut Value) {
    let Some(Value::Array(options)) = data.get_mut("options") else {
        return;
    };
    for option in options {
        let branches = [
            CommandOptionType::SubCommand,
            CommandOptionType::SubCommandGroup,
        ];
        if branches
            .iter()
            .any(|branch| json!(branch) == option["type"])
        {
            if option.get("options").is_none() {
                option["options"] = json!([]);
            }
            complete_subcommands(option);
        }
    }
}

/// A `resolved` without anything in it.
pub fn nothing_resolved() -> InteractionDataResolved {
    InteractionDataResolved {
        attachments: HashMap::new(),
        channels: HashMap::new(),
        members: HashMap::new(),
        messages: HashMap::new(),
        roles: HashMap::new(),
        users: HashMap::new(),
    }
}

impl World {
    /// Sends an interaction to the bot, if it has a session.
    pub fn invoke(
        &mut self,
        invocation: Invocation,
        installed: Installed,
    ) -> Result<Id<InteractionMarker>, Refusal> {
        if !self.sessions.by_id.values().any(|s| s.link.is_some()) {
            return Err(Refusal::Offline);
        }
        let id: Id<InteractionMarker> = self.next_id();
        let token = secret(TOKEN_LENGTH);
        let Invocation {
            user,
            channel,
            kind,
            data,
            ..
        } = invocation;
        let account = self.users.get(&user).cloned().ok_or(Refusal::NoAccess)?;
        let place = self
            .channel(channel)
            .map_err(|_| Refusal::NoAccess)?
            .channel
            .clone();
        let guild = place.guild_id;
        let owners = ApplicationIntegrationMap {
            // In direct messages with the bot the key is there, and its value is "0".
            guild: installed.in_guild.then_some(match guild {
                Some(guild) => AnonymizableId::Id(guild),
                None => AnonymizableId::Anonymized,
            }),
            user: installed.by_user.then_some(user),
        };
        let metadata = InteractionMetadata {
            authorizing_integration_owners: owners.clone(),
            id,
            interacted_message_id: invocation.source,
            kind,
            original_response_message_id: None,
            target_message_id: invocation.target_message,
            target_user: invocation
                .target_user
                .and_then(|id| self.users.get(&id).cloned()),
            triggering_interaction_metadata: invocation.triggered_by.map(Box::new),
            user: account.clone(),
        };
        let guild_state = guild.and_then(|guild| self.guilds.get(&guild));
        let permissions = self.permissions(user, channel);
        let member = guild_state
            .and_then(|state| state.members.get(&user))
            .map(|member| partial_member(member, true, Some(permissions)));
        let message = invocation.source.and_then(|id| {
            let stored = self.channels.get(&channel)?.messages.get(&id)?;
            Some(stored.message.clone())
        });
        #[expect(
            deprecated,
            reason = "Discord still sends `channel_id`, and clients read it"
        )]
        let interaction = Interaction {
            app_permissions: Some(self.permissions(self.bot_id(), channel)),
            application_id: self.bot.application_id,
            authorizing_integration_owners: owners,
            channel: Some(place),
            channel_id: Some(channel),
            context: Some(self.context(channel)),
            data: Some(data),
            entitlements: Vec::new(),
            guild: guild_state.map(|state| InteractionPartialGuild {
                id: guild,
                features: Some(Vec::new()),
                locale: Some(state.guild.preferred_locale.clone()),
            }),
            guild_id: guild,
            guild_locale: guild_state.map(|state| state.guild.preferred_locale.clone()),
            id,
            kind,
            locale: Some(account.locale.clone().unwrap_or_else(|| "en-US".to_owned())),
            user: member.is_none().then(|| account.clone()),
            member,
            message,
            token: token.clone(),
        };
        let created_ms = self.now_ms();
        let source_revisions = invocation
            .source
            .and_then(|source| self.channels.get(&channel)?.messages.get(&source))
            .map_or(0, |stored| stored.revisions.len());
        self.interactions.insert(
            id,
            InteractionState {
                id,
                token,
                kind,
                channel,
                user,
                created_ms,
                source: invocation.source,
                source_revisions,
                answer: None,
                original: None,
                ephemeral: false,
                thinking: false,
                messages: Vec::new(),
                metadata,
                installed,
            },
        );
        self.emit_patched(
            Audience::App(guild.filter(|_| installed.in_guild)),
            &DispatchEvent::InteractionCreate(Box::new(InteractionCreate(interaction))),
            |json| {
                // twilight leaves these out; Discord sends them, and serenity and discord.js read them.
                json["version"] = json!(1);
                json["attachment_size_limit"] = json!(crate::rest::FILE_LIMIT);
                json["channel"]["permissions"] = json!(permissions);
                complete_subcommands(&mut json["data"]);
                if json["data"]["resolved"].is_null()
                    && let Some(data) = json["data"].as_object_mut()
                {
                    data.shift_remove("resolved");
                }
            },
        );
        Ok(id)
    }

    /// What kind of place a channel is for the application.
    #[must_use]
    pub fn context(&self, channel: Id<ChannelMarker>) -> InteractionContextType {
        let kind = self.channels.get(&channel).map(|state| state.channel.kind);
        match kind {
            Some(ChannelType::Private) => InteractionContextType::BotDm,
            Some(ChannelType::Group) => InteractionContextType::PrivateChannel,
            _ => InteractionContextType::Guild,
        }
    }

    /// Adds what an option's value stands for.
    pub(crate) fn resolve(
        &self,
        value: &CommandOptionValue,
        channel: Id<ChannelMarker>,
        resolved: &mut InteractionDataResolved,
    ) {
        match value {
            CommandOptionValue::User(id) => self.resolve_user(*id, channel, resolved),
            CommandOptionValue::Mentionable(id) => {
                self.resolve_user(id.cast(), channel, resolved);
                self.resolve_role(id.cast(), channel, resolved);
            }
            CommandOptionValue::Role(id) => self.resolve_role(*id, channel, resolved),
            CommandOptionValue::Channel(id) => {
                if let Some(state) = self.channels.get(id) {
                    let shown = InteractionChannel {
                        id: *id,
                        kind: state.channel.kind,
                        name: state.channel.name.clone().unwrap_or_default(),
                        parent_id: state.channel.parent_id,
                        permissions: self.permissions(self.bot_id(), *id),
                        thread_metadata: state.channel.thread_metadata.clone(),
                    };
                    resolved.channels.insert(*id, shown);
                }
            }
            _ => {}
        }
    }

    pub(crate) fn resolve_role(
        &self,
        id: Id<twilight_model::id::marker::RoleMarker>,
        channel: Id<ChannelMarker>,
        resolved: &mut InteractionDataResolved,
    ) {
        let guild = self.guild_of(channel).and_then(|id| self.guilds.get(&id));
        let role = guild.and_then(|state| state.guild.roles.iter().find(|role| role.id == id));
        if let Some(role) = role {
            resolved.roles.insert(id, role.clone());
        }
    }

    pub(crate) fn resolve_user(
        &self,
        id: Id<UserMarker>,
        channel: Id<ChannelMarker>,
        resolved: &mut InteractionDataResolved,
    ) {
        let Some(user) = self.users.get(&id) else {
            return;
        };
        resolved.users.insert(id, user.clone());
        let guild = self.guild_of(channel).and_then(|id| self.guilds.get(&id));
        let Some(member) = guild.and_then(|state| state.members.get(&id)) else {
            return;
        };
        let member = InteractionMember {
            avatar: member.avatar,
            avatar_decoration_data: member.avatar_decoration_data.clone(),
            banner: member.banner,
            communication_disabled_until: member.communication_disabled_until,
            flags: member.flags,
            joined_at: member.joined_at,
            nick: member.nick.clone(),
            pending: member.pending,
            permissions: self.permissions(id, channel),
            premium_since: member.premium_since,
            roles: member.roles.clone(),
        };
        resolved.members.insert(id, member);
    }

    pub(crate) fn ephemeral_attachment(
        &mut self,
        channel: Id<ChannelMarker>,
        id: Id<AttachmentMarker>,
        upload: &Upload,
    ) -> Attachment {
        let path = format!("/ephemeral-attachments/{channel}/{id}/{}", upload.filename);
        self.files.insert(path.clone(), upload.clone());
        let size = crate::rest::files::picture_size(&upload.bytes);
        Attachment {
            content_type: upload.content_type.clone(),
            ephemeral: true,
            duration_secs: None,
            filename: upload.filename.clone(),
            flags: None,
            description: upload.description.clone(),
            height: size.map(|(_, height)| height),
            id,
            proxy_url: format!("{}{path}", self.files_at),
            size: upload.bytes.len() as u64,
            title: None,
            url: format!("{}{path}", self.files_at),
            waveform: None,
            width: size.map(|(width, _)| width),
        }
    }
}
