//! A line cut into clauses, each with the frame that it stands in and with what takes it back.

use crate::oneself::claims_the_past;

use super::super::super::own::is_short;
use super::super::super::quotation::without_quotations;
use super::super::super::refusal::Unsupported;
use super::super::frames::{self, Frame};
use super::super::is_ideograph;
use super::parts::{parts, sentences};
use super::units::written_out;
use super::{About, Clause, clause};

/// How many parts of a sentence others' words and stories reach: whoever writes without full stops comes back to their own words.
const FRAMED: usize = 4;

/// What is known of a line besides its words.
pub(in super::super) struct Around<'a> {
    /// The names of the others in the room.
    pub(in super::super) names: &'a [&'a str],
    /// The line of somebody else right before it.
    pub(in super::super) before: Option<&'a str>,
    /// Whether its person says with their next line that it was a joke, or puts something else in its place.
    pub(in super::super) next: Next,
    /// The last one of the speaker's own who was named before it.
    pub(in super::super) antecedent: Option<String>,
}

/// What a next line says of the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Next {
    Nothing,
    Joke,
    Correction,
}

/// What a line says of the one before it.
pub(in super::super) fn next(line: &str) -> Next {
    let lower = line.to_lowercase();
    let first: String = lower
        .split_inclusive(['.', '!', '。', '！', '\n'])
        .take(2)
        .collect();
    let frame = Frame::of(&first);
    if frames::is_a_retraction(&frame) && frame.words().count() <= 14 {
        return Next::Joke;
    }
    match frames::takes_back(&frame.head()) {
        true => Next::Correction,
        false => Next::Nothing,
    }
}

/// The clauses of the line that has this number.
pub(in super::super) fn clauses(text: &str, line: usize, around: &Around) -> Vec<Clause> {
    let own = without_quotations(text);
    let whole = Frame::of(&own);
    let sentences = sentences(&own);
    let is_sneer = frames::is_a_sneer(&whole)
        || sentences
            .iter()
            .any(|sentence| frames::is_a_groan(&Frame::of(sentence)));
    let is_play = frames::is_all_played(&whole)
        || around.before.is_some_and(|before| {
            let before = Frame::of(before);
            frames::is_play(&before) || frames::is_fancy(&before) && is_short(&own)
        });
    let mut is_story = false;
    let mut clauses: Vec<Clause> = vec![];
    let mut antecedent = around.antecedent.clone();
    for (number, sentence) in sentences.iter().enumerate() {
        let from = clauses.len();
        let mut about = About::Speaker;
        let parts = parts(sentence);
        let asking = asking(sentence, &parts);
        for (place, (part, asks)) in parts.iter().zip(asking).enumerate() {
            let before = Frame::of(&parts[..place].join(" "));
            let near = Frame::of(&parts[place.saturating_sub(FRAMED)..place].join(" "));
            let mut clause = clause(part, &about, &mut antecedent, around.names);
            let here = Frame::of(part);
            clause.fault = match () {
                () if asks => Some(Unsupported::Supposed),
                () if is_sneer => Some(Unsupported::Unmeant),
                () if is_play || is_story => Some(Unsupported::Fiction),
                () => frames::fault(&here, &near, &before),
            };
            (clause.line, clause.sentence) = (line, number);
            // "Dogsitting for my boss, a great dane"
            let last = clauses[from..].last();
            clause.has &= !clause.is_fragment || last.is_none_or(|last| last.has);
            clause.calls_off = frames::calls_off(&here);
            clause.is_over = frames::gives_away(&here);
            about = clause.about.clone();
            // What takes back takes back all that the line said before it.
            let at = clauses.len();
            let is_sorry = here.words().eq(["sorry"]) && parts.last() != Some(part);
            if frames::is_a_retraction(&here) {
                blame(&mut clauses, Unsupported::Unmeant);
                clause.fault = Some(Unsupported::Unmeant);
            } else if frames::is_over(&here) {
                for clause in &mut clauses {
                    clause.is_over = true;
                }
            } else if frames::takes_back(&here) || is_sorry {
                take_back(&mut clauses, at);
            }
            clauses.push(clause);
        }
        // Some of what takes back is longer than a part.
        let frame = Frame::of(sentence);
        is_story |= frames::opens_a_story(&frame);
        if frames::disclaims(&frame) {
            blame(&mut clauses, Unsupported::Hearsay);
        }
        if number > 0 && frames::walks_back(&frame) {
            blame(&mut clauses[..from], Unsupported::Unmeant);
        }
        let here = &clauses[from..];
        if frames::is_a_retraction(&frame)
            && here
                .iter()
                .all(|clause| clause.fault != Some(Unsupported::Unmeant))
        {
            blame(&mut clauses, Unsupported::Unmeant);
        } else if frames::takes_back(&frame)
            && here.iter().all(|clause| clause.taken_back.is_none())
        {
            take_back(&mut clauses[..from], from);
        }
    }
    match around.next {
        Next::Nothing => {}
        Next::Joke | Next::Correction => {
            let all = clauses.len();
            take_back(&mut clauses, all);
        }
    }
    clauses
}

/// None of these says anything any more, for this reason.
fn blame(clauses: &mut [Clause], reason: Unsupported) {
    for clause in clauses {
        clause.fault = clause.fault.or(Some(reason));
    }
}

/// These were taken back by what begins at this place.
fn take_back(clauses: &mut [Clause], from: usize) {
    for clause in clauses
        .iter_mut()
        .filter(|clause| clause.taken_back.is_none())
    {
        clause.taken_back = Some(from);
    }
}

/// Which parts of a sentence ask: all of it, or where it began with a statement of its person's only the end.
fn asking(sentence: &str, parts: &[String]) -> Vec<bool> {
    let asks = |text: &str| frames::is_question(&Frame::of(text));
    let marked = sentence.trim_end().ends_with(['?', '？']);
    let states = |part: &str| {
        let words = written_out(part);
        [" i ", " my ", " we ", " our "]
            .iter()
            .any(|begin| words.starts_with(begin))
            || part.trim_start().starts_with('我')
    };
    let is_stated = parts.len() > 1
        && parts
            .first()
            .is_some_and(|first| states(first) && !asks(first));
    match (asks(sentence), is_stated) {
        // "I said that I would move, right?" asks for what was said.
        (true, _) if marked && claims_the_past(sentence) => vec![true; parts.len()],
        (true, true) => (1..=parts.len())
            .map(|at| marked && at == parts.len() || asks(&parts[at - 1]))
            .collect(),
        (true, false) if marked || !sentence.chars().any(is_ideograph) => vec![true; parts.len()],
        // Chinese strings sentences together with commas.
        _ => parts
            .iter()
            .map(|part| part.chars().any(is_ideograph) && asks(part))
            .collect(),
    }
}
