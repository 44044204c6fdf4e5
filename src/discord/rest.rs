//! One request to Discord, and what Discord's refusal means. Everything that the speaking side sends goes through here.
//!
//! serenity's own calls lose the delay of a 429 when its limiter is off, put a webhook's token into their errors,
//! and parse whole messages where an id is enough. So its routes and its limiter are used, but not its answers.

use std::sync::Arc;
use std::time::Duration;

use companion::speaker::SpeakError;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serenity::http::{Http, HttpError, LightMethod, Request, Route};
use serenity::model::id::ApplicationId;

/// The longest that a request may take, with what the rate limiter makes it wait.
const DEADLINE: Duration = Duration::from_secs(20);
/// The longest pause of a 429 that is waited for; a reply that comes later than this is better an apology now.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// The pause where a 429 names none.
const PAUSE_UNNAMED: Duration = Duration::from_secs(1);

/// Discord's error codes that change what is done next.
/// <https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes>
pub mod code {
    /// The channel does not exist, or not for us.
    pub const UNKNOWN_CHANNEL: i64 = 10003;
    /// The message does not exist any more.
    pub const UNKNOWN_MESSAGE: i64 = 10008;
    /// The webhook does not exist any more.
    pub const UNKNOWN_WEBHOOK: i64 = 10015;
    /// A person takes no direct messages from us.
    pub const CANNOT_MESSAGE_USER: i64 = 50007;
    /// The webhook's token is no longer its token.
    pub const INVALID_WEBHOOK_TOKEN: i64 = 50027;
    /// The thread is archived.
    pub const THREAD_ARCHIVED: i64 = 50083;
    /// A reply needs to read the channel's history.
    pub const NO_REPLY_WITHOUT_HISTORY: i64 = 160002;
    /// The thread is locked.
    pub const THREAD_LOCKED: i64 = 160005;
}

/// Why Discord did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Discord answered with an error.
    #[error("HTTP {status}, code {code}: {message}")]
    Answered {
        /// The HTTP status.
        status: u16,
        /// Discord's own code; 0 where it gave none.
        code: i64,
        /// Discord's words.
        message: String,
    },
    /// Discord asks for a pause that is longer than we wait.
    #[error("asked to pause for {seconds} s")]
    Pause {
        /// The pause.
        seconds: u64,
    },
    /// No answer, or none that can be read.
    #[error("{0}")]
    Unreachable(String),
}

impl Refused {
    /// Discord's own code, if it gave one.
    pub fn code(&self) -> Option<i64> {
        match self {
            Self::Answered { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// Whether asking again later may help, so that this is no reason to change the way of speaking.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Answered { status, .. } => *status >= 500,
            Self::Pause { .. } | Self::Unreachable(_) => true,
        }
    }

    /// Whether asking again within some seconds may help.
    pub fn passes_soon(&self) -> bool {
        match self {
            Self::Pause { seconds } => *seconds <= LONGEST_PAUSE.as_secs(),
            other => other.is_passing(),
        }
    }

    /// Whether the webhook that was used is no longer there.
    pub fn webhook_is_gone(&self) -> bool {
        matches!(
            self.code(),
            Some(code::UNKNOWN_WEBHOOK | code::INVALID_WEBHOOK_TOKEN)
        )
    }

    /// Whether the message that was meant is no longer there.
    pub fn message_is_gone(&self) -> bool {
        self.code() == Some(code::UNKNOWN_MESSAGE)
    }

    /// Whether nobody can write into this channel any more.
    pub fn channel_is_gone(&self) -> bool {
        matches!(
            self.code(),
            Some(
                code::UNKNOWN_CHANNEL
                    | code::THREAD_ARCHIVED
                    | code::THREAD_LOCKED
                    | code::CANNOT_MESSAGE_USER
            )
        )
    }
}

impl From<Refused> for SpeakError {
    fn from(refused: Refused) -> Self {
        if refused.channel_is_gone() {
            return Self::ChannelGone;
        }
        match refused {
            Refused::Answered { status: 403, .. } => Self::MissingPermission {
                what: "send messages",
            },
            Refused::Pause { seconds } => Self::RateLimited { seconds },
            other => Self::Unavailable(other.to_string()),
        }
    }
}

/// Discord's REST interface.
#[derive(Clone)]
pub struct Rest {
    http: Arc<Http>,
    /// Used where serenity's limiter is off, because another server does the limiting: then a 429 is ours to read.
    plain: Option<reqwest::Client>,
}

impl Rest {
    /// Speaks through `http`, and with its limiter if it has one.
    pub fn new(http: Arc<Http>) -> Self {
        let plain = http.ratelimiter.is_none().then(reqwest::Client::new);
        Self { http, plain }
    }

