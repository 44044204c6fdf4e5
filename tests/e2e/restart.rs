//! What a stop or a kill cut off is answered by the next start: each message once, whoever else speaks there.

use std::time::Duration;

use discord_sim::actor::{Channel, Person};
use discord_sim::state::message::Author;
use discord_sim::state::{Draft, StoredMessage, account};
use model_sim::{Chunks, Prompt, Reply};
use store::claims::NewClaim;
use store::clock::Clock;
use tokio::time::Instant;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::MessageMarker;

use crate::killable::Killable;
use crate::world::{SOON, World};

/// Enough for nine answers in a row on a machine that does other things too.
const ALL: Duration = Duration::from_secs(60);

/// Says which of several messages it is.
fn numbered(world: &World, number: usize) -> String {
    format!("{} what is number {number} ?", world.sim.bot_mention())
}

/// The answer to one of them; nothing else holds these words.
fn answer(number: usize) -> String {
    format!("That is answer {number}.")
}

/// A reply that names the newest message's number, word by word.
fn by_number(prompt: &Prompt) -> Reply {
    let words: Vec<&str> = prompt.last_user().split_whitespace().collect();
    let at = words.iter().rposition(|word| *word == "number");
    let number = at.and_then(|at| words.get(at + 1)).copied();
    let number = number.unwrap_or("?");
    let text = format!("Let me think about this for a while, please. That is answer {number}.");
    Reply::text(text)
        .chunks(Chunks::Words)
        .over(Duration::from_millis(300))
}

