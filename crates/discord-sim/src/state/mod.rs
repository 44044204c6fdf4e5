//! The world: everything that a Discord server knows, and what happens in it.
//!
//! One value behind one mutex (see [`crate::Hub::world`]): a change, the events it causes and the news for observers
//! are one step, so everybody sees the same order. The methods are spread over this folder's files by what they
//! are about.

pub mod account;
mod attachment;
pub mod channel;
mod channel_change;
pub mod command;
pub mod draft;
pub mod emoji;
pub mod event;
pub mod face;
pub mod guild;
pub mod guild_create;
pub mod interaction;
pub mod kind;
pub mod member;
pub mod mention;
pub mod message;
pub mod observed;
pub mod outfit;
pub mod permission;
mod pin;
mod poll;
mod preview;
pub mod reaction;
pub mod role;
mod telling;
pub mod thread;
mod unedited;
pub mod webhook;
pub mod writing;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast;
use tokio::sync::mpsc::UnboundedSender;
use twilight_model::application::command::Command;
use twilight_model::channel::Webhook;
use twilight_model::id::Id;
use twilight_model::id::marker::{
    ChannelMarker, CommandMarker, EmojiMarker, GuildMarker, InteractionMarker, UserMarker,
    WebhookMarker,
};
use twilight_model::user::User;
use twilight_model::util::{ImageHash, Timestamp};

use crate::clock::SimClock;
use crate::gateway::session::Sessions;
use crate::previews;
use crate::rules::Rules;
use crate::snowflake::Mint;

pub use account::BotAccount;
pub use channel::ChannelState;
pub use draft::{Draft, Upload};
pub use emoji::ApplicationEmoji;
pub use guild::GuildState;
pub use interaction::InteractionState;
pub use message::{Revision, StoredMessage};
pub use observed::Observed;

/// How many pieces of news an observer may lie behind before it loses the oldest.
const OBSERVER_BACKLOG: usize = 16_384;

/// Everything there is. Fields are open to the crate; changes that others must hear of go through the methods.
#[derive(Debug)]
pub struct World {
    /// The application and its bot user.
    pub bot: BotAccount,
    /// Every account, the bot's included.
    pub users: HashMap<Id<UserMarker>, User>,
    /// Servers.
    pub guilds: BTreeMap<Id<GuildMarker>, GuildState>,
    /// Channels, threads and direct messages, with their messages.
    pub channels: BTreeMap<Id<ChannelMarker>, ChannelState>,
    /// Webhooks, with their tokens.
    pub webhooks: BTreeMap<Id<WebhookMarker>, Webhook>,
    /// The application's own emojis.
    pub emojis: BTreeMap<Id<EmojiMarker>, ApplicationEmoji>,
    /// Registered commands; a guild's own have their `guild_id` set.
    pub commands: BTreeMap<Id<CommandMarker>, Command>,
    /// Interactions that were sent to the bot.
    pub interactions: BTreeMap<Id<InteractionMarker>, InteractionState>,
    /// Who has installed the application for themselves.
    pub user_installs: HashSet<Id<UserMarker>>,
    /// Uploaded files by the path of their address.
    pub files: HashMap<String, Upload>,
    /// Faces by the hash under which they are told.
    pub faces: HashMap<ImageHash, face::Face>,
    /// What is refused by rules, and what they remember.
    pub rules: Rules,
    /// What people wear.
    pub wardrobe: outfit::Wardrobe,
    /// The bot's sessions at the gateway.
    pub sessions: Sessions,
    /// Where files and pictures are served, such as `http://127.0.0.1:1`.
    pub files_at: String,
    /// How long the previews of links take; `None` if they only come when a test says so.
    pub preview_delay: Option<Duration>,
    /// Where messages go that are to get previews.
    pub(crate) previews: Option<UnboundedSender<previews::Order>>,
    clock: Arc<SimClock>,
    mint: Mint,
    observers: broadcast::Sender<Observed>,
}

impl World {
    /// An empty world with only the bot in it.
    #[must_use]
    pub fn new(clock: Arc<SimClock>, mint: Mint, bot: BotAccount) -> Self {
        let users = HashMap::from([(bot.user.id, bot.user.clone())]);
        Self {
            bot,
            users,
            guilds: BTreeMap::new(),
            channels: BTreeMap::new(),
            webhooks: BTreeMap::new(),
            emojis: BTreeMap::new(),
            commands: BTreeMap::new(),
            interactions: BTreeMap::new(),
            user_installs: HashSet::new(),
            files: HashMap::new(),
            faces: HashMap::new(),
            rules: Rules::default(),
            wardrobe: outfit::Wardrobe::default(),
            sessions: Sessions::default(),
            files_at: String::new(),
            preview_delay: None,
            previews: None,
            clock,
            mint,
            observers: broadcast::channel(OBSERVER_BACKLOG).0,
        }
    }

    /// A new id.
    pub fn next_id<T>(&mut self) -> Id<T> {
        self.mint.next(self.clock.now_ms())
    }

    /// The time in this world.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.timestamp()
    }

    /// The time in this world in Unix milliseconds.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// News from now on.
    #[must_use]
    pub fn observe(&self) -> broadcast::Receiver<Observed> {
        self.observers.subscribe()
    }

    /// Tells the observers; nobody listening is no error.
    pub fn tell(&self, news: Observed) {
        let _ = self.observers.send(news);
    }
}
