//! What stands in the end, and what is taken back.

use companion::speaker::{SpeakError, Spoken, Unsaid};
use serenity::model::id::MessageId;
use tracing::{debug, warn};

use super::super::signature;
use super::mending::Outdated;
use super::{Shown, Writer};

impl Writer {
    /// What came of it, once no doubt is left.
    pub(super) async fn spoken(mut self, done: Result<(), SpeakError>) -> Spoken {
        if self.shown.is_none() {
            self.shown = self.outdated.take().map(|outdated| outdated.shown);
        }
        let standing: Vec<MessageId> = self.standing().map(|shown| shown.posted.id).collect();
        let (outlet, doubts) = (&self.desk.outlet, std::mem::take(&mut self.doubts));
        if let Some(mut posted) = doubts.settle(outlet, self.to, &standing).await {
            let text = posted.found.take().unwrap_or_default();
            self.shown = Some(Shown { posted, text });
        }
        let standing = self.standing().map(|shown| shown.posted.id.get().into());
        let standing = standing.collect();
        match done {
            Ok(()) => Ok(standing),
            Err(why) => Err(Unsaid {
                why,
                standing,
                shown: self.readable(),
            }),
        }
    }

    /// All messages that stand, in order.
    fn standing(&self) -> impl Iterator<Item = &Shown> {
        self.shown.iter().chain(&self.following)
    }

    /// What can be read, without the name that the bot's account puts before it.
    fn readable(&self) -> String {
        let lead_in = signature::lead_in(&self.voice.name);
        let texts = self.standing().map(|shown| match shown.posted.hook {
            Some(_) => shown.text.as_str(),
            None => shown.text.strip_prefix(&lead_in).unwrap_or(&shown.text),
        });
        texts.collect::<Vec<_>>().join("\n")
    }

    pub(super) async fn abandon(&mut self) {
        let all = self
            .shown
            .take()
            .into_iter()
            .chain(self.following.drain(..));
        for shown in all {
            if let Err(refused) = self.desk.outlet.delete(self.to, &shown.posted).await
                && !refused.message_is_gone()
            {
                warn!(channel = %self.to.channel, %refused, "a message that was taken back could not be deleted");
            }
        }
        let doubts = std::mem::take(&mut self.doubts);
        if let Some(made) = doubts.settle(&self.desk.outlet, self.to, &[]).await
            && let Err(refused) = self.desk.outlet.delete(self.to, &made).await
        {
            warn!(channel = %self.to.channel, %refused, "a message that was taken back could not be deleted");
        }
    }

    /// What was replaced goes.
    pub(super) async fn take_back(&self, outdated: Outdated) {
        let (outlet, posted) = (&self.desk.outlet, &outdated.shown.posted);
        let deleted = match outdated.orphan {
            true => outlet.delete_orphan(self.to, posted.id).await,
            false => outlet.delete(self.to, posted).await,
        };
        if let Err(refused) = deleted {
            debug!(channel = %self.to.channel, %refused, "the half message stays");
        }
    }
}
