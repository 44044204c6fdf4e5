//! `/persona switch`: somebody else speaks.

use companion::cast::{Candidate, Seat};
use poise::serenity_prelude::{AutocompleteChoice, CreateAutocompleteResponse, Permissions};
use store::choices::ChoiceScope;

use super::scope::{Scope, origin, whom};
use crate::answer;
use crate::here::{self, house, seat};
use crate::texts::tell;
use crate::{Context, Error};

/// What is typed to let a scope inherit again.
const INHERIT: &str = "inherit";

/// Choose who speaks: for you, in this channel, or in this server.
#[poise::command(slash_command)]
pub(super) async fn switch(
    ctx: Context<'_>,
    #[description = "Who speaks from now on; \"inherit\" takes the choice back"]
    #[autocomplete = "complete"]
    persona: String,
    #[description = "For whom (you, if you say nothing)"] scope: Option<Scope>,
) -> Result<(), Error> {
    let seat = seat(ctx);
    let scope = scope.unwrap_or(Scope::Me);
    if seat.guild.is_some() {
        here::require(ctx, scope.permission())?;
    }
    let scope = scope.at(seat);
    if persona.eq_ignore_ascii_case(INHERIT) {
        return inherit(ctx, seat, scope).await;
    }
    let meant = here::meant(ctx, &persona, &here::candidates(ctx).await?)?;
    ctx.defer_ephemeral().await?;
    move_in(ctx, seat, &meant).await?;
    let house = house(ctx);
    house
        .store
        .choose(scope, meant.id, seat.user, house.clock.now())
        .await?;
    let mut text = tell!(ctx, "switched", name: meant.name.as_str(), whom: whom(ctx, scope));
    // A nearer choice hides this one from the person who made it.
    if let Some((speaking, from)) = house.cast.speaking(seat).await?
        && speaking.id != meant.id
    {
        text.push('\n');
        text.push_str(
            &tell!(ctx, "switched-hidden", name: speaking.name.as_str(), origin: origin(ctx, from)),
        );
    }
    answer::say(ctx, text).await?;
    Ok(())
}

/// Lets the scope inherit again, and says who speaks then and why.
async fn inherit(ctx: Context<'_>, seat: Seat, scope: ChoiceScope) -> Result<(), Error> {
    ctx.defer_ephemeral().await?;
    let cleared = house(ctx).store.clear_choice(scope).await?;
    let id = if cleared {
        "choice-cleared"
    } else {
        "choice-was-none"
    };
    let mut text = tell!(ctx, id, whom: whom(ctx, scope));
    if let Some((speaking, from)) = house(ctx).cast.speaking(seat).await? {
        text.push('\n');
        text.push_str(
            &tell!(ctx, "speaks-now", name: speaking.name.as_str(), origin: origin(ctx, from)),
        );
    }
    answer::say(ctx, text).await?;
    Ok(())
}

/// Somebody who may adopt does so by switching; others are told whom to ask. The default persona needs no adoption.
async fn move_in(ctx: Context<'_>, seat: Seat, meant: &Candidate) -> Result<(), Error> {
    let house = house(ctx);
    if meant.adopted || meant.slug == house.cast.default_slug() {
        return Ok(());
    }
    if seat.guild.is_some() && !here::may(ctx, Permissions::MANAGE_GUILD) {
        return Err(Error::User(
            tell!(ctx, "switch-not-adopted", name: meant.name.as_str()),
        ));
    }
    house
        .store
        .adopt(
            seat.place(),
            meant.id,
            meant.version,
            seat.user,
            house.clock.now(),
        )
        .await?;
    Ok(())
}

async fn complete(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    let mut choices = here::names_like(ctx, typed, |_| true).await;
    if INHERIT.starts_with(&typed.to_lowercase()) {
        choices.truncate(24);
        choices.push(AutocompleteChoice::new(
            tell!(ctx, "choice-inherit"),
            INHERIT,
        ));
    }
    here::offer(choices)
}
