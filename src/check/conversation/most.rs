//! What a talk can cost at most, and whether it may be played.

use companion::house::Model;
use companion::{House, probe};
use ledger::{Ask, PER_MESSAGE, PER_REQUEST, PicoUsd, Purpose, Refusal};
use store::consolidations::Reading;

use crate::config::{Config, Embeddings};
use crate::{meaning, question};

/// Bytes of a token of a prompt's shares, at most: of the bundled talks' words, in either language.
const BYTES: u64 = 5;
/// Messages of a prompt, at most.
const MESSAGES: u64 = 64;
/// Texts that are read for their meaning with each message: its own, its answer's, and the question for recall.
const TEXTS: u64 = 3;
/// Input tokens of such a text, at most.
const TEXT: u64 = 4_000;

/// What a talk of so many messages can cost at most, from the prices that the ledger goes by.
pub fn of(config: &Config, house: &House, messages: usize) -> anyhow::Result<PicoUsd> {
    let mut most = 0_i64;
    let mut add = |calls: u64, one: PicoUsd| {
        let calls = i64::try_from(calls).unwrap_or(i64::MAX);
        most = most.saturating_add(one.get().saturating_mul(calls));
    };
    let messages = messages as u64;
    add(messages, largest(house, &house.model)?);
    // Another reads as long as the first may not be asked.
    let mut readers = probe::readers(house);
    if let Some(one) = readers.find_map(|reader| largest(house, reader).ok()) {
        add(Reading::ALL.len() as u64, one);
    }
    if config.memory.embeddings == Embeddings::Endpoint {
        let endpoint = meaning::endpoint(config)?;
        let one = house.ledger.worst(endpoint.terms(), &ask(TEXT, 0))?;
        add(messages * TEXTS, one);
    }
    Ok(PicoUsd(most))
}

/// The largest hold of one call of this model.
fn largest(house: &House, model: &Model) -> Result<PicoUsd, Refusal> {
    let terms = model.provider.terms();
    let input = (BYTES * shares(house) + MESSAGES * PER_MESSAGE + PER_REQUEST)
        .min(u64::from(terms.context_window));
    let cap = model.provider.manners().with_room(model.cap);
    house.ledger.worst(terms, &ask(input, cap))
}

fn ask(input_bound: u64, cap: u32) -> Ask {
    Ask {
        input_bound,
        cap,
        purpose: Purpose::Probe,
        turn: None,
        persona: None,
    }
}

/// Tokens of a prompt.
fn shares(house: &House) -> u64 {
    let shares = house.manner.shares;
    let all = [
        shares.frame,
        shares.lore,
        shares.recent,
        shares.recalled,
        shares.message,
    ];
    all.iter().map(|share| *share as u64).sum()
}

/// Asks whoever sits at the terminal, where it costs. The error is a sentence.
pub async fn agree(whom: &str, messages: usize, most: PicoUsd, yes: bool) -> Result<(), String> {
    if most == PicoUsd::ZERO || yes {
        return Ok(());
    }
    if !question::can_be_asked() {
        return Err(format!(
            "nothing was asked, since the talk costs up to {most}: `familiar check --talk --yes` plays it"
        ));
    }
    println!(
        "?      {whom}: {messages} replies, and what is read into memory from them, cost at most {most}. What is not used is given back."
    );
    match question::yes("       Play it now?").await {
        true => Ok(()),
        false => Err("nothing was asked".to_owned()),
    }
}
