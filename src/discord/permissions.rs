//! What the bot may do where it was spoken to, and what it does if it may not answer. Plain decisions, no I/O.

use chrono::{DateTime, Utc};
use serenity::model::Permissions;
use serenity::model::channel::ThreadMetadata;
use serenity::model::guild::{Guild, Member};
use serenity::model::id::{ChannelId, UserId};

/// What is left to a member whom moderators have timed out. Owners and administrators are exempt.
/// <https://discord.com/developers/docs/topics/permissions#permissions-for-timed-out-members>
const TIMED_OUT: Permissions = Permissions::VIEW_CHANNEL.union(Permissions::READ_MESSAGE_HISTORY);

/// What kind of place it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A channel of a server.
    Channel,
    /// A thread or a forum's post.
    Thread,
    /// A direct message.
    Direct,
}

/// What the bot may do there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Abilities {
    /// It sees the channel.
    pub can_view: bool,
    /// It can write there.
    pub can_send: bool,
    /// It can have a webhook there, so that personas have name and face.
    pub can_manage_webhooks: bool,
    /// It can attach files.
    pub can_attach: bool,
    /// It can put a reaction under a message.
    pub can_react: bool,
}

/// What the bot does with a message that asks for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// The persona answers under its own name and face.
    AsPersona,
    /// The persona answers through the bot's own account.
    AsBot,
    /// No answer is possible; a reaction shows that the message was seen. Never a direct message that nobody asked for.
    React,
    /// Nothing can be done.
    Silent,
}

impl Abilities {
    /// What `permissions`, as Discord computes them for the channel (for a thread: its parent), allow in a place.
    pub fn of(permissions: Permissions, place: Place) -> Self {
        if place == Place::Direct {
            return Self {
                can_view: true,
                can_send: true,
                can_manage_webhooks: false,
                can_attach: true,
                can_react: true,
            };
        }
        let may = |what| permissions.administrator() || permissions.contains(what);
        let can_view = may(Permissions::VIEW_CHANNEL);
        let sending = match place {
            Place::Thread => Permissions::SEND_MESSAGES_IN_THREADS,
            _ => Permissions::SEND_MESSAGES,
        };
        let can_send = can_view && may(sending);
        Self {
            can_view,
            can_send,
            can_manage_webhooks: can_view && may(Permissions::MANAGE_WEBHOOKS),
            can_attach: can_send && may(Permissions::ATTACH_FILES),
            can_react: can_view
                && may(Permissions::ADD_REACTIONS | Permissions::READ_MESSAGE_HISTORY),
        }
    }

    /// What member `me` may do in a channel or thread of `guild` at `now`; `None` if the guild knows neither of them.
    pub fn in_guild(
        guild: &Guild,
        channel: ChannelId,
        me: UserId,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let member = guild.members.get(&me)?;
        let thread = guild.threads.iter().find(|thread| thread.id == channel);
        let (home, place) = match thread {
            Some(thread) => (thread.parent_id?, Place::Thread),
            None => (channel, Place::Channel),
        };
        let home = guild.channels.get(&home)?;
        let mut permissions = guild.user_permissions_in(home, member);
        if is_timed_out(member, now) && !permissions.administrator() && guild.owner_id != me {
            permissions &= TIMED_OUT;
        }
        let able = Self::of(permissions, place);
        Some(match thread.and_then(|thread| thread.thread_metadata) {
            Some(state) => able.in_thread(state, permissions),
            None => able,
        })
    }

    /// What is left of it in a thread that is archived or locked. A message opens an archived thread; a locked one is for
    /// those who manage threads only. <https://discord.com/developers/docs/topics/threads#locked-threads>
    fn in_thread(self, state: ThreadMetadata, permissions: Permissions) -> Self {
        let manages = permissions.administrator() || permissions.manage_threads();
        let shut = state.locked && !manages;
        Self {
            can_send: self.can_send && !shut,
            can_attach: self.can_attach && !shut,
            // Before a message has opened it, nobody reacts in an archived thread.
            can_react: self.can_react && !state.archived,
            ..self
        }
    }

    /// What to do with a message that asks for an answer. Where a server denies the bot to write, it does not slip in
    /// through a webhook either.
    pub fn course(self) -> Course {
        match self {
            Self {
                can_send: true,
                can_manage_webhooks: true,
                ..
            } => Course::AsPersona,
            Self { can_send: true, .. } => Course::AsBot,
            Self {
                can_react: true, ..
            } => Course::React,
            _ => Course::Silent,
        }
    }

