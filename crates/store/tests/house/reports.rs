//! Reports: they go with their replies, and know nothing that was forgotten.

use chrono::TimeDelta;
use store::claims::NewClaim;
use store::echoes::Echoes;
use store::forgetting::ForgetWhat;
use store::id::{FactId, HoldId, MessageId, PersonaId, ScopeId, TurnId};
use store::reports::{Fired, Item, NewReport, Section, Share, Shrunk, Source, Unreported};
use store::turns::{Author, NewTurn, TurnKind};

use crate::{House, at};

const CANARY: &str = "xyloquartz";
const ADA: u64 = 100;
const REPLY: u64 = 31;

fn scope() -> ScopeId {
    ScopeId {
        guild: Some(1.into()),
        channel: 2.into(),
        persona: PersonaId(3),
    }
}

fn said(author: Author, message: u64, text: &str, answers: Option<TurnId>) -> NewTurn {
    NewTurn {
        scope: scope(),
        author,
        author_name: "somebody".into(),
        kind: TurnKind::Chat,
        text: text.into(),
        messages: vec![message.into()],
        at: at(message as i64),
        reply_to: None,
        answers,
        proxied: false,
    }
}

fn recalled(id: TurnId) -> Source {
    Source::Turn {
        id,
        score: 0.5,
        words: 1.0,
        neighbours: 0.25,
        meaning: 0.0,
        speaker: true,
    }
}

pub(crate) fn report(sources: Vec<Source>) -> NewReport {
    let share = Share {
        name: "recalled".into(),
        limit: 1000,
    };
    let items = sources.into_iter().map(|source| Item { source, tokens: 9 });
    NewReport {
        hold: HoldId(1),
        persona_version: 1,
        usual_cap: 400,
        shrunk: Shrunk {
            step: 2,
            lean: true,
            ..Shrunk::default()
        },
        window: Some((1, 2)),
        sections: vec![Section {
            name: "recalled".into(),
            share: Some(share),
            tokens: 18,
            items: items.collect(),
        }],
    }
}

impl House {
    /// Ada said something long ago, and asks; the answer's report names it. Returns the old turn.
    async fn reported(&self) -> TurnId {
        let store = &self.store;
        let person = Author::Person(ADA.into());
        let old = said(person, 10, &format!("my goat is {CANARY}"), None);
        let old = store.add_turn(old).await.unwrap();
        let asked = said(person, 30, "what is my goat called?", None);
        let asked = store.add_turn(asked).await.unwrap();
        let lore = Source::Lore {
            entry: 4,
            because: Fired::Key(1),
        };
        let fact = Source::Fact {
            id: FactId(77),
            brought_up: true,
        };
        let answer = said(Author::Persona, REPLY, "Let me think.", Some(asked));
        let report = report(vec![recalled(old), lore, fact]);
        store
            .add_reply(answer, String::new(), Echoes::default(), report)
            .await
            .unwrap();
        old
    }

    async fn is_reported(&self) -> bool {
        let report = self.store.report(REPLY.into(), None).await.unwrap();
        report.is_some()
    }
}

#[tokio::test]
async fn a_report_comes_back_with_what_it_names_as_that_is_now() {
    let house = House::new().await;
    let old = house.reported().await;
    let house = house.restarted().await;
    let channel = Some(scope().channel);
    let found = house.store.report(REPLY.into(), channel).await.unwrap();
    let found = found.unwrap();
    let sources: Vec<&Source> = found.items().map(|item| &item.source).collect();
    assert_eq!(sources.len(), 3);
    assert_eq!(sources[0], &recalled(old));
    assert_eq!(found.sections[0].share.as_ref().unwrap().limit, 1000);
    assert_eq!((found.shrunk.step, found.shrunk.lean), (2, true));
    assert_eq!(found.window, Some((1, 2)));
    assert_eq!(found.asked.as_ref().unwrap().messages, [30.into()]);
    assert_eq!(found.turns[&old].text, format!("my goat is {CANARY}"));
    assert!(found.facts.is_empty(), "there is no such fact");
    assert_eq!(found.call, None, "there is no such call");
    let newest = house.store.newest_report().await.unwrap();
    assert_eq!(newest, Some(found));
}

