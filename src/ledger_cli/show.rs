//! `familiar ledger show`: the whole ledger on one screen.

use std::fmt::Write as _;
use std::process::ExitCode;

use ledger::{Gauge, Ledger, Overview, Period, PicoUsd, Scope, Unit, WindowView};

use super::resting;
use crate::table::table;

/// Servers that are listed, those that spent the most first.
const SERVERS: usize = 25;

/// Prints it.
pub(super) async fn run(ledger: &Ledger) -> anyhow::Result<ExitCode> {
    let seen = ledger.overview().await?;
    print!("{}", describe(&seen));
    Ok(ExitCode::SUCCESS)
}

fn describe(seen: &Overview) -> String {
    let mut rows = vec![HEADER.map(str::to_owned)];
    rows.extend(seen.instance.iter().map(row));
    let servers: Vec<Scope> = seen
        .guilds
        .iter()
        .filter(|window| window.period == Period::Month)
        .map(|window| window.scope)
        .collect();
    let (listed, more) = servers.split_at(servers.len().min(SERVERS));
    let listed = seen.guilds.iter().filter(|w| listed.contains(&w.scope));
    rows.extend(listed.map(row));
    for period in Period::ALL {
        let sum = Overview::sum(&seen.direct, period);
        if sum.posted.1 + sum.pending.1 + sum.posted.0 + sum.pending.0 > 0 {
            let (usd, tokens) = (
                together(sum.posted.0, sum.pending.0),
                together(sum.posted.1, sum.pending.1),
            );
            rows.push(line("direct messages", period, usd, tokens, String::new()));
        }
    }
    let mut text = format!("The ledger at {} UTC\n\n", seen.at.format("%Y-%m-%d %H:%M"));
    text.push_str(&table(&rows));
    if !more.is_empty() {
        let _ = writeln!(
            text,
            "and {} more servers; familiar ledger export has all of them",
            more.len()
        );
    }
    text.push('\n');
    text.push_str(&what_rests(seen));
    text
}

fn what_rests(seen: &Overview) -> String {
    let mut text = String::new();
    if let Some(since) = seen.restored {
        let _ = writeln!(text, "CLOSED  {}", resting::restored(since));
    }
    for one in &seen.frozen {
        let _ = writeln!(text, "RESTS  {}", resting::scope(one));
    }
    for one in &seen.quarantined {
        let _ = writeln!(text, "QUARANTINED  {}", resting::model(one));
    }
    if text.is_empty() {
        text.push_str("Nothing rests, and no model is quarantined.\n");
    }
    text
}

const HEADER: [&str; 7] = [
    "whose",
    "period",
    "spent",
    "limit",
    "tokens",
    "limit",
    "starts afresh (UTC)",
];

fn row(window: &WindowView) -> [String; 7] {
    let whose = match window.frozen {
        Some(_) => format!("{} (rests)", window.scope.key()),
        None => window.scope.key(),
    };
    let resets = window.resets_at.format("%Y-%m-%d %H:%M").to_string();
    line(&whose, window.period, window.usd, window.tokens, resets)
}

fn line(whose: &str, period: Period, usd: Gauge, tokens: Gauge, resets: String) -> [String; 7] {
    let limit = |unit: Unit, gauge: Gauge| match (gauge.limit, unit) {
        (Some(limit), Unit::Usd) => PicoUsd(limit).to_string(),
        (Some(limit), Unit::Tokens) => limit.to_string(),
        (None, _) => "none".to_owned(),
    };
    let used = |unit: Unit, gauge: Gauge| {
        let show = |amount: i64| match unit {
            Unit::Usd => PicoUsd(amount).to_string(),
            Unit::Tokens => amount.to_string(),
        };
        let mut text = show(gauge.posted);
        if gauge.pending > 0 {
            let _ = write!(text, " + {} set aside", show(gauge.pending));
        }
        if gauge.overrun > 0 {
            let _ = write!(text, " + {} overrun", show(gauge.overrun));
        }
        text
    };
    [
        whose.to_owned(),
        period.to_string(),
        used(Unit::Usd, usd),
        limit(Unit::Usd, usd),
        used(Unit::Tokens, tokens),
        limit(Unit::Tokens, tokens),
        resets,
    ]
}

fn together(posted: i64, pending: i64) -> Gauge {
    Gauge {
        posted,
        pending,
        ..Gauge::default()
    }
}
