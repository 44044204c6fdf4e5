//! What memory is searched by. An endpoint that reads what is meant is asked for one vector.

use ledger::{Ask, Outcome, Purpose, Spender};
use provider::{EmbedRequest, Embedded, Embeddings};

use super::Check;
use super::asking::NotAsked;
use super::report::{About, Report};
use super::talk::tell_not_asked;
use crate::config::{self, Config};
use crate::meaning;
use crate::models::{Pin, folder, looks_whole};

/// Looks at what `memory.embeddings` names.
pub async fn look_at(report: &mut Report, check: &Check<'_>) -> anyhow::Result<()> {
    let config = check.config;
    let mut about = report.about("memory");
    match config.memory.embeddings {
        config::Embeddings::None => {
            about.good("searched by words (memory.embeddings is \"none\")");
        }
        config::Embeddings::Local => look_at_local(&mut about, config),
        config::Embeddings::Endpoint => match meaning::endpoint(config) {
            Ok(embeddings) => look_at_endpoint(&mut about, check, &embeddings).await,
            Err(error) => about.wrong(error),
        },
    }
    Ok(())
}

fn look_at_local(about: &mut About<'_>, config: &Config) {
    let pin = Pin::mini_lm();
    if looks_whole(&folder(&config.instance.data, &pin), &pin) {
        about.good(format!(
            "searched by words and by meaning, with {} on this machine",
            pin.model
        ));
    } else {
        about.wrong(meaning::not_there(config));
    }
}

async fn look_at_endpoint(about: &mut About<'_>, check: &Check<'_>, embeddings: &Embeddings) {
    let terms = embeddings.terms();
    match check.house.ledger.prices().price(terms) {
        _ if terms.local => about.good(format!(
            "searched by words and by meaning, with {} (free, counted in tokens)",
            terms.key
        )),
        Some(price) => about.good(format!(
            "searched by words and by meaning, with {} (price per million tokens: {price})",
            terms.key
        )),
        None => {
            return about.wrong(format!(
                "the price of {} is not known, so it is not asked and memory is searched by words alone. Set embedding_model.price (US dollars per million tokens), or local = true if it is free.",
                terms.key
            ));
        }
    }
    try_out(about, check, embeddings).await;
}

/// One vector, paid for like every call.
async fn try_out(about: &mut About<'_>, check: &Check<'_>, embeddings: &Embeddings) {
    let (terms, ledger) = (embeddings.terms(), &check.house.ledger);
    let request = EmbedRequest {
        inputs: vec!["hello".to_owned()],
    };
    let ask = Ask {
        input_bound: request.input_bound(),
        cap: 0,
        purpose: Purpose::Probe,
        turn: None,
        persona: None,
    };
    let most = match ledger.worst(terms, &ask) {
        Ok(most) => most,
        Err(refusal) => return tell_not_asked(about, &NotAsked::Refused(refusal)),
    };
    if !terms.local
        && let Err(declined) = check.consent.to_ask(&terms.key.to_string(), most).await
    {
        return about.note(declined.line(most));
    }
    let hold = match ledger.hold(&Spender::operator(), terms, ask).await {
        Ok(hold) => hold,
        Err(refusal) => return tell_not_asked(about, &NotAsked::Refused(refusal)),
    };
    let Embedded {
        hold,
        outcome,
        result,
    } = embeddings.embed(hold, &request).await;
    if let Err(error) = ledger.settle(hold, outcome).await {
        return tell_not_asked(about, &NotAsked::Unsettled(error));
    }
    let numbers = match result {
        Ok(vectors) => vectors.first().map_or(0, Vec::len),
        Err(error) => {
            return about.wrong(format!(
                "{} does not read what is meant: {error}",
                terms.key
            ));
        }
    };
    let wanted = check.config.embedding_model.as_ref();
    match wanted.and_then(|section| section.dimensions) {
        Some(wanted) if wanted as usize != numbers => about.wrong(format!(
            "a vector of {} has {numbers} numbers, and embedding_model.dimensions = {wanted}: leave it out, since the model has no choice",
            terms.key
        )),
        _ => about.good(format!("a vector of {} has {numbers} numbers", terms.key)),
    }
    if !matches!(outcome, Outcome::Complete(_)) {
        about.note("it tells no usage, so every text counts with all that was set aside for it");
    }
}
