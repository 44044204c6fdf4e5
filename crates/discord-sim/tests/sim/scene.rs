//! A bot with commands in a server, for the tests of interactions: a person's side over the Rust API, the bot's side over the
//! sockets.

use discord_sim::actor::{Channel, InteractionHandle, Person};
use discord_sim::{Sim, SimConfig};
use serde_json::{Value, json};

use crate::raw_bot::RawBot;

pub struct Scene {
    pub sim: Sim,
    pub bot: RawBot,
    pub general: Channel,
    pub ada: Person,
    pub owner: Person,
    pub webhook: String,
}

/// A bot with these global commands, in a server with one channel and one member.
pub async fn scene(commands: Value) -> Scene {
    let sim = Sim::start(SimConfig::default()).await.unwrap();
    let home = sim.add_guild("home");
    let general = home.add_channel("general");
    let ada = home.add_member("ada");
    let bot = RawBot::login(&sim).await;
    let application = sim.bot_id();
    let (status, body) = bot
        .call(
            "PUT",
            &format!("/applications/{application}/commands"),
            commands,
        )
        .await;
    assert_eq!(status, 200, "{body}");
    let webhook = format!("/webhooks/{application}");
    Scene {
        sim,
        bot,
        general,
        ada,
        owner: home.owner,
        webhook,
    }
}

pub fn ping() -> Value {
    json!([{"name": "ping", "description": "Answers"}])
}

pub fn persona() -> Value {
    json!([{
        "name": "persona", "description": "Personas", "options": [{
            "type": 2, "name": "deep", "description": "A group", "options": [{
                "type": 1, "name": "switch", "description": "Switch", "options": [
                    {"type": 3, "name": "name", "description": "Which", "required": true, "autocomplete": true},
                    {"type": 3, "name": "scope", "description": "Where", "choices": [
                        {"name": "for me", "value": "me"}, {"name": "this channel", "value": "channel"}]},
                    {"type": 4, "name": "count", "description": "How many", "min_value": 1, "max_value": 5},
                    {"type": 5, "name": "quiet", "description": "Quiet"},
                    {"type": 6, "name": "who", "description": "Whom"},
                ],
            }],
        }],
    }])
}

impl Scene {
    pub async fn invoked(&mut self) -> Value {
        self.bot.event("INTERACTION_CREATE").await
    }

    pub async fn ping(&mut self) -> (InteractionHandle, Value) {
        let handle = self.ada.bare_command(&self.general, "ping").unwrap();
        (handle, self.invoked().await)
    }
}
