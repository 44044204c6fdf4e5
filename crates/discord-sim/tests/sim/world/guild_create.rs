//! What GUILD_CREATE brings, and what a bot must ask for.

use serde_json::{Value, json};
use twilight_model::guild::Permissions;

use crate::caller::Home;
use crate::raw_bot::{INTENTS, RawBot};

const MEMBERS: u64 = 1 << 1;
const PRESENCES: u64 = 1 << 8;

fn names(guild: &Value) -> Vec<&str> {
    let members = guild["members"].as_array().unwrap();
    members
        .iter()
        .filter_map(|member| member["user"]["username"].as_str())
        .collect()
}

#[tokio::test]
async fn without_the_presences_intent_only_the_bot_is_listed_and_all_are_counted() {
    let home = Home::new().await;
    let mut bot = RawBot::login_with(&home.sim, INTENTS | MEMBERS).await;
    let guild = bot.event("GUILD_CREATE").await;
    assert_eq!(names(&guild), ["Familiar"]);
    assert_eq!(
        (&guild["member_count"], &guild["large"]),
        (&json!(3), &json!(false))
    );
    for list in [
        "voice_states",
        "presences",
        "stage_instances",
        "guild_scheduled_events",
        "soundboard_sounds",
        "stickers",
    ] {
        assert_eq!(guild[list], json!([]), "{list}");
    }
}

#[tokio::test]
async fn a_large_server_lists_only_those_who_stand_out() {
    let home = Home::new().await;
    for number in 0..60 {
        home.guild.add_member(&format!("member {number}"));
    }
    home.guild.set_nick(&home.ada, Some("Captain"));
    let mut bot = RawBot::login_with(&home.sim, INTENTS | PRESENCES).await;
    let guild = bot.event("GUILD_CREATE").await;
    assert_eq!(
        (&guild["member_count"], &guild["large"]),
        (&json!(63), &json!(true))
    );
    let mut told = names(&guild);
    told.sort_unstable();
    assert_eq!(told, ["Familiar", "ada"]);
}

#[tokio::test]
async fn only_active_threads_that_the_bot_sees_are_listed_with_its_membership() {
    let home = Home::new().await;
    let open = home.general.start_thread(&home.ada, "open", None).unwrap();
    let shut = home.general.start_thread(&home.ada, "shut", None).unwrap();
    shut.archive(&home.ada, true).unwrap();
    let hidden = home.guild.add_channel("hidden");
    hidden.deny_bot(Permissions::VIEW_CHANNEL);
    hidden.start_thread(&home.ada, "unseen", None).unwrap();
    let messages = format!("/channels/{}/messages", open.id);
    home.call("POST", &messages, json!({"content": "here"}))
        .await
        .ok();
    let mut bot = RawBot::login(&home.sim).await;
    let guild = bot.event("GUILD_CREATE").await;
    let threads = guild["threads"].as_array().unwrap();
    assert_eq!(threads.len(), 1);
    assert_eq!(threads[0]["name"], "open");
    assert_eq!(
        threads[0]["member"]["user_id"],
        home.sim.bot_id().to_string()
    );
    // Channels are all listed, those that the bot may not enter too.
    assert_eq!(guild["channels"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn members_come_in_chunks_on_request_and_the_whole_list_only_with_the_intent() {
    let home = Home::new().await;
    {
        let mut world = home.sim.hub().world();
        for number in 0..1_200 {
            let user = world.add_user(&format!("member {number}")).id;
            world.add_member(home.guild.id, user, Vec::new());
        }
    }
    let all = json!({"op": 8, "d": {"guild_id": home.guild.id.to_string(), "query": "", "limit": 0, "nonce": "n"}});
    let mut bot = RawBot::login_with(&home.sim, INTENTS | MEMBERS).await;
    bot.event("GUILD_CREATE").await;
    bot.send(all.clone()).await;
    let first = bot.event("GUILD_MEMBERS_CHUNK").await;
    let second = bot.event("GUILD_MEMBERS_CHUNK").await;
    let count = |chunk: &Value| chunk["members"].as_array().unwrap().len();
    assert_eq!((count(&first), count(&second)), (1_000, 203));
    assert_eq!(
        (&second["chunk_index"], &second["chunk_count"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(second["nonce"], "n");
    let some = json!({"op": 8, "d": {"guild_id": home.guild.id.to_string(), "query": "member", "limit": 500}});
    bot.send(some.clone()).await;
    assert_eq!(count(&bot.event("GUILD_MEMBERS_CHUNK").await), 100);
    // Without the intent the first request stays unanswered.
    let mut plain = RawBot::login(&home.sim).await;
    plain.event("GUILD_CREATE").await;
    plain.send(all).await;
    plain.send(some).await;
    assert_eq!(count(&plain.event("GUILD_MEMBERS_CHUNK").await), 100);
}
