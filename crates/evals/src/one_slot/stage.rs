//! The bot, its people, and the endpoint with one slot.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use companion::{Closed, House};
use discord_sim::actor::{Channel, Guild, Person};
use discord_sim::{Sim, SimConfig};
use familiar::bot::{Bot, Connection};
use familiar::config::Config;
use familiar::setup;
use futures_util::future::try_join_all;
use ledger::{Period, Scope, Spender};
use model_sim::{ModelSim, Prompt, Reply, Stay};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use secrecy::SecretString;
use serde_json::Value;
use store::consolidations::Reading;
use store::id::ScopeId;
use store::personas::Owner;
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use super::Args;

/// What replies are sampled with, and nothing else: so the two are told apart on the wire.
const OF_REPLIES: f64 = 0.75;
const COMING: Duration = Duration::from_secs(30);
/// A reply that is not there by then does not come.
const ANSWERING: Duration = Duration::from_secs(60);
/// What is not read up by then, with nobody writing any more, never will be.
const READING_UP: Duration = Duration::from_secs(600);
/// Messages that everybody writes before all rest.
const BETWEEN_RESTS: usize = 15;
const REST: Duration = Duration::from_millis(3_500);
/// The longest pause of one person between an answer and their next message, in milliseconds; most are shorter.
const LONGEST_PAUSE: f64 = 1_800.0;

/// Whether a request asks for a reply.
pub fn is_reply(body: &Value) -> bool {
    body["temperature"] == OF_REPLIES
}

/// The stage.
pub struct Stage {
    model: ModelSim,
    house: Arc<House>,
    bot: Bot,
    sim: Sim,
    guild: Guild,
    talkers: Vec<Talker>,
    _data: TempDir,
}

struct Talker {
    person: Person,
    channel: Channel,
    /// Whether the bot has to be called by its name.
    calls: bool,
}

/// How far the scopes were read.
pub struct Scopes {
    pub all: usize,
    pub read_up: usize,
    pub lines: i64,
    pub read: i64,
    pub failures: i64,
}

/// What the endpoint's meter says, and the ledger.
pub struct Books {
    pub billed: i64,
    pub posted: i64,
    pub pending: i64,
    pub differences: usize,
}

impl Books {
    /// Whether nothing is missing in the ledger.
    pub fn are_true(&self) -> bool {
        self.posted >= self.billed && self.pending == 0 && self.differences == 0
    }
}

impl Stage {
    /// Builds it.
    pub async fn build(args: &Args) -> anyhow::Result<Self> {
        let discord = SimConfig {
            rate_limits: false,
            ..SimConfig::default()
        };
        let sim = Sim::start(discord)
            .await
            .context("the simulated Discord does not start")?;
        let model = ModelSim::start().await;
        model.have_slots(1);
        let (reply, reading) = (args.reply, args.reading);
        model.always(move |prompt| answer(prompt, reply, reading));
        let data = tempfile::tempdir().context("no folder for the bot's data can be made")?;
        let text = configuration(data.path(), &sim, &model.openai_url(), args);
        let config = Config::parse(&text).map_err(anyhow::Error::msg)?;
        let house = setup::open_house(&config).await?;
        let guild = sim.add_guild("home");
        let connection = Connection::new(&config.discord, &SecretString::from(sim.token()));
        let bot = Bot::start(Arc::clone(&house), connection).await?;
        sim.wait_ready(COMING).await?;
        sim.wait_for_commands(COMING).await?;
        let talkers = (0..args.channels.max(1)).map(|n| {
            let person = guild.add_member(&format!("person{n}"));
            let calls = n + 1 < args.channels || n == 0;
            let channel = match calls {
                true => guild.add_channel(format!("room-{n}").as_str()),
                false => person.dm_channel().context("no direct messages")?,
            };
            Ok(Talker {
                person,
                channel,
                calls,
            })
        });
        let talkers = talkers.collect::<anyhow::Result<_>>()?;
        Ok(Self {
            model,
            house,
            bot,
            sim,
            guild,
            talkers,
            _data: data,
        })
    }

    /// Everybody talks; how many messages were answered.
    pub async fn talk(&self, args: &Args) -> anyhow::Result<usize> {
        let mut left = args.turns;
        let mut answered = 0;
        let mut round = 0;
        while left > 0 {
            let turns = |n: usize| BETWEEN_RESTS.min(left.saturating_sub(n * BETWEEN_RESTS));
            let talks = self.talkers.iter().enumerate().map(|(n, talker)| {
                let seed = args.seed.wrapping_mul(1_000_003) + (round * 100 + n) as u64;
                self.monologue(talker, turns(n), StdRng::seed_from_u64(seed))
            });
            answered += try_join_all(talks).await?.into_iter().sum::<usize>();
            left = left.saturating_sub(self.talkers.len() * BETWEEN_RESTS);
            round += 1;
            sleep(REST).await;
        }
        Ok(answered)
    }

    /// One person writes, reads the answer, thinks for a while and writes again.
    async fn monologue(
        &self,
        talker: &Talker,
        turns: usize,
        mut random: StdRng,
    ) -> anyhow::Result<usize> {
        let mut answered = 0;
        for _ in 0..turns {
            // Squared: many short pauses and few long ones.
            let pause = LONGEST_PAUSE * random.random::<f64>().powi(2);
            sleep(Duration::from_secs_f64(pause / 1_000.0)).await;
            let what = ["ferry", "harbour", "kettle", "orchard", "violin"];
            let what = what[random.random_range(0..what.len())];
            let line = format!(
                "I saw the {what} again, number {}",
                random.random_range(0..10_000)
            );
            answered += usize::from(self.ask(talker, &line).await?);
        }
        Ok(answered)
    }

