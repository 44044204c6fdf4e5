//! Certification: a model was probed and honours caps, so its calls are held at the cap instead of at its maximum.
//!
//! It is of a model *at a place*: the same name behind another address or dialect may be served by something else. A
//! breach withdraws it at once.

use chrono::{DateTime, Utc};
use store::certifications::{self, CertificationRow};

use crate::ledger::Ledger;
use crate::refusal::LedgerError;
use crate::terms::ModelKey;

/// Where a model is asked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Host and port of the endpoint.
    pub host: String,
    /// The dialect: `openai` or `anthropic`.
    pub dialect: String,
}

/// A model that was probed and honours caps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certification {
    /// The model.
    pub model: ModelKey,
    /// Where it was probed.
    pub place: Place,
    /// When.
    pub at: DateTime<Utc>,
}

impl From<CertificationRow> for Certification {
    fn from(row: CertificationRow) -> Self {
        let CertificationRow {
            provider,
            model,
            host,
            dialect,
            at,
        } = row;
        Self {
            model: ModelKey { provider, model },
            place: Place { host, dialect },
            at,
        }
    }
}

impl Ledger {
    /// Records that a model was probed at a place and honours caps: its holds are sized by the cap from now on.
    pub async fn certify(&self, model: &ModelKey, place: &Place) -> Result<(), LedgerError> {
        let row = CertificationRow {
            provider: model.provider.clone(),
            model: model.model.clone(),
            host: place.host.clone(),
            dialect: place.dialect.clone(),
            at: self.clock.now(),
        };
        self.store
            .write(move |conn| Box::pin(async move { certifications::certify(conn, &row).await }))
            .await
            .map_err(LedgerError::Store)?;
        self.reload_prices().await
    }

    /// Withdraws every certification of a model. Says whether it had one.
    pub async fn uncertify(&self, model: &ModelKey) -> Result<bool, LedgerError> {
        let key = model.clone();
        let withdrawn = self
            .store
            .write(move |conn| {
                Box::pin(
                    async move { certifications::withdraw(conn, &key.provider, &key.model).await },
                )
            })
            .await
            .map_err(LedgerError::Store)?;
        self.book.strike(model);
        Ok(withdrawn > 0)
    }
}
