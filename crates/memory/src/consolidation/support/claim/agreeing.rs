//! How a claim and what was said have to agree beyond their words: words that were said apart are not put together, a number
//! counts what it counted, and where somebody comes from is not where they go to.

use super::super::clause::{Clause, Way};
use super::standing::Said;

/// The clause that says most of a clause of a claim; of several the first.
pub(super) fn base<'a>(
    claimed: &Clause,
    anchors: &[(usize, &'a Clause)],
) -> Option<(usize, &'a Clause)> {
    let most = |best: (usize, &'a Clause), next: &(usize, &'a Clause)| match shared(claimed, next.1)
        > shared(claimed, best.1)
    {
        true => *next,
        false => best,
    };
    let first = *anchors.first()?;
    Some(anchors.iter().fold(first, most))
}

/// Whether a clause is the one next to its base, or what a base without a subject and a verb of its own goes on from.
pub(super) fn is_near(said: &[Said], at: usize, base: usize) -> bool {
    let goes_on = base > at
        && said[base].0.is_fragment
        && said[at + 1..base]
            .iter()
            .all(|(between, _)| between.is_fragment);
    goes_on || at.abs_diff(base) == 1 && said[at].0.sentence == said[base].0.sentence
}

fn shared(claimed: &Clause, clause: &Clause) -> usize {
    let is_shared = |unit: &&String| claimed.units.contains(unit);
    clause.units.iter().filter(is_shared).count()
}

/// Whether a clause may say a part of what its base does not: it has no verb of its own, or points back, or tells of hardly
/// anything else.
pub(super) fn goes_with(
    claimed: &Clause,
    clause: &Clause,
    base: Option<&Clause>,
    is_near: bool,
) -> bool {
    let Some(base) = base else {
        return true;
    };
    if !leads_the_same_way(claimed, clause) {
        return false;
    }
    if std::ptr::eq(base, clause) || base.points_back || clause.points_back {
        return true;
    }
    let (count, all) = (shared(claimed, clause), clause.units.len());
    if has_its_own_number(claimed, clause, base)
        || has_its_own_number(claimed, base, clause)
        || has_its_own_place(claimed, base, clause)
    {
        return false;
    }
    if clause.is_fragment || base.is_fragment && is_near {
        return true;
    }
    let brings_a_place = (claimed.led.iter())
        .any(|(_, unit)| clause.units.contains(unit) && !base.units.contains(unit));
    match brings_a_place || is_other_count(claimed, clause, base) {
        true => count == all && is_near,
        false => 2 * count >= all,
    }
}

/// Whether the one has a number that is not the claim's, where the other brings the one that is.
fn has_its_own_number(claimed: &Clause, one: &Clause, other: &Clause) -> bool {
    let is_number = |unit: &&String| unit.chars().any(char::is_numeric);
    let has = |clause: &Clause, wanted: bool| {
        let mut numbers = clause.units.iter().filter(is_number);
        numbers.any(|unit| claimed.units.contains(unit) == wanted)
    };
    has(one, false) && !has(one, true) && has(other, true)
}

/// Whether the base has a place that is not the claim's, where the clause brings the one that is.
fn has_its_own_place(claimed: &Clause, base: &Clause, clause: &Clause) -> bool {
    let is_claimed = |unit: &String| claimed.units.contains(unit);
    let brought =
        |(_, place): &(Way, String)| clause.units.contains(place) && !base.units.contains(place);
    claimed.led.iter().any(brought) && base.led.iter().any(|(_, place)| !is_claimed(place))
}

/// Whether a clause counts what its base counts too, in another number: one of the two is not the claim's.
fn is_other_count(claimed: &Clause, clause: &Clause, base: &Clause) -> bool {
    counted(clause).any(|(number, thing)| {
        claimed.units.iter().any(|unit| unit == number)
            && counted(base).any(|(other, same)| same == thing && other != number)
    })
}

/// Whether what it tells of lies the same way: "from Porto" is not "to Porto", nor "in Porto".
fn leads_the_same_way(claimed: &Clause, clause: &Clause) -> bool {
    claimed.led.iter().all(|(way, place)| {
        let ways: Vec<&Way> = (clause.led.iter())
            .filter(|(_, other)| other == place)
            .map(|(way, _)| way)
            .collect();
        ways.is_empty() || ways.contains(&way)
    })
}

/// Whether what is said to be always so was said to be.
pub(super) fn is_as_often(claimed: &Clause, said: &[Said]) -> bool {
    !claimed.is_habit || said.iter().any(|(clause, _)| clause.is_habit)
}

/// Whether each name and number follows what it followed where it was said: "left Derby for Hull" is not "left Hull".
pub(super) fn fills_the_same_slot(claimed: &Clause, said: &[Said]) -> bool {
    let is_exact = |unit: &String| unit.chars().any(char::is_numeric) && unit.len() < 5;
    claimed.units.windows(2).all(|two| {
        let (before, filler) = (&two[0], &two[1]);
        let is_name =
            |clause: &Clause, unit: &String| clause.names.contains(unit) || is_exact(unit);
        if is_exact(before) || !is_name(claimed, filler) {
            return true;
        }
        let after = |clause: &Clause| -> Vec<String> {
            let pairs = clause.units.windows(2);
            pairs
                .filter(|pair| pair[0] == *before && is_name(clause, &pair[1]))
                .map(|pair| pair[1].clone())
                .collect()
        };
        let fillers: Vec<String> = said.iter().flat_map(|(clause, _)| after(clause)).collect();
        fillers.is_empty()
            || fillers.iter().any(|other| {
                claimed.units.contains(other) && (other == filler || fillers.contains(filler))
            })
    })
}

/// Whether each number of a clause of a claim counts what it counted where it was said.
pub(super) fn counts_the_same(claimed: &Clause, said: &[Said]) -> bool {
    counted(claimed).all(|(number, thing)| {
        let mut counts = said
            .iter()
            .flat_map(|(clause, _)| counted(clause))
            .filter(|(_, other)| *other == thing)
            .map(|(number, _)| number)
            .peekable();
        counts.peek().is_none() || counts.any(|other| other == number)
    })
}

/// The numbers of a clause, each with the word after it.
fn counted(clause: &Clause) -> impl Iterator<Item = (&str, &str)> {
    let is_number = |unit: &str| unit.chars().any(char::is_numeric);
    clause
        .units
        .windows(2)
        .map(|two| (two[0].as_str(), two[1].as_str()))
        .filter(move |(number, thing)| is_number(number) && !is_number(thing))
}
