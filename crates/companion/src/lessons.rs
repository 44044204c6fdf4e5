//! What endpoints were learned to take otherwise than most ([`provider::Manners`]), kept across restarts.

use chrono::{DateTime, Utc};
use provider::{Field, Lesson};
use store::manners::{FieldRow, Served};
use store::{Store, StoreError};

use crate::house::{House, Model};

/// Brings back what was learned of a model lately.
pub async fn recall(store: &Store, model: &Model, now: DateTime<Utc>) -> Result<(), StoreError> {
    let rows = store.manners(&served(model), now).await?;
    let lessons = rows.into_iter().filter_map(|(field, value)| {
        let field = Field::named(&field)?;
        Some(Lesson { field, value })
    });
    model.provider.manners().remember(lessons);
    Ok(())
}

/// Writes down what was learned since the last time. What cannot be written is learned anew after a restart.
pub async fn keep(house: &House) {
    for model in std::iter::once(&house.model).chain(&house.cheaper) {
        let fresh = rows(model.provider.manners().fresh());
        if fresh.is_empty() {
            continue;
        }
        let kept = house
            .store
            .learn_manners(served(model), fresh, house.clock.now());
        if let Err(error) = kept.await {
            tracing::warn!(%error, model = %model.provider.terms().key, "what was learned of an endpoint could not be written down");
        }
    }
}

/// Writes down what a check has taught that met the endpoint as a stranger, and strikes out what it has disproved.
///
/// # Errors
/// If it cannot be written.
pub async fn revise(house: &House, model: &Model, disproved: &[Field]) -> Result<(), StoreError> {
    let disproved = disproved.iter().map(|field| field.as_str().to_owned());
    let taught = rows(model.provider.manners().fresh());
    let (store, now) = (&house.store, house.clock.now());
    store
        .revise_manners(served(model), disproved.collect(), taught, now)
        .await
}

fn rows(lessons: Vec<Lesson>) -> Vec<FieldRow> {
    let lessons = lessons.into_iter();
    lessons
        .map(|lesson| (lesson.field.as_str().to_owned(), lesson.value))
        .collect()
}

fn served(model: &Model) -> Served {
    let place = model.provider.place();
    Served {
        host: place.host,
        dialect: place.dialect,
        model: model.provider.terms().key.model.clone(),
    }
}
