//! The simulated Discord, spoken to over its sockets.

mod rest_skeleton;
