//! A restored backup: nothing is spent until somebody says that they have seen it.
//!
//! The store finds it out when it opens the database, see [`store::restores`]. Every restore leaves a row there, and
//! every acknowledgement one in the history of changes.

use std::sync::atomic::Ordering;

use chrono::{DateTime, Utc};
use store::id::{GuildId, UserId};
use store::limits::{self, Change};
use store::windows::Connection;
use store::{StoreError, restores};

use crate::ledger::Ledger;
use crate::refusal::{LedgerError, Refusal};
use crate::scope::{Scope, Spender};

impl Ledger {
    /// Since when spending is closed because the database is a restored backup; `None` if it is open.
    pub async fn restored(&self) -> Result<Option<DateTime<Utc>>, LedgerError> {
        let closed = self
            .store
            .read(|conn| Box::pin(restores::closed(conn, None)))
            .await?;
        Ok(closed)
    }

    /// Says that whoever runs the bot has seen that a backup was restored: everything opens again. Answers whether
    /// anything was closed. One server opens with [`Ledger::acknowledge`].
    pub async fn acknowledge_restore(&self, by: UserId) -> Result<bool, LedgerError> {
        let now = self.clock.now();
        let opened = self
            .store
            .write(move |conn| {
                Box::pin(async move {
                    let opened = restores::acknowledge(conn, by, now).await?;
                    if opened {
                        limits::record(conn, &change(&Scope::Instance, by, now)).await?;
                    }
                    Ok::<_, StoreError>(opened)
                })
            })
            .await?;
        Ok(opened)
    }

    /// Refuses where a restored backup has not been acknowledged.
    pub(crate) async fn check_restored(
        &self,
        conn: &mut Connection,
        spender: &Spender,
    ) -> Result<(), Refusal> {
        if !self.restored.load(Ordering::Relaxed) {
            return Ok(());
        }
        if let Some(since) = restores::closed(conn, spender.guild).await? {
            return Err(Refusal::Restored { since });
        }
        if restores::closed(conn, None).await?.is_none() {
            self.restored.store(false, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Opens a server again. Says whether it was closed.
pub(crate) async fn open_guild(
    conn: &mut Connection,
    guild: GuildId,
    by: UserId,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let opened = restores::open_guild(conn, guild, by, at).await?;
    if opened {
        limits::record(conn, &change(&Scope::Guild(guild), by, at)).await?;
    }
    Ok(opened)
}

fn change(scope: &Scope, by: UserId, at: DateTime<Utc>) -> Change {
    Change {
        scope: scope.key(),
        what: "acknowledge".to_owned(),
        period: None,
        unit: None,
        before: Some("restored".to_owned()),
        after: None,
        by,
        at,
    }
}
