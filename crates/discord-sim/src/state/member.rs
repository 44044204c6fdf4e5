//! Members of servers: joining, nicknames, roles, time-outs, leaving.

use std::time::Duration;

use twilight_model::gateway::event::DispatchEvent;
use twilight_model::gateway::payload::incoming::{MemberAdd, MemberRemove, MemberUpdate};
use twilight_model::guild::{Member, MemberFlags, PartialMember, Permissions};
use twilight_model::id::Id;
use twilight_model::id::marker::{GuildMarker, RoleMarker, UserMarker};
use twilight_model::user::User;
use twilight_model::util::Timestamp;

use super::World;
use super::event::Audience;

/// How long a time-out may last (developer documentation, Guild › Modify Guild Member).
pub const LONGEST_TIME_OUT: Duration = Duration::from_secs(28 * 24 * 60 * 60);

/// Why a member cannot be timed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTimeOut {
    /// Nobody of this name is in the server.
    #[error("they are not in this server")]
    NotAMember,
    /// Owners and administrators are exempt (developer documentation, Permissions › Timed Out Members).
    #[error("the owner and administrators of a server cannot be timed out")]
    Exempt,
    /// Longer than [`LONGEST_TIME_OUT`].
    #[error("a time-out ends within 28 days")]
    TooLong,
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

impl World {
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

    /// Gives a role to a member, or takes it back.
    pub fn set_role(
        &mut self,
        guild: Id<GuildMarker>,
        user: Id<UserMarker>,
        role: Id<RoleMarker>,
        has_it: bool,
    ) -> Option<Member> {
        self.update_member(guild, user, |member| {
            member.roles.retain(|other| *other != role);
            if has_it {
                member.roles.push(role);
            }
        })
    }

    /// Times a member out for so long from now, or ends the time-out.
    pub fn time_out(
        &mut self,
        guild: Id<GuildMarker>,
        user: Id<UserMarker>,
        lasting: Option<Duration>,
    ) -> Result<Member, NoTimeOut> {
        if self
            .guild_permissions(user, guild)
            .contains(Permissions::ADMINISTRATOR)
        {
            return Err(NoTimeOut::Exempt);
        }
        if lasting.is_some_and(|lasting| lasting > LONGEST_TIME_OUT) {
            return Err(NoTimeOut::TooLong);
        }
        let until = lasting.and_then(|lasting| {
            let micros = i64::try_from(lasting.as_micros()).ok()?;
            Timestamp::from_micros(self.now().as_micros() + micros).ok()
        });
        self.update_member(guild, user, |member| {
            member.communication_disabled_until = until;
        })
        .ok_or(NoTimeOut::NotAMember)
    }

    /// Whether a member is timed out now. The time stays written after it has passed.
    #[must_use]
    pub fn is_timed_out(&self, member: &Member) -> bool {
        member
            .communication_disabled_until
            .is_some_and(|until| until.as_micros() > self.now().as_micros())
    }

    /// Somebody leaves, or is thrown out: out of the threads, too. What they wrote stays.
    pub fn remove_member(
        &mut self,
        guild: Id<GuildMarker>,
        user: Id<UserMarker>,
    ) -> Option<Member> {
        let state = self.guilds.get_mut(&guild)?;
        let member = state.members.remove(&user)?;
        state.guild.member_count = u64::try_from(state.members.len()).ok();
        for place in self.channels.values_mut() {
            if place.channel.guild_id == Some(guild) {
                place.followers.remove(&user);
            }
        }
        let event = MemberRemove {
            guild_id: guild,
            user: member.user.clone(),
        };
        self.emit(Audience::Guild(guild), &DispatchEvent::MemberRemove(event));
        Some(member)
    }
}
