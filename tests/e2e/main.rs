//! End to end, over the wire: the bot between a local Discord and a scripted model, seen as people see it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "an arrangement that fails is a failed test"
)]

mod tls;
mod world;

mod away;
mod bad_input;
mod budget;
mod by_message;
mod checking;
mod commands_budget;
mod commands_chat;
mod commands_memory;
mod commands_persona;
mod config;
mod consolidation;
mod days;
mod directions;
mod disk;
mod echoes;
mod endpoints;
mod errors_cost;
mod forgetting;
mod framed;
mod gateway;
mod guest;
mod isolation;
mod killable;
mod lasting;
mod learned;
mod learning;
mod limits;
mod manners;
mod meaning;
mod memory;
mod models;
mod namesakes;
mod one_slot;
mod oneself;
mod operator;
mod order;
mod panics;
mod personas;
mod planting;
mod prices;
mod privacy;
mod program;
mod proxies;
mod reach;
mod reading;
mod reconcile;
mod refusals;
mod repeats;
mod restart;
mod rests;
mod safety;
mod sampling;
mod speak;
mod streaming;
mod thoughts;
mod triggers;
mod versions;
mod webhooks;
mod why;
