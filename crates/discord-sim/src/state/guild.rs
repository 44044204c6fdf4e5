//! Servers. Their roles are in [`super::role`], their members in [`super::member`].

use std::collections::BTreeMap;

use twilight_model::gateway::event::DispatchEvent;
use twilight_model::gateway::payload::incoming::GuildDelete;
use twilight_model::guild::{
    AfkTimeout, DefaultMessageNotificationLevel, ExplicitContentFilter, Guild, Member, MfaLevel,
    NSFWLevel, Permissions, PremiumTier, SystemChannelFlags, VerificationLevel,
};
use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, RoleMarker, UserMarker};
use twilight_model::util::Timestamp;

use super::World;
use super::event::Audience;
use super::role::new_role;

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
    .union(Permissions::CHANGE_NICKNAME)
    .union(Permissions::CONNECT)
    .union(Permissions::SPEAK);

/// What a bot's invitation usually asks for on top.
pub const INVITED_BOT: Permissions =
    Permissions::MANAGE_WEBHOOKS.union(Permissions::MANAGE_THREADS);

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
        let role = self.add_bot_role(guild, permissions);
        if let Some(state) = self.guilds.get_mut(&guild) {
            state.bot_role = Some(role);
        }
        let bot = self.bot_id();
        self.add_member(guild, bot, vec![role]);
        self.announce_guild(guild);
    }

    /// The bot is thrown out. Its role goes with it, and it hears of nothing but its own departure.
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
        self.remove_member(guild, self.bot_id());
        let role = self
            .guilds
            .get_mut(&guild)
            .and_then(|it| it.bot_role.take());
        if let Some(role) = role {
            self.remove_role(guild, role);
        }
    }
}
