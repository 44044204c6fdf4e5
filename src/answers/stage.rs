//! A talk as it is played: the bot as it is, on a simulated Discord, with a model; a person says their lines one after the
//! other, and what they read and how long they wait is kept.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use companion::{Closed, Companion, House};
use discord_sim::actor::{Channel, Person};
use discord_sim::state::observed::Observed;
use discord_sim::{Sim, SimConfig};
use memory::{Consent, ScopeId};
use secrecy::SecretString;
use store::consolidations::Reading;
use tokio_util::sync::CancellationToken;

use super::relay::{Asked, Relay};
use super::script::Talk;
use crate::bot::{Bot, Connection};
use crate::config::{self, Budget, Config, Limit};
use crate::setup;

/// A bot that is not there by then never will be.
const COMING: Duration = Duration::from_secs(60);
/// A reply that takes longer than this is none.
const ANSWERING: Duration = Duration::from_secs(900);
/// What is read behind the last reply may take so long.
const READING: Duration = Duration::from_secs(1_800);
/// How often it is looked whether that has ended.
const LOOK: Duration = Duration::from_secs(2);

/// How a talk is played.
#[derive(Clone, Debug)]
pub struct Staging {
    /// The model that speaks.
    pub model: config::Model,
    /// Turns after which they are read into a summary and facts; 0 is never.
    pub consolidate_every: u32,
    /// Shares of the prompt.
    pub prompt: config::Prompt,
    /// Whether to listen to the model, by a relay before it.
    pub listens: bool,
}

/// A message and what came of it.
#[derive(Clone, Debug, Default)]
pub struct Exchange {
    /// What the person reads in the end, without small print.
    pub reply: String,
    /// The small print.
    pub small: String,
    /// Whether it is the persona's, and no line of the house because no model answered.
    pub is_answer: bool,
    /// Until the first words.
    pub first: Duration,
    /// Until it is whole.
    pub whole: Duration,
    /// What the model was asked for it.
    pub asked: Option<Asked>,
}

/// What a talk came to.
#[derive(Clone, Debug, Default)]
pub struct Played {
    /// One a turn of the script.
    pub exchanges: Vec<Exchange>,
    /// The facts that are known afterwards: about whom, and what.
    pub facts: Vec<(String, String)>,
    /// The summary afterwards.
    pub summary: String,
    /// How many of the exchanges were read for facts.
    pub read: usize,
}

/// A stage with a bot of its own.
pub struct Stage<'a> {
    /// The bot's inside. It is closed in the end.
    pub house: Arc<House>,
    /// What listens to its model.
    pub relay: Option<&'a Relay>,
    /// The talk ends where it is, with what was said so far.
    pub stop: CancellationToken,
}

/// Plays a talk with a bot of its own, on a database that is gone afterwards; `heard` is told of each exchange as it ends.
///
/// # Errors
/// If the bot does not start, or does not answer at all.
pub async fn play(
    talk: &Talk,
    staging: &Staging,
    heard: impl FnMut(usize, &Exchange),
) -> anyhow::Result<Played> {
    aside(async |data| {
        let relay = match staging.listens {
            true => Some(Relay::before(&staging.model.base_url).await?),
            false => None,
        };
        let config = configuration(talk, staging, data, relay.as_ref());
        let stage = Stage {
            house: setup::open_house(&config).await?,
            relay: relay.as_ref(),
            stop: CancellationToken::new(),
        };
        stage.play(talk, heard).await
    })
    .await
}

/// Works with a new folder, which is gone afterwards.
///
/// # Errors
/// Those of the work.
pub async fn aside<T>(work: impl AsyncFnOnce(&Path) -> anyhow::Result<T>) -> anyhow::Result<T> {
    let folder = std::env::temp_dir().join(format!("familiar-talk-{:016x}", fresh()));
    let done = work(&folder).await;
    // The system sweeps what is left of it.
    let _ = tokio::fs::remove_dir_all(&folder).await;
    done
}

impl Stage<'_> {
    /// Plays a talk on a simulated Discord; `heard` is told of each exchange as it ends. However it ends, the bot is stopped
    /// in order.
    ///
    /// # Errors
    /// If the bot does not start, or does not answer at all.
    pub async fn play(
        self,
        talk: &Talk,
        heard: impl FnMut(usize, &Exchange),
    ) -> anyhow::Result<Played> {
        let sim = Sim::start(SimConfig {
            rate_limits: false,
            ..SimConfig::default()
        })
        .await
        .context("the simulated Discord does not start")?;
        let discord = config::Discord {
            http_proxy: Some(sim.base_url()),
            gateway: Some(sim.gateway_url()),
            ..config::Discord::default()
        };
        let connection = Connection::new(&discord, &SecretString::from(sim.token()));
        let bot = Bot::start(Arc::clone(&self.house), connection).await?;
        let played = self.talk(talk, (&sim, bot.companion()), heard).await;
        bot.stop().await;
        played
    }

    async fn talk(
        &self,
        talk: &Talk,
        (sim, companion): (&Sim, &Companion),
        mut heard: impl FnMut(usize, &Exchange),
    ) -> anyhow::Result<Played> {
        let house = &self.house;
        let guild = sim.add_guild("home");
        let channel = guild.add_channel("porch");
        let person = guild.add_member(&talk.person);
        let consent = Consent {
            facts: true,
            sensitive: false,
        };
        let (user, now) = (person.id.get().into(), house.clock.now());
        house.store.set_consent(user, consent, now).await?;
        let scope = ScopeId {
            guild: Some(guild.id.get().into()),
            channel: channel.id.get().into(),
            persona: house
                .store
                .persona_by_slug(store::personas::Owner::Instance, &talk.persona)
                .await?
                .with_context(|| format!("there is no persona {}", talk.persona))?
                .id,
        };
        sim.wait_ready(COMING).await?;
        let mut played = Played::default();
        for (at, turn) in talk.turns.iter().enumerate() {
            let said = say((sim, house, companion), (&person, &channel), &turn.say);
            let Some(said) = self.stop.run_until_cancelled(said).await else {
                return Ok(played);
            };
            let mut exchange = said?;
            let asked = self.relay.map(Relay::take).unwrap_or_default();
            exchange.asked = asked.into_iter().rfind(|asked| !asked.in_schema);
            heard(at, &exchange);
            played.exchanges.push(exchange);
        }
        let reading = read_up(house, &scope);
        self.stop.run_until_cancelled(reading).await.transpose()?;
        let read = house.store.progress(&scope, Reading::Facts).await?.through;
        // A message and its reply are two turns.
        played.read = usize::try_from(read / 2).unwrap_or_default();
        let known = house.memory.known_to(&scope, user).await?;
        played.summary.clone_from(&known.summary);
        let facts = known.facts.iter();
        played.facts = facts
            .map(|fact| (fact.about_name.clone(), fact.text.clone()))
            .collect();
        Ok(played)
    }
}

