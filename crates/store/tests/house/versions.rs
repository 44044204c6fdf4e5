//! Edits and deletions that come before, between and behind the writes that remember.

use chrono::{DateTime, Utc};
use futures_util::future::join_all;
use store::consolidations::{Consolidated, Reading};
use store::echoes::Echoes;
use store::facts::{NewFact, Origin};
use store::id::{MessageId, PersonaId, ScopeId};
use store::turns::{Author, NewTurn, TurnKind};
use store::versions::{Kept, Version};

use crate::{House, at};

const MESSAGE: u64 = 10;

fn scope() -> ScopeId {
    ScopeId {
        guild: Some(1.into()),
        channel: 2.into(),
        persona: PersonaId(3),
    }
}

fn said(message: u64, text: &str) -> NewTurn {
    NewTurn {
        scope: scope(),
        author: Author::Person(100.into()),
        author_name: "Ada".into(),
        kind: TurnKind::Chat,
        text: text.into(),
        messages: vec![message.into()],
        at: at(1),
        reply_to: None,
        answers: None,
        proxied: false,
    }
}

/// Something that Discord tells, or the turn does.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// The turn remembers the message as it was heard.
    Remember,
    /// An edit is told of.
    Edit(i64, &'static str),
    /// A deletion is told of.
    Delete,
}

const FIRST: Step = Step::Edit(10, "the first edit");
const SECOND: Step = Step::Edit(20, "the second edit");

impl House {
    async fn take(&self, step: Step) {
        match step {
            Step::Edit(minute, text) => {
                let edited = self
                    .store
                    .edit_message(MESSAGE.into(), at(minute), text.into());
                edited.await.unwrap();
            }
            Step::Delete => {
                let deleted = self.store.delete_messages(vec![MESSAGE.into()]);
                deleted.await.unwrap();
            }
            Step::Remember => self.remember(MESSAGE).await,
        }
    }

    /// As a turn does it: what is outdated is remembered in the newest version.
    async fn remember(&self, message: u64) {
        let kept = self.store.add_heard(said(message, "as written"), None);
        if kept.await.unwrap() == Kept::Outdated {
            let newest = self
                .store
                .version_of(message.into(), 2.into(), None)
                .await
                .unwrap();
            let text = if newest.edited_at == Some(at(20)) {
                "the second edit"
            } else {
                "the first edit"
            };
            let kept = self.store.add_heard(said(message, text), newest.edited_at);
            assert_ne!(kept.await.unwrap(), Kept::Outdated);
        }
    }

    async fn texts(&self) -> Vec<String> {
        let turns = self.store.latest_turns(&scope(), 1_000).await.unwrap();
        turns.into_iter().map(|turn| turn.text).collect()
    }
}

/// Every order of some steps.
fn orders(steps: &[Step]) -> Vec<Vec<Step>> {
    if steps.len() <= 1 {
        return vec![steps.to_vec()];
    }
    let mut all = vec![];
    for first in 0..steps.len() {
        let mut others = steps.to_vec();
        let step = others.remove(first);
        for mut order in orders(&others) {
            order.insert(0, step);
            all.push(order);
        }
    }
    all
}

#[tokio::test]
async fn the_newest_version_is_kept_in_whatever_order_its_events_come() {
    for order in orders(&[Step::Remember, FIRST, SECOND, SECOND]) {
        let house = House::new().await;
        for step in &order {
            house.take(*step).await;
        }
        assert_eq!(house.texts().await, ["the second edit"], "{order:?}");
    }
}

#[tokio::test]
async fn a_deleted_message_is_kept_in_no_order() {
    for order in orders(&[Step::Remember, FIRST, Step::Delete, Step::Remember]) {
        let house = House::new().await;
        for step in &order {
            house.take(*step).await;
        }
        assert_eq!(house.texts().await, Vec::<String>::new(), "{order:?}");
    }
}

#[tokio::test]
async fn deletions_that_race_with_the_writes_leave_nothing_of_two_hundred_messages() {
    let house = House::new().await;
    let ids = || 1_000..1_200_u64;
    let remembering = join_all(ids().map(|id| house.remember(id)));
    let deleting = join_all(ids().map(|id| house.store.delete_messages(vec![id.into()])));
    let (_, deleted) = tokio::join!(remembering, deleting);
    assert!(deleted.into_iter().all(|done| done.is_ok()));
    assert_eq!(house.texts().await, Vec::<String>::new());
}

