//! What a hosted model costs, by whose word, and whether its caps are known to hold.

use companion::house::Model;
use ledger::Ledger;

use super::report::About;
use crate::config::Config;
use crate::prices::{day, stated_by};

/// Looks at price and certification.
pub fn look_at(
    about: &mut About<'_>,
    (config, ledger): (&Config, &Ledger),
    section: &str,
    model: &Model,
) {
    let terms = model.provider.terms();
    if terms.local {
        return;
    }
    let book = ledger.prices();
    match book.price(terms) {
        Some(price) if Some(&price) == terms.price.as_ref() => {
            let stated = stated_by(config, section, terms);
            about.good(format!("price per million tokens: {stated}"));
        }
        Some(price) => about.good(format!(
            "price per million tokens: {price} (see `familiar prices show`)"
        )),
        None => about.wrong(format!(
            "the price of {} is not known, so it may not speak. Set [{section}.price] (US dollars per million tokens), or local = true if it is free.",
            terms.key
        )),
    }
    match book.certified(&terms.key) {
        Some(at) => about.good(format!(
            "caps are certified by probes of {}",
            day(at)
        )),
        None if terms.caps_certified => about.good(
            "caps are certified by the configuration (caps_certified = true), not by a probe",
        ),
        None => about.note(format!(
            "caps are not certified, so each reply sets {} output tokens aside until it is settled. `familiar check --certify {}` probes it by a few small calls",
            terms.max_output, terms.key.model
        )),
    }
}
