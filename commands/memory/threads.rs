//! `/memory threads`: whether threads read what the channel above remembers.

use poise::serenity_prelude::Permissions;

use super::State;
use crate::answer;
use crate::here::{self, house};
use crate::texts::tell;
use crate::{Context, Error};

/// Let personas in threads and forum posts also read what the channel above remembers.
#[poise::command(slash_command)]
pub(super) async fn threads(
    ctx: Context<'_>,
    #[description = "On lets them read it, off takes that back"] state: State,
) -> Result<(), Error> {
    let guild = here::require_server(ctx)?;
    here::require(ctx, Permissions::MANAGE_GUILD)?;
    ctx.defer().await?;
    let reads = state == State::On;
    let store = &house(ctx).store;
    store.set_threads_read_parent(guild, reads).await?;
    let told = match state {
        State::On => tell!(ctx, "threads-on"),
        State::Off => tell!(ctx, "threads-off"),
    };
    answer::say(ctx, told).await?;
    Ok(())
}
