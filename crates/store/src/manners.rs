//! Manners: what endpoints were learned to take otherwise than most. Written down, so that a restart need not be refused
//! again, and believed for some weeks, since endpoints change.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::SqliteConnection;

use crate::clock::to_millis;
use crate::{Store, StoreError};

/// How long a lesson is believed. Then the field is tried again.
const BELIEVED: TimeDelta = TimeDelta::days(30);

/// A model as an endpoint serves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// Host and port of the endpoint.
    pub host: String,
    /// The dialect that is spoken.
    pub dialect: String,
    /// The model's name.
    pub model: String,
}

/// One field, and how much of it is taken or needed.
pub type FieldRow = (String, u32);

impl Store {
    /// What was learned of a model lately.
    pub async fn manners(
        &self,
        of: &Served,
        now: DateTime<Utc>,
    ) -> Result<Vec<FieldRow>, StoreError> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "select field, value from manners
             where host = ? and dialect = ? and model = ? and learned_at > ? order by field",
        )
        .bind(&of.host)
        .bind(&of.dialect)
        .bind(&of.model)
        .bind(to_millis(now - BELIEVED))
        .fetch_all(self.pool())
        .await?;
        let rows = rows.into_iter();
        Ok(rows
            .filter_map(|(field, value)| Some((field, u32::try_from(value).ok()?)))
            .collect())
    }

    /// Writes down what was learned of a model. What is told anew takes the place of what was known.
    pub async fn learn_manners(
        &self,
        of: Served,
        fields: Vec<FieldRow>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write(move |conn| Box::pin(async move { insert(conn, &of, &fields, now).await }))
            .await
    }

    /// Strikes out what was known of these fields of a model, and writes down what was learned of it.
    pub async fn revise_manners(
        &self,
        of: Served,
        disproved: Vec<String>,
        learned: Vec<FieldRow>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                sqlx::query(
                    "delete from manners
                     where host = ? and dialect = ? and model = ? and field in (select value from json_each(?))",
                )
                .bind(&of.host)
                .bind(&of.dialect)
                .bind(&of.model)
                .bind(sqlx::types::Json(&disproved))
                .execute(&mut *conn)
                .await?;
                insert(conn, &of, &learned, now).await
            })
        })
        .await
    }
}

async fn insert(
    conn: &mut SqliteConnection,
    of: &Served,
    fields: &[FieldRow],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for (field, value) in fields {
        sqlx::query(
            "insert into manners (host, dialect, model, field, value, learned_at) values (?, ?, ?, ?, ?, ?)
             on conflict (host, dialect, model, field) do update set value = excluded.value, learned_at = excluded.learned_at",
        )
        .bind(&of.host)
        .bind(&of.dialect)
        .bind(&of.model)
        .bind(field)
        .bind(*value)
        .bind(to_millis(now))
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}