    /// The bot's application, once serenity knows it.
    pub fn application(&self) -> Option<ApplicationId> {
        self.http.application_id()
    }

    /// Sends and reads the answer's body as `T`.
    pub async fn fetch<T: DeserializeOwned>(&self, call: Call<'_>) -> Result<T, Refused> {
        let body = self.send(call).await?;
        serde_json::from_slice(&body)
            .map_err(|e| Refused::Unreachable(format!("an answer that I cannot read: {e}")))
    }

    /// Sends; returns the answer's body. A 429 means that nothing was done, so it is always safe to ask once more.
    pub async fn send(&self, call: Call<'_>) -> Result<Vec<u8>, Refused> {
        let asked = tokio::time::timeout(DEADLINE, async {
            match self.once(call.request.clone()).await {
                Err(Refusal::Limited(pause)) if pause <= LONGEST_PAUSE => {
                    tokio::time::sleep(pause).await;
                    self.once(call.request).await
                }
                other => other,
            }
        });
        match asked.await {
            Ok(Ok(body)) => Ok(body),
            Ok(Err(Refusal::Limited(pause))) => Err(Refused::Pause {
                seconds: pause.as_secs_f64().ceil() as u64,
            }),
            Ok(Err(Refusal::Other(refused))) => Err(refused),
            Err(_) => Err(Refused::Unreachable(format!(
                "no answer within {} s",
                DEADLINE.as_secs()
            ))),
        }
    }

    async fn once(&self, request: Request<'_>) -> Result<Vec<u8>, Refusal> {
        let Some(plain) = &self.plain else {
            let response = self.http.request(request).await.map_err(Refusal::from)?;
            return Ok(response.bytes().await.map_err(Refusal::from)?.to_vec());
        };
        let response = request
            .build(plain, self.http.token(), self.http.proxy.as_deref())
            .map_err(Refusal::from)?
            .send()
            .await
            .map_err(Refusal::from)?;
        let status = response.status().as_u16();
        let body = response.bytes().await.map_err(Refusal::from)?;
        if (200..300).contains(&status) {
            Ok(body.to_vec())
        } else {
            Err(Refusal::read(status, &body))
        }
    }
}

/// A request that can be sent.
pub struct Call<'a> {
    request: Request<'a>,
}

impl<'a> Call<'a> {
    /// A request without a body.
    pub fn new(method: LightMethod, route: Route<'a>) -> Self {
        Self {
            request: Request::new(route, method),
        }
    }

    /// With a JSON body.
    pub fn json(mut self, body: &impl serde::Serialize) -> Result<Self, Refused> {
        let bytes = serde_json::to_vec(body).map_err(|e| Refused::Unreachable(e.to_string()))?;
        self.request = self.request.body(Some(bytes));
        Ok(self)
    }

