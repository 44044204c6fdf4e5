//! [`Sim`]: one running Discord.

use std::fs::OpenOptions;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use twilight_model::application::command::Command;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, GuildMarker, InteractionMarker, UserMarker};

use crate::clock::SimClock;
use crate::config::SimConfig;
use crate::control;
use crate::hub::Hub;
use crate::line::{Exchange, Line};
use crate::previews;
use crate::rest;
use crate::rest::record::Recorder;
use crate::snowflake::Mint;
use crate::state::account::new_user;
use crate::state::guild::INVITED_BOT;
use crate::state::webhook::secret;
use crate::state::{BotAccount, StoredMessage, World};

use super::channel::Channel;
use super::guild::Guild;
use super::interaction::InteractionHandle;
use super::person::Person;

/// A Discord could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken, or not ours to take.
    #[error("port {port} on 127.0.0.1 is not free: {source}; choose another one, or 0 for any")]
    Port {
        /// Which.
        port: u16,
        /// Why.
        source: std::io::Error,
    },
    /// The file for `record` cannot be written.
    #[error("requests cannot be recorded to {}: {source}; choose a file in a folder that exists", path.display())]
    Record {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// One running Discord. It ends when this value, and all that was made from it, is dropped.
#[derive(Clone, Debug)]
pub struct Sim {
    hub: Arc<Hub>,
    /// None in the control routes, which the server itself holds.
    _server: Option<Arc<Server>>,
}

#[derive(Debug)]
struct Server([tokio::task::JoinHandle<()>; 2]);

impl Drop for Server {
    fn drop(&mut self) {
        for task in &self.0 {
            task.abort();
        }
    }
}

impl Sim {
    /// Opens the port and begins to serve.
    pub async fn start(config: SimConfig) -> Result<Self, StartError> {
        let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, config.port));
        let port_error = |source| StartError::Port {
            port: wanted.port(),
            source,
        };
        let listener = tokio::net::TcpListener::bind(wanted)
            .await
            .map_err(port_error)?;
        let address = listener.local_addr().map_err(port_error)?;
        let file = match &config.record {
            None => None,
            Some(path) => Some(
                OpenOptions::new()
                    .create(true)
                    .append(true)
                    .open(path)
                    .map_err(|source| StartError::Record {
                        path: path.clone(),
                        source,
                    })?,
            ),
        };
        let clock = Arc::new(SimClock::default());
        let world = new_world(&config, clock.clone(), address);
        let hub = Arc::new(Hub::new(config, clock, Recorder::new(file), address, world));
        let mut router = rest::router(hub.clone());
        if hub.config.control {
            router = router.merge(control::router(Self {
                hub: hub.clone(),
                _server: None,
            }));
        }
        let service = router.into_make_service_with_connect_info::<Line>();
        let previewing = previews::begin(&hub);
        let serving = tokio::spawn(async move {
            if let Err(error) = axum::serve(Exchange(listener), service).await {
                tracing::error!(%error, "the simulated Discord stopped");
            }
        });
        Ok(Self {
            hub,
            _server: Some(Arc::new(Server([serving, previewing]))),
        })
    }

    /// The parts behind it.
    #[must_use]
    pub fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    /// What a client takes for `https://discord.com`, without a trailing slash.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.hub.base_url()
    }

    /// Where the gateway is.
    #[must_use]
    pub fn gateway_url(&self) -> String {
        self.hub.gateway_url()
    }

    /// The bot's token.
    #[must_use]
    pub fn token(&self) -> String {
        self.hub.world().bot.token.clone()
    }

    /// The bot's user id.
    #[must_use]
    pub fn bot_id(&self) -> Id<UserMarker> {
        self.hub.world().bot_id()
    }

    /// `<@id>`, which mentions the bot.
    #[must_use]
    pub fn bot_mention(&self) -> String {
        format!("<@{}>", self.bot_id())
    }

    /// Somebody registers at Discord.
    pub fn add_person(&self, name: &str) -> Person {
        let user = self.hub.world().add_user(name);
        Person::new(self.clone(), user.id, user.name)
    }

    /// Somebody founds a server and invites the bot with what a bot's invitation usually asks for.
    pub fn add_guild(&self, name: &str) -> Guild {
        let guild = self.add_guild_without_bot(name);
        guild.invite_bot(INVITED_BOT);
        guild
    }

    /// Somebody founds a server without the bot.
    pub fn add_guild_without_bot(&self, name: &str) -> Guild {
        let owner = self.add_person(&format!("owner of {name}"));
        let id = self.hub.world().add_guild(name, owner.id);
        Guild::new(self.clone(), id, owner)
    }

    /// A server that exists.
    #[must_use]
    pub fn guild(&self, id: Id<GuildMarker>) -> Option<Guild> {
        let world = self.hub.world();
        let owner = world.guilds.get(&id)?.guild.owner_id;
        let name = world.users.get(&owner)?.name.clone();
        drop(world);
        let owner = self.person(owner, &name);
        Some(Guild::new(self.clone(), id, owner))
    }

    /// A person who exists.
    #[must_use]
    pub fn person(&self, id: Id<UserMarker>, name: &str) -> Person {
        Person::new(self.clone(), id, name.to_owned())
    }

    /// A channel that exists.
    #[must_use]
    pub fn channel(&self, id: Id<ChannelMarker>) -> Channel {
        Channel::new(self.clone(), id)
    }

    /// An interaction that was sent.
    #[must_use]
    pub fn interaction(&self, id: Id<InteractionMarker>) -> InteractionHandle {
        InteractionHandle::new(self.clone(), id)
    }

    /// Everything that was written in a channel and still stands, ephemeral messages included, oldest first.
    #[must_use]
    pub fn messages(&self, channel: impl Into<Id<ChannelMarker>>) -> Vec<StoredMessage> {
        let world = self.hub.world();
        let state = world.channels.get(&channel.into());
        state.map_or_else(Vec::new, |state| state.messages.values().cloned().collect())
    }

    /// Everything that stands anywhere, ephemeral messages included.
    #[must_use]
    pub fn all_messages(&self) -> Vec<StoredMessage> {
        let world = self.hub.world();
        let channels = world.channels.values();
        channels
            .flat_map(|channel| channel.messages.values().cloned())
            .collect()
    }

    /// The registered commands, of all servers.
    #[must_use]
    pub fn commands(&self) -> Vec<Command> {
        self.hub.world().commands.values().cloned().collect()
    }
}

fn new_world(config: &SimConfig, clock: Arc<SimClock>, address: SocketAddr) -> World {
    let mut mint = Mint::default();
    let id: Id<UserMarker> = mint.next(clock.now_ms());
    let bot = BotAccount {
        application_id: id.cast(),
        user: new_user(id, &config.bot_name, true),
        token: config.token.clone().unwrap_or_else(|| new_token(id.get())),
        flags: config.privileged.flags(),
        user_installable: config.user_installable,
    };
    let mut world = World::new(clock, mint, bot);
    world.files_at = format!("http://{address}");
    world.wardrobe.festive = config.decorations;
    world.preview_delay = config.preview_delay;
    world
}

/// A token of the form that clients check before they log in: the id in base64, two random parts behind it.
fn new_token(id: u64) -> String {
    use base64::Engine as _;
    let head = base64::engine::general_purpose::STANDARD_NO_PAD.encode(id.to_string());
    format!("{head}.{}.{}", secret(6), secret(38))
}
