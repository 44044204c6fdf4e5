//! Reading a report: what it names is looked up as it is now.

use std::collections::HashMap;

use sqlx::sqlite::SqliteRow;
use sqlx::types::Json;
use sqlx::{Row, SqliteConnection};

use super::{Item, Section, Shrunk, Source};
use crate::facts::{Fact, facts_by_id};
use crate::holds;
use crate::id::{ChannelId, FactId, HoldId, MessageId, ScopeId, TurnId};
use crate::turns::{Turn, turn, turn_columns};
use crate::{Store, StoreError};

/// What the ledger knows of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `open`, `settled`, `posted_full`, `posted_input` or `void`.
    pub state: String,
    /// The endpoint's short name.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// The most output tokens that were asked for.
    pub cap: u32,
    /// Pico-US-dollars that were set aside.
    pub held_usd: i64,
    /// Tokens that were set aside.
    pub held_tokens: i64,
    /// Pico-US-dollars that were posted; `None` while it is open.
    pub usd: Option<i64>,
    /// Tokens that were posted; `None` while it is open.
    pub tokens: Option<i64>,
    /// Prompt tokens, where they were reported.
    pub input: Option<i64>,
    /// Of these, read from a cache.
    pub cached_input: Option<i64>,
    /// Reply tokens, where they were reported.
    pub output: Option<i64>,
}

/// A report, with what it names as that is now.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The reply.
    pub reply: Turn,
    /// The turn that it answers, if that is still remembered.
    pub asked: Option<Turn>,
    /// The persona's version then.
    pub persona_version: u32,
    /// What the call cost; `None` if the ledger has dropped it.
    pub call: Option<Call>,
    /// The cap that the model has where nothing is short.
    pub usual_cap: u32,
    /// How the request came to be smaller than usual.
    pub shrunk: Shrunk,
    /// Numbers of the first and last turn that went along word for word.
    pub window: Option<(i64, i64)>,
    /// The prompt's sections, in its order.
    pub sections: Vec<Section>,
    /// The turns that it names and that are still remembered.
    pub turns: HashMap<TurnId, Turn>,
    /// The facts that it names and that are still known.
    pub facts: HashMap<FactId, Fact>,
}

impl Report {
    /// Everything that it names.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.sections.iter().flat_map(|section| &section.items)
    }

    /// Whether it names lore.
    pub fn names_lore(&self) -> bool {
        self.items()
            .any(|item| matches!(item.source, Source::Lore { .. }))
    }
}

/// What is known of a message of which nothing is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreported {
    /// A persona's first words, from its card.
    Greeting,
    /// A reply from before reports were kept.
    TooOld,
    /// An answer for which no model was asked: a crisis card, a resting line, a notice.
    NoModel,
    /// An answer that a model was asked for and of which no words are kept.
    NotKept(Call),
    /// No message of ours that is known.
    Unknown,
}

impl Store {
    /// The report of the reply that this message shows, if it was written in this channel; in any channel with `None`,
    /// for the operator.
    pub async fn report(
        &self,
        message: MessageId,
        channel: Option<ChannelId>,
    ) -> Result<Option<Report>, StoreError> {
        self.read(|conn| {
            Box::pin(async move {
                let turn: Option<TurnId> = sqlx::query_scalar(
                    "select r.turn from turn_messages m join reports r on r.turn = m.turn
                     join turns t on t.id = r.turn
                     where m.message = ?1 and (?2 is null or t.channel = ?2)",
                )
                .bind(message)
                .bind(channel)
                .fetch_optional(&mut *conn)
                .await?;
                match turn {
                    Some(turn) => read(conn, turn).await,
                    None => Ok(None),
                }
            })
        })
        .await
    }

    /// The report of the newest reply of all, for the operator.
    pub async fn newest_report(&self) -> Result<Option<Report>, StoreError> {
        self.read(|conn| {
            Box::pin(async move {
                let turn: Option<TurnId> = sqlx::query_scalar("select max(turn) from reports")
                    .fetch_one(&mut *conn)
                    .await?;
                match turn {
                    Some(turn) => read(conn, turn).await,
                    None => Ok(None),
                }
            })
        })
        .await
    }

    /// What the ledger knows of a call.
    pub async fn call(&self, hold: HoldId) -> Result<Option<Call>, StoreError> {
        self.read(move |conn| Box::pin(call(conn, hold))).await
    }

    /// What is known of a message of this channel (of any with `None`) that has no report.
    pub async fn unreported(
        &self,
        message: MessageId,
        channel: Option<ChannelId>,
    ) -> Result<Unreported, StoreError> {
        self.read(|conn| Box::pin(unreported(conn, message, channel)))
            .await
    }
}

