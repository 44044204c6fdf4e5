//! Consolidations: how far a scope's talk has been read, for facts and for the summary, and what that came to.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use crate::clock::to_millis;
use crate::consents::{self, Consent};
use crate::facts::{self, NewFact};
use crate::id::{FactId, MessageId, ScopeId, UserId};
use crate::words::scope_word;
use crate::{Store, StoreError, summaries, tombstones};

/// After something was edited or forgotten, this many of the newest turns are read again; what is older is kept in the
/// facts that remain.
const READ_AGAIN: i64 = 120;

/// What a scope's talk is read for. Each reading has its own progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reading {
    /// Lasting things that people say of themselves.
    Facts,
    /// What happened.
    Summary,
}

impl Reading {
    /// Both, in the order in which they are asked for.
    pub const ALL: [Self; 2] = [Self::Facts, Self::Summary];

    /// Its name in the database.
    const fn key(self) -> &'static str {
        match self {
            Self::Facts => "facts",
            Self::Summary => "summary",
        }
    }
}

/// How far a scope's talk is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Number of the last turn that was read; 0 before the first.
    pub through: i64,
    /// The summary of what was read; may be empty.
    pub summary: String,
    /// Changes whenever something in the scope was edited or forgotten.
    pub epoch: i64,
    /// Attempts on the turns after `through` that came to nothing.
    pub failures: i64,
    /// How often in a row it was put off since it last came to something.
    pub put_off: i64,
    /// Before then it is not asked for again.
    pub not_before: Option<DateTime<Utc>>,
}

/// Scopes whose consolidation was put off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PutOff {
    /// How many.
    pub scopes: i64,
    /// When the last of them is asked for again.
    pub until: DateTime<Utc>,
}

/// What a consolidation came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consolidated {
    /// The epoch in which its turns were read.
    pub epoch: i64,
    /// What they were read for.
    pub reading: Reading,
    /// Number of the last turn that it has read.
    pub through: i64,
    /// The new summary; `None` leaves the old one.
    pub summary: Option<String>,
    /// Facts that are new.
    pub learned: Vec<NewFact>,
    /// Facts that were said again, with the messages that say so.
    pub confirmed: Vec<(FactId, Vec<MessageId>)>,
}

impl Store {
    /// How far a scope's talk is read for this.
    pub async fn progress(
        &self,
        scope: &ScopeId,
        reading: Reading,
    ) -> Result<Progress, StoreError> {
        let row: Option<(i64, String, i64, i64, i64, Option<i64>)> = sqlx::query_as(
            "select coalesce(r.through, 0), coalesce(s.body, ''), c.epoch, coalesce(r.failures, 0), coalesce(r.put_off, 0),
                    r.not_before
             from consolidations c left join readings r on r.scope = c.scope and r.kind = ?2
             left join summaries s on s.scope = c.scope where c.scope = ?1",
        )
        .bind(scope_word(scope))
        .bind(reading.key())
        .fetch_optional(self.pool())
        .await?;
        let progress = |(through, summary, epoch, failures, put_off, not_before)| Progress {
            through,
            summary,
            epoch,
            failures,
            put_off,
            not_before: Option::<i64>::and_then(not_before, DateTime::from_timestamp_millis),
        };
        Ok(row.map(progress).unwrap_or_default())
    }

    /// The scopes whose consolidation is put off to a time that has not come; none if there is none.
    pub async fn put_off_consolidations(
        &self,
        now: DateTime<Utc>,
    ) -> Result<Option<PutOff>, StoreError> {
        let (scopes, until): (i64, Option<i64>) = sqlx::query_as(
            "select count(distinct scope), max(not_before) from readings where not_before > ?",
        )
        .bind(to_millis(now))
        .fetch_one(self.pool())
        .await?;
        let until = until.and_then(DateTime::from_timestamp_millis);
        Ok(until.map(|until| PutOff { scopes, until }))
    }

    /// The number of a scope's newest turn; 0 before the first.
    pub async fn newest_number(&self, scope: &ScopeId) -> Result<i64, StoreError> {
        let last: Option<i64> = sqlx::query_scalar("select last from turn_numbers where scope = ?")
            .bind(scope_word(scope))
            .fetch_optional(self.pool())
            .await?;
        Ok(last.unwrap_or(0))
    }

