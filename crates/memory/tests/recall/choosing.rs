//! Which facts a message brings up, out of a real database.

use std::time::{Duration, Instant};

use memory::{
    Asker, Fact, Inquiry, NewTurn, Origin, ScopeId, bring_up, fact_line, take_facts, tokens,
};
use store::consolidations::{Consolidated, Reading};
use store::facts::NewFact;
use store::id::{MessageId, PersonaId};

use crate::{Mind, at, said, scope};

fn here() -> ScopeId {
    scope(1, 1, 1)
}

/// A fact whose sentence begins with its person's name, as all do. People are told apart by the length of their names.
fn fact(text: &str) -> NewFact {
    let name = text.split([' ', '：']).next().unwrap();
    NewFact {
        about: (name.len() as u64 + 1_000).into(),
        about_name: name.into(),
        proxied: false,
        text: text.into(),
        sources: vec![],
        supersedes: None,
        origin: Origin::Extracted,
    }
}

impl Mind {
    /// Learns facts at a minute.
    async fn learns(&self, learned: Vec<NewFact>, minute: i64) {
        let outcome = Consolidated {
            epoch: self
                .store
                .progress(&here(), Reading::Summary)
                .await
                .unwrap()
                .epoch,
            reading: Reading::Summary,
            through: 1,
            summary: None,
            learned,
            confirmed: vec![],
        };
        let kept = self.store.consolidate(&here(), outcome, at(minute)).await;
        assert!(kept.unwrap());
    }

    async fn facts(&self) -> Vec<Fact> {
        self.memory.known(&here()).await.unwrap().facts
    }

    /// What a message of nobody in particular brings up, the best first.
    async fn brings_up(&self, message: &str) -> Vec<String> {
        let facts = self.facts().await;
        texts(bring_up(&facts, message.into(), []))
    }
}

fn texts(facts: Vec<&Fact>) -> Vec<String> {
    facts.into_iter().map(|fact| fact.text.clone()).collect()
}

#[tokio::test]
async fn a_rare_word_beats_common_ones() {
    let mind = Mind::new().await;
    let mut facts = vec![fact("Ada plays the theremin.")];
    for plant in ["roses", "beans", "herbs", "leeks", "tulips"] {
        facts.push(fact(&format!("Ben grows {plant} in the garden at home.")));
    }
    mind.learns(facts, 0).await;
    let found = mind
        .brings_up("who was it in the garden at home with a theremin?")
        .await;
    assert_eq!(found[0], "Ada plays the theremin.");
    assert_eq!(found.len(), 6);
}

#[tokio::test]
async fn other_forms_of_a_word_and_the_plainest_synonyms_match() {
    let mind = Mind::new().await;
    mind.learns(
        vec![
            fact("Ada paints old lighthouses."),
            fact("Ben has two children."),
        ],
        0,
    )
    .await;
    assert_eq!(
        mind.brings_up("any new painting of a lighthouse?").await,
        ["Ada paints old lighthouses."]
    );
    assert_eq!(
        mind.brings_up("how are the kids?").await,
        ["Ben has two children."]
    );
}

#[tokio::test]
async fn chinese_is_matched_by_pairs_of_characters() {
    let mind = Mind::new().await;
    mind.learns(
        vec![
            fact("小林：小林的猫叫团子。"),
            fact("阿明：阿明下个月去上海出差。"),
        ],
        0,
    )
    .await;
    assert_eq!(
        mind.brings_up("什么时候去上海？").await,
        ["阿明：阿明下个月去上海出差。"]
    );
    // By a person's name alone.
    assert_eq!(
        mind.brings_up("小林最近怎么样").await,
        ["小林：小林的猫叫团子。"]
    );
}

#[tokio::test]
async fn of_equals_the_newer_one_comes_first_whichever_was_written_down_first() {
    let mind = Mind::new().await;
    mind.learns(vec![fact("Cleo likes green tea.")], 30).await;
    mind.learns(vec![fact("Ben likes green tea.")], 10).await;
    mind.learns(vec![fact("Ada likes green tea.")], 20).await;
    assert_eq!(
        mind.brings_up("who likes tea?").await,
        [
            "Cleo likes green tea.",
            "Ada likes green tea.",
            "Ben likes green tea."
        ]
    );
}

#[tokio::test]
async fn without_a_word_in_common_nothing_is_brought_up() {
    let mind = Mind::new().await;
    mind.learns(vec![fact("Ada has a goat called Balthazar.")], 0)
        .await;
    for message in [
        "quantum chromodynamics",
        "what is it that you do?",
        "😀",
        "",
    ] {
        assert_eq!(mind.brings_up(message).await, [""; 0], "{message:?}");
    }
}

