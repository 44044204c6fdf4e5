//! Answering a command. What Discord sends back is not needed: an answer that was taken is shown, even if serenity cannot
//! read its echo, in which the person's profile stands with whatever Discord invents for profiles.

use poise::serenity_prelude as serenity;

use crate::{Context, Error};

/// Answers with a text.
pub(crate) async fn say(ctx: Context<'_>, text: impl Into<String>) -> Result<(), Error> {
    send(ctx, poise::CreateReply::default().content(text)).await
}

/// Answers.
pub(crate) async fn send(ctx: Context<'_>, reply: poise::CreateReply) -> Result<(), Error> {
    #[expect(clippy::disallowed_methods, reason = "here the echo is left aside")]
    let sent = ctx.send(reply).await;
    taken(sent.map(drop))
}

/// Whether Discord took what was sent. serenity reads the body of good answers only, so what it cannot read was taken.
pub(crate) fn taken(sent: serenity::Result<()>) -> Result<(), Error> {
    match sent {
        Err(serenity::Error::Json(error)) => {
            tracing::debug!(%error, "Discord's echo of an answer could not be read");
            Ok(())
        }
        sent => Ok(sent?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_echo_that_cannot_be_read_was_taken_and_all_else_was_not() {
        let unread = serde_json::from_str::<u8>("{}").unwrap_err();
        assert!(taken(Err(serenity::Error::Json(unread))).is_ok());
        assert!(taken(Err(serenity::Error::Other("refused"))).is_err());
        assert!(taken(Ok(())).is_ok());
    }
}
