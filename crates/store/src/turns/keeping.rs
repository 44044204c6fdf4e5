//! Keeping turns: a new one with its number, its messages and its place in the index of words.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::{Author, NewTurn, TurnKind};
use crate::clock::to_millis;
use crate::id::{MessageId, TurnId, UserId};
use crate::words::{indexed, scope_word};
use crate::{StoreError, tombstones};

/// Keeps a turn and indexes its words, unless its scope has it already, or somebody had it forgotten while it was on its
/// way. `person` is for whom a persona speaks where its line answers nobody.
pub(crate) async fn keep(
    conn: &mut SqliteConnection,
    new: &NewTurn,
    person: Option<UserId>,
) -> Result<TurnId, StoreError> {
    let scope = scope_word(&new.scope);
    if let Some(first) = new.messages.first()
        && let Some(known) = known_turn(conn, &scope, *first).await?
    {
        return Ok(known);
    }
    let person = tombstones::whose(conn, new).await?.or(person);
    let id = insert_turn(conn, &scope, new, person).await?;
    index_turn(conn, id, &scope, &new.author_name, new.at, &new.text).await?;
    for (position, message) in (0_i64..).zip(&new.messages) {
        sqlx::query("insert into turn_messages (message, turn, position) values (?, ?, ?)")
            .bind(message)
            .bind(id)
            .bind(position)
            .execute(&mut *conn)
            .await?;
    }
    Ok(id)
}

async fn known_turn(
    conn: &mut SqliteConnection,
    scope: &str,
    message: MessageId,
) -> Result<Option<TurnId>, StoreError> {
    let id = sqlx::query_scalar(
        "select turns.id from turn_messages join turns on turns.id = turn_messages.turn
         where turn_messages.message = ? and turns.scope = ?",
    )
    .bind(message)
    .bind(scope)
    .fetch_optional(conn)
    .await?;
    Ok(id)
}

async fn insert_turn(
    conn: &mut SqliteConnection,
    scope: &str,
    new: &NewTurn,
    person: Option<UserId>,
) -> Result<TurnId, StoreError> {
    let number: i64 = sqlx::query_scalar(
        "insert into turn_numbers (scope, last) values (?, 1)
         on conflict (scope) do update set last = last + 1 returning last",
    )
    .bind(scope)
    .fetch_one(&mut *conn)
    .await?;
    let (author_kind, author) = match new.author {
        Author::Person(user) => ("person", user.get() as i64),
        Author::Persona => ("persona", new.scope.persona.get()),
    };
    let id = sqlx::query_scalar(
        "insert into turns (scope, guild, channel, persona, number, author_kind, author, author_name, kind, body, at,
                            reply_to, answers, person, proxied)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id",
    )
    .bind(scope)
    .bind(new.scope.guild)
    .bind(new.scope.channel)
    .bind(new.scope.persona)
    .bind(number)
    .bind(author_kind)
    .bind(author)
    .bind(&new.author_name)
    .bind(match new.kind {
        TurnKind::Chat => "chat",
        TurnKind::Greeting => "greeting",
    })
    .bind(&new.text)
    .bind(to_millis(new.at))
    .bind(new.reply_to)
    .bind(new.answers)
    .bind(person)
    .bind(new.proxied)
    .fetch_one(conn)
    .await?;
    Ok(id)
}

/// Puts a turn's words into the index: who said it, on what day, and what. "What did Ada say in May?" finds all three.
pub(crate) async fn index_turn(
    conn: &mut SqliteConnection,
    id: TurnId,
    scope: &str,
    author_name: &str,
    at: DateTime<Utc>,
    text: &str,
) -> Result<(), StoreError> {
    let scope = scope_number(conn, scope).await?;
    let said = format!("{author_name} {} {text}", at.format("%-d %B %Y"));
    sqlx::query("insert into turns_index (rowid, words) values (?, ?)")
        .bind(id)
        .bind(indexed(scope, &said))
        .execute(conn)
        .await?;
    Ok(())
}

/// The number that stands for a scope in its words; a new scope gets one.
async fn scope_number(conn: &mut SqliteConnection, scope: &str) -> Result<i64, StoreError> {
    let known = sqlx::query_scalar("select number from scopes where scope = ?")
        .bind(scope)
        .fetch_optional(&mut *conn)
        .await?;
    if let Some(number) = known {
        return Ok(number);
    }
    let number = sqlx::query_scalar("insert into scopes (scope) values (?) returning number")
        .bind(scope)
        .fetch_one(conn)
        .await?;
    Ok(number)
}
