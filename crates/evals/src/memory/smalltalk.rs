//! Talk as people have it on Discord, as long as wanted: sentences of everyday life with people, places and things put in,
//! or the sentences of a file of real conversations, put together anew.

use std::path::Path;

use ::memory::{Author, NewTurn, ScopeId, TurnKind};
use anyhow::ensure;
use chrono::{DateTime, TimeDelta, Utc};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use store::id::UserId;

use super::talk;

const PEOPLE: &[&str] = &[
    "Melanie",
    "my sister",
    "Tobias",
    "my neighbour",
    "grandpa",
    "Priya",
    "our old teacher",
    "Sam",
    "my boss",
    "Lucía",
    "the twins",
    "Farid",
    "my cousin Nele",
    "Hannah",
    "the landlord",
    "coach Miller",
    "aunt Rosa",
    "Kenji",
    "Olu",
    "dad",
];
const PLACES: &[&str] = &[
    "Lisbon",
    "the lake",
    "the climbing gym",
    "Glasgow",
    "the farmers' market",
    "Kyoto",
    "the allotment",
    "Porto",
    "the library on Mill Street",
    "the night train",
    "Tallinn",
    "the ice rink",
    "grandma's house",
    "the harbour",
    "the community centre",
    "Marseille",
    "the botanical garden",
    "Oaxaca",
    "the ferry",
    "the observatory",
];
const THINGS: &[&str] = &[
    "a cello",
    "sourdough",
    "the blue bicycle",
    "a marathon",
    "pottery",
    "the tax return",
    "a tiny greenhouse",
    "my thesis",
    "the sewing machine",
    "watercolours",
    "a kayak",
    "the school play",
    "mushroom foraging",
    "the podcast",
    "a second-hand camera",
    "chess problems",
    "the garden fence",
    "bread and plum jam",
    "an old radio",
    "salsa lessons",
    "the dishwasher",
    "a rescue greyhound",
    "the short story",
    "knitting",
    "the telescope",
    "a tattoo",
    "the piano",
];
const DAYS: &[&str] = &[
    "on Saturday",
    "last week",
    "in May",
    "yesterday",
    "next month",
    "in two weeks",
    "over the holidays",
    "tonight",
    "back in 2019",
    "on her birthday",
    "since Tuesday",
    "this morning",
    "before Christmas",
    "after work",
];
const SENTENCES: &[&str] = &[
    "So {day} I finally tried {thing} with {person}, and honestly it went better than I feared.",
    "lol {person} still hasn't forgiven me for what happened at {place}",
    "We're thinking of going to {place} {day}, do you think the weather will hold?",
    "ok wow, {thing} is so much harder than it looks",
    "{person} called {day} and said they're moving near {place}.",
    "I've been up since five because of {thing}, send coffee",
    "Did I tell you that {person} used to live in {place}? Neither did I know until {day}.",
    "no way!! that's the best thing I've heard all week",
    "My shoulder is still sore from carrying {thing} up four flights of stairs {day}",
    "it's raining sideways here and {person} wants to go to {place} anyway",
    "I sold {thing} for forty euros, which is more than I paid for it.",
    "Work was a mess, the printer ate my slides and then {person} forgot the meeting.",
    "{person} makes the best lentil soup, I asked for the recipe {day} and got a lecture instead",
    "hm, not sure, let me sleep on it",
    "There's a concert at {place} {day}; I got the last two tickets and {person} is coming along.",
    "The doctor said to take it slower, so no more {thing} for a while I guess.",
    "haha okay fair point",
    "I keep thinking about what you said. Maybe I should just ask {person} and get it over with.",
    "Guess who I met at {place}? {person}, with {thing} under one arm, as if nothing had ever happened!",
    "We painted the kitchen green {day} and now {person} says it looks like a swamp. I like swamps.",
    "brb, {thing} is making a strange noise again",
    "I'm saving up for {thing}, about two hundred to go, should be there {day}.",
    "{person} failed the driving test a third time, we're all pretending it's fine",
    "If I could live anywhere it would be {place}, small flat, big window, nobody calling.",
    "good morning! slept badly, dreamt about {thing} and {place} again",
    "{person}'s flight from {place} was cancelled {day} so now there are four of us in one room",
];
const QUESTIONS: &[&str] = &[
    "do you remember what {person} said about {thing}?",
    "what did I tell you about {place} and {person}?",
    "when were we going to {place}, and was it with {person}?",
    "who was it that had {thing} at {place}?",
    "how did it go with {thing} {day}?",
    "what was the story about {person}, {place} and {thing}?",
];

