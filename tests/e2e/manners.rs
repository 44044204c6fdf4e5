//! Who is answered when, and who is not: waiting, floods, other bots.

use std::sync::{Mutex, mpsc};
use std::time::Duration;

use chrono::TimeDelta;
use discord_sim::state::message::Author;
use discord_sim::state::{Draft, account};
use ledger::{
    Ask, Ledger, ModelKey, Outcome, Period, Purpose, Scope, Spender, Unit, Usage, WindowView,
};
use model_sim::{Recorded, Reply, UsageReport};
use store::id::{GuildId, UserId};
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

/// The server's owner decides what the ledger keeps.
fn ledger(world: &World) -> (&Ledger, GuildId, UserId) {
    let (guild, owner) = (world.guild.id.get(), world.guild.owner.id.get());
    let ledger = &world.companion().house().ledger;
    (ledger, guild.into(), owner.into())
}

/// Tokens that the server has spent today.
async fn posted(world: &World) -> i64 {
    let view = world.budget(&world.ada).await;
    let is_day = |window: &&WindowView| {
        matches!(window.scope, Scope::Guild(_)) && window.period == Period::Day
    };
    view.windows.iter().find(is_day).unwrap().tokens.posted
}

#[tokio::test]
async fn where_little_is_left_replies_come_to_the_point_and_what_must_be_said_is_said() {
    let world = World::new().await;
    let full = Reply::text("A long story.").usage(UsageReport::Missing);
    world.model.queue(full);
    world.ask("tell me a story").await;
    assert!(!world.last_prompt().contains("one or two short sentences"));
    // What a reply may need at most is a tenth of what is spent by now; a little more than that is left.
    let one = posted(&world).await;
    let (ledger, guild, owner) = ledger(&world);
    let usage = Usage {
        input: u64::try_from(one).unwrap() * 12,
        output: 1,
        ..Usage::default()
    };
    let ask = Ask {
        input_bound: usage.input,
        cap: 1,
        purpose: Purpose::Reply,
        turn: None,
        persona: None,
    };
    let spender = Spender {
        guild: Some(guild),
        channel: None,
        member: world.ada.id.get().into(),
    };
    let model = &world.companion().house().model;
    let hold = ledger
        .hold(&spender, model.provider.terms(), ask)
        .await
        .unwrap();
    ledger.settle(hold, Outcome::Complete(usage)).await.unwrap();
    let spent = posted(&world).await;
    let (scope, limit) = (Scope::Guild(guild), Some(spent + spent / 10));
    ledger
        .set_limit(scope, Period::Day, Unit::Tokens, limit, owner)
        .await
        .unwrap();
    world.model.say("In short: yes.");
    let answer = world
        .ask_in(&world.bo, &world.channel, "and in short?")
        .await;
    assert_eq!(answer.words(), "In short: yes.");
    let text = answer.text();
    assert!(
        text.contains("Orla is an AI companion, not a person"),
        "{text}"
    );
    let asked = world.model.generations().pop().unwrap();
    assert_eq!(asked.body["max_tokens"], 200);
    let prompt = world.last_prompt();
    let (stable, changing) = prompt.split_once("<user>").unwrap();
    assert!(
        changing.contains("[Answer in one or two short sentences.]"),
        "{prompt}"
    );
    assert!(!stable.contains("one or two short sentences"), "{prompt}");
    let crisis = world.ask("I want to kill myself").await.text();
    assert!(crisis.contains("988"), "{crisis}");
}

#[tokio::test]
async fn the_cheaper_model_speaks_where_the_first_is_not_allowed_and_no_model_where_none_is() {
    let world = World::with(|config| {
        let mut cheaper = config.model.clone().unwrap();
        cheaper.model = "sim-mini".into();
        config.cheaper_model = Some(cheaper);
    })
    .await;
    let (ledger, guild, owner) = ledger(&world);
    let allow = async |model: &str| {
        let key = ModelKey {
            provider: "sim".into(),
            model: model.into(),
        };
        ledger
            .set_allowed_models(guild, Some(vec![key]), owner)
            .await
            .unwrap();
    };
    allow("sim-mini").await;
    assert_eq!(world.ask("hello").await.messages.len(), 1);
    let models = || -> Vec<String> {
        let asked = world.model.generations();
        let name = |request: &Recorded| request.body["model"].as_str().unwrap().to_owned();
        asked.iter().map(name).collect()
    };
    assert_eq!(models(), ["sim-mini"]);
    allow("something else").await;
    let line = world.ask("hello?").await.text();
    assert!(
        line.contains("does not allow sim") && line.contains("`/budget set`"),
        "{line}"
    );
    let line = world.ask("你好？").await.text();
    assert!(line.contains("没有允许使用"), "{line}");
    allow("sim-1").await;
    assert_eq!(world.ask("and now?").await.messages.len(), 1);
    assert_eq!(models(), ["sim-mini", "sim-1"]);
}

#[tokio::test]
async fn a_paused_server_rests_with_the_way_to_go_on_and_a_crisis_is_answered() {
    let world = World::new().await;
    let (ledger, guild, owner) = ledger(&world);
    ledger.set_paused(guild, true, owner).await.unwrap();
    let line = world.ask("hello").await.text();
    assert!(
        line.contains("is resting") && line.contains("`/budget pause state:off`"),
        "{line}"
    );
    assert!(
        world
            .ask("I want to kill myself")
            .await
            .text()
            .contains("988")
    );
    assert!(world.model.requests().is_empty());
    ledger.set_paused(guild, false, owner).await.unwrap();
    assert_eq!(world.ask("hello").await.author(), "Orla");
}
