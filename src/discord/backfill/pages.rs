//! What was written in a channel behind a message, a page at a time.
//!
//! So much may have been written that not all of it is read. Then it is what stands behind the messages that were cut off,
//! and the newest: a hole in the middle is left out.

use std::time::Duration;

use serde_json::Value;
use store::id::{ChannelId, MessageId};
use tokio::time::{sleep, timeout};

use crate::discord::reading::{PAGE, Reader, message};
use crate::discord::rest::Refused;

/// Pages that are read of a channel.
const PAGES: usize = 10;
/// The longest that a page may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Pauses before a page is asked for again.
const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];

/// What was read of a channel, oldest first.
pub(super) struct Pages {
    pub(super) messages: Vec<Value>,
    /// What was left out.
    pub(super) hole: Option<Hole>,
}

/// The messages between two that were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hole {
    pub(super) behind: MessageId,
    pub(super) before: MessageId,
}

impl Hole {
    /// Whether a message would stand there.
    pub(super) fn has(self, message: MessageId) -> bool {
        self.behind < message && message < self.before
    }
}

/// Reads what was written behind a message: as far as `claimed`, the newest that was cut off, and the newest. `None` where
/// Discord does not tell.
pub(super) async fn read(
    reader: &Reader,
    channel: ChannelId,
    after: MessageId,
    claimed: Option<MessageId>,
) -> Option<Pages> {
    let (mut messages, mut behind, mut read) = (Vec::new(), after, 0);
    loop {
        let mut page = patiently(channel, || reader.fetch_after(channel, behind, PAGE)).await?;
        let is_last = page.len() < usize::from(PAGE);
        behind = page.last().and_then(message::number).unwrap_or(behind);
        messages.append(&mut page);
        read += 1;
        if is_last {
            return Some(Pages {
                messages,
                hole: None,
            });
        }
        if !goes_on(read, behind, claimed) {
            break;
        }
    }
    let mut newest = Vec::new();
    let mut before = None;
    for _ in read..PAGES {
        let mut page = patiently(channel, || reader.fetch_before(channel, before)).await?;
        page.sort_by_key(message::number);
        let has_met = page.len() < usize::from(PAGE)
            || page.first().and_then(message::number) <= Some(behind);
        page.retain(|one| message::number(one) > Some(behind));
        before = page.first().and_then(message::number).or(before);
        page.append(&mut newest);
        newest = page;
        if has_met {
            before = None;
            break;
        }
    }
    messages.append(&mut newest);
    let hole = before.map(|before| Hole { behind, before });
    Some(Pages { messages, hole })
}

/// Whether the next page forward is read, and not the newest: one page at least is left for these. Where something was cut
/// off, what was begun of its answer stands somewhere behind it, so that half of the pages go there.
fn goes_on(read: usize, behind: MessageId, claimed: Option<MessageId>) -> bool {
    let Some(claimed) = claimed else {
        return false;
    };
    read < PAGES / 2 || (behind < claimed && read < PAGES - 1)
}

async fn patiently<F>(channel: ChannelId, page: impl Fn() -> F) -> Option<Vec<Value>>
where
    F: Future<Output = Result<Vec<Value>, Refused>>,
{
    let mut pauses = PAUSES.iter();
    loop {
        match timeout(PATIENCE, page()).await {
            Ok(Ok(messages)) => return Some(messages),
            Ok(Err(error)) => {
                tracing::debug!(%error, %channel, "a channel could not be read");
                if !error.is_passing() {
                    return None;
                }
            }
            Err(_) => tracing::debug!(%channel, "a channel is read very slowly"),
        }
        sleep(*pauses.next()?).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_cut_off_is_read_as_far_as_it_goes_and_a_page_is_left_for_the_newest() {
        let pages = |claimed: Option<u64>| {
            let claimed = claimed.map(MessageId::from);
            // A hundred ids a page.
            let mut read = 1;
            while goes_on(read, (read as u64 * 100).into(), claimed) {
                read += 1;
            }
            read
        };
        assert_eq!(pages(None), 1);
        assert_eq!(pages(Some(50)), 5);
        assert_eq!(pages(Some(650)), 7);
        assert_eq!(pages(Some(5_000)), 9);
    }
}
