//! Vectors: what turns mean, as an embedding model sees it, and which turns it has yet to read.

use futures_util::TryStreamExt as _;
use sqlx::Row as _;

use crate::id::{MessageId, ScopeId, TurnId, UserId};
use crate::words::scope_word;
use crate::{Store, StoreError};

/// A vector in bytes: each number is `bytes[n] * scale`.
#[derive(Clone, Debug, PartialEq)]
pub struct Vector {
    /// What the bytes are multiplied by.
    pub scale: f32,
    /// The numbers.
    pub bytes: Vec<i8>,
}

/// A turn that no model has read yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The turn.
    pub turn: TurnId,
    /// Whose memory, and where.
    pub scope: ScopeId,
    /// Its number there.
    pub number: i64,
    /// The name that people saw when it was said.
    pub author_name: String,
    /// The words.
    pub text: String,
    /// The person who said it, or whom it answers; `None` where that is not known.
    pub person: Option<UserId>,
}

impl Store {
    /// From now on vectors are this model's. Those of another model are dropped, and their turns wait to be read again.
    /// Says how many that were.
    pub async fn vectors_are_by(&self, model: String) -> Result<u64, StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                let dropped = sqlx::query(
                    "insert or ignore into turns_unread (turn) select turn from turn_vectors where model <> ?",
                )
                .bind(&model)
                .execute(&mut *conn)
                .await?;
                sqlx::query("delete from turn_vectors where model <> ?")
                    .bind(&model)
                    .execute(conn)
                    .await?;
                Ok(dropped.rows_affected())
            })
        })
        .await
    }

    /// Turns that are to be read, the oldest first, beginning after one of them.
    pub async fn unread(&self, after: TurnId, limit: u32) -> Result<Vec<Unread>, StoreError> {
        let rows = sqlx::query(
            "select turns.id, turns.guild, turns.channel, turns.persona, turns.number, turns.author_name, turns.body,
                    turns.person
             from turns_unread cross join turns on turns.id = turns_unread.turn
             where turns_unread.turn > ? order by turns_unread.turn limit ?",
        )
        .bind(after)
        .bind(limit)
        .fetch_all(self.pool())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Unread {
                    turn: row.try_get("id")?,
                    scope: ScopeId {
                        guild: row.try_get("guild")?,
                        channel: row.try_get("channel")?,
                        persona: row.try_get("persona")?,
                    },
                    number: row.try_get("number")?,
                    author_name: row.try_get("author_name")?,
                    text: row.try_get("body")?,
                    person: row.try_get("person")?,
                })
            })
            .collect()
    }

    /// Keeps the vectors of turns. A turn that was forgotten or edited since it was read gets none: says which got one.
    pub async fn keep_vectors(
        &self,
        model: String,
        vectors: Vec<(Unread, Vector)>,
    ) -> Result<Vec<TurnId>, StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                let mut kept = Vec::with_capacity(vectors.len());
                for (read, vector) in vectors {
                    let bytes: Vec<u8> = vector
                        .bytes
                        .iter()
                        .map(|byte| byte.cast_unsigned())
                        .collect();
                    let done = sqlx::query(
                        "insert or replace into turn_vectors (turn, model, scale, vector)
                         select id, ?2, ?3, ?4 from turns where id = ?1 and body = ?5",
                    )
                    .bind(read.turn)
                    .bind(&model)
                    .bind(vector.scale)
                    .bind(bytes)
                    .bind(&read.text)
                    .execute(&mut *conn)
                    .await?;
                    if done.rows_affected() == 1 {
                        sqlx::query("delete from turns_unread where turn = ?")
                            .bind(read.turn)
                            .execute(&mut *conn)
                            .await?;
                        kept.push(read.turn);
                    }
                }
                Ok(kept)
            })
        })
        .await
    }

    /// Hands over the vectors of a scope, of its last `turns` numbers, one after the other and oldest first: a turn's
    /// number, its vector's scale and bytes.
    pub async fn scope_vectors(
        &self,
        scope: &ScopeId,
        turns: i64,
        mut each: impl FnMut(i64, f32, &[u8]),
    ) -> Result<(), StoreError> {
        let mut rows = sqlx::query(
            "select turns.number, turn_vectors.scale, turn_vectors.vector
             from turns cross join turn_vectors on turn_vectors.turn = turns.id
             where turns.scope = ?1 and turns.number > (select last from turn_numbers where scope = ?1) - ?2
             order by turns.number",
        )
        .bind(scope_word(scope))
        .bind(turns)
        .fetch(self.pool());
        while let Some(row) = rows.try_next().await? {
            each(
                row.try_get("number")?,
                row.try_get("scale")?,
                row.try_get("vector")?,
            );
        }
        Ok(())
    }

    /// The scopes that have turns which one of these messages showed.
    pub async fn scopes_showing(&self, messages: &[MessageId]) -> Result<Vec<ScopeId>, StoreError> {
        let ids: Vec<i64> = messages.iter().map(|id| id.get() as i64).collect();
        let rows = sqlx::query(
            "select distinct guild, channel, persona from turns
             where id in (select turn from turn_messages where message in (select value from json_each(?1))
                          union select turn from echoes where message in (select value from json_each(?1)))",
        )
        .bind(sqlx::types::Json(ids))
        .fetch_all(self.pool())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(ScopeId {
                    guild: row.try_get("guild")?,
                    channel: row.try_get("channel")?,
                    persona: row.try_get("persona")?,
                })
            })
            .collect()
    }
}
