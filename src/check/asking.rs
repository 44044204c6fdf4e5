//! One real request, paid for like every call: hold, ask, settle. An endpoint that refuses a field of it has run nothing,
//! and is asked again without.

use std::time::Duration;

use companion::House;
use companion::house::Model;
use ledger::{Ask, LedgerError, Outcome, PicoUsd, Purpose, Receipt, Refusal, Spender};
use provider::{Field, Finished, ProviderError, Request, Stop};
use tokio::time::Instant;

/// What came of it in the end.
pub struct Answer {
    /// The words.
    pub text: String,
    /// How it ended.
    pub result: Result<Stop, ProviderError>,
    /// What the last call says that it has cost.
    pub outcome: Outcome,
    /// What the ledger has posted for the last call.
    pub receipt: Receipt,
    /// What all calls have cost together.
    pub usd: PicoUsd,
    /// The most input tokens that the last call could have.
    pub input_bound: u64,
    /// When the first words of the last call came, if any did.
    pub first: Option<Duration>,
    /// When it was over.
    pub whole: Duration,
}

/// Why there is no answer, although nothing is known against the endpoint.
#[derive(Debug, thiserror::Error)]
pub enum NotAsked {
    /// The ledger has no money for it.
    #[error("{0}.")]
    Refused(Refusal),
    /// What it has cost could not be written down.
    #[error(transparent)]
    Unsettled(LedgerError),
}

/// What the ledger is asked for, on the operator's account.
pub fn ask_for(model: &Model, request: &Request) -> Ask {
    Ask {
        input_bound: request.input_bound(model.provider.terms().context_window),
        cap: request.cap,
        purpose: Purpose::Probe,
        turn: None,
        persona: None,
    }
}

/// Asks, and once more for each field that the endpoint refuses.
pub async fn ask(house: &House, model: &Model, request: &Request) -> Result<Answer, NotAsked> {
    let mut usd = PicoUsd::ZERO;
    let mut tries = 0;
    loop {
        let answer = call(house, model, request.clone()).await?;
        tries += 1;
        usd = PicoUsd(usd.get().saturating_add(answer.receipt.usd.get()));
        let refused = matches!(answer.result, Err(ProviderError::FieldRefused { .. }));
        if !refused || tries > Field::ALL.len() {
            return Ok(Answer { usd, ..answer });
        }
    }
}

async fn call(house: &House, model: &Model, request: Request) -> Result<Answer, NotAsked> {
    let (terms, ask) = (model.provider.terms(), ask_for(model, &request));
    let hold = house.ledger.hold(&Spender::operator(), terms, ask).await;
    let hold = hold.map_err(NotAsked::Refused)?;
    let input_bound = hold.input_bound();
    let begun = Instant::now();
    let (mut text, mut first) = (String::new(), None);
    let mut generation = model.provider.stream(hold, request);
    while let Some(piece) = generation.next().await {
        first.get_or_insert_with(|| begun.elapsed());
        text.push_str(&piece);
    }
    let Finished {
        hold,
        outcome,
        result,
    } = generation.finish();
    let whole = begun.elapsed();
    let receipt = house.ledger.settle(hold, outcome).await;
    let receipt = receipt.map_err(NotAsked::Unsettled)?;
    Ok(Answer {
        text,
        result,
        outcome,
        usd: receipt.usd,
        receipt,
        input_bound,
        first,
        whole,
    })
}
