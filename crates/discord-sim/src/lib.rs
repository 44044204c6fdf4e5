//! discord-sim
