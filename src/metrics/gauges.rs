//! What is told of the ledger at this moment. Made anew at each scrape, so that yesterday's windows leave no series.

use ledger::{Fullness, Overview, Period, Unit};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// Whose windows, and of which period: five series at most, however many servers there are.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Windows {
    /// `instance`, `guild` (all together) or `user` (all direct messages together).
    scope: &'static str,
    /// `day` or `month`.
    period: &'static str,
}

type Gauges = Family<Windows, Gauge>;

/// Puts what was seen of the ledger into a registry.
pub(super) fn register(registry: &mut Registry, seen: &Overview, quarantined: usize) {
    let ours = registry.sub_registry_with_prefix("ledger");
    let (posted, pending) = (
        [Gauges::default(), Gauges::default()],
        [Gauges::default(), Gauges::default()],
    );
    let limits = [Gauges::default(), Gauges::default()];
    for period in Period::ALL {
        for (scope, sum) in sums(seen, period) {
            let windows = Windows {
                scope,
                period: period.key(),
            };
            let set = |gauges: &[Gauges; 2], (usd, tokens): (i64, i64)| {
                gauges[0].get_or_create(&windows).set(usd);
                gauges[1].get_or_create(&windows).set(tokens);
            };
            set(&posted, sum.posted);
            set(&pending, sum.pending);
        }
        let windows = Windows {
            scope: "instance",
            period: period.key(),
        };
        let own = seen.own(period);
        for (gauges, limit) in limits.iter().zip([
            own.and_then(|w| w.usd.limit),
            own.and_then(|w| w.tokens.limit),
        ]) {
            if let Some(limit) = limit {
                gauges.get_or_create(&windows).set(limit);
            }
        }
    }
    for (name, help, gauges) in [
        ("posted", "Spent in the windows that are open", posted),
        ("pending", "Set aside for calls that run now", pending),
        (
            "limit",
            "What the bot may spend in the window; absent where there is no limit",
            limits,
        ),
    ] {
        for (unit, gauges) in Unit::ALL.into_iter().zip(gauges) {
            let (ending, of) = match unit {
                Unit::Usd => ("picousd", "pico-US-dollars, a millionth of a millionth"),
                Unit::Tokens => ("tokens", "tokens"),
            };
            ours.register(
                format!("{name}_{ending}"),
                format!("{help}, in {of}"),
                gauges,
            );
        }
    }
    one(
        ours,
        "quarantined_models",
        "Models of the configuration that are not asked, because they used more than they were allowed to",
        quarantined,
    );
    one(
        ours,
        "frozen_scopes",
        "Servers and direct messages that rest after a breach until somebody acknowledges it",
        seen.frozen.len(),
    );
    one(
        ours,
        "closed_by_restore",
        "1 while nothing is spent because the database is a restored backup",
        usize::from(seen.restored.is_some()),
    );
    let active = seen.guilds.iter().filter(|w| w.period == Period::Month);
    one(
        ours,
        "active_guilds",
        "Servers that have used a model this month",
        active.count(),
    );
}

/// By kind of scope. Servers and direct messages together make the instance, except where servers have another time zone.
fn sums(seen: &Overview, period: Period) -> [(&'static str, Fullness); 3] {
    [
        ("instance", Overview::sum(seen.own(period), period)),
        ("guild", Overview::sum(&seen.guilds, period)),
        ("user", Overview::sum(&seen.direct, period)),
    ]
}

fn one(registry: &mut Registry, name: &str, help: &str, value: usize) {
    let gauge = Gauge::<i64>::default();
    gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
    registry.register(name, help, gauge);
}
