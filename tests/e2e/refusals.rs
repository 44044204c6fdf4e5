//! Discord refuses: what it means is known by its code, nothing is said twice or around a filter, and whoever gets no
//! answer gets one sign of it.

mod doubt;
mod known;
mod length;
mod limited;
mod token;
mod words;

use discord_sim::state::StoredMessage;
use serde_json::{Value, json};

use crate::world::World;

/// Discord's error body.
fn refusal(code: u32, message: &str) -> Value {
    json!({ "code": code, "message": message })
}

/// The reactions under the newest message of somebody who is no bot.
fn reactions(world: &World) -> Vec<String> {
    let messages = world.channel.messages();
    let asked = messages.iter().rfind(|message| !message.by_bot()).unwrap();
    asked.reactors.keys().cloned().collect()
}

fn texts(messages: &[StoredMessage]) -> Vec<&str> {
    messages.iter().map(StoredMessage::text).collect()
}

/// How often the bot asked something.
fn asked(world: &World, pattern: &str) -> usize {
    world.sim.requests_like(pattern).len()
}
