//! Who may do what where: Discord's permission arithmetic.

use twilight_model::channel::ChannelType;
use twilight_model::channel::permission_overwrite::PermissionOverwriteType;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, UserMarker};

use super::World;
use super::kind::{NEEDS_CONNECTING, is_voice};
use crate::interactions::Refusal;
use crate::rest::error::{ApiError, ApiResult};

/// What both people may do in their direct messages.
const DIRECT: Permissions = Permissions::VIEW_CHANNEL
    .union(Permissions::SEND_MESSAGES)
    .union(Permissions::EMBED_LINKS)
    .union(Permissions::ATTACH_FILES)
    .union(Permissions::ADD_REACTIONS)
    .union(Permissions::READ_MESSAGE_HISTORY)
    .union(Permissions::USE_EXTERNAL_EMOJIS)
    .union(Permissions::MENTION_EVERYONE)
    .union(Permissions::PIN_MESSAGES)
    .union(Permissions::USE_SLASH_COMMANDS);

/// What a timed-out member keeps (developer documentation, Permissions › Permissions For Timed Out Members).
const TIMED_OUT: Permissions = Permissions::VIEW_CHANNEL.union(Permissions::READ_MESSAGE_HISTORY);
/// What falls with the permission to write (developer documentation, Permissions › Implicit Permissions).
const NEEDS_WRITING: Permissions = Permissions::MENTION_EVERYONE
    .union(Permissions::SEND_TTS_MESSAGES)
    .union(Permissions::ATTACH_FILES)
    .union(Permissions::EMBED_LINKS);

impl World {
    /// What a member may do in a server, before any channel's overwrites. Empty for strangers.
    #[must_use]
    pub fn guild_permissions(&self, user: Id<UserMarker>, guild: Id<GuildMarker>) -> Permissions {
        self.while_timed_out(user, guild, self.permissions_of_roles(user, guild))
    }

    /// What is left of `allowed` if this member is timed out. Owners and administrators never are.
    fn while_timed_out(
        &self,
        user: Id<UserMarker>,
        guild: Id<GuildMarker>,
        allowed: Permissions,
    ) -> Permissions {
        let member = self
            .guilds
            .get(&guild)
            .and_then(|state| state.members.get(&user));
        let timed_out = member.is_some_and(|member| self.is_timed_out(member));
        if timed_out && !allowed.contains(Permissions::ADMINISTRATOR) {
            return allowed & TIMED_OUT;
        }
        allowed
    }

    fn permissions_of_roles(&self, user: Id<UserMarker>, guild: Id<GuildMarker>) -> Permissions {
        let Some(state) = self.guilds.get(&guild) else {
            return Permissions::empty();
        };
        let Some(member) = state.members.get(&user) else {
            return Permissions::empty();
        };
        if state.guild.owner_id == user {
            return Permissions::all();
        }
        let mut allowed = Permissions::empty();
        for role in &state.guild.roles {
            if role.id.get() == guild.get() || member.roles.contains(&role.id) {
                allowed |= role.permissions;
            }
        }
        if allowed.contains(Permissions::ADMINISTRATOR) {
            return Permissions::all();
        }
        allowed
    }

