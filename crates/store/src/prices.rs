//! Prices that providers publish, and the drops among them that the operator accepted.
//!
//! Writing functions run on the writer's connection, see [`crate::Store::write`]; reading ones on a reader's.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

use crate::StoreError;
use crate::clock::{from_millis, to_millis};
use crate::windows::Connection;

/// A price, in pico-US-dollars per million tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRow {
    /// Prompt tokens.
    pub input: i64,
    /// Reply tokens.
    pub output: i64,
    /// Prompt tokens from a cache.
    pub cached_input: Option<i64>,
    /// Prompt tokens into a cache.
    pub cache_write: Option<i64>,
    /// Reasoning tokens.
    pub reasoning: Option<i64>,
    /// A fee for each request, in pico-US-dollars.
    pub per_request: i64,
    /// The dearer tier of long prompts.
    pub long_context: Option<TierRow>,
}

/// The dearer tier of long prompts, in pico-US-dollars per million tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierRow {
    /// The longest prompt that is not in it.
    pub above_tokens: u64,
    /// Prompt tokens.
    pub input: i64,
    /// Reply tokens.
    pub output: i64,
    /// Prompt tokens from a cache.
    pub cached_input: Option<i64>,
    /// Prompt tokens into a cache.
    pub cache_write: Option<i64>,
}

/// What a provider publishes of one model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedRow {
    /// The endpoint's short name.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// As it was published last.
    pub latest: PriceRow,
    /// Each part at its dearest since a drop was last accepted.
    pub highest: PriceRow,
    /// When it was read last.
    pub read_at: DateTime<Utc>,
    /// When it last became another.
    pub changed_at: DateTime<Utc>,
}

/// A drop that the operator accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedRow {
    /// The endpoint's short name.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// The price that the operator or the bundled table stated then.
    pub stated: Option<PriceRow>,
    /// The price that was in force.
    pub before: PriceRow,
    /// The published price that took its place.
    pub after: PriceRow,
    /// When.
    pub at: DateTime<Utc>,
}

/// Everything that providers publish, as far as it was read.
pub async fn published(conn: &mut Connection) -> Result<Vec<PublishedRow>, StoreError> {
    type Row = (String, String, Json<PriceRow>, Json<PriceRow>, i64, i64);
    let rows: Vec<Row> = sqlx::query_as(
        "select provider, model, latest, highest, read_at, changed_at from published_prices",
    )
    .fetch_all(conn)
    .await?;
    let row = |(provider, model, latest, highest, read_at, changed_at): Row| PublishedRow {
        provider,
        model,
        latest: latest.0,
        highest: highest.0,
        read_at: from_millis(read_at),
        changed_at: from_millis(changed_at),
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Writes what a provider publishes of a model over what was known of it.
pub async fn put(conn: &mut Connection, row: &PublishedRow) -> Result<(), StoreError> {
    sqlx::query(
        "insert into published_prices (provider, model, latest, highest, read_at, changed_at)
         values (?, ?, ?, ?, ?, ?)
         on conflict (provider, model) do update set
            latest = excluded.latest, highest = excluded.highest,
            read_at = excluded.read_at, changed_at = excluded.changed_at",
    )
    .bind(&row.provider)
    .bind(&row.model)
    .bind(Json(&row.latest))
    .bind(Json(&row.highest))
    .bind(to_millis(row.read_at))
    .bind(to_millis(row.changed_at))
    .execute(conn)
    .await?;
    Ok(())
}

/// The newest acceptance of each model.
pub async fn accepted(conn: &mut Connection) -> Result<Vec<AcceptedRow>, StoreError> {
    type Row = (
        String,
        String,
        Option<Json<PriceRow>>,
        Json<PriceRow>,
        Json<PriceRow>,
        i64,
    );
    let rows: Vec<Row> = sqlx::query_as(
        "select provider, model, stated, before, after, at from accepted_prices
         where id in (select max(id) from accepted_prices group by provider, model)",
    )
    .fetch_all(conn)
    .await?;
    let row = |(provider, model, stated, before, after, at): Row| AcceptedRow {
        provider,
        model,
        stated: stated.map(|price| price.0),
        before: before.0,
        after: after.0,
        at: from_millis(at),
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Records an acceptance.
pub async fn accept(conn: &mut Connection, row: &AcceptedRow) -> Result<(), StoreError> {
    sqlx::query(
        "insert into accepted_prices (provider, model, stated, before, after, at)
         values (?, ?, ?, ?, ?, ?)",
    )
    .bind(&row.provider)
    .bind(&row.model)
    .bind(row.stated.as_ref().map(Json))
    .bind(Json(&row.before))
    .bind(Json(&row.after))
    .bind(to_millis(row.at))
    .execute(conn)
    .await?;
    Ok(())
}
