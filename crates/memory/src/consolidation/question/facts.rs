//! The question for facts. It shows what the people said who allow facts, and nothing else: no old summary, which small
//! models copy, and of the others' lines only the question that a short answer answers.

use std::fmt::Write;

use serde_json::{Value, json};
use store::consolidations::Reading;
use store::turns::Turn;

use super::super::asking::Asked;
use super::super::language::{Writing, writing};
use super::super::{Batch, Question, person};
use super::{MATERIAL, about_marks, asked_before, object, on_one_line};
use crate::names::{Name, Names};

const TASK: &str = "\
You keep the notes of a chat: lasting facts that people tell of themselves. Answer with one JSON object and nothing else. \
Wanted: home, work, family, pets, what they like, do, own, plan. One short sentence each, in the person's own words and language, \
beginning with their name; `sources` are the numbers of the lines that say it. Not wanted: jokes, guesses, games, others' words, \
moods, what is true for a day only. An empty list is a good answer; at most 8.";
/// Said where facts are known.
const REPLACES: &str = "`replaces` is the number of the known fact that is no longer true because of the new one, or null.";

const EXAMPLE: &str = "\
[1] Mia: I live by the harbour in Oslo and work as a baker
[2] Mia: hahaha stop it
- Kim asks Mia: Do you have any pets?
[3] Mia: a cat, Pim
{\"facts\": [{\"about\": \"Mia\", \"fact\": \"Mia lives by the harbour in Oslo.\", \"sources\": [1]}, \
{\"about\": \"Mia\", \"fact\": \"Mia works as a baker.\", \"sources\": [1]}, \
{\"about\": \"Mia\", \"fact\": \"Mia has a cat, Pim.\", \"sources\": [3]}]}";
const EXAMPLE_CHINESE: &str = "\
[1] 米娅: 我住在青岛，在面包店上班
[2] 米娅: 哈哈哈别闹
- Kim asks 米娅: 你养宠物吗？
[3] 米娅: 一只猫，叫皮皮
{\"facts\": [{\"about\": \"米娅\", \"fact\": \"米娅住在青岛。\", \"sources\": [1]}, \
{\"about\": \"米娅\", \"fact\": \"米娅在面包店上班。\", \"sources\": [1]}, \
{\"about\": \"米娅\", \"fact\": \"米娅养了一只猫，叫皮皮。\", \"sources\": [3]}]}";

/// The question about these lines, in which facts are looked for; `asked` where they are one that is asked about alone.
pub(super) fn write(
    batch: &Batch,
    lines: &[&Turn],
    asked: Option<Asked>,
    persona: &str,
    names: &Names,
) -> Question {
    let people = wanted(lines, names);
    let known: Vec<String> = batch
        .known_of_wanted()
        .cloned()
        .map(|mut fact| {
            names.call_in_fact(&mut fact);
            fact.text
        })
        .collect();
    let called = |turn: &Turn| {
        let mut turn = turn.clone();
        names.call(&mut turn);
        turn
    };
    let mut text = String::new();
    if !known.is_empty() {
        text.push_str("Known facts:\n");
        for (number, fact) in (1..).zip(&known) {
            let _ = writeln!(text, "({number}) {fact}");
        }
        text.push('\n');
    }
    text.push_str("Conversation:\n");
    for turn in lines {
        let line = called(turn);
        if let Some((by, question)) = asked_before(batch, turn, persona, names) {
            let _ = writeln!(text, "- {by} asks {}: {question}", line.author_name);
        }
        let number = batch.number(turn);
        let _ = writeln!(
            text,
            "[{number}] {}: {}",
            line.author_name,
            on_one_line(&line.text)
        );
    }
    let said = lines.iter().map(|turn| turn.text.as_str());
    let marks = about_marks(
        people
            .iter()
            .map(String::as_str)
            .chain(known.iter().map(String::as_str)),
    );
    Question {
        reading: Reading::Facts,
        system: system(&people, writing(said), !known.is_empty(), marks),
        examples: vec![],
        text,
        schema: schema(&people, !known.is_empty()),
        asked,
        is_for_the_rest: false,
    }
}

/// The question about a line that nobody has said.
pub(super) fn sample() -> Question {
    let people = ["Ada".to_owned()];
    Question {
        reading: Reading::Facts,
        system: system(&people, None, false, None),
        examples: vec![],
        text: "Conversation:\n[1] Ada: I live by the harbour.\n".to_owned(),
        schema: schema(&people, false),
        asked: None,
        is_for_the_rest: false,
    }
}

fn system(
    people: &[String],
    writing: Option<Writing>,
    replaces: bool,
    marks: Option<&str>,
) -> String {
    let example = match writing {
        Some(Writing::Chinese) => EXAMPLE_CHINESE,
        _ => EXAMPLE,
    };
    let about = format!("Facts are wanted about: {}.", people.join(", "));
    let task = [
        Some(TASK),
        replaces.then_some(REPLACES),
        Some(about.as_str()),
        marks,
        Some(MATERIAL),
    ];
    let task: Vec<&str> = task.into_iter().flatten().collect();
    format!("{}\n\nExample:\n{example}", task.join(" "))
}

/// Those about whom facts are wanted, under each name that stands before a line.
fn wanted(lines: &[&Turn], names: &Names) -> Vec<String> {
    let mut people: Vec<String> = lines
        .iter()
        .filter_map(|turn| Some(names.of(person(turn)?, Name::of(turn))))
        .collect();
    people.sort_unstable();
    people.dedup();
    people
}

/// A fact before its sources: a model that has written the sentence knows better where it stands.
fn schema(people: &[String], replaces: bool) -> Value {
    let mut fact = json!({
        "about": {"type": "string", "enum": people},
        "fact": {"type": "string"},
        "sources": {"type": "array", "items": {"type": "integer"}},
    });
    if replaces {
        fact["replaces"] = json!({"anyOf": [{"type": "integer"}, {"type": "null"}]});
    }
    object(&json!({"facts": {"type": "array", "items": object(&fact)}}))
}