/// Waits until as much is read into memory as is due, or nothing comes of it.
async fn read_up(house: &House, scope: &ScopeId) -> anyhow::Result<()> {
    let reading = async {
        while is_due(house, scope).await? {
            tokio::time::sleep(LOOK).await;
        }
        anyhow::Ok(())
    };
    match tokio::time::timeout(READING, reading).await {
        Ok(read) => read,
        Err(_) => {
            tracing::warn!("what was said is not read into memory after {READING:?}");
            Ok(())
        }
    }
}

/// Whether something is to be read that is not put off: that would be taken up with the next message, and none comes.
async fn is_due(house: &House, scope: &ScopeId) -> anyhow::Result<bool> {
    for reading in Reading::ALL {
        if companion::is_due(house, scope, reading).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Says something, and waits until it is answered.
async fn say(
    (sim, house, companion): (&Sim, &House, &Companion),
    (person, channel): (&Person, &Channel),
    text: &str,
) -> anyhow::Result<Exchange> {
    let mut closings = companion.closings();
    let mut seen = sim.observe();
    let begun = Instant::now();
    let mention = sim.bot_mention();
    let message = person.say(channel, &format!("{mention} {text}"))?;
    let mut first = None;
    let closing = Closed::of(message.get().into(), &mut closings);
    tokio::pin!(closing);
    let deadline = tokio::time::sleep(ANSWERING);
    tokio::pin!(deadline);
    let closed = loop {
        tokio::select! {
            closed = &mut closing => break closed.context("the bot ended by itself")?,
            observed = seen.recv() => {
                if let Ok(Observed::MessageCreated(new)) = observed
                    && new.message.channel_id == channel.id
                    && new.message.author.id != person.id
                {
                    first.get_or_insert(begun.elapsed());
                }
            }
            () = &mut deadline => anyhow::bail!("no answer to {text:?} after {ANSWERING:?}"),
        }
    };
    let whole = begun.elapsed();
    let first_shown = closed.answer.first();
    let shown_by = *first_shown.with_context(|| format!("no answer to {text:?}"))?;
    let answer: Vec<u64> = closed.answer.iter().map(|id| id.get()).collect();
    let shown = sim.messages(channel);
    let shown = shown
        .iter()
        .filter(|stored| answer.contains(&stored.message.id.get()));
    let texts: Vec<&str> = shown.map(|stored| stored.text()).collect();
    let (reply, small) = parted(&texts.join("\n"));
    Ok(Exchange {
        reply,
        small,
        is_answer: house.store.report(shown_by, None).await?.is_some(),
        first: first.unwrap_or(whole),
        whole,
        asked: None,
    })
}

/// What is said, and its small print.
fn parted(text: &str) -> (String, String) {
    let (mut said, mut small) = (vec![], vec![]);
    for line in text.lines() {
        match line.strip_prefix("-# ") {
            Some(print) => small.push(print),
            None => said.push(line),
        }
    }
    (said.join("\n"), small.join("\n"))
}

/// A number that no other run has.
fn fresh() -> u64 {
    use std::hash::{BuildHasher as _, Hasher as _, RandomState};
    RandomState::new().build_hasher().finish()
}

fn configuration(talk: &Talk, staging: &Staging, data: &Path, relay: Option<&Relay>) -> Config {
    let mut config = Config::default();
    let mut model = staging.model.clone();
    if let Some(relay) = relay {
        relay.base_url().clone_into(&mut model.base_url);
    }
    data.clone_into(&mut config.instance.data);
    "a measurement".clone_into(&mut config.instance.operator);
    config.instance.default_persona.clone_from(&talk.persona);
    config.model = Some(model);
    config.cheaper_model = None;
    config.prompt = staging.prompt;
    config.memory.consolidate_every = staging.consolidate_every;
    config.rate.pause_ms = 0;
    config.rate.member_per_minute = 100_000;
    config.rate.channel_per_minute = 100_000;
    config.rate.guild_per_minute = 100_000;
    config.budget = unlimited();
    config
}

/// A talk is no matter of budgets.
fn unlimited() -> Budget {
    let none = Limit::default();
    Budget {
        instance_day: none,
        instance_month: none,
        guild_day: none,
        guild_month: none,
        member_day: none,
        member_month: none,
        ..Budget::default()
    }
}
