//! Summaries obey what people allow: nothing by those who said no, nothing sensitive without a yes of all who were read.

use memory::Consent;
use memory::consolidation::{Reading, Unsummed};
use serde_json::json;

use super::consolidating::{ADA, BO, Room, now};

async fn says(room: &Room, user: u64, facts: bool, sensitive: bool) {
    let consent = Consent { facts, sensitive };
    room.memory
        .consent(user.into(), consent, now())
        .await
        .unwrap();
}

/// Ada and Bo say a line each, and are answered.
async fn room() -> Room {
    let mut room = Room::new().await;
    for (user, name, text) in [
        (ADA, "Ada", "I bought a kayak."),
        (BO, "Bo", "My rash came back."),
    ] {
        let (_, turn) = room.answer(Some((user, name)), text, None).await;
        room.answer(None, &format!("{text} Tell me more."), Some(turn))
            .await;
    }
    room
}

fn summary(text: &str) -> serde_json::Value {
    json!({"summary": text, "facts": []})
}

#[tokio::test]
async fn who_said_no_is_not_read_nor_what_answers_them_nor_named() {
    let room = room().await;
    says(&room, BO, false, false).await;
    let question = room.talk().await.question("Orla").text;
    assert!(
        question.contains("kayak") && !question.contains("rash"),
        "{question}"
    );
    room.read(&summary(
        "Ada bought a kayak. Bo was there and Bo bought a kayak.",
    ))
    .await;
    assert_eq!(room.summary().await, "Ada bought a kayak.");
}

#[tokio::test]
async fn where_all_said_no_nothing_is_asked() {
    let room = room().await;
    says(&room, ADA, false, false).await;
    says(&room, BO, false, false).await;
    let batch = room.talk().await;
    assert!(batch.is_empty());
    assert!(
        room.memory
            .consolidate(&batch, batch.nothing(), now())
            .await
            .unwrap()
    );
    assert!(room.due(Reading::Summary).await.is_none());
}

#[tokio::test]
async fn what_is_sensitive_is_summed_up_only_if_all_who_were_read_allow_it() {
    let told = summary("Ada bought a kayak. Bo told of a rash and saw a doctor. They laughed.");
    let cases = [
        (None, None, false),
        (Some(true), None, false),
        (Some(true), Some(false), false),
        (Some(true), Some(true), true),
    ];
    for (ada, bo, kept) in cases {
        let room = room().await;
        for (user, allows) in [(ADA, ada), (BO, bo)] {
            if let Some(sensitive) = allows {
                says(&room, user, true, sensitive).await;
            }
        }
        room.read(&told).await;
        let summary = room.summary().await;
        assert!(
            summary.contains("kayak") && summary.contains("laughed"),
            "{summary}"
        );
        assert_eq!(
            summary.contains("doctor"),
            kept,
            "{ada:?} {bo:?}: {summary}"
        );
    }
}

#[tokio::test]
async fn who_says_no_later_is_not_in_the_summary_that_is_written_anew() {
    let room = room().await;
    room.read(&summary("Ada bought a kayak. Bo told of a rash."))
        .await;
    let read = room.memory.summary(&room.scope).await.unwrap().unwrap();
    assert_eq!(read.messages, 4);
    says(&room, BO, false, false).await;
    assert_eq!(room.summary().await, "");
    let question = room.talk().await.question("Orla").text;
    assert!(
        question.contains("kayak") && !question.contains("rash"),
        "{question}"
    );
}

#[tokio::test]
async fn of_what_is_read_when_somebody_says_no_there_is_no_summary() {
    let room = room().await;
    let batch = room.talk().await;
    let answer = summary("Ada bought a kayak. Bo told of a rash.").to_string();
    let outcome = batch.read(&answer).unwrap().outcome;
    says(&room, BO, false, false).await;
    room.memory
        .consolidate(&batch, outcome, now())
        .await
        .unwrap();
    assert_eq!(room.summary().await, "");
}

#[tokio::test]
async fn a_summary_that_is_the_last_one_again_is_no_progress_and_is_not_asked_for_again() {
    let mut room = room().await;
    let first = "Ada bought a kayak and Bo was there to see it.";
    room.read(&summary(first)).await;
    for text in ["I sold the kayak.", "b", "c", "d"] {
        room.ada(text).await;
    }
    let batch = room.talk().await;
    let again = summary("Ada bought a kayak, and Bo was there to see it!").to_string();
    let notes = batch.read(&again).unwrap();
    assert_eq!(notes.unsummed, Some(Unsummed::Again));
    let kept = room.memory.consolidate(&batch, notes.outcome, now()).await;
    assert!(kept.unwrap());
    assert_eq!(room.summary().await, first);
    assert!(room.due(Reading::Summary).await.is_none());
}

#[tokio::test]
async fn a_summary_in_another_writing_than_the_talk_is_not_kept() {
    let mut room = Room::new().await;
    for text in [
        "我住在里斯本，养了一只猫",
        "猫叫豆豆",
        "今天很热",
        "晚上去河边",
    ] {
        room.ada(text).await;
    }
    let notes = |text: &str, batch: &memory::consolidation::Batch| {
        batch.read(&summary(text).to_string()).unwrap()
    };
    let batch = room.talk().await;
    let english = notes("Ada lives in Lisbon with a cat called Doudou.", &batch);
    assert_eq!(english.unsummed, Some(Unsummed::Language));
    let chinese = notes("Ada住在里斯本，养了一只猫叫豆豆，晚上去河边。", &batch);
    assert_eq!(chinese.unsummed, None, "{chinese:?}");
}
