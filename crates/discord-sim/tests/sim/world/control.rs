//! The same over HTTP, for clients in other languages.

use discord_sim::SimConfig;
use serde_json::{Value, json};

use crate::caller::Home;

struct Outside {
    home: Home,
}

impl Outside {
    async fn new() -> Self {
        let home = Home::with(SimConfig {
            control: true,
            preview_delay: None,
            ..SimConfig::default()
        })
        .await;
        Self { home }
    }

    async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let url = format!("{}/_sim/{path}", self.home.sim.base_url());
        let answer = self.home.http.post(url).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    #[track_caller]
    fn ok((status, body): (u16, Value)) -> Value {
        assert_eq!(status, 200, "{body}");
        body
    }

    async fn say(&self, channel: &str, text: &str) -> Value {
        let body = json!({"user": "ada", "channel": channel, "text": text});
        Self::ok(self.post("say", body).await)
    }
}

#[tokio::test]
async fn messages_are_deleted_pinned_and_previewed_from_outside() {
    let sim = Outside::new().await;
    let said = sim.say("general", "see https://example.org").await;
    let at = |user: &str| json!({"user": user, "channel": "general", "message": said["id"]});
    let (status, why) = sim.post("pin", at("ada")).await;
    assert_eq!(status, 422);
    assert_eq!(why["error"], "you do not have permission to pin messages");
    assert_eq!(
        Outside::ok(sim.post("pin", at("owner of home")).await)["pinned"],
        true
    );
    assert_eq!(
        Outside::ok(sim.post("unpin", at("owner of home")).await)["pinned"],
        false
    );
    let shown = Outside::ok(sim.post("preview", at("ada")).await);
    assert_eq!(shown["embeds"][0]["type"], "link");
    Outside::ok(sim.post("previews", json!({"delay_ms": 5})).await);
    Outside::ok(sim.post("delete", at("ada")).await);
    assert_eq!(sim.post("delete", at("ada")).await.0, 422);
}

#[tokio::test]
async fn channels_of_all_kinds_threads_and_posts_are_made_shut_and_deleted_from_outside() {
    let sim = Outside::new().await;
    for kind in ["category", "announcement", "forum", "voice", "stage"] {
        let body = json!({"guild": "home", "name": kind, "kind": kind});
        Outside::ok(sim.post("channels", body).await);
    }
    let said = sim.say("general", "start here").await;
    let body = json!({"user": "ada", "channel": "general", "name": "aside", "message": said["id"]});
    assert_eq!(
        Outside::ok(sim.post("thread", body).await)["id"],
        said["id"]
    );
    let body = json!({"user": "ada", "channel": "forum", "name": "how", "text": "tell"});
    let post = Outside::ok(sim.post("thread", body).await);
    assert_eq!(post["message"]["id"], post["id"]);
    let refused = json!({"user": "ada", "channel": "aside"});
    assert_eq!(sim.post("lock", refused).await.0, 422);
    Outside::ok(sim.post("lock", json!({"channel": "aside"})).await);
    Outside::ok(sim.post("archive", json!({"channel": "aside"})).await);
    let body = json!({"user": "ada", "channel": "aside", "text": "hello?"});
    let (status, why) = sim.post("say", body).await;
    assert_eq!(status, 422, "{why}");
    Outside::ok(
        sim.post("channel/delete", json!({"channel": "aside"}))
            .await,
    );
    Outside::ok(
        sim.post("channel/delete", json!({"channel": "forum"}))
            .await,
    );
    let (status, _) = sim.post("archive", json!({"channel": "how"})).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn people_are_named_given_roles_timed_out_and_shown_out_from_outside() {
    let sim = Outside::new().await;
    let nick = json!({"guild": "home", "user": "ada", "nick": "Captain"});
    assert_eq!(Outside::ok(sim.post("nick", nick).await)["nick"], "Captain");
    let role = json!({"guild": "home", "name": "crew", "permissions": "8192"});
    let role = Outside::ok(sim.post("roles", role).await);
    let give = json!({"guild": "home", "user": "ada", "role": "crew"});
    assert_eq!(
        Outside::ok(sim.post("role", give).await)["roles"][0],
        role["id"]
    );
    let take = json!({"guild": "home", "user": "ada", "role": "crew", "take": true});
    assert_eq!(
        Outside::ok(sim.post("role", take).await)["roles"],
        json!([])
    );
    let quiet = |user: &str| json!({"guild": "home", "user": user, "seconds": 60});
    Outside::ok(sim.post("timeout", quiet("ada")).await);
    Outside::ok(sim.post("timeout", quiet("Familiar")).await);
    let (status, why) = sim.post("timeout", quiet("owner of home")).await;
    assert_eq!(status, 422);
    assert!(
        why["error"]
            .as_str()
            .unwrap()
            .contains("cannot be timed out")
    );
    let said = json!({"user": "ada", "channel": "general", "text": "hello"});
    assert_eq!(sim.post("say", said).await.0, 422);
    let leaves = |user: &str| json!({"guild": "home", "user": user});
    Outside::ok(sim.post("leave", leaves("ada")).await);
    assert_eq!(sim.post("leave", leaves("ada")).await.0, 422);
    Outside::ok(sim.post("leave", leaves("Familiar")).await);
}

#[tokio::test]
async fn files_come_as_text_or_in_base64() {
    let sim = Outside::new().await;
    let files = json!([
        {"filename": "message.txt", "text": "long words", "content_type": "text/plain"},
        {"filename": "dot.png", "base64": "iVBORw0KGgo="},
    ]);
    let body = json!({"user": "ada", "channel": "general", "attachments": files});
    let said = Outside::ok(sim.post("say", body).await);
    assert_eq!(said["attachments"][0]["filename"], "message.txt");
    assert_eq!(said["attachments"][1]["size"], 8);
    let url = said["attachments"][0]["url"].as_str().unwrap();
    let read = sim.home.http.get(url).send().await.unwrap();
    assert_eq!(read.text().await.unwrap(), "long words");
    let wrong = json!([{"filename": "x", "base64": "***"}]);
    let body = json!({"user": "ada", "channel": "general", "attachments": wrong});
    assert_eq!(sim.post("say", body).await.0, 422);
}
