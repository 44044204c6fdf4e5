//! The application over REST: itself, its emojis, its commands, and the way to the gateway.

use discord_sim::SimConfig;
use discord_sim::config::Privileged;
use serde_json::{Value, json};

use crate::caller::{Home, id};

const PIXEL: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

fn app(home: &Home, rest: &str) -> String {
    format!("/applications/{}{rest}", home.sim.bot_id())
}

#[tokio::test]
async fn the_application_tells_its_flags_and_where_the_gateway_is() {
    let home = Home::with(SimConfig {
        privileged: Privileged {
            message_content: true,
            members: false,
            presences: false,
        },
        ..SimConfig::default()
    })
    .await;
    for path in ["/applications/@me", "/oauth2/applications/@me"] {
        let application = home.get(path).await.ok();
        assert_eq!(application["id"], home.sim.bot_id().to_string());
        assert_eq!(application["flags"], 1 << 19);
        assert!(application["owner"]["id"].is_string());
    }
    let open = home.send(home.http.get(home.url("/gateway"))).await.ok();
    let bot = home.get("/gateway/bot").await.ok();
    assert_eq!(open["url"], home.sim.gateway_url());
    assert_eq!(bot["url"], open["url"]);
    assert_eq!(bot["session_start_limit"]["max_concurrency"], 1);
}

#[tokio::test]
async fn emojis_are_the_applications_own() {
    let home = Home::new().await;
    let path = app(&home, "/emojis");
    let answer = home
        .call("POST", &path, json!({"name": "vesper", "image": PIXEL}))
        .await;
    assert_eq!(answer.status, 201);
    let emoji = answer.ok();
    let served = format!("{}/emojis/{}.png", home.sim.base_url(), id(&emoji));
    let served = home.http.get(served).send().await.unwrap();
    assert_eq!(served.headers()["content-type"], "image/png");
    assert_eq!(home.get(&path).await.ok()["items"][0]["name"], "vesper");
    let one = format!("{path}/{}", id(&emoji));
    let renamed = home.call("PATCH", &one, json!({"name": "zhou"})).await.ok();
    assert_eq!(renamed["name"], "zhou");
    let twice = home
        .call("POST", &path, json!({"name": "zhou", "image": PIXEL}))
        .await;
    assert_eq!(twice.field("/name"), "APPLICATION_EMOJI_NAME_ALREADY_TAKEN");
    assert_eq!(home.call("DELETE", &one, Value::Null).await.status, 204);
    assert_eq!(home.get(&one).await.refusal(), (404, 10014));
}

#[tokio::test]
async fn an_emoji_that_is_too_large_or_badly_named_is_refused() {
    let home = Home::new().await;
    let path = app(&home, "/emojis");
    let large = format!("data:image/png;base64,{}", "AAAA".repeat(90_000));
    let cases = [
        (
            json!({"name": "big", "image": large}),
            "/image",
            "BINARY_TYPE_MAX_SIZE",
        ),
        (
            json!({"name": "raw", "image": "AAAA"}),
            "/image",
            "BASE_TYPE_IMAGE_INVALID",
        ),
        (
            json!({"name": "x", "image": PIXEL}),
            "/name",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            json!({"name": "a-b", "image": PIXEL}),
            "/name",
            "STRING_TYPE_REGEX",
        ),
    ];
    for (body, field, code) in cases {
        assert_eq!(home.call("POST", &path, body).await.field(field), code);
    }
    let foreign = home.get("/applications/1/emojis").await;
    assert_eq!(foreign.refusal(), (403, 20012));
}

