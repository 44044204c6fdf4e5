//! A bot with nothing between it and the sockets.

use std::time::Duration;

use discord_sim::Sim;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

pub const SOON: Duration = Duration::from_secs(5);
/// Everything but the privileged ones, and the content of messages.
pub const INTENTS: u64 = 1 | 1 << 9 | 1 << 10 | 1 << 12 | 1 << 15;

pub struct RawBot {
    pub socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub session: String,
    pub sequence: u64,
    http: reqwest::Client,
    base: String,
    token: String,
}

impl RawBot {
    /// Connects and reads HELLO.
    pub async fn connect(sim: &Sim) -> Self {
        let url = format!("{}/?v=10&encoding=json", sim.gateway_url());
        let (socket, _) = connect_async(url).await.unwrap();
        let mut bot = Self {
            socket,
            session: String::new(),
            sequence: 0,
            http: reqwest::Client::new(),
            base: format!("{}/api/v10", sim.base_url()),
            token: sim.token(),
        };
        let hello = bot.next().await.unwrap();
        assert_eq!(hello["op"], 10);
        assert!(hello["d"]["heartbeat_interval"].as_u64().unwrap() > 0);
        bot
    }

    /// Connects, identifies and reads READY.
    pub async fn login(sim: &Sim) -> Self {
        Self::login_with(sim, INTENTS).await
    }

    pub async fn login_with(sim: &Sim, intents: u64) -> Self {
        let mut bot = Self::connect(sim).await;
        bot.identify(intents).await;
        let ready = bot.event("READY").await;
        bot.session = ready["session_id"].as_str().unwrap().to_owned();
        bot
    }

    pub async fn identify(&mut self, intents: u64) {
        let token = self.token.clone();
        self.send(json!({"op": 2, "d": {
            "token": token,
            "intents": intents,
            "properties": {"os": "linux", "browser": "raw", "device": "raw"},
        }}))
        .await;
    }

    pub async fn send(&mut self, payload: Value) {
        self.socket
            .send(Message::text(payload.to_string()))
            .await
            .unwrap();
    }

    /// The next payload, or the code with which the connection was closed (0 without one).
    pub async fn next(&mut self) -> Result<Value, u16> {
        loop {
            let frame = timeout(SOON, self.socket.next())
                .await
                .expect("the gateway says nothing");
            match frame {
                Some(Ok(Message::Text(text))) => {
                    let payload: Value = serde_json::from_str(&text).unwrap();
                    if let Some(number) = payload["s"].as_u64() {
                        self.sequence = number;
                    }
                    return Ok(payload);
                }
                Some(Ok(Message::Close(frame))) => {
                    return Err(frame.map_or(0, |frame| frame.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(0),
            }
        }
    }

    /// The data of the next event of this name; others are skipped.
    pub async fn event(&mut self, name: &str) -> Value {
        loop {
            let mut payload = self.next().await.expect("the connection ended");
            if payload["t"] == name {
                return payload["d"].take();
            }
        }
    }

    /// One REST call: status and body.
    pub async fn call(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.base))
            .header("Authorization", format!("Bot {}", self.token));
        if !body.is_null() {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// Answers an interaction.
    pub async fn answer(&self, interaction: &Value, body: Value) -> (u16, Value) {
        let id = interaction["id"].as_str().unwrap();
        let token = interaction["token"].as_str().unwrap();
        self.call(
            "POST",
            &format!("/interactions/{id}/{token}/callback"),
            body,
        )
        .await
    }
}
