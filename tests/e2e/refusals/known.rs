//! What is known before anything is paid: that the bot is timed out, that a thread is locked.

use chrono::TimeDelta;
use discord_sim::actor::Channel;
use twilight_model::guild::Permissions;
use twilight_model::util::Timestamp;

use super::words::set_thread;
use super::*;

/// Moderators time the bot out until then.
fn time_out(world: &World, until: Option<chrono::DateTime<chrono::Utc>>) {
    let bot = world.sim.bot_id();
    let until = until.map(|at| Timestamp::from_secs(at.timestamp()).unwrap());
    let mut state = world.sim.hub().world();
    state
        .update_member(world.guild.id, bot, |member| {
            member.communication_disabled_until = until;
        })
        .unwrap();
}

fn writes(world: &World) -> usize {
    let posts = ["POST /webhooks/*/*", "POST /channels/*/messages"];
    let reactions = "PUT /channels/*/messages/*/reactions/*/@me";
    posts.iter().map(|p| asked(world, p)).sum::<usize>() + asked(world, reactions)
}

#[tokio::test]
async fn a_bot_that_is_timed_out_is_silent_and_pays_for_nothing_until_it_is_over() {
    let world = World::new().await;
    let now = store::clock::Clock::now(&*world.clock);
    time_out(&world, Some(now + TimeDelta::days(7)));
    let answer = world.ask("hello").await;
    assert!(answer.messages.is_empty());
    assert!(world.model.generations().is_empty());
    assert_eq!(writes(&world), 0);
    // Time passes for Discord as well: it counts the time-out, too.
    world.sim.advance(TimeDelta::days(8).to_std().unwrap());
    world.later(TimeDelta::days(8));
    assert_eq!(world.ask("hello again").await.messages.len(), 1);
}

async fn asked_in_a_thread(world: &World, who: Locking) -> (Channel, crate::world::Answer) {
    let thread = world
        .channel
        .start_thread(&world.ada, "aside", None)
        .unwrap();
    set_thread(world, &thread, who.archived, who.locked);
    // Who manages threads may still write there, and asks.
    let answer = world.ask_in(&world.guild.owner, &thread, "hello").await;
    (thread, answer)
}

#[derive(Clone, Copy)]
struct Locking {
    archived: bool,
    locked: bool,
}

#[tokio::test]
async fn in_a_locked_thread_nothing_is_paid_and_a_reaction_says_so() {
    let world = World::new().await;
    world.channel.deny_bot(Permissions::MANAGE_THREADS);
    let locked = Locking {
        archived: false,
        locked: true,
    };
    let (thread, answer) = asked_in_a_thread(&world, locked).await;
    assert!(answer.messages.is_empty());
    assert!(world.model.generations().is_empty());
    let asked = thread.message(answer.to).unwrap();
    assert_eq!(asked.reactors.len(), 1);
}

#[tokio::test]
async fn a_bot_that_manages_threads_answers_in_a_locked_one_and_its_webhook_does_not() {
    let world = World::new().await;
    let locked = Locking {
        archived: false,
        locked: true,
    };
    let (_, answer) = asked_in_a_thread(&world, locked).await;
    assert_eq!(answer.messages.len(), 1);
    assert!(answer.text().starts_with("**Orla**: "));
}

#[tokio::test]
async fn a_permission_that_is_lost_after_the_reply_was_paid_for_leaves_a_reaction() {
    let world = World::new().await;
    let missing = refusal(50_013, "Missing Permissions");
    let posts = ["POST /webhooks/*/*", "POST /channels/*/messages"];
    for post in posts {
        world.sim.fail_times(post, 403, missing.clone(), 9);
    }
    let answer = world.ask("hello").await;
    assert!(answer.messages.is_empty());
    assert_eq!(reactions(&world), ["🔇"]);
    assert_eq!(posts.map(|post| asked(&world, post)), [1, 1]);
}
