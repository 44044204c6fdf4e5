//! The short form of a bundled talk: a few questions, the messages that tell what they ask for, and some talk between.

use std::collections::HashSet;

use anyhow::{Context as _, bail};

use crate::answers::script::{self, Kind, Script, Talk, Turn};

/// Questions for what was told.
const ASKED: usize = 4;
/// Questions for what the persona's world has too.
const TRAPS: usize = 1;
/// Claims that nobody made.
const CLAIMS: usize = 1;
/// Messages that neither tell nor ask; the last ones before the first question, so that it is not asked at once.
const BETWEEN: usize = 2;

/// The short talk in this language with this persona: the wanted one, else the one that speaks where nobody has chosen, else
/// the first that there is a talk with.
pub fn talk(language: &str, wanted: Option<&str>, usual: &str) -> anyhow::Result<Talk> {
    let script = script::bundled(language).context("there are no talks in this language")??;
    let with = |slug: &str| script.talks.iter().find(|talk| talk.persona == slug);
    let talk = match wanted {
        Some(slug) => with(slug),
        None => with(usual).or(script.talks.first()),
    };
    match talk {
        Some(talk) => Ok(shortened(talk)),
        None => bail!(
            "there is no talk with {}; there are talks with {}",
            wanted.unwrap_or(usual),
            personas(&script)
        ),
    }
}

fn personas(script: &Script) -> String {
    let all: Vec<&str> = script.talks.iter().map(|talk| &*talk.persona).collect();
    all.join(", ")
}

/// The chosen messages, in their order.
fn shortened(talk: &Talk) -> Talk {
    let turns = || talk.turns.iter().enumerate();
    let is_told = |fact: &Option<String>| fact.as_ref().is_some_and(|id| talk.told(id).is_some());
    let of = |kind: Kind, fits: &dyn Fn(&Turn) -> bool| {
        let ours = turns().filter(|(_, turn)| turn.kind == kind && fits(turn));
        ours.map(|(at, _)| at).collect::<Vec<usize>>()
    };
    let for_told = |kind| of(kind, &|turn| is_told(&turn.fact));
    // Some worlds only have what nobody has told of themselves.
    let traps = [
        for_told(Kind::Trap),
        of(Kind::Trap, &|turn| turn.fact.is_none()),
    ];
    let asks = for_told(Kind::Ask).into_iter().take(ASKED);
    let traps = traps.concat().into_iter().take(TRAPS);
    let claims = of(Kind::False, &|_| true).into_iter().take(CLAIMS);
    let mut chosen: HashSet<usize> = asks.chain(traps).chain(claims).collect();
    let asked: HashSet<&str> = chosen
        .iter()
        .filter_map(|at| talk.turns[*at].fact.as_deref())
        .collect();
    let first = chosen.iter().min().copied().unwrap_or(talk.turns.len());
    let tells = turns().filter(|(_, turn)| {
        let mut facts = turn.facts.iter();
        facts.any(|told| asked.contains(&*told.id))
    });
    let mut between = of(Kind::Talk, &|_| true);
    between.retain(|at| *at < first);
    chosen.extend(tells.map(|(at, _)| at));
    chosen.extend(between.into_iter().rev().take(BETWEEN));
    let turns = turns().filter(|(at, _)| chosen.contains(at));
    Talk {
        turns: turns.map(|(_, turn)| turn.clone()).collect(),
        ..talk.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_of_every_short_talk_asks_for_what_was_told_before_it() {
        for language in ["en", "zh"] {
            let script = script::bundled(language).unwrap().unwrap();
            for long in &script.talks {
                let talk = talk(language, Some(&long.persona), "nobody").unwrap();
                let many = |kind| talk.turns.iter().filter(|turn| turn.kind == kind).count();
                let kinds = [Kind::Ask, Kind::Trap, Kind::False, Kind::Talk].map(many);
                assert_eq!(kinds, [4, 1, 1, 2], "{language} {}", talk.persona);
                assert!(
                    (11..=14).contains(&talk.turns.len()),
                    "{}",
                    talk.turns.len()
                );
                for (at, turn) in talk.turns.iter().enumerate() {
                    let Some(fact) = &turn.fact else { continue };
                    let mut told = talk.turns[..at].iter().flat_map(|turn| &turn.facts);
                    assert!(told.any(|one| one.id == *fact), "{}", turn.say);
                }
            }
        }
    }

    #[test]
    fn the_usual_persona_talks_where_there_is_a_talk_with_it() {
        assert_eq!(talk("en", None, "pogo").unwrap().persona, "pogo");
        assert_eq!(talk("en", None, "of-my-own").unwrap().persona, "orla");
        let error = talk("zh", Some("idris"), "orla").unwrap_err().to_string();
        assert!(error.contains("zhou, kaya, orla, pogo"), "{error}");
    }
}
