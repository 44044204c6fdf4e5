//! Hold: the worst case that this call can cost is set aside, on disk, before a byte goes out. What does not fit shrinks
//! down the ladder; the hold itself never does.

use ledger::{Ask, Purpose, Refusal, Spender, Stance};
use provider::{Generation, Request};
use store::reports::{NewReport, Shrunk};

use crate::endpoints::Pass;
use crate::house::{House, Model};
use crate::ladder::{Context, Left, Rung, Which, ladder};
use crate::prompt::{Prepared, prepare};
use crate::recall::Past;
use crate::reply::Reply;
use crate::slots::{Address, Coming};
use crate::{resting, texts};

/// A generation that is paid for.
pub(crate) struct Reserved {
    pub(crate) generation: Generation,
    /// Characters of the message that were read, where it was too long to be read whole.
    pub(crate) read_in_part: Option<usize>,
    /// What the persona has of its own in the prompt.
    pub(crate) own: String,
    /// Why the reply will be as it is.
    pub(crate) report: NewReport,
    /// The rung of the ladder on which it fits.
    pub(crate) rung: Rung,
    /// Leave to ask the endpoint.
    pub(crate) pass: Pass,
    /// What runs behind the replies at its server gives way.
    pub(crate) coming: Option<Coming>,
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
    let spender = reply.spender();
    let (mut refused, mut excluded, mut leave) = (None, None, None);
    let rungs = ladder(
        house.model.reach(&house.ledger),
        house.cheaper.as_ref().map(|m| m.reach(&house.ledger)),
        stance(house, &spender).await,
    );
    for (step, rung) in rungs.into_iter().enumerate() {
        if excluded == Some(rung.which) {
            continue;
        }
        let model = match (rung.which, &house.cheaper) {
            (Which::Cheaper, Some(cheaper)) => cheaper,
            _ => &house.model,
        };
        let pass = match leave.take_if(|(which, _)| *which == rung.which) {
            Some((_, pass)) => pass,
            None => enter(house, reply, model).await?,
        };
        let Prepared {
            request,
            read_in_part,
            own,
            sections,
            window,
            retells,
        } = prepare(house, reply, past, model, rung);
        let sampled = match retells {
            true => model.retelling,
            false => model.talking,
        };
        let request = Request {
            cap: model.with_room(rung.cap),
            temperature: sampled.temperature,
            sampling: sampled.sampling,
            ..request
        };
        let terms = model.provider.terms();
        let coming = house.slots.expect(Address::of(&*model.provider));
        let ask = Ask {
            input_bound: request.input_bound(terms.context_window),
            cap: request.cap,
            purpose: Purpose::Reply,
            turn: Some(reply.message.id),
            persona: Some(reply.persona.id),
        };
        match house.ledger.hold(&spender, terms, ask).await {
            Ok(hold) => {
                tracing::trace!(target: "familiar::step", step = "held");
                tracing::debug!(?rung, tokens = hold.tokens(), "held");
                let report = NewReport {
                    hold: hold.id(),
                    persona_version: reply.persona.version,
                    usual_cap: model.with_room(model.cap),
                    shrunk: Shrunk {
                        step: u32::try_from(step).unwrap_or(u32::MAX),
                        cheaper: rung.which == Which::Cheaper,
                        lean: rung.context == Context::Lean,
                        brief: rung.brief,
                    },
                    window,
                    sections,
                };
                let generation = model.provider.stream(hold, request);
                return Ok(Reserved {
                    generation,
                    read_in_part,
                    own,
                    report,
                    rung,
                    pass,
                    coming,
                });
            }
            Err(refusal) => {
                tracing::debug!(?rung, %refusal, "refused");
                let left = Left::after(&refusal);
                refused = Some(telling(refused, refusal));
                match left {
                    Left::Smaller => leave = Some((rung.which, pass)),
                    Left::OtherModel => excluded = Some(rung.which),
                    Left::Nothing => break,
                }
            }
        }
    }
    house.counts.rested();
    let line = match refused {
        Some(refusal) => line(reply, &refusal),
        None => texts::no_memory(reply.language).to_owned(),
    };
    Err(NoHold { line })
}

/// Leave to ask a model's endpoint, or the line that tells when it is tried again.
async fn enter(house: &House, reply: &Reply<'_>, model: &Model) -> Result<Pass, NoHold> {
    let key = &model.provider.terms().key;
    house.endpoints.enter(key).await.map_err(|resting| {
        tracing::debug!(model = %key, until = %resting.until, "the endpoint rests, so it is not asked");
        NoHold {
            line: resting::left_alone(&reply.persona.name, resting.until, reply.language),
        }
    })
}

/// What the budget asks of this reply. If that cannot be read, the hold will tell.
async fn stance(house: &House, spender: &Spender) -> Stance {
    house.ledger.stance(spender).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "what is left of the budget could not be read");
        Stance::default()
    })
}

/// Which of two refusals says more about what to do: that of the smallest request, else the first model's.
fn telling(before: Option<Refusal>, refusal: Refusal) -> Refusal {
    match before {
        Some(before) if Left::after(&refusal) == Left::OtherModel => before,
        _ => refusal,
    }
}

/// What is said when the smallest request was refused too.
fn line(reply: &Reply<'_>, refusal: &Refusal) -> String {
    match refusal {
        Refusal::Store(error) => tracing::error!(%error, "no hold could be written"),
        _ if refusal.opens_at().is_some() => {}
        other => tracing::warn!(refusal = %other, mend = mend(other), "a reply was refused"),
    }
    let in_guild = reply.message.guild.is_some();
    resting::line(&reply.persona.name, refusal, in_guild, reply.language)
}

/// The command that opens again what rests; empty where it is the configuration or an admin that does.
fn mend(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Quarantined { model, .. } => format!(
            "when its terms are right: familiar ledger lift {} --provider {}",
            model.model, model.provider
        ),
        Refusal::Frozen { .. } => {
            "familiar ledger show names it; then: familiar ledger acknowledge SCOPE, and familiar ledger lift MODEL"
                .to_owned()
        }
        _ => String::new(),
    }
}