    /// What somebody may do in a channel. A thread takes its parent's overwrites.
    #[must_use]
    pub fn permissions(&self, user: Id<UserMarker>, channel: Id<ChannelMarker>) -> Permissions {
        let Some(state) = self.channels.get(&channel) else {
            return Permissions::empty();
        };
        let mut place = &state.channel;
        let Some(guild) = place.guild_id else {
            let recipients = place.recipients.as_deref().unwrap_or_default();
            let named = recipients.iter().any(|person| person.id == user);
            let takes_part = match place.kind {
                ChannelType::Private => named || user == self.bot_id(),
                // A bot is never in a group; people bring its commands along.
                ChannelType::Group => named,
                _ => false,
            };
            return if takes_part {
                DIRECT
            } else {
                Permissions::empty()
            };
        };
        let private = place.kind == ChannelType::PrivateThread;
        let follows = state.followers.contains_key(&user);
        if place.kind.is_thread() {
            let parent = place.parent_id.and_then(|id| self.channels.get(&id));
            match parent {
                Some(parent) => place = &parent.channel,
                None => return Permissions::empty(),
            }
        }
        let thread = state.channel.kind.is_thread();
        let mut allowed = self.permissions_of_roles(user, guild);
        if allowed.contains(Permissions::ADMINISTRATOR) {
            return allowed;
        }
        let Some(member) = self
            .guilds
            .get(&guild)
            .and_then(|state| state.members.get(&user))
        else {
            return Permissions::empty();
        };
        let overwrites = place.permission_overwrites.as_deref().unwrap_or_default();
        let (mut deny, mut allow) = (Permissions::empty(), Permissions::empty());
        for overwrite in overwrites {
            if overwrite.id.get() == guild.get() {
                allowed = (allowed - overwrite.deny) | overwrite.allow;
            } else if member.roles.contains(&overwrite.id.cast()) {
                deny |= overwrite.deny;
                allow |= overwrite.allow;
            }
        }
        allowed = (allowed - deny) | allow;
        for overwrite in overwrites {
            let of_member = overwrite.kind == PermissionOverwriteType::Member;
            if of_member && overwrite.id.get() == user.get() {
                allowed = (allowed - overwrite.deny) | overwrite.allow;
            }
        }
        // Without seeing a channel one may do nothing there; a private thread is seen by those who are in it.
        let hidden = !allowed.contains(Permissions::VIEW_CHANNEL)
            || (private && !follows && !allowed.contains(Permissions::MANAGE_THREADS));
        if hidden {
            return Permissions::empty();
        }
        let writing = if thread {
            Permissions::SEND_MESSAGES_IN_THREADS
        } else {
            Permissions::SEND_MESSAGES
        };
        if !allowed.contains(writing) {
            allowed -= NEEDS_WRITING;
        }
        if is_voice(place.kind) && !allowed.contains(Permissions::CONNECT) {
            allowed -= NEEDS_CONNECTING;
        }
        self.while_timed_out(user, guild, allowed)
    }

    /// Whether the bot has these permissions here: 10003, 50001 (cannot see it) or 50013 (may not) if not.
    pub fn require(&self, channel: Id<ChannelMarker>, needed: Permissions) -> ApiResult<()> {
        self.channel(channel)?;
        let allowed = self.permissions(self.bot_id(), channel);
        if !allowed.contains(Permissions::VIEW_CHANNEL) {
            return Err(ApiError::missing_access());
        }
        if !allowed.contains(needed) {
            return Err(ApiError::missing_permissions());
        }
        Ok(())
    }

    /// Whether somebody may do this here.
    #[must_use]
    pub fn allows(
        &self,
        user: Id<UserMarker>,
        channel: Id<ChannelMarker>,
        needed: Permissions,
    ) -> bool {
        self.permissions(user, channel).contains(needed)
    }

    /// [`World::allows`], as a client tells its person.
    pub fn require_of(
        &self,
        user: Id<UserMarker>,
        channel: Id<ChannelMarker>,
        needed: Permissions,
        deed: &'static str,
    ) -> Result<(), Refusal> {
        if self.allows(user, channel, needed) {
            Ok(())
        } else {
            Err(Refusal::MayNot(deed))
        }
    }

    /// [`World::require`] for a whole server: 10004, 50001 (not in it) or 50013.
    pub fn require_in_guild(&self, guild: Id<GuildMarker>, needed: Permissions) -> ApiResult<()> {
        let state = self
            .guilds
            .get(&guild)
            .ok_or_else(ApiError::unknown_guild)?;
        if !state.members.contains_key(&self.bot_id()) {
            return Err(ApiError::missing_access());
        }
        if !self
            .guild_permissions(self.bot_id(), guild)
            .contains(needed)
        {
            return Err(ApiError::missing_permissions());
        }
        Ok(())
    }

    /// What it takes to write here: threads have a permission of their own.
    #[must_use]
    pub fn writing_permission(&self, channel: Id<ChannelMarker>) -> Permissions {
        let thread = self
            .channels
            .get(&channel)
            .is_some_and(|state| state.channel.kind.is_thread());
        if thread {
            Permissions::SEND_MESSAGES_IN_THREADS
        } else {
            Permissions::SEND_MESSAGES
        }
    }

    /// Whether the channel is age-restricted; a thread is if its parent is.
    #[must_use]
    pub fn is_age_restricted(&self, channel: Id<ChannelMarker>) -> bool {
        let Some(state) = self.channels.get(&channel) else {
            return false;
        };
        let own = state.channel.nsfw.unwrap_or(false);
        let parent = state
            .channel
            .kind
            .is_thread()
            .then_some(state.channel.parent_id)
            .flatten();
        own || parent.is_some_and(|parent| self.is_age_restricted(parent))
    }
}
