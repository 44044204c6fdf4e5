//! The simulated Discord, spoken to over its sockets.

mod rest_skeleton;
mod gateway;
mod raw_bot;
