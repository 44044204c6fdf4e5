//! One message by one request: posted or changed, by the channel's webhook or as the bot's own account.

use std::sync::Arc;

use companion::speaker::Destination;
use serenity::model::id::ChannelId;

use super::remedy::{Tried, Via};
use super::{Writer, signature};
use crate::discord::edits::Urgency;
use crate::discord::outlet::{Mask, Posted};
use crate::discord::rest::Refused;
use crate::discord::webhook::{Hook, Way};

impl Writer {
    pub(super) async fn change(&mut self, text: &str, last: bool) -> Result<(), Refused> {
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

    pub(super) async fn post(
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
                let nonce = signature::reply_nonce(self.to, part, self.sendings);
                outlet.post_by_bot(self.to, part, nonce, text).await?
            }
        };
        if part == 0 {
            self.note_beginning(hook.is_some(), &posted);
        }
        self.desk.edits.sent(self.home());
        Ok(posted)
    }

    /// Counts a reply once, when its first words can be read.
    pub(super) fn note_beginning(&mut self, by_hook: bool, posted: &Posted) {
        if self.sendings == 0 && posted.found.is_none() {
            let figures = &self.desk.figures;
            figures.begun(self.to.reply_to, posted.id.get().into());
            if !by_hook && self.to.guild.is_some() {
                figures.fell_back();
            }
        }
        self.sendings += 1;
    }

    pub(super) async fn hook(&self) -> Option<Arc<Hook>> {
        if self.as_bot || self.to.guild.is_none() {
            return None;
        }
        match self.desk.webhooks.way(self.home()).await {
            Way::Hook(hook) => Some(hook),
            Way::Bot => None,
        }
    }

    pub(super) fn home(&self) -> ChannelId {
        home(self.to)
    }
}

pub(super) fn by(hook: &Option<Arc<Hook>>) -> Tried {
    Tried::Post(match hook {
        Some(_) => Via::Hook,
        None => Via::Bot,
    })
}

/// The channel whose webhook and whose pace a message has: of a thread, its parent.
pub(in crate::discord) fn home(to: Destination) -> ChannelId {
    ChannelId::new(to.parent.unwrap_or(to.channel).get())
}
