//! Writes one message of a persona on Discord: posts it, edits it when the scheduler says so, mends what is lost
//! meanwhile (the webhook, the message, an answer), and makes the final text exact. What to do about a refusal is decided
//! in [`remedy`], made ready for in [`mending`]; here it is written.

mod doubt;
mod mending;
mod outcome;
mod posting;
mod remedy;

use std::sync::Arc;
use std::time::Duration;

use companion::speaker::{Destination, MOST_MESSAGES, SpeakError, Spoken, Voice};
use safety::split::split;
use tokio::sync::watch;
use tokio::time::Instant;
use tracing::debug;

use super::edits::Urgency;
use super::outlet::Posted;
use super::rest::Refused;
use super::signature;
use super::speaker::Desk;
use super::utterance::Wish;
use super::webhook::Hook;
use doubt::Doubts;
use mending::{Outdated, Tries};
use posting::by;
use remedy::{Remedy, Tried, remedy};

pub(super) use posting::home;

/// The longest that the first message of a persona waits for its face to be uploaded.
const AVATAR_WAIT: Duration = Duration::from_secs(3);
/// How long a finished reply is tried. Its channel's lane waits for it, so whoever comes next should not wait longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// What stands in the channel.
struct Shown {
    posted: Posted,
    text: String,
}

/// The side of Discord.
pub(super) struct Writer {
    desk: Arc<Desk>,
    to: Destination,
    voice: Voice,
    username: String,
    avatar: Option<String>,
    wishes: watch::Receiver<Wish>,
    /// A webhook was lost once already while this was written.
    lost_hook: bool,
    /// The webhook does not take this message, so the bot's own account speaks.
    as_bot: bool,
    /// The first message.
    shown: Option<Shown>,
    outdated: Option<Outdated>,
    /// The messages after the first one.
    following: Vec<Shown>,
    doubts: Doubts,
    /// How often the first part was posted; more than once only where it could not be changed any more.
    sendings: u8,
    /// Discord refuses edits for a reason that lasts: only the final text is tried again.
    stuck: bool,
    /// A refusal was final: nothing more is sent of this text.
    over: bool,
    /// Why nothing more is shown while it grows.
    trouble: Option<SpeakError>,
}

impl Writer {
    /// Nothing is posted before the first wish.
    pub(super) fn new(
        desk: Arc<Desk>,
        to: Destination,
        voice: Voice,
        wishes: watch::Receiver<Wish>,
    ) -> Self {
        Self {
            desk,
            to,
            username: signature::username(&voice.name),
            voice,
            avatar: None,
            wishes,
            lost_hook: false,
            as_bot: false,
            shown: None,
            outdated: None,
            following: vec![],
            doubts: Doubts::default(),
            sendings: 0,
            stuck: false,
            over: false,
            trouble: None,
        }
    }

    /// Writes until the last wish is done, and returns the messages that then stand there.
    pub(super) async fn run(mut self) -> Spoken {
        if let Ok(avatar) = tokio::time::timeout(AVATAR_WAIT, self.prepare()).await {
            self.avatar = avatar;
        }
        loop {
            let wish = self.wishes.borrow_and_update().clone();
            match wish {
                Wish::Nothing => {}
                Wish::Show(text) => self.show(text).await,
                Wish::Finish(text) => {
                    let done = self.finish(&text).await;
                    return self.spoken(done).await;
                }
                Wish::Abandon => {
                    self.abandon().await;
                    return Ok(Vec::new());
                }
            }
            if self.wishes.changed().await.is_err() {
                // The turn was dropped: nobody will say the rest, or remember what stands here.
                self.abandon().await;
                return Ok(Vec::new());
            }
        }
    }

    /// Finds the webhook, so that it is known when the first text comes, and the face.
    async fn prepare(&self) -> Option<String> {
        self.to.guild?;
        let way = self.desk.webhooks.way(self.home());
        let (_, avatar) = tokio::join!(way, self.desk.avatars.address(&self.voice));
        avatar
    }

    /// Shows a text that will still grow. Failures wait for the final text, which comes in any case.
    async fn show(&mut self, mut text: String) {
        if self.trouble.is_some() || self.stuck {
            return;
        }
        if self.shown.is_some() {
            let mut wishes = self.wishes.clone();
            let permitted = tokio::select! {
                biased;
                _ = wishes.wait_for(Wish::is_last) => false,
                permitted = self.desk.edits.permit(self.home(), Urgency::Streaming) => permitted,
            };
            if !permitted {
                return;
            }
            if let Wish::Show(newest) = &*self.wishes.borrow_and_update() {
                text.clone_from(newest);
            }
        }
        if let Err(trouble) = self.bring(&text, None).await {
            debug!(channel = %self.to.channel, %trouble, "a growing reply was not shown");
            if self.shown.is_none() || self.over {
                self.trouble = Some(trouble);
            }
        }
    }

