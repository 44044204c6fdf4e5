//! Nicknames, roles, time-outs, departures, and the role that comes with the bot.

use std::time::Duration;

use discord_sim::interactions::Refusal;
use serde_json::{Value, json};
use twilight_model::guild::Permissions;
use twilight_model::id::Id;

use crate::caller::Home;
use crate::raw_bot::{INTENTS, RawBot};

const MEMBERS: u64 = 1 << 1;
const HOUR: Duration = Duration::from_secs(3_600);

#[tokio::test]
async fn a_timed_out_person_sees_and_reads_and_does_no_more_until_it_is_over() {
    let home = Home::new().await;
    let mut bot = RawBot::login_with(&home.sim, INTENTS | MEMBERS).await;
    let id = home.ada.say(&home.general, "before").unwrap();
    home.guild.time_out(&home.ada, Some(HOUR)).unwrap();
    let told = bot.event("GUILD_MEMBER_UPDATE").await;
    assert_eq!(told["user"]["id"], home.ada.id.to_string());
    assert!(told["communication_disabled_until"].is_string());
    assert_eq!(
        home.ada.say(&home.general, "now").unwrap_err(),
        Refusal::CannotWrite
    );
    assert!(home.ada.react(&home.general, id, "👍").is_err());
    let left = home
        .sim
        .hub()
        .world()
        .permissions(home.ada.id, home.general.id);
    assert_eq!(
        left,
        Permissions::VIEW_CHANNEL | Permissions::READ_MESSAGE_HISTORY
    );
    // It ends by itself, or by a moderator.
    home.sim.advance(HOUR * 2);
    home.ada.say(&home.general, "after").unwrap();
    home.guild.time_out(&home.ada, Some(HOUR)).unwrap();
    home.guild.time_out(&home.ada, None).unwrap();
    home.ada.say(&home.general, "again").unwrap();
}

#[tokio::test]
async fn owners_and_administrators_cannot_be_timed_out_and_nobody_for_longer_than_28_days() {
    let home = Home::new().await;
    let admins = home.guild.add_role("admins", Permissions::ADMINISTRATOR);
    let admin = home.guild.add_member_with("eve", &[admins]);
    assert!(home.guild.time_out(&home.guild.owner, Some(HOUR)).is_err());
    assert!(home.guild.time_out(&admin, Some(HOUR)).is_err());
    assert!(
        home.guild
            .time_out(&home.ada, Some(HOUR * 24 * 29))
            .is_err()
    );
    // Who becomes one afterwards is exempt from then on.
    home.guild.time_out(&home.ada, Some(HOUR)).unwrap();
    home.guild.give_role(&home.ada, admins);
    home.ada.say(&home.general, "free").unwrap();
    home.guild.take_role(&home.ada, admins);
    assert!(home.ada.say(&home.general, "not free").is_err());
}

#[tokio::test]
async fn the_bot_hears_of_its_own_time_out_without_the_members_intent_and_may_not_write() {
    let home = Home::new().await;
    let mut bot = RawBot::login(&home.sim).await;
    // Of others it hears nothing.
    home.guild.set_nick(&home.ada, Some("Captain"));
    home.guild.time_out(home.sim.bot_id(), Some(HOUR)).unwrap();
    let told = bot.event("GUILD_MEMBER_UPDATE").await;
    assert_eq!(told["user"]["id"], home.sim.bot_id().to_string());
    let refused = home.post(json!({"content": "hi"})).await;
    assert_eq!(refused.refusal(), (403, 50013));
    let hook = home
        .call(
            "POST",
            &home.in_general("/webhooks"),
            json!({"name": "Fox"}),
        )
        .await;
    assert_eq!(hook.refusal(), (403, 50013));
    home.get(&home.in_general("/messages")).await.ok();
}

#[tokio::test]
async fn a_nickname_stands_in_events_and_not_in_what_is_fetched() {
    let home = Home::new().await;
    let mut bot = RawBot::login_with(&home.sim, INTENTS | MEMBERS).await;
    home.guild.set_nick(&home.ada, Some("Captain"));
    assert_eq!(bot.event("GUILD_MEMBER_UPDATE").await["nick"], "Captain");
    let text = format!("ask {}", home.ada.mention());
    home.ada.say(&home.general, &text).unwrap();
    let told = bot.event("MESSAGE_CREATE").await;
    assert_eq!(told["member"]["nick"], "Captain");
    assert_eq!(told["mentions"][0]["member"]["nick"], "Captain");
    assert!(told["mentions"][0]["member"].get("user").is_none());
    let listed = home.get(&home.in_general("/messages")).await.ok();
    assert_eq!(listed[0]["author"]["username"], "ada");
    assert!(listed[0].get("member").is_none());
    assert!(listed[0].get("guild_id").is_none());
    assert!(listed[0]["mentions"][0].get("member").is_none());
}

#[tokio::test]
async fn who_leaves_is_told_and_is_a_stranger_from_then_on() {
    let home = Home::new().await;
    let mut bot = RawBot::login_with(&home.sim, INTENTS | MEMBERS).await;
    home.guild.leave(&home.ada);
    let told = bot.event("GUILD_MEMBER_REMOVE").await;
    assert_eq!(told["user"]["id"], home.ada.id.to_string());
    assert_eq!(told["guild_id"], home.guild.id.to_string());
    assert!(home.ada.say(&home.general, "hello").is_err());
    let path = format!("/guilds/{}/members/{}", home.guild.id, home.ada.id);
    assert_eq!(home.get(&path).await.refusal(), (404, 10007));
}

#[tokio::test]
async fn the_bot_comes_with_a_role_of_its_own_that_can_be_mentioned_and_leaves_with_it() {
    let home = Home::new().await;
    let mut bot = RawBot::login(&home.sim).await;
    let created = bot.event("GUILD_CREATE").await;
    let roles = created["roles"].as_array().unwrap();
    let role = roles.iter().find(|role| role["managed"] == true).unwrap();
    assert_eq!(role["name"], "Familiar");
    assert_eq!(
        role["tags"],
        json!({"bot_id": home.sim.bot_id().to_string()})
    );
    assert_eq!(created["members"][0]["roles"][0], role["id"]);
    let id: Id<_> = home.guild.bot_role().unwrap();
    assert_eq!(role["id"], id.to_string());
    home.ada
        .say(&home.general, &format!("<@&{id}> are you there?"))
        .unwrap();
    let told = bot.event("MESSAGE_CREATE").await;
    assert_eq!(told["mention_roles"], json!([id.to_string()]));
    assert_eq!(told["mentions"], json!([]));
    home.guild.remove_bot();
    let gone = bot.event("GUILD_DELETE").await;
    assert_eq!(gone, json!({"id": home.guild.id.to_string()}));
    assert!(home.guild.bot_role().is_none());
    let path = format!("/guilds/{}/roles", home.guild.id);
    assert_eq!(
        home.call("GET", &path, Value::Null).await.refusal(),
        (404, 10004)
    );
}
