//! What a guild's admins have set about its budget beside its limits: a pause, shares, models and warnings.
//!
//! Every function runs on the writer's connection, inside the ledger's job, or on a reader's.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use crate::StoreError;
use crate::clock::{from_millis, to_millis};
use crate::id::{ChannelId, GuildId};
use crate::windows::Connection;

/// What a guild has set. `None` is the default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GuildBudgetRow {
    /// The time zone of its days, as an IANA name.
    pub time_zone: Option<String>,
    /// Since when it is paused.
    pub paused_at: Option<DateTime<Utc>>,
    /// The most that one member may use, in percent of the guild's limit.
    pub member_percent: Option<u8>,
    /// The models that may be asked, as (endpoint, model); `None` is all.
    pub allowed_models: Option<Vec<(String, String)>>,
    /// Where warnings are posted; `None` is nowhere.
    pub warning_channel: Option<ChannelId>,
}

/// What a guild has set, and its time zone, in one look.
pub async fn read(conn: &mut Connection, guild: GuildId) -> Result<GuildBudgetRow, StoreError> {
    type Models = Option<Json<Vec<(String, String)>>>;
    type Row = (
        Option<String>,
        Option<i64>,
        Option<u8>,
        Models,
        Option<ChannelId>,
    );
    let (time_zone, paused_at, member_percent, models, warning_channel): Row = sqlx::query_as(
        "select s.time_zone, b.paused_at, b.member_percent, b.allowed_models, b.warning_channel
         from (select ? as guild) g
         left join guild_settings s on s.guild = g.guild
         left join guild_budgets b on b.guild = g.guild",
    )
    .bind(guild)
    .fetch_one(conn)
    .await?;
    Ok(GuildBudgetRow {
        time_zone,
        paused_at: paused_at.map(from_millis),
        member_percent,
        allowed_models: models.map(|Json(models)| models),
        warning_channel,
    })
}

/// Keeps what a guild has set, all but the time zone, which has a function of its own: [`crate::limits::set_zone`].
pub async fn write(
    conn: &mut Connection,
    guild: GuildId,
    row: &GuildBudgetRow,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into guild_budgets (guild, paused_at, member_percent, allowed_models, warning_channel)
         values (?, ?, ?, ?, ?)
         on conflict (guild) do update set
            paused_at = excluded.paused_at, member_percent = excluded.member_percent,
            allowed_models = excluded.allowed_models, warning_channel = excluded.warning_channel",
    )
    .bind(guild)
    .bind(row.paused_at.map(to_millis))
    .bind(row.member_percent)
    .bind(row.allowed_models.as_ref().map(Json))
    .bind(row.warning_channel)
    .execute(conn)
    .await?;
    Ok(())
}
