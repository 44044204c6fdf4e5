//! Profiles: what a persona has learned of a person elsewhere in a server, known here because that person said so.

use store::StoreError;
use store::facts::Fact;
use store::id::{ChannelId, ProfileId};

use crate::Memory;
use crate::consolidation::is_sensitive;

/// Facts of a profile that a prompt chooses from.
const CHOSEN_FROM: u32 = 60;

impl Memory {
    /// The facts of a person who has opted in, from the `open` channels of the server other than `here`, strongest and
    /// newest first. What is sensitive goes along only while the person allows sensitive facts, even where they wrote
    /// it themselves: they said it to one channel.
    pub async fn profile(
        &self,
        profile: &ProfileId,
        here: ChannelId,
        open: &[ChannelId],
    ) -> Result<Vec<Fact>, StoreError> {
        let mut facts = self
            .store
            .profile_facts(profile, here, open, CHOSEN_FROM)
            .await?;
        let consent = self.store.consent(profile.user).await?.unwrap_or_default();
        facts.retain(|fact| consent.sensitive || !is_sensitive(&fact.text));
        Ok(facts)
    }
}
