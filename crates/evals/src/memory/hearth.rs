//! The bot as it is, in this process, on a simulated Discord: what people say to it goes the whole way of a message, and
//! its memory can be filled beforehand.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ::memory::{Embedder, Memory, NewTurn, ScopeId};
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use companion::{Closed, House};
use discord_sim::actor::{Channel, Guild, Person};
use discord_sim::{Sim, SimConfig};
use familiar::bot::{Bot, Connection};
use familiar::config::Config;
use familiar::setup;
use secrecy::SecretString;
use store::clock::{Clock, ManualClock};
use store::id::PersonaId;
use store::personas::{NewCard, Owner};
use tempfile::TempDir;

use super::hears;

/// A bot that is not there by then never will be.
const COMING: Duration = Duration::from_secs(30);
/// A reply that is not there by then does not come. A real model on a busy machine takes its time.
const ANSWERING: Duration = Duration::from_secs(120);

/// Where the model is, and what differs from the defaults of `familiar.example.toml`.
pub struct Manner {
    /// The model's base URL, in OpenAI's dialect.
    pub endpoint: String,
    /// The model's name there.
    pub model: String,
    /// Tokens of prompt and reply together.
    pub context_window: u32,
    /// The most tokens of a reply.
    pub cap: u32,
    /// Turns after which they are read into a summary and facts; 0 is never.
    pub consolidate_every: u32,
    /// The card of who speaks; a bundled persona where there is none.
    pub card: Option<Vec<u8>>,
    /// What reads turns and questions for their meaning; recall goes by words where there is none.
    pub embedder: Option<Arc<dyn Embedder>>,
}

/// A running bot, and a server to talk in.
pub struct Hearth {
    /// The simulated Discord.
    pub sim: Sim,
    /// A server.
    pub guild: Guild,
    /// The bot's inside.
    pub house: Arc<House>,
    /// Who speaks.
    pub persona: PersonaId,
    /// What time it is for the bot.
    pub clock: Arc<ManualClock>,
    bot: Bot,
    _data: TempDir,
}

impl Hearth {
    /// Starts the bot at a time of the measurement's own.
    pub async fn light(manner: Manner, at: DateTime<Utc>) -> anyhow::Result<Self> {
        let sim = Sim::start(SimConfig {
            rate_limits: false,
            ..SimConfig::default()
        })
        .await
        .context("the simulated Discord does not start")?;
        let data = tempfile::tempdir().context("no folder for the bot's data can be made")?;
        let text = configuration(data.path(), &sim, &manner);
        let config = Config::parse(&text).map_err(anyhow::Error::msg)?;
        let clock = Arc::new(ManualClock::new(at));
        let slug = if manner.card.is_some() {
            "measured"
        } else {
            "orla"
        };
        if let Some(card) = manner.card {
            let store = setup::open_store(&config).await?;
            let new = NewCard {
                owner: Owner::Instance,
                slug: slug.to_owned(),
                name: "Orla".to_owned(),
                card,
                avatar: None,
                by: None,
            };
            store.save_card(new, at).await?;
        }
        let mut house = setup::open_house_at(&config, Arc::clone(&clock) as Arc<dyn Clock>).await?;
        if let Some(embedder) = manner.embedder {
            let memory = Memory::with_embedder(house.store.clone(), embedder, ANSWERING).await?;
            let inside = Arc::get_mut(&mut house).context("the house is in use already")?;
            inside.memory = memory;
        }
        let persona = house
            .store
            .persona_by_slug(Owner::Instance, slug)
            .await?
            .context("the persona is not there")?
            .id;
        let connection = Connection::new(&config.discord, &SecretString::from(sim.token()));
        let guild = sim.add_guild("home");
        let bot = Bot::start(Arc::clone(&house), connection).await?;
        sim.wait_ready(COMING).await?;
        sim.wait_for_commands(COMING).await?;
        Ok(Self {
            sim,
            guild,
            house,
            persona,
            clock,
            bot,
            _data: data,
        })
    }

    /// What this persona remembers of a channel of the server.
    pub fn scope(&self, channel: &Channel) -> ScopeId {
        ScopeId {
            guild: Some(self.guild.id.get().into()),
            channel: channel.id.get().into(),
            persona: self.persona,
        }
    }

    /// The bot's memory.
    pub fn memory(&self) -> &Memory {
        &self.house.memory
    }

    /// Puts turns into the bot's memory, in their order.
    pub async fn hears(&self, turns: impl IntoIterator<Item = NewTurn>) -> anyhow::Result<()> {
        hears(self.memory(), turns).await
    }

    /// Somebody says something that the persona is to answer; returns when it has, with whether it spoke.
    pub async fn ask(&self, who: &Person, channel: &Channel, text: &str) -> anyhow::Result<bool> {
        let mut closings = self.bot.companion().closings();
        let text = format!("{} {text}", self.sim.bot_mention());
        let message = who
            .say(channel, &text)
            .context("a person could not write")?;
        let closed = Closed::of(message.get().into(), &mut closings);
        let closed = tokio::time::timeout(ANSWERING, closed)
            .await
            .with_context(|| format!("no answer to {text:?} after {ANSWERING:?}"))?
            .context("the bot ended by itself")?;
        Ok(!closed.answer.is_empty())
    }

    /// Stops the bot in order.
    pub async fn out(self) {
        self.bot.stop().await;
    }
}

/// The defaults of `familiar.example.toml`, at the addresses of this measurement, with room in its paces and limits.
fn configuration(data: &Path, sim: &Sim, manner: &Manner) -> String {
    let Manner {
        endpoint,
        model,
        context_window,
        cap,
        consolidate_every,
        card,
        ..
    } = manner;
    let persona = if card.is_some() { "measured" } else { "orla" };
    format!(
        "[instance]\ndata = {data:?}\noperator = \"a measurement\"\ndefault_persona = \"{persona}\"\n\n\
         [discord]\nhttp_proxy = \"{}\"\ngateway = \"{}\"\n\n\
         [model]\nprovider = \"measured\"\nmodel = \"{model}\"\nbase_url = \"{endpoint}\"\n\
         context_window = {context_window}\nmax_output = {cap}\ncap = {cap}\ncaps_certified = true\nlocal = true\n\n\
         [budget]\nmember_share_percent = 100\nbackground_stops_below = 0\nshort_replies_below = 0\n\
         instance_day = {{ tokens = 1_000_000_000_000 }}\ninstance_month = {{ tokens = 1_000_000_000_000 }}\n\
         guild_day = {{ tokens = 1_000_000_000_000 }}\nguild_month = {{ tokens = 1_000_000_000_000 }}\n\n\
         [rate]\nmember_per_minute = 100_000\nchannel_per_minute = 100_000\nguild_per_minute = 100_000\n\n\
         [memory]\nconsolidate_every = {consolidate_every}\nkeep_days = 0\n",
        sim.base_url(),
        sim.gateway_url(),
    )
}
