//! What rests: what the ledger has closed, a budget that is used up, and consolidations that are put off. Which endpoints
//! a running bot leaves alone for a while it alone knows.

use chrono::{DateTime, Utc};
use companion::house::Model;
use companion::probe;
use ledger::{Gauge, Overview, Period, PicoUsd, Scope};
use store::consolidations::PutOff;

use super::asking::ask_for;
use super::report::{About, Report};
use super::{Check, models, talk};
use crate::ledger_cli::resting;

/// Looks at all of it.
pub async fn look_at(report: &mut Report, check: &Check<'_>) -> anyhow::Result<()> {
    let mut about = report.about("what rests");
    let closed = look_at_closed(&mut about, &check.ledger);
    let used_up = look_at_budget(&about, check);
    let (store, now) = (&check.house.store, check.house.clock.now());
    let passed_over = look_at_reader(&about, check);
    let put_off = store.put_off_consolidations(now).await?;
    if let Some(put_off) = put_off {
        about.note(in_words(put_off));
    }
    if !closed && !used_up && !passed_over && put_off.is_none() {
        about.good("nothing");
    }
    Ok(())
}

fn look_at_closed(about: &mut About<'_>, seen: &Overview) -> bool {
    if let Some(since) = seen.restored {
        about.wrong(resting::restored(since));
    }
    for one in &seen.frozen {
        match one.scope == Scope::Instance.key() {
            true => about.wrong(resting::scope(one)),
            false => about.note(resting::scope(one)),
        }
    }
    seen.restored.is_some() || !seen.frozen.is_empty()
}

/// The bot's own windows, above those of all servers: whether the least there can be of a reply still fits.
fn look_at_budget(about: &About<'_>, check: &Check<'_>) -> bool {
    let model = &check.house.model;
    let least = ask_for(model, &probe::reply(check.house, model));
    let ledger = &check.house.ledger;
    let terms = ledger.prices().in_force(model.provider.terms());
    let usd = ledger.worst(&terms, &least).unwrap_or(PicoUsd::ZERO);
    let tokens = least.input_bound + u64::from(terms.output_bound(least.cap));
    let mut used_up = false;
    for period in Period::ALL {
        let Some(window) = check.ledger.own(period) else {
            continue;
        };
        let lacks_usd = lacks(&window.usd, usd.get());
        if lacks_usd || lacks(&window.tokens, i64::try_from(tokens).unwrap_or(i64::MAX)) {
            used_up = true;
            about.note(format!(
                "the bot's own budget of the {period} has no room for a reply until {} UTC. Raise budget.instance_{period} to go on before",
                minute(window.resets_at)
            ));
        }
    }
    used_up
}

/// Whether the model that should read talk into notes may not be asked.
fn look_at_reader(about: &About<'_>, check: &Check<'_>) -> bool {
    let Some(first) = probe::readers(check.house).next() else {
        return false;
    };
    let key = |model: &Model| model.provider.terms().key.clone();
    match talk::reader(check) {
        Some(reader) if models::is_same(reader, first) => false,
        Some(reader) => {
            about.note(format!(
                "talk is read into notes by {}, as long as {} may not be asked",
                key(reader),
                key(first)
            ));
            true
        }
        None => {
            about.note("talk is not read into notes, as long as no model may be asked");
            true
        }
    }
}

fn lacks(gauge: &Gauge, needed: i64) -> bool {
    gauge.left().is_some_and(|left| left < needed.max(1))
}

fn in_words(put_off: PutOff) -> String {
    let PutOff { scopes, until } = put_off;
    let whose = match scopes {
        1 => "one conversation waits".to_owned(),
        many => format!("{many} conversations wait"),
    };
    format!(
        "{whose} to be read into notes, until {} UTC at the latest: the last attempt came to nothing, and the log says why",
        minute(until)
    )
}

fn minute(at: DateTime<Utc>) -> impl std::fmt::Display {
    at.format("%Y-%m-%d %H:%M")
}
