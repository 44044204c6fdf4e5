//! How long a model may take, stage by stage.

use std::fmt;
use std::time::Duration;

/// The longest waits. Each stage has its own, so that a provider that is down is noticed at once while one that thinks
/// long is left in peace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// To a connection, TLS included.
    pub connect: Duration,
    /// From the request to the first token, reasoning included. A local model reads the whole prompt in this time.
    pub first_token: Duration,
    /// From one token to the next.
    pub between_tokens: Duration,
    /// For the whole reply.
    pub total: Duration,
}

impl Default for Deadlines {
    fn default() -> Deadlines {
        Deadlines {
            connect: Duration::from_secs(10),
            first_token: Duration::from_secs(120),
            between_tokens: Duration::from_secs(45),
            total: Duration::from_secs(300),
        }
    }
}

/// The stage whose deadline passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// No connection in time.
    Connect,
    /// No token in time.
    FirstToken,
    /// No further token in time.
    BetweenTokens,
    /// The reply took too long as a whole.
    Total,
}

impl Stage {
    /// The key in the configuration that sets this deadline.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Stage::Connect => "connect",
            Stage::FirstToken => "first_token",
            Stage::BetweenTokens => "between_tokens",
            Stage::Total => "total",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Stage::Connect => "could not be connected to in time",
            Stage::FirstToken => "did not begin to answer in time",
            Stage::BetweenTokens => "stopped in the middle of the reply",
            Stage::Total => "took too long for the whole reply",
        })
    }
}
