//! One reply while it is written: its text, piece by piece, and in the end what it did to its hold.

use std::fmt;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use ledger::{Hold, Outcome};
use tokio::time::{Duration, Instant, timeout_at};

use crate::complaint::Asked;
use crate::deadlines::{Deadlines, Stage};
use crate::error::ProviderError;
use crate::events::{Event, Halves, Reader};
use crate::evidence::Failure;
use crate::finish;
use crate::thinking::{Close, Habit, Thoughts};
use crate::transcript::{Ending, Read, Transcript};
use crate::transport::{self, Opened};

/// After the end mark the connection goes back to the pool if the body ends within this time.
const TAIL_WAIT: Duration = Duration::from_secs(1);

/// How long the end of a stream is waited for behind a finish reason and the usage.
const GOODBYE_WAIT: Duration = Duration::from_secs(10);
/// A reply that shows nothing and used up this part of its cap, in percent, has thought, whether it says so or not.
const ALL_THOUGHT: u64 = 90;

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
    halves: Halves,
    thoughts: Thoughts,
    habit: Habit,
    /// Whether any text was shown.
    shown: bool,
    /// The reply was cut by the cap, and most of it went to thinking.
    crowded: bool,
    /// All that matters has come: from then on the end is not waited for long.
    whole: bool,
    state: State,
    /// When the request went out, and when the last token came in.
    clock: Option<(Instant, Option<Instant>)>,
    /// Whether the provider keeps accounts: tells what it charged, and can be asked about the call later.
    keeps_accounts: bool,
    /// The provider's own name of the call, from the head of its answer.
    name: Option<String>,
    /// What was asked of whom; none if nothing was.
    asked: Option<Asked>,
}

