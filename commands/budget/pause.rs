//! `/budget pause`: nothing is spent in the server until it is opened again.

use super::steered;
use crate::answer;
use crate::here::{house, seat};
use crate::texts::tell;
use crate::{Context, Error};

/// Whether the pause begins or ends, as the choices read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, poise::ChoiceParameter)]
enum State {
    #[name = "on"]
    #[name_localized("zh-CN", "暂停")]
    #[name_localized("zh-TW", "暫停")]
    On,
    #[name = "off"]
    #[name_localized("zh-CN", "恢复")]
    #[name_localized("zh-TW", "恢復")]
    Off,
}

/// Stop everything that costs in this server, or let it go on.
#[poise::command(slash_command)]
pub(super) async fn pause(
    ctx: Context<'_>,
    #[description = "On stops what costs, off lets it go on (on, if you say nothing)"]
    state: Option<State>,
) -> Result<(), Error> {
    let guild = steered(ctx)?;
    ctx.defer().await?;
    let (ledger, by) = (&house(ctx).ledger, seat(ctx).user);
    let paused = state.unwrap_or(State::On) == State::On;
    let changed = ledger.set_paused(guild, paused, by).await?;
    let text = match (paused, changed) {
        (true, true) => tell!(ctx, "paused"),
        (true, false) => tell!(ctx, "paused-already"),
        (false, true) => tell!(ctx, "unpaused"),
        (false, false) => tell!(ctx, "not-paused"),
    };
    answer::say(ctx, text).await?;
    Ok(())
}
