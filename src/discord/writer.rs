//! Writes one message of a persona on Discord: posts it, edits it when the scheduler says so, mends what is lost
//! meanwhile (the webhook, the message), and makes the final text exact.

use std::sync::Arc;
use std::time::Duration;

use companion::speaker::{Destination, SpeakError, Voice};
use safety::split::split;
use serenity::model::id::ChannelId;
use store::id::MessageId;
use tokio::sync::watch;
use tracing::{debug, warn};

use super::edits::Urgency;
use super::outlet::{Mask, Posted};
use super::rest::Refused;
use super::signature;
use super::speaker::Desk;
use super::utterance::{Spoken, Wish};
use super::webhook::{Hook, Way};

/// The longest that the first message of a persona waits for its face to be uploaded.
const AVATAR_WAIT: Duration = Duration::from_secs(3);
/// Pauses before the final text is tried again, where Discord is out of reach or asked for a pause.
const PAUSES: [Duration; 3] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
];

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
    shown: Option<Shown>,
    /// How often the first part was posted; more than once only where somebody deleted it meanwhile.
    sendings: u8,
    /// Discord refuses edits for a reason that lasts: only the final text is tried again.
    stuck: bool,
    /// Why nothing could be shown.
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
            sendings: 0,
            stuck: false,
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
                Wish::Finish(text) => return self.finish(&text).await,
                Wish::Abandon => {
                    self.abandon().await;
                    return Ok(Vec::new());
                }
            }
            if self.wishes.changed().await.is_err() {
                // The turn was dropped: what people have read stays.
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
        match self.bring(&text, false).await {
            Ok(_) => {}
            Err(trouble) if self.shown.is_none() => self.trouble = Some(trouble),
            Err(trouble) => debug!(channel = %self.to.channel, %trouble, "an edit was not made"),
        }
    }

    async fn finish(mut self, text: &str) -> Spoken {
        match self.trouble.take() {
            Some(SpeakError::Unavailable(_) | SpeakError::RateLimited { .. }) | None => {}
            Some(lasting) => return Err(lasting),
        }
        if text.trim().is_empty() {
            self.abandon().await;
            return Ok(Vec::new());
        }
        let more = self.bring(text, true).await?;
        let mut ids: Vec<MessageId> = self
            .shown
            .iter()
            .map(|shown| shown.posted.id.get().into())
            .collect();
        for (n, piece) in more.iter().enumerate() {
            ids.push(self.add(n + 1, piece).await?.id.get().into());
        }
        Ok(ids)
    }

    async fn abandon(&mut self) {
        if let Some(shown) = self.shown.take()
            && let Err(refused) = self.desk.outlet.delete(self.to, &shown.posted).await
            && !refused.message_is_gone()
        {
            warn!(channel = %self.to.channel, %refused, "a message that was taken back could not be deleted");
        }
    }

    /// Makes the first message hold the beginning of `text`, and returns the pieces that do not fit into it.
    async fn bring(&mut self, text: &str, last: bool) -> Result<Vec<String>, SpeakError> {
        let mut pauses = PAUSES.iter();
        loop {
            let hook = match &self.shown {
                Some(shown) => shown.posted.hook.clone(),
                None => self.hook().await,
            };
            let mut pieces = match hook {
                Some(_) => split(text),
                None => split(&format!("{}{text}", signature::lead_in(&self.voice.name))),
            }
            .into_iter();
            let Some(first) = pieces.next() else {
                return Ok(Vec::new());
            };

            let refused = if self.shown.is_some() {
                match self.change(&first, last).await {
                    Ok(()) => return Ok(pieces.collect()),
                    Err(refused) => refused,
                }
            } else {
                match self.post(0, hook.as_ref(), &first).await {
                    Ok(posted) if posted.found.is_none() => {
                        self.shown = Some(Shown {
                            posted,
                            text: first,
                        });
                        return Ok(pieces.collect());
                    }
                    // An earlier life of this bot had begun this message: it is changed into what it says now.
                    Ok(mut posted) => {
                        let text = posted.found.take().unwrap_or_default();
                        self.shown = Some(Shown { posted, text });
                        continue;
                    }
                    Err(refused) => refused,
                }
            };
            if self.mend(&refused, hook.as_deref(), last).await? {
                continue;
            }
            match pauses.next() {
                Some(pause) if last && refused.passes_soon() => tokio::time::sleep(*pause).await,
                _ => {
                    self.stuck = self.shown.is_some() && !refused.is_passing();
                    return Err(refused.into());
                }
            }
        }
    }

    /// Posts a further piece below the first message.
    async fn add(&mut self, part: usize, text: &str) -> Result<Posted, SpeakError> {
        let mut pauses = PAUSES.iter();
        loop {
            let hook = self.hook().await;
            let refused = match self.post(part, hook.as_ref(), text).await {
                Ok(posted) => return Ok(posted),
                Err(refused) => refused,
            };
            if self.mend_way(&refused, hook.as_deref()) {
                continue;
            }
            match pauses.next() {
                Some(pause) if refused.passes_soon() => tokio::time::sleep(*pause).await,
                _ => return Err(refused.into()),
            }
        }
    }

    async fn change(&mut self, text: &str, last: bool) -> Result<(), Refused> {
        let Some(shown) = &mut self.shown else {
            return Ok(());
        };
        if shown.text == text {
            return Ok(());
        }
        let home = home(self.to);
        if last {
            self.desk.edits.permit(home, Urgency::Final).await;
        }
        self.desk.outlet.edit(self.to, &shown.posted, text).await?;
        text.clone_into(&mut shown.text);
        Ok(())
    }

    async fn post(
        &mut self,
        part: usize,
        hook: Option<&Arc<Hook>>,
        text: &str,
    ) -> Result<Posted, Refused> {
        let outlet = &self.desk.outlet;
        let posted = match hook {
            Some(hook) => {
                let mask = Mask {
                    username: &self.username,
                    avatar: self.avatar.as_deref(),
                };
                outlet.post_by_hook(self.to, hook, mask, text).await?
            }
            None => {
                let nonce = signature::reply_nonce(self.to.reply_to, part, self.sendings);
                outlet.post_by_bot(self.to, part, nonce, text).await?
            }
        };
        if part == 0 {
            self.count(hook.is_some(), &posted);
            self.sendings += 1;
        }
        self.desk.edits.sent(self.home());
        Ok(posted)
    }

    /// Counts a reply once, when its first words can be read.
    fn count(&self, by_hook: bool, posted: &Posted) {
        if self.sendings > 0 || posted.found.is_some() {
            return;
        }
        let figures = &self.desk.figures;
        figures.begun(self.to.reply_to.get(), posted.id.get());
        if !by_hook && self.to.guild.is_some() {
            figures.fell_back();
        }
    }

    /// Whether the refusal can be answered by another way or another message. Then everything is ready for it.
    async fn mend(
        &mut self,
        refused: &Refused,
        hook: Option<&Hook>,
        last: bool,
    ) -> Result<bool, SpeakError> {
        if self.shown.is_none() {
            return Ok(self.mend_way(refused, hook));
        }
        // What cannot be edited any more (Discord limits the edits of an old message) can still be said anew.
        let uneditable = last && !refused.is_passing() && !refused.channel_is_gone();
        if !(refused.message_is_gone() || refused.webhook_is_gone() || uneditable) {
            return Ok(false);
        }
        // It was already written anew once; who deletes it a second time means it.
        if self.sendings > 1 {
            return Err(SpeakError::Unavailable(
                "somebody deleted it while I was writing".to_owned(),
            ));
        }
        let Some(Shown { posted, .. }) = self.shown.take() else {
            return Ok(false);
        };
        let deleted = if refused.message_is_gone() {
            Ok(())
        } else if refused.webhook_is_gone() {
            self.mend_way(refused, hook);
            self.desk.outlet.delete_orphan(self.to, posted.id).await
        } else {
            self.desk.outlet.delete(self.to, &posted).await
        };
        if let Err(refused) = deleted {
            debug!(channel = %self.to.channel, %refused, "the half message stays");
        }
        Ok(true)
    }

    /// A webhook that is gone is made anew, once; one that refuses for another lasting reason gives way to the bot's account.
    fn mend_way(&mut self, refused: &Refused, hook: Option<&Hook>) -> bool {
        let Some(hook) = hook else { return false };
        if refused.webhook_is_gone() {
            self.desk.webhooks.forget(self.home(), hook.id);
            self.as_bot = self.lost_hook;
            self.lost_hook = true;
            return true;
        }
        if refused.is_passing() || refused.channel_is_gone() {
            return false;
        }
        debug!(channel = %self.to.channel, %refused, "the webhook does not take this message");
        self.as_bot = true;
        true
    }

    async fn hook(&self) -> Option<Arc<Hook>> {
        if self.as_bot || self.to.guild.is_none() {
            return None;
        }
        match self.desk.webhooks.way(self.home()).await {
            Way::Hook(hook) => Some(hook),
            Way::Bot => None,
        }
    }

    fn home(&self) -> ChannelId {
        home(self.to)
    }
}

/// The channel whose webhook and whose pace a message has: of a thread, its parent.
pub(super) fn home(to: Destination) -> ChannelId {
    ChannelId::new(to.parent.unwrap_or(to.channel).get())
}
