//! Answers and greetings repeat people: they go with what they answer, and come too late for who was forgotten.

use chrono::TimeDelta;
use store::StoreError;
use store::turns::{Author, NewTurn, TurnKind};

use super::{CANARY, answered, day, left, said, scope, talk};
use crate::House;

#[tokio::test]
async fn answers_go_with_a_question_that_expired_before_them() {
    for deletes in [true, false] {
        let house = House::new().await;
        let here = scope(1, 10);
        talk(&house, here, 7, 100, 0).await;
        talk(&house, here, 8, 200, 0).await;
        let between = day(30) + TimeDelta::minutes(10);
        assert_eq!(house.store.drop_expired(30, between).await.unwrap(), 2);
        assert_eq!(
            left(&house, &here).await.len(),
            2,
            "the answers are younger"
        );
        let gone = match deletes {
            true => house.store.delete_messages(vec![100.into()]).await,
            false => house.store.forget_person(7.into(), 1.into()).await,
        };
        assert_eq!(gone.unwrap(), 1);
        assert_eq!(left(&house, &here).await, [format!("{CANARY}8, really?")]);
    }
}

#[tokio::test]
async fn an_edit_takes_the_answers_that_repeat_what_it_took_out_and_no_others() {
    let house = House::new().await;
    let here = scope(1, 10);
    let asked = talk(&house, here, 7, 100, 0).await;
    let question = said(here, 7, 100, 0, "");
    let other = NewTurn {
        messages: vec![150.into()],
        ..answered(&question, asked, "How nice that is.")
    };
    house.store.add_turn(other).await.unwrap();
    let edited = house
        .store
        .edit_message(100.into(), day(1), "it is nothing".into())
        .await;
    assert_eq!(edited.unwrap(), 1);
    assert_eq!(
        left(&house, &here).await,
        ["it is nothing", "How nice that is."]
    );
}

#[tokio::test]
async fn a_reply_whose_question_was_taken_back_meanwhile_is_not_kept() {
    let house = House::new().await;
    let here = scope(1, 10);
    let question = said(here, 7, 100, 0, CANARY);
    let asked = house.store.add_turn(question.clone()).await.unwrap();
    house.store.delete_messages(vec![100.into()]).await.unwrap();
    let late = house
        .store
        .add_turn(answered(&question, asked, CANARY))
        .await;
    assert!(matches!(late, Err(StoreError::Forgotten)), "{late:?}");
    house.store.checkpoint().await.unwrap();
    assert!(!house.bytes().contains(CANARY));
}

#[tokio::test]
async fn a_greeting_goes_with_whoever_asked_for_it_and_a_persons_own_direct_messages_go_whole() {
    let house = House::new().await;
    let (here, direct) = (scope(1, 10), scope(0, 40));
    let greeting = |scope, message: u64| NewTurn {
        kind: TurnKind::Greeting,
        author: Author::Persona,
        ..said(scope, 7, message, 0, &format!("Welcome, {CANARY}!"))
    };
    house
        .store
        .add_turn_for(7.into(), 99.into(), greeting(here, 100))
        .await
        .unwrap();
    house
        .store
        .add_turn_for(8.into(), 199.into(), greeting(here, 200))
        .await
        .unwrap();
    // As an earlier version kept it.
    house.store.add_turn(greeting(direct, 300)).await.unwrap();
    talk(&house, direct, 7, 310, 0).await;
    assert_eq!(
        house.store.forget_person(7.into(), 1.into()).await.unwrap(),
        4
    );
    assert_eq!(left(&house, &direct).await, [""; 0]);
    assert_eq!(left(&house, &here).await.len(), 1);
}

#[tokio::test]
async fn a_greeting_that_is_shown_after_its_person_was_forgotten_is_not_kept() {
    let house = House::new().await;
    let here = scope(1, 10);
    let greeting = |message: u64| NewTurn {
        kind: TurnKind::Greeting,
        author: Author::Persona,
        ..said(here, 7, message, 0, &format!("Welcome, {CANARY}!"))
    };
    let store = &house.store;
    store.forget_person(7.into(), 500.into()).await.unwrap();
    // It was asked for before, and shown afterwards.
    let late = store.add_turn_for(7.into(), 400.into(), greeting(600));
    assert!(matches!(late.await, Err(StoreError::Forgotten)));
    assert_eq!(left(&house, &here).await, [""; 0]);
    let new = store.add_turn_for(7.into(), 700.into(), greeting(701));
    new.await.unwrap();
}

#[tokio::test]
async fn of_somebody_who_is_forgotten_nothing_is_kept_that_was_said_before_and_all_that_is_said_after()
 {
    let house = House::new().await;
    let here = scope(1, 10);
    house
        .store
        .forget_person(7.into(), 500.into())
        .await
        .unwrap();
    let late = house.store.add_turn(said(here, 7, 499, 0, CANARY)).await;
    assert!(matches!(late, Err(StoreError::Forgotten)), "{late:?}");
    house
        .store
        .add_turn(said(here, 7, 501, 0, "new"))
        .await
        .unwrap();
    house
        .store
        .add_turn(said(here, 8, 499, 0, "other"))
        .await
        .unwrap();
    assert_eq!(left(&house, &here).await, ["new", "other"]);
    assert_eq!(house.store.prune_forgotten(day(0)).await.unwrap(), 1);
}
