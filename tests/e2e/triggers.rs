//! Which messages are answered, and which are not.

use std::time::Duration;

use discord_sim::SimConfig;
use discord_sim::actor::MessageDraft;
use discord_sim::config::Privileged;
use discord_sim::state::message::Author;
use discord_sim::state::{Draft, account};
use model_sim::Reply;

use crate::world::World;

#[tokio::test]
async fn a_mention_is_answered_by_the_persona_under_its_own_name_and_face() {
    let world = World::new().await;
    world.model.say("Evening. Mind the stairs.");
    let answer = world.ask("good evening").await;
    assert_eq!(answer.words(), "Evening. Mind the stairs.");
    assert_eq!(answer.author(), "Orla");
    assert!(answer.first().message.webhook_id.is_some());
    let posts = world.sim.requests_like("POST /webhooks/*/*");
    assert!(
        posts[0].body["avatar_url"]
            .as_str()
            .is_some_and(|url| url.contains("/emojis/")),
        "{posts:?}"
    );
    assert!(
        world.last_prompt().ends_with("ada: good evening\n"),
        "{}",
        world.last_prompt()
    );
}

#[tokio::test]
async fn a_reply_to_a_personas_message_goes_to_that_persona() {
    let world = World::new().await;
    world.owner("persona adopt", &[("persona", "Pogo")]).await;
    let first = world
        .say_in(&world.ada, &world.channel, "Pogo, hello!")
        .await;
    assert_eq!(first.author(), "Pogo");
    let mut closings = world.closings();
    let reply = MessageDraft {
        text: "and then?".into(),
        reply_to: Some(first.first().message.id),
        ..MessageDraft::default()
    };
    let id = world.bo.say_with(&world.channel, reply).unwrap();
    let second = world.answer_to(&mut closings, id).await;
    assert_eq!(second.author(), "Pogo");
}

#[tokio::test]
async fn a_reply_is_heard_while_memory_is_paused_and_no_word_of_it_is_kept() {
    let mut world = World::new().await;
    world.owner("persona adopt", &[("persona", "Pogo")]).await;
    world
        .command(&world.ada, &world.channel, "memory pause", &[])
        .await;
    let first = world
        .say_in(&world.ada, &world.channel, "Pogo, my boat is Marigold!")
        .await;
    assert_eq!(first.author(), "Pogo");
    // Nothing that only the running bot knows is needed for it.
    world.restart().await;
    let mut closings = world.closings();
    let reply = MessageDraft {
        text: "and then?".into(),
        reply_to: Some(first.first().message.id),
        ..MessageDraft::default()
    };
    let id = world.ada.say_with(&world.channel, reply).unwrap();
    let second = world.answer_to(&mut closings, id).await;
    assert_eq!(second.author(), "Pogo");
    let prompt = world.last_prompt();
    assert!(!prompt.contains("Marigold"), "{prompt}");
}

#[tokio::test]
async fn a_thread_is_followed_while_memory_is_paused_in_it() {
    let world = World::new().await;
    let thread = world
        .channel
        .start_thread(&world.ada, "aside", None)
        .unwrap();
    world
        .command(&world.ada, &thread, "memory pause", &[])
        .await;
    world.ask_in(&world.ada, &thread, "come here").await;
    let answer = world.say_in(&world.ada, &thread, "and stay").await;
    assert_eq!(answer.author(), "Orla");
}

#[tokio::test]
async fn a_direct_message_needs_no_mention() {
    let world = World::new().await;
    world.model.say("Just us, then.");
    let dm = world.ada.dm_channel().unwrap();
    let answer = world.say_in(&world.ada, &dm, "are you awake?").await;
    assert_eq!(answer.words(), "**Orla**: Just us, then.");
}

#[tokio::test]
async fn an_active_channel_answers_ordinary_talk() {
    let world = World::new().await;
    let text = world.owner("chat mode", &[("mode", "active")]).await;
    assert!(text.contains("in this channel"), "{text}");
    let answer = world
        .say_in(&world.ada, &world.channel, "what a night")
        .await;
    assert_eq!(answer.author(), "Orla");
}

#[tokio::test]
async fn a_persona_hears_its_name_in_english_and_in_chinese() {
    let world = World::new().await;
    world.owner("persona adopt", &[("persona", "周孃")]).await;
    let orla = world
        .say_in(&world.ada, &world.channel, "hey Orla, are you there?")
        .await;
    assert_eq!(orla.author(), "Orla");
    let zhou = world
        .say_in(&world.ada, &world.channel, "周孃，你好！")
        .await;
    assert_eq!(zhou.author(), "周孃");
    assert_eq!(world.model.generations().len(), 2);
}

