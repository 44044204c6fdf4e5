//! What recall finds, and in what order and size.

use chrono::TimeDelta;
use memory::{ForgetWhat, ago, turn_tokens};

use crate::{Mind, at, said, scope};

fn here() -> memory::ScopeId {
    scope(1, 1, 1)
}

#[tokio::test]
async fn an_old_fact_is_found_among_much_talk_after_a_restart() {
    let mind = Mind::new().await;
    let mut turns = vec![said(here(), "Ada", "my sister Melanie moved to Lisbon", 0)];
    turns.extend((1..800).map(|n| {
        said(
            here(),
            "Ben",
            &format!("just chatting about nothing, part {n}"),
            n,
        )
    }));
    mind.hears_much(turns).await;
    let mind = mind.restarted().await;
    let now = at(60 * 24 * 21);
    let recalled = mind
        .memory
        .recall(&here(), "Where did my sister go?", &[], 300, now)
        .await
        .unwrap();
    let best = recalled
        .iter()
        .max_by(|a, b| a.score.total_cmp(&b.score))
        .unwrap();
    assert_eq!(best.turn.text, "my sister Melanie moved to Lisbon");
    assert_eq!(ago(best.turn.at, now), "3 weeks ago");
    assert_eq!(best.age, TimeDelta::days(21));
    assert!(best.why.words > 0.0 && best.score <= 1.0, "{}", best.why);
}

#[tokio::test]
async fn the_answer_beside_a_question_is_found_without_a_word_in_common() {
    let mind = Mind::new().await;
    let filler = |n: i64| said(here(), "Ben", &format!("filler number {n}"), n);
    let mut turns: Vec<_> = (0..50).map(filler).collect();
    turns.push(said(here(), "Ben", "which instrument do you play?", 50));
    turns.push(said(here(), "Ada", "Cello, since I was six", 51));
    turns.extend((52..100).map(filler));
    for turn in turns {
        mind.memory.remember_turn(turn).await.unwrap();
    }
    assert!(
        mind.recalls(&here(), "what instrument does she play")
            .await
            .contains(&"Cello, since I was six".to_owned())
    );
}

#[tokio::test]
async fn the_named_speakers_turn_comes_first() {
    let mind = Mind::new().await;
    mind.hears(
        here(),
        &[
            "Ben: I love my garden",
            "Zoe: hm",
            "Zoe: hm",
            "Ada: I love my garden",
        ],
    )
    .await;
    let recalled = mind
        .memory
        .recall(&here(), "What does Ada love?", &[], 1_000, at(9))
        .await
        .unwrap();
    let best = recalled
        .iter()
        .max_by(|a, b| a.score.total_cmp(&b.score))
        .unwrap();
    assert_eq!(
        (best.turn.author_name.as_str(), best.why.speaker),
        ("Ada", true)
    );
}

#[tokio::test]
async fn what_is_recalled_fits_its_budget_stays_out_of_the_window_and_is_in_order() {
    let mind = Mind::new().await;
    let turns = (0..300).map(|n| {
        said(
            here(),
            "Ada",
            &format!("lemon cake recipe number {n}, with sugar"),
            n,
        )
    });
    for turn in turns {
        mind.memory.remember_turn(turn).await.unwrap();
    }
    let window = mind
        .memory
        .window(&here(), Default::default())
        .await
        .unwrap();
    let first_in_window = window[0].number;
    let recalled = mind
        .memory
        .recall(&here(), "lemon cake", &window, 200, at(300))
        .await
        .unwrap();
    let tokens: usize = recalled
        .iter()
        .map(|recalled| turn_tokens(&recalled.turn))
        .sum();
    assert!((100..=200).contains(&tokens), "{tokens} tokens");
    assert!(
        recalled
            .iter()
            .all(|recalled| recalled.turn.number < first_in_window)
    );
    assert!(recalled.is_sorted_by_key(|recalled| recalled.turn.number));
}

#[tokio::test]
async fn a_turn_longer_than_the_budget_gives_way_to_shorter_ones() {
    let mind = Mind::new().await;
    let long = format!("Ada: lemon lemon lemon {}", "and so on ".repeat(300));
    mind.hears(here(), &[&long, "Ben: a lemon"]).await;
    let recalled = mind
        .memory
        .recall(&here(), "lemon", &[], 100, at(0))
        .await
        .unwrap();
    assert_eq!(
        recalled
            .iter()
            .map(|recalled| recalled.turn.text.as_str())
            .collect::<Vec<_>>(),
        ["a lemon"]
    );
}

#[tokio::test]
async fn chinese_talk_is_recalled_by_a_question_in_other_words() {
    let mind = Mind::new().await;
    mind.hears(
        here(),
        &[
            "小林: 我家的猫叫团子，今年三岁了",
            "阿明: 昨天的电影很好看",
            "小林: 我下个月要去上海出差",
            "阿明: 最近工作很忙",
            "小林: 周末想去爬山",
        ],
    )
    .await;
    for (question, expected) in [
        ("你还记得我的猫叫什么名字吗？", "我家的猫叫团子，今年三岁了"),
        ("什么时候去上海？", "我下个月要去上海出差"),
        ("阿明看了什么电影", "昨天的电影很好看"),
    ] {
        let recalled = mind
            .memory
            .recall(&here(), question, &[], 1_000, at(0))
            .await
            .unwrap();
        let best = recalled
            .iter()
            .max_by(|a, b| a.score.total_cmp(&b.score))
            .unwrap();
        assert_eq!(best.turn.text, expected, "{question}");
    }
}

#[tokio::test]
async fn edited_deleted_and_forgotten_turns_are_not_recalled() {
    let mind = Mind::new().await;
    for (message, text) in [
        (1, "I live in Lisbon"),
        (2, "my cat is Oscar"),
        (3, "I play the cello"),
    ] {
        let turn = memory::NewTurn {
            messages: vec![message.into()],
            ..said(here(), "Ada", text, message as i64)
        };
        mind.memory.remember_turn(turn).await.unwrap();
    }
    mind.memory
        .message_edited(1.into(), at(60), "I live in Porto".into())
        .await
        .unwrap();
    mind.memory.messages_deleted(vec![2.into()]).await.unwrap();
    let cello = mind.memory.show(&here(), None, 0).await.unwrap().rows[0].id;
    mind.memory
        .forget(&here(), ForgetWhat::Turn(cello))
        .await
        .unwrap();
    assert_eq!(
        mind.recalls(&here(), "Lisbon Oscar cello Porto").await,
        ["I live in Porto"]
    );
}

#[tokio::test]
async fn nothing_in_common_brings_nothing_back() {
    let mind = Mind::new().await;
    mind.hears(here(), &["Ada: good morning"]).await;
    assert_eq!(
        mind.recalls(&here(), "quantum chromodynamics").await,
        [""; 0]
    );
    assert_eq!(mind.recalls(&here(), "😀 !?").await, [""; 0]);
    assert_eq!(mind.recalls(&scope(9, 9, 9), "good morning").await, [""; 0]);
}
