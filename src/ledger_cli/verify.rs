//! `familiar ledger verify`: recomputes every window from its calls.

use std::process::ExitCode;

use ledger::{Difference, Ledger, Unit};

/// Says whether every window says what its calls say; fails if one does not.
pub(super) async fn run(ledger: &Ledger) -> anyhow::Result<ExitCode> {
    let differences = ledger.verify().await?;
    if differences.is_empty() {
        println!("Every window says what its calls say.");
        return Ok(ExitCode::SUCCESS);
    }
    for difference in &differences {
        println!("WRONG  {}", in_words(difference));
    }
    println!(
        "{} of the windows differ{} from their calls. Somebody or something changed the database by hand, or Familiar has a bug: \
         keep a copy of the database, and report it with these lines.",
        differences.len(),
        if differences.len() == 1 { "s" } else { "" }
    );
    Ok(ExitCode::FAILURE)
}

fn in_words(difference: &Difference) -> String {
    let Difference {
        window,
        scope,
        period,
        usd_used,
        usd_pending,
        tokens_used,
        tokens_pending,
    } = difference;
    let parts = [
        (*usd_used, Unit::Usd, "spent"),
        (*usd_pending, Unit::Usd, "set aside"),
        (*tokens_used, Unit::Tokens, "spent"),
        (*tokens_pending, Unit::Tokens, "set aside"),
    ];
    let said: Vec<String> = parts
        .into_iter()
        .filter(|(amount, ..)| *amount != 0)
        .map(|(amount, unit, what)| {
            let than = if amount > 0 { "more" } else { "less" };
            format!("{} {than} {what}", unit.show(amount.saturating_abs()))
        })
        .collect();
    format!(
        "{scope}, {period} (window {window}): it says {} than its calls do",
        said.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_says_which_way_it_goes_and_nothing_that_is_right() {
        let difference = Difference {
            window: 7,
            scope: "guild:5".into(),
            period: "day".into(),
            usd_used: 1_500_000_000_000,
            usd_pending: 0,
            tokens_used: 0,
            tokens_pending: -20,
        };
        assert_eq!(
            in_words(&difference),
            "guild:5, day (window 7): it says $1.50 more spent, 20 tokens less set aside than its calls do"
        );
    }
}
