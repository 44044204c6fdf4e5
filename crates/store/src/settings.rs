//! Settings of servers and channels: how a channel is listened to, and a server's language and time zone.

use std::str::FromStr;

use crate::id::{ChannelId, GuildId};
use crate::{Store, StoreError};

/// How a channel is listened to; set by `/chat mode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ChatMode {
    /// Answers when spoken to.
    #[default]
    Mention,
    /// Answers every message that is not plainly for somebody else.
    Active,
    /// Stays silent.
    Off,
}

impl ChatMode {
    /// The word that is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mention => "mention",
            Self::Active => "active",
            Self::Off => "off",
        }
    }
}

/// A word that is no chat mode.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no chat mode; use mention, active or off")]
pub struct NoSuchMode(String);

impl FromStr for ChatMode {
    type Err = NoSuchMode;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "mention" => Ok(Self::Mention),
            "active" => Ok(Self::Active),
            "off" => Ok(Self::Off),
            other => Err(NoSuchMode(other.to_owned())),
        }
    }
}

/// Where a chat mode is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModePlace {
    /// For one channel or thread. A channel's mode holds in its threads too.
    Channel {
        /// The server, or `None` in direct messages.
        guild: Option<GuildId>,
        /// The channel.
        channel: ChannelId,
    },
    /// For a whole server.
    Server(GuildId),
}

impl Store {
    /// The chat mode that holds in a channel, and where it is set: the channel, else the thread's parent, else the
    /// server. `None` means that nobody has set one.
    pub async fn chat_mode(
        &self,
        guild: Option<GuildId>,
        channel: ChannelId,
        parent: Option<ChannelId>,
    ) -> Result<Option<(ChatMode, ModePlace)>, StoreError> {
        let row: Option<(i64, ChannelId, String)> = sqlx::query_as(
            "select 0 as distance, channel, chat_mode from channel_settings where channel = ?1 and chat_mode is not null
             union all
             select 1, channel, chat_mode from channel_settings where channel = ?2 and chat_mode is not null
             union all
             select 2, 0, chat_mode from guild_settings where guild = ?3 and chat_mode is not null
             order by distance limit 1",
        )
        .bind(channel)
        .bind(parent)
        .bind(guild)
        .fetch_optional(self.pool())
        .await?;
        Ok(row.and_then(|(distance, channel, word)| {
            let place = match guild {
                Some(guild) if distance == 2 => ModePlace::Server(guild),
                _ => ModePlace::Channel { guild, channel },
            };
            // The table's check admits only words that are modes.
            Some((word.parse().ok()?, place))
        }))
    }

    /// Sets a chat mode, or with `None` lets the place inherit again.
    pub async fn set_chat_mode(
        &self,
        place: ModePlace,
        mode: Option<ChatMode>,
    ) -> Result<(), StoreError> {
        let word = mode.map(ChatMode::as_str);
        self.write(move |conn| {
            Box::pin(async move {
                match place {
                    ModePlace::Channel { guild, channel } => sqlx::query(
                        "insert into channel_settings (channel, guild, chat_mode) values (?, ?, ?)
                         on conflict (channel) do update set guild = excluded.guild, chat_mode = excluded.chat_mode",
                    )
                    .bind(channel)
                    .bind(guild)
                    .bind(word),
                    ModePlace::Server(guild) => sqlx::query(
                        "insert into guild_settings (guild, chat_mode) values (?, ?)
                         on conflict (guild) do update set chat_mode = excluded.chat_mode",
                    )
                    .bind(guild)
                    .bind(word),
                }
                .execute(conn)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// The language that a server has chosen, as a tag like `en` or `zh-CN`.
    pub async fn language(&self, guild: GuildId) -> Result<Option<String>, StoreError> {
        let language: Option<Option<String>> =
            sqlx::query_scalar("select language from guild_settings where guild = ?")
                .bind(guild)
                .fetch_optional(self.pool())
                .await?;
        Ok(language.flatten())
    }

    /// Sets a server's language, or with `None` goes back to the instance's.
    pub async fn set_language(
        &self,
        guild: GuildId,
        language: Option<String>,
    ) -> Result<(), StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                sqlx::query(
                    "insert into guild_settings (guild, language) values (?, ?)
                     on conflict (guild) do update set language = excluded.language",
                )
                .bind(guild)
                .bind(language)
                .execute(conn)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// Whether personas in a server's threads also read what the channel above remembers; not unless the server says so.
    pub async fn threads_read_parent(&self, guild: GuildId) -> Result<bool, StoreError> {
        let reads: Option<bool> =
            sqlx::query_scalar("select threads_read_parent from guild_settings where guild = ?")
                .bind(guild)
                .fetch_optional(self.pool())
                .await?;
        Ok(reads.unwrap_or(false))
    }

    /// Sets whether personas in a server's threads also read what the channel above remembers.
    pub async fn set_threads_read_parent(
        &self,
        guild: GuildId,
        reads: bool,
    ) -> Result<(), StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                sqlx::query(
                    "insert into guild_settings (guild, threads_read_parent) values (?1, ?2)
                     on conflict (guild) do update set threads_read_parent = ?2",
                )
                .bind(guild)
                .bind(reads)
                .execute(conn)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// The time zone that a server counts its days in, as an IANA name like `Europe/Berlin`.
    pub async fn time_zone(&self, guild: GuildId) -> Result<Option<String>, StoreError> {
        let zone: Option<Option<String>> =
            sqlx::query_scalar("select time_zone from guild_settings where guild = ?")
                .bind(guild)
                .fetch_optional(self.pool())
                .await?;
        Ok(zone.flatten())
    }

    /// Sets a server's time zone, or with `None` goes back to the instance's.
    pub async fn set_time_zone(
        &self,
        guild: GuildId,
        zone: Option<String>,
    ) -> Result<(), StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                sqlx::query(
                    "insert into guild_settings (guild, time_zone) values (?, ?)
                     on conflict (guild) do update set time_zone = excluded.time_zone",
                )
                .bind(guild)
                .bind(zone)
                .execute(conn)
                .await?;
                Ok(())
            })
        })
        .await
    }
}
