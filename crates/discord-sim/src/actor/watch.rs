//! Waiting for what happens, by its news, never by sleeping.

use std::time::Duration;

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::timeout;
use twilight_model::id::Id;
use twilight_model::id::marker::ChannelMarker;

use super::sim::Sim;
use crate::rest::fault::matches;
use crate::rest::record::Recorded;
use crate::state::{Observed, StoredMessage, World};

/// What was waited for did not happen in time.
#[derive(Clone, Debug, thiserror::Error)]
#[error("waited {after:?} in vain for {what}\n{seen}")]
pub struct TimedOut {
    /// What for.
    pub what: String,
    /// How long.
    pub after: Duration,
    /// What was there instead, for the reader of a failed test.
    pub seen: String,
}

impl Sim {
    /// News of the world from now on.
    #[must_use]
    pub fn observe(&self) -> broadcast::Receiver<Observed> {
        self.hub().world().observe()
    }

    /// Waits until `look` finds something. It is asked now, and again after each piece of news.
    pub async fn wait_until<T>(
        &self,
        what: &str,
        within: Duration,
        mut look: impl FnMut(&World) -> Option<T>,
    ) -> Result<T, TimedOut> {
        let mut news = self.observe();
        let watching = async {
            loop {
                let found = look(&self.hub().world());
                if let Some(found) = found {
                    return Some(found);
                }
                match news.recv().await {
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return None,
                }
            }
        };
        match timeout(within, watching).await {
            Ok(Some(found)) => Ok(found),
            _ => Err(TimedOut {
                what: what.to_owned(),
                after: within,
                seen: self.transcript(),
            }),
        }
    }

    /// Waits for a message in a channel, old ones included.
    pub async fn wait_for_message(
        &self,
        channel: impl Into<Id<ChannelMarker>>,
        mut fits: impl FnMut(&StoredMessage) -> bool,
        within: Duration,
    ) -> Result<StoredMessage, TimedOut> {
        let channel = channel.into();
        let what = format!("a message in channel {channel}");
        self.wait_until(&what, within, |world| {
            let place = world.channels.get(&channel)?;
            place.messages.values().find(|stored| fits(stored)).cloned()
        })
        .await
    }

    /// Waits until the bot has a session.
    pub async fn wait_ready(&self, within: Duration) -> Result<(), TimedOut> {
        self.wait_until("a session of the bot", within, |world| {
            let live = world.sessions.by_id.values().any(|s| s.link.is_some());
            live.then_some(())
        })
        .await
    }

    /// Waits until the bot has registered at least one command.
    pub async fn wait_for_commands(&self, within: Duration) -> Result<(), TimedOut> {
        self.wait_until("the bot's commands", within, |world| {
            (!world.commands.is_empty()).then_some(())
        })
        .await
    }

    /// Waits until this many requests fit a pattern (see [`Sim::fail_next`]), old ones included.
    pub async fn wait_for_requests(
        &self,
        pattern: &str,
        count: usize,
        within: Duration,
    ) -> Result<Vec<Recorded>, TimedOut> {
        let mut news = self.hub().recorder.subscribe();
        let watching = async {
            loop {
                let found = self.requests_like(pattern);
                if found.len() >= count {
                    return Some(found);
                }
                if let Err(RecvError::Closed) = news.recv().await {
                    return None;
                }
            }
        };
        match timeout(within, watching).await {
            Ok(Some(found)) => Ok(found),
            _ => Err(TimedOut {
                what: format!("{count} requests like {pattern}"),
                after: within,
                seen: self.transcript(),
            }),
        }
    }

    /// Everything that the bot has asked.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.hub().recorder.all()
    }

    /// The requests that fit a pattern.
    #[must_use]
    pub fn requests_like(&self, pattern: &str) -> Vec<Recorded> {
        let mut all = self.requests();
        all.retain(|request| matches(pattern, &request.method, request.route()));
        all
    }

    /// Everything that was said, for the reader of a failed test.
    #[must_use]
    pub fn transcript(&self) -> String {
        let world = self.hub().world();
        let mut lines = Vec::new();
        for state in world.channels.values() {
            let name = state.channel.name.as_deref().unwrap_or("direct messages");
            for stored in state.messages.values() {
                let message = &stored.message;
                lines.push(format!(
                    "  #{name} {}: {:?}",
                    message.author.name, message.content
                ));
            }
        }
        if lines.is_empty() {
            lines.push("  nothing was said".to_owned());
        }
        lines.join("\n")
    }
}