    /// One sentence for the person or the admin about what is missing, with the next step; `None` if nothing is.
    pub fn complaint(self) -> Option<&'static str> {
        if !self.can_view {
            return Some(
                "I cannot see that channel. A server admin can give me View Channel there.",
            );
        }
        if !self.can_send {
            return Some(
                "I may not write in this channel. A server admin can give me Send Messages (in threads: Send Messages in Threads).",
            );
        }
        if !self.can_manage_webhooks {
            return Some(
                "Companions speak through my own account here. A server admin can give me Manage Webhooks, then they have their own name and face.",
            );
        }
        None
    }
}

/// serenity's arithmetic does not know of time-outs.
fn is_timed_out(member: &Member, now: DateTime<Utc>) -> bool {
    member
        .communication_disabled_until
        .is_some_and(|until| *until > now)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Permissions = Permissions::VIEW_CHANNEL
        .union(Permissions::SEND_MESSAGES)
        .union(Permissions::SEND_MESSAGES_IN_THREADS)
        .union(Permissions::MANAGE_WEBHOOKS)
        .union(Permissions::ADD_REACTIONS)
        .union(Permissions::READ_MESSAGE_HISTORY);

    fn course(permissions: Permissions, place: Place) -> Course {
        Abilities::of(permissions, place).course()
    }

    #[test]
    fn a_persona_needs_webhooks_and_else_the_bot_speaks() {
        assert_eq!(course(ALL, Place::Channel), Course::AsPersona);
        assert_eq!(
            course(ALL - Permissions::MANAGE_WEBHOOKS, Place::Channel),
            Course::AsBot
        );
        assert_eq!(course(Permissions::empty(), Place::Direct), Course::AsBot);
        assert_eq!(
            course(Permissions::ADMINISTRATOR, Place::Thread),
            Course::AsPersona
        );
    }

    #[test]
    fn a_thread_has_a_permission_of_its_own() {
        assert_eq!(
            course(ALL - Permissions::SEND_MESSAGES, Place::Thread),
            Course::AsPersona
        );
        assert_eq!(
            course(ALL - Permissions::SEND_MESSAGES_IN_THREADS, Place::Thread),
            Course::React
        );
    }

    #[test]
    fn where_it_may_not_write_it_does_not_speak_through_a_webhook_either() {
        assert_eq!(
            course(ALL - Permissions::SEND_MESSAGES, Place::Channel),
            Course::React
        );
        assert_eq!(
            course(Permissions::VIEW_CHANNEL, Place::Channel),
            Course::Silent
        );
        assert_eq!(
            course(ALL - Permissions::VIEW_CHANNEL, Place::Channel),
            Course::Silent
        );
    }

    fn in_thread(state: serde_json::Value, permissions: Permissions) -> Course {
        let mut whole =
            serde_json::json!({ "archived": false, "locked": false, "auto_archive_duration": 60 });
        for (key, value) in state.as_object().unwrap() {
            whole[key] = value.clone();
        }
        let state = serde_json::from_value(whole).unwrap();
        Abilities::of(permissions, Place::Thread)
            .in_thread(state, permissions)
            .course()
    }

    #[test]
    fn an_archived_thread_is_opened_by_writing_and_a_locked_one_only_by_those_who_manage_threads() {
        let archived = || serde_json::json!({ "archived": true });
        let locked = || serde_json::json!({ "locked": true });
        let both = || serde_json::json!({ "archived": true, "locked": true });
        assert_eq!(in_thread(archived(), ALL), Course::AsPersona);
        assert_eq!(in_thread(locked(), ALL), Course::React);
        assert_eq!(in_thread(both(), ALL), Course::Silent);
        let moderator = ALL | Permissions::MANAGE_THREADS;
        assert_eq!(in_thread(both(), moderator), Course::AsPersona);
        assert_eq!(
            in_thread(both(), Permissions::ADMINISTRATOR),
            Course::AsPersona
        );
    }

    #[test]
    fn who_is_timed_out_may_look_and_not_speak() {
        assert_eq!(course(ALL & TIMED_OUT, Place::Channel), Course::Silent);
    }

    #[test]
    fn what_is_missing_is_said_in_one_sentence_with_the_next_step() {
        let complaint = |p| Abilities::of(p, Place::Channel).complaint();
        assert_eq!(complaint(ALL), None);
        assert!(
            complaint(ALL - Permissions::SEND_MESSAGES)
                .unwrap()
                .contains("Send Messages")
        );
        assert!(
            complaint(ALL - Permissions::MANAGE_WEBHOOKS)
                .unwrap()
                .contains("Manage Webhooks")
        );
        assert!(
            complaint(Permissions::empty())
                .unwrap()
                .contains("View Channel")
        );
    }
}
