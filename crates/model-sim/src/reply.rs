//! What a request is answered with: a text, how it is cut and paced, the usage that is reported, and a fault.

use std::time::Duration;

use serde_json::Value;

use crate::fault::Fault;
use crate::prompt::Prompt;
use crate::tokens;

/// How the text is cut into deltas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chunks {
    /// One delta a token, as real services do.
    Tokens,
    /// One delta a word.
    Words,
    /// The whole text in one delta.
    Whole,
}

/// The usage that is reported.
#[derive(Clone, Debug, PartialEq)]
pub enum UsageReport {
    /// Counted from the prompt and the text.
    Computed,
    /// These counts. `input` is the total, with the cached and the written part; `output` includes `reasoning`.
    Exact {
        /// All input tokens.
        input: u64,
        /// Of them, read from the cache.
        cached_input: u64,
        /// Of them, written to the cache (Anthropic only).
        cache_write: u64,
        /// All output tokens.
        output: u64,
        /// Of them, reasoning (OpenAI only).
        reasoning: u64,
    },
    /// No usage anywhere.
    Missing,
    /// This JSON where the final usage stands: for absurd and broken reports.
    Raw(Value),
}

/// One scripted answer. Built by chaining: `Reply::text("Hi there").by_bytes(1).usage(UsageReport::Missing)`.
#[derive(Clone, Debug)]
pub struct Reply {
    pub(crate) text: String,
    pub(crate) reasoning: String,
    pub(crate) chunks: Chunks,
    pub(crate) wire_bytes: Option<usize>,
    pub(crate) before_first: Duration,
    pub(crate) between: Duration,
    pub(crate) usage: UsageReport,
    pub(crate) obeys_cap: bool,
    pub(crate) refused: bool,
    pub(crate) raw: Option<Vec<u8>>,
    pub(crate) fault: Option<Fault>,
}

impl Reply {
    /// A well-behaved answer: a delta a token, no delays, computed usage, the cap obeyed.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Reply {
        Reply {
            text: text.into(),
            reasoning: String::new(),
            chunks: Chunks::Tokens,
            wire_bytes: None,
            before_first: Duration::ZERO,
            between: Duration::ZERO,
            usage: UsageReport::Computed,
            obeys_cap: true,
            refused: false,
            raw: None,
            fault: None,
        }
    }

    /// The default answer: says which message it read, how many came before it, and the first words of the system prompt.
    #[must_use]
    pub fn echo(prompt: &Prompt) -> Reply {
        let frame: Vec<&str> = prompt.system.split_whitespace().take(6).collect();
        let (heard, before) = (prompt.last_user(), prompt.messages.len().saturating_sub(1));
        Reply::text(format!(
            "I heard \u{201c}{heard}\u{201d} after {before} earlier messages. [{}]",
            frame.join(" ")
        ))
    }

    /// An answer that goes wrong.
    #[must_use]
    pub fn fault(fault: Fault) -> Reply {
        Reply::text("This reply will not arrive whole, however long it may be.").with(fault)
    }

    /// A 200 whose streamed body is exactly these bytes: a recorded stream.
    #[must_use]
    pub fn raw(body: impl Into<Vec<u8>>) -> Reply {
        Reply {
            raw: Some(body.into()),
            ..Reply::text("")
        }
    }

    /// Adds a fault to this answer.
    #[must_use]
    pub fn with(mut self, fault: Fault) -> Reply {
        self.fault = Some(fault);
        self
    }

    /// How the text is cut into deltas.
    #[must_use]
    pub fn chunks(mut self, chunks: Chunks) -> Reply {
        self.chunks = chunks;
        self
    }

    /// Writes the body to the socket in pieces of so many bytes, through the middle of characters and events.
    #[must_use]
    pub fn by_bytes(mut self, bytes: usize) -> Reply {
        self.wire_bytes = Some(bytes.max(1));
        self
    }

    /// Waits before the first byte of the body (the headers are out by then, as with the real services).
    #[must_use]
    pub fn after(mut self, wait: Duration) -> Reply {
        self.before_first = wait;
        self
    }

    /// Waits between two deltas.
    #[must_use]
    pub fn every(mut self, wait: Duration) -> Reply {
        self.between = wait;
        self
    }

    /// Spreads the deltas evenly over so long a time.
    #[must_use]
    pub fn over(mut self, whole: Duration) -> Reply {
        let gaps = self.deltas().len().saturating_sub(1).max(1);
        self.between = whole / u32::try_from(gaps).unwrap_or(u32::MAX);
        self
    }

    /// The usage that is reported.
    #[must_use]
    pub fn usage(mut self, usage: UsageReport) -> Reply {
        self.usage = usage;
        self
    }

    /// Writes the whole text even if the request's cap is smaller.
    #[must_use]
    pub fn ignoring_the_cap(mut self) -> Reply {
        self.obeys_cap = false;
        self
    }

    /// Ends as a model does that declines: `content_filter`, or `refusal`.
    #[must_use]
    pub fn declining(mut self) -> Reply {
        self.refused = true;
        self
    }

    /// Thinks aloud first, in the dialect's own way.
    #[must_use]
    pub fn thinking(mut self, reasoning: impl Into<String>) -> Reply {
        self.reasoning = reasoning.into();
        self
    }

    /// The deltas of the text.
    pub(crate) fn deltas(&self) -> Vec<&str> {
        match self.chunks {
            Chunks::Tokens => tokens::split(&self.text),
            Chunks::Words => self.text.split_inclusive(' ').collect(),
            Chunks::Whole if self.text.is_empty() => Vec::new(),
            Chunks::Whole => vec![&self.text],
        }
    }
}

/// Why the text ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    End,
    Length,
    Sequence(String),
    Refused,
}

impl Reply {
    /// Applies the request's stop sequences and cap to the text.
    pub(crate) fn fit(&mut self, prompt: &Prompt) -> Ending {
        let stopped = prompt
            .stop
            .iter()
            .filter_map(|stop| self.text.find(stop).map(|at| (at, stop)))
            .min();
        let mut ending = if self.refused {
            Ending::Refused
        } else {
            Ending::End
        };
        if let Some((at, stop)) = stopped {
            self.text.truncate(at);
            ending = Ending::Sequence(stop.clone());
        }
        if let (true, Some(cap)) = (self.obeys_cap, prompt.max_tokens) {
            let cap = usize::try_from(cap).unwrap_or(usize::MAX);
            let mut thought = tokens::split(&self.reasoning);
            thought.truncate(cap);
            let left = cap - thought.len();
            self.reasoning = thought.concat();
            let pieces = tokens::split(&self.text);
            if pieces.len() > left {
                self.text = pieces[..left].concat();
                ending = Ending::Length;
            }
        }
        ending
    }

    /// Input, cached, written, output and reasoning tokens to report; none where the report is missing or raw.
    pub(crate) fn counts(&self, prompt: &Prompt) -> Option<[u64; 5]> {
        match self.usage {
            UsageReport::Computed => {
                let reasoning = tokens::count(&self.reasoning);
                Some([
                    prompt.tokens(),
                    0,
                    0,
                    tokens::count(&self.text) + reasoning,
                    reasoning,
                ])
            }
            UsageReport::Exact {
                input,
                cached_input,
                cache_write,
                output,
                reasoning,
            } => Some([input, cached_input, cache_write, output, reasoning]),
            UsageReport::Missing | UsageReport::Raw(_) => None,
        }
    }
}
