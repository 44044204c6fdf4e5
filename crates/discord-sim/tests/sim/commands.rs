//! Commands: what the client lets a person do, and what the bot hears of it.

use discord_sim::interactions::{Argument, Refusal};
use serde_json::{Value, json};
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::UserMarker;

use crate::scene::{persona, ping, scene};

#[tokio::test]
async fn a_command_reaches_the_bot_with_what_discord_tells_it() {
    let mut scene = scene(ping()).await;
    let (handle, got) = scene.ping().await;
    assert_eq!(got["type"], 2);
    assert_eq!(got["data"]["name"], "ping");
    assert_eq!(got["channel_id"], scene.general.id.to_string());
    assert_eq!(got["member"]["user"]["id"], scene.ada.id.to_string());
    assert_eq!(got["context"], 0);
    assert_eq!(got["locale"], "en-US");
    assert_eq!(got["version"], 1);
    let guild = got["guild_id"].as_str().unwrap();
    assert_eq!(got["authorizing_integration_owners"], json!({"0": guild}));
    let app: u64 = got["app_permissions"].as_str().unwrap().parse().unwrap();
    assert!(Permissions::from_bits_truncate(app).contains(Permissions::MANAGE_WEBHOOKS));
    let member: u64 = got["member"]["permissions"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!(!Permissions::from_bits_truncate(member).contains(Permissions::MANAGE_WEBHOOKS));
    let (status, _) = scene
        .bot
        .answer(&got, json!({"type": 4, "data": {"content": "pong"}}))
        .await;
    assert_eq!(status, 204);
    let reply = handle.response().await.unwrap();
    assert_eq!(reply.text(), "pong");
    assert_eq!(reply.author(), "Familiar");
    let told = scene.bot.event("MESSAGE_CREATE").await;
    assert_eq!(
        told["interaction_metadata"]["user"]["id"],
        scene.ada.id.to_string()
    );
}

#[tokio::test]
async fn options_of_every_type_arrive_under_their_subcommand() {
    let mut scene = scene(persona()).await;
    let arguments = vec![
        ("name".to_owned(), Argument::from("Mira")),
        ("scope".to_owned(), Argument::from("this channel")),
        ("count".to_owned(), Argument::from("3")),
        ("quiet".to_owned(), Argument::from(true)),
        ("who".to_owned(), Argument::User(scene.ada.id)),
    ];
    scene
        .ada
        .command_with(&scene.general, "/persona deep switch", &arguments)
        .unwrap();
    let got = scene.invoked().await;
    let group = &got["data"]["options"][0];
    assert_eq!(
        (&group["type"], &group["name"]),
        (&json!(2), &json!("deep"))
    );
    let sub = &group["options"][0];
    assert_eq!((&sub["type"], &sub["name"]), (&json!(1), &json!("switch")));
    let values: Vec<&Value> = sub["options"]
        .as_array()
        .unwrap()
        .iter()
        .map(|option| &option["value"])
        .collect();
    let who = json!(scene.ada.id);
    assert_eq!(
        values,
        [
            &json!("Mira"),
            &json!("channel"),
            &json!(3),
            &json!(true),
            &who
        ]
    );
    let resolved = &got["data"]["resolved"];
    let who = who.as_str().unwrap();
    assert_eq!(resolved["users"][who]["username"], "ada");
    assert!(resolved["members"][who]["permissions"].is_string());
}

#[tokio::test]
async fn the_client_refuses_what_the_command_does_not_allow() {
    let scene = scene(persona()).await;
    let try_with = |path: &str, options: &[(&str, &str)]| {
        scene
            .ada
            .command(&scene.general, path, options)
            .unwrap_err()
    };
    let at = "persona deep switch";
    assert_eq!(
        try_with("nothing", &[]),
        Refusal::UnknownCommand("nothing".into())
    );
    assert!(matches!(
        try_with("persona deep", &[]),
        Refusal::UnknownSubcommand(..)
    ));
    assert!(matches!(
        try_with("persona deep no", &[]),
        Refusal::UnknownSubcommand(..)
    ));
    assert_eq!(try_with(at, &[]), Refusal::MissingOption("name".into()));
    let name = ("name", "Mira");
    assert!(matches!(
        try_with(at, &[name, ("scope", "moon")]),
        Refusal::NotAChoice { .. }
    ));
    assert!(matches!(
        try_with(at, &[name, ("count", "many")]),
        Refusal::WrongType { .. }
    ));
    assert_eq!(
        try_with(at, &[name, ("count", "9")]),
        Refusal::OutOfRange("count".into())
    );
    assert_eq!(
        try_with(at, &[name, ("x", "y")]),
        Refusal::UnknownOption("x".into())
    );
}

#[tokio::test]
async fn who_may_use_a_command_and_where_is_the_commands_to_say() {
    let scene = scene(json!([
        {"name": "admin", "description": "For managers", "default_member_permissions": "32"},
        {"name": "adult", "description": "For adults", "nsfw": true},
        {"name": "here", "description": "Only in servers", "contexts": [0]},
        {"name": "anywhere", "description": "Installed by people", "integration_types": [0, 1], "contexts": [0, 1, 2]},
    ]))
    .await;
    let (ada, general) = (&scene.ada, &scene.general);
    let refused = |name: &str| ada.bare_command(general, name).unwrap_err();
    assert_eq!(refused("admin"), Refusal::NotAllowed("admin".into()));
    assert_eq!(refused("adult"), Refusal::AgeRestricted("adult".into()));
    let direct = ada.dm_channel().unwrap();
    assert_eq!(
        ada.bare_command(&direct, "here").unwrap_err(),
        Refusal::NotHere("here".into())
    );
    scene.owner.bare_command(general, "admin").unwrap();
    // Where the bot is not, only what a person has installed is offered.
    let away = scene.sim.add_guild_without_bot("away");
    let lobby = away.add_channel("lobby");
    away.join(ada, &[]);
    assert!(ada.bare_command(&lobby, "anywhere").is_err());
    ada.install();
    let names: Vec<_> = ada
        .commands(&lobby)
        .into_iter()
        .map(|command| command.name)
        .collect();
    assert_eq!(names, ["anywhere"]);
    ada.bare_command(&lobby, "anywhere").unwrap();
}

#[tokio::test]
async fn choices_are_offered_while_typing() {
    let mut scene = scene(persona()).await;
    let (ada, general) = (scene.ada.clone(), scene.general.clone());
    let typing = tokio::spawn(async move {
        ada.autocomplete(&general, "persona deep switch", "name", "Mi")
            .await
    });
    let got = scene.invoked().await;
    assert_eq!(got["type"], 4);
    let option = &got["data"]["options"][0]["options"][0]["options"][0];
    assert_eq!(
        (&option["focused"], &option["value"]),
        (&json!(true), &json!("Mi"))
    );
    let choices = json!({"type": 8, "data": {"choices": [{"name": "Mira", "value": "mira"}]}});
    assert_eq!(scene.bot.answer(&got, choices).await.0, 204);
    let choices = typing.await.unwrap().unwrap();
    assert_eq!(choices[0].name, "Mira");
}

#[tokio::test]
async fn context_menus_bring_their_target() {
    let mut scene = scene(json!([
        {"type": 3, "name": "Remember this"},
        {"type": 2, "name": "Who is this"},
    ]))
    .await;
    let (ada, general) = (scene.ada.clone(), scene.general.clone());
    let said = ada.say(&general, "my birthday is in May").unwrap();
    ada.message_menu(&general, "Remember this", said).unwrap();
    let got = scene.invoked().await;
    assert_eq!(got["data"]["target_id"], said.to_string());
    assert_eq!(
        got["data"]["resolved"]["messages"][said.to_string()]["content"],
        "my birthday is in May"
    );
    let bot: Id<UserMarker> = scene.sim.bot_id();
    // As in Discord's example: no options, no source message, and the target as its only resolved thing.
    let data = got["data"].as_object().unwrap();
    let mut keys: Vec<&str> = data.keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["id", "name", "resolved", "target_id", "type"]);
    assert_eq!((&got["type"], &data["type"]), (&json!(2), &json!(3)));
    assert_eq!(data["resolved"].as_object().unwrap().len(), 1);
    assert!(got["message"].is_null());
    let gone = ada.message_menu(&general, "Remember this", Id::new(1));
    assert_eq!(gone.unwrap_err(), Refusal::NoMessage);
    let as_typed = ada.bare_command(&general, "Remember this");
    assert!(matches!(as_typed, Err(Refusal::UnknownCommand(_))));
    let familiar = scene.sim.person(bot, "Familiar");
    ada.user_menu(&general, "Who is this", &familiar).unwrap();
    let got = scene.invoked().await;
    assert_eq!(
        got["data"]["resolved"]["users"][bot.to_string()]["bot"],
        true
    );
}

#[tokio::test]
async fn in_direct_messages_the_person_stands_alone() {
    let mut scene = scene(ping()).await;
    let direct = scene.ada.dm_channel().unwrap();
    scene.ada.bare_command(&direct, "ping").unwrap();
    let got = scene.invoked().await;
    assert_eq!(got["context"], 1);
    assert_eq!(got["user"]["id"], scene.ada.id.to_string());
    assert!(got["member"].is_null() && got["guild_id"].is_null());
    assert_eq!(got["authorizing_integration_owners"], json!({"0": "0"}));
}

#[tokio::test]
async fn without_a_session_the_application_does_not_respond() {
    let scene = scene(ping()).await;
    let mut news = scene.sim.observe();
    drop(scene.bot);
    while !matches!(
        news.recv().await.unwrap(),
        discord_sim::state::Observed::SessionLost
    ) {}
    assert_eq!(
        scene.ada.bare_command(&scene.general, "ping").unwrap_err(),
        Refusal::Offline
    );
}
