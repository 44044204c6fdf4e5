//! The rules that a server's moderators, or Discord, set.

use std::time::Duration;

use super::channel::Channel;
use super::guild::Guild;
use super::sim::Sim;
use crate::interactions::Refusal;
use crate::rules::automod::WordRule;

impl Guild {
    /// AutoMod blocks messages and titles with these words: `cat`, `cat*`, `*cat` or `*cat*`. The bot and webhooks are
    /// blocked like everybody who may not manage the server.
    pub fn block_words(&self, words: &[&str]) {
        let mut world = self.sim.hub().world();
        let id = world.next_id();
        world.rules.automod.add(WordRule {
            id,
            guild: self.id,
            keywords: words.iter().map(|word| (*word).to_owned()).collect(),
            exempt_roles: Vec::new(),
            exempt_channels: Vec::new(),
        });
    }

    /// AutoMod with all that can be set of a rule.
    pub fn add_word_rule(&self, rule: WordRule) {
        self.sim.hub().world().rules.automod.add(rule);
    }

    /// AutoMod blocks nothing any more.
    pub fn unblock_words(&self) {
        self.sim.hub().world().rules.automod.clear(self.id);
    }
}

impl Sim {
    /// Discord finds out that links to this host are harmful.
    pub fn block_links_to(&self, host: &str) {
        self.hub().world().rules.links.add(host);
    }

    /// Whether slow mode counts for bots, too, which it does not at Discord.
    pub fn slow_mode_binds_bots(&self, binds: bool) {
        self.hub().world().rules.slow_mode.binds_bots = binds;
    }
}

impl Channel {
    /// Slow mode: the time between two messages of one person, in whole seconds.
    pub fn set_slow_mode(&self, pause: Duration) -> Result<(), Refusal> {
        let seconds = u16::try_from(pause.as_secs()).ok();
        let mut world = self.sim.hub().world();
        let is_thread = world
            .channels
            .get(&self.id)
            .is_some_and(|state| state.channel.kind.is_thread());
        let set = |channel: &mut twilight_model::channel::Channel| {
            channel.rate_limit_per_user = seconds;
        };
        let changed = if is_thread {
            world.update_thread(self.id, set)
        } else {
            world.update_channel(self.id, set)
        };
        changed.map(|_| ()).map_err(|_| Refusal::NoAccess)
    }
}
