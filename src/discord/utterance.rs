//! A persona's message while it is being written, as the generation loop sees it: the loop only leaves the newest text,
//! and a task of its own, the [`Writer`], does the rest.

use std::sync::Arc;

use companion::speaker::{Destination, SpeakError, Spoken, Utterance, Voice};
use futures_util::future::BoxFuture;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::speaker::Desk;
use super::writer::Writer;

/// What shall stand in the channel.
#[derive(Clone)]
pub(super) enum Wish {
    /// Nothing yet.
    Nothing,
    /// A text that will grow.
    Show(String),
    /// The final text.
    Finish(String),
    /// Nothing any more.
    Abandon,
}

impl Wish {
    /// Whether no other wish will follow.
    pub(super) fn is_last(&self) -> bool {
        matches!(self, Self::Finish(_) | Self::Abandon)
    }
}

/// A message that is being written. If it is dropped unfinished, it is taken back.
pub(super) struct Draft {
    wish: watch::Sender<Wish>,
    writer: JoinHandle<Spoken>,
}

impl Draft {
    /// Begins; nothing is posted yet, but the webhook and the face are looked for while the model thinks.
    pub(super) fn open(desk: &Arc<Desk>, to: Destination, voice: Voice) -> Self {
        let (wish, wishes) = watch::channel(Wish::Nothing);
        let writer = Writer::new(Arc::clone(desk), to, voice, wishes);
        Self {
            wish,
            writer: desk.tasks.spawn(writer.run()),
        }
    }
}

impl Utterance for Draft {
    fn show(&mut self, text: &str) {
        self.wish.send_replace(Wish::Show(text.to_owned()));
    }

    fn finish(self: Box<Self>, text: String) -> BoxFuture<'static, Spoken> {
        self.wish.send_replace(Wish::Finish(text));
        let interrupted = || SpeakError::Unavailable("I was interrupted".to_owned());
        // Also a caller that does not wait gets its text written: the writer goes on.
        Box::pin(async move {
            let written = self.writer.await;
            written.unwrap_or_else(|_| Err(interrupted().into()))
        })
    }

    fn abandon(self: Box<Self>) -> BoxFuture<'static, ()> {
        self.wish.send_replace(Wish::Abandon);
        Box::pin(async move { drop(self.writer.await) })
    }
}