    async fn ask(&self, talker: &Talker, line: &str) -> anyhow::Result<bool> {
        let mut closings = self.bot.companion().closings();
        let text = match talker.calls {
            true => format!("{} {line}", self.sim.bot_mention()),
            false => line.to_owned(),
        };
        let message = talker
            .person
            .say(&talker.channel, &text)
            .context("a person could not write")?;
        let closed = Closed::of(message.get().into(), &mut closings);
        let closed = timeout(ANSWERING, closed)
            .await
            .with_context(|| format!("no answer to {line:?} after {ANSWERING:?}"))?
            .context("the bot ended by itself")?;
        Ok(!closed.answer.is_empty())
    }

    /// Waits until every channel's talk is read up, or never will be.
    pub async fn all_read(&self, every: u32) -> anyhow::Result<Scopes> {
        let reading = async {
            loop {
                let scopes = self.scopes(every).await?;
                if scopes.read_up == scopes.all {
                    return anyhow::Ok(scopes);
                }
                sleep(Duration::from_millis(200)).await;
            }
        };
        match timeout(READING_UP, reading).await {
            Ok(scopes) => scopes,
            Err(_) => self.scopes(every).await,
        }
    }

    async fn scopes(&self, every: u32) -> anyhow::Result<Scopes> {
        let store = &self.house.store;
        let persona = store.persona_by_slug(Owner::Instance, "orla").await?;
        let persona = persona.context("the persona is not there")?.id;
        let mut scopes = Scopes {
            all: self.talkers.len(),
            read_up: 0,
            lines: 0,
            read: 0,
            failures: 0,
        };
        let guild = Some(self.guild.id.get().into());
        for talker in &self.talkers {
            let scope = ScopeId {
                guild: guild.filter(|_| talker.calls),
                channel: talker.channel.id.get().into(),
                persona,
            };
            let (lines, progress) = (
                store.newest_number(&scope).await?,
                store.progress(&scope, Reading::Summary).await?,
            );
            scopes.lines += lines;
            scopes.read += progress.through;
            scopes.failures += progress.failures;
            let up = lines > 0 && lines - progress.through < i64::from(every);
            scopes.read_up += usize::from(up);
        }
        Ok(scopes)
    }

    /// What the endpoint saw.
    pub fn stays(&self) -> Vec<Stay> {
        self.model.stays()
    }

    /// What was billed, and posted today in the whole instance.
    pub async fn books(&self) -> anyhow::Result<Books> {
        let ledger = &self.house.ledger;
        let view = ledger.view(&Spender::operator()).await?;
        let mut windows = view.windows.iter();
        let instance = windows
            .find(|window| window.scope == Scope::Instance && window.period == Period::Day)
            .context("the instance has no window")?;
        let billed: u64 = self
            .model
            .bills()
            .iter()
            .map(|bill| bill.input + bill.output)
            .sum();
        Ok(Books {
            billed: i64::try_from(billed)?,
            posted: instance.tokens.posted,
            pending: instance.tokens.pending,
            differences: ledger.verify().await?.len(),
        })
    }

    /// Stops the bot in order.
    pub async fn end(self) {
        self.bot.stop().await;
    }
}

/// A reply, or what a reading comes to.
fn answer(prompt: &Prompt, reply: u64, reading: u64) -> Reply {
    match is_reply(&prompt.body) {
        true => Reply::text("A fresh breeze today, and the kettle is on.")
            .over(Duration::from_millis(reply)),
        false => Reply::text(r#"{"summary": "They saw the ferry and the harbour.", "facts": []}"#)
            .after(Duration::from_millis(reading)),
    }
}

/// The defaults of `familiar.example.toml`, at the addresses of this measurement, with room in its paces and limits.
fn configuration(data: &std::path::Path, sim: &Sim, endpoint: &str, args: &Args) -> String {
    let of_whom = match args.hosted {
        true => "price = { input = 0.001, output = 0.001 }",
        false => "local = true",
    };
    format!(
        "[instance]\ndata = {data:?}\noperator = \"a measurement\"\n\n\
         [discord]\nhttp_proxy = \"{}\"\ngateway = \"{}\"\n\n\
         [model]\nprovider = \"measured\"\nmodel = \"slow\"\nbase_url = \"{endpoint}\"\ncontext_window = 8192\n\
         max_output = 1000\ncap = 120\ncaps_certified = true\nplain_replies = true\ntemperature = {OF_REPLIES}\n{of_whom}\n\n\
         [model.sampling]\ndefaults = \"none\"\n\n\
         [budget]\nmember_share_percent = 100\nbackground_stops_below = 0\nshort_replies_below = 0\n\
         instance_day = {{ tokens = 1_000_000_000_000 }}\ninstance_month = {{ tokens = 1_000_000_000_000 }}\n\
         guild_day = {{ tokens = 1_000_000_000_000 }}\nguild_month = {{ tokens = 1_000_000_000_000 }}\n\n\
         [rate]\nmember_per_minute = 100_000\nchannel_per_minute = 100_000\nguild_per_minute = 100_000\npause_ms = 20\n\n\
         [memory]\nconsolidate_every = {}\nkeep_days = 0\n",
        sim.base_url(),
        sim.gateway_url(),
        args.every,
    )
}
