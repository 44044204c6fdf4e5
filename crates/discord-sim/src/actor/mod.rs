//! The Rust API: start a Discord, and act in it as people do.
//!
//! Nothing here is a shortcut: what a person does reaches the bot only as the gateway's events, and what the bot does is
//! seen here only once it is in the world.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use std::time::Duration;
//! use discord_sim::{Sim, SimConfig};
//!
//! let sim = Sim::start(SimConfig::default()).await?;
//! let home = sim.add_guild("home");
//! let general = home.add_channel("general");
//! let ada = home.add_member("ada");
//! // … start a bot with sim.base_url() and sim.token() …
//! sim.wait_ready(Duration::from_secs(5)).await?;
//! ada.say(&general, "hello")?;
//! let reply = sim
//!     .wait_for_message(&general, |m| m.by_bot(), Duration::from_secs(5))
//!     .await?;
//! println!("{}", reply.text());
//! # Ok(()) }
//! ```

mod channel;
mod fault;
mod guild;
mod interaction;
mod member;
mod person;
mod rules;
mod sending;
mod sim;
mod thread;
pub mod token;
mod unedited;
mod using;
mod watch;
mod webhooks;

pub use channel::{Channel, ChannelSpec};
pub use guild::Guild;
pub use interaction::{Form, InteractionHandle, NoAnswer};
pub use person::{MessageDraft, Person};
pub use sending::{Forwarded, HAS_SNAPSHOT, PollDraft, link_embed, long_paste};
pub use sim::{Sim, StartError};
pub use watch::TimedOut;
pub use webhooks::{Guise, OthersWebhook, Proxy, Timing};
