//! Facts that a model is asked for message by message: what each question shows, and what becomes of its answers, also where
//! not all were given.

use memory::consolidation::{Answered, Batch, Portion, Question, Reading};
use serde_json::json;

use crate::consolidating::{ADA, BO, Room, fact, now};

fn questions(batch: &Batch) -> Vec<Question> {
    batch.questions(Portion::Message, "Orla", None)
}

fn texts(batch: &Batch) -> Vec<String> {
    let questions = questions(batch).into_iter();
    questions.map(|question| question.text).collect()
}

/// Each question with an answer of sentences.
fn answered(batch: &Batch, answers: &[&[&str]]) -> Vec<Answered> {
    let questions = questions(batch).into_iter();
    questions
        .zip(answers)
        .map(|(question, facts)| Answered {
            question,
            answer: json!({ "facts": facts }).to_string(),
        })
        .collect()
}

/// Ada and Bo tell something each, with talk between.
async fn room() -> Room {
    let mut room = Room::new().await;
    room.allow(ADA, false).await;
    room.allow(BO, false).await;
    room.ada("I live in Lisbon and I play the bassoon").await;
    room.say(None, "Lovely! Do you have any pets?").await;
    room.ada("a cat, Miso").await;
    room.say(Some((BO, "Bo")), "I repair clocks for a living")
        .await;
    room.ada("do you like boats?").await;
    room
}

#[tokio::test]
async fn each_question_shows_one_message_with_the_question_that_it_answers() {
    let room = room().await;
    let batch = room.batch().await;
    assert_eq!(
        texts(&batch),
        [
            "Ada: I live in Lisbon and I play the bassoon",
            "Orla asks: Do you have any pets?\nAda: a cat, Miso",
            "Bo: I repair clocks for a living",
        ]
    );
    let all = questions(&batch);
    assert!(all.iter().all(Question::is_of_a_message));
    assert!(all.iter().all(|question| question.system == all[0].system));
    // Each example is answered in the shape that is asked for.
    for example in &all[0].examples {
        let answer: serde_json::Value = serde_json::from_str(&example.answered).unwrap();
        let facts = answer["facts"].as_array().unwrap();
        assert!(facts.iter().all(serde_json::Value::is_string), "{answer}");
    }
}

#[tokio::test]
async fn a_message_in_chinese_is_asked_about_in_chinese() {
    let mut room = Room::new().await;
    room.allow(ADA, false).await;
    for text in ["我住在泉州，养了一只猫", "I live in Lisbon now", "a", "b"] {
        room.say(Some((ADA, "小满")), text).await;
    }
    let all = questions(&room.batch().await);
    assert!(all[0].system.contains("你替人记笔记"), "{}", all[0].system);
    assert!(all[0].examples[0].asked.contains("青岛"));
    assert!(all[1].examples[0].asked.contains("Oslo"));
}

#[tokio::test]
async fn a_sentence_is_about_the_writer_of_its_message_and_comes_from_there() {
    let room = room().await;
    let batch = room.batch().await;
    let answers = answered(
        &batch,
        &[
            &["Ada lives in Lisbon.", "Ada plays the bassoon."],
            &["Ada has a cat, Miso."],
            // Ada does not repair clocks, and Bo has no cat.
            &["Bo repairs clocks for a living.", "Bo has a cat, Miso."],
        ],
    );
    let notes = batch.read_all(&answers).unwrap();
    assert_eq!(notes.refused.len(), 1, "{:?}", notes.refused);
    let kept = room.memory.consolidate(&batch, notes.outcome, now()).await;
    assert!(kept.unwrap());
    let known = room.memory.known(&room.scope).await.unwrap().facts;
    let mut told: Vec<_> = known
        .iter()
        .map(|fact| (fact.about.get(), fact.text.as_str(), fact.sources.len()))
        .collect();
    told.sort();
    assert_eq!(
        told,
        [
            (ADA, "Ada has a cat, Miso.", 1),
            (ADA, "Ada lives in Lisbon.", 1),
            (ADA, "Ada plays the bassoon.", 1),
            (BO, "Bo repairs clocks for a living.", 1),
        ]
    );
}

#[tokio::test]
async fn a_message_whose_answer_is_noise_tells_nothing_and_the_others_are_read() {
    let room = room().await;
    let batch = room.batch().await;
    let mut answers = answered(&batch, &[&["Ada lives in Lisbon."], &[], &[]]);
    answers[1].answer = "I cannot do that.".to_owned();
    let notes = batch.read_all(&answers).unwrap();
    assert_eq!(notes.outcome.learned.len(), 1);
    for answer in &mut answers {
        answer.answer = "I cannot do that.".to_owned();
    }
    assert!(batch.read_all(&answers).is_err());
}

