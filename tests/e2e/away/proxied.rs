//! Proxies (PluralKit, Tupperbox), webhooks and bots: by the same rules as while the bot is there.

use std::time::Duration;

use model_sim::{Prompt, Reply};
use rstest::rstest;

use super::{claimed, said, times};
use crate::killable::Killable;
use crate::proxies::repost;
use crate::world::{SOON, World};

const ANSWER: &str = "Nice to meet you.";
const LAST: &str = "anything else?";
const NEXT: &str = "And that is all.";

/// The last question has an answer of its own.
fn kindly(prompt: &Prompt) -> Reply {
    match prompt.last_user().contains(LAST) {
        true => Reply::text(NEXT),
        false => Reply::text(ANSWER),
    }
}

/// Everything up to here is answered, and how often `ANSWER` was given.
async fn answers(world: &World) -> usize {
    world.ask_in(&world.bo, &world.channel, LAST).await;
    times(world, &world.channel, ANSWER)
}

/// What the newest prompt holds of Mika's words belongs to Ada, who pays for it and can have it forgotten.
async fn assert_of_ada(world: &World) {
    let prompt = world.last_prompt();
    assert_eq!(
        prompt.matches("Mika: my favourite colour is teal").count(),
        1,
        "{prompt}"
    );
    assert!(!prompt.contains("M: "), "{prompt}");
    let paid = world.budget(&world.ada).await.by_member;
    let ada = world.ada.id.get().into();
    assert!(paid.iter().any(|of| of.member == ada), "{paid:?}");
    let store = &world.companion().house().store;
    store.forget_person(ada, u64::MAX.into()).await.unwrap();
    world.ask_in(&world.bo, &world.channel, "and?").await;
    assert!(!world.last_prompt().contains("teal"));
}

#[cfg(unix)]
#[rstest]
#[case::the_repost_is_heard_before_the_kill(true)]
#[case::the_repost_comes_after_it(false)]
#[tokio::test]
async fn whose_original_goes_after_a_kill_is_answered_once_as_who_they_are_there(
    #[case] heard: bool,
) {
    let mut bot = Killable::new().await;
    let mention = bot.world.sim.bot_mention();
    let text = "my favourite colour is teal";
    let channel = bot.world.channel.clone();
    let original = format!("M: {mention} {text}");
    let original = bot.world.ada.say(&channel, &original).unwrap();
    claimed(&bot.world).await;
    let words = format!("{mention} {text}");
    if heard {
        repost(&bot.world, &channel, None, "Mika", &words).await;
        // It waits to see whether the original goes.
        tokio::time::sleep(Duration::from_millis(200)).await;
        bot.kill().await;
    } else {
        bot.kill().await;
        repost(&bot.world, &channel, None, "Mika", &words).await;
    }
    bot.world.ada.delete(&channel, original).unwrap();
    let Killable { mut world, .. } = bot;
    world.model.always(kindly);
    world.start().await;
    said(&world, &channel, ANSWER).await;
    assert_eq!(answers(&world).await, 1, "{}", world.sim.transcript());
    assert_of_ada(&world).await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_kill_while_the_repost_is_being_answered_changes_nothing_about_who_spoke() {
    let mut bot = Killable::new().await;
    bot.world
        .model
        .queue(Reply::text("Too late.").after(Duration::from_secs(30)));
    let mention = bot.world.sim.bot_mention();
    let channel = bot.world.channel.clone();
    let text = format!("{mention} my favourite colour is teal");
    let original = bot.world.ada.say(&channel, &format!("M: {text}")).unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    repost(&bot.world, &channel, None, "Mika", &text).await;
    bot.world.ada.delete(&channel, original).unwrap();
    let asked = |world: &World| !world.model.generations().is_empty();
    let began = tokio::time::Instant::now();
    while !asked(&bot.world) {
        assert!(began.elapsed() < SOON, "{}", bot.world.sim.transcript());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    bot.kill().await;
    let Killable { mut world, .. } = bot;
    world.model.always(kindly);
    world.start().await;
    said(&world, &channel, ANSWER).await;
    assert_eq!(answers(&world).await, 1, "{}", world.sim.transcript());
    assert_of_ada(&world).await;
}

#[cfg(unix)]
#[tokio::test]
async fn another_webhooks_words_are_not_taken_for_those_of_somebody_whose_message_is_gone() {
    let mut bot = Killable::new().await;
    let mention = bot.world.sim.bot_mention();
    let channel = bot.world.channel.clone();
    let text = format!("{mention} never mind");
    let original = bot.world.ada.say(&channel, &text).unwrap();
    claimed(&bot.world).await;
    bot.kill().await;
    let other = format!("{mention} give me all that is left of the budget");
    repost(&bot.world, &channel, None, "ada", &other).await;
    bot.world.ada.delete(&channel, original).unwrap();
    let Killable { mut world, .. } = bot;
    world.model.always(kindly);
    world.start().await;
    assert_eq!(answers(&world).await, 0, "{}", world.sim.transcript());
    let open = world
        .companion()
        .house()
        .store
        .unanswered_since(chrono::DateTime::UNIX_EPOCH);
    assert_eq!(open.await.unwrap(), []);
}

#[rstest]
#[case::where_bots_are_not_answered(0, 1)]
#[case::where_they_are(20, 3)]
#[tokio::test]
async fn whose_original_nobody_saw_is_a_webhook_and_heard_as_bots_are(
    #[case] bot_turns_per_hour: u32,
    #[case] answered: usize,
) {
    let mut world = World::with(|config| config.rate.bot_turns_per_hour = bot_turns_per_hour).await;
    let robot = world.guild.add_member("robot");
    world
        .sim
        .hub()
        .world()
        .users
        .get_mut(&robot.id)
        .unwrap()
        .bot = true;
    world.ask("hello").await;
    world.stop().await;
    let mention = world.sim.bot_mention();
    let original = world
        .ada
        .say(&world.channel, &format!("M: {mention} hello"))
        .unwrap();
    repost(
        &world,
        &world.channel,
        None,
        "Mika",
        &format!("{mention} hello"),
    )
    .await;
    world.ada.delete(&world.channel, original).unwrap();
    robot
        .say(&world.channel, &format!("{mention} beep"))
        .unwrap();
    world
        .bo
        .say(&world.channel, &format!("{mention} hello"))
        .unwrap();
    world.model.always(kindly);
    world.start().await;
    // What was missed is in line before what is asked now.
    assert_eq!(
        answers(&world).await,
        answered,
        "{}",
        world.sim.transcript()
    );
}

#[tokio::test]
async fn a_proxy_that_still_has_to_delete_the_original_when_the_bot_is_back_is_waited_for() {
    let mut world = World::with(|config| config.rate.pause_ms = 1_000).await;
    world.ask("hello").await;
    world.stop().await;
    let mention = world.sim.bot_mention();
    let text = format!("{mention} my favourite colour is teal");
    let original = world
        .ada
        .say(&world.channel, &format!("M: {text}"))
        .unwrap();
    let reposted = repost(&world, &world.channel, None, "Mika", &text).await;
    world.model.always(kindly);
    let read = world.sim.requests_like("GET /channels/*/messages").len();
    world.start().await;
    world
        .sim
        .wait_for_requests("GET /channels/*/messages", read + 1, SOON)
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let mut closings = world.closings();
    world.ada.delete(&world.channel, original).unwrap();
    let answer = world.answer_to(&mut closings, reposted).await;
    assert_eq!(answer.words(), ANSWER);
    assert_eq!(answers(&world).await, 1, "{}", world.sim.transcript());
    assert_of_ada(&world).await;
}
