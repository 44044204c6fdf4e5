//! The simulated Discord, spoken to over its sockets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the rooms that tests share are tests, too; clippy only sees those marked as such"
)]

mod answers;
mod caller;
mod commands;
mod coverage;
mod faults;
mod gateway;
mod people;
mod raw_bot;
mod refusals;
mod rest_application;
mod rest_limits;
mod rest_messages;
mod rest_serenity;
mod rest_skeleton;
mod rest_threads;
mod rest_webhooks;
mod scene;
mod senders;
mod serenity_bot;
mod world;
