//! Keeping facts: a new one with its sources and the time since when it holds, and one that was said again.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::{NewFact, Origin};
use crate::StoreError;
use crate::clock::to_millis;
use crate::id::{FactId, MessageId, ScopeId};
use crate::words::scope_word;

/// Keeps a fact; what it supersedes must stand in the same scope.
pub(crate) async fn add(
    conn: &mut SqliteConnection,
    scope: &ScopeId,
    new: &NewFact,
    at: DateTime<Utc>,
) -> Result<FactId, StoreError> {
    let word = scope_word(scope);
    // It holds since it was said; a person's own correction since they wrote it.
    let (first, last) = match new.origin {
        Origin::Extracted => said_at(conn, &word, &new.sources)
            .await?
            .unwrap_or((to_millis(at), to_millis(at))),
        Origin::Corrected { .. } => (to_millis(at), to_millis(at)),
    };
    let pinned: Option<bool> =
        sqlx::query_scalar("select pinned from facts where scope = ? and id = ?")
            .bind(&word)
            .bind(new.supersedes)
            .fetch_optional(&mut *conn)
            .await?;
    let id: FactId = sqlx::query_scalar(
        "insert into facts (scope, guild, channel, persona, about, about_name, body, origin, pinned,
                            learned_at, confirmed_at, author, proxied, said)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) returning id",
    )
    .bind(&word)
    .bind(scope.guild)
    .bind(scope.channel)
    .bind(scope.persona)
    .bind(new.about)
    .bind(&new.about_name)
    .bind(&new.text)
    .bind(match new.origin {
        Origin::Extracted => "extracted",
        Origin::Corrected { .. } => "corrected",
    })
    .bind(pinned.unwrap_or(false))
    .bind(first)
    .bind(last)
    .bind(new.origin.author())
    .bind(new.proxied)
    .bind(new.origin.is_said())
    .fetch_one(&mut *conn)
    .await?;
    add_sources(conn, id, &new.sources).await?;
    if let Some(old) = new.supersedes {
        sqlx::query(
            "update facts set superseded_by = ?, superseded_at = ?, pinned = 0
             where scope = ? and id = ? and superseded_by is null",
        )
        .bind(id)
        .bind(first)
        .bind(word)
        .bind(old)
        .execute(conn)
        .await?;
    }
    Ok(id)
}

/// A known fact was said: for the first time, where its person had only written it, or again; not if it only was read again.
pub(crate) async fn confirm(
    conn: &mut SqliteConnection,
    scope: &ScopeId,
    id: FactId,
    sources: &[MessageId],
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let word = scope_word(scope);
    // It may have been forgotten while the model read.
    let known = sqlx::query("update facts set said = 1 where scope = ? and id = ? returning id")
        .bind(&word)
        .bind(id)
        .fetch_optional(&mut *conn)
        .await?;
    if known.is_none() || add_sources(conn, id, sources).await? == 0 {
        return Ok(());
    }
    let said = said_at(conn, &word, sources).await?;
    sqlx::query("update facts set strength = strength + 1, confirmed_at = max(confirmed_at, ?) where id = ?")
        .bind(said.map_or(to_millis(at), |(_, last)| last))
        .bind(id)
        .execute(conn)
        .await?;
    Ok(())
}

/// When these messages were said, as far as their words are still kept: the first and the last of them.
async fn said_at(
    conn: &mut SqliteConnection,
    scope: &str,
    messages: &[MessageId],
) -> Result<Option<(i64, i64)>, StoreError> {
    let messages: Vec<i64> = messages
        .iter()
        .map(|message| message.get() as i64)
        .collect();
    let (first, last): (Option<i64>, Option<i64>) = sqlx::query_as(
        "select min(t.at), max(t.at) from turns t join turn_messages m on m.turn = t.id
         where t.scope = ? and m.message in (select value from json_each(?))",
    )
    .bind(scope)
    .bind(sqlx::types::Json(messages))
    .fetch_one(conn)
    .await?;
    Ok(first.zip(last))
}

/// Says how many of them are new.
async fn add_sources(
    conn: &mut SqliteConnection,
    id: FactId,
    sources: &[MessageId],
) -> Result<u64, StoreError> {
    let mut new = 0;
    for source in sources {
        let done = sqlx::query(
            "insert or ignore into fact_sources (fact, message, edited_at)
             values (?1, ?2, (select max(t.edited_at) from turns t join turn_messages m on m.turn = t.id
                              where m.message = ?2))",
        )
        .bind(id)
        .bind(source)
        .execute(&mut *conn)
        .await?;
        new += done.rows_affected();
    }
    Ok(new)
}
