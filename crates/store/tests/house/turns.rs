use futures_util::future::join_all;
use proptest::prelude::*;
use store::forgetting::ForgetWhat;
use store::id::{MessageId, PersonaId, ScopeId, TurnId};
use store::turns::{Author, NewTurn, TurnKind};

use crate::{House, at};

const ADA: u64 = 100;
const BEN: u64 = 101;

fn scope() -> ScopeId {
    ScopeId {
        guild: Some(1.into()),
        channel: 2.into(),
        persona: PersonaId(3),
    }
}

fn said(scope: ScopeId, by: u64, message: u64, text: &str) -> NewTurn {
    NewTurn {
        scope,
        author: Author::Person(by.into()),
        author_name: if by == ADA { "Ada" } else { "Ben" }.into(),
        kind: TurnKind::Chat,
        text: text.into(),
        messages: vec![message.into()],
        at: at(message as i64),
        reply_to: None,
        answers: None,
        proxied: false,
    }
}

fn answer(scope: ScopeId, to: TurnId, messages: &[u64], text: &str) -> NewTurn {
    NewTurn {
        author: Author::Persona,
        author_name: "Vesper".into(),
        messages: messages.iter().map(|id| MessageId::from(*id)).collect(),
        answers: Some(to),
        ..said(scope, ADA, messages[0], text)
    }
}

impl House {
    async fn found(&self, question: &str) -> usize {
        self.store
            .search_turns(&scope(), question, 50)
            .await
            .unwrap()
            .hits
            .len()
    }

    /// Whether these bytes are anywhere in the database's files.
    fn on_disk(&self, needle: &str) -> bool {
        let files = std::fs::read_dir(self.folder.path()).unwrap();
        files.into_iter().any(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            bytes
                .windows(needle.len())
                .any(|window| window == needle.as_bytes())
        })
    }
}

#[tokio::test]
async fn what_was_said_comes_back_word_for_word_after_a_restart() {
    let house = House::new().await;
    let question = NewTurn {
        reply_to: Some(5.into()),
        ..said(scope(), ADA, 10, "  Hi\u{200b} *there*,\n两个世界 ")
    };
    let id = house.store.add_turn(question.clone()).await.unwrap();
    house
        .store
        .add_turn(answer(scope(), id, &[12, 11], "Hello, Ada."))
        .await
        .unwrap();
    let house = house.restarted().await;
    let turns = house.store.latest_turns(&scope(), 10).await.unwrap();
    assert_eq!(turns.len(), 2);
    assert_eq!(
        (turns[0].id, turns[0].number, &turns[0].text),
        (id, 1, &question.text)
    );
    assert_eq!(
        (turns[0].author, turns[0].at, turns[0].reply_to),
        (question.author, question.at, question.reply_to)
    );
    assert_eq!(
        (turns[1].author, turns[1].answers, turns[1].number),
        (Author::Persona, Some(id), 2)
    );
    assert_eq!(
        turns[1].messages,
        [MessageId::from(12), MessageId::from(11)],
        "in the order of posting"
    );
    assert_eq!(
        house.store.last_turn_at(&scope()).await.unwrap(),
        Some(at(12))
    );
}

#[tokio::test]
async fn a_message_that_comes_again_is_remembered_once_in_each_scope() {
    let house = House::new().await;
    let other = ScopeId {
        persona: PersonaId(4),
        ..scope()
    };
    let first = house
        .store
        .add_turn(said(scope(), ADA, 10, "hello"))
        .await
        .unwrap();
    assert_eq!(
        house
            .store
            .add_turn(said(scope(), ADA, 10, "hello"))
            .await
            .unwrap(),
        first
    );
    assert_ne!(
        house
            .store
            .add_turn(said(other, ADA, 10, "hello"))
            .await
            .unwrap(),
        first
    );
    assert_eq!(house.found("hello").await, 1);
}

#[tokio::test]
async fn every_message_of_a_reply_leads_to_its_persona_and_a_persons_message_to_none() {
    let house = House::new().await;
    let store = &house.store;
    assert_eq!(store.persona_speaks_in(2.into()).await.unwrap(), None);
    let id = store
        .add_turn(said(scope(), ADA, 10, "hello"))
        .await
        .unwrap();
    assert_eq!(
        store.persona_speaks_in(2.into()).await.unwrap(),
        None,
        "one that only listens does not speak"
    );
    store
        .add_turn(answer(scope(), id, &[11, 12], "a long reply"))
        .await
        .unwrap();
    for (message, persona) in [
        (10, None),
        (11, Some(PersonaId(3))),
        (12, Some(PersonaId(3))),
        (13, None),
    ] {
        assert_eq!(
            store.persona_of_message(message.into()).await.unwrap(),
            persona
        );
    }
    assert_eq!(
        store.persona_speaks_in(2.into()).await.unwrap(),
        Some(PersonaId(3))
    );
}

#[tokio::test]
async fn an_edited_message_is_found_by_its_new_words_only() {
    let house = House::new().await;
    let store = &house.store;
    let id = store
        .add_turn(said(scope(), ADA, 10, "my cat is called Oscar"))
        .await
        .unwrap();
    store
        .add_turn(answer(scope(), id, &[11], "Hello to your cat"))
        .await
        .unwrap();
    assert_eq!(
        store
            .edit_message(10.into(), at(20), "my dog is called Rex".into())
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        (house.found("oscar").await, house.found("rex").await),
        (0, 1)
    );
    assert_eq!(
        store.latest_turns(&scope(), 9).await.unwrap()[0].text,
        "my dog is called Rex"
    );
    assert_eq!(house.found("Ada").await, 1, "it is still hers");
    assert_eq!(
        store
            .edit_message(11.into(), at(20), "streaming".into())
            .await
            .unwrap(),
        0,
        "our own edits are not news"
    );
    assert_eq!(
        store
            .edit_message(99.into(), at(20), "unknown".into())
            .await
            .unwrap(),
        0
    );
}

