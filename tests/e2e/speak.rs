//! Personas speak: what stands in the channel after what went right or wrong on the way.

#![allow(
    clippy::unwrap_used,
    reason = "an arrangement that fails is a failed test"
)]

mod fallback;
mod loss;
mod stream;
mod voice;

use std::sync::Arc;
use std::time::Duration;

use companion::speaker::{Destination, SpeakError, Speaker, Spoken, Utterance, Voice};
use discord_sim::actor::{Channel, Guild, Person};
use discord_sim::state::StoredMessage;
use discord_sim::{Sim, SimConfig};
use familiar::discord::speaker::DiscordSpeaker;
use serenity::http::HttpBuilder;
use serenity::model::id::ApplicationId;
use store::id::{ChannelId, GuildId, MessageId, PersonaId};
use tokio_util::sync::CancellationToken;

/// Long enough for a slow machine; nothing here takes that long.
const SOON: Duration = Duration::from_secs(10);

/// A server with a channel, somebody who writes there, and the bot's voice. There is no gateway: speaking needs none.
struct Stage {
    sim: Sim,
    guild: Guild,
    channel: Channel,
    ada: Person,
    speaker: DiscordSpeaker,
    stop: CancellationToken,
}

impl Stage {
    async fn new() -> Self {
        // Limits are met on order, so that no test waits for a bucket by chance.
        let sim = Sim::start(SimConfig {
            rate_limits: false,
            ..SimConfig::default()
        })
        .await
        .unwrap();
        let guild = sim.add_guild("home");
        let channel = guild.add_channel("general");
        let ada = guild.add_member("ada");
        let stop = CancellationToken::new();
        let speaker = speaker(&sim, &stop);
        Self {
            sim,
            guild,
            channel,
            ada,
            speaker,
            stop,
        }
    }

    /// Ada writes something that is to be answered.
    fn asked_in(&self, channel: &Channel) -> Destination {
        let reply_to = self.ada.say(channel, "hello?").unwrap();
        Destination {
            guild: Some(GuildId::from(self.guild.id.get())),
            channel: ChannelId::from(channel.id.get()),
            parent: None,
            reply_to: MessageId::from(reply_to.get()),
            again: 0,
        }
    }

    fn asked(&self) -> Destination {
        self.asked_in(&self.channel)
    }

    fn open(&self, to: Destination) -> Box<dyn Utterance> {
        self.speaker.open(to, mia())
    }

    async fn say(&self, to: Destination, text: &str) -> Spoken {
        self.open(to).finish(text.to_owned()).await
    }

    /// What the bot's side has in the channel, oldest first.
    fn spoken(&self) -> Vec<StoredMessage> {
        spoken_in(&self.channel)
    }

    fn texts(&self) -> Vec<String> {
        self.spoken().iter().map(|m| m.text().to_owned()).collect()
    }

    /// How often the bot asked something.
    fn asked_discord(&self, pattern: &str) -> usize {
        self.sim.requests_like(pattern).len()
    }

    async fn first_message(&self) -> StoredMessage {
        self.sim
            .wait_for_message(&self.channel, StoredMessage::by_bot, SOON)
            .await
            .unwrap()
    }
}

/// The voice of another process of the same bot.
fn speaker(sim: &Sim, stop: &CancellationToken) -> DiscordSpeaker {
    let http = HttpBuilder::new(sim.token())
        .application_id(ApplicationId::new(sim.bot_id().get()))
        .proxy(sim.base_url())
        .ratelimiter_disabled(true)
        .build();
    DiscordSpeaker::new(Arc::new(http), reqwest::Client::new(), stop.clone())
}

fn mia() -> Voice {
    Voice {
        persona: PersonaId(1),
        slug: "mia".to_owned(),
        name: "Mia".to_owned(),
        avatar: None,
    }
}

fn spoken_in(channel: &Channel) -> Vec<StoredMessage> {
    channel
        .messages()
        .into_iter()
        .filter(StoredMessage::by_bot)
        .collect()
}

fn ids(messages: &[StoredMessage]) -> Vec<MessageId> {
    messages
        .iter()
        .map(|m| MessageId::from(m.message.id.get()))
        .collect()
}
