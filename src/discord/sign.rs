//! The one sign that a person gets where an answer cannot be shown: a line where a line is possible, else a reaction under
//! their message, and where Discord holds the bot back, either of them as soon as it lets go.

use std::sync::Arc;
use std::time::Duration;

use companion::speaker::{Destination, SpeakError};
use safety::split::split;
use store::id::MessageId;
use tokio::time::Instant;
use tracing::{debug, warn};

use super::permissions::Course;
use super::rest::{Meaning, Refused};
use super::signature;
use super::speaker::Desk;
use super::writer::home;

/// The reaction under a message that cannot be answered where it was written.
const CANNOT_WRITE: &str = "🔇";
/// The reaction under a message whose answer Discord holds back.
const HELD_BACK: &str = "⏳";
/// The longest that a sign waits for Discord; later it would puzzle more than help.
const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);
/// The shortest pause between two tries of a sign.
const SHORTEST_WAIT: Duration = Duration::from_secs(5);
/// Signs that wait at a time; a bot that is shut out for long does not fill its memory with them.
pub(super) const WAITING: usize = 1_000;

/// What can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    /// A line, or a reaction if that is refused too.
    Line,
    /// A reaction.
    Reaction(&'static str),
    /// Nothing.
    None,
}

/// What to show where an answer could not be, for this reason, in a place where the bot may do this.
fn sign(why: &SpeakError, course: Option<Course>) -> Sign {
    match (why, course) {
        // Discord would refuse this too, and count it.
        (SpeakError::LockedOut, _) | (_, Some(Course::Silent)) => Sign::None,
        (SpeakError::MissingPermission { .. } | SpeakError::ChannelGone, _)
        | (_, Some(Course::React)) => Sign::Reaction(CANNOT_WRITE),
        // Limits are counted by route: where messages are limited, a reaction may not be.
        (SpeakError::RateLimited { .. }, _) => Sign::Reaction(HELD_BACK),
        (SpeakError::ContentRefused | SpeakError::Unavailable(_), _) => Sign::Line,
    }
}

impl Desk {
    /// Shows the sign; the line's message, if it stands.
    pub(super) async fn sign(
        self: &Arc<Self>,
        to: Destination,
        line: String,
        why: &SpeakError,
        course: Option<Course>,
    ) -> Option<MessageId> {
        let shown = match sign(why, course) {
            Sign::Line => self.line_or_reaction(to, &line).await,
            Sign::Reaction(emoji) => self.outlet.react(to, emoji).await.map(|()| None),
            Sign::None => {
                warn!(channel = %to.channel, message = %to.reply_to, %why, "nothing can tell the person that they get no answer");
                return None;
            }
        };
        shown.unwrap_or_else(|refused| {
            match refused {
                Refused::Pause { seconds } => self.sign_later(to, line, seconds),
                refused => unsigned(to, &refused),
            }
            None
        })
    }

    /// Says a line of the house's own, as the bot. Returns its first message.
    pub(super) async fn notice(
        &self,
        to: Destination,
        text: &str,
    ) -> Result<Option<MessageId>, Refused> {
        let mut first = None;
        for (part, piece) in split(text).iter().enumerate() {
            let nonce = signature::notice_nonce(to, part, piece);
            let posted = self.outlet.post_by_bot(to, part, nonce, piece).await?;
            self.edits.sent(home(to));
            first.get_or_insert(MessageId::from(posted.id.get()));
        }
        Ok(first)
    }

    async fn line_or_reaction(
        &self,
        to: Destination,
        line: &str,
    ) -> Result<Option<MessageId>, Refused> {
        let refused = match self.notice(to, line).await {
            Err(refused) if refused.meaning() != Meaning::Limited => refused,
            done => return done,
        };
        debug!(channel = %to.channel, %refused, "a line was not taken, so a reaction is shown");
        self.outlet.react(to, CANNOT_WRITE).await.map(|()| None)
    }

    /// Shows the sign once Discord lets the bot speak again. Of several that wait in a channel one is a line.
    fn sign_later(self: &Arc<Self>, to: Destination, line: String, seconds: u64) {
        let Ok(place) = Arc::clone(&self.waiting).try_acquire_owned() else {
            warn!(channel = %to.channel, message = %to.reply_to, "too many signs wait already, so this person gets none");
            return;
        };
        let desk = Arc::clone(self);
        self.tasks.spawn(async move {
            let speaks = desk.line_waits.insert(to.channel);
            let line = speaks.then_some(line);
            desk.wait_and_sign(to, line, Duration::from_secs(seconds))
                .await;
            if speaks {
                desk.line_waits.remove(&to.channel);
            }
            drop(place);
        });
    }

    async fn wait_and_sign(&self, to: Destination, line: Option<String>, mut wait: Duration) {
        let until = Instant::now() + LONGEST_WAIT;
        loop {
            wait = wait.max(SHORTEST_WAIT);
            if Instant::now() + wait > until {
                warn!(channel = %to.channel, message = %to.reply_to, seconds = wait.as_secs(), "Discord holds the bot back for too long for a sign");
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.stop.cancelled() => {
                    warn!(channel = %to.channel, message = %to.reply_to, "stopped before a sign could be shown");
                    return;
                }
            }
            let shown = match &line {
                Some(line) => self.line_or_reaction(to, line).await,
                None => self.outlet.react(to, HELD_BACK).await.map(|()| None),
            };
            match shown {
                Ok(_) => return,
                Err(Refused::Pause { seconds }) => wait = Duration::from_secs(seconds),
                Err(refused) => return unsigned(to, &refused),
            }
        }
    }
}

fn unsigned(to: Destination, refused: &Refused) {
    if refused.message_is_gone() {
        debug!(channel = %to.channel, message = %to.reply_to, "the message that got no answer is gone itself");
        return;
    }
    warn!(channel = %to.channel, message = %to.reply_to, %refused, "nothing could tell the person that they get no answer");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_sign_for_each_reason_and_none_where_discord_would_count_it() {
        use SpeakError::*;
        let permission = || MissingPermission { what: "speak" };
        let silent = Some(Course::Silent);
        let table = [
            (ContentRefused, None, Sign::Line),
            (Unavailable(String::new()), Some(Course::AsBot), Sign::Line),
            (RateLimited { seconds: 60 }, None, Sign::Reaction(HELD_BACK)),
            (permission(), None, Sign::Reaction(CANNOT_WRITE)),
            (
                permission(),
                Some(Course::React),
                Sign::Reaction(CANNOT_WRITE),
            ),
            (permission(), silent, Sign::None),
            (ChannelGone, None, Sign::Reaction(CANNOT_WRITE)),
            (LockedOut, None, Sign::None),
        ];
        for (why, course, expected) in table {
            assert_eq!(sign(&why, course), expected, "{why} {course:?}");
        }
    }
}
