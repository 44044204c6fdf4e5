//! `[model]` and `[cheaper_model]`: a real request, what their endpoints tell besides, what they cost.

use companion::house::Model;
use companion::probe;

use super::report::Report;
use super::talk::Verdict;
use super::{Check, hints, talk, terms};

/// Looks at each model, and at one that stands in both sections once.
pub async fn look_at(report: &mut Report, check: &Check<'_>) -> anyhow::Result<()> {
    let house = check.house;
    look_at_one(report, check, "model", &house.model).await?;
    match &house.cheaper {
        Some(cheaper) if is_same(cheaper, &house.model) => {
            report.note("[cheaper_model]: it is the same as [model], so it is never cheaper");
        }
        Some(cheaper) => {
            let verdict = look_at_one(report, check, "cheaper_model", cheaper).await?;
            let mut readers = probe::readers(house);
            let reads = readers.next().is_some_and(|first| is_same(first, cheaper));
            if let (Verdict::Fails(error), true) = (verdict, reads)
                && error.waits_for_the_operator()
            {
                report.note(format!(
                    "[cheaper_model]: until then talk is read into notes by {}",
                    house.model.provider.terms().key
                ));
            }
        }
        None => {}
    }
    Ok(())
}

/// Whether it is one model at one place.
pub fn is_same(one: &Model, other: &Model) -> bool {
    let of = |model: &Model| (model.provider.terms().key.clone(), model.provider.place());
    of(one) == of(other)
}

async fn look_at_one(
    report: &mut Report,
    check: &Check<'_>,
    section: &str,
    model: &Model,
) -> anyhow::Result<Verdict> {
    let subject = format!("[{section}]");
    let mut about = report.about(&subject);
    let verdict = talk::try_out(&mut about, check, section, model).await?;
    // After it: some servers tell the window of a model that is loaded, and of no other.
    let listed = model.provider.probe().await;
    hints::look_at(&mut about, model.provider.terms(), listed, &verdict);
    terms::look_at(
        &mut about,
        (check.config, &check.house.ledger),
        section,
        model,
    );
    Ok(verdict)
}