/// A source of talk; the same seed says the same.
pub struct Smalltalk {
    random: StdRng,
    sentences: Vec<String>,
    questions: Vec<String>,
}

impl Smalltalk {
    /// Talk made of this file's sentences and questions, or of everyday ones.
    pub fn from(file: Option<&Path>, seed: u64) -> anyhow::Result<Self> {
        let own =
            |all: &[&str]| -> Vec<String> { all.iter().map(|text| (*text).to_owned()).collect() };
        let (sentences, questions) = match file {
            None => (own(SENTENCES), own(QUESTIONS)),
            Some(path) => {
                let talks = talk::read(path)?;
                let lines = talks.iter().flat_map(|talk| &talk.lines);
                let asks = talks.iter().flat_map(|talk| &talk.questions);
                (
                    lines.flat_map(|line| sentences(line.text())).collect(),
                    asks.map(|ask| ask.text.clone()).collect(),
                )
            }
        };
        ensure!(
            !sentences.is_empty() && !questions.is_empty(),
            "the file has no talk or no questions in it"
        );
        Ok(Self {
            random: StdRng::seed_from_u64(seed),
            sentences,
            questions,
        })
    }

    /// A message of one to three sentences.
    pub fn line(&mut self) -> String {
        let sentences = self.random.random_range(1..=3);
        let line: Vec<String> = (0..sentences)
            .map(|_| {
                let sentence = self.sentences.choose(&mut self.random).cloned();
                self.filled(&sentence.unwrap_or_default())
            })
            .collect();
        line.join(" ")
    }

    /// A question about what may have been said.
    pub fn question(&mut self) -> String {
        let question = self.questions.choose(&mut self.random).cloned();
        self.filled(&question.unwrap_or_default())
    }

    fn filled(&mut self, sentence: &str) -> String {
        let mut text = sentence.to_owned();
        for (slot, words) in [
            ("{person}", PEOPLE),
            ("{place}", PLACES),
            ("{thing}", THINGS),
            ("{day}", DAYS),
        ] {
            if let Some(word) = words.choose(&mut self.random) {
                text = text.replace(slot, word);
            }
        }
        text
    }
}

/// A line's sentences; Chinese ones end otherwise, and the shortest lines end with nothing.
fn sentences(line: &str) -> Vec<String> {
    line.split_inclusive(['.', '!', '?', '。', '！', '？'])
        .map(|sentence| sentence.trim().to_owned())
        .filter(|sentence| sentence.chars().any(char::is_alphanumeric))
        .collect()
}

/// What a person says in a channel.
pub fn heard(scope: ScopeId, by: (UserId, &str), text: String, at: DateTime<Utc>) -> NewTurn {
    NewTurn {
        scope,
        author: Author::Person(by.0),
        author_name: by.1.to_owned(),
        kind: TurnKind::Chat,
        text,
        messages: vec![],
        at,
        reply_to: None,
        answers: None,
        proxied: false,
    }
}

/// What the persona says.
pub fn said(scope: ScopeId, text: String, at: DateTime<Utc>) -> NewTurn {
    NewTurn {
        author: Author::Persona,
        ..heard(scope, (0.into(), "Orla"), text, at)
    }
}

/// When the `number`th of `all` messages was written, if people write one every ten minutes and the last one just now.
pub fn moment(now: DateTime<Utc>, number: u64, all: u64) -> DateTime<Utc> {
    let minutes = 10 * i64::try_from(all.saturating_sub(number)).unwrap_or_default();
    now - TimeDelta::minutes(minutes)
}
