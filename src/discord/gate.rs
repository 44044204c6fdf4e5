//! Before what a gap held back is collected, nothing new is taken in: messages of a server, or direct messages, wait here,
//! so that older ones are answered first and nothing that is said now is taken for what an earlier start left.

use std::collections::HashSet;
use std::time::Duration;

use dashmap::DashMap;
use store::id::{ChannelId, GuildId};
use tokio::sync::watch;

/// The longest that a message waits. Where it takes longer to look back, what is said now is more important.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// A gate for each server, and one for direct messages (`None`). One that nobody has touched is shut: its server is just
/// coming.
#[derive(Default)]
pub(super) struct Gate(DashMap<Option<GuildId>, watch::Sender<State>>);

#[derive(Default)]
enum State {
    /// It is not known yet where to look.
    #[default]
    Shut,
    /// These channels are being looked at; the others are open.
    Looking(HashSet<ChannelId>),
    /// Everything is collected.
    Open,
}

impl State {
    fn lets(&self, channel: ChannelId) -> bool {
        match self {
            Self::Shut => false,
            Self::Looking(channels) => !channels.contains(&channel),
            Self::Open => true,
        }
    }
}

impl Gate {
    /// Nothing passes.
    pub(super) fn shut(&self, guild: Option<GuildId>) {
        self.set(guild, State::Shut);
    }

    /// Everything passes but what was written in these channels.
    pub(super) fn look(&self, guild: Option<GuildId>, channels: HashSet<ChannelId>) {
        self.set(guild, State::Looking(channels));
    }

    /// A channel has been looked at.
    pub(super) fn done(&self, guild: Option<GuildId>, channel: ChannelId) {
        if let Some(state) = self.0.get(&guild) {
            state.send_modify(|state| {
                if let State::Looking(channels) = state {
                    channels.remove(&channel);
                }
            });
        }
    }

    /// Everything passes.
    pub(super) fn open(&self, guild: Option<GuildId>) {
        self.set(guild, State::Open);
    }

    /// Whether everything passes.
    pub(super) fn is_open(&self, guild: Option<GuildId>) -> bool {
        let state = self.0.get(&guild);
        state.is_some_and(|state| matches!(*state.borrow(), State::Open))
    }

    /// Waits until a message of this channel may pass.
    pub(super) async fn pass(&self, guild: Option<GuildId>, channel: ChannelId) {
        let mut state = self.0.entry(guild).or_default().subscribe();
        let passed = state.wait_for(|state| state.lets(channel));
        if tokio::time::timeout(PATIENCE, passed).await.is_err() {
            tracing::warn!(%channel, "looking for what was missed takes very long; new messages pass");
        }
    }

    fn set(&self, guild: Option<GuildId>, state: State) {
        self.0.entry(guild).or_default().send_replace(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[tokio::test]
    async fn what_is_new_waits_until_its_channel_has_been_looked_at() {
        let (gate, home) = (Gate::default(), Some(1.into()));
        assert!(gate.pass(home, 5.into()).now_or_never().is_none(), "coming");
        gate.look(home, HashSet::from([5.into()]));
        assert!(gate.pass(home, 6.into()).now_or_never().is_some());
        assert!(gate.pass(home, 5.into()).now_or_never().is_none());
        gate.done(home, 5.into());
        assert!(gate.pass(home, 5.into()).now_or_never().is_some());
        assert!(!gate.is_open(home));
        gate.open(home);
        assert!(gate.is_open(home));
        gate.shut(home);
        assert!(gate.pass(home, 6.into()).now_or_never().is_none());
        assert!(
            gate.pass(None, 9.into()).now_or_never().is_none(),
            "another gate"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_ever() {
        Gate::default().pass(None, 9.into()).await;
    }
}
