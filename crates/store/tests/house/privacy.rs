//! What is kept for how long, and that what goes leaves no byte behind.

use chrono::TimeDelta;
use store::consents::Consent;
use store::consolidations::{Consolidated, Reading};
use store::facts::{NewFact, Origin};
use store::forgetting::ForgetWhat;
use store::id::{ChannelId, GuildId, MessageId, ScopeId, UserId};
use store::turns::{Author, NewTurn, TurnKind};

use crate::{House, at};

const CANARY: &str = "quixotzl";
/// An id that Discord will give some day: whatever is under way is older.
const NOW: u64 = 1 << 62;

fn scope(guild: u64, channel: u64) -> ScopeId {
    ScopeId {
        guild: (guild > 0).then(|| guild.into()),
        channel: channel.into(),
        persona: store::id::PersonaId(1),
    }
}

/// A person's message and the persona's answer, which repeats it.
async fn talk(house: &House, scope: ScopeId, user: u64, message: u64, day: i64) {
    let said = |author, text: String, message: u64, answers| NewTurn {
        scope,
        author,
        author_name: format!("name{user}"),
        kind: TurnKind::Chat,
        text,
        messages: vec![MessageId::from(message)],
        at: at(0) + TimeDelta::days(day),
        reply_to: None,
        answers,
        proxied: false,
    };
    let person = Author::Person(user.into());
    let text = format!("my secret {CANARY}{user} is on day {day}");
    let asked = house
        .store
        .add_turn(said(person, text.clone(), message, None))
        .await
        .unwrap();
    let answer = format!("Ah, {text}!");
    house
        .store
        .add_turn(said(Author::Persona, answer, message + 1, Some(asked)))
        .await
        .unwrap();
}

async fn know(house: &House, scope: ScopeId, user: u64, message: u64) {
    let fact = NewFact {
        about: user.into(),
        about_name: format!("name{user}"),
        proxied: false,
        text: format!("name{user} has the secret {CANARY}{user}."),
        sources: vec![message.into()],
        supersedes: None,
        origin: Origin::Extracted,
    };
    let consent = Consent {
        facts: true,
        sensitive: false,
    };
    house
        .store
        .set_consent(user.into(), consent, at(0))
        .await
        .unwrap();
    let outcome = Consolidated {
        epoch: house
            .store
            .progress(&scope, Reading::Summary)
            .await
            .unwrap()
            .epoch,
        reading: Reading::Summary,
        through: 2,
        summary: Some(format!("name{user} told of {CANARY}{user}.")),
        learned: vec![fact],
        confirmed: vec![],
    };
    assert!(
        house
            .store
            .consolidate(&scope, outcome, at(0))
            .await
            .unwrap()
    );
}

async fn turns(house: &House, scope: &ScopeId) -> usize {
    house.store.latest_turns(scope, 1_000).await.unwrap().len()
}

#[tokio::test]
async fn words_go_after_their_time_with_their_summary_and_facts_outlive_them() {
    let house = House::new().await;
    let (default, short, forever, direct) =
        (scope(1, 10), scope(2, 20), scope(3, 30), scope(0, 40));
    house
        .store
        .set_retention_days(GuildId::from(2), Some(7))
        .await
        .unwrap();
    house
        .store
        .set_retention_days(GuildId::from(3), Some(0))
        .await
        .unwrap();
    for (n, scope) in (0..).zip([default, short, forever, direct]) {
        talk(&house, scope, 7, 1_000 + n * 100, 0).await;
        talk(&house, scope, 7, 1_010 + n * 100, 20).await;
    }
    know(&house, default, 7, 1_000).await;
    let now = at(0) + TimeDelta::days(31);
    assert_eq!(house.store.drop_expired(30, now).await.unwrap(), 2 + 4 + 2);
    let left = [default, short, forever, direct];
    let mut counts = vec![];
    for scope in &left {
        counts.push(turns(&house, scope).await);
    }
    assert_eq!(counts, [2, 0, 4, 2]);
    assert_eq!(house.store.facts(&default, 9).await.unwrap().len(), 1);
    assert_eq!(
        house.store.summary(&default).await.unwrap(),
        None,
        "it was made of words that are gone"
    );
    assert_eq!(house.store.drop_expired(30, now).await.unwrap(), 0);
}

#[tokio::test]
async fn a_fact_goes_with_its_message_even_after_the_words_went() {
    let house = House::new().await;
    let scope = scope(1, 10);
    talk(&house, scope, 7, 1_000, 0).await;
    know(&house, scope, 7, 1_000).await;
    house
        .store
        .drop_expired(30, at(0) + TimeDelta::days(31))
        .await
        .unwrap();
    house
        .store
        .delete_messages(vec![1_000.into()])
        .await
        .unwrap();
    assert_eq!(house.store.facts(&scope, 9).await.unwrap(), []);
}

#[tokio::test]
async fn a_person_who_is_forgotten_leaves_no_byte_behind() {
    let house = House::new().await;
    let places = [scope(1, 10), scope(2, 20), scope(0, 40)];
    let consent = Consent {
        facts: true,
        sensitive: true,
    };
    house
        .store
        .set_consent(UserId::from(7), consent, at(0))
        .await
        .unwrap();
    for (n, scope) in (0..).zip(places) {
        talk(&house, scope, 7, 1_000 + n * 100, 0).await;
        talk(&house, scope, 8, 1_050 + n * 100, 0).await;
        know(&house, scope, 7, 1_000 + n * 100).await;
    }
    house.store.checkpoint().await.unwrap();
    assert!(
        house.bytes().contains(&format!("{CANARY}7")),
        "it is there before"
    );
    let forgotten = house.store.forget_person(UserId::from(7), NOW.into()).await;
    assert_eq!(forgotten.unwrap(), 6);
    house.store.checkpoint().await.unwrap();
    let bytes = house.bytes();
    assert!(!bytes.contains(&format!("{CANARY}7")));
    assert!(!bytes.contains("name7"));
    assert!(
        bytes.contains(&format!("{CANARY}8")),
        "the other person's words stay"
    );
    assert_eq!(house.store.consent(UserId::from(7)).await.unwrap(), None);
    assert_eq!(
        house.store.scopes_of_person(UserId::from(7)).await.unwrap(),
        []
    );
}

