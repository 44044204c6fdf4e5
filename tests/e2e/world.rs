//! The stage of a test: a Discord, a model, a configuration, and the bot between them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use companion::{Closed, Companion};
use discord_sim::actor::{Channel, Guild, Person};
use discord_sim::interactions::Arguments;
use discord_sim::state::StoredMessage;
use discord_sim::{Sim, SimConfig};
use familiar::bot::{Bot, BotError, Connection};
use familiar::config::{self, Config};
use familiar::metrics::{Figures, Server};
use familiar::setup;
use ledger::{BudgetView, Spender};
use model_sim::{Dialect, ModelSim, Profile, Recorded};
use secrecy::SecretString;
use store::clock::{Clock, ManualClock, SystemClock};
use tempfile::TempDir;
use tokio::sync::broadcast;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker};

/// Long enough for a slow machine; what is waited for comes much sooner.
pub const SOON: Duration = Duration::from_secs(15);

/// Names the endpoint of this run's tests that do not care: a profile of `model_sim`.
const ENDPOINT: &str = "FAMILIAR_E2E_ENDPOINT";
/// The key of the endpoint, where one is asked for.
const KEY: &str = "sk-the-key-of-the-test";

/// A house's line in small letters begins with this.
const SMALL: &str = "-# ";

/// What a command says when something failed that is not the person's to mend.
const APOLOGIES: [&str; 2] = ["Something went wrong on my side", "我这边出了点问题"];

/// A Discord with a server, a channel and two people; a model; and the bot.
pub struct World {
    pub sim: Sim,
    pub model: ModelSim,
    pub guild: Guild,
    pub channel: Channel,
    /// A member without special permissions.
    pub ada: Person,
    /// Another one.
    pub bo: Person,
    /// The bot's clock. It stands still, so that no midnight falls into a test by chance.
    pub clock: Arc<ManualClock>,
    pub config: Config,
    /// How long an answer may take.
    pub patience: Duration,
    bot: Option<Bot>,
    _answers: NoApology,
    _data: TempDir,
}

/// What answered a message.
pub struct Answer {
    /// The message that was answered.
    pub to: Id<MessageMarker>,
    /// The answer, in order; empty where there was none.
    pub messages: Vec<StoredMessage>,
}

impl Answer {
    /// Everything that stands there.
    pub fn text(&self) -> String {
        self.messages
            .iter()
            .map(StoredMessage::text)
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// What the persona said, without the house's small lines and, where the bot speaks for it, its name.
    pub fn words(&self) -> String {
        words(&self.text())
    }

    /// The name above the answer.
    pub fn author(&self) -> String {
        self.messages
            .first()
            .map(|message| message.author().to_owned())
            .unwrap_or_default()
    }

    /// The first message of the answer.
    pub fn first(&self) -> &StoredMessage {
        self.messages.first().expect("there is an answer")
    }
}

/// A text without the house's small lines.
pub fn words(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with(SMALL))
        .collect();
    lines.join("\n").trim().to_owned()
}

