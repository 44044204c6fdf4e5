//! Steering: what admins change about a budget. Every change leaves a row in the history.

use chrono_tz::Tz;
use store::StoreError;
use store::breaches;
use store::id::{GuildId, UserId};
use store::limits::{self, Change, SetLimit};
use store::windows::Connection;

use crate::ledger::Ledger;
use crate::refusal::LedgerError;
use crate::restored;
use crate::scope::{Period, Scope, Unit};
use crate::standing::Standing;
use crate::terms::ModelKey;
use crate::windows;

/// The largest limit: a quarter of what an `i64` counts, so that no sum of a limit and a hold can wrap.
const MOST: i64 = i64::MAX / 4;

impl Ledger {
    /// Sets the limit of a scope; `None` is no limit in that unit. It holds at once, and for the window that is open:
    /// if more is spent there already, nothing more fits until the next. A scope that rests after a breach goes on
    /// resting, see [`Ledger::acknowledge`].
    pub async fn set_limit(
        &self,
        scope: Scope,
        period: Period,
        unit: Unit,
        amount: Option<i64>,
        by: UserId,
    ) -> Result<(), LedgerError> {
        if amount.is_some_and(|amount| !(0..=MOST).contains(&amount)) {
            return Err(LedgerError::BadLimit { unit, most: MOST });
        }
        self.change_limit(scope, period, unit, Some(amount), by)
            .await
    }

    /// Takes a limit that somebody has set away: the operator's default stands again.
    pub async fn reset_limit(
        &self,
        scope: Scope,
        period: Period,
        unit: Unit,
        by: UserId,
    ) -> Result<(), LedgerError> {
        self.change_limit(scope, period, unit, None, by).await
    }

    /// Sets the time zone of a guild's days and months. What the guild has spent stays spent: see the module
    /// `windows` on how the old zone's day goes on beside the new one until it ends.
    pub async fn set_zone(&self, guild: GuildId, zone: Tz, by: UserId) -> Result<(), LedgerError> {
        let ledger = self.clone();
        self.store
            .write(move |conn| {
                Box::pin(async move {
                    let before = windows::zone(conn, &ledger.config, Some(guild)).await?;
                    limits::set_zone(conn, guild, zone.name()).await?;
                    let scope = Scope::Guild(guild);
                    let change = Change {
                        scope: scope.key(),
                        what: "zone".to_owned(),
                        period: None,
                        unit: None,
                        before: Some(before.name().to_owned()),
                        after: Some(zone.name().to_owned()),
                        by,
                        at: ledger.clock.now(),
                    };
                    limits::record(conn, &change).await?;
                    let standing = Standing::read(conn, &ledger.config, &[scope]).await?;
                    let now = ledger.clock.now();
                    windows::at(conn, &standing, zone, &[scope], now).await?;
                    Ok(())
                })
            })
            .await
    }

    /// Says that an admin has seen a breach, or (of a server) that a backup was restored: the scope opens again.
    /// Answers whether it rested.
    pub async fn acknowledge(&self, scope: Scope, by: UserId) -> Result<bool, LedgerError> {
        let ledger = self.clone();
        self.store
            .write(move |conn| {
                Box::pin(async move { Ok(ledger.open_again(conn, scope, by).await?) })
            })
            .await
    }

    /// Lets a quarantined model be asked again on the terms that it broke. Says whether it was quarantined.
    ///
    /// Correcting its terms in the configuration does the same by itself.
    pub async fn lift_quarantine(&self, model: &ModelKey) -> Result<bool, LedgerError> {
        let (model, now) = (model.clone(), self.clock.now());
        self.store
            .write(move |conn| {
                Box::pin(async move {
                    Ok(breaches::lift(conn, &model.provider, &model.model, now).await? > 0)
                })
            })
            .await
    }

    /// `new` is the limit (`Some(None)`: no limit), or `None` for the default.
    async fn change_limit(
        &self,
        scope: Scope,
        period: Period,
        unit: Unit,
        new: Option<Option<i64>>,
        by: UserId,
    ) -> Result<(), LedgerError> {
        let ledger = self.clone();
        self.store
            .write(move |conn| {
                Box::pin(async move {
                    let now = ledger.clock.now();
                    let (key, config) = (scope.key(), &ledger.config);
                    let before = Standing::read(conn, config, &[scope])
                        .await?
                        .limit(&scope, period, unit);
                    match new {
                        Some(amount) => {
                            let (period, unit) = (period.key().to_owned(), unit.key().to_owned());
                            limits::set(
                                conn,
                                &SetLimit {
                                    scope: key.clone(),
                                    period,
                                    unit,
                                    amount,
                                },
                            )
                            .await?;
                        }
                        None => limits::unset(conn, &key, period.key(), unit.key()).await?,
                    }
                    let standing = Standing::read(conn, config, &[scope]).await?;
                    let after = standing.limit(&scope, period, unit);
                    let change = Change {
                        scope: key,
                        what: "limit".to_owned(),
                        period: Some(period.key().to_owned()),
                        unit: Some(unit.key().to_owned()),
                        before: before.map(|amount| amount.to_string()),
                        after: after.map(|amount| amount.to_string()),
                        by,
                        at: now,
                    };
                    limits::record(conn, &change).await?;
                    let zone = windows::zone(conn, config, scope.guild()).await?;
                    windows::at(conn, &standing, zone, &[scope], now).await?;
                    Ok(())
                })
            })
            .await
    }

    async fn open_again(
        &self,
        conn: &mut Connection,
        scope: Scope,
        by: UserId,
    ) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let breaches = breaches::acknowledge(conn, &scope.key(), by, now).await?;
        if breaches > 0 {
            let change = Change {
                scope: scope.key(),
                what: "acknowledge".to_owned(),
                period: None,
                unit: None,
                before: Some(breaches.to_string()),
                after: None,
                by,
                at: now,
            };
            limits::record(conn, &change).await?;
        }
        let restored = match scope {
            Scope::Guild(guild) => restored::open_guild(conn, guild, by, now).await?,
            _ => false,
        };
        Ok(breaches > 0 || restored)
    }
}
