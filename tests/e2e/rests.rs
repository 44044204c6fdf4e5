//! Endpoints that fail: they are left alone for a growing while, people get one sentence of the house's own that says
//! when, and nothing that the provider said comes into a channel.

use std::time::Duration;

use chrono::TimeDelta;
use ledger::{Scope, WindowView};
use model_sim::{Fault, Prompt, Reply};
use rstest::rstest;

use crate::world::{SOON, World};

/// What stands at the head of a consolidation's prompt.
const READING: &str = "You keep the notes";
const REPLY: &str = "A fresh breeze today.";
/// What a provider says of the operator's account, in words that must not come into a channel.
const ITS_WORDS: &str = "Rate limit reached for model `m` in organization `org_x` service tier `on_demand` on tokens per minute (TPM): Limit 6000, Used 5034, Requested 1443. Please try again in 4.77s.";

fn failing(status: u16, message: &str) -> Reply {
    let body = serde_json::json!({"error": {"message": message, "type": "tokens", "code": "x"}});
    Reply::fault(Fault::Status {
        status,
        content_type: "application/json",
        body: body.to_string(),
    })
}

fn reads(prompt: &Prompt) -> bool {
    prompt.system.contains(READING)
}

/// How often the model was asked to read for the notes.
fn readings(world: &World) -> usize {
    let asked = world.model.generations().into_iter();
    asked
        .filter(|asked| asked.body.to_string().contains(READING))
        .count()
}

/// What the server has posted and set aside.
async fn posted_and_pending(world: &World) -> (i64, i64) {
    let view = world.budget(&world.ada).await;
    let is_guild = |window: &&WindowView| matches!(window.scope, Scope::Guild(_));
    let window = view.windows.iter().find(is_guild).unwrap();
    (window.usd.posted, window.usd.pending)
}

#[tokio::test]
async fn within_a_told_pause_nothing_is_asked_and_the_line_says_when() {
    let world = World::new().await;
    let told = Fault::RateLimited {
        retry_after: Some(30),
    };
    world.model.queue(Reply::fault(told));
    let first = world.ask("are you there?").await.text();
    assert!(first.contains("a pause of 30 s"), "{first}");
    let until = (world.companion().house().clock.now() + TimeDelta::seconds(30)).timestamp();
    for text in ["hello?", "and now?", "你在吗？"] {
        let line = world.ask(text).await.text();
        let when = [until, until + 1].map(|at| format!("<t:{at}:R>"));
        assert!(when.iter().any(|when| line.contains(when)), "{line}");
    }
    assert_eq!(world.model.generations().len(), 1);
    assert_eq!(posted_and_pending(&world).await, (0, 0));
    world.later(TimeDelta::seconds(31));
    world.model.say(REPLY);
    assert_eq!(world.ask("and now?").await.words(), REPLY);
    assert_eq!(world.model.generations().len(), 2);
}

#[tokio::test]
async fn three_failures_in_a_row_begin_a_rest_and_one_request_tries_after_it() {
    let world = World::new().await;
    world
        .model
        .always(|_| failing(500, "Internal error in pod llm-7"));
    for text in ["one", "two", "three"] {
        let line = world.ask(text).await.text();
        assert!(line.contains("something broke at the model"), "{line}");
    }
    let line = world.ask("four").await.text();
    assert!(
        line.contains("is resting") && line.contains("<t:"),
        "{line}"
    );
    assert_eq!(world.model.generations().len(), 3);
    world.later(TimeDelta::seconds(6));
    world.ask("five").await;
    world.ask("six").await;
    assert_eq!(world.model.generations().len(), 4, "one tries");
    world.later(TimeDelta::seconds(11));
    world.model.always(|_| Reply::text(REPLY));
    for text in ["seven", "eight"] {
        assert_eq!(world.ask(text).await.words(), REPLY);
    }
}

#[rstest]
#[case::rate_limit(429, ITS_WORDS, "a pause of 5 s")]
#[case::overloaded(503, ITS_WORDS, "a pause of 5 s")]
#[case::overloaded_without_a_pause(529, "org_x Limit 6000", "more to do than it can")]
#[case::wrong_key(401, "org_x Limit 6000", "finds the reason in its log")]
#[case::no_credit(402, "org_x Limit 6000", "finds the reason in its log")]
#[case::no_access(403, "org_x Limit 6000", "finds the reason in its log")]
#[case::broken(500, "org_x Limit 6000", "something broke")]
#[case::content_policy(400, "content_filter org_x Limit 6000", "a filter at the model")]
#[case::too_long(
    400,
    "context length org_x Limit 6000",
    "more than the model behind me can read"
)]
#[case::whatever(418, "org_x Limit 6000", "finds the reason in its log")]
#[tokio::test]
async fn the_channel_hears_the_houses_sentence_and_not_the_providers(
    #[case] status: u16,
    #[case] message: &str,
    #[case] ours: &str,
) {
    let world = World::new().await;
    let message = message.to_owned();
    world.model.always(move |_| failing(status, &message));
    let english = world.ask("how is the harbour?").await.text();
    assert!(english.contains(ours), "{english}");
    world.later(TimeDelta::minutes(1));
    let chinese = world.ask("今天港口怎么样？").await.text();
    for line in [english, chinese] {
        for theirs in ["org_x", "6000", "tier", "it says", "configuration", "http"] {
            assert!(!line.contains(theirs), "{line}");
        }
    }
}