    /// Keeps what a consolidation came to, all of it or nothing: `false` if something was edited or forgotten
    /// meanwhile, for then its words may hold what somebody took out.
    pub async fn consolidate(
        &self,
        scope: &ScopeId,
        outcome: Consolidated,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.keep_consolidated(scope, outcome, None, at).await
    }

    /// The same of what was read while people had said this: facts about somebody who has said otherwise since, or who is
    /// not among them, are not kept, and no summary if one of those whom it has read allows less than then.
    pub async fn consolidate_under(
        &self,
        scope: &ScopeId,
        outcome: Consolidated,
        consents: Vec<(UserId, Consent)>,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.keep_consolidated(scope, outcome, Some(consents), at)
            .await
    }

    async fn keep_consolidated(
        &self,
        scope: &ScopeId,
        outcome: Consolidated,
        consents: Option<Vec<(UserId, Consent)>>,
        at: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let scope = *scope;
        self.write(move |conn| {
            Box::pin(async move {
                if tombstones::is_buried(conn, &scope).await? {
                    return Ok(false);
                }
                ensure_row(conn, &scope, at).await?;
                let word = scope_word(&scope);
                let reading = outcome.reading.key();
                let read: Option<i64> = sqlx::query_scalar(
                    "select coalesce(r.through, 0) from consolidations c
                     left join readings r on r.scope = c.scope and r.kind = ?3 where c.scope = ?1 and c.epoch = ?2",
                )
                .bind(&word)
                .bind(outcome.epoch)
                .bind(reading)
                .fetch_optional(&mut *conn)
                .await?;
                let Some(read) = read else {
                    return Ok(false);
                };
                let numbers = (read + 1, outcome.through);
                if let Some(summary) = &outcome.summary
                    && !is_taken_back(conn, &word, numbers, consents.as_deref()).await?
                {
                    summaries::carry_on(conn, &word, summary, numbers, at).await?;
                }
                sqlx::query(
                    "insert into readings (scope, kind, through) values (?1, ?2, ?3)
                     on conflict (scope, kind) do update
                     set through = max(through, ?3), failures = 0, put_off = 0, not_before = null",
                )
                .bind(&word)
                .bind(reading)
                .bind(outcome.through)
                .execute(&mut *conn)
                .await?;
                sqlx::query("update consolidations set at = ?2 where scope = ?1")
                    .bind(&word)
                    .bind(to_millis(at))
                    .execute(&mut *conn)
                    .await?;
                for (fact, sources) in &outcome.confirmed {
                    facts::confirm(conn, &scope, *fact, sources, at).await?;
                }
                for new in &outcome.learned {
                    if let Some(consents) = &consents {
                        let now = consents::of(conn, new.about).await?;
                        if !now.is_some_and(|now| now.facts) || now != said(consents, new.about) {
                            continue;
                        }
                    }
                    facts::add(conn, &scope, new, at).await?;
                }
                Ok(true)
            })
        })
        .await
    }

    /// Counts an attempt that came to nothing, and says how many that makes in a row.
    pub async fn consolidation_failed(
        &self,
        scope: &ScopeId,
        reading: Reading,
        at: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        let scope = *scope;
        self.write(move |conn| {
            Box::pin(async move {
                ensure_row(conn, &scope, at).await?;
                let failures = sqlx::query_scalar(
                    "insert into readings (scope, kind, failures) values (?, ?, 1)
                     on conflict (scope, kind) do update set failures = failures + 1 returning failures",
                )
                .bind(scope_word(&scope))
                .bind(reading.key())
                .fetch_one(conn)
                .await?;
                Ok(failures)
            })
        })
        .await
    }

