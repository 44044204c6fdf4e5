//! What a model is asked of a batch, all of it at once or message by message, and what it answered.

use store::consolidations::Reading;
use store::turns::Turn;

use super::{Batch, answer, mood, person, question};

/// The text of a question to a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What it is asked for.
    pub reading: Reading,
    /// What it is to do.
    pub system: String,
    /// How it was done before.
    pub examples: Vec<Example>,
    /// What it is to read.
    pub text: String,
    /// The JSON Schema of its answer, for endpoints that hold a model to one.
    pub schema: serde_json::Value,
    /// The one message that it shows; `None` where it shows more.
    pub(super) asked: Option<Asked>,
    /// Whether it shows what the last answer left out of its message.
    pub(super) is_for_the_rest: bool,
}

impl Question {
    /// Whether it shows one message and nothing else.
    pub fn is_of_a_message(&self) -> bool {
        self.asked.is_some()
    }

    /// Whether it is asked for the rest of what the last answer told.
    pub fn is_for_the_rest(&self) -> bool {
        self.is_for_the_rest
    }
}

/// A question that was answered as it should be, about talk that never was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// What was to be read.
    pub asked: String,
    /// What was answered.
    pub answered: String,
}

/// Whose message a question shows, as they are called there, and its number among those that are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) about: String,
    pub(super) number: i64,
    /// Its words, where a part of them may be shown once more.
    pub(super) said: Option<String>,
}

/// How much one question for facts shows of what is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Portion {
    /// All of it.
    Whole,
    /// One message.
    Message,
}

/// A question and what a model answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// What it was asked.
    pub question: Question,
    /// Its words.
    pub answer: String,
}

impl Answered {
    /// What to ask next about the same message: of a message that tells three things a small model tells two.
    pub fn rest(&self) -> Option<Question> {
        let asked = self.question.asked.as_ref()?;
        let claims = answer::read(&self.answer)?.claims?;
        question::rest(asked, &claims)
    }
}

/// An answer in which there was nothing to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the model's answer holds no JSON object with a summary or facts")]
pub struct Unreadable;

/// A question as a model is asked one, about talk that never was: whether it can answer at all. It is the one for facts,
/// whose answer has the more intricate shape.
#[must_use]
pub fn sample(portion: Portion) -> Question {
    question::sample(portion)
}

/// Whether there is anything to read in an answer.
///
/// # Errors
/// If there is not.
pub fn read_sample(answer: &str) -> Result<(), Unreadable> {
    answer::read(answer).map(drop).ok_or(Unreadable)
}

impl Batch {
    /// What to ask a model about all of it.
    pub fn question(&self, persona: &str) -> Question {
        question::whole(self, persona, &self.names([persona]))
    }

    /// What to ask a model, one question after another. The bot's own account may have a name too: a member who is called so
    /// is not taken for it.
    pub fn questions(
        &self,
        portion: Portion,
        persona: &str,
        account: Option<&str>,
    ) -> Vec<Question> {
        let names = self.names([persona].into_iter().chain(account));
        match (self.reading, portion) {
            (Reading::Facts, Portion::Message) => question::by_message(self, persona, &names),
            _ => vec![question::whole(self, persona, &names)],
        }
    }

    /// It as far as its questions were answered before one was not. What comes behind is still looked at, for it may take
    /// something back. `None` where no question about a message was answered.
    pub fn until(&self, answered: &[Answered]) -> Option<Self> {
        let last = answered.last()?.question.asked.as_ref()?.number;
        Some(Self {
            through: self.progress.through + last,
            ..self.clone()
        })
    }

    /// Whether somebody speaks of a change in this line, and what they said before is known.
    pub(super) fn may_replace(&self, turn: &Turn) -> bool {
        let known = |user| self.known.iter().any(|fact| fact.about == user);
        mood::is_a_change(&turn.text) && person(turn).is_some_and(known)
    }
}
