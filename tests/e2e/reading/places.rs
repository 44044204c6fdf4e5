//! Every kind of place where messages stand, and the longest of them.

use discord_sim::actor::{Channel, ChannelSpec};
use rstest::rstest;
use twilight_model::channel::ChannelType;

use crate::world::World;

/// The most characters that somebody with Nitro can send, <https://support.discord.com/hc/en-us/articles/115000435108>.
const LONGEST: usize = 4_000;

#[rstest]
#[case::announcement(ChannelType::GuildAnnouncement)]
#[case::voice(ChannelType::GuildVoice)]
#[case::stage(ChannelType::GuildStageVoice)]
#[tokio::test]
async fn a_mention_is_answered_in_the_talk_of_a_channel_of_any_kind(#[case] kind: ChannelType) {
    let world = World::new().await;
    let channel = world.guild.add_channel(ChannelSpec::of(kind, "place"));
    world.model.say("I am here.");
    let answer = world.ask_in(&world.ada, &channel, "hello").await;
    assert_eq!(
        (answer.author().as_str(), answer.words().as_str()),
        ("Orla", "I am here.")
    );
    assert_eq!(answer.first().message.channel_id, channel.id);
}

#[tokio::test]
async fn a_forum_post_is_answered_in_it_and_what_follows_there_without_a_mention() {
    let world = World::new().await;
    let forum = ChannelSpec::of(ChannelType::GuildForum, "questions");
    let forum: Channel = world.guild.add_channel(forum);
    let mut closings = world.closings();
    world.model.say("I am here.");
    let text = format!("{} hello", world.sim.bot_mention());
    let post = forum.start_post(&world.ada, "Who are you?", &text).unwrap();
    // The first message of a post has its id.
    let answer = world.answer_to(&mut closings, post.id.cast()).await;
    assert_eq!(
        (answer.author().as_str(), answer.words().as_str()),
        ("Orla", "I am here.")
    );
    assert_eq!(answer.first().message.channel_id, post.id);
    world.model.say("Go on.");
    let answer = world
        .say_in(&world.bo, &post, "I have a question too")
        .await;
    assert_eq!(answer.words(), "Go on.");
}

#[tokio::test]
async fn the_longest_message_is_read_to_its_end() {
    let world = World::new().await;
    let call = format!("{} ", world.sim.bot_mention());
    let end = " and the password is heliotrope.";
    let filling = LONGEST - call.len() - end.len();
    let long: String = "the tide comes and goes, "
        .chars()
        .cycle()
        .take(filling)
        .collect();
    let text = format!("{call}{long}{end}");
    assert_eq!(text.chars().count(), LONGEST);
    let answer = world.say_in(&world.ada, &world.channel, &text).await;
    assert!(!answer.messages.is_empty());
    let prompt = world.last_prompt();
    assert!(prompt.contains(&format!("{long}{end}")), "{prompt}");
}
