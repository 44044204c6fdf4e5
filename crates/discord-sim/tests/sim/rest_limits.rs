//! Rate limits over REST.

use std::time::Duration;

use discord_sim::SimConfig;
use serde_json::{Value, json};

use crate::caller::{Home, id};

#[tokio::test]
async fn the_sixth_message_in_five_seconds_has_to_wait() {
    let home = Home::with(SimConfig::default()).await;
    let first = home.post(json!({"content": "0"})).await;
    assert_eq!(first.header("x-ratelimit-limit"), "5");
    assert_eq!(first.header("x-ratelimit-remaining"), "4");
    assert!(
        first
            .header("x-ratelimit-reset-after")
            .parse::<f64>()
            .unwrap()
            > 4.0
    );
    for _ in 0..4 {
        home.post(json!({"content": "x"})).await.ok();
    }
    let refused = home.post(json!({"content": "6"})).await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.body["global"], false);
    assert_eq!(refused.header("x-ratelimit-scope"), "user");
    assert_eq!(
        refused.header("x-ratelimit-bucket"),
        first.header("x-ratelimit-bucket")
    );
    let wait = refused.body["retry_after"].as_f64().unwrap();
    assert!(wait > 0.0 && wait <= 5.0);
    assert!(refused.header("retry-after").parse::<u64>().unwrap() <= 5);
    assert_eq!(home.general.messages().len(), 5);
    assert_eq!(home.sim.invalid_requests(), 1);
    let other = home.guild.add_channel("other");
    let path = format!("/channels/{}/messages", other.id);
    home.call("POST", &path, json!({"content": "elsewhere"}))
        .await
        .ok();
    home.sim.advance(Duration::from_secs(6));
    home.post(json!({"content": "after"})).await.ok();
}

#[tokio::test]
async fn fifty_requests_a_second_are_the_limit_of_all() {
    let home = Home::with(SimConfig::default()).await;
    let paths: Vec<String> = (0..20)
        .map(|number| home.guild.add_channel(format!("c{number}").as_str()))
        .map(|channel| format!("/channels/{}", channel.id))
        .collect();
    // Below the limit of each channel, above that of all.
    let requests = paths.iter().flat_map(|path| (0..4).map(|_| home.get(path)));
    let answers = futures_util::future::join_all(requests).await;
    let refused: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == 429)
        .collect();
    assert!(!refused.is_empty());
    assert_eq!(refused[0].body["global"], true);
    assert_eq!(refused[0].header("x-ratelimit-global"), "true");
    assert_eq!(refused[0].header("x-ratelimit-scope"), "global");
}

#[tokio::test]
async fn without_enforcement_headers_come_but_no_refusal() {
    let home = Home::new().await;
    for _ in 0..8 {
        let answer = home.post(json!({"content": "x"})).await;
        assert_eq!(answer.header("x-ratelimit-remaining"), "4");
        answer.ok();
    }
}

#[tokio::test]
async fn a_limit_on_order_refuses_once() {
    let home = Home::new().await;
    home.sim
        .rate_limit_next("POST /channels/*/messages", Duration::from_millis(1_500));
    let refused = home.post(json!({"content": "x"})).await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.header("retry-after"), "2");
    assert_eq!(refused.body["retry_after"], 1.5);
    home.post(json!({"content": "x"})).await.ok();
    assert_eq!(home.sim.invalid_requests(), 1);
    home.sim.advance(Duration::from_secs(601));
    assert_eq!(home.sim.invalid_requests(), 0);
}

#[tokio::test]
async fn a_wrong_token_counts_as_invalid() {
    let home = Home::new().await;
    let request = home
        .http
        .get(home.url("/users/@me"))
        .header("Authorization", "Bot no");
    let answer = home.send(request).await;
    assert_eq!(answer.refusal(), (401, 0));
    assert_eq!(answer.body["message"], "401: Unauthorized");
    assert_eq!(home.sim.invalid_requests(), 1);
    assert_ne!(
        home.call("GET", "/users/@me", Value::Null).await.status,
        401
    );
}

#[tokio::test]
async fn the_thirty_first_message_of_a_channels_webhooks_in_a_minute_is_refused_past_the_headers() {
    let home = Home::with(SimConfig::default()).await;
    let path = home.in_general("/webhooks");
    let mut hooks = Vec::new();
    for name in ["one", "two"] {
        let made = home.call("POST", &path, json!({"name": name})).await.ok();
        let token = made["token"].as_str().unwrap();
        hooks.push(format!("/webhooks/{}/{token}", id(&made)));
    }
    let body = json!({"content": "x"});
    // Advancing keeps below each webhook's own five in two seconds: 30 in 12 seconds by two webhooks.
    for number in 0..30 {
        if number % 5 == 0 {
            home.sim.advance(Duration::from_secs(2));
        }
        let hook = &hooks[number % 2];
        home.call("POST", hook, body.clone()).await.ok();
    }
    home.sim.advance(Duration::from_secs(2));
    let refused = home.call("POST", &hooks[0], body.clone()).await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.header("x-ratelimit-scope"), "shared");
    assert_eq!(refused.header("x-ratelimit-limit"), "5");
    assert_eq!(refused.header("x-ratelimit-remaining"), "4");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((40..=60).contains(&wait), "{wait}");
    assert_eq!(home.sim.invalid_requests(), 0);
    assert_eq!(home.general.messages().len(), 30);
    home.text("the bot's own account is not held by it").await;
    home.sim.advance(Duration::from_secs(wait));
    home.call("POST", &hooks[0], body).await.ok();
}
