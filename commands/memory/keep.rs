//! `/memory keep`: how long a server keeps messages word for word.

use poise::serenity_prelude::Permissions;

use crate::answer;
use crate::here::{self, house};
use crate::texts::tell;
use crate::{Context, Error};

/// Set for how many days this server keeps messages word for word.
#[poise::command(slash_command)]
pub(super) async fn keep(
    ctx: Context<'_>,
    #[description = "Days; 0 is for ever; nothing gives the operator's default back"]
    #[min = 0]
    #[max = 3650]
    days: Option<u32>,
) -> Result<(), Error> {
    let guild = here::require_server(ctx)?;
    here::require(ctx, Permissions::MANAGE_GUILD)?;
    ctx.defer().await?;
    let house = house(ctx);
    house.store.set_retention_days(guild, days).await?;
    let told = match days.unwrap_or(house.manner.keep_days) {
        0 => tell!(ctx, "keep-for-ever"),
        days => tell!(ctx, "keep-days", days: days),
    };
    answer::say(ctx, told).await?;
    Ok(())
}
