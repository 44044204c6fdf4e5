//! Posts through a webhook whose answer was lost. A webhook knows no nonce: whether such a post was made can only be seen
//! in the channel, so it is looked for before anything is posted again, and once more at the end.

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
}

impl Doubt {
    fn is(&self, found: &Found) -> bool {
        found.hook == self.hook.id && found.text.trim() == self.text.trim()
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
    /// The answer to this post was lost.
    pub(super) fn raise(&mut self, part: usize, hook: &Arc<Hook>, text: &str) {
        self.0.push(Doubt {
            part,
            hook: Arc::clone(hook),
            text: text.to_owned(),
        });
    }

    /// The message that a lost post of this part made, if it made one. That it cannot be seen is an error: posting again
    /// could say everything twice.
    pub(super) async fn look(
        &self,
        outlet: &Outlet,
        to: Destination,
        part: usize,
    ) -> Result<Option<Posted>, SpeakError> {
        if !self.0.iter().any(|doubt| doubt.part == part) {
            return Ok(None);
        }
        let mut pauses = PAUSES.iter();
        let found = loop {
            match outlet.webhook_messages(to).await {
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
        if self.0.is_empty() {
            return None;
        }
        let found = match outlet.webhook_messages(to).await {
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
            if standing.is_empty() && doubt.part == 0 && kept.is_none() {
                kept = Some(posted);
            } else if let Err(refused) = outlet.delete(to, &posted).await {
                debug!(channel = %to.channel, %refused, "a message that stands twice could not be deleted");
            }
        }
        kept
    }
}
