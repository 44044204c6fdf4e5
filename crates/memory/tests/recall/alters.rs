//! Alters: one account that speaks under several names through a proxy. Each is a person of its own in the question, in what
//! is known and in every prompt; what is known belongs to the account.

use memory::names::{Name, Names, heard};
use rstest::rstest;
use serde_json::{Value, json};
use store::id::UserId;

use crate::consolidating::{ADA, BO, Room, now};
use crate::namesakes::speaker;

/// What is said in a room with two alters, in one language.
struct Talk {
    /// The two of Ada's account; Bo bears the first one's name.
    luna: &'static str,
    sol: &'static str,
    /// What each says of where they live: Luna, Sol, Bo, and Ada herself.
    lines: [&'static str; 4],
    /// The same as a fact behind a name.
    lives: [&'static str; 4],
}

const ENGLISH: Talk = Talk {
    luna: "Luna",
    sol: "Sol",
    lines: [
        "I live in Lisbon.",
        "I live in Porto.",
        "I live in Madrid.",
        "I live in Vienna.",
    ],
    lives: [
        " lives in Lisbon.",
        " lives in Porto.",
        " lives in Madrid.",
        " lives in Vienna.",
    ],
};
const CHINESE: Talk = Talk {
    luna: "露娜",
    sol: "阿阳",
    lines: [
        "我住在上海。",
        "我住在成都。",
        "我住在北京。",
        "我住在广州。",
    ],
    lives: ["住在上海。", "住在成都。", "住在北京。", "住在广州。"],
};

impl Talk {
    /// Luna, Sol, Bo who is called Luna too, and the account as itself: lines 1 to 4.
    async fn said(&self) -> Room {
        let mut room = Room::new().await;
        room.allow(ADA, false).await;
        room.allow(BO, false).await;
        room.say_as(ADA, self.luna, self.lines[0]).await;
        room.say_as(ADA, self.sol, self.lines[1]).await;
        room.say(Some((BO, self.luna)), self.lines[2]).await;
        room.say(Some((ADA, "Ada")), self.lines[3]).await;
        room
    }

    /// What a model claims about whoever is called so: that they live where the line of this number says.
    fn claim(&self, label: &str, line: usize) -> Value {
        let fact = format!("{label}{}", self.lives[line - 1]);
        json!({"about": label, "fact": fact, "sources": [line], "replaces": null})
    }
}

/// The names before the lines of a batch.
async fn labels(room: &Room) -> [String; 4] {
    let question = room.batch().await.question("Orla");
    [1, 2, 3, 4].map(|line| speaker(&question.text, line))
}

/// What is known, as it is kept: about whom, the name, whether an alter's, and the words.
async fn known(room: &Room) -> Vec<(UserId, String, bool, String)> {
    let known = room.memory.known(&room.scope).await.unwrap().facts;
    let mut known: Vec<_> = known
        .into_iter()
        .map(|fact| (fact.about, fact.about_name, fact.proxied, fact.text))
        .collect();
    known.sort();
    known
}

/// Every fact as a prompt says it to whoever comes now.
async fn prompted(room: &Room) -> Vec<String> {
    let speakers = room.store.speakers(&room.scope).await.unwrap();
    let mut known = room.memory.known(&room.scope).await.unwrap().facts;
    let told: Vec<(UserId, String, bool)> = known
        .iter()
        .map(|fact| (fact.about, fact.about_name.clone(), fact.proxied))
        .collect();
    let told = told
        .iter()
        .map(|(user, name, proxied)| (*user, Name::new(name, *proxied)));
    let names = Names::new(told.chain(speakers.iter().map(heard)), ["Orla"]);
    known.iter_mut().for_each(|fact| names.call_in_fact(fact));
    let mut texts: Vec<String> = known.into_iter().map(|fact| fact.text).collect();
    texts.sort();
    texts
}

#[rstest]
#[case(&ENGLISH)]
#[case(&CHINESE)]
#[tokio::test]
async fn each_line_stands_under_the_name_it_was_said_under_and_namesakes_are_told_apart(
    #[case] talk: &Talk,
) {
    let room = talk.said().await;
    let question = room.batch().await.question("Orla");
    let [luna, sol, bo, ada] = labels(&room).await;
    assert_eq!((sol.as_str(), ada.as_str()), (talk.sol, "Ada"));
    let marked = format!("{}#", talk.luna);
    assert!(
        luna.starts_with(&marked) && bo.starts_with(&marked),
        "{luna} {bo}"
    );
    assert_ne!(luna, bo);
    let wanted = &question.schema["properties"]["facts"]["items"]["properties"]["about"]["enum"];
    let wanted = wanted.as_array().unwrap();
    assert_eq!(wanted.len(), 4);
    for label in [luna, sol, bo, ada] {
        assert!(wanted.contains(&json!(label)), "{label}: {wanted:?}");
    }
    assert!(question.system.contains("Two people can have one name"));
}

#[tokio::test]
async fn a_name_through_a_proxy_that_is_somebody_elses_is_explained_also_where_no_account_has_a_mark()
 {
    let mut room = Room::new().await;
    room.allow(ADA, false).await;
    room.say_as(ADA, "Orla", "I live in Lisbon.").await;
    for _ in 0..3 {
        room.say(Some((ADA, "Ada")), "Well.").await;
    }
    let question = room.batch().await.question("Orla");
    assert!(speaker(&question.text, 1).starts_with("Orla#"));
    assert_eq!(speaker(&question.text, 2), "Ada");
    assert!(question.system.contains("Two people can have one name"));
}

#[rstest]
#[case(&ENGLISH)]
#[case(&CHINESE)]
#[tokio::test]
async fn a_fact_of_an_alter_belongs_to_the_account_and_keeps_the_alters_name(#[case] talk: &Talk) {
    let room = talk.said().await;
    let labels = labels(&room).await;
    let claims: Vec<Value> = (1..)
        .zip(&labels)
        .map(|(line, label)| talk.claim(label, line))
        .collect();
    room.read(&json!({"facts": claims})).await;
    let of = |user: u64, name: &str, proxied, line: usize| {
        let text = format!("{name}{}", talk.lives[line - 1]);
        (UserId::from(user), name.to_owned(), proxied, text)
    };
    let mut wanted = [
        of(ADA, talk.luna, true, 1),
        of(ADA, talk.sol, true, 2),
        of(BO, talk.luna, false, 3),
        of(ADA, "Ada", false, 4),
    ];
    wanted.sort();
    assert_eq!(known(&room).await, wanted);

    // A prompt says it of whom the question said it.
    let mut said: Vec<String> = labels
        .iter()
        .zip(talk.lives)
        .map(|(label, lives)| format!("{label}{lives}"))
        .collect();
    said.sort();
    assert_eq!(prompted(&room).await, said);
}

#[rstest]
#[case(&ENGLISH)]
#[case(&CHINESE)]
#[tokio::test]
async fn what_one_alter_said_is_no_fact_of_another_nor_of_the_account_itself(#[case] talk: &Talk) {
    let room = talk.said().await;
    let [luna, sol, bo, ada] = labels(&room).await;
    let mut claims = vec![];
    for (own, label) in (1..).zip([&luna, &sol, &bo, &ada]) {
        let others = (1..=4).filter(|line| *line != own);
        claims.extend(others.map(|line| talk.claim(label, line)));
    }
    for claims in claims.chunks(6) {
        let batch = room.batch().await;
        let answer = json!({"facts": claims}).to_string();
        assert_eq!(batch.read(&answer).unwrap().outcome.learned, []);
    }
}

#[rstest]
#[case(&ENGLISH)]
#[case(&CHINESE)]
#[tokio::test]
async fn a_model_that_leaves_the_mark_of_an_alter_out_is_understood_by_its_sources(
    #[case] talk: &Talk,
) {
    let room = talk.said().await;
    let claims = [talk.claim(talk.luna, 1), talk.claim(talk.luna, 3)];
    room.read(&json!({"facts": claims})).await;
    let about: Vec<_> = known(&room).await.into_iter().map(|fact| fact.0).collect();
    assert_eq!(about, [ADA, BO].map(UserId::from));
}

#[tokio::test]
async fn two_alters_who_say_the_same_are_two_and_one_replaces_nothing_of_the_others() {
    let mut room = Room::new().await;
    room.allow(ADA, false).await;
    let home = "I live in an old house by the river in Lisbon.";
    for alter in ["Luna", "Sol", "Luna", "Sol"] {
        room.say_as(ADA, alter, home).await;
    }
    let fact = |alter: &str, rest: &str, line: i64, replaces: Option<i64>| json!({"about": alter, "fact": format!("{alter} {rest}"), "sources": [line], "replaces": replaces});
    let rest = "lives in an old house by the river in Lisbon.";
    room.read(&json!({"facts": [fact("Luna", rest, 1, None), fact("Sol", rest, 2, None)]}))
        .await;
    assert_eq!(room.facts().await.len(), 2);

    let number = |facts: &[String], of: &str| {
        let at = facts.iter().position(|fact| fact.starts_with(of));
        at.map(|at| at as i64 + 1)
    };
    let luna = number(&room.facts().await, "Luna");
    for text in ["I moved to Porto last week!", "b", "c", "d"] {
        room.say_as(ADA, "Sol", text).await;
    }
    room.read(&json!({"facts": [fact("Sol", "moved to Porto.", 5, luna)]}))
        .await;
    assert!(number(&room.facts().await, "Luna").is_some());
    let sol = number(&room.facts().await, "Sol lives");
    for text in ["I moved to Faro last week!", "b", "c", "d"] {
        room.say_as(ADA, "Sol", text).await;
    }
    room.read(&json!({"facts": [fact("Sol", "moved to Faro.", 9, sol)]}))
        .await;
    assert_eq!(number(&room.facts().await, "Sol lives"), None);
}

#[tokio::test]
async fn an_alter_of_somebody_who_said_no_stands_in_no_summary() {
    let mut room = Room::new().await;
    room.allow(ADA, false).await;
    room.store
        .set_consent(BO.into(), memory::Consent::default(), now())
        .await
        .unwrap();
    room.ada("I live in Lisbon with Mika, near the sea.").await;
    room.say_as(BO, "Mika", "I own a red boat.").await;
    room.say(Some((BO, "Bo")), "Hm.").await;
    room.ada("It is sunny.").await;
    let summary = "Ada lives in Lisbon near the sea. Mika lives there too with Ada.";
    room.read(&json!({"summary": summary, "facts": []})).await;
    assert_eq!(room.summary().await, "Ada lives in Lisbon near the sea.");
}

#[tokio::test]
async fn a_person_corrects_what_is_known_of_their_alter_and_it_stays_the_alters() {
    let room = ENGLISH.said().await;
    room.read(&json!({"facts": [ENGLISH.claim("Sol", 2)]}))
        .await;
    let known = async || {
        let known = room.memory.known_to(&room.scope, ADA.into()).await;
        known.unwrap().facts.remove(0)
    };
    let old = known().await;
    for text in ["I live in Faro.", "Sol lives in Faro."] {
        let id = known().await.id;
        let new = room
            .memory
            .correct(&room.scope, id, ADA.into(), text, now())
            .await
            .unwrap();
        assert_eq!(
            (new.about, new.about_name.as_str(), new.proxied),
            (old.about, "Sol", true)
        );
        assert!(new.text.starts_with("Sol"), "{}", new.text);
    }
}

#[tokio::test]
async fn an_alters_name_stays_with_the_fact_when_the_words_have_expired() {
    let room = ENGLISH.said().await;
    room.read(&json!({"facts": [ENGLISH.claim("Sol", 2)]}))
        .await;
    let later = now() + chrono::TimeDelta::days(40);
    room.store.drop_expired(30, later).await.unwrap();
    assert_eq!(room.store.speakers(&room.scope).await.unwrap(), []);
    assert_eq!(prompted(&room).await, ["Sol lives in Porto."]);
}
