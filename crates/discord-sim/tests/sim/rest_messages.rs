//! Messages over REST.

use discord_sim::SimConfig;
use discord_sim::config::Privileged;
use serde_json::{Value, json};
use twilight_model::guild::Permissions;

use crate::caller::{Home, id};
use crate::raw_bot::RawBot;

#[tokio::test]
async fn a_message_is_told_to_the_channel_and_its_content_type_is_json() {
    let home = Home::new().await;
    let mut bot = RawBot::login(&home.sim).await;
    let answer = home.post(json!({"content": "hello", "nonce": "n1"})).await;
    assert_eq!(answer.header("content-type"), "application/json");
    let message = answer.ok();
    assert_eq!(message["author"]["id"], home.sim.bot_id().to_string());
    let event = bot.event("MESSAGE_CREATE").await;
    assert_eq!(event["id"], message["id"]);
    assert_eq!(event["nonce"], "n1");
}

#[tokio::test]
async fn what_a_message_must_not_be_is_refused_with_its_field() {
    let home = Home::new().await;
    assert_eq!(home.post(json!({})).await.refusal(), (400, 50006));
    assert_eq!(
        home.post(json!({"content": " \n "})).await.refusal(),
        (400, 50006)
    );
    let field = json!({"name": "n", "value": "v"});
    let cases = [
        (
            json!({"content": "é".repeat(2_001)}),
            "/content",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (json!({"content": 7}), "/_root", "BASE_TYPE_INVALID"),
        (
            json!({"content": "x", "nonce": "n".repeat(26)}),
            "/nonce",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            json!({"embeds": [{"title": "t".repeat(257)}]}),
            "/embeds/0/title",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            json!({"embeds": [{"fields": [{"name": "", "value": "v"}]}]}),
            "/embeds/0/fields/0/name",
            "BASE_TYPE_REQUIRED",
        ),
        (
            json!({"embeds": [{"fields": vec![field; 26]}]}),
            "/embeds/0/fields",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            json!({"embeds": [{"description": "d".repeat(4_000)}, {"description": "d".repeat(2_001)}]}),
            "/embeds",
            "MAX_EMBED_SIZE_EXCEEDED",
        ),
        (
            json!({"embeds": vec![json!({"title": "t"}); 11]}),
            "/embeds",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            json!({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}),
            "/allowed_mentions",
            "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        ),
        (
            json!({"content": "x", "allowed_mentions": {"parse": ["all"]}}),
            "/allowed_mentions/parse/0",
            "BASE_TYPE_CHOICES",
        ),
        (
            json!({"content": "x", "message_reference": {"message_id": "1"}}),
            "/message_reference",
            "REPLIES_UNKNOWN_MESSAGE",
        ),
        (
            json!({"content": "x", "components": vec![json!({"type": 1, "components": [{"type": 2, "style": 1, "custom_id": "a", "label": "a"}]}); 2]}),
            "/components/1/components/0/custom_id",
            "COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
    ];
    for (body, path, code) in cases {
        let answer = home.post(body.clone()).await;
        assert_eq!(answer.refusal(), (400, 50035), "{body} {}", answer.body);
        assert_eq!(answer.field(path), code, "{}", answer.body);
        assert_eq!(answer.body["message"], "Invalid Form Body");
    }
    assert_eq!(
        home.post(json!({"content": "é".repeat(2_000)}))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_body_that_is_no_json_and_paths_that_lead_nowhere_have_their_own_errors() {
    let home = Home::new().await;
    let broken = home
        .request("POST", &home.in_general("/messages"))
        .header("Content-Type", "application/json")
        .body("{");
    assert_eq!(home.send(broken).await.refusal(), (400, 50109));
    let plain = home
        .request("POST", &home.in_general("/messages"))
        .body("x");
    assert_eq!(home.send(plain).await.refusal(), (400, 50035));
    assert_eq!(home.get("/nothing/here").await.refusal(), (404, 0));
    assert_eq!(
        home.call("PUT", "/users/@me", Value::Null).await.refusal(),
        (405, 0)
    );
    let no_id = home.get("/channels/abc").await;
    assert_eq!(no_id.field("/channel_id"), "NUMBER_TYPE_COERCE");
    assert_eq!(home.get("/channels/1").await.refusal(), (404, 10003));
    assert_eq!(
        home.get(&home.in_general("/messages/1")).await.refusal(),
        (404, 10008)
    );
}

#[tokio::test]
async fn permissions_decide_between_missing_access_and_missing_permissions() {
    let home = Home::new().await;
    home.general.deny_bot(Permissions::SEND_MESSAGES);
    assert_eq!(
        home.post(json!({"content": "x"})).await.refusal(),
        (403, 50013)
    );
    let hidden = home.guild.add_channel("hidden");
    hidden.deny_bot(Permissions::VIEW_CHANNEL);
    let path = format!("/channels/{}/messages", hidden.id);
    let answer = home.call("POST", &path, json!({"content": "x"})).await;
    assert_eq!(answer.refusal(), (403, 50001));
    let no_files = home.guild.add_channel("no files");
    no_files.deny_bot(Permissions::EMBED_LINKS);
    let path = format!("/channels/{}/messages", no_files.id);
    let answer = home
        .call("POST", &path, json!({"embeds": [{"title": "t"}]}))
        .await;
    assert_eq!(answer.refusal(), (403, 50013));
    assert_eq!(home.sim.invalid_requests(), 3);
}

#[tokio::test]
async fn a_reply_carries_what_it_replies_to_and_null_once_that_is_gone() {
    let home = Home::new().await;
    let question = home.ada.say(&home.general, "why?").unwrap();
    let body = json!({"content": "because", "message_reference": {"message_id": question}});
    let reply = home.post(body).await.ok();
    assert_eq!(reply["type"], 19);
    assert_eq!(reply["referenced_message"]["content"], "why?");
    assert_eq!(reply["mentions"][0]["id"], home.ada.id.to_string());
    home.ada.delete(&home.general, question).unwrap();
    let body = json!({"content": "late", "message_reference": {"message_id": question, "fail_if_not_exists": false}});
    let plain = home.post(body).await.ok();
    assert_eq!(plain["type"], 0);
    home.general.deny_bot(Permissions::READ_MESSAGE_HISTORY);
    let body = json!({"content": "x", "message_reference": {"message_id": id(&plain)}});
    assert_eq!(home.post(body).await.refusal(), (403, 160_002));
}

#[tokio::test]
async fn allowed_mentions_decide_who_is_pinged() {
    let home = Home::new().await;
    home.guild
        .set_bot_permissions(Permissions::MENTION_EVERYONE);
    let text = format!("{} @everyone", home.ada.mention());
    let pinged = |message: &Value| {
        let people = message["mentions"].as_array().unwrap().len();
        (people, message["mention_everyone"].as_bool().unwrap())
    };
    let cases = [
        (Value::Null, (1, true)),
        (json!({"parse": []}), (0, false)),
        (json!({"parse": ["users"]}), (1, false)),
        (json!({"users": [home.ada.id]}), (1, false)),
        (json!({"parse": ["everyone"]}), (0, true)),
    ];
    for (allowed, expected) in cases {
        let body = json!({"content": text, "allowed_mentions": allowed});
        assert_eq!(
            pinged(&home.post(body.clone()).await.ok()),
            expected,
            "{body}"
        );
    }
    let question = home.ada.say(&home.general, "?").unwrap();
    let silent = json!({
        "content": "!",
        "message_reference": {"message_id": question},
        "allowed_mentions": {"parse": [], "replied_user": false},
    });
    assert_eq!(pinged(&home.post(silent).await.ok()), (0, false));
}

#[tokio::test]
async fn an_enforced_nonce_returns_the_first_message_for_some_minutes() {
    let home = Home::new().await;
    let body = json!({"content": "once", "nonce": "same", "enforce_nonce": true});
    let first = home.post(body.clone()).await.ok();
    let second = home.post(body.clone()).await.ok();
    assert_eq!(first["id"], second["id"]);
    assert_eq!(home.general.messages().len(), 1);
    let free = home
        .post(json!({"content": "twice", "nonce": "same"}))
        .await
        .ok();
    assert_ne!(first["id"], free["id"]);
    home.sim.advance(std::time::Duration::from_secs(600));
    let later = home.post(body).await.ok();
    assert_ne!(first["id"], later["id"]);
}

#[tokio::test]
async fn a_message_is_edited_by_its_author_alone() {
    let home = Home::new().await;
    let mut bot = RawBot::login(&home.sim).await;
    let mine = home.text("first").await;
    let path = home.in_general(&format!("/messages/{mine}"));
    let edited = home
        .call("PATCH", &path, json!({"content": "second", "flags": 4}))
        .await
        .ok();
    assert_eq!(edited["content"], "second");
    assert_eq!(edited["flags"], 4);
    assert!(edited["edited_timestamp"].is_string());
    assert_eq!(bot.event("MESSAGE_UPDATE").await["content"], "second");
    assert_eq!(
        home.call("PATCH", &path, json!({"content": ""}))
            .await
            .refusal(),
        (400, 50006)
    );
    let hers = home.ada.say(&home.general, "mine").unwrap();
    let path = home.in_general(&format!("/messages/{hers}"));
    let answer = home.call("PATCH", &path, json!({"content": "yours"})).await;
    assert_eq!(answer.refusal(), (403, 50005));
    assert_eq!(
        home.call("DELETE", &path, Value::Null).await.refusal(),
        (403, 50013)
    );
}

#[tokio::test]
async fn messages_are_deleted_alone_and_together() {
    let home = Home::new().await;
    home.guild.set_bot_permissions(Permissions::MANAGE_MESSAGES);
    let mut bot = RawBot::login(&home.sim).await;
    let (first, second, third) = (
        home.text("1").await,
        home.text("2").await,
        home.text("3").await,
    );
    let path = home.in_general(&format!("/messages/{first}"));
    assert_eq!(home.call("DELETE", &path, Value::Null).await.status, 204);
    assert_eq!(bot.event("MESSAGE_DELETE").await["id"], first);
    assert_eq!(
        home.call("DELETE", &path, Value::Null).await.refusal(),
        (404, 10008)
    );
    let bulk = home.in_general("/messages/bulk-delete");
    let one = home
        .call("POST", &bulk, json!({"messages": [second]}))
        .await;
    assert_eq!(one.refusal(), (400, 50016));
    let both = home
        .call("POST", &bulk, json!({"messages": [second, third]}))
        .await;
    assert_eq!(both.status, 204);
    let event = bot.event("MESSAGE_DELETE_BULK").await;
    assert_eq!(event["ids"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn history_is_paged_newest_first() {
    let home = Home::new().await;
    let mut ids = Vec::new();
    for number in 0..6 {
        ids.push(home.text(&number.to_string()).await);
    }
    let page = async |query: &str| -> Vec<String> {
        let list = home
            .get(&home.in_general(&format!("/messages{query}")))
            .await
            .ok();
        let texts = list.as_array().unwrap().iter();
        texts
            .map(|it| it["content"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(page("").await, ["5", "4", "3", "2", "1", "0"]);
    assert_eq!(page("?limit=2").await, ["5", "4"]);
    assert_eq!(
        page(&format!("?limit=2&before={}", ids[3])).await,
        ["2", "1"]
    );
    assert_eq!(
        page(&format!("?limit=2&after={}", ids[1])).await,
        ["3", "2"]
    );
    assert_eq!(
        page(&format!("?limit=3&around={}", ids[2])).await,
        ["3", "2", "1"]
    );
    for limit in ["0", "101"] {
        let answer = home
            .get(&home.in_general(&format!("/messages?limit={limit}")))
            .await;
        assert_eq!(answer.refusal(), (400, 50035));
    }
    home.general.deny_bot(Permissions::READ_MESSAGE_HISTORY);
    assert!(page("").await.is_empty());
}

#[tokio::test]
async fn without_the_content_switch_rest_withholds_what_the_gateway_withholds() {
    let home = Home::with(SimConfig {
        privileged: Privileged::NONE,
        ..SimConfig::default()
    })
    .await;
    home.ada.say(&home.general, "secret").unwrap();
    let mention = format!("{} open", home.sim.bot_mention());
    home.ada.say(&home.general, &mention).unwrap();
    let list = home.get(&home.in_general("/messages")).await.ok();
    assert_eq!(list[0]["content"], mention);
    assert_eq!(list[1]["content"], "");
}

#[tokio::test]
async fn a_file_comes_with_the_message_and_is_served_at_its_address() {
    let home = Home::new().await;
    let about = json!({"content": "look", "attachments": [{"id": 0, "description": "a note"}]});
    let form = format!(
        "--x\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{about}\r\n\
         --x\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"my note.txt\"\r\n\
         Content-Type: text/plain\r\n\r\nhello\r\n--x--\r\n"
    );
    let request = home
        .request("POST", &home.in_general("/messages"))
        .header("Content-Type", "multipart/form-data; boundary=x")
        .body(form);
    let message = home.send(request).await.ok();
    let file = &message["attachments"][0];
    assert_eq!(file["filename"], "my_note.txt");
    assert_eq!(file["description"], "a note");
    assert_eq!(file["size"], 5);
    let address = file["url"].as_str().unwrap();
    let served = home.http.get(address).send().await.unwrap();
    assert_eq!(served.headers()["content-type"], "text/plain");
    assert_eq!(served.text().await.unwrap(), "hello");
}

#[tokio::test]
async fn a_direct_message_is_opened_once_and_typing_shows_in_it() {
    let home = Home::new().await;
    let open = json!({"recipient_id": home.ada.id});
    let first = home
        .call("POST", "/users/@me/channels", open.clone())
        .await
        .ok();
    let again = home.call("POST", "/users/@me/channels", open).await.ok();
    assert_eq!(first["id"], again["id"]);
    assert_eq!(first["type"], 1);
    assert_eq!(first["recipients"][0]["username"], "ada");
    let typing = format!("/channels/{}/typing", id(&first));
    assert_eq!(home.call("POST", &typing, Value::Null).await.status, 204);
    assert_eq!(home.ada.dm_channel().unwrap().bot_typed(), 1);
    let nobody = json!({"recipient_id": "5"});
    let answer = home.call("POST", "/users/@me/channels", nobody).await;
    assert_eq!(answer.refusal(), (400, 50033));
}
