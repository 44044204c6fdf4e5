//! A fact that somebody had forgotten does not come back, though the words in which it was said are still kept.

use memory::Consent;
use serde_json::json;

use super::consolidating::{ADA, Room, fact, lisbon, lisbon_answer, now};

/// Forgets the one fact that tells of the cat.
async fn forget_the_cat(room: &Room) {
    let known = room.memory.known(&room.scope).await.unwrap();
    let cat = known.facts.iter().find(|fact| fact.text.contains("cat"));
    let forgotten = room.memory.forget_fact(&room.scope, cat.unwrap().id).await;
    assert_eq!(forgotten.unwrap(), 1);
}

#[tokio::test]
async fn a_forgotten_fact_does_not_come_back_when_the_turns_are_read_again() {
    let (mut room, _) = lisbon().await;
    room.read(&lisbon_answer()).await;
    forget_the_cat(&room).await;
    assert_eq!(
        room.summary().await,
        "",
        "the summary told of the cat too, and is written anew"
    );

    // The other turns come again; a model that still tells of the cat has no source for it.
    let question = room.talk().await.question("Orla").text;
    assert!(!question.contains("my cat Miso"), "{question}");
    assert!(question.contains("Sunny as always."), "{question}");
    room.read(&lisbon_answer()).await;
    assert_eq!(room.facts().await, ["Ada lives in Lisbon."]);

    // Said again, it is learned again. Its words were never forgotten: that is what `forget` with a turn is for.
    room.ada("My cat Miso sleeps on the stove.").await;
    for text in ["How warm.", "And how are you?", "Tell me more."] {
        room.say(None, text).await;
    }
    let again = json!({"summary": "", "facts": [fact("Ada has a cat named Miso.", &[5])]});
    room.read(&again).await;
    assert_eq!(room.facts().await.len(), 2);
    let said = room.memory.show(&room.scope, Some(ADA.into()), 0).await;
    assert_eq!(said.unwrap().total, 3);
}

#[tokio::test]
async fn what_answers_a_forgotten_fact_is_not_read_again_either() {
    let mut room = Room::new().await;
    room.allow(ADA, false).await;
    let ada = Some((ADA, "Ada"));
    let (_, told) = room.answer(ada, "I have a cat named Miso.", None).await;
    room.answer(None, "Miso is a fine name for a cat!", Some(told))
        .await;
    room.ada("It is sunny.").await;
    room.say(None, "Then go for a walk.").await;
    room.read(&json!({"summary": "", "facts": [fact("Ada has a cat named Miso.", &[1])]}))
        .await;
    forget_the_cat(&room).await;
    let question = room.talk().await.question("Orla").text;
    assert!(
        !question.contains("Miso") && question.contains("walk"),
        "{question}"
    );
}

#[tokio::test]
async fn a_fact_that_was_forgotten_while_the_model_read_does_not_come_back() {
    let (mut room, _) = lisbon().await;
    room.read(&lisbon_answer()).await;
    for text in ["One.", "Two.", "Three.", "My cat Miso snores."] {
        room.ada(text).await;
    }
    let batch = room.batch().await;
    let outcome = batch.read(&lisbon_answer().to_string()).unwrap().outcome;
    forget_the_cat(&room).await;
    assert!(
        !room
            .memory
            .consolidate(&batch, outcome, now())
            .await
            .unwrap()
    );
    assert_eq!(room.facts().await, ["Ada lives in Lisbon."]);
}

#[tokio::test]
async fn who_no_longer_allows_sensitive_facts_has_those_forgotten_and_keeps_the_rest() {
    let mut room = Room::new().await;
    room.allow(ADA, true).await;
    room.ada("I have diabetes.").await;
    room.ada("I have a cat named Miso.").await;
    for text in ["How warm.", "And how are you?"] {
        room.say(None, text).await;
    }
    let answer = json!({"summary": "", "facts": [
        fact("Ada has diabetes.", &[1]),
        fact("Ada has a cat named Miso.", &[2]),
    ]});
    room.read(&answer).await;
    assert_eq!(room.facts().await.len(), 2);

    let without = Consent {
        facts: true,
        sensitive: false,
    };
    let forgotten = room.memory.consent(ADA.into(), without, now()).await;
    assert_eq!(forgotten.unwrap(), 1);
    assert_eq!(room.facts().await, ["Ada has a cat named Miso."]);
    // The words stay; they are told apart from what was learned.
    let said = room.memory.show(&room.scope, Some(ADA.into()), 0).await;
    assert_eq!(said.unwrap().total, 2);
}
