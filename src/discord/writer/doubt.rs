//! Posts through a webhook whose answer was lost. A webhook knows no nonce: whether such a post was made can only be seen
//! in the channel, so it is looked for before anything is posted again, and once more at the end. What stood there before
//! the post was tried, and what is known to be another post's, is never taken for it: many replies say the same words.

use std::sync::Arc;

use companion::speaker::{Destination, SpeakError};
use serenity::model::id::MessageId;
use tracing::{debug, info};

use super::super::outlet::{Found, Outlet, Posted};
use super::super::webhook::Hook;
use super::mending::PAUSES;

/// A post that may have been made.
struct Doubt {
    part: usize,
    hook: Arc<Hook>,
    text: String,
    /// What it made has this id or a greater one.
    from: MessageId,
}

impl Doubt {
    fn is(&self, found: &Found) -> bool {
        found.hook == self.hook.id && found.id >= self.from && found.text.trim() == self.text.trim()
    }

    fn posted(&self, id: MessageId) -> Posted {
        Posted {
            id,
            hook: Some(Arc::clone(&self.hook)),
            found: Some(self.text.clone()),
        }
    }
}

/// The doubts about one reply.
#[derive(Default)]
pub(super) struct Doubts(Vec<Doubt>);

impl Doubts {
    /// The answer to this post was lost. What it made has the id `from` or a greater one.
    pub(super) fn raise(&mut self, part: usize, hook: &Arc<Hook>, text: &str, from: MessageId) {
        self.0.push(Doubt {
            part,
            hook: Arc::clone(hook),
            text: text.to_owned(),
            from,
        });
    }

    /// The smallest id that one of them can have made.
    fn from(&self) -> Option<MessageId> {
        self.0.iter().map(|doubt| doubt.from).min()
    }

    /// The message that a lost post of this part made, if it made one. That it cannot be seen is an error: posting again
    /// could say everything twice.
    pub(super) async fn look(
        &self,
        outlet: &Outlet,
        to: Destination,
        part: usize,
    ) -> Result<Option<Posted>, SpeakError> {
        let Some(from) = self
            .from()
            .filter(|_| self.0.iter().any(|doubt| doubt.part == part))
        else {
            return Ok(None);
        };
        let mut pauses = PAUSES.iter();
        let found = loop {
            match outlet.unknown_messages(to, from).await {
                Ok(Some(found)) => break found,
                Ok(None) => {
                    let unseen = "its answer was lost, and I cannot see whether it stands";
                    return Err(SpeakError::Unavailable(unseen.to_owned()));
                }
                Err(refused) => match pauses.next() {
                    Some(pause) if refused.is_passing() => tokio::time::sleep(*pause).await,
                    _ => return Err(refused.into()),
                },
            }
        };
        let of_part = self.0.iter().filter(|doubt| doubt.part == part);
        let made = of_part
            .flat_map(|doubt| found.iter().map(move |found| (doubt, found)))
            .find(|(doubt, found)| doubt.is(found));
        Ok(made.map(|(doubt, found)| {
            outlet.note_own(found.id);
            info!(channel = %to.channel, message = %found.id, "a message stands although its answer was lost");
            doubt.posted(found.id)
        }))
    }

    /// Takes back what lost posts made after all, beside what stands; what was made of a part of which nothing stands is
    /// returned instead.
    pub(super) async fn settle(
        self,
        outlet: &Outlet,
        to: Destination,
        standing: &[MessageId],
    ) -> Option<Posted> {
        let from = self.from()?;
        let found = match outlet.unknown_messages(to, from).await {
            Ok(found) => found.unwrap_or_default(),
            Err(refused) => {
                debug!(channel = %to.channel, %refused, "whether something stands twice is not known");
                return None;
            }
        };
        let mut kept = None;
        for found in found.iter().filter(|found| !standing.contains(&found.id)) {
            let Some(doubt) = self.0.iter().find(|doubt| doubt.is(found)) else {
                continue;
            };
            let posted = doubt.posted(found.id);
            outlet.note_own(found.id);
            if standing.is_empty() && doubt.part == 0 && kept.is_none() {
                kept = Some(posted);
            } else if let Err(refused) = outlet.delete(to, &posted).await {
                debug!(channel = %to.channel, %refused, "a message that stands twice could not be deleted");
            }
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::SecretString;

    #[test]
    fn what_stood_there_before_the_try_or_says_something_else_is_not_what_was_lost() {
        let hook = Arc::new(Hook {
            id: 5.into(),
            token: SecretString::from("token"),
        });
        let mut doubts = Doubts::default();
        doubts.raise(0, &hook, "Yes.", MessageId::new(100));
        let is = |id: u64, hook: u64, text: &str| {
            let found = Found {
                id: id.into(),
                hook: hook.into(),
                text: text.to_owned(),
            };
            doubts.0[0].is(&found)
        };
        assert!(is(100, 5, "Yes."));
        assert!(!is(99, 5, "Yes."), "another turn's");
        assert!(!is(101, 6, "Yes."), "another webhook's");
        assert!(!is(101, 5, "No."));
    }
}
