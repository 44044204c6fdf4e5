//! Servers: their roles and members.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use twilight_model::gateway::event::DispatchEvent;
use twilight_model::gateway::payload::incoming::{
    GuildCreate, GuildDelete, MemberAdd, MemberUpdate, RoleCreate, RoleUpdate,
};
use twilight_model::guild::{
    AfkTimeout, DefaultMessageNotificationLevel, ExplicitContentFilter, Guild, Member, MemberFlags,
    MfaLevel, NSFWLevel, PartialMember, Permissions, PremiumTier, Role, RoleColors, RoleFlags,
    SystemChannelFlags, VerificationLevel,
};
use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, RoleMarker, UserMarker};
use twilight_model::user::User;
use twilight_model::util::Timestamp;

use super::World;
use super::event::Audience;

/// A server. Its channels are in [`World::channels`], so `guild.channels` is empty until it is sent.
#[derive(Clone, Debug)]
pub struct GuildState {
    /// The server with its roles.
    pub guild: Guild,
    /// Who is in it; the bot only if it was invited.
    pub members: BTreeMap<Id<UserMarker>, Member>,
    /// The role that came with the bot's invitation.
    pub bot_role: Option<Id<RoleMarker>>,
}

/// What a fresh server lets everybody do.
pub const EVERYONE: Permissions = Permissions::VIEW_CHANNEL
    .union(Permissions::SEND_MESSAGES)
    .union(Permissions::SEND_MESSAGES_IN_THREADS)
    .union(Permissions::CREATE_PUBLIC_THREADS)
    .union(Permissions::EMBED_LINKS)
    .union(Permissions::ATTACH_FILES)
    .union(Permissions::ADD_REACTIONS)
    .union(Permissions::USE_EXTERNAL_EMOJIS)
    .union(Permissions::READ_MESSAGE_HISTORY)
    .union(Permissions::USE_SLASH_COMMANDS)
    .union(Permissions::CHANGE_NICKNAME);

/// What a bot's invitation usually asks for on top.
pub const INVITED_BOT: Permissions =
    Permissions::MANAGE_WEBHOOKS.union(Permissions::MANAGE_THREADS);

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

fn new_member(user: User, roles: Vec<Id<RoleMarker>>, joined_at: Timestamp) -> Member {
    Member {
        avatar: None,
        avatar_decoration_data: None,
        banner: None,
        communication_disabled_until: None,
        deaf: false,
        flags: MemberFlags::empty(),
        joined_at: Some(joined_at),
        mute: false,
        nick: None,
        pending: false,
        premium_since: None,
        roles,
        user,
    }
}

/// A member as a message or an interaction carries it; `permissions` only with an interaction.
#[must_use]
pub fn partial_member(
    member: &Member,
    with_user: bool,
    permissions: Option<Permissions>,
) -> PartialMember {
    PartialMember {
        avatar: member.avatar,
        avatar_decoration_data: member.avatar_decoration_data.clone(),
        banner: member.banner,
        communication_disabled_until: member.communication_disabled_until,
        deaf: member.deaf,
        flags: member.flags,
        joined_at: member.joined_at,
        mute: member.mute,
        nick: member.nick.clone(),
        permissions,
        premium_since: member.premium_since,
        roles: member.roles.clone(),
        user: with_user.then(|| member.user.clone()),
    }
}

fn new_guild(
    id: Id<GuildMarker>,
    name: &str,
    owner: Id<UserMarker>,
    joined_at: Timestamp,
) -> Guild {
    Guild {
        afk_channel_id: None,
        afk_timeout: AfkTimeout::FIVE_MINUTES,
        application_id: None,
        approximate_member_count: None,
        approximate_presence_count: None,
        banner: None,
        channels: Vec::new(),
        default_message_notifications: DefaultMessageNotificationLevel::Mentions,
        description: None,
        discovery_splash: None,
        emojis: Vec::new(),
        explicit_content_filter: ExplicitContentFilter::None,
        features: Vec::new(),
        guild_scheduled_events: Vec::new(),
        icon: None,
        id,
        joined_at: Some(joined_at),
        large: false,
        max_members: Some(500_000),
        max_presences: None,
        max_stage_video_channel_users: Some(50),
        max_video_channel_users: Some(25),
        member_count: Some(0),
        members: Vec::new(),
        mfa_level: MfaLevel::None,
        name: name.to_owned(),
        nsfw_level: NSFWLevel::Default,
        owner: None,
        owner_id: owner,
        permissions: None,
        preferred_locale: "en-US".to_owned(),
        premium_progress_bar_enabled: false,
        premium_subscription_count: Some(0),
        premium_tier: PremiumTier::None,
        presences: Vec::new(),
        public_updates_channel_id: None,
        roles: vec![new_role(id.cast(), "@everyone", EVERYONE, 0)],
        rules_channel_id: None,
        safety_alerts_channel_id: None,
        splash: None,
        stage_instances: Vec::new(),
        stickers: Vec::new(),
        system_channel_flags: SystemChannelFlags::empty(),
        system_channel_id: None,
        threads: Vec::new(),
        unavailable: Some(false),
        vanity_url_code: None,
        verification_level: VerificationLevel::None,
        voice_states: Vec::new(),
        widget_channel_id: None,
        widget_enabled: None,
    }
}

