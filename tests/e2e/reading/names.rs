//! One name for one person, and the bot's own role.

use chrono::TimeDelta;
use serde_json::json;

use twilight_model::guild::Permissions;

use super::{garnish, merge};
use crate::world::{SOON, World};

#[tokio::test]
async fn a_person_has_one_name_live_and_in_what_was_missed() {
    let mut world = World::new().await;
    world.guild.set_nick(&world.ada, Some("Captain Ada"));
    world.ask("hello").await;
    assert!(
        world.last_prompt().contains("Captain Ada: hello"),
        "{}",
        world.last_prompt()
    );
    world.stop().await;
    let text = format!(
        "{} are you back? {} wonders",
        world.sim.bot_mention(),
        world.ada.mention()
    );
    world.ada.say(&world.channel, &text).unwrap();
    world.later(TimeDelta::seconds(30));
    world.start().await;
    let missed = "Captain Ada: are you back? @Captain Ada wonders";
    wait_for_prompt(&world, missed).await;
    let asked = world.sim.requests_like("GET /guilds/*/members/*");
    assert_eq!(asked.len(), 1, "once for one person");
}

async fn wait_for_prompt(world: &World, part: &str) {
    let seen = tokio::time::timeout(SOON, async {
        while !world.prompts().iter().any(|prompt| prompt.contains(part)) {
            tokio::task::yield_now().await;
        }
    });
    assert!(seen.await.is_ok(), "{:?}", world.prompts());
}

#[tokio::test]
async fn the_role_that_discord_made_for_the_bot_calls_it() {
    let world = World::new().await;
    let me = world.sim.bot_id().to_string();
    world.sim.alter_events(move |name, told| {
        if name == "GUILD_ROLE_CREATE" {
            merge(
                told,
                &json!({"role": {"managed": true, "tags": {"bot_id": me}}}),
            );
        }
        true
    });
    let role = world.guild.add_role("Familiar", Permissions::empty());
    garnish(&world, json!({"mention_roles": [role.to_string()]}));
    let text = format!("<@&{role}> hello, are you there?");
    let answer = world.say_in(&world.ada, &world.channel, &text).await;
    assert_eq!(answer.author(), "Orla");
    assert!(
        world.last_prompt().contains("ada: hello, are you there?"),
        "{}",
        world.last_prompt()
    );
}
