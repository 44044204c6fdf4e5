//! Publishing: prices as providers say them are written down, and drops accepted. A rise counts at once.

use chrono::{DateTime, Utc};
use store::prices::{self, AcceptedRow, PublishedRow};
use store::windows::Connection;
use store::{StoreError, certifications};

use crate::certification::Certification;
use crate::ledger::Ledger;
use crate::price::Price;
use crate::pricebook::{AcceptedPrice, Pages, PriceBook, PublishedPrice};
use crate::refusal::LedgerError;
use crate::terms::{ModelKey, ModelTerms};

/// A price, as a provider publishes it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The model.
    pub model: ModelKey,
    /// Its price.
    pub price: Price,
}

/// A published price that is another than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceChange {
    /// The model.
    pub model: ModelKey,
    /// What was published before; `None` the first time.
    pub before: Option<Price>,
    /// What is published now.
    pub after: Price,
}

impl Ledger {
    /// What is known of prices and caps beyond the configuration.
    pub fn prices(&self) -> &PriceBook {
        &self.book
    }

    /// Takes over what providers publish. What is dearer than before counts from the next hold and the next settling on;
    /// what is cheaper counts only when it is accepted. Prices below zero are not believed. Returns what has changed.
    pub async fn publish(
        &self,
        published: Vec<Published>,
    ) -> Result<Vec<PriceChange>, LedgerError> {
        let now = self.clock.now();
        let changes = self
            .store
            .write(move |conn| Box::pin(put_all(conn, published, now)))
            .await?;
        self.reload_prices().await?;
        Ok(changes)
    }

    /// Accepts the published price of a model in place of a dearer one that is in force. Answers with what changed, or
    /// `None` if nothing is published that would change anything. It counts as long as `stated` stays as it is.
    pub async fn accept_price(
        &self,
        stated: &ModelTerms,
    ) -> Result<Option<AcceptedPrice>, LedgerError> {
        self.reload_prices().await?;
        let (key, now) = (stated.key.clone(), self.clock.now());
        let (Some(before), Some(published)) = (self.book.price(stated), self.book.published(&key))
        else {
            return Ok(None);
        };
        if before == published.latest || stated.local {
            return Ok(None);
        }
        let accepted = AcceptedPrice {
            stated: stated.price.clone(),
            before,
            after: published.latest.clone(),
            at: now,
        };
        let row = AcceptedRow {
            provider: key.provider.clone(),
            model: key.model.clone(),
            stated: accepted.stated.as_ref().map(Price::to_row),
            before: accepted.before.to_row(),
            after: accepted.after.to_row(),
            at: now,
        };
        let lowered = PublishedPrice {
            highest: published.latest.clone(),
            ..published
        };
        self.store
            .write(move |conn| {
                Box::pin(async move {
                    prices::put(conn, &to_row(&key, &lowered)).await?;
                    prices::accept(conn, &row).await
                })
            })
            .await
            .map_err(LedgerError::Store)?;
        self.reload_prices().await?;
        Ok(Some(accepted))
    }

    /// Reads the book from the database again: what other processes have published, accepted or certified.
    pub async fn reload_prices(&self) -> Result<(), LedgerError> {
        let pages = self.store.read(|conn| Box::pin(read(conn))).await?;
        self.book.refill(pages);
        Ok(())
    }
}

async fn put_all(
    conn: &mut Connection,
    published: Vec<Published>,
    now: DateTime<Utc>,
) -> Result<Vec<PriceChange>, LedgerError> {
    let known = read(conn).await?.published;
    let mut changes = Vec::new();
    for Published { model, price } in published {
        if !price.is_sane() {
            tracing::warn!(%model, "a published price below zero is not believed");
            continue;
        }
        let before = known.get(&model);
        let changed = before.is_none_or(|before| before.latest != price);
        let row = PublishedPrice {
            highest: before.map_or_else(|| price.clone(), |before| before.highest.dearer(&price)),
            read_at: now,
            changed_at: before
                .filter(|_| !changed)
                .map_or(now, |before| before.changed_at),
            latest: price.clone(),
        };
        prices::put(conn, &to_row(&model, &row)).await?;
        if changed {
            changes.push(PriceChange {
                model,
                before: before.map(|before| before.latest.clone()),
                after: price,
            });
        }
    }
    Ok(changes)
}

/// Reads the whole book.
async fn read(conn: &mut Connection) -> Result<Pages, StoreError> {
    let mut pages = Pages::default();
    for row in prices::published(conn).await? {
        let published = PublishedPrice {
            latest: Price::from_row(&row.latest),
            highest: Price::from_row(&row.highest),
            read_at: row.read_at,
            changed_at: row.changed_at,
        };
        let (provider, model) = (row.provider, row.model);
        pages
            .published
            .insert(ModelKey { provider, model }, published);
    }
    for row in prices::accepted(conn).await? {
        let accepted = AcceptedPrice {
            stated: row.stated.as_ref().map(Price::from_row),
            before: Price::from_row(&row.before),
            after: Price::from_row(&row.after),
            at: row.at,
        };
        let (provider, model) = (row.provider, row.model);
        pages
            .accepted
            .insert(ModelKey { provider, model }, accepted);
    }
    let certified = certifications::all(conn).await?;
    pages.certified = certified.into_iter().map(Certification::from).collect();
    Ok(pages)
}

fn to_row(model: &ModelKey, published: &PublishedPrice) -> PublishedRow {
    PublishedRow {
        provider: model.provider.clone(),
        model: model.model.clone(),
        latest: published.latest.to_row(),
        highest: published.highest.to_row(),
        read_at: published.read_at,
        changed_at: published.changed_at,
    }
}