impl World {
    /// A person founds a server. The bot is not in it until [`World::invite_bot`].
    pub fn add_guild(&mut self, name: &str, owner: Id<UserMarker>) -> Id<GuildMarker> {
        let id = self.next_id();
        let now = self.now();
        let guild = new_guild(id, name, owner, now);
        self.guilds.insert(
            id,
            GuildState {
                guild,
                members: BTreeMap::new(),
                bot_role: None,
            },
        );
        self.add_member(id, owner, Vec::new());
        id
    }

    /// The bot is invited with these permissions, which come as a role of its own.
    pub fn invite_bot(&mut self, guild: Id<GuildMarker>, permissions: Permissions) {
        let name = self.bot.user.name.clone();
        let role = self.add_role(guild, &name, permissions);
        if let Some(state) = self.guilds.get_mut(&guild) {
            state.bot_role = Some(role);
        }
        let bot = self.bot_id();
        self.add_member(guild, bot, vec![role]);
        if let Some(event) = self.guild_create(guild) {
            self.emit(Audience::Guild(guild), &event);
        }
    }

    /// A new role at the top.
    pub fn add_role(
        &mut self,
        guild: Id<GuildMarker>,
        name: &str,
        permissions: Permissions,
    ) -> Id<RoleMarker> {
        let id = self.next_id();
        let Some(state) = self.guilds.get_mut(&guild) else {
            return id;
        };
        let position = i64::try_from(state.guild.roles.len()).unwrap_or(i64::MAX);
        let role = new_role(id, name, permissions, position);
        state.guild.roles.push(role.clone());
        let event = RoleCreate {
            guild_id: guild,
            role,
        };
        self.emit(Audience::Guild(guild), &DispatchEvent::RoleCreate(event));
        id
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

    /// Somebody joins with these roles.
    pub fn add_member(
        &mut self,
        guild: Id<GuildMarker>,
        user: Id<UserMarker>,
        roles: Vec<Id<RoleMarker>>,
    ) {
        let now = self.now();
        let Some(account) = self.users.get(&user).cloned() else {
            return;
        };
        let Some(state) = self.guilds.get_mut(&guild) else {
            return;
        };
        let member = new_member(account, roles, now);
        state.members.insert(user, member.clone());
        state.guild.member_count = u64::try_from(state.members.len()).ok();
        let event = MemberAdd {
            guild_id: guild,
            member,
        };
        self.emit(
            Audience::Guild(guild),
            &DispatchEvent::MemberAdd(Box::new(event)),
        );
    }

    /// Changes a member (nickname, roles, time-out …).
    pub fn update_member(
        &mut self,
        guild: Id<GuildMarker>,
        user: Id<UserMarker>,
        change: impl FnOnce(&mut Member),
    ) -> Option<Member> {
        let member = self.guilds.get_mut(&guild)?.members.get_mut(&user)?;
        change(member);
        let member = member.clone();
        let event = MemberUpdate {
            avatar: member.avatar,
            communication_disabled_until: member.communication_disabled_until,
            deaf: Some(member.deaf),
            flags: Some(member.flags),
            guild_id: guild,
            joined_at: member.joined_at,
            mute: Some(member.mute),
            nick: member.nick.clone(),
            pending: member.pending,
            premium_since: member.premium_since,
            roles: member.roles.clone(),
            user: member.user.clone(),
        };
        self.emit(
            Audience::Guild(guild),
            &DispatchEvent::MemberUpdate(Box::new(event)),
        );
        Some(member)
    }

    /// The bot is thrown out.
    pub fn remove_bot(&mut self, guild: Id<GuildMarker>) {
        let event = DispatchEvent::GuildDelete(GuildDelete {
            id: guild,
            unavailable: None,
        });
        // Discord leaves `unavailable` out where the bot was removed; twilight writes null, which serenity does not read.
        self.emit_patched(Audience::Guild(guild), &event, |payload| {
            if let Some(object) = payload.as_object_mut() {
                object.shift_remove("unavailable");
            }
        });
        let bot = self.bot_id();
        if let Some(state) = self.guilds.get_mut(&guild) {
            state.members.remove(&bot);
        }
    }

    /// The whole server as GUILD_CREATE tells it: with the channels and threads that the bot can see.
    #[must_use]
    pub fn guild_create(&self, id: Id<GuildMarker>) -> Option<DispatchEvent> {
        let state = self.guilds.get(&id)?;
        let mut guild = state.guild.clone();
        guild.members = state.members.values().cloned().collect();
        for channel in self.channels.values() {
            if channel.channel.guild_id != Some(id) {
                continue;
            }
            if channel.channel.kind.is_thread() {
                guild.threads.push(channel.channel.clone());
            } else {
                guild.channels.push(channel.channel.clone());
            }
        }
        Some(DispatchEvent::GuildCreate(Box::new(
            GuildCreate::Available(guild),
        )))
    }
}

/// Adds to a serialised server the empty lists that twilight leaves out; serenity and discord.js read them.
pub fn complete_guild(json: &mut Value) {
    for list in [
        "stickers",
        "stage_instances",
        "guild_scheduled_events",
        "soundboard_sounds",
    ] {
        if json.get(list).is_none() {
            json[list] = json!([]);
        }
    }
}
