//! A claim held against a person's lines: those that it cites, then, since models cite wrong lines, those around them, then two
//! that follow each other.

use super::super::refusal::Unsupported;
use super::claim::Claim;
use super::said;

/// A line of a person, as a claim about them is held against it.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Line<'a> {
    pub(in super::super) text: &'a str,
    /// The line of somebody else right before it, which it may answer.
    pub(in super::super) before: Option<&'a str>,
    /// Whether the claim cites it.
    pub(in super::super) cited: bool,
    pub(in super::super) number: i64,
}

/// The lines that support a claim about whoever is called so, by their places: one, or several of which each says it, or two
/// that say it together. `names` are those of the others in the room.
pub(in super::super) fn support(
    fact: &str,
    name: &str,
    lines: &[Line],
    names: &[&str],
) -> Result<Vec<usize>, Unsupported> {
    let claim = Claim::of(fact, name, names);
    let read = said::read(lines, names);
    let mut order: Vec<usize> = (0..lines.len()).collect();
    let cited: Vec<i64> = lines
        .iter()
        .filter(|line| line.cited)
        .map(|line| line.number)
        .collect();
    let distance = |at: &usize| {
        let number = lines[*at].number;
        cited
            .iter()
            .map(|cited| (cited - number).abs())
            .min()
            .unwrap_or(0)
    };
    order.sort_by_key(|at| (distance(at), *at));
    let mut nearest = Unsupported::Unsaid;
    let mut supporting: Vec<usize> = vec![];
    for at in &order {
        match claim.stands_in(&read[*at..=*at]) {
            Ok(()) => supporting.push(*at),
            Err(reason) => nearest = nearest.max(reason),
        }
    }
    // All that were cited and say it, or else the one that is nearest to those.
    let said: Vec<usize> = supporting
        .iter()
        .copied()
        .filter(|at| lines[*at].cited)
        .collect();
    if !said.is_empty() {
        return Ok(said);
    }
    if let Some(first) = supporting.first() {
        return Ok(vec![*first]);
    }
    for at in order.iter().filter(|at| **at + 1 < lines.len()) {
        match claim.stands_in(&read[*at..=*at + 1]) {
            Ok(()) => return Ok(vec![*at, *at + 1]),
            Err(reason) => nearest = nearest.max(reason),
        }
    }
    Err(nearest)
}
