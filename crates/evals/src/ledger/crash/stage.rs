//! Where the killing takes place: a simulated Discord, a provider that bills everything, and a bot on its data.
//!
//! A guild's budget is small and soon used up; then the talk moves to the next guild.

use std::fs::OpenOptions;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use anyhow::Context as _;
use discord_sim::actor::{Channel, Guild, Person};
use discord_sim::state::{Observed, StoredMessage};
use discord_sim::{Sim, SimConfig};
use familiar::config::Config;
use familiar::setup;
use ledger::{Ledger, PicoUsd};
use model_sim::{Chunks, Prompt};
use store::Store;
use tempfile::TempDir;
use tokio::time::Instant;

use super::process::Bot;
use crate::ledger::mishaps::{Bills, Mishaps};
use crate::ledger::till::{Tariff, Till};

/// What a guild may spend in a day, and in a month.
pub const LIMIT: PicoUsd = PicoUsd(40_000_000_000);
/// How long the model streams.
pub const STREAMING: Duration = Duration::from_millis(120);
/// A bot that is not there by then never will be.
const COMING: Duration = Duration::from_secs(30);

/// How long Discord takes for what the bot's personas say and for what it reads. On this machine it would take next to
/// nothing, and no two answers would ever be under way.
const SLOW: Duration = Duration::from_millis(60);
/// How long a message waits before its turn.
pub const PAUSE: Duration = Duration::from_millis(100);

/// The stage.
pub struct Stage {
    /// The simulated Discord.
    pub sim: Sim,
    /// The provider.
    pub till: Till,
    /// The bot's database, opened beside it.
    pub store: Store,
    /// Its ledger, likewise. It only looks.
    pub ledger: Ledger,
    folder: TempDir,
    config: PathBuf,
    rooms: Mutex<usize>,
}

/// A guild with one channel and several people.
pub struct Room {
    /// Its number, by which the provider knows whom it bills.
    pub number: usize,
    /// The guild.
    pub guild: Guild,
    /// The channel.
    pub channel: Channel,
    /// The people.
    pub people: Vec<Person>,
}

impl Stage {
    /// Builds it, without a bot. Of a hundred answers of the provider, so many are errors, billed like this.
    pub async fn build(errors: u8, bills: Bills) -> anyhow::Result<Self> {
        let discord = SimConfig {
            rate_limits: false,
            ..SimConfig::default()
        };
        let sim = Sim::start(discord)
            .await
            .context("the simulated Discord does not start")?;
        sim.delay("* /webhooks/**", SLOW);
        sim.delay("GET /channels/*/messages", SLOW);
        let tariff = Tariff {
            input: 1_000_000,
            output: 2_000_000,
        };
        let mishaps = Mishaps::new(errors, bills);
        let till = Till::open(tariff, mishaps, named("guild"), reply, |reply| {
            reply.chunks(Chunks::Words).over(STREAMING)
        })
        .await;
        let folder = tempfile::tempdir().context("no folder for the bot's data can be made")?;
        let config = folder.path().join("familiar.toml");
        std::fs::write(&config, configuration(&folder, &sim, &till, bills))
            .context("the bot's configuration cannot be written")?;
        let settings = Config::load(&config)?;
        let store = setup::open_store(&settings).await?;
        let ledger = setup::open_ledger(&settings, &store).await?;
        Ok(Self {
            sim,
            till,
            store,
            ledger,
            folder,
            config,
            rooms: Mutex::new(0),
        })
    }

    /// A guild that has spent nothing yet, with so many people.
    pub fn room(&self, people: usize) -> Room {
        let mut rooms = self
            .rooms
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        *rooms += 1;
        let guild = self.sim.add_guild(&format!("guild {rooms}"));
        Room {
            number: *rooms,
            channel: guild.add_channel("harbour"),
            people: (1..=people)
                .map(|n| guild.add_member(&format!("person {n}")))
                .collect(),
            guild,
        }
    }