#[tokio::test]
async fn a_deadline_names_no_key_of_the_configuration() {
    let world = World::with(|config| {
        config.model.as_mut().unwrap().deadlines.first_token = Some(1);
    })
    .await;
    world.model.queue(Reply::fault(Fault::Hang));
    let line = world.ask("hello").await.text();
    assert!(line.contains("did not answer in time"), "{line}");
    assert!(!line.contains("deadlines"), "{line}");
}

#[tokio::test]
async fn a_consolidation_that_fails_is_not_asked_for_at_each_turn_and_posts_nothing() {
    let mut world = World::with(|config| config.memory.consolidate_every = 2).await;
    world.model.always(|prompt| match reads(prompt) {
        true => Reply::fault(Fault::Overloaded),
        false => Reply::text(REPLY),
    });
    let mut spent = 0;
    for turn in 0..8 {
        assert_eq!(world.ask(&format!("remark {turn}")).await.words(), REPLY);
        if turn == 0 {
            asked(&world, 1).await;
            spent = posted_and_pending(&world).await.0;
        }
    }
    assert_eq!(readings(&world), 1);
    // The pause outlives a restart, and ends.
    world.restart().await;
    world.ask("still here?").await;
    world.later(TimeDelta::seconds(61));
    world.ask("and later?").await;
    asked(&world, 2).await;
    world.later(TimeDelta::seconds(61));
    world.ask("and later still?").await;
    world.stop().await;
    assert_eq!(readings(&world), 2, "the second pause is longer");
    assert!(spent > 0);
    let purposes = world.model.generations().len() - readings(&world);
    assert_eq!(purposes, 11, "every message was answered");
}

/// Waits until so many readings were asked for, and the last is settled.
async fn asked(world: &World, readings: usize) {
    let settled = async {
        while self::readings(world) < readings || posted_and_pending(world).await.1 != 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(SOON, settled).await.unwrap();
}

#[tokio::test]
async fn what_the_cheaper_model_may_not_read_is_read_by_the_main_one() {
    let world = World::with(|config| {
        config.memory.consolidate_every = 2;
        let mut cheaper = config.model.clone().unwrap();
        cheaper.model = "sim-mini".into();
        cheaper.price = None;
        config.cheaper_model = Some(cheaper);
    })
    .await;
    world.model.always(|prompt| match reads(prompt) {
        true => Reply::text(r#"{"summary": "Ada told Orla about the harbour.", "facts": []}"#),
        false => Reply::text(REPLY),
    });
    world.ask("the harbour is quiet").await;
    asked(&world, 1).await;
    let reading = world.model.generations().into_iter();
    let mut reading = reading.filter(|asked| asked.body.to_string().contains(READING));
    assert_eq!(reading.next().unwrap().body["model"], "sim-1");
}

/// A model that its endpoint does not have.
#[tokio::test]
async fn what_the_cheaper_model_cannot_read_is_read_by_the_main_one() {
    let world = World::with(|config| {
        config.memory.consolidate_every = 2;
        let mut cheaper = config.model.clone().unwrap();
        cheaper.model = "sim-mini".into();
        config.cheaper_model = Some(cheaper);
    })
    .await;
    world.model.always(|prompt| match reads(prompt) {
        true if prompt.body["model"] == "sim-mini" => Reply::fault(Fault::Status {
            status: 404,
            content_type: "application/json",
            body: r#"{"error":{"message":"The model `sim-mini` does not exist","type":"invalid_request_error","param":null,"code":"model_not_found"}}"#.into(),
        }),
        true => Reply::text(r#"{"summary": "Ada told Orla about the harbour.", "facts": []}"#),
        false => Reply::text(REPLY),
    });
    world.ask("the harbour is quiet").await;
    asked(&world, 2).await;
    let reading = world.model.generations().into_iter();
    let by: Vec<_> = reading
        .filter(|asked| asked.body.to_string().contains(READING))
        .map(|asked| asked.body["model"].clone())
        .collect();
    assert_eq!(by, ["sim-mini", "sim-1"]);
}

/// A stream whose cap went into thinking.
const THOUGHT: &str = r#"data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}

data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{"reasoning_content":"The harbour, let me see"},"finish_reason":null}]}

data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"length"}]}

data: {"id":"c","object":"chat.completion.chunk","model":"m","choices":[],"usage":{"prompt_tokens":900,"completion_tokens":400,"total_tokens":1300}}

data: [DONE]

"#;

#[tokio::test]
async fn a_thought_that_did_not_fit_is_called_one_and_nobody_is_asked_for_other_words() {
    let world = World::new().await;
    for (text, ours) in [
        ("how is the harbour?", "thought did not fit"),
        ("今天港口怎么样？", "想得太多"),
    ] {
        world.model.queue(Reply::raw(THOUGHT));
        let line = world.ask(text).await.text();
        assert!(line.contains(ours), "{line}");
        assert!(
            !line.contains("differently") && !line.contains("let me see"),
            "{line}"
        );
    }
}
