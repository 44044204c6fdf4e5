//! A server of one's own with one slot: what nobody waits for is asked there in quiet moments, and gives way to replies.

use std::time::Duration;
use store::consolidations::Reading;

use familiar::config::{Config, Defaults, EmbeddingModel, Embeddings, Setting};
use ledger::{Period, Scope};
use memory::ScopeId;
use model_sim::{Reply, Stay};
use serde_json::Value;
use tokio::time::Instant;

use crate::learned::scope_of;
use crate::world::{SOON, World};

/// What replies are sampled with, and nothing else: so the two are told apart.
const OF_REPLIES: f32 = 0.5;
const NOTES: &str = r#"{"summary": "Ada told Orla about the ferry and the harbour.", "facts": []}"#;
/// Longer than any test takes.
const FOR_EVER: Duration = Duration::from_secs(600);

fn is_reply(body: &Value) -> bool {
    body["temperature"] == OF_REPLIES
}

/// A world whose model is a server of one's own with one slot, and reads after four lines.
async fn world(change: impl FnOnce(&mut Config)) -> World {
    let world = World::with(|config| {
        let model = config.model.as_mut().unwrap();
        (model.local, model.price) = (true, None);
        (model.temperature, model.sampling.defaults) = (Setting::Is(OF_REPLIES), Defaults::None);
        config.memory.consolidate_every = 4;
        change(config);
    })
    .await;
    world.model.have_slots(1);
    reads_for(&world, FOR_EVER);
    world
}

/// From now on the model answers people at once, and takes so long to read.
fn reads_for(world: &World, wait: Duration) {
    world
        .model
        .always(move |prompt| match is_reply(&prompt.body) {
            true => Reply::text("A fresh breeze today."),
            false => Reply::text(NOTES).after(wait),
        });
}

fn replies(stays: &[Stay]) -> impl Iterator<Item = &Stay> {
    stays.iter().filter(|stay| is_reply(&stay.body))
}

fn readings(stays: &[Stay]) -> impl Iterator<Item = &Stay> {
    stays.iter().filter(|stay| !is_reply(&stay.body))
}

