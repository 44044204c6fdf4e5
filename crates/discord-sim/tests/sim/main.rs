//! The simulated Discord, spoken to over its sockets.

mod rest_skeleton;
mod gateway;
mod interactions;
mod people;
mod raw_bot;
mod serenity_bot;
