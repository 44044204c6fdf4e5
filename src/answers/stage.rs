//! A talk as it is played: the bot as it is, on a simulated Discord, with a model; a person says their lines one after the
//! other, and what they read and how long they wait is kept.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use companion::{Closed, Companion};
use discord_sim::actor::{Channel, Person};
use discord_sim::state::observed::Observed;
use discord_sim::{Sim, SimConfig};
use memory::{Consent, ScopeId};
use secrecy::SecretString;
use store::clock::{Clock as _, SystemClock};
use store::consolidations::Reading;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

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
}

/// Plays a talk; `heard` is told of each exchange as it ends.
///
/// # Errors
/// If the bot does not start, or does not answer at all.
pub async fn play(
    talk: &Talk,
    staging: &Staging,
    mut heard: impl FnMut(usize, &Exchange),
) -> anyhow::Result<Played> {
    let sim = Sim::start(SimConfig {
        rate_limits: false,
        ..SimConfig::default()
    })
    .await
    .context("the simulated Discord does not start")?;
    let data = std::env::temp_dir().join(format!("familiar-talk-{:016x}", fresh()));
    let relay = match staging.listens {
        true => Some(Relay::before(&staging.model.base_url).await?),
        false => None,
    };
    let config = configuration(talk, staging, &sim, &data, relay.as_ref());
    let house = setup::open_house(&config).await?;
    let guild = sim.add_guild("home");
    let channel = guild.add_channel("porch");
    let person = guild.add_member(&talk.person);
    let consent = Consent {
        facts: true,
        sensitive: false,
    };
    let now = SystemClock.now();
    house
        .store
        .set_consent(person.id.get().into(), consent, now)
        .await?;
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
    let connection = Connection::new(&config.discord, &SecretString::from(sim.token()));
    let bot = Bot::start(std::sync::Arc::clone(&house), connection).await?;
    sim.wait_ready(COMING).await?;
    let mut played = Played::default();
    for (at, turn) in talk.turns.iter().enumerate() {
        let mut exchange = say(&sim, bot.companion(), (&person, &channel), &turn.say).await?;
        let asked = relay.as_ref().map(Relay::take).unwrap_or_default();
        exchange.asked = asked.into_iter().rfind(|asked| !asked.in_schema);
        heard(at, &exchange);
        played.exchanges.push(exchange);
    }
    if staging.consolidate_every > 0 {
        read_up(&house, &scope, staging.consolidate_every).await?;
    }
    let known = house
        .memory
        .known_to(&scope, person.id.get().into())
        .await?;
    played.summary.clone_from(&known.summary);
    let facts = known.facts.iter();
    played.facts = facts
        .map(|fact| (fact.about_name.clone(), fact.text.clone()))
        .collect();
    bot.stop().await;
    house.store.close().await?;
    // The system sweeps what is left of it.
    let _ = tokio::fs::remove_dir_all(&data).await;
    Ok(played)
}

/// Waits until as much is read as is due.
async fn read_up(house: &companion::House, scope: &ScopeId, every: u32) -> anyhow::Result<()> {
    let reading = async {
        loop {
            let newest = house.store.newest_number(scope).await?;
            let mut through = newest;
            for reading in Reading::ALL {
                through = through.min(house.store.progress(scope, reading).await?.through);
            }
            if newest - through < i64::from(every) {
                return anyhow::Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    match tokio::time::timeout(READING, reading).await {
        Ok(read) => read,
        Err(_) => {
            tracing::warn!("what was said is not read into memory after {READING:?}");
            Ok(())
        }
    }
}

async fn say(
    sim: &Sim,
    companion: &Companion,
    (person, channel): (&Person, &Channel),
    text: &str,
) -> anyhow::Result<Exchange> {
    let mut closings = companion.closings();
    let mut seen = sim.observe();
    let begun = Instant::now();
    let mention = sim.bot_mention();
    let message = person.say(channel, &format!("{mention} {text}"))?;
    let mut first = None;
    let closing = closing(&mut closings, message.get());
    tokio::pin!(closing);
    let deadline = tokio::time::sleep(ANSWERING);
    tokio::pin!(deadline);
    let closed = loop {
        tokio::select! {
            closed = &mut closing => break closed?,
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
    ensure!(!closed.answer.is_empty(), "no answer to {text:?}");
    let answer: Vec<u64> = closed.answer.iter().map(|id| id.get()).collect();
    let shown = sim.messages(channel);
    let shown = shown
        .iter()
        .filter(|stored| answer.contains(&stored.message.id.get()));
    let texts: Vec<&str> = shown.map(|stored| stored.text()).collect();
    Ok(Exchange {
        reply: without_small_print(&texts.join("\n")),
        first: first.unwrap_or(whole),
        whole,
        asked: None,
    })
}

fn without_small_print(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("-# "));
    lines.collect::<Vec<_>>().join("\n")
}

async fn closing(
    closings: &mut broadcast::Receiver<Closed>,
    message: u64,
) -> anyhow::Result<Closed> {
    loop {
        match closings.recv().await {
            Ok(closed) if closed.message.get() == message => return Ok(closed),
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => anyhow::bail!("the bot ended by itself"),
        }
    }
}

/// A number that no other run has.
fn fresh() -> u64 {
    use std::hash::{BuildHasher as _, Hasher as _, RandomState};
    RandomState::new().build_hasher().finish()
}

fn configuration(
    talk: &Talk,
    staging: &Staging,
    sim: &Sim,
    data: &std::path::Path,
    relay: Option<&Relay>,
) -> Config {
    let mut config = Config::default();
    let mut model = staging.model.clone();
    if let Some(relay) = relay {
        relay.base_url().clone_into(&mut model.base_url);
    }
    data.clone_into(&mut config.instance.data);
    "a measurement".clone_into(&mut config.instance.operator);
    config.instance.default_persona.clone_from(&talk.persona);
    config.discord.http_proxy = Some(sim.base_url());
    config.discord.gateway = Some(sim.gateway_url());
    config.discord.message_content = true;
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
