//! Choosing: which facts a message brings up.
//!
//! A fact is judged by its words (BM25 among the facts that are at hand), by whether the message is about its person, and
//! by the turns that it was read from: where recall brings such a turn back, by its words, its neighbours and, with
//! vectors, its meaning, the fact that sums it up is asked for too. So facts need no vectors of their own.
//!
//! The three weights are round numbers, not fitted ones. They were picked by `cargo run --release -p evals -- locomo PATH
//! --facts`, where they stand on a plateau: with half or one and a half times any of them recall falls by less than 0.003.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use store::facts::Fact;
use store::id::MessageId;

use crate::ago::ago;
use crate::bm25::{damping, rarity};
use crate::consolidation::words;
use crate::occasion::Inquiry;
use crate::tokens::tokens;

/// How many times what a prompt has room for has to be recalled before facts are chosen: they are judged by the turns
/// that they come from, and turns of which they tell make room for others.
pub const BEYOND: usize = 2;
/// What it counts that a message is about a fact's person; the best match of words counts 1.
const PERSON: f64 = 0.5;
/// What it counts that a fact was read from the turn that recall puts first.
const SOURCE: f64 = 2.0;
/// The place among the recalled turns that counts half as much as the first.
const HALF: f64 = 8.0;

/// The facts that a message brings up, the best first, of equals the newer one. `recalled` are the messages of the turns
/// that it brings back, the best turn first. A fact that has no word in common with the message, be it its person's
/// name, is not brought up.
pub fn bring_up<'f, 'm>(
    facts: impl IntoIterator<Item = &'f Fact>,
    inquiry: Inquiry<'_>,
    recalled: impl IntoIterator<Item = &'m [MessageId]>,
) -> Vec<&'f Fact> {
    let facts: Vec<&Fact> = facts.into_iter().collect();
    let asked = words(inquiry.text, "");
    let weights = weights(&facts, &asked);
    let mut named: HashSet<&str> = facts.iter().map(|fact| fact.about_name.as_str()).collect();
    named.retain(|name| !words(name, "").is_disjoint(&asked));
    let is_named = |fact: &Fact| named.contains(fact.about_name.as_str());
    let author = inquiry.asker.map(|asker| asker.person);
    let sources = sources(recalled);
    let mut ranked: Vec<(f64, &Fact)> = facts
        .into_iter()
        .zip(weights)
        .filter(|(fact, words)| *words > 0.0 || is_named(fact))
        .map(|(fact, words)| {
            // Who names nobody speaks of themselves.
            let is_about = match named.is_empty() {
                true => author == Some(fact.about),
                false => is_named(fact),
            };
            let person = if is_about { PERSON } else { 0.0 };
            let source = fact.sources.iter().filter_map(|source| sources.get(source));
            let source = source.copied().fold(0.0, f64::max);
            (words + person + SOURCE * source, fact)
        })
        .collect();
    ranked.sort_by(|(score, fact), (other_score, other)| {
        let age = |fact: &Fact| (fact.confirmed_at, fact.strength, fact.id.0);
        other_score
            .total_cmp(score)
            .then_with(|| age(other).cmp(&age(fact)))
    });
    ranked.into_iter().map(|(_, fact)| fact).collect()
}

/// The best facts that fit into the budget as [`fact_line`]s; one that is too long is passed over for shorter ones.
pub fn take_facts<'f>(
    ranked: impl IntoIterator<Item = &'f Fact>,
    budget: usize,
    now: DateTime<Utc>,
) -> Vec<&'f Fact> {
    let mut left = budget;
    ranked
        .into_iter()
        .filter(|fact| {
            let rest = left.checked_sub(tokens(&fact_line(fact, now)));
            left = rest.unwrap_or(left);
            rest.is_some()
        })
        .collect()
}

/// The line that a fact takes in a prompt which it was brought up for: "2 weeks ago: Ada has a goat."
pub fn fact_line(fact: &Fact, now: DateTime<Utc>) -> String {
    format!("{}: {}", ago(fact.confirmed_at, now), fact.text)
}

/// How much the message's words weigh in each fact, the best being 1. A person's name is no word of the facts about them:
/// it stands in all of these.
fn weights(facts: &[&Fact], asked: &HashSet<String>) -> Vec<f64> {
    let has: Vec<HashSet<String>> = facts
        .iter()
        .map(|fact| words(&fact.text, &fact.about_name))
        .collect();
    let mean = has.iter().map(HashSet::len).sum::<usize>() as f64 / has.len().max(1) as f64;
    let mut rarities: Vec<(&String, f64)> = asked
        .iter()
        .map(|word| {
            let having = has.iter().filter(|has| has.contains(word)).count();
            (word, rarity(having, has.len()))
        })
        .collect();
    // Sums in a fixed order, or two equal facts might differ by the last bit.
    rarities.sort_unstable_by_key(|(word, _)| *word);
    let mut weights: Vec<f64> = has
        .iter()
        .map(|has| {
            let common = rarities.iter().filter(|(word, _)| has.contains(*word));
            let sum: f64 = common.map(|(_, rarity)| rarity).sum();
            sum * damping(has.len() as f64, mean)
        })
        .collect();
    let best = weights.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    weights.iter_mut().for_each(|weight| *weight /= best);
    weights
}

/// What each recalled message counts for the facts that were read from it, from 1 downwards.
fn sources<'m>(recalled: impl IntoIterator<Item = &'m [MessageId]>) -> HashMap<MessageId, f64> {
    let turns = recalled.into_iter().enumerate();
    turns
        .flat_map(|(place, messages)| {
            let counts = HALF / (HALF + place as f64);
            messages.iter().map(move |message| (*message, counts))
        })
        .collect()
}
