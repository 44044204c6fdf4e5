//! `[model]` and `[cheaper_model]`: a real request, what their endpoints tell besides, what they cost.

use companion::house::Model;

use super::report::Report;
use super::{Check, hints, talk, terms};

/// Looks at each model, and at one that stands in both sections once.
pub async fn look_at(report: &mut Report, check: &Check<'_>) -> anyhow::Result<()> {
    let house = check.house;
    look_at_one(report, check, "model", &house.model).await?;
    match &house.cheaper {
        Some(cheaper) if is_same(cheaper, &house.model) => {
            report.note("[cheaper_model]: it is the same as [model], so it is never cheaper");
        }
        Some(cheaper) => look_at_one(report, check, "cheaper_model", cheaper).await?,
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
) -> anyhow::Result<()> {
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
    Ok(())
}
