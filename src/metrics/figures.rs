//! All figures of one bot, as text in Prometheus' exposition format.

use std::sync::Arc;

use companion::House;
use ledger::LedgerError;
use prometheus_client::encoding::prometheus_text::encode;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::gauges;
use crate::discord::speaker::DiscordSpeaker;

/// All names begin with it.
const PREFIX: &str = "familiar";

/// All figures of one bot.
pub struct Figures {
    house: Arc<House>,
    counters: Registry,
}

/// Why the figures cannot be told.
#[derive(Debug, thiserror::Error)]
pub(super) enum ScrapeError {
    /// The ledger cannot be read.
    #[error("the ledger cannot be read: {0}")]
    Ledger(#[from] LedgerError),
    /// They cannot be written as text.
    #[error("the figures cannot be written as text")]
    Text(#[from] std::fmt::Error),
}

impl Figures {
    /// The figures of this house and of what speaks for it. Made at the start, whose time they tell.
    pub fn new(house: Arc<House>, speaker: &DiscordSpeaker) -> Self {
        let mut counters = Registry::default();
        let started = Gauge::<i64>::default();
        started.set(house.clock.now().timestamp());
        counters.register(
            "process_start_time_seconds",
            "When the bot was started, in seconds since 1970",
            started,
        );
        let ours = counters.sub_registry_with_prefix(PREFIX);
        house.ledger.counts().register(ours);
        house.counts.register(ours);
        speaker.figures().register(ours);
        Self { house, counters }
    }

    /// The figures as they are now.
    pub(super) async fn text(&self) -> Result<String, ScrapeError> {
        let House {
            ledger,
            model,
            cheaper,
            ..
        } = &*self.house;
        let seen = ledger.overview().await?;
        let models = std::iter::once(model).chain(cheaper);
        let quarantined = models
            .filter(|model| seen.is_quarantined(model.provider.terms()))
            .count();
        let mut now = Registry::with_prefix(PREFIX);
        gauges::register(&mut now, &seen, quarantined);
        let mut text = String::new();
        encode(&mut text, &self.counters)?;
        encode(&mut text, &now)?;
        Ok(text)
    }
}
