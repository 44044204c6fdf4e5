//! What the tests share: a scripted model, a ledger, and a way to listen to a reply.

use std::sync::Arc;
use std::time::Duration;

use ledger::{
    Ask, Hold, Ledger, LedgerConfig, Limits, ModelKey, ModelTerms, Outcome, PicoUsd, Price,
    Purpose, Spender, Usage,
};
use model_sim::ModelSim;
use provider::{
    Anthropic, Deadlines, Endpoint, Finished, Generation, Message, OpenAi, Provider, ProviderError,
    Request, Role, Schema, Stop,
};
use store::Store;
use store::clock::{Clock, ManualClock, SystemClock};
use store::id::{GuildId, UserId};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// The key that every test sends, and that must never be seen again.
pub const KEY: &str = "sk-test-0123456789abcdef";

/// Which dialect a test speaks.
#[derive(Clone, Copy, Debug)]
pub enum Wire {
    OpenAi,
    Anthropic,
}

/// A ledger on a database of its own, and a scripted model.
pub struct Bench {
    pub sim: ModelSim,
    pub ledger: Ledger,
    pub clock: Arc<ManualClock>,
    _folder: tempfile::TempDir,
}

/// A reply as it was heard.
pub struct Heard {
    pub pieces: Vec<String>,
    pub hold: Hold,
    pub outcome: Outcome,
    pub result: Result<Stop, ProviderError>,
}

impl Heard {
    pub fn text(&self) -> String {
        self.pieces.concat()
    }

    pub fn usage(&self) -> Usage {
        match self.outcome {
            Outcome::Complete(usage) => usage,
            other => panic!("no usage: {other:?}, {:?}", self.result),
        }
    }

    pub fn error(&self) -> &ProviderError {
        self.result.as_ref().expect_err("an error")
    }
}

impl Bench {
    pub async fn new() -> Bench {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().join("house.db")).await.unwrap();
        let unlimited = Limits::default();
        let config = LedgerConfig {
            instance: unlimited,
            guild: unlimited,
            member: unlimited,
            ..LedgerConfig::default()
        };
        let clock = Arc::new(ManualClock::new(SystemClock.now()));
        let ledger = Ledger::open(store, clock.clone(), config).await.unwrap();
        ledger.recover().await.unwrap();
        Bench {
            sim: ModelSim::start().await,
            ledger,
            clock,
            _folder: folder,
        }
    }

    pub async fn hold_for(&self, request: &Request) -> Hold {
        self.hold_on(&terms(), request).await
    }

    pub async fn hold_on(&self, terms: &ModelTerms, request: &Request) -> Hold {
        let ask = Ask {
            input_bound: request.input_bound(terms.context_window),
            cap: request.cap,
            purpose: Purpose::Reply,
            turn: None,
            persona: None,
        };
        self.ledger.hold(&spender(), terms, ask).await.unwrap()
    }

    pub fn provider(&self, wire: Wire) -> Box<dyn Provider> {
        self.provider_with(wire, Deadlines::default())
    }

    pub fn provider_with(&self, wire: Wire, deadlines: Deadlines) -> Box<dyn Provider> {
        provider_at(wire, &self.url(wire), deadlines)
    }

    pub fn url(&self, wire: Wire) -> String {
        match wire {
            Wire::OpenAi => self.sim.openai_url(),
            Wire::Anthropic => self.sim.anthropic_url(),
        }
    }

    /// Asks with a hold made for the request, and listens to the end.
    pub async fn ask(&self, provider: &dyn Provider, request: Request) -> Heard {
        let hold = self.hold_for(&request).await;
        listen(provider.stream(hold, request)).await
    }
}

/// Who asks in every test.
pub fn spender() -> Spender {
    Spender {
        guild: Some(GuildId::from(1)),
        channel: None,
        member: UserId::from(2),
    }
}

pub fn terms() -> ModelTerms {
    ModelTerms {
        key: ModelKey {
            provider: "sim".into(),
            model: "sim".into(),
        },
        context_window: 8192,
        max_output: 1024,
        caps_certified: true,
        local: false,
        errors_may_be_billed: false,
        price: Some(Price::plain(PicoUsd::dollars(1), PicoUsd::dollars(4))),
    }
}

pub fn provider_at(wire: Wire, url: &str, deadlines: Deadlines) -> Box<dyn Provider> {
    let endpoint = Endpoint::new(url, Some(KEY.to_owned().into()), deadlines).unwrap();
    at_endpoint(wire, endpoint.with_plain_replies(true))
}

/// A model of which nothing is known.
pub fn stranger_at(wire: Wire, url: &str) -> Box<dyn Provider> {
    at_endpoint(
        wire,
        Endpoint::new(url, None, Deadlines::default()).unwrap(),
    )
}

fn at_endpoint(wire: Wire, endpoint: Endpoint) -> Box<dyn Provider> {
    match wire {
        Wire::OpenAi => Box::new(OpenAi::new(endpoint, terms())),
        Wire::Anthropic => Box::new(Anthropic::new(endpoint, terms())),
    }
}

pub fn request(says: &str) -> Request {
    Request {
        system: vec![
            "You are Mia, a gardener.".to_owned(),
            "It rains.".to_owned(),
        ],
        stable: 1,
        messages: vec![Message {
            role: Role::User,
            text: says.to_owned(),
        }],
        cap: 200,
        ..Request::default()
    }
}

/// A shape for an answer.
pub fn schema() -> Schema {
    Schema {
        name: "notes".into(),
        schema: serde_json::json!({
            "type": "object",
            "properties": {"summary": {"type": "string"}},
            "required": ["summary"],
            "additionalProperties": false,
        }),
    }
}

pub async fn listen(mut generation: Generation) -> Heard {
    let mut pieces = Vec::new();
    while let Some(piece) = generation.next().await {
        pieces.push(piece);
    }
    let Finished {
        hold,
        outcome,
        result,
    } = generation.finish();
    Heard {
        pieces,
        hold,
        outcome,
        result,
    }
}

/// Deadlines that no test runs into, but for the one that it shortens.
pub fn patient() -> Deadlines {
    let long = Duration::from_secs(60);
    Deadlines {
        connect: long,
        first_token: long,
        between_tokens: long,
        total: long,
    }
}

/// A server that reads one request and answers with these bytes, then closes the connection.
pub async fn canned(answer: impl Into<Vec<u8>>) -> String {
    let answer = answer.into();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut read = vec![0; 64 * 1024];
            // Requests of these tests are small and come in one or two packets; what matters is that one came.
            let _ = socket.read(&mut read).await;
            let _ = socket.write_all(&answer).await;
            let _ = socket.shutdown().await;
            while socket.read(&mut read).await.is_ok_and(|read| read > 0) {}
        }
    });
    format!("http://{address}")
}

/// A 200 with these headers (those without a value are left out) whose body ends when the connection does.
pub fn answer(headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<u8> {
    let headers = headers.iter().filter(|(_, value)| !value.is_empty());
    let headers: String = headers
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let head = format!("HTTP/1.1 200 OK\r\n{headers}connection: close\r\n\r\n");
    [head.as_bytes(), body.as_ref()].concat()
}
