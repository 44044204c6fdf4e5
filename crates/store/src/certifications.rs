//! Certifications: models that were probed and honoured their cap, each where it was probed.
//!
//! Writing functions run on the writer's connection, see [`crate::Store::write`]; reading ones on a reader's.

use chrono::{DateTime, Utc};

use crate::StoreError;
use crate::clock::{from_millis, to_millis};
use crate::windows::Connection;

/// A model that honours its cap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificationRow {
    /// The endpoint's short name.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// Host and port of the endpoint.
    pub host: String,
    /// The dialect that was spoken.
    pub dialect: String,
    /// When it was probed.
    pub at: DateTime<Utc>,
}

/// All of them.
pub async fn all(conn: &mut Connection) -> Result<Vec<CertificationRow>, StoreError> {
    type Row = (String, String, String, String, i64);
    let rows: Vec<Row> =
        sqlx::query_as("select provider, model, host, dialect, at from certifications")
            .fetch_all(conn)
            .await?;
    let row = |(provider, model, host, dialect, at): Row| CertificationRow {
        provider,
        model,
        host,
        dialect,
        at: from_millis(at),
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Records that a model was probed and honoured its cap.
pub async fn certify(conn: &mut Connection, row: &CertificationRow) -> Result<(), StoreError> {
    sqlx::query(
        "insert into certifications (provider, model, host, dialect, at) values (?, ?, ?, ?, ?)
         on conflict (provider, model, host, dialect) do update set at = excluded.at",
    )
    .bind(&row.provider)
    .bind(&row.model)
    .bind(&row.host)
    .bind(&row.dialect)
    .bind(to_millis(row.at))
    .execute(conn)
    .await?;
    Ok(())
}

/// Withdraws every certification of a model; says how many there were.
pub async fn withdraw(
    conn: &mut Connection,
    provider: &str,
    model: &str,
) -> Result<u64, StoreError> {
    let done = sqlx::query("delete from certifications where provider = ? and model = ?")
        .bind(provider)
        .bind(model)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}
