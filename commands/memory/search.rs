//! `/memory search`: finds what you said here.

use std::fmt::Write;

use ::memory::{Asker, Author, Inquiry};

use super::{scope_of, show};
use crate::here::{self, house, seat};
use crate::texts::tell;
use crate::{Context, Error};

/// About how many tokens of finds are looked through.
const BUDGET: usize = 4_000;
/// Finds that are shown.
const SHOWN: usize = 8;

/// Find something that you said here.
#[poise::command(slash_command)]
pub(super) async fn search(
    ctx: Context<'_>,
    #[description = "What to look for"]
    #[max_length = 200]
    text: String,
    #[description = "Whose memory (whoever speaks here, if you say nothing)"]
    #[autocomplete = "here::complete_persona"]
    persona: Option<String>,
) -> Result<(), Error> {
    ctx.defer_ephemeral().await?;
    let persona = here::named_or_speaking(ctx, persona.as_deref()).await?;
    let (house, scope) = (house(ctx), scope_of(ctx, persona.id));
    let now = house.clock.now();
    let seat = seat(ctx);
    let inquiry = Inquiry {
        text: &text,
        asker: Some(Asker {
            guild: seat.guild,
            channel: Some(seat.parent.unwrap_or(seat.channel)),
            person: seat.user,
            persona: persona.id,
            message: None,
        }),
    };
    let mut found = house
        .memory
        .recall(&scope, inquiry, &[], BUDGET, now)
        .await?;
    let own = Author::Person(seat.user);
    found.retain(|recalled| recalled.turn.author == own);
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    if found.is_empty() {
        return here::answer_quietly(
            ctx,
            tell!(ctx, "search-nothing", name: persona.name.as_str()),
        )
        .await;
    }
    let mut answer = tell!(ctx, "search-title", name: persona.name.as_str());
    for recalled in found.iter().take(SHOWN) {
        let _ = write!(answer, "\n{}", show::line(&recalled.turn));
    }
    let _ = write!(answer, "\n{}", tell!(ctx, "memory-hint"));
    here::answer_quietly(ctx, answer).await
}
