//! `familiar ledger acknowledge` and `lift`: what rests after a breach, or a restored backup, opens again.

use std::process::ExitCode;

use anyhow::bail;
use ledger::{Ledger, ModelKey, Quarantine, Scope};

use super::operator;

/// Opens a scope that rests again; without a scope, everything after a restored backup.
pub(super) async fn scope(ledger: &Ledger, scope: Option<&str>) -> anyhow::Result<ExitCode> {
    let Some(text) = scope else {
        return restore(ledger).await;
    };
    let scope: Scope = text.parse()?;
    if ledger.acknowledge(scope, operator()).await? {
        println!(
            "{text} is open again. The history of its budget says that the operator opened it."
        );
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "{text} does not rest, so nothing was changed. {}",
        resting(ledger).await?
    );
    Ok(ExitCode::FAILURE)
}

/// Opens everything after a restored backup.
async fn restore(ledger: &Ledger) -> anyhow::Result<ExitCode> {
    if ledger.acknowledge_restore(operator()).await? {
        println!(
            "Everything that the restored backup had closed is open again. What was spent after the backup was made is not in it: \
             lower a limit for today if that matters."
        );
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "No restored backup waits to be acknowledged, so nothing was changed. {} To open one: familiar ledger acknowledge SCOPE",
        resting(ledger).await?
    );
    Ok(ExitCode::FAILURE)
}

/// What rests, in a sentence.
async fn resting(ledger: &Ledger) -> anyhow::Result<String> {
    let seen = ledger.overview().await?;
    let names: Vec<&str> = seen.frozen.iter().map(|one| one.scope.as_str()).collect();
    Ok(match names.is_empty() {
        true => "Nothing rests.".to_owned(),
        false => format!("These rest: {}.", names.join(", ")),
    })
}

/// Lets a quarantined model be asked again.
pub(super) async fn lift(
    ledger: &Ledger,
    model: &str,
    provider: Option<&str>,
) -> anyhow::Result<ExitCode> {
    let seen = ledger.overview().await?;
    let mut keys: Vec<ModelKey> = seen
        .quarantined
        .iter()
        .filter(|one| one.model == model && provider.is_none_or(|name| name == one.provider))
        .map(key)
        .collect();
    keys.sort();
    keys.dedup();
    let key = match &keys[..] {
        [] => {
            let all: Vec<String> = seen
                .quarantined
                .iter()
                .map(|one| key(one).to_string())
                .collect();
            let all = match all.is_empty() {
                true => "No model is.".to_owned(),
                false => format!("These are: {}.", all.join(", ")),
            };
            println!("{model} is not quarantined, so nothing was changed. {all}");
            return Ok(ExitCode::FAILURE);
        }
        [key] => key,
        several => bail!(
            "{model} is quarantined at more than one provider: {}. Say which with --provider.",
            several
                .iter()
                .map(|key| key.provider.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        ),
    };
    ledger.lift_quarantine(key).await?;
    println!(
        "{key} may be asked again, on the terms that it broke. If it breaks them again it is quarantined again: \
         better correct its context_window, max_output or price in the configuration, or set caps_certified = false."
    );
    Ok(ExitCode::SUCCESS)
}

fn key(quarantine: &Quarantine) -> ModelKey {
    ModelKey {
        provider: quarantine.provider.clone(),
        model: quarantine.model.clone(),
    }
}