#[tokio::test]
async fn a_server_that_the_bot_left_is_forgotten_and_one_that_it_came_back_to_is_not() {
    let house = House::new().await;
    for guild in [1, 2] {
        talk(&house, scope(guild, guild * 10), 7, guild * 1_000, 0).await;
        know(&house, scope(guild, guild * 10), 7, guild * 1_000).await;
        house
            .store
            .note_departure(GuildId::from(guild), Some(at(0)))
            .await
            .unwrap();
    }
    house
        .store
        .note_departure(GuildId::from(2), None)
        .await
        .unwrap();
    assert_eq!(
        house.store.purge_departed(at(0)).await.unwrap(),
        0,
        "not at once"
    );
    let later = at(0) + TimeDelta::hours(12);
    assert_eq!(house.store.purge_departed(later).await.unwrap(), 1);
    assert_eq!(turns(&house, &scope(1, 10)).await, 0);
    assert_eq!(house.store.facts(&scope(1, 10), 9).await.unwrap(), []);
    assert_eq!(turns(&house, &scope(2, 20)).await, 2);
}

#[tokio::test]
async fn a_pause_holds_for_one_person_in_one_place_and_in_its_threads() {
    let house = House::new().await;
    let (user, guild) = (UserId::from(7), Some(GuildId::from(1)));
    house
        .store
        .pause_memory(user, guild, 10.into(), Some(at(0)))
        .await
        .unwrap();
    let paused = |user: u64, guild, channel: u64, parent: Option<u64>| {
        let (store, parent) = (house.store.clone(), parent.map(ChannelId::from));
        async move {
            let pause = store.memory_pause(user.into(), guild, channel.into(), parent);
            pause.await.unwrap().map(ChannelId::get)
        }
    };
    assert_eq!(paused(7, guild, 10, None).await, Some(10));
    assert_eq!(paused(7, guild, 12, Some(10)).await, Some(10));
    for (user, guild, channel, parent) in [
        (8, guild, 10, None),
        (7, guild, 11, None),
        (7, None, 10, None),
        (8, guild, 12, Some(10)),
        (7, guild, 12, Some(11)),
    ] {
        assert_eq!(paused(user, guild, channel, parent).await, None);
    }
    // A thread's own pause is named before the channel's, and says nothing of the channel.
    let pause = house
        .store
        .pause_memory(user, guild, 12.into(), Some(at(0)));
    pause.await.unwrap();
    assert_eq!(paused(7, guild, 12, Some(10)).await, Some(12));
    assert_eq!(paused(7, guild, 11, Some(12)).await, Some(12));
    house
        .store
        .pause_memory(user, guild, 10.into(), None)
        .await
        .unwrap();
    assert_eq!(paused(7, guild, 10, None).await, None);
}

#[tokio::test]
async fn forgetting_one_turn_keeps_the_rest() {
    let house = House::new().await;
    let scope = scope(1, 10);
    talk(&house, scope, 7, 1_000, 0).await;
    talk(&house, scope, 7, 1_010, 1).await;
    let first = house.store.latest_turns(&scope, 9).await.unwrap()[0].id;
    assert_eq!(
        house
            .store
            .forget(&scope, ForgetWhat::Turn(first))
            .await
            .unwrap(),
        2,
        "and the answer to it"
    );
    assert_eq!(turns(&house, &scope).await, 2);
}

#[tokio::test]
async fn a_message_whose_words_are_not_kept_leads_to_its_persona_for_as_long_as_words_would_be_kept()
 {
    let house = House::new().await;
    let (store, scope, other) = (&house.store, scope(1, 10), scope(1, 11));
    let note = |scope: ScopeId, messages: [u64; 2]| async move {
        let messages = messages.map(MessageId::from).to_vec();
        store.note_unkept(&scope, messages, at(0)).await.unwrap();
    };
    let who = |message: u64| async move {
        let persona = store.persona_of_message(message.into()).await.unwrap();
        persona.map(|persona| persona.get())
    };
    for _again in 0..2 {
        note(scope, [500, 501]).await;
    }
    note(other, [600, 601]).await;
    assert_eq!((who(501).await, who(502).await), (Some(1), None));
    assert!(store.persona_speaks_in(10.into()).await.unwrap().is_some());
    assert_eq!(
        turns(&house, &scope).await,
        0,
        "there is nothing to remember"
    );
    store.delete_messages(vec![501.into()]).await.unwrap();
    assert_eq!((who(500).await, who(501).await), (Some(1), None));
    store.forget(&scope, ForgetWhat::All).await.unwrap();
    assert_eq!((who(500).await, who(600).await), (None, Some(1)));
    let almost = at(0) + TimeDelta::days(29);
    store.drop_expired(30, almost).await.unwrap();
    assert_eq!(who(600).await, Some(1));
    let later = at(0) + TimeDelta::days(31);
    store.drop_expired(30, later).await.unwrap();
    assert_eq!(who(600).await, None);
}
