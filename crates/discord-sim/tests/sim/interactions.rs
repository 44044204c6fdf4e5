//! Interactions: a person's side over the Rust API, the bot's side over the sockets.

use std::time::Duration;

use discord_sim::actor::{Channel, InteractionHandle, Person};
use discord_sim::interactions::{Argument, Refusal};
use discord_sim::{Sim, SimConfig};
use serde_json::{Value, json};
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::UserMarker;

use crate::raw_bot::RawBot;

struct Scene {
    sim: Sim,
    bot: RawBot,
    general: Channel,
    ada: Person,
    owner: Person,
    webhook: String,
}

/// A bot with these global commands, in a server with one channel and one member.
async fn scene(commands: Value) -> Scene {
    let sim = Sim::start(SimConfig::default()).await.unwrap();
    let home = sim.add_guild("home");
    let general = home.add_channel("general");
    let ada = home.add_member("ada");
    let bot = RawBot::login(&sim).await;
    let application = sim.bot_id();
    let (status, body) = bot
        .call(
            "PUT",
            &format!("/applications/{application}/commands"),
            commands,
        )
        .await;
    assert_eq!(status, 200, "{body}");
    let webhook = format!("/webhooks/{application}");
    Scene {
        sim,
        bot,
        general,
        ada,
        owner: home.owner,
        webhook,
    }
}

fn ping() -> Value {
    json!([{"name": "ping", "description": "Answers"}])
}

fn persona() -> Value {
    json!([{
        "name": "persona", "description": "Personas", "options": [{
            "type": 2, "name": "deep", "description": "A group", "options": [{
                "type": 1, "name": "switch", "description": "Switch", "options": [
                    {"type": 3, "name": "name", "description": "Which", "required": true, "autocomplete": true},
                    {"type": 3, "name": "scope", "description": "Where", "choices": [
                        {"name": "for me", "value": "me"}, {"name": "this channel", "value": "channel"}]},
                    {"type": 4, "name": "count", "description": "How many", "min_value": 1, "max_value": 5},
                    {"type": 5, "name": "quiet", "description": "Quiet"},
                    {"type": 6, "name": "who", "description": "Whom"},
                ],
            }],
        }],
    }])
}

impl Scene {
    async fn invoked(&mut self) -> Value {
        self.bot.event("INTERACTION_CREATE").await
    }

    async fn ping(&mut self) -> (InteractionHandle, Value) {
        let handle = self.ada.bare_command(&self.general, "ping").unwrap();
        (handle, self.invoked().await)
    }
}

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
async fn a_deferred_answer_is_filled_in_by_an_edit() {
    let mut scene = scene(ping()).await;
    let (handle, got) = scene.ping().await;
    let (status, body) = scene
        .bot
        .answer(&got, json!({"type": 5, "data": {"flags": 64}}))
        .await;
    assert_eq!(status, 204, "{body}");
    let path = format!(
        "{}/{}/messages/@original",
        scene.webhook,
        got["token"].as_str().unwrap()
    );
    let (status, body) = scene
        .bot
        .call("PATCH", &path, json!({"content": "done"}))
        .await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["flags"], 64);
    let reply = handle.response().await.unwrap();
    assert_eq!(reply.text(), "done");
    assert!(reply.is_ephemeral());
    let (status, body) = scene.bot.call("GET", &path, Value::Null).await;
    assert_eq!((status, &body["content"]), (200, &json!("done")));
    // An ephemeral message is no message of the channel.
    let direct = format!(
        "/channels/{}/messages/{}",
        scene.general.id, reply.message.id
    );
    let (status, body) = scene.bot.call("GET", &direct, Value::Null).await;
    assert_eq!((status, &body["code"]), (404, &json!(10008)));
    let (status, _) = scene.bot.call("DELETE", &path, Value::Null).await;
    assert_eq!(status, 204);
    assert!(scene.sim.messages(&scene.general).is_empty());
}

#[tokio::test]
async fn a_follow_up_takes_the_place_of_thinking_and_the_next_is_a_message_of_its_own() {
    let mut scene = scene(ping()).await;
    let (handle, got) = scene.ping().await;
    scene.bot.answer(&got, json!({"type": 5})).await;
    let path = format!("{}/{}", scene.webhook, got["token"].as_str().unwrap());
    for text in ["one", "two"] {
        let (status, body) = scene
            .bot
            .call("POST", &path, json!({"content": text}))
            .await;
        assert_eq!(status, 200, "{body}");
    }
    let texts: Vec<_> = handle
        .messages(2)
        .await
        .unwrap()
        .iter()
        .map(|stored| stored.text().to_owned())
        .collect();
    assert_eq!(texts, ["one", "two"]);
    assert_eq!(scene.sim.messages(&scene.general).len(), 2);
}

#[tokio::test]
async fn the_first_answer_comes_within_three_seconds_once() {
    let mut scene = scene(ping()).await;
    let pong = json!({"type": 4, "data": {"content": "pong"}});
    let (_, got) = scene.ping().await;
    assert_eq!(scene.bot.answer(&got, pong.clone()).await.0, 204);
    let (status, body) = scene.bot.answer(&got, pong.clone()).await;
    assert_eq!((status, &body["code"]), (400, &json!(40060)));
    let (_, late) = scene.ping().await;
    scene.sim.advance(Duration::from_millis(3_001));
    let (status, body) = scene.bot.answer(&late, pong).await;
    assert_eq!((status, &body["code"]), (404, &json!(10062)));
}

