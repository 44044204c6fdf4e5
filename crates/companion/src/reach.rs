//! Reach: what a persona reads beyond its memory of the place, where people have said so. Nothing is ever written there.

use memory::Fact;
use store::StoreError;
use store::id::{PersonaId, ProfileId, ScopeId};

use crate::Companion;
use crate::cast::Seat;
use crate::house::House;
use crate::speaker::Speaker;

/// The memory of the channel above, which a thread or a forum's post reads where the server says so. Private threads too:
/// whoever is in one can see the channel above it, so nobody hears of what they could not read. The other way nothing
/// is read.
pub async fn parent_scope(
    house: &House,
    seat: Seat,
    persona: PersonaId,
) -> Result<Option<ScopeId>, StoreError> {
    let (Some(guild), Some(parent)) = (seat.guild, seat.parent) else {
        return Ok(None);
    };
    let scope = ScopeId {
        guild: Some(guild),
        channel: parent,
        persona,
    };
    let reads = house.store.threads_read_parent(guild).await?;
    Ok(reads.then_some(scope))
}

/// Facts of the person who speaks, from other channels of the server: if they have opted in, and only from channels
/// that everybody can read now. Whether a channel is open is asked when it is read and not when the fact was learned: a
/// channel may have been closed since, and what is not known to be open stays where it was said.
pub(crate) async fn profile(
    house: &House,
    speaker: &dyn Speaker,
    seat: Seat,
    persona: PersonaId,
) -> Result<Vec<Fact>, StoreError> {
    let Some(guild) = seat.guild else {
        return Ok(vec![]);
    };
    let profile = ProfileId {
        guild,
        persona,
        user: seat.user,
    };
    if !house.store.has_profile(&profile).await? {
        return Ok(vec![]);
    }
    let open = speaker.open_channels(guild);
    house.memory.profile(&profile, seat.channel, &open).await
}

impl Companion {
    /// What a persona knows of a person where they sit, from other channels of the server; nothing unless they have
    /// opted in.
    pub async fn profile(&self, seat: Seat, persona: PersonaId) -> Result<Vec<Fact>, StoreError> {
        profile(&self.shared.house, &*self.shared.speaker, seat, persona).await
    }
}
