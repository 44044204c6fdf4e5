//! Echoes: whose words a persona's line repeats, without any of them. A line that answers Bo may repeat what Ada said, which
//! stood in its prompt; when Ada is forgotten, or takes it back, the line goes too.
//!
//! What a line repeats is decided above. Here it is noted, in the transaction that keeps the line, unless it was taken back
//! while the line was on its way. The rows outlive what they name: words expire, and the line is found all the same.
//! People's own words are theirs: whoever quotes somebody else has said it themself.

use std::collections::HashMap;

use sqlx::SqliteConnection;

use crate::id::{FactId, MessageId, ScopeId, TurnId, UserId};
use crate::turns::{NewTurn, Turn, turn, turn_columns};
use crate::versions::taken_out;
use crate::words::{scope_word, words_of};
use crate::{Store, StoreError};

/// Where words were said that a persona repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Who said them.
    pub person: UserId,
    /// In which message; `None` where that is not known.
    pub message: Option<MessageId>,
    /// In which memory they stood.
    pub scope: ScopeId,
}

/// A summary whose words a reply repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SummaryEcho {
    /// Whose summary.
    pub scope: ScopeId,
    /// The epoch in which it was read.
    pub epoch: i64,
    /// Whether it has words that none of the turns has which it was made of, as far as they are kept.
    pub is_untraced: bool,
}

/// What a reply repeats, and as it stood in the prompt: what was taken back since is not to be kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Echoes {
    /// Where its words were said.
    pub origins: Vec<Origin>,
    /// Earlier lines of the persona that it repeats: it repeats whatever they do.
    pub lines: Vec<TurnId>,
    /// The turns that it repeats, and what they said.
    pub turns: Vec<(TurnId, String)>,
    /// The facts that it repeats.
    pub facts: Vec<FactId>,
    /// The summaries that it repeats.
    pub summaries: Vec<SummaryEcho>,
}

impl Store {
    /// The messages that each of these lines repeats; a line that is gone is not among them.
    pub async fn repeated_by(
        &self,
        lines: &[TurnId],
    ) -> Result<HashMap<TurnId, Vec<MessageId>>, StoreError> {
        let rows: Vec<(TurnId, Option<MessageId>)> = sqlx::query_as(
            "select t.id, e.message from turns t left join echoes e on e.turn = t.id
             where t.id in (select value from json_each(?))",
        )
        .bind(sqlx::types::Json(lines))
        .fetch_all(self.pool())
        .await?;
        let mut repeated: HashMap<TurnId, Vec<MessageId>> = HashMap::new();
        for (line, message) in rows {
            repeated.entry(line).or_default().extend(message);
        }
        Ok(repeated)
    }

    /// The turns that the summary of a scope was made of, as far as they are kept.
    pub async fn turns_summed_up(&self, scope: &ScopeId) -> Result<Vec<Turn>, StoreError> {
        let rows = sqlx::query(concat!(
            "select distinct ",
            turn_columns!(),
            " from summaries s join summary_readings r on r.summary = s.id
             join turn_messages m on m.message = r.message join turns on turns.id = m.turn and turns.scope = s.scope
             where s.scope = ?"
        ))
        .bind(scope_word(scope))
        .fetch_all(self.pool())
        .await?;
        Ok(rows
            .iter()
            .map(|row| turn(row, scope))
            .collect::<Result<_, _>>()?)
    }
}

/// Whether something that a reply repeats was taken back while it was on its way.
pub(crate) async fn are_taken_back(
    conn: &mut SqliteConnection,
    reply: &NewTurn,
    echoes: &Echoes,
) -> Result<bool, StoreError> {
    for (turn, said) in &echoes.turns {
        let now: Option<String> = sqlx::query_scalar("select body from turns where id = ?")
            .bind(turn)
            .fetch_optional(&mut *conn)
            .await?;
        let Some(now) = now else {
            return Ok(true);
        };
        if !words_of(&reply.text).is_disjoint(&taken_out(said, &now)) {
            return Ok(true);
        }
    }
    let known: i64 = sqlx::query_scalar(
        "select count(*) from facts where id in (select value from json_each(?))",
    )
    .bind(sqlx::types::Json(&echoes.facts))
    .fetch_one(&mut *conn)
    .await?;
    if known < echoes.facts.len() as i64 {
        return Ok(true);
    }
    for summary in &echoes.summaries {
        let stands: bool = sqlx::query_scalar(
            "select exists (select 1 from consolidations where scope = ? and epoch = ?)",
        )
        .bind(scope_word(&summary.scope))
        .bind(summary.epoch)
        .fetch_one(&mut *conn)
        .await?;
        if !stands {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Notes what a line repeats.
pub(crate) async fn keep(
    conn: &mut SqliteConnection,
    line: TurnId,
    echoes: &Echoes,
) -> Result<(), StoreError> {
    for origin in &echoes.origins {
        sqlx::query(
            "insert or ignore into echoes (turn, person, message, scope) values (?, ?, ?, ?)",
        )
        .bind(line)
        .bind(origin.person)
        // No message has the number 0.
        .bind(origin.message.map_or(0, |message| message.get() as i64))
        .bind(scope_word(&origin.scope))
        .execute(&mut *conn)
        .await?;
    }
    if !echoes.lines.is_empty() {
        sqlx::query(
            "insert or ignore into echoes (turn, person, message, scope)
             select ?1, person, message, scope from echoes where turn in (select value from json_each(?2))",
        )
        .bind(line)
        .bind(sqlx::types::Json(&echoes.lines))
        .execute(&mut *conn)
        .await?;
    }
    for summary in echoes.summaries.iter().filter(|one| one.is_untraced) {
        // Then they are of what is kept no longer: all of it, for nobody knows which.
        sqlx::query(
            "insert or ignore into echoes (turn, person, message, scope)
             select ?1, r.person, r.message, s.scope from summaries s join summary_readings r on r.summary = s.id
             where s.scope = ?2 and r.person is not null
                 and not exists (select 1 from turn_messages m where m.message = r.message)",
        )
        .bind(line)
        .bind(scope_word(&summary.scope))
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Lines that repeat this person, at most `limit`.
pub(crate) async fn of_person(
    conn: &mut SqliteConnection,
    person: UserId,
    limit: i64,
) -> Result<Vec<TurnId>, StoreError> {
    let lines = sqlx::query_scalar("select distinct turn from echoes where person = ? limit ?")
        .bind(person)
        .bind(limit)
        .fetch_all(conn)
        .await?;
    Ok(lines)
}

/// Lines that repeat what stood in one of these scopes.
pub(crate) async fn of_scopes(
    conn: &mut SqliteConnection,
    scopes: &[String],
) -> Result<Vec<TurnId>, StoreError> {
    let lines = sqlx::query_scalar(
        "select distinct turn from echoes where scope in (select value from json_each(?))",
    )
    .bind(sqlx::types::Json(scopes))
    .fetch_all(conn)
    .await?;
    Ok(lines)
}
