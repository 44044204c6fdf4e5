//! Retention: words that are older than their server keeps them, and servers that the bot was removed from.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::SqliteConnection;

use crate::clock::to_millis;
use crate::forgetting::drop_turns;
use crate::id::{GuildId, TurnId};
use crate::{Store, StoreError, unkept};

/// Turns that are dropped in one write: replies do not wait for a whole month's.
const BATCH: i64 = 500;

impl Store {
    /// How many days a server keeps words; `None` is the operator's default, 0 is for ever.
    pub async fn retention_days(&self, guild: GuildId) -> Result<Option<u32>, StoreError> {
        let days: Option<Option<u32>> =
            sqlx::query_scalar("select retention_days from guild_settings where guild = ?")
                .bind(guild)
                .fetch_optional(self.pool())
                .await?;
        Ok(days.flatten())
    }

    /// Sets how many days a server keeps words.
    pub async fn set_retention_days(
        &self,
        guild: GuildId,
        days: Option<u32>,
    ) -> Result<(), StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                sqlx::query(
                    "insert into guild_settings (guild, retention_days) values (?1, ?2)
                     on conflict (guild) do update set retention_days = ?2",
                )
                .bind(guild)
                .bind(days)
                .execute(conn)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// Drops every turn that is older than its place keeps it, and says how many. `default_days` holds where a server
    /// has set nothing and in direct messages; 0 is for ever. Facts and summaries stay: they outlive the words.
    pub async fn drop_expired(
        &self,
        default_days: u32,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let mut dropped = 0;
        loop {
            let batch: u64 = self
                .write(move |conn| {
                    Box::pin(async move {
                        let turns = expired(conn, default_days, now).await?;
                        drop_turns(conn, &turns).await
                    })
                })
                .await?;
            if batch == 0 {
                self.write(move |conn| Box::pin(unkept::drop_expired(conn, default_days, now)))
                    .await?;
                return Ok(dropped);
            }
            dropped += batch;
        }
    }

    /// Every server of which something is remembered.
    pub async fn known_guilds(&self) -> Result<Vec<GuildId>, StoreError> {
        let guilds = sqlx::query_scalar(
            "select distinct guild from turns where guild is not null
             union select guild from consolidations where guild is not null
             union select guild from guild_settings
             union select guild from profiles
             union select guild from unkept_messages where guild is not null",
        )
        .fetch_all(self.pool())
        .await?;
        Ok(guilds)
    }

    /// Notes that the bot was removed from a server, or (`None`) that it is there again.
    pub async fn note_departure(
        &self,
        guild: GuildId,
        at: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                let query = match at {
                    Some(at) => sqlx::query(
                        "insert into departures (guild, at) values (?, ?) on conflict (guild) do nothing",
                    )
                    .bind(guild)
                    .bind(to_millis(at)),
                    None => sqlx::query("delete from departures where guild = ?").bind(guild),
                };
                query.execute(conn).await?;
                Ok(())
            })
        })
        .await
    }

    /// Forgets the servers that the bot was removed from before `before`: words, facts, choices and settings. What they
    /// spent stays in the ledger, without a word of theirs. Says how many servers that were.
    pub async fn purge_departed(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let gone: Vec<GuildId> = sqlx::query_scalar("select guild from departures where at < ?")
            .bind(to_millis(before))
            .fetch_all(self.pool())
            .await?;
        for guild in &gone {
            self.purge_guild(*guild).await?;
        }
        Ok(gone.len() as u64)
    }

    async fn purge_guild(&self, guild: GuildId) -> Result<(), StoreError> {
        loop {
            let batch: u64 = self
                .write(move |conn| {
                    Box::pin(async move {
                        let turns: Vec<TurnId> =
                            sqlx::query_scalar("select id from turns where guild = ? limit ?")
                                .bind(guild)
                                .bind(BATCH)
                                .fetch_all(&mut *conn)
                                .await?;
                        drop_turns(conn, &turns).await
                    })
                })
                .await?;
            if batch == 0 {
                break;
            }
        }
        self.write(move |conn| {
            Box::pin(async move {
                for statement in [
                    "delete from facts where guild = ?",
                    "delete from turn_numbers where scope in (select scope from consolidations where guild = ?)",
                    "delete from consolidations where guild = ?",
                    "delete from choices where guild = ?",
                    "delete from roster where place_kind = 'guild' and place = ?",
                    "delete from personas where owner_kind = 'guild' and owner = ?",
                    "delete from channel_settings where guild = ?",
                    "delete from memory_pauses where guild = ?",
                    "delete from profiles where guild = ?",
                    "delete from unkept_messages where guild = ?",
                    "delete from watermarks where guild = ?",
                    "delete from claims where guild = ?",
                    "delete from guild_settings where guild = ?",
                    "delete from active_members where guild = ?",
                    "delete from departures where guild = ?",
                ] {
                    sqlx::query(statement).bind(guild).execute(&mut *conn).await?;
                }
                Ok(())
            })
        })
        .await
    }
}

async fn expired(
    conn: &mut SqliteConnection,
    default_days: u32,
    now: DateTime<Utc>,
) -> Result<Vec<TurnId>, StoreError> {
    // By time, the oldest first: the index ends the search at the newest that any place may drop.
    let turns = sqlx::query_scalar(
        "select t.id from turns t left join guild_settings s on s.guild = t.guild
         where t.at < ?1 - coalesce(s.retention_days, ?2) * ?3 and coalesce(s.retention_days, ?2) > 0
         order by t.at limit ?4",
    )
    .bind(to_millis(now))
    .bind(default_days)
    .bind(TimeDelta::days(1).num_milliseconds())
    .bind(BATCH)
    .fetch_all(conn)
    .await?;
    Ok(turns)
}
