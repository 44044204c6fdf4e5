//! A server with many channels, each with a person who writes there, on a simulated Discord before a simulated model.

use std::collections::HashSet;
use std::time::Duration;

use anyhow::Context as _;
use discord_sim::actor::{Channel, Person};
use discord_sim::state::{Observed, StoredMessage};
use discord_sim::{Sim, SimConfig};
use model_sim::{ModelSim, Reply};
use tokio::sync::broadcast::error::RecvError;

/// How long the model streams.
pub const STREAMING: Duration = Duration::from_millis(800);
/// Every reply ends with this, so that a finished one is known.
const LAST_WORDS: &str = "Now tell me of yours.";
/// Channels of a server; Discord allows no more than 500.
const CHANNELS_PER_SERVER: usize = 500;
const CONNECTING: Duration = Duration::from_secs(30);

/// The simulators and the people.
pub struct Town {
    sim: Sim,
    model: ModelSim,
    places: Vec<(Channel, Person)>,
}

/// What happened in one channel.
#[derive(Clone, Copy, Debug)]
pub struct Answered {
    /// From the message to the first words that can be read.
    pub first: Duration,
    /// From the message to the finished reply.
    pub last: Duration,
}

impl Town {
    /// Builds it. `rate_limits` says whether Discord's rate limits are enforced.
    pub async fn build(channels: usize, rate_limits: bool) -> anyhow::Result<Self> {
        let config = SimConfig {
            rate_limits,
            ..SimConfig::default()
        };
        let sim = Sim::start(config)
            .await
            .context("the simulated Discord does not start")?;
        let model = ModelSim::start().await;
        model.always(|prompt| {
            let heard = prompt.last_user().chars().take(40).collect::<String>();
            Reply::text(reply(&heard)).over(STREAMING)
        });
        let mut places = Vec::with_capacity(channels);
        let mut server = None;
        for n in 0..channels {
            if n % CHANNELS_PER_SERVER == 0 {
                server = Some(sim.add_guild(&format!("server {n}")));
            }
            if let Some(server) = &server {
                let channel = server.add_channel(format!("room-{n}").as_str());
                places.push((channel, server.add_member(&format!("person{n}"))));
            }
        }
        Ok(Self { sim, model, places })
    }

    /// Where the bot finds Discord.
    pub fn discord(&self) -> &Sim {
        &self.sim
    }

    /// Where the bot finds its model.
    pub fn model_url(&self) -> String {
        self.model.openai_url()
    }

    /// How many pieces a reply comes in.
    pub fn pieces() -> usize {
        reply("").split_inclusive(' ').count()
    }

    /// Waits until the bot is there.
    pub async fn bot_is_there(&self) -> anyhow::Result<()> {
        self.sim.wait_ready(CONNECTING).await?;
        self.sim.wait_for_commands(CONNECTING).await?;
        Ok(())
    }

    /// Everybody writes at once; waits until everybody has the whole reply.
    pub async fn burst(&self, round: usize, patience: Duration) -> anyhow::Result<Vec<Answered>> {
        let mut news = self.sim.observe();
        let asked = self.sim.requests().len();
        let mut sent = Vec::with_capacity(self.places.len());
        for (n, (channel, person)) in self.places.iter().enumerate() {
            let text = format!(
                "{} evening {round}: what does window {n} look out on?",
                self.sim.bot_mention()
            );
            sent.push(
                person
                    .say(channel, &text)
                    .context("a person could not write")?,
            );
        }
        let mut waiting: HashSet<_> = self.places.iter().map(|(channel, _)| channel.id).collect();
        let watching = async {
            while !waiting.is_empty() {
                match news.recv().await {
                    Ok(Observed::MessageCreated(seen) | Observed::MessageEdited(seen)) => {
                        if seen.message.author.bot && seen.message.content.contains(LAST_WORDS) {
                            waiting.remove(&seen.message.channel_id);
                        }
                    }
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => break,
                }
            }
        };
        let in_time = tokio::time::timeout(patience, watching).await.is_ok();
        let requests = self.sim.requests().len() - asked;
        anyhow::ensure!(
            in_time,
            "{} of {} channels have no finished reply after {patience:?} ({requests} requests came)",
            waiting.len(),
            self.places.len(),
        );
        self.places
            .iter()
            .zip(sent)
            .map(|((channel, _), id)| {
                let messages = channel.messages();
                let asked = messages
                    .iter()
                    .position(|stored| stored.message.id == id)
                    .context("a message is gone")?;
                let (message, after) = messages[asked..]
                    .split_first()
                    .context("a message is gone")?;
                answered(message, after).context("a reply is gone")
            })
            .collect()
    }
}

/// Read from the server's own clock, when each text was there.
fn answered(message: &StoredMessage, after: &[StoredMessage]) -> Option<Answered> {
    let sent = message.message.timestamp.as_micros();
    let since =
        |micros: i64| Duration::from_micros(u64::try_from(micros - sent).unwrap_or_default());
    let seen = after
        .iter()
        .filter(|stored| stored.by_bot())
        .flat_map(|stored| &stored.revisions);
    let first = seen.clone().map(|revision| revision.at.as_micros()).min()?;
    let whole = seen.filter(|revision| revision.content.contains(LAST_WORDS));
    let last = whole.map(|revision| revision.at.as_micros()).min()?;
    Some(Answered {
        first: since(first),
        last: since(last),
    })
}

/// A reply as long as companions' replies commonly are, with the marks that output cleaning must look at.
fn reply(heard: &str) -> String {
    format!(
        "*puts the kettle on* You said \"{heard}\", and I keep thinking about it. There is a harbour below my window; \
         the boats come in late, one lamp after another, and somebody on the pier always sings a little too loud. \
         I would not trade it for a quieter street. **Some** evenings the fog takes the whole town away, and then \
         only the bell is left, and I count with it until I fall asleep. {LAST_WORDS}"
    )
}
