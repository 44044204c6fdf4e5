//! The personas' lines that repeat what is taken back: the answers to it, and whatever else repeats it.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::{forget_said_in, remove_turns};
use crate::clock::to_millis;
use crate::id::{MessageId, TurnId};
use crate::words::words_of;
use crate::{StoreError, versions};

/// The personas' lines that answer these messages, or these turns, or repeat these messages in answers to something else.
pub(super) async fn answers_to(
    conn: &mut SqliteConnection,
    messages: &[i64],
    turns: &[TurnId],
) -> Result<Vec<TurnId>, StoreError> {
    let answers = sqlx::query_scalar(
        "select id from turns where author_kind = 'persona' and reply_to in (select value from json_each(?1))
         union
         select id from turns where author_kind = 'persona' and answers in (select value from json_each(?2))
         union
         select turn from echoes where message in (select value from json_each(?1))",
    )
    .bind(sqlx::types::Json(messages))
    .bind(sqlx::types::Json(turns))
    .fetch_all(conn)
    .await?;
    Ok(answers)
}

/// A message was edited: forgets the personas' lines that repeat a word of this turn of it which the edit took out.
pub(crate) async fn forget_outdated_answers(
    conn: &mut SqliteConnection,
    message: MessageId,
    turn: TurnId,
    taken_out: &HashSet<String>,
) -> Result<(), StoreError> {
    let answers = answers_to(conn, &[message.get() as i64], &[turn]).await?;
    forget_those_with(conn, &answers, taken_out).await
}

/// These facts are forgotten: so are the personas' lines that repeat their words.
pub(crate) async fn forget_retellings(
    conn: &mut SqliteConnection,
    facts: &[i64],
) -> Result<(), StoreError> {
    for fact in facts {
        let known: Option<(String, String)> =
            sqlx::query_as("select body, about_name from facts where id = ?")
                .bind(fact)
                .fetch_optional(&mut *conn)
                .await?;
        let Some((text, name)) = known else {
            continue;
        };
        let messages: Vec<i64> =
            sqlx::query_scalar("select message from fact_sources where fact = ?")
                .bind(fact)
                .fetch_all(&mut *conn)
                .await?;
        let answers = answers_to(conn, &messages, &[]).await?;
        forget_those_with(conn, &answers, &versions::taken_out(&text, &name)).await?;
    }
    Ok(())
}

/// Forgets those of these turns that have one of these words.
async fn forget_those_with(
    conn: &mut SqliteConnection,
    turns: &[TurnId],
    words: &HashSet<String>,
) -> Result<(), StoreError> {
    let rows: Vec<(TurnId, String)> =
        sqlx::query_as("select id, body from turns where id in (select value from json_each(?))")
            .bind(sqlx::types::Json(turns))
            .fetch_all(&mut *conn)
            .await?;
    let repeats = |(_, body): &(TurnId, String)| !words_of(body).is_disjoint(words);
    let outdated: Vec<TurnId> = rows.into_iter().filter(repeats).map(|(id, _)| id).collect();
    remove_turns(conn, &outdated).await?;
    Ok(())
}

/// A message was edited whose words are kept no longer: forgets what was read out of it and what answered it before that.
pub(crate) async fn forget_before_edit(
    conn: &mut SqliteConnection,
    message: MessageId,
    edited_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let was_read: bool = sqlx::query_scalar(
        "select exists (select 1 from fact_sources where message = ?1 and coalesce(edited_at, 0) < ?2)
             or exists (select 1 from summary_readings r join summaries s on s.id = r.summary
                        where r.message = ?1 and s.at < ?2)",
    )
    .bind(message)
    .bind(to_millis(edited_at))
    .fetch_one(&mut *conn)
    .await?;
    if was_read {
        forget_said_in(conn, &[message.get() as i64]).await?;
    }
    let answers: Vec<TurnId> = sqlx::query_scalar(
        "select id from turns where author_kind = 'persona' and reply_to = ?1 and at < ?2
         union
         select t.id from echoes e join turns t on t.id = e.turn where e.message = ?1 and t.at < ?2",
    )
    .bind(message)
    .bind(to_millis(edited_at))
    .fetch_all(&mut *conn)
    .await?;
    remove_turns(conn, &answers).await?;
    Ok(())
}
