//! How a simulated Discord is set up before the bot arrives.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use twilight_model::oauth::ApplicationFlags;

/// How long previews take unless told otherwise: shorter than at Discord, where it is about a second.
const PREVIEW_DELAY: Duration = Duration::from_millis(50);

/// What [`crate::Sim::start`] needs to know. `SimConfig::default()` is right for nearly every test.
#[derive(Clone, Debug)]
pub struct SimConfig {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The token that the bot must present. Made up when absent.
    pub token: Option<String>,
    /// The bot's user name.
    pub bot_name: String,
    /// Which privileged intents the application has switched on in the developer portal.
    pub privileged: Privileged,
    /// Whether people may install the application for themselves.
    pub user_installable: bool,
    /// Whether rate limits are enforced (the headers are always sent).
    pub rate_limits: bool,
    /// Where every request of the bot is written as a JSON line.
    pub record: Option<PathBuf>,
    /// How often the gateway wants a heartbeat, in milliseconds.
    pub heartbeat_interval_ms: u64,
    /// How many connections to the gateway Discord recommends.
    pub shards: u32,
    /// Whether every second person who registers wears a server tag and an avatar decoration of the newer kind, which
    /// serenity 0.12.5 cannot read: so that a bot which loses their messages is found out by any test.
    pub decorations: bool,
    /// Whether the control routes `/_sim/…` are served.
    pub control: bool,
    /// How long the previews of links take, after which Discord tells of the message again although nobody edited it.
    /// `None` holds them back until a test calls [`crate::actor::Channel::show_previews`].
    pub preview_delay: Option<Duration>,
}

/// The three switches of the developer portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Privileged {
    /// The bot may read what people write.
    pub message_content: bool,
    /// The bot may list members.
    pub members: bool,
    /// The bot may see who is online.
    pub presences: bool,
}

impl Default for SimConfig {
    fn default() -> Self {
        Self {
            port: 0,
            token: None,
            bot_name: "Familiar".to_owned(),
            privileged: Privileged {
                message_content: true,
                members: true,
                presences: true,
            },
            user_installable: true,
            rate_limits: true,
            record: None,
            heartbeat_interval_ms: 41_250,
            shards: 1,
            decorations: true,
            control: false,
            preview_delay: Some(PREVIEW_DELAY),
        }
    }
}

impl SimConfig {
    /// The default, which also writes the bot's requests to a file of its own in the folder that the environment's
    /// `FAMILIAR_RECORD_DIR` names, if it names one. End-to-end tests start with this, so that CI can check what was asked.
    #[must_use]
    pub fn recorded() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let record = std::env::var_os("FAMILIAR_RECORD_DIR").map(|folder| {
            let number = COUNT.fetch_add(1, Ordering::Relaxed);
            PathBuf::from(folder).join(format!("{}-{number}.jsonl", std::process::id()))
        });
        Self {
            record,
            ..Self::default()
        }
    }
}

impl Privileged {
    /// No privileged intent is switched on.
    pub const NONE: Self = Self {
        message_content: false,
        members: false,
        presences: false,
    };

    /// The same as flags of the application; small bots have the `LIMITED` ones.
    #[must_use]
    pub fn flags(self) -> ApplicationFlags {
        let mut flags = ApplicationFlags::empty();
        flags.set(
            ApplicationFlags::GATEWAY_MESSAGE_CONTENT_LIMITED,
            self.message_content,
        );
        flags.set(
            ApplicationFlags::GATEWAY_GUILD_MEMBERS_LIMITED,
            self.members,
        );
        flags.set(ApplicationFlags::GATEWAY_PRESENCE_LIMITED, self.presences);
        flags
    }
}