    /// With query parameters.
    pub fn query(mut self, parameters: Vec<(&'static str, String)>) -> Self {
        if !parameters.is_empty() {
            self.request = self.request.params(Some(parameters));
        }
        self
    }
}

/// A refusal before it is decided whether a pause is waited for.
enum Refusal {
    Limited(Duration),
    Other(Refused),
}

impl Refusal {
    fn read(status: u16, body: &[u8]) -> Self {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Body {
            code: i64,
            message: String,
            retry_after: Option<f64>,
        }
        let body: Body = serde_json::from_slice(body).unwrap_or_default();
        if status == 429 {
            let named = body
                .retry_after
                .and_then(|s| Duration::try_from_secs_f64(s).ok());
            return Self::Limited(named.unwrap_or(PAUSE_UNNAMED));
        }
        Self::Other(Refused::Answered {
            status,
            code: body.code,
            message: body.message,
        })
    }
}

impl From<reqwest::Error> for Refusal {
    fn from(error: reqwest::Error) -> Self {
        // The address of a webhook holds its token.
        Self::Other(Refused::Unreachable(error.without_url().to_string()))
    }
}

impl From<serenity::Error> for Refusal {
    fn from(error: serenity::Error) -> Self {
        match error {
            serenity::Error::Http(HttpError::UnsuccessfulRequest(answer)) => {
                if answer.status_code.as_u16() == 429 {
                    return Self::Limited(PAUSE_UNNAMED);
                }
                Self::Other(Refused::Answered {
                    status: answer.status_code.as_u16(),
                    code: i64::try_from(answer.error.code).unwrap_or_default(),
                    message: answer.error.message,
                })
            }
            serenity::Error::Http(HttpError::Request(error)) => error.into(),
            other => Self::Other(Refused::Unreachable(other.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, code: i64) -> Refused {
        Refused::Answered {
            status,
            code,
            message: String::new(),
        }
    }

    #[test]
    fn a_429_carries_the_pause_that_discord_names() {
        let body =
            br#"{"message":"You are being rate limited.","retry_after":0.65,"global":false}"#;
        assert!(
            matches!(Refusal::read(429, body), Refusal::Limited(p) if p == Duration::from_millis(650))
        );
        assert!(matches!(Refusal::read(429, b"<html>"), Refusal::Limited(p) if p == PAUSE_UNNAMED));
    }

    #[test]
    fn a_refusal_tells_the_person_what_to_do_next() {
        assert!(matches!(
            answered(403, 50013).into(),
            SpeakError::MissingPermission { .. }
        ));
        assert!(matches!(
            answered(404, code::UNKNOWN_CHANNEL).into(),
            SpeakError::ChannelGone
        ));
        assert!(matches!(
            answered(400, code::THREAD_ARCHIVED).into(),
            SpeakError::ChannelGone
        ));
        assert!(matches!(
            answered(403, code::CANNOT_MESSAGE_USER).into(),
            SpeakError::ChannelGone
        ));
        assert!(matches!(
            answered(500, 0).into(),
            SpeakError::Unavailable(_)
        ));
        assert!(matches!(
            Refused::Pause { seconds: 9 }.into(),
            SpeakError::RateLimited { seconds: 9 }
        ));
    }

    #[test]
    fn an_outage_passes_and_a_refusal_does_not() {
        assert!(answered(503, 0).is_passing());
        assert!(Refused::Unreachable(String::new()).is_passing());
        assert!(!answered(403, 50013).is_passing());
    }

    #[tokio::test]
    async fn an_address_that_holds_a_token_is_not_told() {
        // Nobody listens on port 1.
        let http = serenity::http::HttpBuilder::new("bot-token")
            .proxy("http://127.0.0.1:1")
            .ratelimiter_disabled(true)
            .build();
        let route = Route::WebhookWithToken {
            webhook_id: 1.into(),
            token: "hook-token",
        };
        let refused = Rest::new(Arc::new(http))
            .send(Call::new(LightMethod::Post, route))
            .await;
        let refused = refused.unwrap_err();
        let detail = format!("{refused:?}");
        let said = format!("{detail} {}", SpeakError::from(refused));
        assert!(said.contains("Discord did not take my message"), "{said}");
        assert!(
            !said.contains("hook-token") && !said.contains("bot-token"),
            "{said}"
        );
    }
}