async fn read(conn: &mut SqliteConnection, turn: TurnId) -> Result<Option<Report>, StoreError> {
    let row = sqlx::query(
        "select hold, persona_version, usual_cap, step, cheaper, lean, brief, window_first, window_last, sections
         from reports where turn = ?",
    )
    .bind(turn)
    .fetch_optional(&mut *conn)
    .await?;
    let reply = turns_by_id(conn, &[turn]).await?.pop();
    let (Some(row), Some(reply)) = (row, reply) else {
        return Ok(None);
    };
    let (first, last): (Option<i64>, Option<i64>) =
        (row.try_get("window_first")?, row.try_get("window_last")?);
    let Json(sections): Json<Vec<Section>> = row.try_get("sections")?;
    let sources = || sections.iter().flat_map(|section| &section.items);
    let turns: Vec<TurnId> = sources()
        .filter_map(|item| match item.source {
            Source::Turn { id, .. } => Some(id),
            _ => None,
        })
        .chain(reply.answers)
        .collect();
    let facts: Vec<FactId> = sources()
        .filter_map(|item| match item.source {
            Source::Fact { id, .. } => Some(id),
            _ => None,
        })
        .collect();
    let mut turns: HashMap<TurnId, Turn> = turns_by_id(conn, &turns)
        .await?
        .into_iter()
        .filter(|turn| is_near(&reply.scope, &turn.scope))
        .map(|turn| (turn.id, turn))
        .collect();
    let facts = facts_by_id(conn, &facts)
        .await?
        .into_iter()
        .filter(|fact| is_near(&reply.scope, &fact.scope))
        .map(|fact| (fact.id, fact))
        .collect();
    Ok(Some(Report {
        asked: reply.answers.and_then(|asked| turns.remove(&asked)),
        persona_version: row.try_get("persona_version")?,
        call: call(conn, row.try_get("hold")?).await?,
        usual_cap: row.try_get("usual_cap")?,
        shrunk: Shrunk {
            step: row.try_get("step")?,
            cheaper: row.try_get("cheaper")?,
            lean: row.try_get("lean")?,
            brief: row.try_get("brief")?,
        },
        window: first.zip(last),
        reply,
        sections,
        turns,
        facts,
    }))
}

/// Whether something may be named in a report of this scope: it is of the same server, or of the same channel where
/// there is no server. Recall crosses no such line; this makes sure of it once more.
fn is_near(scope: &ScopeId, other: &ScopeId) -> bool {
    scope.guild == other.guild && (scope.guild.is_some() || scope.channel == other.channel)
}

async fn unreported(
    conn: &mut SqliteConnection,
    message: MessageId,
    channel: Option<ChannelId>,
) -> Result<Unreported, StoreError> {
    let kind: Option<String> = sqlx::query_scalar(
        "select t.kind from turn_messages m join turns t on t.id = m.turn
         where m.message = ?1 and t.author_kind = 'persona' and (?2 is null or t.channel = ?2)",
    )
    .bind(message)
    .bind(channel)
    .fetch_optional(&mut *conn)
    .await?;
    match kind.as_deref() {
        Some("greeting") => return Ok(Unreported::Greeting),
        Some(_) => return Ok(Unreported::TooOld),
        None => {}
    }
    let claim: Option<(MessageId, i64, Option<i64>)> = sqlx::query_as(
        "select c.message, c.claimed_at, c.settled_at from claim_replies r join claims c on c.message = r.message
         where r.reply = ?1 and (?2 is null or c.channel = ?2) and c.author <> 0",
    )
    .bind(message)
    .bind(channel)
    .fetch_optional(&mut *conn)
    .await?;
    let Some((asked, from, to)) = claim else {
        return Ok(Unreported::Unknown);
    };
    // By time, for there is an index of it.
    let hold: Option<HoldId> = sqlx::query_scalar(
        "select id from holds where opened_at >= ? and opened_at <= ? and turn = ? and purpose = 'reply' and state <> 'void'
         order by id desc limit 1",
    )
    .bind(from)
    .bind(to.unwrap_or(i64::MAX))
    .bind(asked)
    .fetch_optional(&mut *conn)
    .await?;
    let Some(hold) = hold else {
        return Ok(Unreported::NoModel);
    };
    let call = call(conn, hold).await?;
    Ok(call.map_or(Unreported::NoModel, Unreported::NotKept))
}

async fn call(conn: &mut SqliteConnection, hold: HoldId) -> Result<Option<Call>, StoreError> {
    let row = sqlx::query(concat!(
        "select ",
        holds::state!(),
        " as state, provider, model, cap, held_usd, held_tokens, usd, tokens, input, cached_input, output
         from holds h where h.id = ?"
    ))
    .bind(hold)
    .fetch_optional(conn)
    .await?;
    let read = |row: SqliteRow| {
        Ok::<_, sqlx::Error>(Call {
            state: row.try_get("state")?,
            provider: row.try_get("provider")?,
            model: row.try_get("model")?,
            cap: row.try_get("cap")?,
            held_usd: row.try_get("held_usd")?,
            held_tokens: row.try_get("held_tokens")?,
            usd: row.try_get("usd")?,
            tokens: row.try_get("tokens")?,
            input: row.try_get("input")?,
            cached_input: row.try_get("cached_input")?,
            output: row.try_get("output")?,
        })
    };
    Ok(row.map(read).transpose()?)
}

/// The turns that have these ids and are still remembered, each with its own scope.
async fn turns_by_id(conn: &mut SqliteConnection, ids: &[TurnId]) -> Result<Vec<Turn>, StoreError> {
    let rows = sqlx::query(concat!(
        "select turns.guild, turns.channel, turns.persona, ",
        turn_columns!(),
        " from turns where id in (select value from json_each(?))",
    ))
    .bind(Json(ids))
    .fetch_all(conn)
    .await?;
    let read = |row: &SqliteRow| {
        let scope = ScopeId {
            guild: row.try_get("guild")?,
            channel: row.try_get("channel")?,
            persona: row.try_get("persona")?,
        };
        turn(row, &scope)
    };
    Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
}
