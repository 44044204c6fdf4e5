//! A claim about a person, cut into clauses as a line is.

mod agreeing;
mod fitting;
mod mending;
mod standing;

use super::clause::{self, About, Around, Clause, Next};
use super::spoken::{self, Token};
use super::verbs::Time;
use super::{chinese, is_ideograph};
use crate::names::whole;

/// A claim, clause by clause.
pub(super) struct Claim {
    clauses: Vec<Clause>,
    /// Others of its person's own whom it names.
    others: Vec<String>,
    /// Whether it says that its person has something.
    is_having: bool,
    /// What it says is owned by its person: "Ada's flat".
    subject: Vec<String>,
    time: Time,
}

impl Claim {
    pub(super) fn of(fact: &str, name: &str, names: &[&str]) -> Self {
        let mut rest = fact.to_owned();
        let (mut about, mut is_owned) = (None, false);
        if let Some(at) = whole(&rest, name) {
            let after = rest[at.end..].to_owned();
            let owned = after
                .strip_prefix("'s")
                .or_else(|| after.strip_prefix("’s"))
                .or_else(|| after.strip_prefix("' "))
                .or_else(|| after.strip_prefix('的'));
            is_owned = at.start == 0 && owned.is_some();
            // "Ada: I live in Porto" says the rest.
            rest = match (at.start, owned) {
                (0, Some(owned)) => format!("my {owned}").replace("my 的", "我的"),
                (0, None) if after.starts_with(':') => after[1..].to_owned(),
                (0, None) => {
                    about = Some(About::Speaker);
                    after
                }
                _ => rest,
            };
            if rest.chars().any(is_ideograph) {
                rest = rest.replacen("my ", "我的", 1);
            }
        }
        while let Some(at) = whole(&rest, name) {
            rest.replace_range(at, "");
        }
        let around = Around {
            names,
            before: None,
            next: Next::Nothing,
            antecedent: None,
        };
        let mut clauses = clause::claimed(&rest, &around);
        let first = match about {
            // Chinese names whose sister it is without a sign between.
            Some(about) => match clauses.first().map(|clause| &clause.about) {
                Some(About::Other(other)) if begins_with_an_other(&rest, other) => {
                    About::Other(other.clone())
                }
                _ => about,
            },
            // Chinese has no word that tells something of one's own from oneself.
            None if is_owned
                && clauses
                    .first()
                    .is_some_and(|clause| clause.about == About::Speaker) =>
            {
                About::Thing(vec![])
            }
            None => clauses
                .first()
                .map_or(About::Speaker, |clause| clause.about.clone()),
        };
        for (at, clause) in clauses.iter_mut().enumerate() {
            if at == 0 || !matches!(clause.about, About::Other(_)) {
                clause.about = first.clone();
            }
        }
        let tokens = spoken::tokens(&rest);
        let mut others: Vec<String> = tokens
            .iter()
            .filter(|token| clause::is_other(&token.text))
            .map(|token| clause::unit(&token.text))
            .collect();
        others.extend(clause::others_in_chinese(&rest));
        let subject = match &first {
            About::Thing(units) => units.clone(),
            About::Other(other) => phrase(&tokens, other),
            _ => vec![],
        };
        let begin = tokens.first().map_or("", |token| token.text.as_str());
        Self {
            time: clause::time(&tokens, &rest),
            is_having: matches!(
                begin,
                "has" | "have" | "had" | "owns" | "got" | "keeps" | "adopted" | "bought"
            ) || rest.trim_start().starts_with(['有', '养']),
            clauses,
            others,
            subject,
        }
    }
}

/// "Ada妹妹住在上海".
fn begins_with_an_other(rest: &str, other: &str) -> bool {
    let begin: String = rest.trim_start().chars().take(6).collect();
    begin.chars().any(is_ideograph) && chinese::signs(&begin).concat().starts_with(other)
}

/// The noun phrase that names somebody of one's own, as units: "new puppy".
fn phrase(tokens: &[Token], other: &str) -> Vec<String> {
    let units = tokens
        .iter()
        .skip(1)
        .take(4)
        .map(|token| clause::unit(&token.text));
    let units: Vec<String> = units.collect();
    match units.iter().position(|unit| unit == other) {
        Some(end) => units[..=end].to_vec(),
        None => vec![other.to_owned()],
    }
}
