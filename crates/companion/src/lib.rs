//! One turn: how a message becomes a reply, free of Discord's types. [`turn`] calls the steps in order.

pub mod speaker;
