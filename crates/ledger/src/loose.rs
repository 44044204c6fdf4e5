//! Loose ends: holds that were dropped instead of settled.
//!
//! `Drop` cannot wait, so it hands the hold's number to a task, which closes the hold in the database. The channel has
//! no bound of its own; it never carries more than there are holds.

use store::id::HoldId;
use tokio::sync::{mpsc, oneshot};

/// A hold that nobody has any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LooseEnd {
    /// A caller had it and may have used it: post it in full.
    Post(HoldId),
    /// No caller ever had it: give it back.
    Void(HoldId),
}

/// What the task is told.
#[derive(Debug)]
pub(crate) enum Message {
    /// Close this hold.
    TieUp(LooseEnd),
    /// Answer when all that was said before is done.
    Drain(oneshot::Sender<()>),
}

/// The sending side, kept by every hold.
#[derive(Clone, Debug)]
pub(crate) struct LooseEnds(pub(crate) mpsc::UnboundedSender<Message>);

impl LooseEnds {
    /// Hands a hold over. Once the task is gone the hold stays open, and the next start posts it in full.
    pub(crate) fn tie_up(&self, end: LooseEnd) {
        let _ = self.0.send(Message::TieUp(end));
    }
}
