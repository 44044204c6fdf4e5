//! The checks alone, over written claims: what a person said, and what a model might make of it, true and wrong. Each file in
//! `tests/claims` has one claim a line.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use chrono::DateTime;
use serde::Deserialize;
use serde_json::json;
use store::consents::Consent;
use store::consolidations::{Progress, Reading};
use store::id::{PersonaId, ScopeId, TurnId, UserId};
use store::turns::{Author, Turn, TurnKind};

use super::Batch;

/// The least share of true claims that are kept.
const KEPT: f64 = 0.92;
/// The greatest share of wrong ones that are let in.
const LET_IN: f64 = 0.02;

#[derive(Deserialize)]
struct Written {
    lang: String,
    persona: String,
    lines: Vec<Line>,
    claim: Claim,
    keep: bool,
    kind: String,
}

#[derive(Deserialize)]
struct Line {
    n: i64,
    by: String,
    text: String,
}

#[derive(Deserialize)]
struct Claim {
    about: String,
    fact: String,
    sources: Vec<i64>,
}

fn written() -> Vec<Written> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/claims");
    let files = std::fs::read_dir(folder).unwrap();
    let mut texts: Vec<String> = files
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    texts.sort();
    let lines = texts.iter().flat_map(|text| text.lines());
    lines
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// What was said, as it is read: everybody who speaks has an account of their own, and allows facts.
fn batch(one: &Written) -> Batch {
    let scope = ScopeId {
        guild: Some(1.into()),
        channel: 2.into(),
        persona: PersonaId(3),
    };
    let mut accounts: HashMap<&str, UserId> = HashMap::new();
    let turns = one.lines.iter().map(|line| {
        let next = UserId::from(accounts.len() as u64 + 7);
        let author = match line.by == one.persona {
            true => Author::Persona,
            false => Author::Person(*accounts.entry(&line.by).or_insert(next)),
        };
        Turn {
            id: TurnId(line.n),
            scope,
            number: line.n,
            author,
            author_name: line.by.clone(),
            kind: TurnKind::Chat,
            text: line.text.clone(),
            messages: vec![(line.n as u64).into()],
            at: DateTime::UNIX_EPOCH,
            reply_to: None,
            answers: None,
            proxied: false,
            person: match author {
                Author::Person(user) => Some(user),
                Author::Persona => None,
            },
        }
    });
    let turns: Vec<Turn> = turns.collect();
    let allows = Consent {
        facts: true,
        sensitive: false,
    };
    Batch {
        scope,
        reading: Reading::Facts,
        progress: Progress::default(),
        through: turns.last().map_or(0, |turn| turn.number),
        turns,
        known: vec![],
        unsaid: vec![],
        past: vec![],
        consents: accounts.values().map(|user| (*user, allows)).collect(),
        refusing: HashSet::new(),
        speakers: vec![],
        persona: Some(one.persona.clone()),
    }
}

/// Whether a claim is kept of what was said, and if not, why.
fn judged(one: &Written) -> Result<(), &'static str> {
    let Claim {
        about,
        fact,
        sources,
    } = &one.claim;
    let answer = json!({"facts": [{"about": about, "fact": fact, "sources": sources}]});
    let notes = batch(one).read(&answer.to_string()).unwrap();
    match notes.refused.first() {
        None => Ok(()),
        Some(refusal) => Err(refusal.key()),
    }
}

/// How many of a kind there are, and how many of them were kept.
type Tally = BTreeMap<(String, bool, String), (usize, usize)>;

#[test]
fn of_written_claims_the_true_ones_are_kept_and_the_wrong_ones_are_not() {
    let mut tally = Tally::new();
    for one in &written() {
        let judged = judged(one);
        for kind in [one.kind.as_str(), ""] {
            let key = (one.lang.clone(), one.keep, kind.to_owned());
            let (all, kept) = tally.entry(key).or_default();
            *all += 1;
            *kept += usize::from(judged.is_ok());
        }
        if judged.is_ok() != one.keep {
            let what = judged.map_or_else(|reason| reason, |()| "let in");
            println!("{} {}: {} ({what})", one.lang, one.kind, one.claim.fact);
        }
    }
    let mut fails = vec![];
    for ((lang, keep, kind), (all, kept)) in &tally {
        let share = *kept as f64 / *all as f64;
        let name = if *keep { "true kept" } else { "wrong let in" };
        println!("{lang} {name} {kind:<20} {kept}/{all} = {share:.2}");
        let holds = if *keep {
            share >= KEPT
        } else {
            share <= LET_IN
        };
        if kind.is_empty() && !holds {
            fails.push(format!("{lang}: {name} {share:.3}"));
        }
    }
    assert!(fails.is_empty(), "{fails:?}");
}