#[tokio::test]
async fn an_answer_is_not_kept_when_it_or_its_question_is_gone() {
    for gone in [MESSAGE, MESSAGE + 1] {
        let house = House::new().await;
        let Kept::As(question) = house
            .store
            .add_heard(said(MESSAGE, "a secret"), None)
            .await
            .unwrap()
        else {
            panic!("it is kept");
        };
        house
            .store
            .delete_messages(vec![gone.into()])
            .await
            .unwrap();
        let answer = NewTurn {
            author: Author::Persona,
            author_name: "Orla".into(),
            messages: vec![(MESSAGE + 1).into()],
            reply_to: Some(MESSAGE.into()),
            answers: Some(question),
            ..said(MESSAGE + 1, "your secret")
        };
        let kept = house
            .store
            .add_reply(
                answer,
                String::new(),
                Echoes::default(),
                crate::reports::report(vec![]),
            )
            .await;
        assert_eq!(kept.unwrap(), Kept::Gone, "{gone}");
        assert!(!house.texts().await.contains(&"your secret".to_owned()));
    }
}

/// Ada's message has become a pinned fact and a part of the summary.
async fn known() -> House {
    let house = House::new().await;
    house
        .store
        .add_heard(said(MESSAGE, "my goat is Bo"), None)
        .await
        .unwrap();
    learn(&house, at(2)).await;
    house
}

async fn learn(house: &House, now: DateTime<Utc>) {
    let outcome = Consolidated {
        epoch: house
            .store
            .progress(&scope(), Reading::Summary)
            .await
            .unwrap()
            .epoch,
        reading: Reading::Summary,
        through: 1,
        summary: Some("Ada told of Bo.".into()),
        learned: vec![NewFact {
            about: 100.into(),
            about_name: "Ada".into(),
            proxied: false,
            text: "Ada has a goat.".into(),
            sources: vec![MESSAGE.into()],
            supersedes: None,
            origin: Origin::Extracted,
        }],
        confirmed: vec![],
    };
    assert!(
        house
            .store
            .consolidate(&scope(), outcome, now)
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn an_edit_that_changes_no_word_touches_neither_facts_nor_summary_nor_a_reading_under_way() {
    let house = known().await;
    let before = house
        .store
        .progress(&scope(), Reading::Summary)
        .await
        .unwrap();
    let same = house
        .store
        .edit_message(MESSAGE.into(), at(20), "my goat is Bo".into());
    assert_eq!(same.await.unwrap(), 0);
    assert_eq!(
        house
            .store
            .progress(&scope(), Reading::Summary)
            .await
            .unwrap(),
        before
    );
    assert_eq!(house.store.facts(&scope(), 9).await.unwrap().len(), 1);
    let other = house
        .store
        .edit_message(MESSAGE.into(), at(21), "my goat is Al".into());
    assert_eq!(other.await.unwrap(), 1);
    assert_eq!(house.store.facts(&scope(), 9).await.unwrap(), []);
    assert_ne!(
        house
            .store
            .progress(&scope(), Reading::Summary)
            .await
            .unwrap()
            .epoch,
        before.epoch
    );
}

#[tokio::test]
async fn a_pin_on_what_was_edited_before_it_was_read_takes_no_fact_though_its_words_are_gone() {
    let house = House::new().await;
    house.take(FIRST).await;
    house.take(Step::Remember).await;
    learn(&house, at(12)).await;
    house.store.drop_expired(1, at(10_000)).await.unwrap();
    assert_eq!(
        house.texts().await,
        Vec::<String>::new(),
        "its words are kept no longer"
    );
    house.take(FIRST).await;
    assert_eq!(house.store.facts(&scope(), 9).await.unwrap().len(), 1);
    house.take(SECOND).await;
    assert_eq!(house.store.facts(&scope(), 9).await.unwrap(), []);
}

#[tokio::test]
async fn what_was_noted_of_old_messages_is_dropped() {
    let house = House::new().await;
    let now = at(0);
    let old = MessageId::first_of(now - chrono::TimeDelta::days(2));
    let new = MessageId::first_of(now);
    house.store.delete_messages(vec![old, new]).await.unwrap();
    house
        .store
        .prune_versions(now - chrono::TimeDelta::days(1))
        .await
        .unwrap();
    assert_eq!(
        house.store.version_of(old, 2.into(), None).await.unwrap(),
        Version::default()
    );
    assert!(
        house
            .store
            .version_of(new, 2.into(), None)
            .await
            .unwrap()
            .gone
    );
}

#[tokio::test]
async fn what_is_no_longer_true_cannot_be_pinned_and_a_pin_on_it_can_be_taken_away() {
    let (house, scope) = (known().await, scope());
    let store = &house.store;
    let old = store.facts(&scope, 9).await.unwrap()[0].id;
    let text = "Ada has two goats.".to_owned();
    let new = store.correct_fact(&scope, old, 100.into(), text, vec![], at(3));
    let new = new.await.unwrap();
    let pinned = store.pin_fact(&scope, old, true).await;
    assert!(pinned.is_err(), "{pinned:?}");
    store.pin_fact(&scope, new, true).await.unwrap();
    store.pin_fact(&scope, old, false).await.unwrap();
}
