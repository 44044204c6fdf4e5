//! `/persona adopt`: a persona moves in.

use poise::serenity_prelude::Permissions;

use crate::answer;
use crate::here::{self, house, seat};
use crate::texts::tell;
use crate::{Context, Error};

/// Let a persona move in, so that everyone here can talk with it.
#[poise::command(slash_command)]
pub(super) async fn adopt(
    ctx: Context<'_>,
    #[description = "Who moves in"]
    #[autocomplete = "here::complete_adoptable"]
    persona: String,
) -> Result<(), Error> {
    let seat = seat(ctx);
    if seat.guild.is_some() {
        here::require(ctx, Permissions::MANAGE_GUILD)?;
    }
    let meant = here::meant(ctx, &persona, &here::candidates(ctx).await?)?;
    let house = house(ctx);
    if meant.adopted {
        let latest = house
            .store
            .persona(meant.id)
            .await?
            .map_or(meant.version, |persona| persona.latest);
        if latest == meant.version {
            return here::answer_quietly(ctx, tell!(ctx, "adopt-already", name: meant.name)).await;
        }
        // A newer card speaks only where somebody says yes to it; this is how.
        ctx.defer().await?;
        house
            .store
            .adopt(seat.place(), meant.id, latest, seat.user, house.clock.now())
            .await?;
        answer::say(
            ctx,
            tell!(ctx, "adopt-newer", name: meant.name, version: latest),
        )
        .await?;
        return Ok(());
    }
    ctx.defer().await?;
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
    let id = if seat.guild.is_some() {
        "adopted"
    } else {
        "adopted-by-you"
    };
    answer::say(ctx, tell!(ctx, id, name: meant.name)).await?;
    Ok(())
}
