//! Every slash command, one file a group. A command is thin: it parses, calls the house, and answers once. Its texts are in
//! `locales/`.
//!
//! To add one: write a file that ends in `commands()`, chain it in [`all`], and add its texts to each locale.

mod about;
mod answer;
mod budget;
mod chat;
mod components;
mod error;
mod help;
mod here;
mod memory;
mod persona;
mod privacy;
mod sheet;
mod texts;
mod why;

use std::sync::{Arc, OnceLock};

use companion::Companion;
use poise::serenity_prelude as serenity;

pub use budget::warning::budget_warning;
pub use error::Error;

/// What every command is given.
pub struct Data {
    companion: Companion,
}

type Context<'a> = poise::Context<'a, Data, Error>;
type Command = poise::Command<Data, Error>;

/// All commands, with their descriptions in every locale.
fn all() -> Vec<Command> {
    let mut all: Vec<Command> = [
        persona::commands(),
        chat::commands(),
        budget::commands(),
        memory::commands(),
        privacy::commands(),
        why::commands(),
        help::commands(),
        about::commands(),
    ]
    .into_iter()
    .flatten()
    .collect();
    for command in &mut all {
        texts::localise(command);
    }
    all
}

/// The commands as Discord is told of them. What stands in a menu has no description there: its translation is of its
/// name, which poise does not know of.
fn registered(commands: &[Command]) -> Vec<serenity::CreateCommand> {
    let menu = |command: &Command| {
        let names = command.description_localizations.iter();
        let entry = command.create_as_context_menu_command()?;
        Some(names.fold(entry, |entry, (locale, name)| {
            entry.name_localized(locale.as_ref(), name.as_ref())
        }))
    };
    commands
        .iter()
        .flat_map(|command| [command.create_as_slash_command(), menu(command)])
        .flatten()
        .collect()
}

/// The framework that answers commands, autocompletion and buttons. The companion is in the cell by the time the
/// connection is made. The commands are registered with Discord at the first READY.
pub fn framework(companion: Arc<OnceLock<Companion>>) -> poise::Framework<Data, Error> {
    poise::Framework::builder()
        // No command is for the bot's owner alone.
        .initialize_owners(false)
        .options(poise::FrameworkOptions {
            commands: all(),
            on_error: |error| Box::pin(error::answer(error)),
            event_handler: |framework, event| {
                Box::pin(components::handle(
                    framework.serenity_context,
                    event,
                    framework.user_data,
                ))
            },
            // Nobody is pinged by a command's answer.
            allowed_mentions: Some(serenity::CreateAllowedMentions::new()),
            // A mention is talk, not a command.
            prefix_options: poise::PrefixFrameworkOptions {
                mention_as_prefix: false,
                ..Default::default()
            },
            ..Default::default()
        })
        .setup(move |ctx, _, framework| {
            Box::pin(async move {
                let companion = companion.get().cloned().ok_or(Error::NotReady)?;
                let commands = registered(&framework.options().commands);
                if let Err(error) = serenity::Command::set_global_commands(ctx, commands).await {
                    // Those of an earlier start still stand; talk does not need them.
                    tracing::error!(%error, "the slash commands could not be registered");
                }
                Ok(Data { companion })
            })
        })
        .build()
}
