//! Finds a persona by what someone typed: without regard to case and accents, from the beginning of a name or of a word in it.

use crate::script::bare;

/// What a typed name leads to. The numbers are places in the list of candidates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// This one.
    One(usize),
    /// One of these, the best first; ask which.
    Several(Vec<usize>),
    /// None of them.
    None,
}

/// How well a candidate fits; the smaller, the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Exact,
    /// But for case, accents and punctuation.
    Same,
    Beginning,
    WordBeginning,
    Inside,
    /// One letter is wrong, missing or too much.
    Nearly,
}

/// The persona that `typed` names.
#[must_use]
pub fn find(typed: &str, candidates: &[impl AsRef<str>]) -> Lookup {
    let ranked = ranked(typed, candidates);
    let Some((best, first)) = ranked.first().copied() else {
        return Lookup::None;
    };
    let equals: Vec<usize> = ranked
        .iter()
        .filter(|(fit, _)| *fit == best)
        .map(|(_, at)| *at)
        .collect();
    match equals.as_slice() {
        [_] => Lookup::One(first),
        _ => Lookup::Several(equals),
    }
}

/// The candidates that fit what was typed so far, the best first; all of them, in their order, while nothing is typed. For
/// autocompletion.
#[must_use]
pub fn rank(typed: &str, candidates: &[impl AsRef<str>]) -> Vec<usize> {
    if typed.trim().is_empty() {
        return (0..candidates.len()).collect();
    }
    ranked(typed, candidates)
        .into_iter()
        .map(|(_, at)| at)
        .collect()
}

fn ranked(typed: &str, candidates: &[impl AsRef<str>]) -> Vec<(Fit, usize)> {
    let mut fitting: Vec<(Fit, usize)> = candidates
        .iter()
        .enumerate()
        .filter_map(|(at, name)| Some((fit(typed.trim(), name.as_ref().trim())?, at)))
        .collect();
    fitting.sort();
    fitting
}

fn fit(typed: &str, name: &str) -> Option<Fit> {
    if typed.is_empty() {
        return None;
    }
    if typed == name {
        return Some(Fit::Exact);
    }
    let (typed, name) = (bare(typed), bare(name));
    // A name of nothing but signs or emoji is only found exactly.
    if typed.is_empty() || name.is_empty() {
        return None;
    }
    Some(match name.find(&typed) {
        Some(0) if typed.len() == name.len() => Fit::Same,
        Some(0) => Fit::Beginning,
        Some(_) if name.split(' ').any(|word| word.starts_with(&typed)) => Fit::WordBeginning,
        Some(_) => Fit::Inside,
        None if is_nearly(&typed, &name) => Fit::Nearly,
        None => return None,
    })
}

/// Whether one edit turns one into the other. Names of three letters and fewer differ too easily for that.
fn is_nearly(typed: &str, name: &str) -> bool {
    const SHORTEST: usize = 4;
    let (typed, name): (Vec<char>, Vec<char>) = (typed.chars().collect(), name.chars().collect());
    if typed.len().min(name.len()) < SHORTEST || typed.len().abs_diff(name.len()) > 1 {
        return false;
    }
    let same_start = typed.iter().zip(&name).take_while(|(a, b)| a == b).count();
    let (typed, name) = (&typed[same_start..], &name[same_start..]);
    let same_end = typed
        .iter()
        .rev()
        .zip(name.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    match (
        &typed[..typed.len() - same_end],
        &name[..name.len() - same_end],
    ) {
        ([a, b], [c, d]) => a == d && b == c,
        (typed, name) => typed.len().max(name.len()) <= 1,
    }
}

#[cfg(test)]
mod tests {
    use super::{Lookup, find, rank};

    const NAMES: [&str; 6] = [
        "Mia",
        "Mika",
        "José Luis",
        "小美",
        "Captain Nova",
        "Mia-Sophie",
    ];

    #[test]
    fn case_and_accents_do_not_matter() {
        assert_eq!(find("jose luis", &NAMES), Lookup::One(2));
        assert_eq!(find("MIA", &NAMES), Lookup::One(0));
        assert_eq!(find("ＭＩＡ", &NAMES), Lookup::One(0));
        assert_eq!(find("mia sophie", &NAMES), Lookup::One(5));
    }

    #[test]
    fn a_beginning_that_fits_only_one_is_enough() {
        assert_eq!(find("cap", &NAMES), Lookup::One(4));
        assert_eq!(find("nova", &NAMES), Lookup::One(4));
        assert_eq!(find("小", &NAMES), Lookup::One(3));
    }

    #[test]
    fn a_beginning_that_fits_several_asks_which() {
        assert_eq!(find("mi", &NAMES), Lookup::Several(vec![0, 1, 5]));
    }

    #[test]
    fn one_wrong_letter_is_forgiven_in_longer_names() {
        assert_eq!(find("captain nvoa", &NAMES), Lookup::One(4));
        assert_eq!(find("mira", &NAMES), Lookup::One(1));
        assert_eq!(find("max", &NAMES), Lookup::None);
    }

    #[test]
    fn nothing_typed_names_nobody_but_lists_everybody() {
        assert_eq!(find(" ", &NAMES), Lookup::None);
        assert_eq!(rank("", &NAMES), [0, 1, 2, 3, 4, 5]);
        assert_eq!(find("!!", &NAMES), Lookup::None);
    }

    #[test]
    fn better_matches_are_offered_first() {
        assert_eq!(rank("mia", &NAMES), [0, 5]);
        assert_eq!(rank("a", &NAMES), [0, 1, 4, 5]);
    }
}