    /// Makes the final text stand there.
    async fn finish(&mut self, text: &str) -> Result<(), SpeakError> {
        match self.trouble.take() {
            Some(SpeakError::Unavailable(_) | SpeakError::RateLimited { .. }) | None => {}
            Some(lasting) => return Err(lasting),
        }
        if text.trim().is_empty() {
            self.abandon().await;
            return Ok(());
        }
        let until = Instant::now() + PATIENCE;
        let more = self.bring(text, Some(until)).await?;
        for (n, piece) in more.iter().take(MOST_MESSAGES - 1).enumerate() {
            let following = self.add(n + 1, piece, until).await?;
            self.following.push(following);
        }
        Ok(())
    }

    /// Makes the first message hold the beginning of `text`, and returns the pieces that do not fit into it. A text that is
    /// final is tried until a certain moment.
    async fn bring(
        &mut self,
        text: &str,
        last: Option<Instant>,
    ) -> Result<Vec<String>, SpeakError> {
        let mut tries = Tries::until(last);
        loop {
            let hook = match &self.shown {
                Some(shown) => shown.posted.hook.clone(),
                None => self.hook().await,
            };
            if self.shown.is_none()
                && let Some(made) = self.doubts.look(&self.desk.outlet, self.to, 0).await?
            {
                self.note_beginning(true, &made);
                self.stands(made, "").await;
                continue;
            }
            let mut pieces = match hook {
                Some(_) => split(text),
                None => split(&format!("{}{text}", signature::lead_in(&self.voice.name))),
            }
            .into_iter();
            let Some(first) = pieces.next() else {
                return Ok(Vec::new());
            };
            let next = self.desk.outlet.next_id(self.to);
            let (tried, outcome) = match (&self.shown, last) {
                (Some(_), None) => (Tried::Grow, self.change(&first, false).await),
                (Some(_), Some(_)) => (Tried::Finish, self.change(&first, true).await),
                (None, _) => (by(&hook), self.begin(hook.as_ref(), &first).await),
            };
            match outcome {
                Ok(()) if self.holds(&first) => return Ok(pieces.collect()),
                // Something of this message stood there already: it is changed into what it says now.
                Ok(()) => {}
                Err(refused) => {
                    if remedy(&refused, tried) == Remedy::Look
                        && let Some(hook) = &hook
                    {
                        self.doubts.raise(0, hook, &first, next);
                    }
                    self.mend(refused, tried, hook.as_deref(), &mut tries)
                        .await?;
                }
            }
        }
    }

    fn holds(&self, text: &str) -> bool {
        self.shown.as_ref().is_some_and(|shown| shown.text == text)
    }

    /// Posts the first message.
    async fn begin(&mut self, hook: Option<&Arc<Hook>>, text: &str) -> Result<(), Refused> {
        let posted = self.post(0, hook, text).await?;
        self.stands(posted, text).await;
        Ok(())
    }

    /// The first message stands; what it replaces goes.
    async fn stands(&mut self, posted: Posted, text: &str) {
        self.shown = Some(shown(posted, text));
        if let Some(outdated) = self.outdated.take() {
            self.take_back(outdated).await;
        }
    }

    /// Posts a further piece below the first message.
    async fn add(&mut self, part: usize, text: &str, until: Instant) -> Result<Shown, SpeakError> {
        let mut tries = Tries::until(Some(until));
        loop {
            let hook = self.hook().await;
            let (outlet, to) = (&self.desk.outlet, self.to);
            let next = outlet.next_id(to);
            let outcome = match self.doubts.look(outlet, to, part).await? {
                Some(made) => Ok(made),
                None => self.post(part, hook.as_ref(), text).await,
            };
            let refused = match outcome {
                Ok(posted) => match shown(posted, text) {
                    same if same.text == text => return Ok(same),
                    // An earlier life of this bot said something else there.
                    Shown { posted, .. } => match self.desk.outlet.edit(to, &posted, text).await {
                        Ok(()) => return Ok(shown(posted, text)),
                        Err(refused) => return Err(refused.into()),
                    },
                },
                Err(refused) => refused,
            };
            let tried = by(&hook);
            if remedy(&refused, tried) == Remedy::Look
                && let Some(hook) = &hook
            {
                self.doubts.raise(part, hook, text, next);
            }
            self.mend(refused, tried, hook.as_deref(), &mut tries)
                .await?;
        }
    }
}

/// What stands once this was posted; where a message was found instead, what that says.
fn shown(mut posted: Posted, text: &str) -> Shown {
    let text = posted.found.take().unwrap_or_else(|| text.to_owned());
    Shown { posted, text }
}
