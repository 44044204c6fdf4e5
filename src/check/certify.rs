//! `familiar check --certify MODEL`: a few small, real, paid calls that try to get more output than the cap allows. A
//! model that honours every cap and reports usage is held at its cap from then on, and not at its maximum output.

use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;
use companion::house::Model;
use companion::{House, lessons};
use ledger::{Outcome, PicoUsd, Receipt, Usage};
use provider::{Message, Request, Role, Stop};

use super::asking::{Answer, ask};
use crate::config::Config;
use crate::prices::no_such_model;
use crate::{setup, upkeep};

/// The caps that are tried: the smallest, an odd one, and two of short replies.
const CAPS: [u32; 4] = [1, 7, 16, 64];
/// Asks for far more than any of them.
const TEMPTATION: &str = "Write the whole numbers from 1 to 500, one after another, separated by commas. \
                          Begin at once, write nothing else, and do not stop before 500.";

/// What a probe has shown.
struct Probed {
    usage: Usage,
    input_bound: u64,
    usd: PicoUsd,
}

/// Probes a model where the configuration says that it is.
pub async fn run(path: &Path, name: &str) -> anyhow::Result<ExitCode> {
    let config = Config::load(path)?;
    let house = setup::open_house_beside(&config).await?;
    let done = certify_named(&house, name).await;
    house.ledger.close().await;
    house.store.close().await?;
    done
}

async fn certify_named(house: &House, name: &str) -> anyhow::Result<ExitCode> {
    let models = upkeep::models(house);
    let mut named: Vec<&Model> = models
        .iter()
        .filter(|model| model.provider.terms().key.model == name)
        .collect();
    named.dedup_by_key(|model| (model.provider.terms().key.clone(), model.provider.place()));
    if named.is_empty() {
        bail!("{}", no_such_model(&models, name));
    }
    let mut all = true;
    for model in named {
        all &= certify(house, model).await?;
    }
    Ok(if all {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Probes one model, and says whether it is certified now.
async fn certify(house: &House, model: &Model) -> anyhow::Result<bool> {
    let terms = model.provider.terms();
    let place = model.provider.place();
    println!("{} at {}, dialect {}", terms.key, place.host, place.dialect);
    let mut cost = PicoUsd::ZERO;
    for cap in CAPS.into_iter().filter(|cap| *cap <= terms.max_output) {
        match probe(house, model, cap).await {
            Ok(probed) => {
                cost = PicoUsd(cost.get().saturating_add(probed.usd.get()));
                println!(
                    "ok     cap {cap}: {} output tokens, {} input tokens of at most {}, {}",
                    probed.usage.output, probed.usage.input, probed.input_bound, probed.usd
                );
            }
            Err(reason) => {
                house.ledger.uncertify(&terms.key).await?;
                println!("WRONG  cap {cap}: {reason}");
                println!(
                    "\n{} is not certified: each call goes on setting its maximum output of {} tokens aside.",
                    terms.key, terms.max_output
                );
                return Ok(false);
            }
        }
    }
    house.ledger.certify(&terms.key, &place).await?;
    println!(
        "\n{} honours its cap, and is certified where it is asked now: calls set the cap aside, no longer {} tokens. \
         The probes cost {cost}.",
        terms.key, terms.max_output
    );
    Ok(true)
}

/// One call that counts. The error is a sentence about what is wrong.
async fn probe(house: &House, model: &Model, cap: u32) -> Result<Probed, String> {
    let request = Request {
        messages: vec![Message {
            role: Role::User,
            text: TEMPTATION.to_owned(),
        }],
        cap,
        ..Request::default()
    };
    let answer = ask(house, model, &request).await;
    lessons::keep(house).await;
    let Answer {
        outcome,
        result,
        receipt,
        input_bound,
        ..
    } = answer.map_err(|error| error.to_string())?;
    let stop = result.map_err(|error| error.to_string())?;
    judge(outcome, &stop, &receipt, cap, input_bound)
}

fn judge(
    outcome: Outcome,
    stop: &Stop,
    receipt: &Receipt,
    cap: u32,
    input_bound: u64,
) -> Result<Probed, String> {
    let Outcome::Complete(usage) = outcome else {
        return Err(
            "the reply came without a usable usage report, so its whole hold was posted".into(),
        );
    };
    if usage.output > u64::from(cap) {
        return Err(format!("it used {} output tokens", usage.output));
    }
    if usage.input > input_bound {
        return Err(format!(
            "it counted {} input tokens where at most {input_bound} were possible",
            usage.input
        ));
    }
    if receipt.breach {
        return Err(
            "it cost more than was set aside, and is quarantined; `familiar ledger lift` opens it again".into(),
        );
    }
    if *stop != Stop::Length && usage.output < u64::from(cap) {
        return Err(format!(
            "it stopped by itself after {} output tokens, so nothing is shown; try again",
            usage.output
        ));
    }
    Ok(Probed {
        usage,
        input_bound,
        usd: receipt.usd,
    })
}

#[cfg(test)]
mod tests {
    use store::id::HoldId;

    use super::*;

    fn judged(output: u64, input: u64, stop: Stop, breach: bool) -> Option<String> {
        let usage = Usage {
            input,
            output,
            ..Usage::default()
        };
        let receipt = Receipt {
            hold: HoldId(1),
            usd: PicoUsd::ZERO,
            tokens: 0,
            breach,
        };
        judge(Outcome::Complete(usage), &stop, &receipt, 16, 700).err()
    }

    #[test]
    fn only_a_cap_that_was_reached_and_kept_is_honoured() {
        assert_eq!(judged(16, 90, Stop::Length, false), None);
        assert_eq!(
            judged(16, 90, Stop::End, false),
            None,
            "some call a cut an end"
        );
        assert_eq!(
            judged(15, 90, Stop::Length, false),
            None,
            "a token may be half a letter"
        );
        for (case, says) in [
            (judged(17, 90, Stop::Length, false), "17 output tokens"),
            (judged(9, 90, Stop::End, false), "stopped by itself"),
            (judged(16, 701, Stop::Length, false), "701 input tokens"),
            (judged(16, 90, Stop::Length, true), "familiar ledger lift"),
        ] {
            assert!(
                case.as_deref().is_some_and(|case| case.contains(says)),
                "{case:?}"
            );
        }
    }
}
