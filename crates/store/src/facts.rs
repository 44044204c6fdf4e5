//! Facts: single things that are known of a person, in one persona's memory of one place, each with the messages in
//! which it was said. A newer fact supersedes an older one; both stay, and the older one stands again if the newer goes.

mod keeping;
mod pins;

use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use crate::clock::from_millis;
use crate::id::{FactId, MessageId, ScopeId, UserId};
use crate::turns::Page;
use crate::words::scope_word;
use crate::{Store, StoreError, consolidations, forgetting};

pub(crate) use keeping::{add, confirm};
pub use pins::{MOST_PINS, Pinning};

/// Where a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A model read it out of a conversation.
    Extracted,
    /// Somebody put their own words in its place.
    Corrected {
        /// Who wrote them.
        by: UserId,
        /// Whether they have said them in the talk too. What was only written stands in no prompt but those of answers to
        /// its person.
        said: bool,
    },
}

impl Origin {
    /// Who wrote the words; `None` where a model did.
    pub fn author(self) -> Option<UserId> {
        match self {
            Self::Extracted => None,
            Self::Corrected { by, .. } => Some(by),
        }
    }

    /// Whether its person has said it where others were, and did not only write it.
    pub fn is_said(self) -> bool {
        match self {
            Self::Extracted => true,
            Self::Corrected { said, .. } => said,
        }
    }
}

/// A fact to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFact {
    /// The person whom it is about.
    pub about: UserId,
    /// The name that people saw.
    pub about_name: String,
    /// Whether they said it through a proxy alone: then the name is an alter's, and not the account's.
    pub proxied: bool,
    /// The fact, as one sentence.
    pub text: String,
    /// The messages in which it was said.
    pub sources: Vec<MessageId>,
    /// The fact that it supersedes.
    pub supersedes: Option<FactId>,
    /// Where it comes from.
    pub origin: Origin,
}

/// A kept fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its id.
    pub id: FactId,
    /// Whose memory, and where.
    pub scope: ScopeId,
    /// The person whom it is about.
    pub about: UserId,
    /// The name that people saw.
    pub about_name: String,
    /// Whether they said it through a proxy alone: then the name is an alter's, and not the account's.
    pub proxied: bool,
    /// The fact, as one sentence.
    pub text: String,
    /// The messages in which it was said, oldest first.
    pub sources: Vec<MessageId>,
    /// Where it comes from.
    pub origin: Origin,
    /// How often it was said.
    pub strength: i64,
    /// Whether somebody asked that it always be in mind.
    pub pinned: bool,
    /// Since when it holds: when it was first said.
    pub learned_at: DateTime<Utc>,
    /// When it was last said.
    pub confirmed_at: DateTime<Utc>,
    /// Until when it held: since then another fact stands in its place.
    pub superseded: Option<(FactId, DateTime<Utc>)>,
}

macro_rules! columns {
    () => {
        "f.id, f.about, f.about_name, f.proxied, f.body, f.author, f.said, f.strength, f.pinned, f.learned_at, f.confirmed_at,
         f.superseded_by, f.superseded_at,
         (select json_group_array(message order by message) from fact_sources where fact = f.id) as sources"
    };
}
use columns;

impl Store {
    /// The facts that stand in a scope, at most `limit`: pinned ones first, then the strongest, then the newest.
    pub async fn facts(&self, scope: &ScopeId, limit: u32) -> Result<Vec<Fact>, StoreError> {
        let rows = sqlx::query(concat!(
            "select ",
            columns!(),
            " from facts f where f.scope = ? and f.superseded_by is null
              order by f.pinned desc, f.strength desc, f.confirmed_at desc, f.id desc limit ?",
        ))
        .bind(scope_word(scope))
        .bind(limit)
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(|row| fact(row, scope)).collect()
    }

