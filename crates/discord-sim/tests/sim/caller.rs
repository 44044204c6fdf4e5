//! REST with nothing between it and the socket.

use discord_sim::actor::{Channel, Guild, Person};
use discord_sim::{Sim, SimConfig};
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

/// One answer.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    /// Fails unless the request went well.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!(self.status < 300, "{}: {}", self.status, self.body);
        self.body
    }

    /// Status and Discord's code.
    pub fn refusal(&self) -> (u16, u64) {
        (self.status, self.body["code"].as_u64().unwrap_or(u64::MAX))
    }

    /// The code of the bad field at this path, such as `/content`.
    pub fn field(&self, path: &str) -> &str {
        let errors = self.body.pointer(&format!("/errors{path}/_errors/0/code"));
        errors.and_then(Value::as_str).unwrap_or("no such field")
    }

    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or("no such header")
    }
}

/// A server with one channel and one person, and a bot that calls.
pub struct Home {
    pub sim: Sim,
    pub guild: Guild,
    pub general: Channel,
    pub ada: Person,
    pub http: reqwest::Client,
}

impl Home {
    pub async fn new() -> Self {
        Self::with(SimConfig {
            rate_limits: false,
            ..SimConfig::default()
        })
        .await
    }

    pub async fn with(config: SimConfig) -> Self {
        let sim = Sim::start(config).await.unwrap();
        let guild = sim.add_guild("home");
        let general = guild.add_channel("general");
        let ada = guild.add_member("ada");
        Self {
            sim,
            guild,
            general,
            ada,
            http: reqwest::Client::new(),
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}/api/v10{path}", self.sim.base_url())
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let text = response.text().await.unwrap();
        Answer {
            status,
            headers,
            body: serde_json::from_str(&text).unwrap_or(Value::Null),
        }
    }

    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.http
            .request(method, self.url(path))
            .header("Authorization", format!("Bot {}", self.sim.token()))
    }

    pub async fn call(&self, method: &str, path: &str, body: Value) -> Answer {
        let request = self.request(method, path);
        self.send(if body.is_null() {
            request
        } else {
            request.json(&body)
        })
        .await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, Value::Null).await
    }

    /// `/channels/{general}` with something behind it.
    pub fn in_general(&self, rest: &str) -> String {
        format!("/channels/{}{rest}", self.general.id)
    }

    /// The bot posts in the channel.
    pub async fn post(&self, body: Value) -> Answer {
        self.call("POST", &self.in_general("/messages"), body).await
    }

    /// The bot posts a text; returns the message's id.
    pub async fn text(&self, text: &str) -> String {
        let message = self.post(json!({ "content": text })).await.ok();
        id(&message)
    }
}

pub fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}
