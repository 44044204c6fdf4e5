//! Retention: words that are older than their server keeps them, and servers that the bot was removed from.

use chrono::{DateTime, TimeDelta, Utc};

use crate::clock::to_millis;
use crate::forgetting::{BATCH, drop_turns};
use crate::id::{GuildId, TurnId, UserId};
use crate::{Store, StoreError, channels, consolidations, tombstones, unkept};

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

    /// Drops every turn that is older than its place keeps it, and every summary that has read words of that age; says how
    /// many turns. `default_days` holds where a server has set nothing and in direct messages; 0 is for ever. Facts stay:
    /// they outlive the words. A summary is written anew from words that have at least half of their time before them.
    pub async fn drop_expired(
        &self,
        default_days: u32,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        for (scope, days) in self.outlived(default_days, now).await? {
            let half = now - TimeDelta::days(days) / 2;
            self.write(move |conn| {
                Box::pin(async move {
                    let scopes = [scope];
                    consolidations::disturb(conn, &scopes).await?;
                    consolidations::drop_summaries(conn, &scopes, half).await
                })
            })
            .await?;
        }
        let mut dropped = 0;
        loop {
            // Read beside the writer, which is given ids alone.
            let turns: Vec<TurnId> = sqlx::query_scalar(EXPIRED)
                .bind(to_millis(now))
                .bind(default_days)
                .bind(TimeDelta::days(1).num_milliseconds())
                .bind(BATCH)
                .fetch_all(self.pool())
                .await?;
            if turns.is_empty() {
                self.write(move |conn| Box::pin(unkept::drop_expired(conn, default_days, now)))
                    .await?;
                return Ok(dropped);
            }
            dropped += self.drop_old(turns).await?;
        }
    }

    /// The scopes whose summary has read words that are older than their place keeps them, and for how many days it does.
    async fn outlived(
        &self,
        default_days: u32,
        now: DateTime<Utc>,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let scopes = sqlx::query_as(
            "select s.scope, coalesce(g.retention_days, ?2) as days
             from summaries s join consolidations c on c.scope = s.scope left join guild_settings g on g.guild = c.guild
             where days > 0 and s.oldest < ?1 - days * ?3",
        )
        .bind(to_millis(now))
        .bind(default_days)
        .bind(TimeDelta::days(1).num_milliseconds())
        .fetch_all(self.pool())
        .await?;
        Ok(scopes)
    }

    /// Drops the oldest of what is kept of a person in a server, what they said and the answers to it, where it is more than
    /// `most` bytes, and says how many turns. Direct messages are one place.
    pub async fn drop_excess(&self, most: u64) -> Result<u64, StoreError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let excess: Vec<(UserId, GuildId, i64)> =
            sqlx::query_as("select person, guild, bytes - ?1 from kept_words where bytes > ?1")
                .bind(most)
                .fetch_all(self.pool())
                .await?;
        let mut dropped = 0;
        for (person, guild, mut left) in excess {
            while left > 0 {
                let oldest: Vec<(TurnId, i64)> = sqlx::query_as(
                    "select id, octet_length(body) from turns where person = ? and guild is ? order by at limit ?",
                )
                .bind(person)
                .bind((guild.get() > 0).then_some(guild))
                .bind(BATCH)
                .fetch_all(self.pool())
                .await?;
                let turns: Vec<TurnId> = oldest
                    .into_iter()
                    .take_while(|(_, bytes)| {
                        let goes = left > 0;
                        left -= bytes;
                        goes
                    })
                    .map(|(turn, _)| turn)
                    .collect();
                if turns.is_empty() {
                    break;
                }
                dropped += self.drop_old(turns).await?;
            }
        }
        Ok(dropped)
    }

    /// Drops turns alone. What a model is reading now may be among them, so its answer will not be kept.
    async fn drop_old(&self, turns: Vec<TurnId>) -> Result<u64, StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                let scopes: Vec<String> = sqlx::query_scalar(
                    "select distinct scope from turns where id in (select value from json_each(?))",
                )
                .bind(sqlx::types::Json(&turns))
                .fetch_all(&mut *conn)
                .await?;
                consolidations::disturb(conn, &scopes).await?;
                drop_turns(conn, &turns).await
            })
        })
        .await
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
                if let Some(at) = at {
                    sqlx::query(
                        "insert into departures (guild, at) values (?, ?) on conflict (guild) do nothing",
                    )
                    .bind(guild)
                    .bind(to_millis(at))
                    .execute(conn)
                    .await?;
                    return Ok(());
                }
                for statement in [
                    "delete from departures where guild = ?",
                    "delete from forgotten where kind = 'guild' and id = ?",
                ] {
                    sqlx::query(statement).bind(guild).execute(&mut *conn).await?;
                }
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
            self.purge_guild(*guild, before).await?;
        }
        Ok(gone.len() as u64)
    }

    async fn purge_guild(&self, guild: GuildId, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(move |conn| Box::pin(tombstones::bury_guild(conn, guild, at)))
            .await?;
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
                let scopes: Vec<String> = sqlx::query_scalar(
                    "select scope from scopes where scope glob 'g' || ?1 || 'c*'
                     union select scope from consolidations where guild = ?1",
                )
                .bind(guild)
                .fetch_all(&mut *conn)
                .await?;
                channels::drop_scopes(conn, &scopes).await?;
                for statement in [
                    "delete from facts where guild = ?",
                    "delete from choices where guild = ?",
                    "delete from roster where place_kind = 'guild' and place = ?",
                    "delete from personas where owner_kind = 'guild' and owner = ?",
                    "delete from channel_settings where guild = ?",
                    "delete from memory_pauses where guild = ?",
                    "delete from profiles where guild = ?",
                    "delete from unkept_messages where guild = ?",
                    "delete from watermarks where guild = ?",
                    "delete from seen where guild = ?",
                    "delete from threads where guild = ?",
                    "delete from claims where guild = ?",
                    "delete from guild_settings where guild = ?",
                    "delete from active_members where guild = ?",
                    "delete from departures where guild = ?",
                ] {
                    sqlx::query(statement)
                        .bind(guild)
                        .execute(&mut *conn)
                        .await?;
                }
                Ok(())
            })
        })
        .await
    }
}

