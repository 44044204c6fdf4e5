//! Whole people: whatever was said, whoever repeats it, and however long ago, it is found when it is to be forgotten.

mod answers;
mod bounds;
mod channels;
mod summaries;

use chrono::{DateTime, TimeDelta, Utc};
use store::consolidations::{Consolidated, Reading};
use store::id::{MessageId, PersonaId, ScopeId, TurnId};
use store::turns::{Author, NewTurn, TurnKind};

use crate::{House, at};

const CANARY: &str = "quixotzl";

fn scope(guild: u64, channel: u64) -> ScopeId {
    ScopeId {
        guild: (guild > 0).then(|| guild.into()),
        channel: channel.into(),
        persona: PersonaId(1),
    }
}

fn day(day: i64) -> DateTime<Utc> {
    at(0) + TimeDelta::days(day)
}

fn said(scope: ScopeId, user: u64, message: u64, on: i64, text: &str) -> NewTurn {
    NewTurn {
        scope,
        author: Author::Person(user.into()),
        author_name: format!("name{user}"),
        kind: TurnKind::Chat,
        text: text.to_owned(),
        messages: vec![message.into()],
        at: day(on),
        reply_to: None,
        answers: None,
        proxied: false,
    }
}

/// A persona's answer, half an hour later.
fn answered(question: &NewTurn, turn: TurnId, text: &str) -> NewTurn {
    let asked = question.messages[0];
    NewTurn {
        author: Author::Persona,
        author_name: "Orla".into(),
        text: text.to_owned(),
        messages: vec![MessageId::from(asked.get() + 1)],
        at: question.at + TimeDelta::minutes(30),
        reply_to: Some(asked),
        answers: Some(turn),
        ..question.clone()
    }
}

/// A person's words with the canary, and an answer that repeats it.
async fn talk(house: &House, scope: ScopeId, user: u64, message: u64, on: i64) -> TurnId {
    let question = said(scope, user, message, on, &format!("it is {CANARY}{user}"));
    let asked = house.store.add_turn(question.clone()).await.unwrap();
    let answer = answered(&question, asked, &format!("{CANARY}{user}, really?"));
    house.store.add_turn(answer).await.unwrap();
    asked
}

/// Sums up all that was said so far.
async fn sum_up(house: &House, scope: ScopeId, summary: &str) -> bool {
    let outcome = Consolidated {
        epoch: house
            .store
            .progress(&scope, Reading::Summary)
            .await
            .unwrap()
            .epoch,
        reading: Reading::Summary,
        through: house.store.newest_number(&scope).await.unwrap(),
        summary: Some(summary.to_owned()),
        learned: vec![],
        confirmed: vec![],
    };
    house
        .store
        .consolidate(&scope, outcome, at(0))
        .await
        .unwrap()
}

async fn summary(house: &House, scope: &ScopeId) -> Option<String> {
    let summary = house.store.summary(scope).await.unwrap();
    summary.map(|summary| summary.text)
}

async fn left(house: &House, scope: &ScopeId) -> Vec<String> {
    let turns = house.store.latest_turns(scope, 1_000).await.unwrap();
    turns.into_iter().map(|turn| turn.text).collect()
}