#[tokio::test]
async fn another_channel_sees_nothing_of_a_report() {
    let house = House::new().await;
    house.reported().await;
    let elsewhere = Some(9.into());
    let found = house.store.report(REPLY.into(), elsewhere).await.unwrap();
    assert_eq!(found, None);
    let unreported = house.store.unreported(REPLY.into(), elsewhere).await;
    assert_eq!(unreported.unwrap(), Unreported::Unknown);
}

#[tokio::test]
async fn a_turn_of_another_server_or_direct_message_is_never_shown_even_if_a_report_names_it() {
    let house = House::new().await;
    let foreign = NewTurn {
        scope: ScopeId {
            guild: None,
            ..scope()
        },
        ..said(Author::Person(ADA.into()), 5, CANARY, None)
    };
    let foreign = house.store.add_turn(foreign).await.unwrap();
    let answer = said(Author::Persona, REPLY, "Yes?", None);
    let report = report(vec![recalled(foreign)]);
    house
        .store
        .add_reply(answer, String::new(), Echoes::default(), report)
        .await
        .unwrap();
    let found = house.store.report(REPLY.into(), None).await.unwrap();
    assert!(found.unwrap().turns.is_empty());
}

#[tokio::test]
async fn what_is_deleted_or_edited_is_so_in_the_report_and_leaves_no_byte() {
    let house = House::new().await;
    let old = house.reported().await;
    let edited = house
        .store
        .edit_message(10.into(), at(20), "my goat is Bo".into());
    assert_eq!(edited.await.unwrap(), 1);
    let found = house.store.report(REPLY.into(), None).await.unwrap();
    assert_eq!(found.unwrap().turns[&old].text, "my goat is Bo");
    let source = MessageId::from(10);
    house.store.delete_messages(vec![source]).await.unwrap();
    let found = house.store.report(REPLY.into(), None).await.unwrap();
    assert!(found.unwrap().turns.is_empty());
    house.store.checkpoint().await.unwrap();
    assert!(!house.bytes().contains(CANARY));
}

#[tokio::test]
async fn a_report_goes_with_its_reply_whichever_way_that_goes() {
    let ways = ["forgotten", "person", "expired", "deleted", "server gone"];
    for way in ways {
        let house = House::new().await;
        house.reported().await;
        assert!(house.is_reported().await);
        let store = &house.store;
        let person = ForgetWhat::Person(ADA.into());
        match way {
            "forgotten" => store.forget(&scope(), ForgetWhat::All).await.map(drop),
            "person" => store.forget(&scope(), person).await.map(drop),
            "expired" => store
                .drop_expired(1, at(0) + TimeDelta::days(9))
                .await
                .map(drop),
            "deleted" => store.delete_messages(vec![REPLY.into()]).await.map(drop),
            _ => {
                let guild = scope().guild.unwrap();
                store.note_departure(guild, Some(at(0))).await.unwrap();
                store.purge_departed(at(1)).await.map(drop)
            }
        }
        .unwrap();
        assert!(!house.is_reported().await, "{way}");
        let left: i64 = store.newest_report().await.unwrap().map_or(0, |_| 1);
        assert_eq!(left, 0, "{way}");
    }
}

#[tokio::test]
async fn answers_without_a_report_say_what_they_are() {
    let house = House::new().await;
    let store = &house.store;
    let channel = Some(scope().channel);
    let what = async |message: u64| store.unreported(message.into(), channel).await.unwrap();
    assert_eq!(what(1).await, Unreported::Unknown);
    let greeting = NewTurn {
        kind: TurnKind::Greeting,
        ..said(Author::Persona, 40, "Ahoy!", None)
    };
    store.add_turn(greeting).await.unwrap();
    assert_eq!(what(40).await, Unreported::Greeting);
    let old = said(Author::Persona, 41, "A reply of last year.", None);
    store.add_turn(old).await.unwrap();
    assert_eq!(what(41).await, Unreported::TooOld);
    let person = said(Author::Person(ADA.into()), 42, "me", None);
    store.add_turn(person).await.unwrap();
    assert_eq!(what(42).await, Unreported::Unknown);
    let (asked, place) = (MessageId::from(50), scope());
    store
        .claim(
            NewClaim::of(asked, place.channel, place.guild, ADA.into()),
            1,
            at(0),
        )
        .await
        .unwrap();
    store
        .claim_answered(asked, vec![51.into()], at(1))
        .await
        .unwrap();
    assert_eq!(what(51).await, Unreported::NoModel);
}
