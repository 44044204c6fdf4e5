//! Carries out what was decided about a refusal, so that the next try can be made.

use std::slice::Iter;
use std::time::Duration;

use companion::speaker::SpeakError;
use tokio::time::Instant;
use tracing::debug;

use super::super::rest::{Meaning, Refused};
use super::super::webhook::Hook;
use super::remedy::{Remedy, Tried, remedy};
use super::{Shown, Writer};

/// Pauses before the final text is tried again, where Discord is out of reach or asked for a pause.
pub(super) const PAUSES: [Duration; 3] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];

/// What stands until the message that replaces it does.
pub(super) struct Outdated {
    pub(super) shown: Shown,
    /// Its webhook is gone, so that only a moderator can take it back.
    pub(super) orphan: bool,
}

/// The pauses between the tries of a text.
pub(super) struct Tries {
    pauses: Iter<'static, Duration>,
    /// A text that still grows is tried once: more of it comes soon.
    until: Option<Instant>,
}

impl Tries {
    /// Tries of a final text until a certain moment, or one try of a text that still grows.
    pub(super) fn until(until: Option<Instant>) -> Self {
        Self {
            pauses: PAUSES.iter(),
            until,
        }
    }

    fn next(&mut self) -> Option<Duration> {
        let pause = *self.pauses.next()?;
        self.until
            .is_some_and(|until| Instant::now() + pause < until)
            .then_some(pause)
    }
}

impl Writer {
    /// Makes everything ready for another try, or says why there is none.
    pub(super) async fn mend(
        &mut self,
        refused: Refused,
        tried: Tried,
        hook: Option<&Hook>,
        tries: &mut Tries,
    ) -> Result<(), SpeakError> {
        let remedy = remedy(&refused, tried);
        debug!(channel = %self.to.channel, %refused, ?tried, ?remedy, "refused");
        match remedy {
            Remedy::Again | Remedy::Look => match tries.next() {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(refused.into()),
            },
            Remedy::NewHook => self.lose(hook),
            Remedy::AsBot => self.as_bot = true,
            Remedy::Anew => self.begin_anew(&refused, hook)?,
            Remedy::AnewAsBot => {
                self.as_bot = true;
                self.begin_anew(&refused, hook)?;
            }
            Remedy::Skip => return Err(refused.into()),
            Remedy::OnlyFinal => {
                self.stuck = true;
                return Err(refused.into());
            }
            Remedy::Stop => {
                self.over = true;
                return Err(refused.into());
            }
        }
        Ok(())
    }

    /// What cannot be changed any more is said anew; what stood stays until that stands.
    fn begin_anew(&mut self, refused: &Refused, hook: Option<&Hook>) -> Result<(), SpeakError> {
        // It was already written anew once; who deletes it a second time means it.
        if self.sendings > 1 {
            return Err(SpeakError::Unavailable(
                "somebody deleted it while I was writing".to_owned(),
            ));
        }
        let orphan = refused.meaning() == Meaning::WebhookGone;
        if orphan {
            self.lose(hook);
        }
        let shown = self.shown.take().filter(|_| !refused.message_is_gone());
        self.outdated = shown.map(|shown| Outdated { shown, orphan });
        Ok(())
    }

    /// A webhook that is gone is made anew, once; then it gives way to the bot's own account.
    fn lose(&mut self, hook: Option<&Hook>) {
        let Some(hook) = hook else { return };
        self.desk.webhooks.forget(self.home(), hook.id);
        self.as_bot |= self.lost_hook;
        self.lost_hook = true;
    }
}