impl World {
    /// The usual stage, with the bot on it.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// The usual stage with another configuration.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::on(Self::discord(), change).await
    }

    /// With another Discord.
    pub async fn on(discord: SimConfig, change: impl FnOnce(&mut Config)) -> Self {
        let mut world = Self::without_bot(discord, change).await;
        world.start().await;
        world
    }

    /// With an endpoint like this one, which wants its key.
    pub async fn at(profile: Profile, change: impl FnOnce(&mut Config)) -> Self {
        let mut world = Self::before(profile).await;
        change(&mut world.config);
        world.start().await;
        world
    }

    /// The same before the bot comes.
    pub async fn before(profile: Profile) -> Self {
        let mut world = Self::stage(Self::discord(), profile, |_| {}).await;
        let key = world.config.instance.data.join("model-key");
        std::fs::write(&key, KEY).unwrap();
        world.model.require_key(KEY);
        world.config.model.as_mut().unwrap().api_key_file = Some(key);
        world
    }

    /// Everything but the bot, which [`World::start`] brings.
    pub async fn without_bot(discord: SimConfig, change: impl FnOnce(&mut Config)) -> Self {
        let named = std::env::var(ENDPOINT).ok();
        let profile = named.map_or(Profile::Strict, |name| name.parse().unwrap());
        Self::stage(discord, profile, change).await
    }

    async fn stage(discord: SimConfig, profile: Profile, change: impl FnOnce(&mut Config)) -> Self {
        let sim = Sim::start(discord).await.unwrap();
        let model = ModelSim::like(profile).await;
        let data = tempfile::tempdir().unwrap();
        let mut config = config(&model);
        config.instance.data = data.path().to_owned();
        config.discord.http_proxy = Some(sim.base_url());
        config.discord.gateway = Some(sim.gateway_url());
        change(&mut config);
        let guild = sim.add_guild("home");
        let channel = guild.add_channel("general");
        let (ada, bo) = (guild.add_member("ada"), guild.add_member("bo"));
        let clock = Arc::new(ManualClock::new(SystemClock.now()));
        Self {
            _answers: NoApology(sim.clone()),
            sim,
            model,
            guild,
            channel,
            ada,
            bo,
            clock,
            config,
            patience: SOON,
            bot: None,
            _data: data,
        }
    }

    /// A Discord whose limits are met on order only, so that no test waits for a bucket by chance.
    pub fn discord() -> SimConfig {
        SimConfig {
            rate_limits: false,
            record: record_file(),
            ..SimConfig::default()
        }
    }

    /// Brings the bot, and waits until it hears and its commands are there.
    pub async fn start(&mut self) {
        let token = SecretString::from(self.sim.token());
        self.start_over(Connection::new(&self.config.discord, &token))
            .await;
    }

    /// Brings the bot over this connection.
    pub async fn start_over(&mut self, connection: Connection) {
        let clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let house = setup::open_house_at(&self.config, clock).await.unwrap();
        self.bot = Some(Bot::start(house, connection).await.unwrap());
        self.sim.wait_ready(SOON).await.unwrap();
        self.sim.wait_for_commands(SOON).await.unwrap();
    }

    /// Stops the bot in order: everything that it had begun is done afterwards.
    pub async fn stop(&mut self) {
        if let Some(bot) = self.bot.take() {
            bot.stop().await;
        }
    }

    /// Stops the bot and starts it anew on the same database.
    pub async fn restart(&mut self) {
        self.stop().await;
        self.start().await;
    }

    /// Waits until the bot ends by itself.
    pub async fn ended(&mut self) -> BotError {
        self.bot.as_mut().expect("the bot runs").ended().await
    }

    /// The bot's inside.
    pub fn companion(&self) -> &Companion {
        self.bot.as_ref().expect("the bot runs").companion()
    }

    /// Serves the figures of the running bot on a free port, and says where.
    pub async fn figures(&self) -> SocketAddr {
        let bot = self.bot.as_ref().expect("the bot runs");
        let free = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = Server::bind(free).await.unwrap();
        let address = server.address();
        let house = Arc::clone(bot.companion().house());
        server.serve(Figures::new(house, bot.speaker()));
        address
    }

    /// News of answered messages from now on.
    pub fn closings(&self) -> broadcast::Receiver<Closed> {
        self.companion().closings()
    }

    /// Ada calls the bot in the usual channel and waits for the answer.
    pub async fn ask(&self, text: &str) -> Answer {
        self.ask_in(&self.ada, &self.channel, text).await
    }

    /// Somebody calls the bot by mention and waits for the answer.
    pub async fn ask_in(&self, who: &Person, channel: &Channel, text: &str) -> Answer {
        self.say_in(who, channel, &format!("{} {text}", self.sim.bot_mention()))
            .await
    }

    /// Somebody writes something that is to be answered, and waits for the answer.
    pub async fn say_in(&self, who: &Person, channel: &Channel, text: &str) -> Answer {
        let mut closings = self.closings();
        let message = who.say(channel, text).unwrap();
        self.answer_to(&mut closings, message).await
    }

    /// Waits until a message is done with.
    pub async fn answer_to(
        &self,
        closings: &mut broadcast::Receiver<Closed>,
        to: Id<MessageMarker>,
    ) -> Answer {
        let closed = Closed::of(to.get().into(), closings);
        let Ok(Some(closed)) = tokio::time::timeout(self.patience, closed).await else {
            panic!("no answer to {to}\n{}", self.sim.transcript())
        };
        Answer {
            to,
            messages: closed
                .answer
                .iter()
                .filter_map(|id| self.message(Id::new(id.get())))
                .collect(),
        }
    }

    fn message(&self, id: Id<MessageMarker>) -> Option<StoredMessage> {
        self.sim
            .hub()
            .world()
            .channels
            .values()
            .find_map(|state| state.messages.get(&id).cloned())
    }

    /// What the bot's side has said in a channel, oldest first; answers to commands are not among it.
    pub fn spoken_in(&self, channel: impl Into<Id<ChannelMarker>>) -> Vec<StoredMessage> {
        let mut all = self.sim.messages(channel);
        all.retain(|stored| stored.by_bot() && stored.message.interaction_metadata.is_none());
        all
    }

    /// Uses a slash command and waits for its answer.
    pub async fn command(
        &self,
        who: &Person,
        channel: &Channel,
        line: &str,
        options: &[(&str, &str)],
    ) -> StoredMessage {
        let arguments: Arguments = options
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).into()))
            .collect();
        let used = who.command_with(channel, line, &arguments);
        used.unwrap_or_else(|refusal| panic!("/{line}: {refusal}"))
            .response()
            .await
            .unwrap()
    }

    /// The server's owner uses a slash command in the usual channel. Returns the answer's text.
    pub async fn owner(&self, line: &str, options: &[(&str, &str)]) -> String {
        self.command(&self.guild.owner, &self.channel, line, options)
            .await
            .text()
            .to_owned()
    }

    /// What the model was asked, all of it as one text a request.
    pub fn prompts(&self) -> Vec<String> {
        self.model.generations().iter().map(text_of).collect()
    }

    /// The newest prompt.
    pub fn last_prompt(&self) -> String {
        self.prompts().pop().expect("the model was asked")
    }

    /// The budget as this person sees it in the server.
    pub async fn budget(&self, who: &Person) -> BudgetView {
        let spender = Spender {
            guild: Some(self.guild.id.get().into()),
            channel: None,
            member: who.id.get().into(),
        };
        self.companion()
            .house()
            .ledger
            .view(&spender)
            .await
            .unwrap()
    }

    /// Puts the bot's clock forward.
    pub fn later(&self, by: TimeDelta) {
        self.clock.advance(by);
    }
}