    /// The same of what a prompt may hold that answers this person, or anybody with `None`: others' words that they only
    /// wrote are left out.
    pub async fn facts_for(
        &self,
        scope: &ScopeId,
        answered: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<Fact>, StoreError> {
        let rows = sqlx::query(concat!(
            "select ",
            columns!(),
            " from facts f where f.scope = ? and f.superseded_by is null and (f.said = 1 or f.about = ?)
              order by f.pinned desc, f.strength desc, f.confirmed_at desc, f.id desc limit ?",
        ))
        .bind(scope_word(scope))
        .bind(answered)
        .bind(limit)
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(|row| fact(row, scope)).collect()
    }

    /// The facts that stand about these people in words that they only wrote, the latest first.
    pub async fn unsaid_facts(
        &self,
        scope: &ScopeId,
        about: &[UserId],
        limit: u32,
    ) -> Result<Vec<Fact>, StoreError> {
        let about: Vec<i64> = about.iter().map(|user| user.get() as i64).collect();
        let rows = sqlx::query(concat!(
            "select ",
            columns!(),
            " from facts f where f.scope = ? and f.superseded_by is null and f.said = 0
              and f.about in (select value from json_each(?))
              order by f.confirmed_at desc, f.id desc limit ?",
        ))
        .bind(scope_word(scope))
        .bind(sqlx::types::Json(about))
        .bind(limit)
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(|row| fact(row, scope)).collect()
    }

    /// Facts about these people in whose place others stand, the latest first.
    pub async fn superseded_facts(
        &self,
        scope: &ScopeId,
        about: &[UserId],
        limit: u32,
    ) -> Result<Vec<Fact>, StoreError> {
        let about: Vec<i64> = about.iter().map(|user| user.get() as i64).collect();
        let rows = sqlx::query(concat!(
            "select ",
            columns!(),
            " from facts f where f.scope = ? and f.superseded_by is not null
              and f.about in (select value from json_each(?))
              order by f.superseded_at desc, f.id desc limit ?",
        ))
        .bind(scope_word(scope))
        .bind(sqlx::types::Json(about))
        .bind(limit)
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(|row| fact(row, scope)).collect()
    }

    /// What is known in a scope, of everybody or of one person: what stands before what was superseded, pinned before
    /// the rest, then the strongest and newest. Pages count from 0.
    pub async fn facts_page(
        &self,
        scope: &ScopeId,
        about: Option<UserId>,
        page: u32,
        page_size: u32,
    ) -> Result<Page<Fact>, StoreError> {
        let word = scope_word(scope);
        let total: i64 = sqlx::query_scalar(
            "select count(*) from facts where scope = ?1 and (?2 is null or about = ?2)",
        )
        .bind(&word)
        .bind(about)
        .fetch_one(self.pool())
        .await?;
        let rows = sqlx::query(concat!(
            "select ",
            columns!(),
            " from facts f where f.scope = ?1 and (?2 is null or f.about = ?2)
              order by f.superseded_by is not null, f.pinned desc, f.strength desc, f.confirmed_at desc, f.id desc
              limit ?3 offset ?4",
        ))
        .bind(&word)
        .bind(about)
        .bind(page_size)
        .bind(i64::from(page) * i64::from(page_size))
        .fetch_all(self.pool())
        .await?;
        Ok(Page {
            rows: rows
                .iter()
                .map(|row| fact(row, scope))
                .collect::<Result<_, _>>()?,
            total: total.max(0) as u64,
        })
    }

    /// One fact of a scope.
    pub async fn fact(&self, scope: &ScopeId, id: FactId) -> Result<Option<Fact>, StoreError> {
        let row = sqlx::query(concat!(
            "select ",
            columns!(),
            " from facts f where f.scope = ? and f.id = ?",
        ))
        .bind(scope_word(scope))
        .bind(id)
        .fetch_optional(self.pool())
        .await?;
        row.map(|row| fact(&row, scope)).transpose()
    }

    /// Puts a person's own words in the place of a fact. The old one stays in the history, with its successor's id.
    /// `said` are the messages in which they have said them; whether the words may stand there is the memory's affair.
    pub async fn correct_fact(
        &self,
        scope: &ScopeId,
        id: FactId,
        by: UserId,
        text: String,
        said: Vec<MessageId>,
        at: DateTime<Utc>,
    ) -> Result<FactId, StoreError> {
        let scope = *scope;
        self.write(move |conn| {
            Box::pin(async move {
                let old: Option<(UserId, String, bool)> = sqlx::query_as(
                    "select about, about_name, proxied from facts where scope = ? and id = ? and superseded_by is null",
                )
                .bind(scope_word(&scope))
                .bind(id)
                .fetch_optional(&mut *conn)
                .await?;
                let (about, about_name, proxied) =
                    old.ok_or(StoreError::Missing { what: "that fact" })?;
                let mut sources: Vec<MessageId> =
                    sqlx::query_scalar("select message from fact_sources where fact = ?")
                        .bind(id)
                        .fetch_all(&mut *conn)
                        .await?;
                sources.extend(&said);
                let new = NewFact {
                    about,
                    about_name,
                    proxied,
                    text,
                    sources,
                    supersedes: Some(id),
                    origin: Origin::Corrected {
                        by,
                        said: !said.is_empty(),
                    },
                };
                add(conn, &scope, &new, at).await
            })
        })
        .await
    }

    /// Forgets a fact and what it superseded: the person asked for it to be gone, not for the older version. The turns in
    /// which it was said are not read again, nor the answers to them, so that it does not come back; a persona's lines that
    /// repeat it go.
    pub async fn forget_fact(&self, scope: &ScopeId, id: FactId) -> Result<u64, StoreError> {
        let word = scope_word(scope);
        self.write(move |conn| {
            Box::pin(async move {
                let line: Vec<i64> = sqlx::query_scalar(
                    "with recursive line (id) as (
                        select id from facts where scope = ?1 and id = ?2
                        union select f.id from facts f join line on f.superseded_by = line.id)
                     select id from line",
                )
                .bind(&word)
                .bind(id)
                .fetch_all(&mut *conn)
                .await?;
                forgetting::forget_retellings(conn, &line).await?;
                pass_over(conn, &word, &line).await?;
                let done =
                    sqlx::query("delete from facts where id in (select value from json_each(?))")
                        .bind(sqlx::types::Json(line))
                        .execute(&mut *conn)
                        .await?;
                if done.rows_affected() > 0 {
                    consolidations::sum_up_again(conn, &[word]).await?;
                }
                Ok(done.rows_affected())
            })
        })
        .await
    }
}

