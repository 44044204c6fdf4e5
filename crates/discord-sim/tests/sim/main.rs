//! The simulated Discord, spoken to over its sockets.

mod caller;
mod gateway;
mod answers;
mod commands;
mod scene;
mod people;
mod raw_bot;
mod rest_application;
mod rest_limits;
mod rest_messages;
mod rest_serenity;
mod rest_skeleton;
mod rest_threads;
mod rest_webhooks;
mod serenity_bot;
