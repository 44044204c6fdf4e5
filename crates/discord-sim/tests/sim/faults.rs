//! What goes wrong on order: pages instead of JSON, limits in the header alone, answers that are lost or late.

use std::time::{Duration, Instant};

use discord_sim::SimConfig;
use discord_sim::rest::fault::{Fault, Lasting};
use discord_sim::rest::reply::Reply;
use serde_json::{Value, json};

use crate::caller::Home;

const MESSAGES: &str = "POST /channels/*/messages";

#[tokio::test]
async fn cloudflares_block_is_a_page_with_the_time_in_the_header_alone() {
    let home = Home::new().await;
    home.sim
        .block_by_cloudflare("* /**", Duration::from_secs(600));
    for _ in 0..2 {
        let refused = home.post(json!({"content": "x"})).await;
        assert_eq!(refused.status, 429);
        assert_eq!(refused.header("content-type"), "text/html; charset=UTF-8");
        assert_eq!(refused.header("retry-after"), "600");
        assert_eq!(refused.header("x-ratelimit-scope"), "no such header");
        assert_eq!(refused.body, Value::Null);
    }
    assert_eq!(home.sim.invalid_requests(), 2);
    home.sim.advance(Duration::from_secs(600));
    home.post(json!({"content": "x"})).await.ok();
    assert_eq!(home.general.messages().len(), 1);
}

#[tokio::test]
async fn a_server_error_may_be_a_page_whether_or_not_the_message_was_made() {
    let home = Home::new().await;
    for (fault, made) in [
        (Fault::Answer(Reply::html(502)), 0),
        (Fault::AnswerAfter(Reply::html(504)), 1),
    ] {
        home.sim.order(MESSAGES, fault, Lasting::Times(1));
        let refused = home.post(json!({"content": "x"})).await;
        assert!(refused.status >= 500);
        assert_eq!(refused.header("content-type"), "text/html; charset=UTF-8");
        assert_eq!(home.general.messages().len(), made);
    }
}

#[tokio::test]
async fn a_cut_connection_leaves_no_answer_and_is_still_recorded() {
    let home = Home::new().await;
    for (fault, made) in [(Fault::Cut, 0), (Fault::CutAfter, 1)] {
        home.sim.order(MESSAGES, fault, Lasting::Times(1));
        let request = home
            .request("POST", &home.in_general("/messages"))
            .json(&json!({"content": "x"}));
        let error = request.send().await.unwrap_err();
        assert!(error.is_request(), "{error:?}");
        assert_eq!(home.general.messages().len(), made);
        let recorded = home.sim.requests();
        assert_eq!(recorded.last().unwrap().status, 0);
        assert_eq!(recorded.last().unwrap().body, json!({"content": "x"}));
    }
    home.text("the next connection is whole").await;
}

#[tokio::test]
async fn a_late_answer_has_had_its_effect_and_a_delayed_request_has_not() {
    let home = Home::new().await;
    let impatient = reqwest::Client::builder()
        .timeout(Duration::from_millis(100))
        .build()
        .unwrap();
    let asked = async |fault| {
        home.sim.order(MESSAGES, fault, Lasting::Times(1));
        let request = impatient
            .post(home.url(&home.in_general("/messages")))
            .header("Authorization", format!("Bot {}", home.sim.token()))
            .json(&json!({"content": "x"}));
        assert!(request.send().await.unwrap_err().is_timeout());
        home.general.messages().len()
    };
    assert_eq!(asked(Fault::Delay(Duration::from_secs(60))).await, 0);
    assert_eq!(asked(Fault::Late(Duration::from_secs(60))).await, 1);
}

#[tokio::test]
async fn faults_can_be_ordered_from_outside() {
    let home = Home::with(SimConfig {
        control: true,
        ..SimConfig::default()
    })
    .await;
    let faults = format!("{}/_sim/faults", home.sim.base_url());
    let order = async |body: Value| {
        let answer = home.http.post(&faults).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
    };
    order(json!({"pattern": MESSAGES, "fault": "bare_limit", "retry_after": 44.5})).await;
    let bare = home.post(json!({"content": "x"})).await;
    assert_eq!((bare.status, bare.header("retry-after")), (429, "45"));
    assert_eq!(bare.body, Value::Null);

    order(json!({"pattern": MESSAGES, "fault": "limit", "retry_after": 3, "scope": "shared"}))
        .await;
    let shared = home.post(json!({"content": "x"})).await;
    assert_eq!(shared.header("x-ratelimit-scope"), "shared");
    assert_eq!(shared.body["retry_after"], 3.0);

    order(json!({"pattern": MESSAGES, "fault": "html", "status": 502, "after": true})).await;
    assert_eq!(home.post(json!({"content": "made"})).await.status, 502);
    assert_eq!(home.general.messages().len(), 1);

    order(json!({"pattern": MESSAGES, "fault": "slow", "seconds": 0.2, "times": 1})).await;
    let before = Instant::now();
    home.text("slow").await;
    assert!(before.elapsed() >= Duration::from_millis(200));

    order(json!({
        "pattern": "* /**", "fault": "answer", "for_seconds": 60, "status": 503,
        "body": {"message": "no"},
    }))
    .await;
    assert_eq!(home.get("/users/@me").await.status, 503);
    assert_eq!(home.get("/users/@me").await.status, 503);
    home.http.delete(&faults).send().await.unwrap();
    home.get("/users/@me").await.ok();

    let token = format!("{}/_sim/token", home.sim.base_url());
    let old = home.sim.token();
    let reset = home.http.post(&token).json(&json!({"token": "new"}));
    reset.send().await.unwrap();
    let asked = home
        .http
        .get(home.url("/users/@me"))
        .header("Authorization", format!("Bot {old}"));
    assert_eq!(home.send(asked).await.refusal(), (401, 0));
}
