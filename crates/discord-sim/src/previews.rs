//! When the previews of links come: Discord fetches the pages after it has told of the message.

use std::sync::{Arc, Weak};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Instant, sleep_until};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker};

use crate::Hub;

/// One message that is to get its previews.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// Where it is.
    pub channel: Id<ChannelMarker>,
    /// Which it is.
    pub message: Id<MessageMarker>,
    /// When they come.
    pub due: Instant,
}

/// Takes orders from now on. The task ends with the hub.
pub fn begin(hub: &Arc<Hub>) -> tokio::task::JoinHandle<()> {
    let (orders, inbox) = unbounded_channel();
    hub.world().previews = Some(orders);
    tokio::spawn(deliver(Arc::downgrade(hub), inbox))
}

async fn deliver(hub: Weak<Hub>, mut inbox: UnboundedReceiver<Order>) {
    while let Some(order) = inbox.recv().await {
        sleep_until(order.due).await;
        let Some(hub) = hub.upgrade() else { return };
        // A message that was deleted meanwhile needs no preview.
        let _ = hub.world().add_previews(order.channel, order.message);
    }
}
