//! Choices: which persona speaks, chosen for oneself, for a channel or for a server. The nearest choice wins.

use chrono::{DateTime, Utc};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::clock::to_millis;
use crate::id::{ChannelId, GuildId, PersonaId, UserId};
use crate::{Store, StoreError};

/// For whom a persona was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChoiceScope {
    /// For one person: in one server, or in their direct messages.
    Me {
        /// The server, or `None` in direct messages.
        guild: Option<GuildId>,
        /// The person.
        user: UserId,
    },
    /// For everybody in a channel or thread. A channel's choice holds in its threads too.
    Channel {
        /// The server, or `None` in direct messages.
        guild: Option<GuildId>,
        /// The channel.
        channel: ChannelId,
    },
    /// For everybody in a server.
    Server {
        /// The server.
        guild: GuildId,
    },
}

impl ChoiceScope {
    /// Kind, guild and target as they are stored.
    fn parts(self) -> (&'static str, i64, i64) {
        let guild_or_zero = |guild: Option<GuildId>| guild.map_or(0, |guild| guild.get() as i64);
        match self {
            Self::Me { guild, user } => ("me", guild_or_zero(guild), user.get() as i64),
            Self::Channel { guild, channel } => {
                ("channel", guild_or_zero(guild), channel.get() as i64)
            }
            Self::Server { guild } => ("server", guild.get() as i64, guild.get() as i64),
        }
    }
}

impl Store {
    /// Chooses a persona for a scope, in place of an earlier choice.
    pub async fn choose(
        &self,
        scope: ChoiceScope,
        persona: PersonaId,
        by: UserId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                let (kind, guild, target) = scope.parts();
                sqlx::query(
                    "insert into choices (kind, guild, target, persona, chosen_by, chosen_at) values (?, ?, ?, ?, ?, ?)
                     on conflict (kind, guild, target) do update
                     set persona = excluded.persona, chosen_by = excluded.chosen_by, chosen_at = excluded.chosen_at",
                )
                .bind(kind)
                .bind(guild)
                .bind(target)
                .bind(persona)
                .bind(by)
                .bind(to_millis(at))
                .execute(conn)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// Lets a scope inherit again. Says whether there was a choice to clear.
    pub async fn clear_choice(&self, scope: ChoiceScope) -> Result<bool, StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                let (kind, guild, target) = scope.parts();
                let cleared =
                    sqlx::query("delete from choices where kind = ? and guild = ? and target = ?")
                        .bind(kind)
                        .bind(guild)
                        .bind(target)
                        .execute(conn)
                        .await?;
                Ok(cleared.rows_affected() == 1)
            })
        })
        .await
    }

    /// The persona that speaks to `user` here, and where that was chosen: for them, else for the channel, else for the
    /// thread's parent, else for the server. `None`: nobody has chosen.
    pub async fn resolve_choice(
        &self,
        guild: Option<GuildId>,
        channel: ChannelId,
        parent: Option<ChannelId>,
        user: UserId,
    ) -> Result<Option<(PersonaId, ChoiceScope)>, StoreError> {
        Ok(self
            .choices_at(guild, channel, parent, user)
            .await?
            .into_iter()
            .next())
    }

    /// Every choice that reaches `user` here, the nearest first: what holds, and what would hold if it were cleared.
    pub async fn choices_at(
        &self,
        guild: Option<GuildId>,
        channel: ChannelId,
        parent: Option<ChannelId>,
        user: UserId,
    ) -> Result<Vec<(PersonaId, ChoiceScope)>, StoreError> {
        let rows = sqlx::query(
            "select 0 as distance, kind, target, persona from choices where kind = 'me' and guild = ?1 and target = ?2
             union all
             select 1, kind, target, persona from choices where kind = 'channel' and guild = ?1 and target = ?3
             union all
             select 2, kind, target, persona from choices where kind = 'channel' and guild = ?1 and target = ?4
             union all
             select 3, kind, target, persona from choices where kind = 'server' and guild = ?1 and target = ?1
             order by distance",
        )
        .bind(guild.map_or(0, |guild| guild.get() as i64))
        .bind(user)
        .bind(channel)
        .bind(parent)
        .fetch_all(self.pool())
        .await?;
        Ok(rows
            .iter()
            .map(|row| choice(row, guild))
            .collect::<Result<_, _>>()?)
    }
}

fn choice(
    row: &SqliteRow,
    guild: Option<GuildId>,
) -> Result<(PersonaId, ChoiceScope), sqlx::Error> {
    let scope = match (row.try_get("kind")?, guild) {
        ("me", guild) => ChoiceScope::Me {
            guild,
            user: row.try_get("target")?,
        },
        ("server", Some(guild)) => ChoiceScope::Server { guild },
        (_, guild) => ChoiceScope::Channel {
            guild,
            channel: row.try_get("target")?,
        },
    };
    Ok((row.try_get("persona")?, scope))
}
