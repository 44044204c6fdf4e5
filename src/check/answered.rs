//! What an answer shows of a model, line by line.

use companion::house::Model;
use ledger::Outcome;
use memory::consolidation;
use provider::{Field, Lesson, Request, Stop};

use super::asking::Answer;
use super::report::About;
use super::talk::Verdict;

/// Tells of a reply.
pub fn reply(about: &mut About<'_>, section: &str, model: &Model, answer: &Answer) -> Verdict {
    let stop = match &answer.result {
        Ok(stop) => stop,
        Err(error) => {
            about.wrong(error);
            return Verdict::Fails(error.clone());
        }
    };
    match fault(stop, &answer.text) {
        None => about.good(format!(
            "{} answers a real request{}; {}",
            model.provider.terms().key,
            times(answer),
            cost(model, answer)
        )),
        Some(Fault::Thought) => about.wrong(format!(
            "its thoughts used up the whole cap of {} tokens, and nothing was left for the reply. Raise cap in [{section}]{}; {}",
            model.cap,
            room(model),
            cost(model, answer)
        )),
        Some(fault) => about.wrong(format!(
            "a real request came to nothing: {}; {}",
            fault.line(),
            cost(model, answer)
        )),
    }
    if !matches!(answer.outcome, Outcome::Complete(_)) {
        about.note(format!(
            "it tells no usage, so every reply counts with all that was set aside for it, as this one did ({} tokens)",
            answer.receipt.tokens
        ));
    }
    if answer.receipt.breach {
        about.wrong("it took more than was set aside for it, and is quarantined: correct context_window, max_output or price, or set caps_certified = false");
    }
    Verdict::Answers
}

/// Tells of a reading of talk into notes.
pub fn reading(about: &mut About<'_>, model: &Model, answer: &Answer) {
    let stop = match &answer.result {
        Ok(stop) => stop,
        Err(error) => return about.wrong(format!("it does not read talk into notes: {error}")),
    };
    match (
        fault(stop, &answer.text),
        consolidation::read_sample(&answer.text),
    ) {
        (None, Ok(())) => about.good(format!(
            "it reads talk into notes{}; {}",
            times(answer),
            cost(model, answer)
        )),
        (None, Err(unreadable)) => about.note(format!(
            "what it makes of talk is no note: {unreadable}. Memory keeps no summary and no facts then; a larger model does better"
        )),
        (Some(Fault::Thought), _) => about.note(format!(
            "its thoughts used up the cap of a reading, so it came to no note{}",
            room(model)
        )),
        (Some(fault), _) => about.wrong(format!("it reads no talk into notes: {}", fault.line())),
    }
}

/// Tells of each field that endpoints differ about, and this one in what way. That a model has thought for too long was told
/// where it did.
pub fn lessons(about: &mut About<'_>, known: &[Lesson], before: &[Lesson]) {
    let told = |lesson: &&Lesson| match lesson.field {
        Field::Room => before.contains(lesson),
        // Most open their thoughts, or have none.
        Field::Thoughts => lesson.value > 0,
        _ => true,
    };
    for lesson in known.iter().filter(told) {
        about.note(format!("{}: {lesson}", lesson.cause()));
    }
}

/// Tells how replies are sampled, and readings of talk, which copy words on purpose. What was refused is not among it.
pub fn samplers(about: &mut About<'_>, model: &Model, reply: &Request, reading: Option<&Request>) {
    let of = |request| model.provider.samplers(request);
    let reading = reading.map(|reading| format!("; notes by {}", of(reading)));
    about.good(format!(
        "replies are sampled by {}{}",
        of(reply),
        reading.unwrap_or_default()
    ));
}

/// What is wrong with an answer that came.
enum Fault {
    Thought,
    Declined(String),
    Broken(String),
    Odd(String),
    Empty,
}

impl Fault {
    fn line(&self) -> String {
        match self {
            Self::Thought => "its thoughts used up the whole cap".to_owned(),
            Self::Declined(word) => {
                format!("the model, or a filter behind it, declined ({word})")
            }
            Self::Broken(word) => {
                format!("something broke at the provider in the middle of the answer ({word})")
            }
            Self::Odd(word) => format!("it ended for a reason of the provider's own ({word})"),
            Self::Empty => "the answer is empty".to_owned(),
        }
    }
}

fn fault(stop: &Stop, text: &str) -> Option<Fault> {
    match stop {
        Stop::Thought => Some(Fault::Thought),
        Stop::Refused(word) => Some(Fault::Declined(word.clone())),
        Stop::Failed(word) => Some(Fault::Broken(word.clone())),
        Stop::Other(word) => Some(Fault::Odd(word.clone())),
        Stop::End | Stop::Length | Stop::Sequence(_) => {
            text.trim().is_empty().then_some(Fault::Empty)
        }
    }
}

fn times(answer: &Answer) -> String {
    let whole = answer.whole.as_secs_f64();
    match answer.first {
        Some(first) => format!(
            ", the first words after {:.2} s and the last after {whole:.2} s",
            first.as_secs_f64()
        ),
        None => format!(" after {whole:.2} s"),
    }
}

/// What it has cost, as far as the ledger knows.
fn cost(model: &Model, answer: &Answer) -> String {
    match model.provider.terms().local {
        true => format!("free ({} tokens)", answer.receipt.tokens),
        false => format!("it cost {}", answer.usd),
    }
}

/// What is done about thoughts from now on.
fn room(model: &Model) -> String {
    let lessons = model.provider.manners().lessons();
    match lessons.iter().find(|lesson| lesson.field == Field::Room) {
        Some(lesson) => format!("; from now on {lesson}"),
        None => "; it is as high as max_output and context_window let it be, so raise these if they are lower than the truth"
            .to_owned(),
    }
}