#[tokio::test]
async fn a_deleted_message_leaves_turns_index_and_disk() {
    let house = House::new().await;
    let store = &house.store;
    store
        .add_turn(said(scope(), ADA, 10, "the secret is kumquatissimo"))
        .await
        .unwrap();
    let kept = store
        .add_turn(said(scope(), BEN, 11, "something else"))
        .await
        .unwrap();
    store
        .add_turn(answer(scope(), kept, &[12, 13], "a reply in two parts"))
        .await
        .unwrap();
    store.checkpoint().await.unwrap();
    assert!(
        house.on_disk("kumquatissimo"),
        "or this test could not fail"
    );
    assert_eq!(
        store
            .delete_messages(vec![10.into(), 13.into(), 99.into()])
            .await
            .unwrap(),
        2
    );
    assert_eq!(
        (
            house.found("kumquatissimo").await,
            house.found("reply").await
        ),
        (0, 0)
    );
    assert_eq!(store.latest_turns(&scope(), 9).await.unwrap().len(), 1);
    assert_eq!(store.persona_of_message(12.into()).await.unwrap(), None);
    store.checkpoint().await.unwrap();
    assert!(!house.on_disk("kumquatissimo"));
    // The porter stemmer indexes a stem of it.
    assert!(!house.on_disk("kumquatiss"));
}

#[tokio::test]
async fn forgetting_a_person_takes_the_answers_to_them_and_leaves_the_others() {
    let house = House::new().await;
    let store = &house.store;
    // All at once, so that they share commits.
    let talk = (0..700_u64).map(|n| async move {
        let by = if n % 2 == 0 { ADA } else { BEN };
        let id = store
            .add_turn(said(scope(), by, 10 * n + 1, "I like lemons"))
            .await
            .unwrap();
        let echo = format!("so you like lemons, {by}");
        store
            .add_turn(answer(scope(), id, &[10 * n + 2], &echo))
            .await
            .unwrap();
    });
    join_all(talk).await;
    let forgotten = store
        .forget(&scope(), ForgetWhat::Person(ADA.into()))
        .await
        .unwrap();
    assert_eq!(forgotten, 700, "350 turns and the answers to them");
    let left = store.latest_turns(&scope(), 2000).await.unwrap();
    assert!(
        left.iter()
            .all(|turn| turn.author != Author::Person(ADA.into()) && !turn.text.contains("100"))
    );
    let page = store
        .turns_page(&scope(), Some(BEN.into()), 0, 5)
        .await
        .unwrap();
    assert_eq!((page.total, page.rows.len()), (350, 5));
    assert_eq!(store.forget(&scope(), ForgetWhat::All).await.unwrap(), 700);
    assert_eq!(house.found("lemons").await, 0);
}

#[tokio::test]
async fn a_turn_is_forgotten_in_its_own_scope_only_and_its_number_is_not_given_again() {
    let house = House::new().await;
    let store = &house.store;
    let id = store.add_turn(said(scope(), ADA, 1, "one")).await.unwrap();
    let other = ScopeId {
        guild: None,
        ..scope()
    };
    assert_eq!(store.forget(&other, ForgetWhat::Turn(id)).await.unwrap(), 0);
    assert_eq!(
        store.forget(&scope(), ForgetWhat::Turn(id)).await.unwrap(),
        1
    );
    store.add_turn(said(scope(), ADA, 2, "two")).await.unwrap();
    assert_eq!(store.latest_turns(&scope(), 9).await.unwrap()[0].number, 2);
}

#[tokio::test]
async fn chinese_is_found_by_its_words_and_by_a_single_character() {
    let house = House::new().await;
    for (n, text) in [
        "今天下雨，我没带伞",
        "我的猫",
        "ｐａｎｄａ 很可爱",
        "カタカナのテスト",
    ]
    .iter()
    .enumerate()
    {
        house
            .store
            .add_turn(said(scope(), BEN, n as u64, text))
            .await
            .unwrap();
    }
    let cases = [
        ("下雨了吗", 1),
        ("雨", 1),
        ("猫", 1),
        ("伞", 1),
        ("panda", 1),
        ("テスト", 1),
        ("飞机", 0),
        ("狗", 0),
    ];
    for (question, expected) in cases {
        assert_eq!(house.found(question).await, expected, "{question}");
    }
}

#[test]
fn whatever_is_asked_is_a_valid_query() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let house = runtime.block_on(House::new());
    runtime
        .block_on(house.store.add_turn(said(scope(), ADA, 1, "hello")))
        .unwrap();
    let ask = |question: &str| {
        runtime
            .block_on(house.store.search_turns(&scope(), question, 50))
            .unwrap()
            .hits
            .len()
    };
    for odd in [
        "\"", "'", "*", "^", "NEAR(", "a AND", "OR", "NOT", "scope:", "{", "(((", "-", "\0",
        "a\0b", "", "  ", "😀", "ᚠ", "\u{301}",
    ] {
        assert_eq!(ask(odd), 0, "{odd:?}");
    }
    assert_eq!(ask("\"hello"), 1);
    assert_eq!(ask(&"hello ".repeat(20_000)), 1);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..Default::default()
    });
    runner
        .run(&"\\PC{0,60}", |question| {
            ask(&question);
            Ok(())
        })
        .unwrap();
}
