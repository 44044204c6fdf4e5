//! One reply while it is written: its text, piece by piece, and in the end what it did to its hold.

use std::fmt;

use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt};
use ledger::{Hold, Outcome};
use tokio::time::{Duration, Instant, timeout_at};

use crate::complaint::Asked;
use crate::deadlines::{Deadlines, Stage};
use crate::error::ProviderError;
use crate::evidence::Failure;
use crate::thinking::Thoughts;
use crate::transcript::{Ending, Read, Transcript};
use crate::transport::{self, Events, Opened};

/// After the end mark the connection goes back to the pool if the body ends within this time.
const TAIL_WAIT: Duration = Duration::from_secs(1);

/// Why a reply ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The model was done.
    End,
    /// The cap, or the context window, was reached: the last sentence may be cut.
    Length,
    /// This stop sequence came up.
    Sequence(String),
    /// The model or a filter behind it declined, for this reason in the provider's word. What was shown before may be
    /// nothing.
    Refused(String),
    /// Something broke at the provider, in its word: the reply is not whole.
    Failed(String),
    /// The cap was reached, and all of it was spent on thinking: nothing was shown.
    Thought,
    /// Something else, in the provider's word: a tool call, a pause.
    Other(String),
}

/// What is left when a generation is over. The hold goes to the ledger with the outcome.
#[derive(Debug)]
pub struct Finished {
    /// The hold, to be settled now.
    pub hold: Hold,
    /// What the call may have cost.
    pub outcome: Outcome,
    /// Why the reply ended, or why it is not whole.
    pub result: Result<Stop, ProviderError>,
}

/// A running reply. Nothing is sent before the first [`Generation::next`]; if it is dropped, the ledger posts the full
/// hold.
#[must_use = "a generation that is not finished costs its whole hold"]
pub struct Generation {
    hold: Hold,
    deadlines: Deadlines,
    transcript: Box<dyn Transcript>,
    thoughts: Thoughts,
    state: State,
    /// When the request went out, and when the last token came in.
    clock: Option<(Instant, Option<Instant>)>,
    /// Whether the provider keeps accounts: tells what it charged, and can be asked about the call later.
    keeps_accounts: bool,
    /// The provider's own name of the call, from the head of its answer.
    name: Option<String>,
}

enum State {
    Ready {
        client: reqwest::Client,
        request: Box<reqwest::Request>,
        asked: Asked,
    },
    Opening(BoxFuture<'static, Result<Opened, Failure>>),
    Reading(Events),
    Over {
        outcome: Outcome,
        result: Result<Stop, ProviderError>,
    },
}

impl Generation {
    pub(crate) fn new(
        hold: Hold,
        (client, deadlines): (reqwest::Client, Deadlines),
        (request, asked): (reqwest::Request, Asked),
        transcript: Box<dyn Transcript>,
    ) -> Generation {
        let state = State::Ready {
            client,
            request: Box::new(request),
            asked,
        };
        Generation {
            hold,
            deadlines,
            transcript,
            thoughts: Thoughts::default(),
            state,
            clock: None,
            keeps_accounts: false,
            name: None,
        }
    }

    /// Keeps the provider's own name of the call and its charge with the hold, if the provider keeps accounts.
    pub(crate) fn keeping_accounts(mut self, keeps: bool) -> Generation {
        self.keeps_accounts = keeps;
        self
    }

    /// A generation that is over before anything was sent.
    pub(crate) fn unsent(
        hold: Hold,
        transcript: Box<dyn Transcript>,
        error: ProviderError,
    ) -> Generation {
        let state = State::Over {
            outcome: Outcome::NothingSent,
            result: Err(error),
        };
        Generation {
            hold,
            deadlines: Deadlines::default(),
            transcript,
            thoughts: Thoughts::default(),
            state,
            clock: None,
            keeps_accounts: false,
            name: None,
        }
    }

    /// The next piece of text; none when the reply is over, whole or not. May be cancelled and called again.
    pub async fn next(&mut self) -> Option<String> {
        loop {
            let (deadline, stage) = self.deadline();
            match &mut self.state {
                State::Over { .. } => return None,
                State::Ready { .. } => self.send(),
                State::Opening(opening) => match timeout_at(deadline, opening).await {
                    Ok(Ok(Opened { events, name })) => {
                        self.name = name;
                        self.state = State::Reading(events);
                    }
                    Ok(Err(failure)) => self.fail(failure),
                    Err(_) => self.fail(Failure::unknown(ProviderError::Deadline { stage })),
                },
                State::Reading(events) => {
                    let event = timeout_at(deadline, events.next()).await;
                    let text = match event {
                        Err(_) => {
                            self.break_off(Failure::unknown(ProviderError::Deadline { stage }))
                        }
                        Ok(Some(Err(error))) => self.break_off(Failure::unknown(error)),
                        Ok(Some(Ok(data))) => self.hear(&data),
                        Ok(None) => self.close(false),
                    };
                    if !text.is_empty() {
                        return Some(text);
                    }
                }
            }
        }
    }