#[tokio::test]
async fn after_fifteen_minutes_the_token_is_no_token() {
    let mut scene = scene(ping()).await;
    let (_, got) = scene.ping().await;
    scene
        .bot
        .answer(&got, json!({"type": 4, "data": {"content": "pong"}}))
        .await;
    let path = format!("{}/{}", scene.webhook, got["token"].as_str().unwrap());
    let more = json!({"content": "more"});
    scene.sim.advance(Duration::from_secs(14 * 60));
    assert_eq!(scene.bot.call("POST", &path, more.clone()).await.0, 200);
    scene.sim.advance(Duration::from_secs(61));
    let (status, body) = scene.bot.call("POST", &path, more).await;
    assert_eq!((status, &body["code"]), (401, &json!(50027)));
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_refused() {
    let mut scene = scene(ping()).await;
    let (_, got) = scene.ping().await;
    for (body, code) in [
        (json!({"type": 4, "data": {}}), 50006),
        (
            json!({"type": 4, "data": {"content": "x".repeat(2_001)}}),
            50035,
        ),
        (json!({"type": 7, "data": {"content": "x"}}), 50035),
        (json!({"type": 8, "data": {"choices": []}}), 50035),
        (json!({"type": 77}), 50035),
        (json!({"type": 9, "data": {"title": "t"}}), 50035),
    ] {
        let (status, answer) = scene.bot.answer(&got, body.clone()).await;
        assert_eq!((status, &answer["code"]), (400, &json!(code)), "{body}");
    }
    assert_eq!(
        scene
            .bot
            .answer(&got, json!({"type": 4, "data": {"content": "x"}}))
            .await
            .0,
        204
    );
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
async fn a_button_updates_its_message_and_a_menu_sends_its_values() {
    let mut scene = scene(ping()).await;
    let (_, got) = scene.ping().await;
    let rows = json!([
        {"type": 1, "components": [
            {"type": 2, "style": 1, "label": "More", "custom_id": "more"},
            {"type": 2, "style": 1, "label": "Off", "custom_id": "off", "disabled": true}]},
        {"type": 1, "components": [{"type": 3, "custom_id": "pick", "options": [
            {"label": "A", "value": "a"}, {"label": "B", "value": "b"}]}]},
    ]);
    let body = json!({"type": 4, "data": {"content": "choose", "components": rows}});
    assert_eq!(scene.bot.answer(&got, body).await.0, 204);
    let message = scene.sim.messages(&scene.general)[0].message.id;
    let (ada, general) = (scene.ada.clone(), scene.general.clone());
    assert_eq!(
        ada.click(&general, message, "off").unwrap_err(),
        Refusal::Disabled("off".into())
    );
    assert!(matches!(
        ada.select(&general, message, "pick", &["c"]).unwrap_err(),
        Refusal::NotAChoice { .. }
    ));
    let handle = ada.click(&general, message, "more").unwrap();
    let got = scene.invoked().await;
    assert_eq!(got["type"], 3);
    assert_eq!(
        got["data"],
        json!({"custom_id": "more", "component_type": 2, "values": []})
    );
    assert_eq!(got["message"]["content"], "choose");
    let body = json!({"type": 7, "data": {"content": "chosen", "components": []}});
    assert_eq!(scene.bot.answer(&got, body).await.0, 204);
    let changed = handle.response().await.unwrap();
    assert_eq!((changed.message.id, changed.text()), (message, "chosen"));
    assert_eq!(changed.revisions.len(), 2);
    assert_eq!(
        ada.click(&general, message, "more").unwrap_err(),
        Refusal::NoComponent("more".into())
    );
}

#[tokio::test]
async fn a_form_is_opened_filled_in_and_sent() {
    let mut scene = scene(ping()).await;
    let (handle, got) = scene.ping().await;
    let form = json!({"type": 9, "data": {"custom_id": "reply", "title": "Reply", "components": [
        {"type": 1, "components": [{"type": 4, "custom_id": "text", "label": "Text", "style": 2, "max_length": 10}]},
    ]}});
    assert_eq!(scene.bot.answer(&got, form).await.0, 204);
    assert_eq!(handle.form().await.unwrap().title, "Reply");
    assert!(handle.submit_form(&[("text", "")]).await.is_err());
    assert!(
        handle
            .submit_form(&[("text", "far too long")])
            .await
            .is_err()
    );
    let sent = handle.submit_form(&[("text", "hello")]).await.unwrap();
    let got = scene.invoked().await;
    assert_eq!(got["type"], 5);
    assert_eq!(got["data"]["custom_id"], "reply");
    assert_eq!(
        got["data"]["components"][0]["components"][0]["value"],
        "hello"
    );
    scene
        .bot
        .answer(&got, json!({"type": 4, "data": {"content": "thanks"}}))
        .await;
    assert_eq!(sent.response().await.unwrap().text(), "thanks");
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

#[tokio::test]
async fn the_callback_tells_its_message_if_asked() {
    let mut scene = scene(ping()).await;
    let (_, got) = scene.ping().await;
    let path = format!(
        "/interactions/{}/{}/callback?with_response=true",
        got["id"].as_str().unwrap(),
        got["token"].as_str().unwrap()
    );
    let body = json!({"type": 4, "data": {"content": "pong"}});
    let (status, body) = scene.bot.call("POST", &path, body).await;
    assert_eq!(status, 200);
    assert_eq!(body["resource"]["message"]["content"], "pong");
    assert_eq!(body["interaction"]["response_message_loading"], false);
}
