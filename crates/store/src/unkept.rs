//! Messages of personas whose words are not kept: which persona said them, and nothing else. A reply to one finds its
//! persona, although the talk itself is forgotten. They go when the words would have gone.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::SqliteConnection;

use crate::clock::to_millis;
use crate::id::{MessageId, ScopeId};
use crate::{Store, StoreError};

impl Store {
    /// Notes that this scope's persona said these messages, without their words.
    pub async fn note_unkept(
        &self,
        scope: &ScopeId,
        messages: Vec<MessageId>,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let scope = *scope;
        self.write(move |conn| {
            Box::pin(async move {
                for message in messages {
                    sqlx::query(
                        "insert or ignore into unkept_messages (message, guild, channel, persona, at)
                         values (?, ?, ?, ?, ?)",
                    )
                    .bind(message)
                    .bind(scope.guild)
                    .bind(scope.channel)
                    .bind(scope.persona)
                    .bind(to_millis(at))
                    .execute(&mut *conn)
                    .await?;
                }
                Ok(())
            })
        })
        .await
    }
}

/// Drops what is older than its place keeps words, as for the words themselves.
pub(crate) async fn drop_expired(
    conn: &mut SqliteConnection,
    default_days: u32,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "delete from unkept_messages where message in (
            select u.message from unkept_messages u left join guild_settings s on s.guild = u.guild
            where u.at < ?1 - coalesce(s.retention_days, ?2) * ?3 and coalesce(s.retention_days, ?2) > 0)",
    )
    .bind(to_millis(now))
    .bind(default_days)
    .bind(TimeDelta::days(1).num_milliseconds())
    .execute(conn)
    .await?;
    Ok(())
}

/// Drops these messages: they were deleted on Discord.
pub(crate) async fn drop_messages(
    conn: &mut SqliteConnection,
    messages: &[i64],
) -> Result<(), StoreError> {
    sqlx::query("delete from unkept_messages where message in (select value from json_each(?))")
        .bind(sqlx::types::Json(messages))
        .execute(conn)
        .await?;
    Ok(())
}

/// Drops all of a scope.
pub(crate) async fn drop_scope(
    conn: &mut SqliteConnection,
    scope: &ScopeId,
) -> Result<(), StoreError> {
    sqlx::query("delete from unkept_messages where guild is ? and channel = ? and persona = ?")
        .bind(scope.guild)
        .bind(scope.channel)
        .bind(scope.persona)
        .execute(conn)
        .await?;
    Ok(())
}
