//! How much of the talk is read at once, how much of it one question shows, and how long an answer may be.

use memory::consolidation::{Pace, Portion, Question, Reading};
use provider::{Message, Request, Role, Schema};

use crate::house::{House, Model};

/// The most tokens of an answer with the facts of many messages, and of one.
const CAP_OF_FACTS: u32 = 380;
const CAP_OF_A_MESSAGE: u32 = 160;
/// The most tokens of an answer with a summary.
const CAP_OF_A_SUMMARY: u32 = 320;
/// Turns that are read at once, at most.
const MOST_TURNS: i64 = 40;
/// Turns that a model at a server of one's own reads for facts at once, and that make it do so. It is asked about one message
/// after another: such models are small, and overlook in a long question what they find in a short one; and there a call more
/// costs nothing.
const TURNS_OF_A_SMALL_MODEL: i64 = 12;
/// Tokens of turns that are read at once, at most.
const MOST_TOKENS: usize = 2_400;
/// What a question takes besides the turns: the task, the old summary, the known facts, the shape of the answer.
const AROUND: usize = 1_300;
/// Less is not worth a call.
const FEWEST_TOKENS: usize = 200;

/// How much this model reads at once; `None` where its context window has no room for it.
pub(super) fn pace(model: &Model, reading: Reading, every: i64) -> Option<Pace> {
    let terms = model.provider.terms();
    let window = terms.context_window as usize;
    let longest = Reading::ALL
        .map(|reading| cap(model, most_of(reading)))
        .into_iter();
    let room = window.saturating_sub(longest.max().unwrap_or_default() as usize + AROUND);
    let is_short = reading == Reading::Facts && portion(model) == Portion::Message;
    let (every, most) = match is_short {
        true => (every.min(TURNS_OF_A_SMALL_MODEL), TURNS_OF_A_SMALL_MODEL),
        false => (every, MOST_TURNS.max(every)),
    };
    (room >= FEWEST_TOKENS).then(|| Pace {
        every,
        most,
        max_tokens: room.min(MOST_TOKENS),
    })
}

/// What is interrupted again and again is read in smaller pieces, so that one fits between two replies.
pub(super) fn in_pieces(house: &House, model: &Model, pace: Pace) -> Pace {
    let interruptions = house.slots.interruptions(&*model.provider);
    let piece = pace.max_tokens >> interruptions.min(8);
    Pace {
        max_tokens: piece.max(FEWEST_TOKENS),
        ..pace
    }
}

/// How much of what is read one question for facts shows this model.
pub(crate) fn portion(model: &Model) -> Portion {
    match model.provider.terms().local {
        true => Portion::Message,
        false => Portion::Whole,
    }
}

fn most_of(reading: Reading) -> u32 {
    match reading {
        Reading::Facts => CAP_OF_FACTS,
        Reading::Summary => CAP_OF_A_SUMMARY,
    }
}

fn cap(model: &Model, most: u32) -> u32 {
    let terms = model.provider.terms();
    let answer = most.min(terms.max_output).min(terms.context_window / 4);
    model.with_room(answer)
}

/// A question as it goes to a model.
pub(crate) fn request(model: &Model, question: &Question, shaped: bool) -> Request {
    let said = |role, text: &str| Message {
        role,
        text: text.to_owned(),
    };
    let examples = question.examples.iter().flat_map(|example| {
        [
            said(Role::User, &example.asked),
            said(Role::Assistant, &example.answered),
        ]
    });
    // Sentences about one message, which alone are shown how to be written.
    let most = match question.examples.is_empty() {
        true => most_of(question.reading),
        false => CAP_OF_A_MESSAGE,
    };
    Request {
        system: vec![question.system.clone()],
        stable: 1,
        messages: examples.chain([said(Role::User, &question.text)]).collect(),
        cap: cap(model, most),
        temperature: Some(0.0),
        schema: shaped.then(|| Schema {
            name: "notes".into(),
            schema: question.schema.clone(),
        }),
        ..Request::default()
    }
}
