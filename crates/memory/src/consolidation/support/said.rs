//! A person's lines as they are read, one after another: the clauses of each, and the question that it answers.

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
        antecedent = clauses.iter().rev().find_map(|clause| match &clause.about {
            About::Other(other) => Some(other.clone()),
            _ => clause.possessed.last().cloned(),
        });
        all.push(Read {
            clauses,
            question: line
                .before
                .and_then(|before| asked(before, line.text, names)),
        });
    }
    all
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
