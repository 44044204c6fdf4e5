//! What became of a text that was to be shown. Where it does not stand as it should, the person gets one sign, and what
//! stands nevertheless is still theirs to reply to.

use store::id::MessageId;

use crate::companion::Shared;
use crate::reply::Reply;
use crate::speaker::{SpeakError, Spoken};
use crate::texts;

/// What people see of a reply.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    /// The messages that hold it, in order.
    pub(crate) messages: Vec<MessageId>,
    /// What can be read in them, where that is not all of it.
    pub(crate) part: Option<String>,
    /// The line that says so.
    sign: Option<MessageId>,
}

impl Shown {
    /// All that answers the message.
    pub(crate) fn answer(self) -> Vec<MessageId> {
        self.messages.into_iter().chain(self.sign).collect()
    }
}

impl Reply<'_> {
    /// Sees what came of a text; the cause of what is missing goes to the log, a sign to the person.
    pub(crate) async fn shown(&self, shared: &Shared, spoken: Spoken) -> Shown {
        let unsaid = match spoken {
            Ok(messages) => {
                return Shown {
                    messages,
                    ..Shown::default()
                };
            }
            Err(unsaid) => unsaid,
        };
        let stand = unsaid.standing.len();
        tracing::warn!(error = %unsaid.why, stand, channel = %self.message.channel, message = %self.message.id, "a reply could not be shown as it is");
        let sign = self.sign(shared, unsaid.why, stand > 0).await;
        Shown {
            messages: unsaid.standing,
            part: Some(unsaid.shown),
            sign,
        }
    }

    /// Shows the person that there is no answer, or, where one has begun to stand, that this is not all of it.
    pub(crate) async fn sign(
        &self,
        shared: &Shared,
        why: SpeakError,
        begun: bool,
    ) -> Option<MessageId> {
        let line = texts::unshown(&why, begun, self.language).to_owned();
        shared
            .speaker
            .sign(self.message.destination(), line, why)
            .await
    }
}
