//! What is counted of messages and events on Discord, for the operator's figures.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use store::id::MessageId;

/// From a tenth of a second to about a minute and a half.
const SECONDS: [f64; 12] = [
    0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 10.0, 30.0, 90.0,
];

/// Figures of one speaker. Cheap to clone; all clones are one.
#[derive(Clone, Debug)]
pub struct Figures {
    first_words: Histogram,
    fallbacks: Counter,
    mended: Counter,
    lost: Counter,
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            first_words: Histogram::new(SECONDS),
            fallbacks: Counter::default(),
            mended: Counter::default(),
            lost: Counter::default(),
        }
    }
}

impl Figures {
    /// Puts the figures into a registry.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "reply_first_words_seconds",
            "Time from a message to the first visible words of its reply, both as Discord dates them",
            self.first_words.clone(),
        );
        registry.register(
            "webhook_fallbacks",
            "Replies in servers that the bot's own account spoke, because no webhook took them",
            self.fallbacks.clone(),
        );
        registry.register(
            "events_mended",
            "Events of Discord that serenity could not parse and that were read all the same",
            self.mended.clone(),
        );
        registry.register(
            "events_lost",
            "Events of Discord that nothing could read",
            self.lost.clone(),
        );
    }

    /// A reply has begun to stand in its channel.
    pub(super) fn begun(&self, message: MessageId, reply: MessageId) {
        self.first_words.observe(seconds_between(message, reply));
    }

    /// An event that serenity could not parse was read.
    pub(super) fn mended(&self) {
        self.mended.inc();
    }

    /// An event could not be read.
    pub(super) fn lost(&self) {
        self.lost.inc();
    }

    /// A persona speaks through the bot's account in a server.
    pub(super) fn fell_back(&self) {
        self.fallbacks.inc();
    }
}

/// By Discord's own clock, so that no two clocks are compared.
fn seconds_between(message: MessageId, reply: MessageId) -> f64 {
    let millis = reply.timestamp().saturating_sub(message.timestamp());
    std::time::Duration::from_millis(millis).as_secs_f64()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, TimeDelta};

    #[test]
    fn ids_tell_the_time_between_them() {
        let at = |millis: i64| {
            let at =
                DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::milliseconds(millis);
            MessageId::from(MessageId::first_of(at).get() + 7)
        };
        assert!((seconds_between(at(1_000), at(3_500)) - 2.5).abs() < 1e-9);
        assert!(seconds_between(at(3_500), at(1_000)).abs() < 1e-9);
    }
}
