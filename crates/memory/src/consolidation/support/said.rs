//! A person's lines as they are read, one after another: the clauses of each, and the question that it answers.

use super::super::own;
use super::super::refusal::Unsupported;
use super::answering::{Asked, asked};
use super::clause::{self, About, Around, Clause, Next};
use super::frames::{self, Frame};
use super::lines::Line;
use super::spoken;

/// A line as it is read.
pub(super) struct Read {
    pub(super) clauses: Vec<Clause>,
    pub(super) question: Option<Asked>,
}

pub(super) fn read(lines: &[Line], names: &[&str]) -> Vec<Read> {
    let mut antecedent: Option<String> = None;
    let mut all: Vec<Read> = vec![];
    for (at, line) in lines.iter().enumerate() {
        let next = lines
            .get(at + 1)
            .map_or(Next::Nothing, |next| clause::next(next.text));
        let around = Around {
            names,
            before: line.before,
            next,
            antecedent: antecedent.take().or_else(|| mine(line)),
        };
        let mut clauses = clause::clauses(line.text, at, &around);
        if let Some(before) = line.before {
            echoes(&mut clauses, before);
        }
        let own = asks_itself(line.text);
        if own.is_some() {
            // It stands for what was asked, and is none of the words of the answer.
            for clause in clauses.iter_mut().filter(|clause| clause.sentence == 0) {
                clause.units.clear();
            }
        }
        antecedent = clauses.iter().rev().find_map(|clause| match &clause.about {
            About::Other(other) => Some(other.clone()),
            _ => clause.possessed.last().cloned(),
        });
        all.push(Read {
            clauses,
            question: own
                .and_then(|(question, answer)| asked(&question, &answer, names))
                .or_else(|| asked(line.before?, line.text, names)),
        });
    }
    all
}

/// A question at the head of a line that the line answers itself, and the answer: somebody says again what they were asked, as in
/// "A dog? One, called Wrench" and 你问我爱吃啥？糖油粑粑.
fn asks_itself(line: &str) -> Option<(String, String)> {
    let sentences = clause::sentences(line);
    let (question, answer) = sentences.split_first()?;
    let is_asked = |text: &str| text.trim_end().ends_with(['?', '？']);
    let is_said_again = ["你问", "您问", "You ask", "you ask"]
        .iter()
        .any(|asks| question.trim_start().starts_with(asks));
    let is_a_word = clause::units(&spoken::tokens(question), question).len() == 1;
    let answered = answer.first().filter(|answer| !is_asked(answer))?;
    // "Cats? I have a dog" says nothing of cats.
    let is_short = own::is_short(answered) && !answered.contains('我') && !has_a_subject(answered);
    (is_asked(question) && (is_said_again || is_a_word) && is_short)
        .then(|| (question.clone(), answer.concat()))
}

/// Whether it says itself of whom it tells: "I have a dog".
fn has_a_subject(sentence: &str) -> bool {
    let tokens = spoken::tokens(sentence);
    let first = tokens.first().map_or("", |token| token.text.as_str());
    own::FIRST.contains(&first) || matches!(first, "my" | "our")
}

/// "Mine drives a tram": whom of their own somebody else has just named.
fn mine(line: &Line) -> Option<String> {
    let says_mine = spoken::tokens(line.text)
        .iter()
        .any(|token| token.text == "mine");
    let before = spoken::tokens(line.before.filter(|_| says_mine)?);
    before
        .iter()
        .find(|token| clause::is_other(&token.text))
        .map(|token| clause::unit(&token.text))
}

/// Words that only repeat what somebody else has just said are theirs.
fn echoes(clauses: &mut [Clause], before: &str) {
    let is_asked = clause::sentences(before)
        .iter()
        .any(|sentence| frames::asks(&Frame::of(sentence)));
    if is_asked {
        return;
    }
    let theirs = clause::units(&spoken::tokens(before), &before.to_lowercase());
    for clause in clauses
        .iter_mut()
        .filter(|clause| clause.is_fragment && !clause.units.is_empty())
    {
        let same = clause
            .units
            .iter()
            .filter(|unit| theirs.contains(unit))
            .count();
        if same * 5 >= clause.units.len() * 3 {
            clause.fault = clause.fault.or(Some(Unsupported::OfAnother));
        }
    }
}
