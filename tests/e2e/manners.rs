//! Who is answered when, and who is not: waiting, floods, other bots.

use std::sync::{Mutex, mpsc};
use std::time::Duration;

use chrono::TimeDelta;
use discord_sim::state::message::Author;
use discord_sim::state::{Draft, account};
use model_sim::Reply;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use twilight_model::user::User;

use crate::world::{SOON, World};

/// Asks in the usual channel without waiting.
fn call(world: &World, who: &discord_sim::actor::Person, text: &str) -> u64 {
    let text = format!("{} {text}", world.sim.bot_mention());
    who.say(&world.channel, &text).unwrap().get()
}

/// Waits until so many messages are done with; in what order they were.
async fn done(
    closings: &mut tokio::sync::broadcast::Receiver<companion::Closed>,
    many: usize,
) -> Vec<u64> {
    let mut order = vec![];
    while order.len() < many {
        let closed = tokio::time::timeout(SOON, closings.recv())
            .await
            .unwrap()
            .unwrap();
        order.push(closed.message.get());
    }
    order
}

/// The model's next reply waits until the sender is used; the receiver tells that it was asked for.
fn hold_the_model(world: &World) -> (mpsc::Sender<()>, UnboundedReceiver<()>) {
    let (open, gate) = mpsc::channel();
    let (asked, begun) = unbounded_channel();
    let gate = Mutex::new(Some(gate));
    world.model.always(move |_| {
        if let Some(gate) = gate.lock().unwrap().take() {
            asked.send(()).unwrap();
            tokio::task::block_in_place(|| gate.recv().unwrap());
        }
        Reply::text("Yes?")
    });
    (open, begun)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flooder_waits_behind_whoever_spent_less_and_makes_room_for_them() {
    let world = World::with(|config| config.rate.queue = 2).await;
    world.ask("I have spent something").await;
    let (open, mut begun) = hold_the_model(&world);
    let mut closings = world.closings();
    let running = call(&world, &world.ada, "a long story, please");
    begun.recv().await.unwrap();
    let flood: Vec<u64> = (0..3)
        .map(|n| call(&world, &world.ada, &format!("line {n}")))
        .collect();
    let newest = done(&mut closings, 1).await;
    assert_eq!(newest, [flood[2]], "the queue is full");
    let light = call(&world, &world.bo, "a short question");
    let newest = done(&mut closings, 1).await;
    assert_eq!(newest, [flood[1]], "the flooder's newest gives way");
    open.send(()).unwrap();
    let order = done(&mut closings, 3).await;
    assert_eq!(order, [running, light, flood[0]]);
    let spoken = world.spoken_in(&world.channel);
    let busy = spoken
        .iter()
        .filter(|m| m.text().contains("Many messages wait"));
    assert_eq!(busy.count(), 2);
}

#[tokio::test]
async fn a_server_at_its_bound_lets_channels_wait_and_answers_all_in_the_end() {
    let world = World::with(|config| config.rate.concurrent_per_guild = 1).await;
    let channels: Vec<_> = (0..4)
        .map(|n| world.guild.add_channel(format!("room-{n}").as_str()))
        .collect();
    let mut closings = world.closings();
    world
        .model
        .always(|_| Reply::text("Yes?").over(Duration::from_millis(50)));
    for channel in &channels {
        let text = format!("{} hello", world.sim.bot_mention());
        world.bo.say(channel, &text).unwrap();
    }
    done(&mut closings, 4).await;
    for channel in &channels {
        assert_eq!(world.spoken_in(channel).len(), 1);
    }
}

#[tokio::test]
async fn a_flood_is_told_once_and_then_met_with_silence_except_for_a_crisis() {
    let world = World::with(|config| config.rate.member_per_minute = 2).await;
    for _ in 0..2 {
        assert_eq!(world.ask("hello").await.author(), "Orla");
    }
    let wait = world.ask("hello?").await.text();
    assert!(wait.contains("again in 30 s"), "{wait}");
    let quieted = world.ask("hello??").await.text();
    assert!(
        quieted.contains("a break of 1 minute ") && quieted.contains("<t:"),
        "{quieted}"
    );
    for _ in 0..5 {
        assert!(world.ask("hello???").await.messages.is_empty());
    }
    let spent = world.budget(&world.ada).await.replies.len();
    assert_eq!((world.model.generations().len(), spent), (2, 2));
    let crisis = world.ask("I want to kill myself").await.text();
    assert!(crisis.contains("988"), "{crisis}");
    // Others go on as before, and so does the flooder when the time is over.
    assert_eq!(
        world.ask_in(&world.bo, &world.channel, "hi").await.author(),
        "Orla"
    );
    world.later(TimeDelta::seconds(61));
    assert_eq!(world.ask("sorry").await.author(), "Orla");
    // The next flood costs five minutes, in the language it comes in.
    world.ask("hello").await;
    world.ask("你好？").await;
    let longer = world.ask("你好，你在吗？").await.text();
    assert!(longer.contains("5 分钟"), "{longer}");
}

/// Another bot in the server.
fn robot(world: &World) -> User {
    let mut inside = world.sim.hub().world();
    let id = inside.next_id();
    account::new_user(id, "robot", true)
}

/// The other bot answers everything that ours says, until ours says nothing more. How often ours spoke.
async fn talk(world: &World, robot: &User) -> usize {
    let mut heard = 0;
    loop {
        let mut closings = world.closings();
        let text = format!("{} and then? ({heard})", world.sim.bot_mention());
        let author = Author::account(robot.clone());
        let said = world
            .sim
            .hub()
            .world()
            .post(world.channel.id, author, Draft::text(text))
            .unwrap();
        if world
            .answer_to(&mut closings, said.message.id)
            .await
            .messages
            .is_empty()
        {
            return heard;
        }
        heard += 1;
    }
}

#[tokio::test]
async fn two_bots_that_answer_each_other_stop_after_four_and_after_the_hours_turns() {
    let world = World::with(|config| config.rate.bot_turns_per_hour = 6).await;
    let robot = robot(&world);
    assert_eq!(talk(&world, &robot).await, 4, "{}", world.sim.transcript());
    // A person's word lets them go on, up to what the hour allows.
    world.ada.say(&world.channel, "you two are funny").unwrap();
    assert_eq!(talk(&world, &robot).await, 2, "{}", world.sim.transcript());
    world.ada.say(&world.channel, "go on?").unwrap();
    assert_eq!(talk(&world, &robot).await, 0, "{}", world.sim.transcript());
    assert_eq!(world.ask("and me?").await.author(), "Orla");
    world.later(TimeDelta::minutes(61));
    assert_eq!(talk(&world, &robot).await, 4, "{}", world.sim.transcript());
}

#[tokio::test]
async fn a_persona_never_answers_itself_even_where_bots_are_answered() {
    let mut world = World::with(|config| config.rate.bot_turns_per_hour = 100).await;
    world.owner("chat mode", &[("mode", "active")]).await;
    world.model.say("Orla, are you there? Orla!");
    world.ask("say your own name").await;
    world.ask("thank you").await;
    world.stop().await;
    assert_eq!(
        world.model.generations().len(),
        2,
        "{}",
        world.sim.transcript()
    );
}