    /// Ends the generation, whole or not, and gives the hold back for settling. If the reply is not over yet, it is cut
    /// off here: what it cost is then unknown.
    #[must_use]
    pub fn finish(mut self) -> Finished {
        let name = self.transcript.name().or(self.name.as_deref());
        if self.keeps_accounts {
            if let Some(name) = name {
                self.hold.name_generation(name);
            }
            if let Some(charge) = self.transcript.charge() {
                self.hold.note_charge(charge);
            }
        }
        let (outcome, result) = match self.state {
            State::Over { outcome, result } => (outcome, result),
            State::Ready { .. } => (Outcome::NothingSent, Err(ProviderError::Stopped)),
            State::Opening(_) | State::Reading(_) => {
                (Outcome::Unknown, Err(ProviderError::Stopped))
            }
        };
        Finished {
            hold: self.hold,
            outcome,
            result,
        }
    }

    fn send(&mut self) {
        let over = State::Over {
            outcome: Outcome::Unknown,
            result: Err(ProviderError::Stopped),
        };
        match std::mem::replace(&mut self.state, over) {
            State::Ready {
                client,
                request,
                asked,
            } => {
                self.clock = Some((Instant::now(), None));
                self.state = State::Opening(transport::open(client, *request, asked).boxed());
            }
            other => self.state = other,
        }
    }

    /// The deadline that comes first, and its name.
    fn deadline(&self) -> (Instant, Stage) {
        let Deadlines {
            first_token,
            between_tokens,
            total,
            ..
        } = self.deadlines;
        let (sent, last) = self.clock.unwrap_or((Instant::now(), None));
        let stage = match last {
            None => (sent + first_token, Stage::FirstToken),
            Some(last) => (last + between_tokens, Stage::BetweenTokens),
        };
        if sent + total < stage.0 {
            (sent + total, Stage::Total)
        } else {
            stage
        }
    }

    /// Takes one event in, and returns what is to be shown.
    fn hear(&mut self, data: &str) -> String {
        match self.transcript.read(data) {
            Ok(Read::Nothing) => String::new(),
            Ok(Read::Working) => {
                self.tick();
                String::new()
            }
            Ok(Read::Text(text)) => {
                self.tick();
                self.thoughts.pass(text)
            }
            Ok(Read::End) => {
                if let State::Reading(events) = &mut self.state {
                    tokio::spawn(tail(std::mem::replace(events, transport::no_events())));
                }
                self.close(true)
            }
            Err(failure) => self.break_off(failure),
        }
    }

    fn tick(&mut self) {
        if let Some((_, last)) = &mut self.clock {
            *last = Some(Instant::now());
        }
    }

    /// The stream is over; whether the reply is too, the transcript knows.
    fn close(&mut self, marked: bool) -> String {
        let Some(Ending { stop, usage }) = self.transcript.ending(marked) else {
            return self.break_off(Failure::unknown(ProviderError::CutStream));
        };
        if usage.is_none() {
            tracing::warn!(model = %self.hold.model(), "the reply came without a usable usage report; its full hold is posted");
        }
        self.state = State::Over {
            outcome: usage.map_or(Outcome::Unknown, Outcome::Complete),
            result: Ok(stop),
        };
        self.thoughts.rest()
    }

    /// What the answer says of itself counts only until the model has written something.
    fn break_off(&mut self, failure: Failure) -> String {
        let worked = matches!(self.clock, Some((_, Some(_))));
        self.fail(if worked {
            failure.after_work()
        } else {
            failure
        });
        self.thoughts.rest()
    }

    fn fail(&mut self, failure: Failure) {
        self.state = State::Over {
            outcome: failure.outcome(),
            result: Err(failure.error),
        };
    }
}

/// Reads a body that should be over to its end, so that its connection can be used again. Not worth anyone's waiting.
async fn tail(mut events: Events) {
    let rest = async { while let Some(Ok(_)) = events.next().await {} };
    let _ = tokio::time::timeout(TAIL_WAIT, rest).await;
}

impl fmt::Debug for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.state {
            State::Ready { .. } => "ready",
            State::Opening(_) => "opening",
            State::Reading(_) => "reading",
            State::Over { .. } => "over",
        };
        f.debug_struct("Generation")
            .field("state", &state)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generation_can_move_between_threads() {
        fn movable<T: Send>() {}
        movable::<Generation>();
        movable::<Finished>();
    }
}
