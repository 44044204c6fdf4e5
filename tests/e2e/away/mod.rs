//! What is written while the bot is away, or being killed, is heard as it would have been while it was there.

mod first;
mod many;
mod proxied;
mod shards;

use std::time::Duration;

use discord_sim::actor::Channel;
use discord_sim::state::StoredMessage;
use tokio::time::Instant;

use crate::world::{SOON, World};

/// Waits until the bot's side has said this.
async fn said(world: &World, channel: &Channel, words: &str) -> StoredMessage {
    let it_is = |message: &StoredMessage| message.by_bot() && message.text().contains(words);
    let said = world.sim.wait_for_message(channel, it_is, SOON).await;
    said.unwrap_or_else(|_| panic!("nobody said {words}\n{}", world.sim.transcript()))
}

/// How often the bot's side has said this.
fn times(world: &World, channel: &Channel, words: &str) -> usize {
    let spoken = world.spoken_in(channel);
    spoken.iter().filter(|m| m.text().contains(words)).count()
}

/// Waits until a message of this world is claimed.
async fn claimed(world: &World) {
    let store = familiar::setup::open_store(&world.config).await.unwrap();
    let began = Instant::now();
    while store
        .unanswered_since(chrono::DateTime::UNIX_EPOCH)
        .await
        .unwrap()
        .is_empty()
    {
        assert!(began.elapsed() < SOON, "{}", world.sim.transcript());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    store.close().await.unwrap();
}