/// Turns that are older than their place keeps them, place by place: from one server to the next by the index, and in
/// each no further than what has expired.
const EXPIRED: &str = "
    with recursive places (guild) as (
        select min(guild) from turns
        union all
        select (select min(guild) from turns where guild > places.guild) from places where places.guild is not null),
    kept (guild, days) as (
        select p.guild, coalesce(s.retention_days, ?2) from places p left join guild_settings s on s.guild = p.guild)
    select t.id from kept k cross join turns t on t.guild is k.guild and t.at < ?1 - k.days * ?3
    where k.days > 0 limit ?4";

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_has_expired_is_found_without_a_look_at_what_has_not() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().join("familiar.db"))
            .await
            .unwrap();
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("explain query plan {EXPIRED}")))
                .bind(0)
                .bind(30)
                .bind(86_400_000)
                .bind(BATCH)
                .fetch_all(store.pool())
                .await
                .unwrap();
        let steps: Vec<&str> = plan.iter().map(|(.., step)| step.as_str()).collect();
        let of_turns = |step: &&&str| step.contains(" t ") || step.contains(" turns ");
        assert!(steps.iter().filter(of_turns).count() >= 3, "{steps:#?}");
        for step in steps.iter().filter(of_turns) {
            assert!(
                step.starts_with("SEARCH") && step.contains("turns_by_place"),
                "{steps:#?}"
            );
        }
        assert!(
            steps.iter().any(|step| step.contains("(guild=? AND at<?)")),
            "{steps:#?}"
        );
    }
}