/// No command ever ends in an apology. One that follows the right answer is easily overlooked.
struct NoApology(Sim);

impl Drop for NoApology {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        for stored in self.0.all_messages() {
            let text = stored.text();
            assert!(
                !APOLOGIES.iter().any(|apology| text.starts_with(apology)),
                "{text}"
            );
        }
    }
}

impl Drop for World {
    /// Tests that do not care meet an endpoint that refuses what any endpoint may; nothing of ours is among that.
    fn drop(&mut self) {
        if self.model.profile() == Profile::Strict && !std::thread::panicking() {
            let refused = self.model.refusals();
            assert!(
                refused.is_empty(),
                "a strict endpoint refuses: {refused:#?}"
            );
        }
    }
}

/// The text of a request: the system prompt and every message, each on its own lines.
pub fn text_of(request: &Recorded) -> String {
    let mut all = String::new();
    for message in request.body["messages"].as_array().into_iter().flatten() {
        let role = message["role"].as_str().unwrap_or_default();
        let text = match &message["content"] {
            serde_json::Value::String(text) => text.clone(),
            parts => parts
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|part| part["text"].as_str())
                .collect(),
        };
        all.push_str(&format!("<{role}> {text}\n"));
    }
    all
}

/// A hosted model with a price, and limits that no test meets by chance.
fn config(model: &ModelSim) -> Config {
    let model_url = model.url();
    let text = format!(
        r#"
        [instance]
        operator = "the keepers of the test"
        default_persona = "orla"
        [model]
        provider = "sim"
        model = "sim-1"
        base_url = "{model_url}"
        context_window = 8192
        max_output = 1000
        cap = 400
        caps_certified = true
        plain_replies = true
        price = {{ input = 1.0, output = 2.0 }}
        [model.deadlines]
        connect = 2
        first_token = 20
        between_tokens = 20
        total = 60
        [budget]
        instance_day = {{ usd = 100 }}
        guild_day = {{ usd = 100 }}
        [rate]
        member_per_minute = 1000
        channel_per_minute = 1000
        guild_per_minute = 1000
        queue = 100
        pause_ms = 20
        "#
    );
    let mut config = Config::parse(&text).unwrap();
    if let (Some(section), Dialect::Anthropic) = (&mut config.model, model.profile().dialect()) {
        section.dialect = config::Dialect::Anthropic;
    }
    config
}

/// Where this Discord's requests are written, if somebody wants to look at them all afterwards.
pub fn record_file() -> Option<std::path::PathBuf> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let folder = std::path::PathBuf::from(std::env::var_os("FAMILIAR_RECORD_DIR")?);
    std::fs::create_dir_all(&folder).unwrap();
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    Some(folder.join(format!("e2e-{}-{number}.jsonl", std::process::id())))
}
