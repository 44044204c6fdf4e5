//! The operator's view: the whole ledger at a glance. Nothing is written, so it works beside a bot that runs.

use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::{DateTime, Utc};
use store::overview::{self, Frozen, Quarantine};
use store::windows::{Connection, Window};
use store::{StoreError, restores};

use crate::ledger::Ledger;
use crate::refusal::LedgerError;
use crate::scope::{Period, Scope};
use crate::terms::ModelTerms;
use crate::view::{Gauge, WindowView};

/// The whole ledger at a moment.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The moment.
    pub at: DateTime<Utc>,
    /// Since when nothing is spent because the database is a restored backup.
    pub restored: Option<DateTime<Utc>>,
    /// The bot's own day and month.
    pub instance: Vec<WindowView>,
    /// The day and month of every guild that has spent in them, the largest spender of the month first.
    pub guilds: Vec<WindowView>,
    /// The day and month of every person who has spent in direct messages in them, likewise.
    pub direct: Vec<WindowView>,
    /// Scopes that rest after a breach.
    pub frozen: Vec<Frozen>,
    /// Models that are quarantined on some terms.
    pub quarantined: Vec<Quarantine>,
}

/// What windows of one kind and period hold together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fullness {
    /// Pico-US-dollars and tokens that were spent.
    pub posted: (i64, i64),
    /// Pico-US-dollars and tokens that are set aside.
    pub pending: (i64, i64),
}

impl Overview {
    /// The bot's own window of a period. After a change of its time zone there are two; the newer one follows the zone.
    pub fn own(&self, period: Period) -> Option<&WindowView> {
        let ours = self
            .instance
            .iter()
            .filter(|window| window.period == period);
        ours.max_by_key(|window| window.starts_at)
    }

    /// What these windows of one period hold together.
    pub fn sum<'a>(windows: impl IntoIterator<Item = &'a WindowView>, period: Period) -> Fullness {
        let ours = windows.into_iter().filter(|window| window.period == period);
        ours.fold(
            Fullness::default(),
            |sum, WindowView { usd, tokens, .. }| Fullness {
                posted: (sum.posted.0 + usd.posted, sum.posted.1 + tokens.posted),
                pending: (sum.pending.0 + usd.pending, sum.pending.1 + tokens.pending),
            },
        )
    }

    /// Whether this model may not be asked on these terms, which are those of the configuration.
    pub fn is_quarantined(&self, model: &ModelTerms) -> bool {
        self.quarantine_of(model).is_some()
    }

    /// The quarantine of this model on these terms.
    pub fn quarantine_of(&self, model: &ModelTerms) -> Option<&Quarantine> {
        let terms = model.fingerprint();
        self.quarantined.iter().find(|one| {
            one.provider == model.key.provider && one.model == model.key.model && one.terms == terms
        })
    }
}

impl Ledger {
    /// The whole ledger at a glance, for the operator.
    pub async fn overview(&self) -> Result<Overview, LedgerError> {
        let ledger = self.clone();
        self.store
            .read(move |conn| Box::pin(ledger.look_over(conn)))
            .await
    }

    async fn look_over(self, conn: &mut Connection) -> Result<Overview, LedgerError> {
        let zone = self.config.zone;
        let frozen = overview::frozen(conn).await?;
        let since = |scope: &Scope| {
            let key = scope.key();
            frozen
                .iter()
                .find(|one| one.scope == key)
                .map(|one| one.since)
        };
        let now = self.clock.now();
        let guilds = of_kind(conn, "guild:", now, since).await?;
        let direct = of_kind(conn, "user:", now, since).await?;
        Ok(Overview {
            at: now,
            restored: restores::closed(conn, None).await?,
            instance: self.windows(conn, &[Scope::Instance], zone).await?,
            guilds,
            direct,
            frozen,
            quarantined: overview::quarantined(conn).await?,
        })
    }
}

async fn of_kind(
    conn: &mut Connection,
    kind: &str,
    now: DateTime<Utc>,
    frozen: impl Fn(&Scope) -> Option<DateTime<Utc>>,
) -> Result<Vec<WindowView>, StoreError> {
    let windows = overview::windows_of_kind(conn, kind, now).await?;
    let mut views: Vec<WindowView> = windows
        .iter()
        .filter_map(|window| view(window, &frozen))
        .collect();
    let mut spent: HashMap<Scope, (i64, i64)> = HashMap::new();
    for view in views.iter().filter(|view| view.period == Period::Month) {
        spent.insert(view.scope, (view.usd.posted, view.tokens.posted));
    }
    let spent = |scope: &Scope| spent.get(scope).copied().unwrap_or_default();
    views.sort_by_key(|view| (Reverse(spent(&view.scope)), view.scope, view.period));
    Ok(views)
}

/// A window whose scope and period this program knows.
fn view(window: &Window, frozen: &impl Fn(&Scope) -> Option<DateTime<Utc>>) -> Option<WindowView> {
    let scope: Scope = window.scope.parse().ok()?;
    Some(WindowView {
        scope,
        period: Period::of(&window.period)?,
        starts_at: window.starts_at,
        resets_at: window.ends_at,
        usd: Gauge::of(window.usd),
        tokens: Gauge::of(window.tokens),
        frozen: frozen(&scope),
    })
}
