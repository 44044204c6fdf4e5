//! `/memory consent` and `/memory pause`: what may be kept of you.

use ::memory::Consent;
use companion::House;
use companion::cast::Seat;
use store::id::ChannelId;

use crate::here::{self, house, seat};
use crate::texts::tell;
use crate::{Context, Error};

/// Say whether facts about you may be kept. Without your yes none are.
#[poise::command(slash_command)]
pub(super) async fn consent(
    ctx: Context<'_>,
    #[description = "Whether personas may keep facts about you"] facts: bool,
    #[description = "Also about health, money, sexuality, religion and politics (no, if you say nothing)"]
    sensitive: Option<bool>,
) -> Result<(), Error> {
    ctx.defer_ephemeral().await?;
    let consent = Consent {
        facts,
        sensitive: facts && sensitive.unwrap_or(false),
    };
    let (house, user) = (house(ctx), seat(ctx).user);
    let forgotten = house
        .memory
        .consent(user, consent, house.clock.now())
        .await?;
    let told = match (consent.facts, consent.sensitive) {
        (true, true) => tell!(ctx, "consent-all"),
        (true, false) => tell!(ctx, "consent-facts", count: forgotten),
        (false, _) => tell!(ctx, "consent-none", count: forgotten),
    };
    here::answer_quietly(ctx, told).await
}

/// Stop keeping what you say here, or go on.
#[poise::command(slash_command)]
pub(super) async fn pause(
    ctx: Context<'_>,
    #[description = "False goes on keeping it"] paused: Option<bool>,
) -> Result<(), Error> {
    ctx.defer_ephemeral().await?;
    let (house, seat) = (house(ctx), seat(ctx));
    let since = paused.unwrap_or(true).then(|| house.clock.now());
    house
        .store
        .pause_memory(seat.user, seat.guild, seat.channel, since)
        .await?;
    let still = paused_by(house, seat).await?;
    let told = match (since, still.filter(|by| *by != seat.channel)) {
        (Some(_), _) if seat.parent.is_some() => tell!(ctx, "memory-paused-thread"),
        (Some(_), _) => tell!(ctx, "memory-paused"),
        (None, Some(above)) => {
            tell!(ctx, "memory-paused-above", channel: format!("<#{above}>"))
        }
        (None, None) => tell!(ctx, "memory-goes-on"),
    };
    here::answer_quietly(ctx, told).await
}

/// Where the person has paused memory, as far as it holds where they sit.
pub(super) async fn paused_by(house: &House, seat: Seat) -> Result<Option<ChannelId>, Error> {
    let pause = house
        .store
        .memory_pause(seat.user, seat.guild, seat.channel, seat.parent);
    Ok(pause.await?)
}
