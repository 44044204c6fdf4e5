//! Warnings: a server that has chosen a channel for it is told there, once a window, when its budget is nearly used up.
//!
//! The ledger decides what is due and remembers what was told. Here it is only looked for, after each answer and from time
//! to time, and posted.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use companion::{Closed, House};
use ledger::{LedgerError, Unit, Warning};
use store::id::{ChannelId, GuildId};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::discord::speaker::DiscordSpeaker;

/// How often it is looked for what is due without an answer: background work spends too.
const INTERVAL: Duration = Duration::from_secs(30);
/// How long a channel that Discord refused is left alone; refused requests count against the whole bot.
const REST: TimeDelta = TimeDelta::minutes(10);

/// Posts warnings.
pub struct Warnings {
    house: Arc<House>,
    speaker: Arc<DiscordSpeaker>,
    /// Channels that could not be written to, and since when. Each is logged once.
    lost: HashMap<(GuildId, ChannelId), DateTime<Utc>>,
}

impl Warnings {
    /// Posts what the house's ledger says through this speaker.
    pub fn new(house: Arc<House>, speaker: Arc<DiscordSpeaker>) -> Self {
        Self {
            house,
            speaker,
            lost: HashMap::new(),
        }
    }

    /// Looks and posts until it is told to stop.
    pub async fn run(mut self, mut closings: broadcast::Receiver<Closed>, stop: CancellationToken) {
        let mut clock = tokio::time::interval(INTERVAL);
        clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = clock.tick() => {}
                closed = closings.recv() => match closed {
                    Err(RecvError::Closed) => return,
                    // One look is enough for all that were answered meanwhile.
                    Ok(_) | Err(RecvError::Lagged(_)) => while closings.try_recv().is_ok() {},
                },
            }
            if let Err(error) = self.look().await {
                tracing::warn!(%error, "whether a budget is nearly used up could not be read");
            }
        }
    }

    /// Posts everything that is due.
    async fn look(&mut self) -> Result<(), LedgerError> {
        for warning in self.house.ledger.due_warnings().await? {
            // A server that the bot has left, or that is just coming.
            if self.speaker.knows(warning.guild) && self.post(&warning).await {
                self.house.ledger.warned(&warning).await?;
            }
        }
        Ok(())
    }

    /// Posts one, and says whether it stands there.
    async fn post(&mut self, warning: &Warning) -> bool {
        let place = (warning.guild, warning.channel);
        if !self.speaker.may_write(warning.guild, warning.channel) {
            self.lose(place, "the bot may not write there, or the channel is gone");
            return false;
        }
        let now = self.house.clock.now();
        // Without the permission nothing was tried, so it is tried as soon as the permission is there.
        if self
            .lost
            .get(&place)
            .is_some_and(|since| now - *since < REST)
        {
            return false;
        }
        let language = self.speaker.language(warning.guild);
        let text = commands::budget_warning(warning, &language);
        match self
            .speaker
            .announce(warning.channel, nonce(warning), &text)
            .await
        {
            Ok(()) => {
                self.lost.remove(&place);
                true
            }
            Err(error) => {
                self.lose(place, &error.to_string());
                self.lost.insert(place, now);
                false
            }
        }
    }

    /// Logs that warnings do not arrive, once for each place.
    fn lose(&mut self, place: (GuildId, ChannelId), why: &str) {
        let (guild, channel) = place;
        if let Entry::Vacant(first) = self.lost.entry(place) {
            first.insert(DateTime::UNIX_EPOCH);
            tracing::warn!(%guild, %channel, why, "a budget warning could not be posted; choose a channel with /budget set");
        }
    }
}

/// The same for the same warning, so that a crash between posting and remembering posts it once; at most 25 characters,
/// <https://discord.com/developers/docs/resources/message#create-message>.
fn nonce(warning: &Warning) -> String {
    let unit = match warning.unit {
        Unit::Usd => 'u',
        Unit::Tokens => 't',
    };
    format!("b{}{unit}{}", warning.window, warning.percent)
}

#[cfg(test)]
mod tests {
    use ledger::Period;

    use super::*;

    #[test]
    fn a_nonce_is_one_warnings_own_and_short_enough() {
        let warning = |window, unit, percent| Warning {
            guild: 1.into(),
            channel: 2.into(),
            window,
            period: Period::Day,
            unit,
            percent,
            spent: 8,
            limit: 10,
            resets_at: DateTime::UNIX_EPOCH,
        };
        let all = [
            nonce(&warning(i64::MAX, Unit::Usd, 80)),
            nonce(&warning(i64::MAX, Unit::Usd, 95)),
            nonce(&warning(i64::MAX, Unit::Tokens, 80)),
            nonce(&warning(1, Unit::Usd, 80)),
        ];
        assert!(all.iter().all(|nonce| nonce.len() <= 25));
        let different: std::collections::HashSet<_> = all.iter().collect();
        assert_eq!(different.len(), all.len());
    }
}