    /// Starts a bot; returns when it is connected, with the time that took.
    pub async fn bot(&self) -> anyhow::Result<(Bot, Duration)> {
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.path().join("log"))
            .context("the bot's log cannot be written")?;
        let mut news = self.sim.observe();
        let began = Instant::now();
        let mut bot = Bot::start(&self.config, &self.sim.token(), log)?;
        let there = async {
            loop {
                match news.recv().await {
                    Ok(Observed::SessionReady { .. }) => return,
                    Ok(_) | Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => {}
                    Err(_) => std::future::pending().await,
                }
            }
        };
        let came = tokio::time::timeout(COMING, there).await.is_ok();
        anyhow::ensure!(
            came && bot.lives()?,
            "the bot does not come; it logged:\n{}",
            self.log()
        );
        Ok((bot, began.elapsed()))
    }

    /// Whether the provider has answered a message by an error, once at least.
    pub fn failed(&self, number: usize) -> bool {
        self.till.failed_at(&format!("number {number} ?"))
    }

    /// What all bots have logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// The first people of a room say a message each, in the same moment; the first of them is the `number`th.
    pub fn say(&self, room: &Room, number: usize, people: usize) -> anyhow::Result<Asked> {
        let mut messages = Vec::new();
        for (person, number) in room.people.iter().take(people).zip(number..) {
            let text = format!(
                "{} what do you see, guild {} number {number} ?",
                self.sim.bot_mention(),
                room.number
            );
            let id = person
                .say(&room.channel, &text)
                .context("a person could not write")?;
            messages.push((id.get(), number));
        }
        Ok(Asked { messages })
    }
}

/// Messages that were written in the same moment.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Their ids and numbers.
    pub messages: Vec<(u64, usize)>,
}

impl Asked {
    /// What the bot says in this room after the first of them, and before anybody else writes.
    pub fn answers(&self, room: &Room) -> Vec<StoredMessage> {
        let is_one = |stored: &StoredMessage| {
            let id = stored.message.id.get();
            self.messages.iter().any(|(own, _)| *own == id)
        };
        let messages = room.channel.messages();
        let after = messages.into_iter().skip_while(|stored| !is_one(stored));
        let own = after.take_while(|stored| stored.by_bot() || is_one(stored));
        own.filter(StoredMessage::by_bot).collect()
    }

    /// How many answers are the whole reply of the model to each of the messages.
    pub fn wholes(&self, answers: &[StoredMessage]) -> Vec<usize> {
        let whole = |number: &usize| {
            let ending = ending(&number.to_string());
            let whole = answers.iter().filter(|one| one.text().contains(&ending));
            whole.count()
        };
        self.messages
            .iter()
            .map(|(_, number)| whole(number))
            .collect()
    }

    /// Whether this is the whole reply of the model to one of the messages.
    pub fn is_whole(&self, answer: &StoredMessage) -> bool {
        self.wholes(std::slice::from_ref(answer))
            .iter()
            .any(|wholes| *wholes > 0)
    }

    /// Whether it is a part of one.
    pub fn is_part(&self, answer: &StoredMessage) -> bool {
        answer.text().contains(BEGINNING) && !self.is_whole(answer)
    }
}

/// How every reply of the model begins.
const BEGINNING: &str = "There is a harbour";

fn ending(number: &str) -> String {
    format!("That was answer {number}.")
}

fn reply(prompt: &Prompt) -> String {
    let number = named("number")(prompt);
    format!(
        "{BEGINNING} below my window. The boats come in late, one lamp after another, and somebody on the pier sings a \
         little too loud. {}",
        ending(&number)
    )
}

/// The number behind the last such word of the newest message.
fn named(word: &'static str) -> impl Fn(&Prompt) -> String {
    move |prompt| {
        let words: Vec<&str> = prompt.last_user().split_whitespace().collect();
        let at = words.iter().rposition(|one| *one == word);
        let number = at.and_then(|at| words.get(at + 1));
        number.map_or_else(|| "?".into(), |number| (*number).to_owned())
    }
}

fn configuration(folder: &TempDir, sim: &Sim, till: &Till, bills: Bills) -> String {
    let data = folder.path().join("data");
    let limit = LIMIT.get() as f64 / 1e12;
    format!(
        "[instance]\ndata = {data:?}\noperator = \"a measurement\"\n\n\
         [discord]\nhttp_proxy = \"{}\"\ngateway = \"{}\"\n\n\
         [model]\nprovider = \"sim\"\nmodel = \"sim\"\nbase_url = \"{}\"\ncontext_window = 8192\nmax_output = 400\n\
         cap = 100\ncaps_certified = true\nerrors_may_be_billed = {}\n\
         price = {{ input = 1.0, output = 2.0 }}\n\n\
         [budget]\ninstance_day = {{ usd = 1000 }}\ninstance_month = {{ usd = 1000 }}\n\
         guild_day = {{ usd = {limit} }}\nguild_month = {{ usd = {limit} }}\n\n\
         [rate]\nmember_per_minute = 100_000\nchannel_per_minute = 100_000\nguild_per_minute = 100_000\n\
         pause_ms = {}\n",
        sim.base_url(),
        sim.gateway_url(),
        till.sim.openai_url(),
        bills == Bills::Everything,
        PAUSE.as_millis(),
    )
}
