//! A local Discord: REST v10 and gateway v10 over real sockets, for tests, benchmarks and the terminal chat. What it has of
//! Discord and what it has not is in its README.md.
//!
//! The judge of what is right is not this crate: requests are parsed into `twilight-model` types and checked with
//! `twilight-validate`, and payloads that go out are built from `twilight-model` types. Where twilight leaves out
//! something that Discord sends, the place that adds it says so.
//!
//! ## Rooms
//! - [`state`]: the world (guilds, channels, members, messages …) behind one mutex, and what happens in it. Every change
//!   is a method of [`state::World`], which also tells the gateway's sessions and the observers, so that their
//!   order is the order in which things happened.
//! - [`rules`]: what Discord refuses by rules of its own or of a server: AutoMod, slow mode, nonces.
//! - [`rest`]: what a bot may ask over HTTP. One file a resource, each with a `routes()` that `rest::router` merges.
//!   A handler takes `State<Arc<Hub>>`, parses (`rest::body`), locks the world (`hub.world()`), checks
//!   (`World::require`), acts, and answers a twilight type, or an [`rest::error::ApiError`] in Discord's shape.
//!   No lock is held across an await.
//! - [`gateway`]: the websocket: sessions, intents, resume.
//! - [`interactions`]: a user's command, click or form on its way to the bot, and the bot's answers.
//! - [`actor`]: the Rust API with which tests act as people: [`Sim`] is the entrance. [`control`]: the same over HTTP.

#![deny(missing_docs)]

pub mod actor;
pub mod clock;
pub mod config;
pub mod control;
pub mod gateway;
pub mod hub;
pub mod interactions;
pub mod line;
pub mod previews;
pub mod rest;
pub mod rules;
pub mod snowflake;
pub mod state;

pub use actor::Sim;
pub use config::SimConfig;
pub use hub::Hub;
