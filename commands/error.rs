//! Two audiences of errors: what a person can mend is told to them in the bot's voice; all else gets a line in the log and
//! one apology.

use companion::cast::CastError;
use poise::FrameworkError;
use poise::serenity_prelude as serenity;
use store::StoreError;

use crate::answer;
use crate::texts::{Locale, tell};
use crate::{Data, texts};

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something that the person can mend; the text says how, in their language.
    #[error("{0}")]
    User(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A card or the database failed.
    #[error(transparent)]
    Cast(#[from] CastError),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] ledger::LedgerError),
    /// Discord failed.
    #[error(transparent)]
    Discord(Box<serenity::Error>),
    /// A command came before the companion was there.
    #[error("the companion is not ready")]
    NotReady,
}

/// Discord's codes for an interaction that takes no answer any more: whatever is sent to it is refused again.
/// <https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes>
const UNANSWERABLE: [isize; 4] = [
    10_062, // unknown interaction: it was not answered within 3 s
    40_060, // it has already been acknowledged
    10_015, // unknown webhook: its token has expired after 15 minutes
    50_027, // invalid webhook token: the same
];

impl Error {
    /// Whether Discord refused the answer itself, so that an apology would be refused as well.
    fn is_unanswerable(&self) -> bool {
        let Self::Discord(error) = self else {
            return false;
        };
        match &**error {
            serenity::Error::Http(serenity::HttpError::UnsuccessfulRequest(answer)) => {
                answer.status_code.as_u16() == 401 || UNANSWERABLE.contains(&answer.error.code)
            }
            _ => false,
        }
    }
}

impl From<serenity::Error> for Error {
    fn from(error: serenity::Error) -> Self {
        // Boxed, since it is far larger than all the others.
        Self::Discord(Box::new(error))
    }
}

/// Tells the person, or logs and apologises.
pub(crate) async fn answer(error: FrameworkError<'_, Data, Error>) {
    match error {
        FrameworkError::Command { error, ctx, .. } if error.is_unanswerable() => {
            let command = &*ctx.command().qualified_name;
            tracing::warn!(%error, command, "a command's answer came too late for Discord, or twice");
        }
        FrameworkError::Command { error, ctx, .. } => {
            let text = for_person(&error, Locale::of(ctx.locale()));
            tell_quietly(ctx, text).await;
        }
        FrameworkError::MissingUserPermissions {
            ctx,
            missing_permissions,
            ..
        } => {
            let names =
                missing_permissions.map(|missing| missing.get_permission_names().join(", "));
            let text = tell!(ctx, "missing-permission", permission: names.unwrap_or_default());
            tell_quietly(ctx, text).await;
        }
        FrameworkError::CommandPanic { ctx, .. } => {
            tracing::error!(command = %ctx.command().qualified_name, "a command panicked");
            tell_quietly(ctx, tell!(ctx, "apology")).await;
        }
        FrameworkError::EventHandler { error, .. } => {
            tracing::error!(%error, "a button could not be answered")
        }
        other => {
            tracing::error!(error = %other, "a command failed");
            if let Some(ctx) = other.ctx() {
                tell_quietly(ctx, tell!(ctx, "apology")).await;
            }
        }
    }
}

/// What a person reads of an error.
pub(crate) fn for_person(error: &Error, locale: Locale) -> String {
    match error {
        Error::User(text) => text.clone(),
        Error::Ledger(error @ ledger::LedgerError::BadLimit { .. }) => format!("{error}."),
        Error::Store(StoreError::Missing { .. }) => texts::format(locale, "gone", None),
        Error::Store(
            StoreError::Locked | StoreError::Busy | StoreError::ReadOnly | StoreError::Full,
        ) => {
            tracing::error!(%error, "a command could not use the database");
            texts::format(locale, "memory-unwritable", None)
        }
        _ => {
            tracing::error!(%error, "a command failed");
            texts::format(locale, "apology", None)
        }
    }
}

async fn tell_quietly(ctx: crate::Context<'_>, text: String) {
    let reply = poise::CreateReply::default().content(text).ephemeral(true);
    if let Err(error) = answer::send(ctx, reply).await {
        tracing::warn!(%error, "a command's error could not be shown");
    }
}
