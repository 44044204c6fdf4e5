//! Pins: facts that a person wants first in a persona's mind whenever they talk. They are few, and whoever looks after
//! a channel sees and removes them.

use sqlx::sqlite::SqliteRow;

use super::{Fact, columns, fact};
use crate::id::{FactId, ScopeId, UserId};
use crate::turns::Page;
use crate::words::scope_word;
use crate::{Store, StoreError};

/// Facts that a person may pin in one persona's memory of one place: more would leave no room for what was said.
pub const MOST_PINS: usize = 5;

/// What became of a pin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pinning {
    /// It is as it was asked for.
    Done,
    /// The person has as many as there may be; these. Nothing was changed.
    Full(Vec<Fact>),
}

impl Store {
    /// Pins a fact, so that it comes first when its person talks, or takes the pin away. A fact that is no longer true is
    /// none to pin.
    pub async fn pin_fact(
        &self,
        scope: &ScopeId,
        id: FactId,
        pinned: bool,
    ) -> Result<Pinning, StoreError> {
        let scope = *scope;
        self.write(move |conn| {
            Box::pin(async move {
                let word = scope_word(&scope);
                let about: Option<UserId> =
                    sqlx::query_scalar("select about from facts where scope = ? and id = ? and (superseded_by is null or not ?)")
                        .bind(&word)
                        .bind(id)
                        .bind(pinned)
                        .fetch_optional(&mut *conn)
                        .await?;
                let about = about.ok_or(StoreError::Missing { what: "that fact" })?;
                if pinned {
                    let rows = sqlx::query(concat!(
                        "select ",
                        columns!(),
                        " from facts f where f.scope = ? and f.about = ? and f.pinned = 1 and f.superseded_by is null and f.id <> ?
                          order by f.confirmed_at desc, f.id desc",
                    ))
                    .bind(&word)
                    .bind(about)
                    .bind(id)
                    .fetch_all(&mut *conn)
                    .await?;
                    if rows.len() >= MOST_PINS {
                        return Ok(Pinning::Full(facts(&rows, &scope)?));
                    }
                }
                let done = sqlx::query("update facts set pinned = ? where scope = ? and id = ?")
                    .bind(pinned)
                    .bind(word)
                    .bind(id)
                    .execute(conn)
                    .await?;
                crate::touched_one(&done, "that fact")?;
                Ok(Pinning::Done)
            })
        })
        .await
    }

    /// What anybody has pinned in a scope, person by person. Pages count from 0.
    pub async fn pins_page(
        &self,
        scope: &ScopeId,
        page: u32,
        page_size: u32,
    ) -> Result<Page<Fact>, StoreError> {
        let word = scope_word(scope);
        let total: i64 =
            sqlx::query_scalar("select count(*) from facts where scope = ? and pinned = 1")
                .bind(&word)
                .fetch_one(self.pool())
                .await?;
        let rows = sqlx::query(concat!(
            "select ",
            columns!(),
            " from facts f where f.scope = ? and f.pinned = 1
              order by f.about, f.confirmed_at desc, f.id desc limit ? offset ?",
        ))
        .bind(&word)
        .bind(page_size)
        .bind(i64::from(page) * i64::from(page_size))
        .fetch_all(self.pool())
        .await?;
        Ok(Page {
            rows: facts(&rows, scope)?,
            total: total.max(0) as u64,
        })
    }
}

fn facts(rows: &[SqliteRow], scope: &ScopeId) -> Result<Vec<Fact>, StoreError> {
    rows.iter().map(|row| fact(row, scope)).collect()
}
