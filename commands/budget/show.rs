//! `/budget show`: what is left, by whom and by what it was spent, and a picture of it.

use std::collections::HashMap;

use ledger::{BudgetView, Spender};
use poise::serenity_prelude::{CreateAttachment, Permissions};
use store::id::{GuildId, PersonaId};

use super::chart;
use super::picture::{Picture, picture};
use super::report::{Report, Warnings};
use crate::answer;
use crate::here::{self, house, seat};
use crate::texts::Locale;
use crate::{Context, Error};

/// Days in the picture.
const DAYS: u32 = 14;
/// The picture's file name.
const FILE: &str = "budget.png";

/// See what is left, when it starts afresh, and what the last replies cost.
#[poise::command(slash_command)]
pub(super) async fn show(ctx: Context<'_>) -> Result<(), Error> {
    ctx.defer_ephemeral().await?;
    let (ledger, seat, locale) = (&house(ctx).ledger, seat(ctx), Locale::of(ctx.locale()));
    let spender = Spender {
        guild: seat.guild,
        channel: Some(seat.parent.unwrap_or(seat.channel)),
        member: seat.user,
    };
    let view = ledger.view(&spender).await?;
    let names = names(ctx, &view).await?;
    let config = ledger.config();
    let report = Report {
        locale,
        view: &view,
        names: &names,
        restored: ledger.restored().await?,
        ladder: (config.background_stops_below, config.short_replies_below),
        warnings: here::may(ctx, Permissions::MANAGE_GUILD).then(|| warnings(ctx, &view)),
        of_server: seat.guild.is_some(),
    };
    let mut reply = poise::CreateReply::default()
        .content(report.text())
        .ephemeral(true);
    if let Some(guild) = seat.guild.filter(|_| may_attach(ctx))
        && let Some(file) = drawn(ctx, guild, &view, &names).await
    {
        reply = reply.attachment(file);
    }
    answer::send(ctx, reply).await?;
    Ok(())
}

/// The picture; the words go without it if it cannot be drawn.
async fn drawn(
    ctx: Context<'_>,
    guild: GuildId,
    view: &BudgetView,
    names: &HashMap<PersonaId, String>,
) -> Option<CreateAttachment> {
    let days = match house(ctx).ledger.daily_spend(guild, DAYS).await {
        Ok(days) => days,
        Err(error) => {
            tracing::error!(%error, "what each day cost could not be read");
            return None;
        }
    };
    let Picture { chart, description } = picture(Locale::of(ctx.locale()), view, &days, names);
    // Drawing takes the processor for some milliseconds, which belong to the runtime's other tasks.
    match tokio::task::spawn_blocking(move || chart::draw(&chart)).await {
        Ok(Ok(png)) => Some(CreateAttachment::bytes(png, FILE).description(description)),
        Ok(Err(error)) => {
            tracing::error!(%error, "the budget's chart could not be drawn");
            None
        }
        Err(error) => {
            tracing::error!(%error, "the budget's chart could not be drawn");
            None
        }
    }
}

/// Whether the bot may attach files where the command was used, as Discord says with it.
fn may_attach(ctx: Context<'_>) -> bool {
    let poise::Context::Application(app) = ctx else {
        return false;
    };
    app.interaction.app_permissions.is_none_or(|has| {
        has.contains(Permissions::ATTACH_FILES) || has.contains(Permissions::ADMINISTRATOR)
    })
}

/// Where this server's warnings go, and whether they arrive.
fn warnings(ctx: Context<'_>, view: &BudgetView) -> Warnings {
    let Some(channel) = view.settings.warning_channel else {
        return Warnings::Nowhere;
    };
    match here::may_write(ctx, channel) {
        true => Warnings::To(channel),
        false => Warnings::Lost(channel),
    }
}

async fn names(ctx: Context<'_>, view: &BudgetView) -> Result<HashMap<PersonaId, String>, Error> {
    let mut names = HashMap::new();
    let spoke = view.replies.iter().filter_map(|reply| reply.persona);
    let spent = view.by_persona.iter().filter_map(|total| total.persona);
    for id in spoke.chain(spent) {
        if !names.contains_key(&id)
            && let Some(persona) = house(ctx).store.persona(id).await?
        {
            names.insert(id, persona.name);
        }
    }
    Ok(names)
}