/// Waits until each number is answered and no message is in hand any more, so that nothing can follow; asserts that nothing
/// of the bot's side stands there but these answers and `besides`.
async fn assert_each_once(world: &World, channel: &Channel, numbers: usize, besides: usize) {
    let began = Instant::now();
    let all_there = |spoken: &[StoredMessage]| {
        (1..=numbers).all(|n| spoken.iter().any(|m| m.text().contains(&answer(n))))
    };
    while !all_there(&world.spoken_in(channel)) {
        let waits = began.elapsed() < ALL;
        assert!(waits, "not all are answered\n{}", world.sim.transcript());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let store = familiar::setup::open_store(&world.config).await.unwrap();
    let open = || store.unanswered_since(chrono::DateTime::UNIX_EPOCH);
    while !open().await.unwrap().is_empty() {
        assert!(began.elapsed() < ALL, "something stays in hand");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    store.close().await.unwrap();
    let spoken = world.spoken_in(channel);
    for number in 1..=numbers {
        let times = spoken.iter().filter(|m| m.text().contains(&answer(number)));
        assert_eq!(times.count(), 1, "{number}\n{}", world.sim.transcript());
    }
    let said = spoken.len();
    assert_eq!(said, numbers + besides, "{}", world.sim.transcript());
}

/// Several people write at once; returns when the bot's side has said something about it.
async fn nine_people_ask(world: &World, channel: &Channel) {
    let people: Vec<Person> = (1..=9)
        .map(|n| world.guild.add_member(&format!("person {n}")))
        .collect();
    for (n, person) in people.iter().enumerate() {
        person.say(channel, &numbered(world, n + 1)).unwrap();
    }
    let said = |message: &StoredMessage| message.text().contains("Let me");
    world
        .sim
        .wait_for_message(channel, said, SOON)
        .await
        .unwrap();
}

/// A bot whose answers name the number that was asked.
async fn killable() -> Killable {
    let bot = Killable::new().await;
    bot.world.model.always(by_number);
    bot
}

#[cfg(unix)]
#[tokio::test]
async fn of_nine_open_claims_in_a_channel_at_a_kill_each_is_answered_once() {
    let mut bot = killable().await;
    // Discord takes its time, so that one answer is looked at while another is being written.
    bot.world
        .sim
        .delay("* /webhooks/**", Duration::from_millis(80));
    bot.world
        .sim
        .delay("GET /channels/*/messages", Duration::from_millis(150));
    let channel = bot.world.channel.clone();
    nine_people_ask(&bot.world, &channel).await;
    bot.kill().await;
    bot.start();
    assert_each_once(&bot.world, &channel, 9, 0).await;
}

#[cfg(unix)]
#[tokio::test]
async fn so_it_is_where_the_bot_speaks_by_its_own_account() {
    let mut bot = killable().await;
    let channel = bot.world.guild.add_channel("no webhooks");
    channel.deny_bot(Permissions::MANAGE_WEBHOOKS);
    nine_people_ask(&bot.world, &channel).await;
    bot.kill().await;
    bot.start();
    assert_each_once(&bot.world, &channel, 9, 0).await;
}

#[cfg(unix)]
#[tokio::test]
async fn after_a_second_kill_in_the_middle_of_catching_up_each_is_still_answered_once() {
    let mut bot = killable().await;
    let channel = bot.world.channel.clone();
    nine_people_ask(&bot.world, &channel).await;
    bot.kill().await;
    bot.start();
    let second = |message: &StoredMessage| message.text().contains("That is answer");
    bot.world
        .sim
        .wait_for_message(&channel, second, SOON)
        .await
        .unwrap();
    bot.kill().await;
    bot.start();
    assert_each_once(&bot.world, &channel, 9, 0).await;
}

/// A world whose nine messages are being answered, slowly.
async fn nine_wait(world: &World) -> Vec<Id<MessageMarker>> {
    world.model.always(by_number);
    let people = [&world.ada, &world.bo, &world.guild.owner];
    let mut asked = vec![];
    for number in 1..=9 {
        let who = people[number % people.len()];
        let text = numbered(world, number);
        asked.push(who.say(&world.channel, &text).unwrap());
    }
    let said = |message: &StoredMessage| message.text().contains("Let me");
    world
        .sim
        .wait_for_message(&world.channel, said, SOON)
        .await
        .unwrap();
    asked
}

#[tokio::test]
async fn what_waits_at_a_stop_is_answered_by_the_next_start() {
    let mut world = World::new().await;
    nine_wait(&world).await;
    world.restart().await;
    assert_each_once(&world, &world.channel, 9, 0).await;
    let spoken = world.spoken_in(&world.channel);
    let apologies = spoken.iter().filter(|m| m.text().contains("restarted"));
    assert_eq!(apologies.count(), 0);
}

#[tokio::test]
async fn what_was_said_while_it_was_away_comes_after_what_was_cut_off_and_before_what_is_new() {
    let mut world = World::new().await;
    nine_wait(&world).await;
    world.stop().await;
    for number in 10..=11 {
        let text = numbered(&world, number);
        world.bo.say(&world.channel, &text).unwrap();
    }
    // The look back takes long, and somebody writes meanwhile.
    world
        .sim
        .delay("GET /channels/*/messages", Duration::from_millis(500));
    world.start().await;
    let text = numbered(&world, 12);
    // The same person: of several, whoever spent least goes first.
    world.bo.say(&world.channel, &text).unwrap();
    assert_each_once(&world, &world.channel, 12, 0).await;
    let spoken = world.spoken_in(&world.channel);
    let order: Vec<usize> = spoken
        .iter()
        .filter_map(|m| (1..=12).find(|n| m.text().contains(&answer(*n))))
        .collect();
    let late: Vec<usize> = order.into_iter().filter(|n| *n >= 10).collect();
    assert_eq!(late, [10, 11, 12]);
}

#[tokio::test]
async fn what_waits_too_long_is_left_unanswered_and_its_claim_closed() {
    let mut world = World::new().await;
    nine_wait(&world).await;
    world.stop().await;
    let answered = world.spoken_in(&world.channel).len();
    world.later(chrono::TimeDelta::minutes(16));
    world.start().await;
    world.ask("number 10 ?").await;
    assert_eq!(world.spoken_in(&world.channel).len(), answered + 1);
    let store = &world.companion().house().store;
    let open = store.unanswered_since(chrono::DateTime::UNIX_EPOCH).await;
    assert_eq!(open.unwrap(), []);
}

#[tokio::test]
async fn in_a_thread_and_in_direct_messages_it_is_the_same() {
    let mut world = World::new().await;
    let text = format!("{} hello", world.sim.bot_mention());
    let root = world.ada.say(&world.channel, &text).unwrap();
    let thread = world
        .channel
        .start_thread(&world.ada, "aside", Some(root))
        .unwrap();
    world.model.always(by_number);
    let dm = world.ada.dm_channel().unwrap();
    for number in 1..=3 {
        world.bo.say(&thread, &numbered(&world, number)).unwrap();
        world.ada.say(&dm, &numbered(&world, number)).unwrap();
    }
    let said = |message: &StoredMessage| message.text().contains("Let me");
    for channel in [&thread, &dm] {
        world
            .sim
            .wait_for_message(channel, said, SOON)
            .await
            .unwrap();
    }
    world.restart().await;
    assert_each_once(&world, &thread, 3, 0).await;
    assert_each_once(&world, &dm, 3, 0).await;
}

#[tokio::test]
async fn a_message_that_was_deleted_meanwhile_is_not_answered() {
    let mut world = World::new().await;
    let asked = nine_wait(&world).await;
    world.stop().await;
    let answered = world.spoken_in(&world.channel).len();
    for (n, id) in asked.iter().enumerate() {
        let people = [&world.ada, &world.bo, &world.guild.owner];
        people[(n + 1) % people.len()]
            .delete(&world.channel, *id)
            .unwrap();
    }
    world.start().await;
    world.ask("number 10 ?").await;
    assert_eq!(world.spoken_in(&world.channel).len(), answered + 1);
    let store = &world.companion().house().store;
    let open = store.unanswered_since(chrono::DateTime::UNIX_EPOCH).await;
    assert_eq!(open.unwrap(), []);
}

#[tokio::test]
async fn where_discord_cannot_be_read_the_claims_stay_open_for_another_start() {
    let mut world = World::new().await;
    nine_wait(&world).await;
    world.stop().await;
    let down = serde_json::json!({ "code": 0, "message": "upstream" });
    world
        .sim
        .fail_times("GET /channels/*/messages", 502, down, 1_000);
    world.start().await;
    world.ask("number 10 ?").await;
    world.stop().await;
    world.sim.clear_faults();
    world.start().await;
    assert_each_once(&world, &world.channel, 10, 0).await;
}

#[tokio::test]
async fn a_message_that_brought_three_starts_down_is_left_alone() {
    let mut world = World::new().await;
    world.ask("hello").await;
    world.stop().await;
    let text = format!("{} the deadly one", world.sim.bot_mention());
    let message = world.ada.say(&world.channel, &text).unwrap();
    let store = familiar::setup::open_store(&world.config).await.unwrap();
    let (guild, channel) = (world.guild.id.get().into(), world.channel.id.get().into());
    let (now, author) = (world.clock.now(), world.ada.id.get().into());
    store
        .claim(
            NewClaim::of(message.get().into(), channel, Some(guild), author),
            9_001,
            now,
        )
        .await
        .unwrap();
    // Nobody holds these runs' locks: they are dead.
    for run in 9_002..=9_003 {
        store.take_up(message.get().into(), run).await.unwrap();
    }
    store.close().await.unwrap();
    world.start().await;
    world.ask("and now?").await;
    assert_eq!(world.model.generations().len(), 2, "{:?}", world.prompts());
}

#[tokio::test]
async fn of_a_bot_that_is_not_answered_no_claim_stays_open() {
    let mut world = World::new().await;
    world.ask("hello").await;
    world.stop().await;
    let text = format!("{} I am a bot", world.sim.bot_mention());
    let said = {
        let mut inside = world.sim.hub().world();
        let id = inside.next_id();
        let robot = Author::account(account::new_user(id, "robot", true));
        inside
            .post(world.channel.id, robot, Draft::text(text))
            .unwrap()
    };
    let store = familiar::setup::open_store(&world.config).await.unwrap();
    let (guild, channel) = (world.guild.id.get().into(), world.channel.id.get().into());
    let (now, message) = (world.clock.now(), said.message.id.get().into());
    store
        .claim(
            NewClaim::of(message, channel, Some(guild), 5.into()),
            9_001,
            now,
        )
        .await
        .unwrap();
    store.close().await.unwrap();
    world.start().await;
    world.ask("and now?").await;
    let store = &world.companion().house().store;
    let open = store.unanswered_since(chrono::DateTime::UNIX_EPOCH).await;
    assert_eq!(open.unwrap(), []);
}