/// Waits until something is so at the endpoint.
async fn until(world: &World, what: &str, is_so: impl Fn(&[Stay]) -> bool) -> Vec<Stay> {
    let waiting = async {
        loop {
            let stays = world.model.stays();
            if is_so(&stays) {
                return stays;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let waited = tokio::time::timeout(SOON, waiting).await;
    waited.unwrap_or_else(|_| panic!("never came: {what}"))
}

/// Waits until so many readings have begun.
async fn begun(world: &World, many: usize) -> Vec<Stay> {
    let many_begun = |stays: &[Stay]| {
        let begun = readings(stays).filter(|stay| stay.begun.is_some());
        begun.count() >= many
    };
    until(world, "a reading", many_begun).await
}

/// Two messages and their answers, which are enough for a reading. Whose memory they are in.
async fn talk(world: &World) -> ScopeId {
    world.ask("the ferry was late again").await;
    let answer = world.ask("and it rains in the harbour").await;
    scope_of(world, answer.first().message.id).await
}

/// The server's tokens today: posted, and pending.
async fn tokens(world: &World) -> (i64, i64) {
    let view = world.budget(&world.ada).await;
    let mut windows = view.windows.iter();
    let of_server = windows
        .find(|window| matches!(window.scope, Scope::Guild(_)) && window.period == Period::Day);
    let tokens = &of_server.unwrap().tokens;
    (tokens.posted, tokens.pending)
}

/// Waits until every call is settled, and says what is posted.
async fn settled(world: &World) -> i64 {
    let waiting = async {
        loop {
            match tokens(world).await {
                (posted, 0) => return posted,
                _ => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    };
    tokio::time::timeout(SOON, waiting).await.unwrap()
}

#[tokio::test]
async fn a_reading_gives_way_to_each_reply_and_is_not_passed_over_for_it() {
    let world = world(|_| {}).await;
    let scope = talk(&world).await;
    let store = world.companion().house().store.clone();
    for time in 1..=3 {
        begun(&world, time).await;
        let answer = world.ask("are you there?").await;
        assert!(
            answer.text().contains("A fresh breeze"),
            "{}",
            answer.text()
        );
        let stays = world.model.stays();
        let (reply, reading) = (replies(&stays).last(), readings(&stays).last());
        let (reply, reading) = (reply.unwrap(), reading.unwrap());
        assert!(!reading.whole && reading.ended.is_some(), "{reading:?}");
        assert!(!reply.waited_for(reading), "{reply:?} {reading:?}");
    }
    let posted = settled(&world).await;
    let billed: u64 = world
        .model
        .bills()
        .iter()
        .map(|bill| bill.input + bill.output)
        .sum();
    assert!(posted.unsigned_abs() >= billed, "{posted} of {billed}");
    let progress = store.progress(&scope, Reading::Summary).await.unwrap();
    assert_eq!(
        (progress.through, progress.failures, progress.put_off),
        (0, 0, 0)
    );

    reads_for(&world, Duration::ZERO);
    let read = async {
        while store
            .progress(&scope, Reading::Summary)
            .await
            .unwrap()
            .through
            == 0
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(SOON, read).await.unwrap();
    settled(&world).await;
    let ledger = &world.companion().house().ledger;
    assert_eq!(ledger.verify().await.unwrap(), []);
}

#[tokio::test]
async fn a_message_that_still_waits_for_its_turn_is_already_given_way_to() {
    let world = world(|config| config.rate.pause_ms = 1_500).await;
    talk(&world).await;
    begun(&world, 1).await;
    world.ask("are you there?").await;
    let stays = world.model.stays();
    let (reply, reading) = (replies(&stays).last(), readings(&stays).last());
    let free = reply.unwrap().came - reading.unwrap().ended.unwrap();
    assert!(
        free > Duration::from_secs(1),
        "only {free:?} before it came"
    );
}

#[tokio::test]
async fn a_hosted_model_reads_beside_its_replies() {
    let world = world(|config| {
        let model = config.model.as_mut().unwrap();
        model.local = false;
        let price = ledger::PicoUsd::dollars(1);
        model.price = Some(ledger::Price::plain(price, price));
    })
    .await;
    world.model.have_slots(8);
    reads_for(&world, Duration::from_secs(2));
    let scope = talk(&world).await;
    let began = begun(&world, 1).await.len();
    world.ask("are you there?").await;
    let whole = |stays: &[Stay]| readings(stays).any(|reading| reading.whole);
    let stays = until(&world, "the end of a reading", whole).await;
    let (reply, reading) = (replies(&stays[began..]).next(), readings(&stays).next());
    let (reply, reading) = (reply.unwrap(), reading.unwrap());
    assert!(reading.whole && reply.ended < reading.ended, "{reading:?}");
    let store = &world.companion().house().store;
    assert_eq!(
        store
            .progress(&scope, Reading::Summary)
            .await
            .unwrap()
            .failures,
        0
    );
}

#[tokio::test]
async fn vectors_at_the_same_server_give_way_and_a_question_that_is_given_up_leaves_the_slot() {
    let mut world = world(|config| {
        config.memory.consolidate_every = 0;
        config.memory.embeddings = Embeddings::Endpoint;
        let base_url = config.model.as_ref().unwrap().base_url.clone();
        config.embedding_model = Some(EmbeddingModel {
            provider: "sim".into(),
            model: "sim-embed".into(),
            base_url: base_url.replace("127.0.0.1", "localhost"),
            api_key_env: None,
            api_key_file: None,
            dimensions: Some(16),
            errors_may_be_billed: false,
            local: true,
            price: None,
        });
    })
    .await;
    world.model.read_for(FOR_EVER);
    world.ask("the ferry was late again").await;
    begun(&world, 2).await;
    let asked = Instant::now();
    world.ask("and it rains in the harbour").await;
    assert!(
        asked.elapsed() < Duration::from_secs(10),
        "{:?}",
        asked.elapsed()
    );
    let stays = world.model.stays();
    for reply in replies(&stays) {
        let waited = readings(&stays).find(|reading| reply.waited_for(reading));
        assert!(waited.is_none(), "{reply:?} {waited:?}");
    }

    world.model.read_for(Duration::ZERO);
    let store = world.companion().house().store.clone();
    let read = async {
        while !store
            .unread(store::id::TurnId(0), 1)
            .await
            .unwrap()
            .is_empty()
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(SOON, read).await.unwrap();
    settled(&world).await;
    // What waits for quiet holds up no stop.
    world.model.read_for(FOR_EVER);
    world.ask("good night").await;
    let stopping = Instant::now();
    world.stop().await;
    assert!(
        stopping.elapsed() < Duration::from_secs(5),
        "{:?}",
        stopping.elapsed()
    );
}
