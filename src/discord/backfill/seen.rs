//! How far each server was listened to, so that what is missed is looked for in channels too where nobody has called the bot
//! yet.

use chrono::TimeDelta;
use companion::Companion;
use dashmap::DashMap;
use serenity::all::Guild;
use store::id::{GuildId, MessageId};

/// It is noted so often at most, and what was written within this time before the mark counts as missed too: of messages
/// that come together, one that is older may be read later. What was answered is not answered again.
const EVERY: TimeDelta = TimeDelta::seconds(30);

/// What was noted by this start.
#[derive(Default)]
pub(super) struct Seen(DashMap<GuildId, MessageId>);

impl Seen {
    /// A server was listened to as far as this message.
    pub(super) async fn note(&self, companion: &Companion, guild: GuildId, message: MessageId) {
        let noted = self.0.get(&guild).map(|noted| *noted);
        if noted.is_some_and(|noted| !is_news(noted, message)) {
            return;
        }
        self.0.insert(guild, message);
        if let Err(error) = companion.house().store.note_seen(guild, message).await {
            tracing::warn!(%error, %guild, "it could not be noted how far a server was listened to");
        }
    }
}

fn is_news(noted: MessageId, message: MessageId) -> bool {
    message.written_at() - noted.written_at() >= EVERY
}

/// The newest message of a server, as Discord tells of it to a new session. In one that is empty it is the moment in which
/// the bot came.
pub(super) fn newest(guild: &Guild) -> MessageId {
    let channels = guild.channels.values().chain(&guild.threads);
    let newest = channels.filter_map(|channel| Some(channel.last_message_id?.get().into()));
    newest.fold(joined(guild), MessageId::max)
}

/// The message behind which everything counts as missed in a server, where nothing was heard in a channel yet; `None` where
/// the bot is for the first time.
pub(super) async fn missed_behind(companion: &Companion, guild: &Guild) -> Option<MessageId> {
    let id = guild.id.get().into();
    match companion.house().store.seen_in(id).await {
        Ok(seen) => {
            let behind = MessageId::first_of(seen?.written_at() - EVERY);
            // It may have been sent away, and be there again.
            Some(behind.max(joined(guild)))
        }
        Err(error) => {
            tracing::error!(%error, guild = %guild.id, "how far a server was listened to could not be read");
            None
        }
    }
}

/// The first message that the bot could have seen.
fn joined(guild: &Guild) -> MessageId {
    MessageId::first_of(*guild.joined_at)
}