#[tokio::test]
async fn what_was_answered_before_a_break_is_kept_and_the_rest_is_read_the_next_time() {
    let room = room().await;
    let batch = room.batch().await;
    let answers = answered(
        &batch,
        &[&["Ada lives in Lisbon."], &["Ada has a cat, Miso."]],
    );
    let part = batch.until(&answers).unwrap();
    let notes = part.read_all(&answers).unwrap();
    let kept = room.memory.consolidate(&part, notes.outcome, now()).await;
    assert!(kept.unwrap());
    let mut facts = room.facts().await;
    facts.sort();
    assert_eq!(facts, ["Ada has a cat, Miso.", "Ada lives in Lisbon."]);
    let progress = room.store.progress(&room.scope, Reading::Facts).await;
    assert_eq!(progress.unwrap().through, 3);
    assert!(batch.until(&[]).is_none());
}

#[tokio::test]
async fn a_line_behind_the_break_still_takes_back_what_was_said_before_it() {
    let mut room = Room::new().await;
    room.allow(ADA, false).await;
    for text in [
        "I live in Lisbon",
        "Scratch that, I live in Porto",
        "it rains",
        "bye",
    ] {
        room.ada(text).await;
    }
    let batch = room.batch().await;
    let answers = answered(&batch, &[&["Ada lives in Lisbon."]]);
    let part = batch.until(&answers).unwrap();
    let notes = part.read_all(&answers).unwrap();
    assert_eq!(notes.outcome.learned, []);
    assert_eq!(notes.outcome.through, 1);
}

#[tokio::test]
async fn a_message_that_speaks_of_a_change_is_shown_beside_what_it_may_replace() {
    let mut room = room().await;
    let batch = room.batch().await;
    let answers = answered(&batch, &[&["Ada lives in Lisbon."], &[], &[]]);
    let outcome = batch.read_all(&answers).unwrap().outcome;
    room.memory
        .consolidate(&batch, outcome, now())
        .await
        .unwrap();
    room.ada("I moved to Porto last week!").await;
    room.ada("I paint boats on Sundays").await;
    room.say(Some((BO, "Bo")), "I moved too, to Faro").await;
    room.ada("bye").await;
    let batch = room.batch().await;
    let all = questions(&batch);
    assert!(
        all[0].text.contains("(1) Ada lives in Lisbon."),
        "{}",
        all[0].text
    );
    assert!(all[0].text.contains("Ada: I moved to Porto last week!"));
    assert!(!all[0].text.contains("boats"), "{}", all[0].text);
    assert_eq!(all[1].text, "Ada: I paint boats on Sundays");
    // Nothing is known of Bo.
    assert_eq!(all[2].text, "Bo: I moved too, to Faro");

    let mut porto = fact("Ada moved to Porto.", &[1]);
    porto["replaces"] = json!(1);
    let mut answers = answered(&batch, &[&[], &["Ada paints boats on Sundays."]]);
    answers[0].answer = json!({ "facts": [porto] }).to_string();
    let outcome = batch.read_all(&answers).unwrap().outcome;
    room.memory
        .consolidate(&batch, outcome, now())
        .await
        .unwrap();
    let mut facts = room.facts().await;
    facts.sort();
    assert_eq!(
        facts,
        ["Ada moved to Porto.", "Ada paints boats on Sundays."]
    );
}

#[tokio::test]
async fn a_batch_is_current_until_something_of_it_is_edited_forgotten_or_taken_back() {
    let mut room = room().await;
    let batch = room.batch().await;
    let current = async |room: &Room| room.memory.is_current(&batch).await.unwrap();
    room.ada("one more line").await;
    assert!(current(&room).await);
    room.store
        .set_consent(BO.into(), memory::Consent::default(), now())
        .await
        .unwrap();
    assert!(!current(&room).await);

    let room = self::room().await;
    let batch = room.batch().await;
    let message = batch_first_message(&room).await;
    assert!(room.memory.is_current(&batch).await.unwrap());
    room.memory.messages_deleted(vec![message]).await.unwrap();
    assert!(!room.memory.is_current(&batch).await.unwrap());
}

/// The message of the first turn of a room.
async fn batch_first_message(room: &Room) -> store::id::MessageId {
    let turns = room.store.turns_to_read(&room.scope, 1, 1).await.unwrap();
    turns[0].messages[0]
}
