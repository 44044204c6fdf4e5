//! `/memory`: what a persona remembers of you here, how far that reaches, and how to make it forget.

pub(crate) mod beyond;
mod consent;
pub(crate) mod facts;
pub(crate) mod forget;
mod keep;
pub(crate) mod pins;
mod profile;
mod search;
pub(crate) mod show;
mod threads;

use store::id::{MessageId, PersonaId, ScopeId};

use crate::here::seat;
use crate::{Command, Context, Error};

/// What a persona remembers here, and how to make it forget.
#[poise::command(
    slash_command,
    subcommands(
        "show::show",
        "search::search",
        "facts::correct",
        "facts::pin",
        "pins::pins",
        "forget::forget",
        "consent::consent",
        "consent::pause",
        "keep::keep",
        "profile::profile",
        "threads::threads"
    ),
    subcommand_required,
    install_context = "Guild|User",
    interaction_context = "Guild|BotDm|PrivateChannel"
)]
pub(crate) async fn memory(_: Context<'_>) -> Result<(), Error> {
    // Discord does not let the bare command be used.
    Ok(())
}

/// Whether something begins or ends, as the choices read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, poise::ChoiceParameter)]
enum State {
    #[name = "on"]
    #[name_localized("zh-CN", "打开")]
    #[name_localized("zh-TW", "打開")]
    On,
    #[name = "off"]
    #[name_localized("zh-CN", "关闭")]
    #[name_localized("zh-TW", "關閉")]
    Off,
}

/// A persona's memory of where the command was used.
fn scope_of(ctx: Context<'_>, persona: PersonaId) -> ScopeId {
    let seat = seat(ctx);
    ScopeId {
        guild: seat.guild,
        channel: seat.channel,
        persona,
    }
}

/// The address of a message.
pub(crate) fn link(scope: &ScopeId, message: MessageId) -> String {
    let place = scope
        .guild
        .map_or_else(|| "@me".to_owned(), |guild| guild.to_string());
    format!(
        "https://discord.com/channels/{place}/{}/{message}",
        scope.channel
    )
}

pub(crate) fn commands() -> Vec<Command> {
    vec![memory()]
}
