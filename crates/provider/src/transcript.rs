//! How a dialect reads its stream: one event in, what it means out.

use ledger::{PicoUsd, Usage};
use serde_json::Value;

use crate::evidence::Failure;
use crate::generation::Stop;

/// What an event means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// Nothing for now: a keep-alive, a frame.
    Nothing,
    /// The model works, but has nothing to show: reasoning.
    Working,
    /// Text of the reply.
    Text(String),
    /// The dialect's end mark: nothing comes after it.
    End,
}

/// What is known when the reply has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ending {
    pub(crate) stop: Stop,
    /// None if the report is missing, incomplete, or cannot be true.
    pub(crate) usage: Option<Usage>,
    /// Whether the model was seen to think, outside of its text.
    pub(crate) thought: bool,
}

/// A dialect's reading of one stream.
pub(crate) trait Transcript: Send {
    /// Reads one event: its name, where it has one, and its data.
    fn read(&mut self, name: &str, event: &Value) -> Result<Read, Failure>;

    /// The provider's own name of the call, once it was told.
    fn name(&self) -> Option<&str> {
        None
    }

    /// What the provider says that it charged, where it does.
    fn charge(&self) -> Option<PicoUsd> {
        None
    }

    /// What is known at the end; `marked` if the end mark was seen. None if the stream ended before the reply did: then
    /// no finish reason came.
    fn ending(&self, marked: bool) -> Option<Ending>;
}
