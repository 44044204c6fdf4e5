//! The frame of REST: the token, the error shape, the record.

use discord_sim::{Sim, SimConfig};
use serde_json::{Value, json};
use twilight_model::channel::ChannelType;
use twilight_model::guild::Permissions;

#[tokio::test]
async fn a_wrong_token_is_refused_and_the_right_one_meets_itself() {
    let sim = Sim::start(SimConfig::default()).await.unwrap();
    let url = format!("{}/api/v10/users/@me", sim.base_url());
    let client = reqwest::Client::new();
    let refused = client.get(&url).header("Authorization", "Bot no").send();
    let refused = refused.await.unwrap();
    assert_eq!(refused.status(), 401);
    assert_eq!(refused.json::<Value>().await.unwrap()["code"], 0);
    let me = client
        .get(&url)
        .header("Authorization", format!("Bot {}", sim.token()));
    let me: Value = me.send().await.unwrap().json().await.unwrap();
    assert_eq!(me["username"], "Familiar");
    assert_eq!(me["bot"], true);
}

#[tokio::test]
async fn a_request_is_recorded_with_its_body_and_status() {
    let sim = Sim::start(SimConfig::default()).await.unwrap();
    let channel = {
        let mut world = sim.hub().world();
        let owner = world.add_user("ada").id;
        let guild = world.add_guild("home", owner);
        world.invite_bot(guild, Permissions::empty());
        world.add_channel(guild, ChannelType::GuildText, |channel| {
            channel.name = Some("general".to_owned());
        })
    };
    let answer = reqwest::Client::new()
        .post(format!(
            "{}/api/v10/channels/{}/messages",
            sim.base_url(),
            channel.id
        ))
        .header("Authorization", format!("Bot {}", sim.token()))
        .json(&json!({"content": "hello"}))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    let recorded = sim.hub().recorder.all();
    assert_eq!(recorded.len(), 1);
    assert_eq!(recorded[0].body, json!({"content": "hello"}));
    assert_eq!(recorded[0].status, 200);
    assert!(recorded[0].path.starts_with("/api/v10/channels/"));
}
