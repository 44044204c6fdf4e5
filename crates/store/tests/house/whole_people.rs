//! Whole people: whatever was said, whoever repeats it, and however long ago, it is found when it is to be forgotten.

use chrono::{DateTime, TimeDelta, Utc};
use store::StoreError;
use store::claims::NewClaim;
use store::consents::Consent;
use store::consolidations::Consolidated;
use store::forgetting::ForgetWhat;
use store::id::{MessageId, PersonaId, ScopeId, TurnId};
use store::settings::{ChatMode, ModePlace};
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
        epoch: house.store.progress(&scope).await.unwrap().epoch,
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

#[tokio::test]
async fn a_summary_goes_with_whoever_it_has_read_through_the_summaries_before_it_when_no_turn_is_left()
 {
    let house = House::new().await;
    let here = scope(1, 10);
    house
        .store
        .set_retention_days(1.into(), Some(60))
        .await
        .unwrap();
    talk(&house, here, 7, 100, 0).await;
    assert!(sum_up(&house, here, &format!("One spoke of {CANARY}7.")).await);
    talk(&house, here, 8, 200, 40).await;
    assert!(
        sum_up(
            &house,
            here,
            &format!("One spoke of {CANARY}7, then another.")
        )
        .await
    );
    // A message that the summary has not read costs it nothing.
    talk(&house, here, 9, 300, 41).await;
    house.store.delete_messages(vec![300.into()]).await.unwrap();
    assert!(summary(&house, &here).await.is_some());
    // No turn tells any more who was here.
    house.store.drop_excess(1).await.unwrap();
    assert_eq!(left(&house, &here).await, [""; 0]);
    assert!(summary(&house, &here).await.is_some());
    house
        .store
        .forget_person(7.into(), (1 << 62).into())
        .await
        .unwrap();
    assert_eq!(summary(&house, &here).await, None);
    house.store.checkpoint().await.unwrap();
    assert!(!house.bytes().contains(&format!("{CANARY}7")));
}

#[tokio::test]
async fn a_deleted_message_takes_the_summary_that_has_read_it_after_its_words_went() {
    let house = House::new().await;
    let here = scope(1, 10);
    talk(&house, here, 7, 100, 0).await;
    assert!(sum_up(&house, here, "They met.").await);
    house.store.drop_excess(1).await.unwrap();
    assert_eq!(left(&house, &here).await, [""; 0]);
    house.store.delete_messages(vec![999.into()]).await.unwrap();
    assert!(summary(&house, &here).await.is_some(), "another message");
    house.store.delete_messages(vec![100.into()]).await.unwrap();
    assert_eq!(summary(&house, &here).await, None);
}

#[tokio::test]
async fn a_summary_lasts_as_long_as_the_oldest_words_in_it_and_is_begun_anew_from_the_newer_half() {
    let house = House::new().await;
    let here = scope(1, 10);
    for (n, on) in (0..).zip([0, 10, 20, 29]) {
        talk(&house, here, 7, 100 + 10 * n, on).await;
        assert!(sum_up(&house, here, "All of it.").await);
    }
    house.store.drop_expired(30, day(29)).await.unwrap();
    assert!(summary(&house, &here).await.is_some());
    let dropped = house.store.drop_expired(30, day(31)).await.unwrap();
    assert_eq!(dropped, 2);
    assert_eq!(summary(&house, &here).await, None);
    let read = house.store.progress(&here).await.unwrap().through;
    assert_eq!(read, 4, "what is younger than 15 days is read again");
    assert!(sum_up(&house, here, "The newer half.").await);
    house.store.drop_expired(30, day(49)).await.unwrap();
    assert!(summary(&house, &here).await.is_some());
    house.store.drop_expired(30, day(51)).await.unwrap();
    assert_eq!(summary(&house, &here).await, None);
}

#[tokio::test]
async fn what_is_being_read_when_words_expire_is_not_kept() {
    let house = House::new().await;
    let here = scope(1, 10);
    talk(&house, here, 7, 100, 0).await;
    talk(&house, here, 7, 200, 20).await;
    let outcome = Consolidated {
        epoch: 0,
        through: 4,
        summary: Some(CANARY.to_owned()),
        learned: vec![],
        confirmed: vec![],
    };
    house.store.drop_expired(30, day(31)).await.unwrap();
    let kept = house.store.consolidate(&here, outcome, day(31)).await;
    assert!(!kept.unwrap());
}

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
async fn a_thread_that_was_noted_is_paused_with_the_channel_above_whoever_knows_that() {
    let house = House::new().await;
    let (store, guild) = (&house.store, Some(1.into()));
    let threads = vec![(11.into(), 10.into()), (12.into(), 10.into())];
    store.note_threads(threads, guild).await.unwrap();
    store
        .note_thread(12.into(), 20.into(), guild)
        .await
        .unwrap();
    assert_eq!(store.threads_below(10.into()).await.unwrap(), [11.into()]);
    store
        .pause_memory(7.into(), guild, 10.into(), Some(day(0)))
        .await
        .unwrap();
    let paused = async |thread: u64| {
        let pause = store.memory_pause(7.into(), guild, thread.into(), None);
        pause.await.unwrap()
    };
    assert_eq!(paused(11).await, Some(10.into()));
    assert_eq!(paused(12).await, None);
}

