//! The bot's answers to interactions: their kinds, their deadlines, buttons, menus and forms.

use std::time::Duration;

use discord_sim::interactions::Refusal;
use serde_json::{Value, json};

use crate::scene::{ping, scene};

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

#[tokio::test]
async fn an_application_that_only_the_person_installed_follows_up_five_times() {
    let mut scene = scene(json!([
        {"name": "anywhere", "description": "x", "integration_types": [0, 1], "contexts": [0, 1, 2]},
    ]))
    .await;
    let away = scene.sim.add_guild_without_bot("away");
    let lobby = away.add_channel("lobby");
    away.join(&scene.ada, &[]);
    scene.ada.install();
    scene.ada.bare_command(&lobby, "anywhere").unwrap();
    let got = scene.invoked().await;
    let owners = json!({"1": scene.ada.id});
    assert_eq!(got["authorizing_integration_owners"], owners);
    let first = json!({"type": 4, "data": {"content": "first"}});
    assert_eq!(scene.bot.answer(&got, first).await.0, 204);
    let path = format!("{}/{}", scene.webhook, got["token"].as_str().unwrap());
    for number in 1..=5 {
        let more = json!({"content": format!("more {number}")});
        assert_eq!(scene.bot.call("POST", &path, more).await.0, 200);
    }
    // Past the rate limit of five in two seconds.
    scene.sim.advance(Duration::from_secs(3));
    let (status, _) = scene
        .bot
        .call("POST", &path, json!({"content": "six"}))
        .await;
    assert_eq!(status, 400);
    assert_eq!(lobby.messages().len(), 6);
}