#[tokio::test]
async fn whoever_is_named_comes_first_and_who_names_nobody_speaks_of_themselves() {
    let mind = Mind::new().await;
    mind.learns(vec![fact("Ada has a cat."), fact("Cleo has a parrot.")], 0)
        .await;
    mind.learns(vec![fact("Benedict has a cat.")], 10).await;
    assert_eq!(
        mind.brings_up("does Ada have a cat?").await,
        ["Ada has a cat.", "Benedict has a cat."]
    );
    assert_eq!(
        mind.brings_up("tell me all about Cleo").await,
        ["Cleo has a parrot."]
    );
    let facts = mind.facts().await;
    let asker = |name: &str| Asker {
        guild: None,
        channel: None,
        person: fact(name).about,
        persona: PersonaId(1),
        message: None,
    };
    let by = |name: &str| Inquiry {
        text: "do you remember my cat?",
        asker: Some(asker(name)),
    };
    assert_eq!(
        texts(bring_up(&facts, by("Ada"), [])),
        ["Ada has a cat.", "Benedict has a cat."]
    );
    assert_eq!(
        texts(bring_up(&facts, by("Benedict"), [])),
        ["Benedict has a cat.", "Ada has a cat."]
    );
}

#[tokio::test]
async fn a_fact_is_judged_by_the_turn_that_it_was_read_from() {
    let mind = Mind::new().await;
    let talk = [
        (1, "Ben", "Which instrument did you take to the concert?"),
        (2, "Ada", "My grandfather's old cello, on the train"),
        (3, "Ben", "I slept in a hotel by the concert hall"),
    ];
    for (message, name, text) in talk {
        let turn = NewTurn {
            messages: vec![message.into()],
            ..said(here(), name, text, message as i64)
        };
        mind.memory.remember_turn(turn).await.unwrap();
    }
    let from = |message: u64, text: &str| NewFact {
        sources: vec![message.into()],
        ..fact(text)
    };
    mind.learns(
        vec![
            from(2, "Ada took a cello to the concert."),
            from(3, "Ben slept near a concert hall."),
        ],
        0,
    )
    .await;
    let question = "what instrument was at that concert?";
    let mut recalled = mind
        .memory
        .recall(&here(), question, &[], 1_000, at(9))
        .await
        .unwrap();
    recalled.retain(|recalled| recalled.turn.messages != [MessageId::from(1)]);
    recalled.sort_by(|a, b| b.score.total_cmp(&a.score));
    let best = recalled[0].turn.messages[0];
    let facts = mind.facts().await;
    let turns: Vec<&[MessageId]> = recalled.iter().map(|one| &one.turn.messages[..]).collect();
    let brought_up = bring_up(&facts, question.into(), turns.clone());
    assert_eq!(brought_up[0].sources, [best]);
    // The other way round too: it is the turns' order that decides.
    let turned = bring_up(&facts, question.into(), turns.into_iter().rev());
    assert_ne!(turned[0].sources, [best]);
}

#[tokio::test]
async fn what_is_taken_fits_the_budget_as_lines_and_a_long_fact_gives_way_to_shorter_ones() {
    let mind = Mind::new().await;
    let long = format!(
        "Ada collects stamps {}.",
        "of harbours and gulls ".repeat(9)
    );
    let mut facts = vec![fact(&long)];
    for country in ["Peru", "Chile", "Japan", "Kenya", "Nepal", "Italy"] {
        facts.push(fact(&format!("Ada collects stamps from {country}.")));
    }
    mind.learns(facts, 0).await;
    let (facts, now) = (mind.facts().await, at(60 * 24 * 21));
    let best = bring_up(&facts, "stamps of harbours and gulls".into(), []);
    assert_eq!(best[0].text, long);
    let taken = take_facts(best, 40, now);
    let lines: Vec<String> = taken.iter().map(|fact| fact_line(fact, now)).collect();
    assert!(
        lines[0].starts_with("3 weeks ago: Ada collects"),
        "{lines:?}"
    );
    assert!(lines.len() >= 2 && !lines.iter().any(|line| line.contains("gulls")));
    let sum: usize = lines.iter().map(|line| tokens(line)).sum();
    assert!((20..=40).contains(&sum), "{sum} tokens");
}

#[tokio::test]
async fn a_thousand_facts_are_chosen_from_without_keeping_anybody_waiting() {
    let mind = Mind::new().await;
    let things = ["stamps", "maps", "teapots", "kites", "radios"];
    let facts = (0..1_000).map(|n| {
        let thing = things[n % things.len()];
        NewFact {
            sources: vec![(n as u64 + 1).into()],
            ..fact(&format!(
                "Ada bought {thing} number {n} on a Sunday market by the river with her sister."
            ))
        }
    });
    mind.learns(facts.collect(), 0).await;
    let begun = Instant::now();
    let facts = mind.facts().await;
    let read = begun.elapsed();
    assert_eq!(facts.len(), 1_000);
    let begun = Instant::now();
    let best = bring_up(&facts, "which kite was number 778?".into(), []);
    let chosen = begun.elapsed();
    println!("1,000 facts: read in {read:?}, chosen from in {chosen:?}");
    assert!(best[0].text.contains("778"), "{}", best[0].text);
    // An unoptimised build on a busy machine; optimised it takes a small part of this.
    assert!(read + chosen < Duration::from_secs(2));
}
