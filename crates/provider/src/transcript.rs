//! How a dialect reads its stream: one event in, what it means out.

use ledger::{PicoUsd, Usage};

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

/// What is known when the stream has ended properly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ending {
    pub(crate) stop: Stop,
    /// None if the report is missing, incomplete, or cannot be true.
    pub(crate) usage: Option<Usage>,
}

/// A dialect's reading of one stream.
pub(crate) trait Transcript: Send {
    /// Reads the data of one event.
    fn read(&mut self, data: &str) -> Result<Read, Failure>;

    /// The provider's own name of the call, once it was told.
    fn name(&self) -> Option<&str> {
        None
    }

    /// What the provider says that it charged, where it does.
    fn charge(&self) -> Option<PicoUsd> {
        None
    }

    /// What is known at the end; `marked` if the end mark was seen. None if the stream ended before the reply did.
    fn ending(&self, marked: bool) -> Option<Ending>;
}

/// A usage if it can be true: each count fits 32 bits, parts do not exceed their whole, and a reply that was seen has
/// tokens. Whatever cannot be true counts as not reported, and the hold is posted in full.
pub(crate) fn believable(usage: Usage, saw_output: bool) -> Option<Usage> {
    let Usage { input, output, .. } = usage;
    let fits = u32::try_from(input).is_ok() && u32::try_from(output).is_ok();
    (fits && usage.is_plausible() && (output > 0 || !saw_output)).then_some(usage)
}