/// The turns of a scope in which these facts were said, and the answers to them, are not read for facts any more.
async fn pass_over(
    conn: &mut SqliteConnection,
    scope: &str,
    facts: &[i64],
) -> Result<(), StoreError> {
    sqlx::query(
        "with said (id) as materialized (
            select t.id from fact_sources s
            join turn_messages m on m.message = s.message
            join turns t on t.id = m.turn
            where s.fact in (select value from json_each(?2)) and t.scope = ?1)
         update turns set passed_over = 1
         where id in (select id from said) or (scope = ?1 and answers in (select id from said))",
    )
    .bind(scope)
    .bind(sqlx::types::Json(facts))
    .execute(conn)
    .await?;
    Ok(())
}

/// The facts that have these ids and are still known, each with its own scope: for what names facts by id.
pub(crate) async fn facts_by_id(
    conn: &mut SqliteConnection,
    ids: &[FactId],
) -> Result<Vec<Fact>, StoreError> {
    let rows = sqlx::query(concat!(
        "select f.guild, f.channel, f.persona, ",
        columns!(),
        " from facts f where f.id in (select value from json_each(?))",
    ))
    .bind(sqlx::types::Json(ids))
    .fetch_all(conn)
    .await?;
    let read = |row: &SqliteRow| {
        let scope = ScopeId {
            guild: row.try_get("guild")?,
            channel: row.try_get("channel")?,
            persona: row.try_get("persona")?,
        };
        fact(row, &scope)
    };
    rows.iter().map(read).collect()
}

/// Forgets every fact that one of these messages is a source of, and says in which scopes. What such a fact had
/// superseded stands again.
pub(crate) async fn forget_said_in(
    conn: &mut SqliteConnection,
    messages: &[i64],
) -> Result<Vec<String>, StoreError> {
    let mut scopes: Vec<String> = sqlx::query_scalar(
        "delete from facts where id in (
            select fact from fact_sources where message in (select value from json_each(?)))
         returning scope",
    )
    .bind(sqlx::types::Json(messages))
    .fetch_all(conn)
    .await?;
    scopes.sort();
    scopes.dedup();
    Ok(scopes)
}

fn fact(row: &SqliteRow, scope: &ScopeId) -> Result<Fact, StoreError> {
    let sources: sqlx::types::Json<Vec<i64>> = row.try_get("sources")?;
    let superseded_by: Option<FactId> = row.try_get("superseded_by")?;
    let superseded_at: Option<i64> = row.try_get("superseded_at")?;
    let author: Option<UserId> = row.try_get("author")?;
    let said: bool = row.try_get("said")?;
    Ok(Fact {
        id: row.try_get("id")?,
        scope: *scope,
        about: row.try_get("about")?,
        about_name: row.try_get("about_name")?,
        proxied: row.try_get("proxied")?,
        text: row.try_get("body")?,
        sources: sources
            .0
            .into_iter()
            .map(|id| MessageId::from(id as u64))
            .collect(),
        origin: author.map_or(Origin::Extracted, |by| Origin::Corrected { by, said }),
        strength: row.try_get("strength")?,
        pinned: row.try_get("pinned")?,
        learned_at: from_millis(row.try_get("learned_at")?),
        confirmed_at: from_millis(row.try_get("confirmed_at")?),
        superseded: superseded_by.zip(superseded_at.map(from_millis)),
    })
}
