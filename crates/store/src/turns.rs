//! Turns: what was said, word for word, one row a message, in one persona's memory of one place.
//!
//! Every function here takes a [`ScopeId`], except those that ask about one Discord message: those tell which persona
//! stands behind a message, never what was said.

mod keeping;

use chrono::{DateTime, Utc};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::clock::from_millis;
use crate::id::{ChannelId, MessageId, PersonaId, ScopeId, TurnId, UserId};
use crate::words::scope_word;
use crate::{Store, StoreError, tombstones};

pub(crate) use keeping::{index_turn, keep};

/// Who said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Author {
    /// A person.
    Person(UserId),
    /// The persona whose memory this is.
    Persona,
}

/// Why it was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TurnKind {
    /// Talk.
    Chat,
    /// A persona's first words in a place, which answer nobody.
    Greeting,
}

/// A message to be remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTurn {
    /// Whose memory, and where.
    pub scope: ScopeId,
    /// Who said it.
    pub author: Author,
    /// The name that people saw when it was said.
    pub author_name: String,
    /// Why it was said.
    pub kind: TurnKind,
    /// The words.
    pub text: String,
    /// The Discord messages that show it, in order. A person's turn has one; a long reply takes several.
    pub messages: Vec<MessageId>,
    /// When it was said.
    pub at: DateTime<Utc>,
    /// The Discord message that it replies to.
    pub reply_to: Option<MessageId>,
    /// For a persona's line: the turn that it answers.
    pub answers: Option<TurnId>,
    /// Whether a person said it through a proxy: then the name is of this line alone, and not the account's.
    pub proxied: bool,
}

/// A remembered message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Its id.
    pub id: TurnId,
    /// Whose memory, and where.
    pub scope: ScopeId,
    /// Its place in its scope's memory: counted from 1, never given twice, with gaps where something was forgotten.
    pub number: i64,
    /// Who said it.
    pub author: Author,
    /// The name that people saw when it was said.
    pub author_name: String,
    /// Why it was said.
    pub kind: TurnKind,
    /// The words.
    pub text: String,
    /// The Discord messages that show it, in order.
    pub messages: Vec<MessageId>,
    /// When it was said.
    pub at: DateTime<Utc>,
    /// The Discord message that it replies to.
    pub reply_to: Option<MessageId>,
    /// For a persona's line: the turn that it answers.
    pub answers: Option<TurnId>,
    /// Whether a person said it through a proxy: then the name is of this line alone, and not the account's.
    pub proxied: bool,
    /// Whose talk it is: who said it, or for a persona's line whom it answers. `None` where it answers nobody.
    pub person: Option<UserId>,
}

/// One page of a list, and how long the whole list is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The page's rows.
    pub rows: Vec<T>,
    /// How many rows all pages have together.
    pub total: u64,
}

macro_rules! columns {
    () => {
        "turns.id, turns.number, turns.author_kind, turns.author, turns.author_name, turns.kind, turns.body, turns.at,
         turns.reply_to, turns.answers, turns.proxied, turns.person,
         (select json_group_array(message order by position) from turn_messages where turn = turns.id) as messages"
    };
}
pub(crate) use columns as turn_columns;

impl Store {
    /// Remembers a message and indexes its words. A message that this scope remembers already keeps its turn: after a
    /// restart the same message may come again.
    pub async fn add_turn(&self, new: NewTurn) -> Result<TurnId, StoreError> {
        self.write(move |conn| Box::pin(async move { keep(conn, &new, None).await }))
            .await
    }

