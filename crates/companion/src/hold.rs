//! Hold: the worst case that this call can cost is set aside, on disk, before a byte goes out. What does not fit shrinks
//! down the ladder; the hold itself never does.

use ledger::{Ask, Purpose, Refusal};
use provider::{Generation, Request};

use crate::house::House;
use crate::ladder::{Which, ladder};
use crate::prompt::{Prepared, prepare};
use crate::recall::Past;
use crate::reply::Reply;
use crate::texts;

/// A generation that is paid for.
pub(crate) struct Reserved {
    pub(crate) generation: Generation,
    /// Characters of the message that were read, where it was too long to be read whole.
    pub(crate) read_in_part: Option<usize>,
}

/// Nothing could be set aside: the line that the persona says instead.
pub(crate) struct NoHold {
    pub(crate) line: String,
}

/// Walks down the ladder until a hold fits.
pub(crate) async fn hold(
    house: &House,
    reply: &Reply<'_>,
    past: &Past,
) -> Result<Reserved, NoHold> {
    let mut last = None;
    let rungs = ladder(
        house.model.reach(&house.ledger),
        house.cheaper.as_ref().map(|m| m.reach(&house.ledger)),
    );
    for (step, rung) in rungs.into_iter().enumerate() {
        let model = match (rung.which, &house.cheaper) {
            (Which::Cheaper, Some(cheaper)) => cheaper,
            _ => &house.model,
        };
        let Prepared {
            request,
            read_in_part,
        } = prepare(house, reply, past, model, rung);
        let request = Request {
            temperature: model.temperature,
            ..request
        };
        let terms = model.provider.terms();
        let ask = Ask {
            input_bound: request.input_bound(terms.context_window),
            cap: request.cap,
            purpose: Purpose::Reply,
            turn: Some(reply.message.id),
            persona: Some(reply.persona.id),
        };
        match house.ledger.hold(&reply.spender(), terms, ask).await {
            Ok(hold) => {
                tracing::trace!(target: "familiar::step", step = "held");
                tracing::debug!(?rung, tokens = hold.tokens(), "held");
                house.counts.held(rung, step == 0);
                let generation = model.provider.stream(hold, request);
                return Ok(Reserved {
                    generation,
                    read_in_part,
                });
            }
            Err(refusal @ Refusal::Store(_)) => {
                house.counts.rested();
                return Err(line(reply, refusal));
            }
            Err(refusal) => {
                tracing::debug!(?rung, %refusal, "refused");
                last = Some(refusal);
            }
        }
    }
    house.counts.rested();
    Err(last.map_or_else(
        || NoHold {
            line: texts::no_memory(reply.language).to_owned(),
        },
        |refusal| line(reply, refusal),
    ))
}

/// What is said when the smallest request was refused too.
fn line(reply: &Reply<'_>, refusal: Refusal) -> NoHold {
    let (name, language) = (&reply.persona.name, reply.language);
    let line = match &refusal {
        Refusal::OverLimit { resets_at: at, .. } | Refusal::Share { opens_at: at, .. } => {
            texts::resting(name, *at, language)
        }
        Refusal::Paused { .. } => texts::paused(name, language),
        Refusal::Store(error) => {
            tracing::error!(%error, "no hold could be written");
            texts::no_memory(language).to_owned()
        }
        other => {
            tracing::warn!(refusal = %other, "a reply was refused");
            texts::refused(name, &format!("{other}."), language)
        }
    };
    NoHold { line }
}
