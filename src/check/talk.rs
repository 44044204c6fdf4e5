//! The real request: the least there can be of a reply, with its fields, and of a reading, for the model that reads. The
//! endpoint is met as a stranger, so that one that has changed is found out.

use companion::house::Model;
use companion::{lessons, probe};
use ledger::{PicoUsd, Refusal};
use provider::{Field, ProviderError, Request};

use super::asking::{NotAsked, ask, ask_for};
use super::report::About;
use super::{Check, answered, models};
use crate::ledger_cli::resting;

/// What the real request says of a model.
pub enum Verdict {
    /// It answers.
    Answers,
    /// It does not.
    Fails(ProviderError),
    /// Nothing: it was not asked.
    Unknown,
}

/// Asks, if that is allowed, tells what came of it, and keeps what it taught.
pub async fn try_out(
    about: &mut About<'_>,
    check: &Check<'_>,
    section: &str,
    model: &Model,
) -> anyhow::Result<Verdict> {
    let (house, terms) = (check.house, model.provider.terms());
    if let Some(quarantine) = check.ledger.quarantine_of(terms) {
        about.wrong(resting::model_in_short(quarantine));
        return Ok(Verdict::Unknown);
    }
    let reply = probe::reply(house, model);
    let reading = reader(check).filter(|reader| models::is_same(reader, model));
    let reading = reading.map(probe::reading);
    let requests = || std::iter::once(&reply).chain(&reading);
    let most = match most(check, model, requests()) {
        Ok(most) => most,
        Err(refusal) => {
            about.note(format!("no real request was made: {refusal}"));
            return Ok(Verdict::Unknown);
        }
    };
    if !terms.local
        && let Err(declined) = check.consent.to_ask(&terms.key.to_string(), most).await
    {
        about.note(declined.line(most));
        return Ok(Verdict::Unknown);
    }

    let manners = model.provider.manners();
    let before = manners.lessons();
    // How much a model thinks is no matter of refusals, and a word of greeting shows little of it.
    let room = before.iter().filter(|lesson| lesson.field == Field::Room);
    manners.remember(room.copied());
    let mut answers = vec![];
    let verdict = match ask(house, model, &reply).await {
        Ok(answer) => {
            let verdict = answered::reply(about, section, model, &answer);
            answers.extend(answer.result.is_ok().then(|| reply.clone()));
            verdict
        }
        Err(not_asked) => {
            tell_not_asked(about, &not_asked);
            Verdict::Unknown
        }
    };
    if let (Verdict::Answers, Some(reading)) = (&verdict, reading) {
        match ask(house, model, &reading).await {
            Ok(answer) => {
                answered::reading(about, model, &answer);
                answers.extend(answer.result.is_ok().then_some(reading));
            }
            Err(not_asked) => tell_not_asked(about, &not_asked),
        }
    }
    let known = manners.lessons();
    answered::lessons(about, &known, &before);
    if let Verdict::Answers = verdict {
        answered::samplers(about, model, &reply, answers.get(1));
    }
    let without: Vec<Field> = known.iter().map(|lesson| lesson.field).collect();
    let disproved = probe::disproved(&before, &without, &answers);
    for field in &disproved {
        about.note(format!("it takes {field} by now, which it refused before"));
    }
    lessons::revise(house, model, &disproved).await?;
    Ok(verdict)
}

/// The model that reads talk into notes now.
pub fn reader<'a>(check: &Check<'a>) -> Option<&'a Model> {
    let mut readers = probe::readers(check.house);
    readers.find(|model| may_be_asked(check, model))
}

/// Whether the ledger knows its price, and has nothing against it.
pub fn may_be_asked(check: &Check<'_>, model: &Model) -> bool {
    let terms = model.provider.terms();
    let price = check.house.ledger.prices().price(terms);
    !check.ledger.is_quarantined(terms) && (terms.local || price.is_some())
}

/// What these requests can cost at most together.
fn most<'a>(
    check: &Check<'_>,
    model: &Model,
    requests: impl Iterator<Item = &'a Request>,
) -> Result<PicoUsd, Refusal> {
    let mut most = PicoUsd::ZERO;
    for request in requests {
        let ask = ask_for(model, request);
        let one = check.house.ledger.worst(model.provider.terms(), &ask)?;
        most = PicoUsd(most.get().saturating_add(one.get()));
    }
    Ok(most)
}

/// A budget that is used up is no fault; whatever else keeps the ledger from spending is.
pub fn tell_not_asked(about: &mut About<'_>, not_asked: &NotAsked) {
    let line = format!("no real request was made: {not_asked}");
    match not_asked {
        NotAsked::Refused(refusal) if refusal.opens_at().is_some() => about.note(line),
        NotAsked::Refused(_) | NotAsked::Unsettled(_) => about.wrong(line),
    }
}