    /// Remembers a persona's line that answers no message, for this person, who asked for it by `call`: their name may stand
    /// in it.
    pub async fn add_turn_for(
        &self,
        person: UserId,
        call: MessageId,
        new: NewTurn,
    ) -> Result<TurnId, StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                tombstones::refuse_if_forgotten(conn, person, call).await?;
                keep(conn, &new, Some(person)).await
            })
        })
        .await
    }

    /// The newest turns of a scope, at most `limit`, oldest first.
    pub async fn latest_turns(&self, scope: &ScopeId, limit: u32) -> Result<Vec<Turn>, StoreError> {
        let rows = sqlx::query(concat!(
            "select ",
            columns!(),
            " from turns where scope = ? order by number desc limit ?"
        ))
        .bind(scope_word(scope))
        .bind(limit)
        .fetch_all(self.pool())
        .await?;
        Ok(rows
            .iter()
            .rev()
            .map(|row| turn(row, scope))
            .collect::<Result<_, _>>()?)
    }

    /// The turns of a scope that have these numbers, oldest first. Numbers that nothing has are passed over.
    pub async fn turns_numbered(
        &self,
        scope: &ScopeId,
        numbers: &[i64],
    ) -> Result<Vec<Turn>, StoreError> {
        let rows = sqlx::query(
            concat!("select ", columns!(), " from turns where scope = ? and number in (select value from json_each(?)) order by number"),
        )
        .bind(scope_word(scope))
        .bind(sqlx::types::Json(numbers))
        .fetch_all(self.pool())
        .await?;
        turns(&rows, scope)
    }

    /// The turns of a scope from one number to another, both included, oldest first, without those that are not to be read
    /// for facts and summary any more.
    pub async fn turns_to_read(
        &self,
        scope: &ScopeId,
        first: i64,
        last: i64,
    ) -> Result<Vec<Turn>, StoreError> {
        let rows = sqlx::query(
            concat!("select ", columns!(), " from turns where scope = ? and number between ? and ? and passed_over = 0 order by number"),
        )
        .bind(scope_word(scope))
        .bind(first)
        .bind(last)
        .fetch_all(self.pool())
        .await?;
        turns(&rows, scope)
    }

    /// What a scope remembers, newest first: all of it, or what one person said. Pages count from 0.
    pub async fn turns_page(
        &self,
        scope: &ScopeId,
        person: Option<UserId>,
        page: u32,
        page_size: u32,
    ) -> Result<Page<Turn>, StoreError> {
        let word = scope_word(scope);
        let total: i64 = sqlx::query_scalar(
            "select count(*) from turns where scope = ?1 and (?2 is null or (author_kind = 'person' and author = ?2))",
        )
        .bind(&word)
        .bind(person)
        .fetch_one(self.pool())
        .await?;
        let rows = sqlx::query(
            concat!("select ", columns!(), " from turns where scope = ?1 and (?2 is null or (author_kind = 'person' and author = ?2))
             order by number desc limit ?3 offset ?4"),
        )
        .bind(&word)
        .bind(person)
        .bind(page_size)
        .bind(i64::from(page) * i64::from(page_size))
        .fetch_all(self.pool())
        .await?;
        let rows = rows
            .iter()
            .map(|row| turn(row, scope))
            .collect::<Result<_, _>>()?;
        Ok(Page {
            rows,
            total: total.max(0) as u64,
        })
    }

    /// The persona that said this message, if one did: a reply to it is meant for that persona. Known also of messages
    /// whose words are not kept.
    pub async fn persona_of_message(
        &self,
        message: MessageId,
    ) -> Result<Option<PersonaId>, StoreError> {
        let persona = sqlx::query_scalar(
            "select turns.persona from turn_messages join turns on turns.id = turn_messages.turn
             where turn_messages.message = ?1 and turns.author_kind = 'persona'
             union all
             select persona from unkept_messages where message = ?1 limit 1",
        )
        .bind(message)
        .fetch_optional(self.pool())
        .await?;
        Ok(persona)
    }

    /// The messages in which a persona answered this message, in order, as far as the answer is remembered.
    pub async fn remembered_answer(
        &self,
        message: MessageId,
    ) -> Result<Vec<MessageId>, StoreError> {
        let answer = sqlx::query_scalar(
            "select said.message from turn_messages heard
             join turns on turns.answers = heard.turn and turns.author_kind = 'persona'
             join turn_messages said on said.turn = turns.id
             where heard.message = ? order by said.message",
        )
        .bind(message)
        .fetch_all(self.pool())
        .await?;
        Ok(answer)
    }

    /// The persona that spoke last in a channel or thread, if any did: a thread where one speaks is followed.
    pub async fn persona_speaks_in(
        &self,
        channel: ChannelId,
    ) -> Result<Option<PersonaId>, StoreError> {
        let persona = sqlx::query_scalar(
            "select persona from (
                select * from (select persona, at from turns
                               where channel = ?1 and author_kind = 'persona' order by id desc limit 1)
                union all
                select * from (select persona, at from unkept_messages
                               where channel = ?1 order by message desc limit 1))
             order by at desc limit 1",
        )
        .bind(channel)
        .fetch_optional(self.pool())
        .await?;
        Ok(persona)
    }

    /// When this scope's last turn was said, for a persona that knows how long nobody has talked to it.
    pub async fn last_turn_at(&self, scope: &ScopeId) -> Result<Option<DateTime<Utc>>, StoreError> {
        let at: Option<i64> =
            sqlx::query_scalar("select at from turns where scope = ? order by number desc limit 1")
                .bind(scope_word(scope))
                .fetch_optional(self.pool())
                .await?;
        Ok(at.map(from_millis))
    }
}

/// The turns of a scope that were found.
pub(crate) fn turns(rows: &[SqliteRow], scope: &ScopeId) -> Result<Vec<Turn>, StoreError> {
    let turns = rows.iter().map(|row| turn(row, scope));
    Ok(turns.collect::<Result<_, _>>()?)
}

/// Reads a row of `turns` and its messages. The scope is the one that was asked for.
pub(crate) fn turn(row: &SqliteRow, scope: &ScopeId) -> Result<Turn, sqlx::Error> {
    let messages: sqlx::types::Json<Vec<i64>> = row.try_get("messages")?;
    Ok(Turn {
        id: row.try_get("id")?,
        scope: *scope,
        number: row.try_get("number")?,
        author: match row.try_get("author_kind")? {
            "persona" => Author::Persona,
            _ => Author::Person(row.try_get("author")?),
        },
        author_name: row.try_get("author_name")?,
        kind: match row.try_get("kind")? {
            "greeting" => TurnKind::Greeting,
            _ => TurnKind::Chat,
        },
        text: row.try_get("body")?,
        messages: messages
            .0
            .into_iter()
            .map(|id| MessageId::from(id as u64))
            .collect(),
        at: from_millis(row.try_get("at")?),
        reply_to: row.try_get("reply_to")?,
        answers: row.try_get("answers")?,
        proxied: row.try_get("proxied")?,
        person: row.try_get("person")?,
    })
}