    /// Puts a reading of a scope's talk off until then, and says how often in a row that makes.
    pub async fn put_consolidation_off(
        &self,
        scope: &ScopeId,
        reading: Reading,
        until: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Result<i64, StoreError> {
        let scope = *scope;
        self.write(move |conn| {
            Box::pin(async move {
                ensure_row(conn, &scope, at).await?;
                let times = sqlx::query_scalar(
                    "insert into readings (scope, kind, put_off, not_before) values (?1, ?2, 1, ?3)
                     on conflict (scope, kind) do update set put_off = put_off + 1, not_before = ?3 returning put_off",
                )
                .bind(scope_word(&scope))
                .bind(reading.key())
                .bind(to_millis(until))
                .fetch_one(conn)
                .await?;
                Ok(times)
            })
        })
        .await
    }
}

/// What somebody had said.
fn said(consents: &[(UserId, Consent)], user: UserId) -> Option<Consent> {
    let (_, consent) = consents.iter().find(|(other, _)| *other == user)?;
    Some(*consent)
}

/// Whether somebody among these turns allows less than when they were read.
async fn is_taken_back(
    conn: &mut SqliteConnection,
    scope: &str,
    (first, last): (i64, i64),
    consents: Option<&[(UserId, Consent)]>,
) -> Result<bool, StoreError> {
    let Some(consents) = consents else {
        return Ok(false);
    };
    let people: Vec<UserId> = sqlx::query_scalar(
        "select distinct person from turns where scope = ? and number between ? and ? and person is not null",
    )
    .bind(scope)
    .bind(first)
    .bind(last)
    .fetch_all(&mut *conn)
    .await?;
    for person in people {
        let now = consents::of(conn, person).await?;
        if consents::allows_less(said(consents, person), now) {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn ensure_row(
    conn: &mut SqliteConnection,
    scope: &ScopeId,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert or ignore into consolidations (scope, guild, channel, persona, at) values (?, ?, ?, ?, ?)",
    )
    .bind(scope_word(scope))
    .bind(scope.guild)
    .bind(scope.channel)
    .bind(scope.persona)
    .bind(to_millis(at))
    .execute(conn)
    .await?;
    Ok(())
}

/// Something in these scopes was edited or forgotten: what is being read of them now is thrown away.
pub(crate) async fn disturb(
    conn: &mut SqliteConnection,
    scopes: &[String],
) -> Result<(), StoreError> {
    // A first consolidation may be under way, which has no row yet.
    sqlx::query(
        "insert or ignore into consolidations (scope, guild, channel, persona, at)
         select scope, guild, channel, persona, min(at) from turns
         where scope in (select value from json_each(?)) group by scope",
    )
    .bind(sqlx::types::Json(scopes))
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "update consolidations set epoch = epoch + 1 where scope in (select value from json_each(?))",
    )
    .bind(sqlx::types::Json(scopes))
    .execute(&mut *conn)
    .await?;
    sqlx::query("update readings set failures = 0 where scope in (select value from json_each(?))")
        .bind(sqlx::types::Json(scopes))
        .execute(conn)
        .await?;
    Ok(())
}

/// Something in these scopes was edited or forgotten that their summaries may repeat: they go, what is being read is thrown
/// away, and the newest turns are read again, for facts too: one that was also said elsewhere went with the message.
pub(crate) async fn begin_again(
    conn: &mut SqliteConnection,
    scopes: &[String],
) -> Result<(), StoreError> {
    disturb(conn, scopes).await?;
    let ever = DateTime::<Utc>::MIN_UTC;
    read_again(conn, scopes, Reading::Facts, ever).await?;
    drop_summaries(conn, scopes, ever).await
}

/// The summaries of these scopes may repeat what somebody took back: they go, what is being read is thrown away, and the
/// newest turns are summed up again. The facts that are left stand as they are.
pub(crate) async fn sum_up_again(
    conn: &mut SqliteConnection,
    scopes: &[String],
) -> Result<(), StoreError> {
    disturb(conn, scopes).await?;
    drop_summaries(conn, scopes, DateTime::<Utc>::MIN_UTC).await
}

/// Drops the summaries of these scopes. Of the newest turns those are summed up again that were said since then.
pub(crate) async fn drop_summaries(
    conn: &mut SqliteConnection,
    scopes: &[String],
    since: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query("delete from summaries where scope in (select value from json_each(?))")
        .bind(sqlx::types::Json(scopes))
        .execute(&mut *conn)
        .await?;
    read_again(conn, scopes, Reading::Summary, since).await
}

/// Of the newest turns of these scopes those are read again that were said since then.
async fn read_again(
    conn: &mut SqliteConnection,
    scopes: &[String],
    reading: Reading,
    since: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "with newest (scope, after) as materialized (
            select scope, max(0, last - ?2) from turn_numbers where scope in (select value from json_each(?1)))
         update readings set through = min(through, max(newest.after, coalesce(
            (select max(number) from turns t where t.scope = newest.scope and t.number > newest.after and t.at < ?3), 0)))
         from newest where readings.scope = newest.scope and readings.kind = ?4",
    )
    .bind(sqlx::types::Json(scopes))
    .bind(READ_AGAIN)
    .bind(to_millis(since))
    .bind(reading.key())
    .execute(conn)
    .await?;
    Ok(())
}