#[tokio::test]
async fn a_thread_in_which_a_persona_speaks_is_followed() {
    let world = World::new().await;
    let thread = world
        .channel
        .start_thread(&world.ada, "aside", None)
        .unwrap();
    world.ask_in(&world.ada, &thread, "come here").await;
    let answer = world.say_in(&world.bo, &thread, "I am here, too").await;
    assert_eq!(answer.author(), "Orla");
    assert_eq!(answer.first().message.channel_id, thread.id);
    assert!(world.spoken_in(&world.channel).is_empty());
}

#[tokio::test]
async fn a_thread_is_followed_while_the_first_reply_in_it_is_still_written() {
    let world = World::new().await;
    let thread = world
        .channel
        .start_thread(&world.ada, "aside", None)
        .unwrap();
    let slow = Reply::text("On my way.").after(Duration::from_secs(2));
    world.model.queue(slow);
    let mut closings = world.closings();
    let call = format!("{} come here", world.sim.bot_mention());
    let first = world.ada.say(&thread, &call).unwrap();
    while world.model.generations().is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(world.spoken_in(&thread).is_empty());
    let second = world.bo.say(&thread, "I am here, too").unwrap();
    let answer = world.answer_to(&mut closings, first).await;
    assert_eq!(answer.words(), "On my way.");
    let answer = world.answer_to(&mut closings, second).await;
    assert_eq!(answer.author(), "Orla");
}

/// What was written is not answered: only the mention afterwards is.
async fn only_a_mention_is_answered(mut world: World, write: impl FnOnce(&World)) {
    write(&world);
    world.ask("and now you").await;
    world.stop().await;
    assert_eq!(
        world.model.generations().len(),
        1,
        "{}",
        world.sim.transcript()
    );
    let answers = world
        .spoken_in(&world.channel)
        .into_iter()
        .filter(|m| m.author() == "Orla")
        .count();
    assert_eq!(answers, 1, "{}", world.sim.transcript());
}

#[tokio::test]
async fn ordinary_talk_is_left_alone() {
    only_a_mention_is_answered(World::new().await, |world| {
        world.ada.say(&world.channel, "what a night").unwrap();
        world
            .bo
            .say(&world.channel, "I met Orla yesterday")
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn bots_and_webhooks_are_never_answered() {
    let world = World::new().await;
    world.owner("chat mode", &[("mode", "active")]).await;
    only_a_mention_is_answered(world, |world| {
        let mention = format!("{} hello", world.sim.bot_mention());
        let mut inside = world.sim.hub().world();
        let id = inside.next_id();
        let robot = account::new_user(id, "robot", true);
        inside
            .post(
                world.channel.id,
                Author::account(robot.clone()),
                Draft::text(mention.clone()),
            )
            .unwrap();
        let webhook = inside.next_id();
        let through_webhook = Author {
            user: robot,
            webhook: Some(webhook),
            application: None,
        };
        inside
            .post(world.channel.id, through_webhook, Draft::text(mention))
            .unwrap();
        drop(inside);
        // It looks like one of ours, but no persona said it, so it is not followed either.
        world
            .ada
            .say(&world.channel, &format!("{} look", world.bo.mention()))
            .unwrap();
    })
    .await;
}

#[tokio::test]
async fn in_an_active_channel_talk_to_somebody_else_is_left_alone() {
    let world = World::new().await;
    world.owner("chat mode", &[("mode", "active")]).await;
    only_a_mention_is_answered(world, |world| {
        let said = world
            .bo
            .say(&world.channel, &format!("{} lunch?", world.ada.mention()))
            .unwrap();
        let reply = MessageDraft {
            text: "yes".into(),
            reply_to: Some(said),
            ..MessageDraft::default()
        };
        world.ada.say_with(&world.channel, reply).unwrap();
    })
    .await;
}

#[tokio::test]
async fn where_the_mode_is_off_not_even_a_mention_is_answered() {
    let mut world = World::new().await;
    let elsewhere = world.guild.add_channel("elsewhere");
    world.owner("chat mode", &[("mode", "off")]).await;
    world
        .ada
        .say(
            &world.channel,
            &format!("{} hello?", world.sim.bot_mention()),
        )
        .unwrap();
    world.ask_in(&world.ada, &elsewhere, "and here?").await;
    world.stop().await;
    assert_eq!(world.model.generations().len(), 1);
    assert!(world.spoken_in(&world.channel).is_empty());
}

#[tokio::test]
async fn without_the_content_intent_a_mention_is_read_and_a_name_is_not() {
    let discord = SimConfig {
        privileged: Privileged::NONE,
        ..World::discord()
    };
    let world = World::on(discord, |config| config.discord.message_content = false).await;
    only_a_mention_is_answered(world, |world| {
        world
            .ada
            .say(&world.channel, "Orla, can you read this?")
            .unwrap();
    })
    .await;
}
