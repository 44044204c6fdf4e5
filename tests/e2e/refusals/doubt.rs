//! Answers that are lost: what was made is found, what was not is made, and nothing stands twice.

use std::time::Duration;

use discord_sim::rest::fault::{Fault, Lasting};
use discord_sim::rest::reply::Reply as Answered;

use super::*;

const POST: &str = "POST /webhooks/*/*";

async fn said_once(world: &World, said: &str) {
    world.model.say(said);
    let answer = world.ask("hello").await;
    assert_eq!(answer.words(), said);
    assert_eq!(texts(&world.spoken_in(&world.channel)).len(), 1);
    assert_eq!(asked(world, "POST /channels/*/messages"), 0);
}

#[tokio::test]
async fn a_reply_that_was_made_although_discord_said_502_stands_once() {
    let world = World::new().await;
    let order = |fault| world.sim.order(POST, fault, Lasting::Times(1));
    order(Fault::AnswerAfter(Answered::html(502)));
    said_once(&world, "Made, and unheard of.").await;
    assert_eq!(asked(&world, POST), 1);
}

#[tokio::test]
async fn a_reply_whose_connection_was_cut_after_it_was_made_stands_once() {
    let world = World::new().await;
    world.sim.lose_next_answer(POST);
    said_once(&world, "Made, and cut off.").await;
    assert_eq!(asked(&world, POST), 1);
}

#[tokio::test]
async fn a_reply_that_was_not_made_is_made() {
    let world = World::new().await;
    let order = |fault| world.sim.order(POST, fault, Lasting::Times(1));
    order(Fault::Answer(Answered::html(502)));
    order(Fault::Cut);
    said_once(&world, "Third time lucky.").await;
    assert_eq!(asked(&world, POST), 3);
}

#[tokio::test]
async fn a_growing_reply_whose_first_answer_was_lost_grows_on_in_the_same_message() {
    let world = World::new().await;
    world.sim.lose_next_answer(POST);
    let said = "One two three four five six seven eight.";
    world.model.queue(
        model_sim::Reply::text(said)
            .chunks(model_sim::Chunks::Words)
            .over(Duration::from_secs(3)),
    );
    let answer = world.ask("count").await;
    assert_eq!(answer.words(), said);
    assert_eq!(world.spoken_in(&world.channel).len(), 1);
}

#[tokio::test]
async fn where_it_cannot_be_seen_whether_it_was_made_it_is_not_said_again() {
    let world = World::new().await;
    world
        .channel
        .deny_bot(twilight_model::guild::Permissions::READ_MESSAGE_HISTORY);
    world.model.say("Made, and unseen.");
    world.sim.lose_next_answer(POST);
    let answer = world.ask("hello").await;
    let spoken = world.spoken_in(&world.channel);
    // Its first words stand, for they were made; the rest is not posted beside them.
    let made = spoken.iter().filter(|m| m.text().starts_with("Made"));
    assert_eq!(made.count(), 1, "{:?}", texts(&spoken));
    assert!(answer.text().contains("did not take"), "{}", answer.text());
}

#[tokio::test]
async fn an_earlier_reply_with_the_same_words_is_not_taken_for_one_that_was_lost() {
    let world = World::new().await;
    for _ in 0..2 {
        let yes = model_sim::Reply::text("Yes.").after(Duration::from_secs(1));
        world.model.queue(yes);
    }
    let (mut firsts, mut seconds) = (world.closings(), world.closings());
    let mention = world.sim.bot_mention();
    let say = |text| world.ada.say(&world.channel, &format!("{mention} {text}"));
    let (first, second) = (say("is it so?").unwrap(), say("and this?").unwrap());
    let first = world.answer_to(&mut firsts, first).await;
    // Of the second one's post nothing comes, and whether it was made is not told.
    let order = |fault| world.sim.order(POST, fault, Lasting::Times(1));
    order(Fault::Answer(Answered::html(502)));
    let second = world.answer_to(&mut seconds, second).await;
    assert_eq!(
        (first.words(), second.words()),
        ("Yes.".into(), "Yes.".into())
    );
    assert_ne!(first.first().message.id, second.first().message.id);
    assert_eq!(world.spoken_in(&world.channel).len(), 2);
}

#[tokio::test]
async fn a_reply_whose_answer_was_lost_is_found_among_much_talk() {
    let world = World::new().await;
    let said = "Made, and overheard.";
    let slow = model_sim::Reply::text(said).after(Duration::from_secs(1));
    world.model.queue(slow);
    let mut closings = world.closings();
    let question = format!("{} hello", world.sim.bot_mention());
    let asked_for = world.ada.say(&world.channel, &question).unwrap();
    for n in 0..60 {
        world.bo.say(&world.channel, &format!("talk {n}")).unwrap();
    }
    world.sim.lose_next_answer(POST);
    let answer = world.answer_to(&mut closings, asked_for).await;
    assert_eq!(answer.words(), said);
    assert_eq!(texts(&world.spoken_in(&world.channel)).len(), 1);
    assert_eq!(asked(&world, POST), 1);
}
