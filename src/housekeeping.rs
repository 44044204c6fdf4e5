//! Housekeeping: once an hour, what is to be kept no longer goes.

use std::time::Duration;

use chrono::TimeDelta;
use companion::{Companion, House};
use store::StoreError;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// How often is looked.
const EVERY: Duration = Duration::from_secs(3600);
/// How long after the bot was removed from a server the server is forgotten: time to undo a mistake, and well within
/// the day that is promised.
const FAREWELL: TimeDelta = TimeDelta::hours(12);
/// How long it is remembered which messages were taken in, and who was forgotten. Discord replays minutes, not days.
const CLAIMS: TimeDelta = TimeDelta::days(7);
/// How long it is remembered that a message was edited or deleted: longer than any waits to be answered.
const VERSIONS: TimeDelta = TimeDelta::days(1);

/// Tidies up at once and then every hour, until it is stopped.
pub async fn keep_tidy(companion: Companion, stop: CancellationToken) {
    let mut hours = tokio::time::interval(EVERY);
    hours.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(hours.tick()).await.is_some() {
        companion.let_go();
        if let Err(error) = tidy(companion.house()).await {
            tracing::warn!(%error, "not everything that should go is gone; it is tried again in an hour");
        }
    }
}

/// Drops what is to be kept no longer.
pub async fn tidy(house: &House) -> Result<(), StoreError> {
    let (store, now) = (&house.store, house.clock.now());
    let words = store.drop_expired(house.manner.keep_days, now).await?;
    let excess = match house.manner.keep_bytes {
        0 => 0,
        most => store.drop_excess(most).await?,
    };
    let servers = store.purge_departed(now - FAREWELL).await?;
    store.prune_claims(now - CLAIMS).await?;
    store.prune_versions(now - VERSIONS).await?;
    store.prune_forgotten(now - CLAIMS).await?;
    if words > 0 || excess > 0 || servers > 0 {
        tracing::info!(words, excess, servers, "dropped what was kept long enough");
        house.memory.let_go();
    }
    Ok(())
}