#[tokio::test]
async fn taking_consent_back_takes_the_summaries_that_have_read_the_person() {
    let house = House::new().await;
    let (here, there) = (scope(1, 10), scope(1, 11));
    let allow = |facts, sensitive| Consent { facts, sensitive };
    talk(&house, here, 7, 100, 0).await;
    talk(&house, there, 8, 200, 0).await;
    for consent in [allow(false, false), allow(true, true), allow(true, false)] {
        for scope in [here, there] {
            assert!(sum_up(&house, scope, "They met.").await);
        }
        house
            .store
            .set_consent(7.into(), consent, at(0))
            .await
            .unwrap();
        let kept = consent.sensitive;
        assert_eq!(summary(&house, &here).await.is_some(), kept, "{consent:?}");
        assert!(summary(&house, &there).await.is_some());
    }
}

#[tokio::test]
async fn a_deleted_channel_is_forgotten_with_its_threads_and_settings_and_keeps_nothing_that_comes_late()
 {
    let house = House::new().await;
    let store = &house.store;
    let (channel, thread, other) = (scope(1, 10), scope(1, 11), scope(1, 110));
    let guild = Some(1.into());
    store
        .note_thread(11.into(), 10.into(), guild)
        .await
        .unwrap();
    for (n, scope) in (1..).zip([channel, thread, other]) {
        talk(&house, scope, 7, 100 * n, 0).await;
        assert!(sum_up(&house, scope, &format!("{CANARY} of {n}")).await);
        let place = ModePlace::Channel {
            guild,
            channel: scope.channel,
        };
        store
            .set_chat_mode(place, Some(ChatMode::Active))
            .await
            .unwrap();
        store
            .pause_memory(7.into(), guild, scope.channel, Some(at(0)))
            .await
            .unwrap();
        store
            .claim(
                NewClaim::of(n.into(), scope.channel, guild, 7.into()),
                1,
                at(0),
            )
            .await
            .unwrap();
    }
    assert_eq!(store.forget_channel(10.into(), at(0)).await.unwrap(), 4);
    for scope in [channel, thread] {
        assert_eq!(left(&house, &scope).await, [""; 0]);
        assert_eq!(summary(&house, &scope).await, None);
        assert_eq!(
            store.chat_mode(guild, scope.channel, None).await.unwrap(),
            None
        );
        let pause = store.memory_pause(7.into(), guild, scope.channel, None);
        assert_eq!(pause.await.unwrap(), None);
        assert_eq!(store.watermark(scope.channel).await.unwrap(), None);
        let late = store.add_turn(said(scope, 7, 999, 0, CANARY)).await;
        assert!(matches!(late, Err(StoreError::Forgotten)), "{late:?}");
    }
    assert_eq!(left(&house, &other).await.len(), 2);
    assert!(summary(&house, &other).await.is_some());
    let pause = store.memory_pause(7.into(), guild, 110.into(), None);
    assert_eq!(pause.await.unwrap(), Some(110.into()));
}

#[tokio::test]
async fn of_each_person_a_server_keeps_the_newest_within_a_bound() {
    let house = House::new().await;
    for n in 0..40 {
        for (user, scope) in [
            (7, scope(1, 10 + n % 3)),
            (8, scope(1, 10)),
            (7, scope(2, 20)),
            (7, scope(0, 30)),
        ] {
            let user_first = user * 1_000_000 + scope.channel.get() * 1_000;
            if user == 8 && n > 3 {
                continue;
            }
            talk(&house, scope, user, user_first + 10 * n, n as i64).await;
        }
    }
    let bytes = |text: &String| text.len();
    let one = format!("it is {CANARY}7").len() + format!("{CANARY}7, really?").len();
    house.store.drop_excess(10 * one as u64).await.unwrap();
    let mut kept = vec![];
    for channel in 10..13 {
        kept.extend(left(&house, &scope(1, channel)).await);
    }
    let of_seven: Vec<String> = kept
        .iter()
        .filter(|text| text.contains("quixotzl7"))
        .cloned()
        .collect();
    assert!(of_seven.iter().map(bytes).sum::<usize>() <= 10 * one);
    assert_eq!(of_seven.len(), 20, "no more goes than must");
    assert_eq!(kept.len() - of_seven.len(), 8, "others keep theirs");
    for place in [scope(2, 20), scope(0, 30)] {
        assert_eq!(left(&house, &place).await.len(), 20);
    }
    assert_eq!(house.store.drop_excess(10 * one as u64).await.unwrap(), 0);
    // An edit counts, and what is forgotten counts no more.
    house
        .store
        .edit_message((7_020_000 + 390).into(), day(99), "long ".repeat(200))
        .await
        .unwrap();
    assert!(house.store.drop_excess(10 * one as u64).await.unwrap() > 0);
    house
        .store
        .forget(&scope(2, 20), ForgetWhat::Person(7.into()))
        .await
        .unwrap();
    assert_eq!(house.store.drop_excess(10 * one as u64).await.unwrap(), 0);
}

#[tokio::test]
async fn the_log_is_emptied_after_deletions_though_nobody_asks_for_it() {
    let house = House::new().await;
    let here = scope(1, 10);
    for n in 0..200 {
        talk(&house, here, 7, 100 + 10 * n, 0).await;
    }
    assert!(house.bytes().contains(CANARY));
    // A storm of deletions, one by one.
    for n in 0..200 {
        house
            .store
            .delete_messages(vec![(100 + 10 * n).into()])
            .await
            .unwrap();
    }
    let swept = async {
        while house.bytes().contains(CANARY) {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    let soon = std::time::Duration::from_secs(10);
    tokio::time::timeout(soon, swept).await.unwrap();
}
