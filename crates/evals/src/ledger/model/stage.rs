//! Where a play takes place: a ledger without limits but those that the play sets, five spenders, one model.

use std::sync::Arc;

use ledger::{Ledger, LedgerConfig, Limits, ModelKey, ModelTerms, PicoUsd, Price, Spender};
use store::Store;
use store::clock::ManualClock;

use super::plain::Both;

/// A run of the ledger.
pub async fn open(store: &Store, clock: &Arc<ManualClock>) -> anyhow::Result<Ledger> {
    let config = LedgerConfig {
        instance: Limits::default(),
        guild: Limits::default(),
        // Fair shares depend on who was active; they have tests of their own.
        member_share_percent: 100,
        ..LedgerConfig::default()
    };
    Ok(Ledger::open(store.clone(), clock.clone(), config).await?)
}

/// Who spends.
pub fn spenders() -> [Spender; 5] {
    [
        (Some(1), 10),
        (Some(1), 11),
        (Some(2), 10),
        (None, 10),
        (None, 12),
    ]
    .map(|(guild, member): (Option<u64>, u64)| Spender {
        guild: guild.map(Into::into),
        channel: None,
        member: member.into(),
    })
}

/// An input token costs this many pico-dollars, an output token two.
pub fn terms(input: i64) -> ModelTerms {
    ModelTerms {
        key: ModelKey {
            provider: "sim".into(),
            model: "sim".into(),
        },
        context_window: 1_000_000,
        max_output: 1_000_000,
        caps_certified: true,
        local: false,
        errors_may_be_billed: false,
        price: Some(Price::plain(PicoUsd(input * 1_000_000), PicoUsd(2_000_000))),
    }
}

/// What a call of so many tokens costs.
pub fn cost(terms: &ModelTerms, input: u64, output: u64) -> Both {
    let price = terms
        .price
        .as_ref()
        .map_or(0, |price| price.input.0 / 1_000_000);
    [
        input as i64 * price + 2 * output as i64,
        (input + output) as i64,
    ]
}
