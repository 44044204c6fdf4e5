//! `/memory profile`: whether a persona may know you in all of a server.

use store::id::ProfileId;

use super::State;
use crate::here::{self, house, seat};
use crate::texts::tell;
use crate::{Context, Error};

/// Let a persona use what it knows of you from one open channel of this server in its other channels.
#[poise::command(slash_command)]
pub(super) async fn profile(
    ctx: Context<'_>,
    #[description = "On lets it, off takes that back"] state: State,
    #[description = "Who (whoever speaks here, if you say nothing)"]
    #[autocomplete = "here::complete_persona"]
    persona: Option<String>,
) -> Result<(), Error> {
    let guild = here::require_server(ctx)?;
    ctx.defer_ephemeral().await?;
    let persona = here::named_or_speaking(ctx, persona.as_deref()).await?;
    let (house, user) = (house(ctx), seat(ctx).user);
    let profile = ProfileId {
        guild,
        persona: persona.id,
        user,
    };
    let since = (state == State::On).then(|| house.clock.now());
    house.store.set_profile(profile, since).await?;
    let name = persona.name.as_str();
    if state == State::Off {
        return here::answer_quietly(ctx, tell!(ctx, "profile-off", name: name)).await;
    }
    let mut told = tell!(ctx, "profile-on", name: name);
    let consent = house.store.consent(user).await?.unwrap_or_default();
    if !consent.facts {
        told.push('\n');
        told.push_str(&tell!(ctx, "profile-no-facts", name: name));
    }
    here::answer_quietly(ctx, told).await
}
