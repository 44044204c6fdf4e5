//! The question for the summary: what was said by everybody who may be read, carried on from the summary before it.

use std::fmt::Write;

use serde_json::json;
use store::consolidations::Reading;
use store::turns::{Author, Turn};

use super::super::{Batch, Question, day};
use super::{MATERIAL, about_marks, object, on_one_line};
use crate::names::Names;

const TASK: &str = "\
You keep the notes of a character in a chat: the summary of what happened so far. Answer with one JSON object and nothing else: \
{\"summary\": \"…\"}
At most 120 words, in the third person and in the language of the conversation. Carry on from the old summary: keep what still matters, \
and add what is new. Keep names, plans, promises and moods, and say whose each thing is. Leave out health, money, sexuality, \
religion and politics.";

pub(super) fn write(batch: &Batch, persona: &str, names: &Names) -> Question {
    let mut lines: Vec<Turn> = batch.lines().cloned().collect();
    lines.iter_mut().for_each(|line| names.call(line));
    let mut text = String::new();
    if !batch.progress.summary.is_empty() {
        let _ = write!(text, "Old summary:\n{}\n\n", batch.progress.summary);
    }
    let mut today = String::new();
    for line in &lines {
        let day = day(line.at);
        if day != today {
            let _ = writeln!(text, "Conversation on {day}:");
            today = day;
        }
        let by = match line.author {
            Author::Person(_) => &line.author_name,
            Author::Persona => persona,
        };
        let _ = writeln!(text, "{by}: {}", on_one_line(&line.text));
    }
    let speakers = lines.iter().filter(|line| line.author != Author::Persona);
    let marks = about_marks(speakers.map(|line| line.author_name.as_str()));
    let character = format!("The character is {persona}.");
    let task = [Some(TASK), Some(character.as_str()), marks, Some(MATERIAL)];
    Question {
        reading: Reading::Summary,
        system: task.into_iter().flatten().collect::<Vec<_>>().join(" "),
        examples: vec![],
        text,
        schema: object(&json!({"summary": {"type": "string"}})),
        asked: None,
        is_for_the_rest: false,
    }
}
