//! The stance: what a budget that runs low asks of everybody who spends. Background work stops first, long replies later.

use crate::config::LedgerConfig;
use crate::ledger::Ledger;
use crate::refusal::LedgerError;
use crate::scope::{Scope, Spender};
use crate::view::{Gauge, WindowView};
use crate::windows;

/// What the tightest of a person's windows allows. A later one is tighter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stance {
    /// Everything.
    #[default]
    Full,
    /// Replies. Summaries, facts and vectors wait for the next window; [`Ledger::hold`] refuses them.
    NoBackground,
    /// Replies, to the point. That is for whoever writes the prompt to see to.
    ToThePoint,
}

impl Ledger {
    /// What the budget allows this person now, where they are.
    pub async fn stance(&self, spender: &Spender) -> Result<Stance, LedgerError> {
        let spender = match self.rehearsal {
            Some(_) => Spender::operator(),
            None => *spender,
        };
        let ledger = self.clone();
        self.store
            .read(move |conn| {
                Box::pin(async move {
                    let zone = windows::zone(conn, &ledger.config, spender.guild).await?;
                    let windows = ledger.windows(conn, &spender.scopes(), zone).await?;
                    Ok(stance(&ledger.config, &windows))
                })
            })
            .await
    }
}

/// What these windows allow together.
pub(crate) fn stance(config: &LedgerConfig, windows: &[WindowView]) -> Stance {
    let low = |window: &WindowView, percent| {
        [window.usd, window.tokens]
            .iter()
            .any(|gauge| is_low(gauge, percent))
    };
    // A member's own limit does not stop what is not done for them alone.
    let of_all = |window: &&WindowView| !matches!(window.scope, Scope::Member { .. });
    if windows
        .iter()
        .any(|window| low(window, config.short_replies_below))
    {
        Stance::ToThePoint
    } else if windows
        .iter()
        .filter(of_all)
        .any(|window| low(window, config.background_stops_below))
    {
        Stance::NoBackground
    } else {
        Stance::Full
    }
}

/// Whether less than this part of a limit is left. What is set aside for calls that run is not left.
pub(crate) fn is_low(gauge: &Gauge, percent: u8) -> bool {
    let (Some(limit), Some(left)) = (gauge.limit, gauge.left()) else {
        return false;
    };
    i128::from(left) * 100 < i128::from(limit) * i128::from(percent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_low_below_the_threshold_and_not_at_it() {
        let gauge = |posted, pending| Gauge {
            posted,
            pending,
            limit: Some(100),
            overrun: 0,
        };
        assert!(!is_low(&gauge(75, 0), 25));
        assert!(is_low(&gauge(75, 1), 25));
        assert!(is_low(&gauge(76, 0), 25));
        assert!(!is_low(&gauge(100, 0), 0));
        let unlimited = Gauge::default();
        assert!(!is_low(&unlimited, 100));
    }
}