enum State {
    Ready {
        client: reqwest::Client,
        request: Box<reqwest::Request>,
        asked: Asked,
    },
    Opening(BoxFuture<'static, Result<Opened, Failure>>),
    Reading(Box<Reader>),
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
            asked: asked.clone(),
        };
        Generation {
            deadlines,
            asked: Some(asked),
            ..Generation::of(hold, transcript, state)
        }
    }

    /// One of which nothing has been read yet.
    fn of(hold: Hold, transcript: Box<dyn Transcript>, state: State) -> Generation {
        Generation {
            hold,
            deadlines: Deadlines::default(),
            transcript,
            halves: Halves::default(),
            thoughts: Habit::default().thoughts(),
            habit: Habit::default(),
            shown: false,
            crowded: false,
            whole: false,
            state,
            clock: None,
            keeps_accounts: false,
            name: None,
            asked: None,
        }
    }

    /// Keeps the provider's own name of the call and its charge with the hold, if the provider keeps accounts.
    pub(crate) fn keeping_accounts(mut self, keeps: bool) -> Generation {
        self.keeps_accounts = keeps;
        self
    }

    /// Reads the reply as this model is known to write, and learns from it.
    pub(crate) fn with_habit(mut self, habit: &Habit) -> Generation {
        self.thoughts = habit.thoughts();
        self.habit = habit.clone();
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
        Generation::of(hold, transcript, state)
    }

    /// The next piece of text; none when the reply is over, whole or not. May be cancelled and called again.
    pub async fn next(&mut self) -> Option<String> {
        loop {
            let (deadline, stage) = self.deadline();
            match &mut self.state {
                State::Over { .. } => return None,
                State::Ready { .. } => self.send(),
                State::Opening(opening) => match timeout_at(deadline, opening).await {
                    Ok(Ok(Opened { reader, name })) => {
                        self.name = name;
                        self.state = State::Reading(Box::new(reader));
                    }
                    Ok(Err(failure)) => self.fail(failure),
                    Err(_) => self.fail(Failure::unknown(ProviderError::Deadline { stage })),
                },
                State::Reading(reader) => {
                    let event = timeout_at(deadline, reader.next()).await;
                    let text = match event {
                        Err(_) => {
                            self.break_off(Failure::unknown(ProviderError::Deadline { stage }))
                        }
                        Ok(Some(Err(failure))) => self.break_off(failure),
                        Ok(Some(Ok(event))) => self.hear(&event),
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
        match (&result, &self.asked) {
            (Ok(stop), Some(asked)) => {
                asked.taken();
                if *stop == Stop::Thought || self.crowded {
                    asked.thought();
                }
            }
            (Err(_), _) | (Ok(_), None) => {}
        }
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
        let between_tokens = if self.whole {
            between_tokens.min(GOODBYE_WAIT)
        } else {
            between_tokens
        };
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
    fn hear(&mut self, event: &Event) -> String {
        let read = match event {
            Event::Json { name, value } => self.transcript.read(name, value),
            Event::Done => Ok(Read::End),
        };
        match read {
            Ok(Read::Nothing) => {
                let ending = self.transcript.ending(false);
                self.whole = ending.is_some_and(|ending| ending.usage.is_some());
                String::new()
            }
            Ok(Read::Working) => {
                self.tick();
                String::new()
            }
            Ok(Read::Text(text)) => {
                self.tick();
                self.show(text)
            }
            Ok(Read::End) => self.close(true),
            Err(failure) => self.break_off(failure),
        }
    }

    /// What of a text is for people.
    fn show(&mut self, text: String) -> String {
        let whole = self.halves.pass(text);
        let shown = self.thoughts.pass(&whole);
        self.shown |= !shown.trim().is_empty();
        shown
    }

    /// What was held back until the end.
    fn rest(&mut self, close: Close) -> String {
        let half = self.halves.rest();
        let mut rest = self.show(half);
        rest.push_str(&self.thoughts.rest(close));
        self.habit.learn(&self.thoughts);
        self.shown |= !rest.trim().is_empty();
        rest
    }

    fn tick(&mut self) {
        if let Some((_, last)) = &mut self.clock {
            *last = Some(Instant::now());
        }
    }

    /// The stream is over; whether the reply is too, the transcript knows.
    fn close(&mut self, marked: bool) -> String {
        match self.transcript.ending(marked) {
            Some(ending) => self.conclude(ending),
            None => self.break_off(Failure::unknown(ProviderError::CutStream)),
        }
    }

    /// The reply is whole.
    fn conclude(
        &mut self,
        Ending {
            stop,
            usage,
            thought,
        }: Ending,
    ) -> String {
        let close = match stop {
            Stop::End | Stop::Sequence(_) => Close::Plain,
            _ => Close::Cut,
        };
        let rest = self.rest(close);
        let model = self.hold.model();
        if usage.is_none() {
            tracing::warn!(%model, "the reply came without a usable usage report; its full hold is posted");
        }
        let used_up = usage.is_some_and(|usage| {
            usage.output.saturating_mul(100) >= u64::from(self.hold.cap()) * ALL_THOUGHT
        });
        let stop = if stop == Stop::Length
            && !self.shown
            && (thought || self.thoughts.saw_thought() || used_up)
        {
            Stop::Thought
        } else {
            stop
        };
        self.crowded = stop == Stop::Length
            && usage.is_some_and(|usage| usage.reasoning > u64::from(self.hold.cap()) / 2);
        finish::tell(&stop, !self.shown, model);
        self.over(usage.map_or(Outcome::Unknown, Outcome::Complete), Ok(stop));
        rest
    }

    /// Something went wrong in the middle. Behind a finish reason the reply is whole all the same. Before it, what the
    /// answer says of itself counts only until the model has written something.
    fn break_off(&mut self, failure: Failure) -> String {
        if let Some(ending) = self.transcript.ending(false) {
            return self.conclude(ending);
        }
        let rest = self.rest(Close::Cut);
        let worked = matches!(self.clock, Some((_, Some(_))));
        self.fail(if worked {
            failure.after_work()
        } else {
            failure
        });
        rest
    }

    fn fail(&mut self, failure: Failure) {
        self.over(failure.outcome(), Err(failure.error));
    }

    fn over(&mut self, outcome: Outcome, result: Result<Stop, ProviderError>) {
        let is_whole = result.is_ok();
        let over = State::Over { outcome, result };
        let State::Reading(reader) = std::mem::replace(&mut self.state, over) else {
            return;
        };
        let skipped = reader.skipped();
        if skipped > 0 {
            let model = self.hold.model();
            tracing::warn!(%model, skipped, "events of the reply's stream could not be read and were passed over");
        }
        if is_whole {
            tokio::spawn(tail(reader));
        }
    }
}

/// Reads a body that should be over to its end, so that its connection can be used again. Not worth anyone's waiting.
async fn tail(mut reader: Box<Reader>) {
    let rest = async { while let Some(Ok(_)) = reader.next().await {} };
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
