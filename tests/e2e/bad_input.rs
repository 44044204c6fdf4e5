//! Whatever comes, people get one clear sentence and lose nothing.

use std::time::Duration;

use discord_sim::actor::MessageDraft;
use discord_sim::state::message::Author;
use discord_sim::state::{Draft, Upload};
use familiar::bot::{Bot, BotError, Connection};
use familiar::setup;
use model_sim::{Chunks, Fault, Reply};
use rstest::rstest;
use secrecy::SecretString;
use store::Store;
use tokio::sync::oneshot;

use crate::world::World;

#[tokio::test]
async fn a_wrong_token_is_said_with_the_next_step() {
    let world = World::without_bot(World::discord(), |_| {}).await;
    let house = setup::open_house(&world.config).await.unwrap();
    let token = SecretString::from("MTIz.wrong.token".to_owned());
    let Err(error) = Bot::start(house, Connection::new(&world.config.discord, &token)).await else {
        panic!("a wrong token was taken");
    };
    assert!(matches!(error, BotError::WrongToken), "{error:?}");
    assert!(
        error.to_string().contains("Reset Token") && !error.to_string().contains("MTIz"),
        "{error}"
    );
}

#[rstest]
#[case::authentication(Fault::Authentication, "finds the reason in its log", false)]
#[case::rate_limit(Fault::RateLimited { retry_after: Some(7) }, "7", false)]
#[case::server_error(Fault::ServerError, "can't speak right now", true)]
#[case::overloaded(Fault::Overloaded, "can't speak right now", false)]
#[case::web_page(Fault::Html, "finds the reason in its log", false)]
#[case::refused(Fault::RefusedByPolicy, "can't speak right now", false)]
#[tokio::test]
async fn a_provider_that_fails_is_one_sentence_and_the_message_is_kept(
    #[case] fault: Fault,
    #[case] said: &str,
    #[case] costs: bool,
) {
    let world = World::new().await;
    world.model.queue(Reply::fault(fault));
    let answer = world.ask("my boat is called Marigold").await;
    assert!(answer.text().contains(said), "{}", answer.text());
    assert!(
        answer.text().lines().count() <= 2 && !answer.text().contains("127.0.0.1"),
        "{}",
        answer.text()
    );
    let spent = world.budget(&world.ada).await.windows[0].usd.posted;
    assert_eq!(spent > 0, costs, "{spent}");
    assert_eq!(world.model.generations().len(), 1, "no hidden retry");
    // A pause that it asked for is over.
    world.later(chrono::TimeDelta::seconds(8));
    world.ask("what is it called?").await;
    assert!(
        world.last_prompt().contains("Marigold"),
        "{}",
        world.last_prompt()
    );
}

#[tokio::test]
async fn an_unreachable_provider_costs_nothing_and_shows_no_address() {
    let world = World::with(|config| {
        config.model.as_mut().unwrap().base_url = "http://127.0.0.1:9/v1".into()
    })
    .await;
    let answer = world.ask("hello").await;
    assert!(
        answer.text().starts_with("Orla can't speak right now"),
        "{}",
        answer.text()
    );
    assert!(!answer.text().contains("127.0.0.1"), "{}", answer.text());
    let windows = world.budget(&world.ada).await.windows;
    assert!(
        windows
            .iter()
            .all(|w| w.usd.posted == 0 && w.usd.pending == 0),
        "{windows:?}"
    );
}

#[tokio::test]
async fn half_a_stream_stays_says_that_it_broke_off_and_costs_the_whole_hold() {
    let world = World::new().await;
    let text = "The lamp was lit at nine, and then the fog came in from the west and would not go.";
    world.model.queue(
        Reply::text(text)
            .chunks(Chunks::Words)
            .with(Fault::CutAfter(2_000)),
    );
    let answer = world.ask("tell me").await;
    assert!(
        answer.words().starts_with("The lamp was lit"),
        "{}",
        answer.text()
    );
    assert!(
        !answer.words().contains("would not go"),
        "{}",
        answer.text()
    );
    assert!(
        answer.text().contains("-# The connection broke off here."),
        "{}",
        answer.text()
    );
    let cost = world.budget(&world.ada).await.replies.remove(0);
    assert!(cost.input.is_none() && cost.tokens > 1_000, "{cost:?}");
    world.ask("go on").await;
    assert!(
        world.last_prompt().contains("<assistant> The lamp was lit"),
        "{}",
        world.last_prompt()
    );
}

#[tokio::test]
async fn a_message_of_6000_characters_is_answered_and_says_how_much_was_read() {
    let world = World::new().await;
    let mut closings = world.closings();
    let text = format!(
        "{} {}",
        world.sim.bot_mention(),
        "The sea was calm. ".repeat(340)
    );
    assert!(text.len() > 6_000);
    let id = {
        let mut inside = world.sim.hub().world();
        let ada = inside.users[&world.ada.id].clone();
        inside
            .post(world.channel.id, Author::account(ada), Draft::text(text))
            .unwrap()
            .message
            .id
    };
    let answer = world.answer_to(&mut closings, id).await;
    assert!(
        answer.text().contains("-# That was long: I read about"),
        "{}",
        answer.text()
    );
    assert_eq!(world.model.generations().len(), 1);
}

#[tokio::test]
async fn a_message_of_only_an_image_is_told_what_would_help() {
    let world = World::new().await;
    let dm = world.ada.dm_channel().unwrap();
    let mut closings = world.closings();
    let picture = Upload {
        slot: 0,
        filename: "cat.png".into(),
        content_type: Some("image/png".into()),
        description: None,
        bytes: vec![1, 2, 3],
    };
    let draft = MessageDraft {
        attachments: vec![picture],
        ..MessageDraft::default()
    };
    let id = world.ada.say_with(&dm, draft).unwrap();
    let answer = world.answer_to(&mut closings, id).await;
    assert!(
        answer.text().contains("I can't see pictures yet"),
        "{}",
        answer.text()
    );
    assert!(world.model.generations().is_empty());
}

#[tokio::test]
async fn a_locked_database_is_said_costs_nothing_and_passes() {
    let world = World::new().await;
    world.ask("before").await;
    let other = Store::open(setup::database(&world.config)).await.unwrap();
    let (locked, is_locked) = oneshot::channel();
    let (release, released) = oneshot::channel::<()>();
    let holding = tokio::spawn(async move {
        let hold = other.write::<_, store::StoreError, _>(move |conn| {
            Box::pin(async move {
                let _ = conn;
                locked.send(()).unwrap();
                let _ = released.await;
                Ok(())
            })
        });
        hold.await.unwrap();
    });
    is_locked.await.unwrap();
    let said = world
        .ada
        .say(
            &world.channel,
            &format!("{} hello?", world.sim.bot_mention()),
        )
        .unwrap();
    let line = world
        .sim
        .wait_for_message(
            &world.channel,
            |m| m.text().contains("I can't write to my memory"),
            Duration::from_secs(30),
        )
        .await
        .unwrap();
    assert_eq!(
        line.message.reference.as_ref().unwrap().message_id,
        Some(said)
    );
    assert_eq!(world.model.generations().len(), 1, "nothing was asked");
    release.send(()).unwrap();
    holding.await.unwrap();
    world.model.say("Better.");
    assert_eq!(world.ask("and now?").await.words(), "Better.");
}
