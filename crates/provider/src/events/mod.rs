//! An answer's body as events, whatever label it came under: a stream of events, lines of JSON, one whole JSON, packed or
//! not. What cannot be read is passed over and counted; what has no end is given up.

mod fault;
mod framing;
mod json;
mod surrogates;
mod unpack;

use std::collections::VecDeque;
use std::pin::Pin;

use futures_util::{Stream, StreamExt, TryStreamExt};
use ledger::Outcome;
use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use serde_json::Value;

use crate::error::ProviderError;
use crate::evidence::Failure;

use framing::{Flaw, Frame, Framing};

pub(crate) use fault::find as find_error;
pub(crate) use surrogates::Halves;
pub(crate) use unpack::Unpacking;

/// The largest answer in bytes, unpacked. A reply of 32k tokens, a chunk each, is about 8 MiB.
const LARGEST_BODY: usize = 32 * 1024 * 1024;
/// What ends a stream of OpenAI's dialect; some relays end every stream with it.
const END_MARK: &str = "[DONE]";

/// One event that could be read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Event {
    /// A JSON object, and the name of its event where it has one.
    Json { name: String, value: Value },
    /// `[DONE]`.
    Done,
}

type Bytes = Pin<Box<dyn Stream<Item = Result<Vec<u8>, Cut>> + Send>>;

/// The connection broke.
struct Cut;

/// Reads one body. Waiting for the next event may be cancelled and taken up again.
pub(crate) struct Reader {
    host: String,
    /// None once the body is over.
    bytes: Option<Bytes>,
    unpacking: Unpacking,
    framing: Framing,
    ready: VecDeque<Event>,
    body: usize,
    read: u64,
    skipped: u64,
    failure: Option<Failure>,
}

impl Reader {
    /// Of the answer of this host.
    pub(crate) fn new(response: Response, host: String) -> Reader {
        let coding = coding(response.headers());
        let bytes = response.bytes_stream().map_ok(Vec::from).map_err(|_| Cut);
        Reader::over(Box::pin(bytes), &coding, host)
    }

    fn over(bytes: Bytes, coding: &str, host: String) -> Reader {
        Reader {
            host,
            bytes: Some(bytes),
            unpacking: Unpacking::new(coding),
            framing: Framing::default(),
            ready: VecDeque::new(),
            body: 0,
            read: 0,
            skipped: 0,
            failure: None,
        }
    }

    /// How many events could not be read so far.
    pub(crate) fn skipped(&self) -> u64 {
        self.skipped
    }

    /// The next event; none when the body has ended properly. After a failure nothing more comes.
    pub(crate) async fn next(&mut self) -> Option<Result<Event, Failure>> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(Ok(event));
            }
            let Some(bytes) = &mut self.bytes else {
                return self.failure.take().map(Err);
            };
            match bytes.next().await {
                Some(Ok(chunk)) => self.take(&chunk),
                Some(Err(Cut)) => self.end(Some(Failure::unknown(ProviderError::CutStream))),
                None => self.end(None),
            }
        }
    }

    /// Takes bytes from the wire in.
    fn take(&mut self, chunk: &[u8]) {
        let room = LARGEST_BODY - self.body;
        match self.unpacking.pass(chunk, room) {
            Ok(plain) => {
                self.body += plain.len();
                let fed = self.framing.pass(&plain);
                self.collect(false);
                if let Err(flaw) = fed {
                    self.give_up(flaw);
                }
            }
            Err(broken) => self.end(Some(Failure::unknown(ProviderError::Protocol {
                why: broken.why(),
            }))),
        }
    }

    /// Reads the frames that are ready. What the end of the body left unfinished is nobody's mistake.
    fn collect(&mut self, unfinished: bool) {
        for frame in self.framing.frames() {
            let (events, lost) = events(frame, unfinished);
            self.read += events.len() as u64;
            self.skipped += u64::from(lost && !unfinished);
            self.ready.extend(events);
        }
    }

    /// The body is over. An event that is whole but for the blank line behind it counts.
    fn end(&mut self, failure: Option<Failure>) {
        self.bytes = None;
        let strange = self.framing.finish();
        self.collect(true);
        let unreadable = self.read == 0 && (self.skipped > 0 || strange);
        self.failure = failure.or_else(|| {
            unreadable.then(|| {
                Failure::unknown(ProviderError::Protocol {
                    why: "it is no stream of events",
                })
            })
        });
    }

    fn give_up(&mut self, flaw: Flaw) {
        self.bytes = None;
        self.failure = Some(match flaw {
            Flaw::TooLarge => Failure::unknown(ProviderError::Protocol {
                why: "it is too large",
            }),
            Flaw::WebPage => web_page(&self.host),
        });
    }
}

/// What a web page in place of an answer means: no model is there, and none ran.
pub(crate) fn web_page(host: &str) -> Failure {
    Failure {
        outcome: Outcome::NotRun,
        error: ProviderError::NotAModel {
            host: host.to_owned(),
            why: "it answers with a web page",
        },
    }
}

/// How a body says that it is packed.
pub(crate) fn coding(headers: &HeaderMap) -> String {
    let coding = headers.get(CONTENT_ENCODING);
    let coding = coding.and_then(|coding| coding.to_str().ok());
    coding.unwrap_or_default().trim().to_ascii_lowercase()
}

/// The events in a frame: mostly one, several where a separator was lost, none where it cannot be read. Also whether a part
/// of it was lost.
fn events(Frame { name, data }: Frame, unfinished: bool) -> (Vec<Event>, bool) {
    let bare: String = data.chars().filter(|c| !c.is_whitespace()).collect();
    if bare.eq_ignore_ascii_case(END_MARK) {
        return (vec![Event::Done], false);
    }
    let (values, rest) = json::values(&data);
    if name == "error" && !(values.is_empty() && unfinished) {
        return (vec![error_event(values, data)], false);
    }
    let mut events: Vec<Event> = values
        .into_iter()
        .filter(Value::is_object)
        .map(|value| Event::Json {
            name: name.clone(),
            value,
        })
        .collect();
    let ends = bare.ends_with(END_MARK);
    if !events.is_empty() && ends {
        events.push(Event::Done);
    }
    let lost = events.is_empty() || !(rest.is_empty() || ends);
    (events, lost)
}

/// An event whose name says that it is an error, in the shape that errors have elsewhere.
fn error_event(values: Vec<Value>, data: String) -> Event {
    let said = values.into_iter().next().unwrap_or(Value::String(data));
    let value = if said.get("error").is_some() {
        said
    } else {
        serde_json::json!({ "error": said })
    };
    Event::Json {
        name: "error".to_owned(),
        value,
    }
}

#[cfg(test)]
mod tests;