#[tokio::test]
async fn registering_again_keeps_the_ids_of_what_stayed() {
    let home = Home::new().await;
    let path = app(&home, "/commands");
    let help =
        json!({"name": "help", "description": "Helps", "name_localizations": {"de": "hilfe"}});
    let chat = json!({"name": "chat", "description": "Talks"});
    let first = home.call("PUT", &path, json!([help, chat])).await.ok();
    assert_eq!(first[0]["type"], 1);
    let second = home.call("PUT", &path, json!([help])).await.ok();
    assert_eq!(first[0]["id"], second[0]["id"]);
    let list = home.get(&path).await.ok();
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert!(list[0].get("name_localizations").is_none());
    let full = home
        .get(&format!("{path}?with_localizations=true"))
        .await
        .ok();
    assert_eq!(full[0]["name_localizations"]["de"], "hilfe");
    assert_eq!(home.call("POST", &path, chat.clone()).await.status, 201);
    assert_eq!(home.call("POST", &path, chat).await.status, 200);
    let one = format!("{path}/{}", id(&second[0]));
    let changed = home
        .call("PATCH", &one, json!({"description": "More"}))
        .await
        .ok();
    assert_eq!(changed["description"], "More");
    assert_eq!(home.call("DELETE", &one, Value::Null).await.status, 204);
    assert_eq!(home.get(&one).await.refusal(), (404, 10063));
}

#[tokio::test]
async fn a_servers_commands_are_its_own() {
    let home = Home::new().await;
    let path = app(&home, &format!("/guilds/{}/commands", home.guild.id));
    let made = home
        .call(
            "PUT",
            &path,
            json!([{"name": "here", "description": "Here"}]),
        )
        .await
        .ok();
    assert_eq!(made[0]["guild_id"], home.guild.id.to_string());
    assert_eq!(home.get(&app(&home, "/commands")).await.ok(), json!([]));
    let away = home.sim.add_guild_without_bot("away");
    let path = app(&home, &format!("/guilds/{}/commands", away.id));
    assert_eq!(home.get(&path).await.refusal(), (403, 50001));
}

#[tokio::test]
async fn a_command_that_discord_would_not_take_is_refused_at_its_field() {
    let home = Home::new().await;
    let path = app(&home, "/commands");
    let option = |kind: u8, more: Value| {
        let mut option = json!({"type": kind, "name": "o", "description": "d"});
        option
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        json!({"name": "c", "description": "d", "options": [option]})
    };
    let cases = [
        (json!({"name": "Help", "description": "d"}), "/name"),
        (json!({"name": "two words", "description": "d"}), "/name"),
        (json!({"name": "c", "description": ""}), "/description"),
        (json!({"name": "c"}), "/description"),
        (json!({"description": "d"}), "/name"),
        (
            json!({"name": "c", "type": 2, "description": "d"}),
            "/description",
        ),
        (json!({"name": "c", "type": 9, "description": "d"}), "/type"),
        (
            option(
                3,
                json!({"autocomplete": true, "choices": [{"name": "a", "value": "a"}]}),
            ),
            "/options/0/autocomplete",
        ),
        (
            option(3, json!({"choices": [{"name": "a", "value": 1}]})),
            "/options/0/choices/0/value",
        ),
        (option(3, json!({"min_value": 1})), "/options/0/type"),
        (
            option(
                1,
                json!({"options": [{"type": 1, "name": "p", "description": "d"}]}),
            ),
            "/options/0/options/0/type",
        ),
        (
            json!({"name": "c", "description": "d", "options": [
                {"type": 3, "name": "a", "description": "d"},
                {"type": 3, "name": "b", "description": "d", "required": true},
            ]}),
            "/options/1",
        ),
    ];
    for (body, field) in cases {
        let answer = home.call("POST", &path, body.clone()).await;
        assert_eq!(answer.refusal(), (400, 50035), "{body}");
        assert_ne!(
            answer.field(field),
            "no such field",
            "{body} {}",
            answer.body
        );
    }
    let second = json!([{"name": "a", "description": "d"}, {"name": "B", "description": "d"}]);
    let answer = home.call("PUT", &path, second).await;
    assert_ne!(answer.field("/1/name"), "no such field", "{}", answer.body);
    let same = json!([{"name": "a", "description": "d"}, {"name": "a", "description": "d"}]);
    let answer = home.call("PUT", &path, same).await;
    assert_eq!(answer.field("/1"), "APPLICATION_COMMANDS_DUPLICATE_NAME");
    assert!(home.sim.commands().is_empty());
    let deep = json!([{"name": "a", "description": "d", "options": [
        {"type": 2, "name": "group", "description": "d", "options": [
            {"type": 1, "name": "sub", "description": "d", "options": [
                {"type": 3, "name": "text", "description": "d", "autocomplete": true},
            ]},
        ]},
    ]}]);
    home.call("PUT", &path, deep).await.ok();
}
