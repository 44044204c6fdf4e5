//! The price book: what models cost and whether they honour caps, as far as more is known than the configuration states.
//!
//! The configuration's terms are what is *stated*. The book adds what the provider publishes and what probes have shown;
//! [`PriceBook::in_force`] is both together, and it is what holds are sized by and calls are settled by. It lies in
//! memory, shared by all clones of a ledger, and is read from the database when a ledger opens.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use chrono::{DateTime, Utc};

use crate::certification::{Certification, Place};
use crate::price::Price;
use crate::terms::{ModelKey, ModelTerms};

/// The book. Cheap to clone; all clones are one.
#[derive(Clone, Debug, Default)]
pub struct PriceBook(Arc<RwLock<Pages>>);

/// What a provider publishes of one model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedPrice {
    /// As it was published last.
    pub latest: Price,
    /// Each part at its dearest since a drop was last accepted: this is what counts.
    pub highest: Price,
    /// When it was read last.
    pub read_at: DateTime<Utc>,
    /// When it last became another.
    pub changed_at: DateTime<Utc>,
}

/// A drop that the operator accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedPrice {
    /// What was stated then. If it is stated differently now, the acceptance is over.
    pub stated: Option<Price>,
    /// The price that was in force.
    pub before: Price,
    /// The published price that took its place.
    pub after: Price,
    /// When.
    pub at: DateTime<Utc>,
}

/// What the book knows. No guard on it lives across an await.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    pub(crate) published: HashMap<ModelKey, PublishedPrice>,
    pub(crate) accepted: HashMap<ModelKey, AcceptedPrice>,
    pub(crate) certified: Vec<Certification>,
    /// Where each configured model is asked. A certification counts only there.
    places: HashMap<ModelKey, BTreeSet<Place>>,
}

impl PriceBook {
    /// These terms with all that is known: the price is the larger of the stated and the published one, part by part,
    /// and caps count if they are stated to, or if a probe has shown that they do.
    pub fn in_force(&self, stated: &ModelTerms) -> ModelTerms {
        ModelTerms {
            price: self.price(stated),
            caps_certified: stated.caps_certified || self.certified(&stated.key).is_some(),
            ..stated.clone()
        }
    }

    /// The price in force of a model on these stated terms.
    pub fn price(&self, stated: &ModelTerms) -> Option<Price> {
        if stated.local {
            return stated.price.clone();
        }
        let pages = self.read();
        let accepted = pages.accepted.get(&stated.key);
        let basis = match accepted.filter(|accepted| accepted.stated == stated.price) {
            Some(accepted) => Some(&accepted.after),
            None => stated.price.as_ref(),
        };
        let published = pages.published.get(&stated.key).map(|p| &p.highest);
        match (basis, published) {
            (Some(basis), Some(published)) => Some(basis.dearer(published)),
            (one, other) => one.or(other).cloned(),
        }
    }

    /// What the provider publishes of a model, if it was read.
    pub fn published(&self, model: &ModelKey) -> Option<PublishedPrice> {
        self.read().published.get(model).cloned()
    }

    /// The drop that was last accepted on these stated terms, if it still counts.
    pub fn accepted(&self, stated: &ModelTerms) -> Option<AcceptedPrice> {
        let pages = self.read();
        let accepted = pages.accepted.get(&stated.key);
        accepted
            .filter(|accepted| accepted.stated == stated.price)
            .cloned()
    }

    /// Says where a configured model is asked.
    pub fn place(&self, model: &ModelKey, place: Place) {
        let mut pages = self.write();
        pages.places.entry(model.clone()).or_default().insert(place);
    }

    /// Since when a probe has shown that a model honours caps, wherever it is asked.
    pub fn certified(&self, model: &ModelKey) -> Option<DateTime<Utc>> {
        let pages = self.read();
        let at = |place: &Place| {
            let mut found = pages.certified.iter();
            found
                .find(|c| c.model == *model && c.place == *place)
                .map(|c| c.at)
        };
        // If one of two endpoints is not certified, the oldest is `None`.
        pages.places.get(model)?.iter().map(at).min().flatten()
    }

    /// Terms as they were when a hold was made, with a price that has risen since.
    pub(crate) fn risen(&self, held: Arc<ModelTerms>) -> Arc<ModelTerms> {
        let pages = self.read();
        let published = pages.published.get(&held.key).map(|p| &p.highest);
        let (Some(price), Some(published)) = (&held.price, published) else {
            return held;
        };
        let risen = price.dearer(published);
        if held.local || risen == *price {
            return Arc::clone(&held);
        }
        Arc::new(ModelTerms {
            price: Some(risen),
            ..ModelTerms::clone(&held)
        })
    }

    /// Strikes every certification of a model out.
    pub(crate) fn strike(&self, model: &ModelKey) {
        self.write().certified.retain(|c| c.model != *model);
    }

    /// Takes over what the database says.
    pub(crate) fn refill(&self, pages: Pages) {
        let mut old = self.write();
        let places = std::mem::take(&mut old.places);
        *old = Pages { places, ..pages };
    }

    fn read(&self) -> RwLockReadGuard<'_, Pages> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Pages> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}
