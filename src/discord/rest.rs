//! One request to Discord. Everything that the speaking side sends goes through here.
//!
//! serenity's own calls lose what a 429 says, sleep through a pause of any length, put a webhook's token into their errors,
//! and parse whole messages where an id is enough. So its routes and its buckets are used, but neither its answers nor
//! its waiting: what is known to be limited is not asked ([`pauses`]), and what a refusal means is said in one table
//! ([`meaning`]). With serenity's limiter and without it this is the same.

mod date;
mod meaning;
mod pauses;
mod refused;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serenity::http::{Http, LightMethod, RatelimitingBucket, Request, Route};
use serenity::model::id::ApplicationId;
use store::clock::{Clock, SystemClock};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

pub use meaning::Meaning;
pub use refused::Refused;

use date::Date;
use pauses::Pauses;
use refused::Bad;

/// The longest that an answer is waited for.
const DEADLINE: Duration = Duration::from_secs(10);
/// The longest pause that is waited for; a reply that comes later than this is better said another way.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// What limits are counted by: Discord counts them by route and method.
type Path = (LightMethod, RatelimitingBucket);

/// Discord's REST interface.
#[derive(Clone)]
pub struct Rest {
    http: Arc<Http>,
    client: reqwest::Client,
    pauses: Arc<Pauses<Path>>,
    date: Arc<Date>,
    /// Cancelled once Discord no longer knows the bot's token.
    locked_out: CancellationToken,
}

impl Rest {
    /// Speaks for `http` through `client`, and by serenity's buckets if its limiter is on.
    pub fn new(http: Arc<Http>, client: reqwest::Client) -> Self {
        Self {
            http,
            client,
            pauses: Arc::default(),
            date: Arc::default(),
            locked_out: CancellationToken::new(),
        }
    }

    /// The bot's application, once serenity knows it.
    pub fn application(&self) -> Option<ApplicationId> {
        self.http.application_id()
    }

    /// Cancelled once Discord no longer knows the bot's token. From then on nothing is sent any more.
    pub fn locked_out(&self) -> &CancellationToken {
        &self.locked_out
    }

    /// What Discord's clock shows at least; `None` before the first answer.
    pub fn discord_now(&self) -> Option<DateTime<Utc>> {
        self.date.at(Instant::now())
    }

    /// How long a route is known to be limited.
    pub fn limited(&self, method: LightMethod, route: &Route<'_>) -> Option<Duration> {
        let path = (method, route.ratelimiting_bucket());
        self.pauses.left(&path, Instant::now())
    }

    /// Sends and reads the answer's body as `T`.
    pub async fn fetch<T: DeserializeOwned>(&self, call: Call<'_>) -> Result<T, Refused> {
        let body = self.send(call).await?;
        serde_json::from_slice(&body)
            .map_err(|e| Refused::Unreachable(format!("an answer that I cannot read: {e}")))
    }

    /// Sends; returns the answer's body. A 429 means that nothing was done, so it is always safe to ask once more: after
    /// the pause that Discord names, if a reply can wait for it.
    pub async fn send(&self, call: Call<'_>) -> Result<Vec<u8>, Refused> {
        if self.locked_out.is_cancelled() {
            return Err(Refused::locked_out());
        }
        let first = self.once(&call).await;
        let answer = match first {
            Err(Bad::Limited(_)) => self.once(&call).await,
            other => other,
        };
        match answer {
            Ok(body) => Ok(body),
            Err(Bad::Limited(_)) => Err(self.pause(&call.path())),
            Err(Bad::Refused(refused)) if refused.meaning() == Meaning::Token => {
                Err(self.check_token(refused).await)
            }
            Err(Bad::Refused(refused)) => Err(refused),
        }
    }

    /// Waits until the route is free, sends, and notes what the answer says about its limit.
    async fn once(&self, call: &Call<'_>) -> Result<Vec<u8>, Bad> {
        let path = call.path();
        match self.pauses.left(&path, Instant::now()) {
            Some(left) if left > LONGEST_PAUSE => return Err(Bad::Refused(self.pause(&path))),
            Some(left) => tokio::time::sleep(left).await,
            None => {}
        }
        self.take_ticket(&call.request).await?;
        let answer = tokio::time::timeout(DEADLINE, self.exchange(call.request.clone())).await;
        let answer = answer.unwrap_or_else(|_| {
            let seconds = DEADLINE.as_secs();
            let late = format!("no answer within {seconds} s");
            Err(Bad::Refused(Refused::Unreachable(late)))
        });
        let now = Instant::now();
        match &answer {
            Ok(_) => self.pauses.passed(&path, now),
            Err(Bad::Limited(limit)) => self.pauses.limited(&path, *limit, now),
            Err(Bad::Refused(_)) => {}
        }
        answer
    }

    /// Waits for the request's place in serenity's bucket, if its limiter is on.
    async fn take_ticket(&self, request: &Request<'_>) -> Result<(), Bad> {
        let Some(limiter) = &self.http.ratelimiter else {
            return Ok(());
        };
        let bucket = request.route_ref().ratelimiting_bucket();
        let buckets = limiter.routes();
        let ticket = async {
            let bucket = Arc::clone(buckets.write().await.entry(bucket).or_default());
            // serenity's own protocol, by the machine's clock: whoever waits for a bucket's next window holds it meanwhile.
            let mut bucket = bucket.lock().await;
            let empty = bucket.remaining() == 0 && bucket.limit() != 0;
            let opens = bucket.reset().filter(|_| empty);
            let wait =
                opens.and_then(|at| at.duration_since(SystemTime::from(SystemClock.now())).ok());
            if let Some(wait) = wait.filter(|wait| *wait > LONGEST_PAUSE) {
                return Err(paused(wait));
            }
            bucket.pre_hook(request, &|_| {}).await;
            Ok(())
        };
        match tokio::time::timeout(DEADLINE, ticket).await {
            Ok(taken) => taken.map_err(Bad::Refused),
            Err(_) => Err(Bad::Refused(paused(DEADLINE))),
        }
    }

    async fn exchange(&self, request: Request<'_>) -> Result<Vec<u8>, Bad> {
        let built =
            request
                .clone()
                .build(&self.client, self.http.token(), self.http.proxy.as_deref());
        let built = built.map_err(|error| Bad::Refused(Refused::NotSent(error.to_string())))?;
        let response = built.send().await.map_err(Bad::from)?;
        let status = response.status().as_u16();
        if let Some(limiter) = &self.http.ratelimiter
            && status != 429
        {
            let bucket = request.route_ref().ratelimiting_bucket();
            let bucket = limiter
                .routes()
                .write()
                .await
                .entry(bucket)
                .or_default()
                .clone();
            let mut bucket = bucket.lock().await;
            // Of a 429 serenity would wait out the pause here. Headers that it cannot read teach it nothing.
            let _ = bucket.post_hook(&response, &request, &|_| {}, false).await;
        }
        let headers = response.headers().clone();
        self.date.told(&headers, Instant::now());
        let body = response.bytes().await.map_err(Bad::from)?;
        match status {
            200..300 => Ok(body.to_vec()),
            _ => Err(refused::read(status, &headers, &body)),
        }
    }

    fn pause(&self, path: &Path) -> Refused {
        paused(self.pauses.left(path, Instant::now()).unwrap_or_default())
    }

    /// A 401 may be about this one request; whether Discord still knows the token is asked once more before all stops.
    async fn check_token(&self, refused: Refused) -> Refused {
        let call = Call::new(LightMethod::Get, Route::UserMe);
        match self.once(&call).await {
            Err(Bad::Refused(again)) if again.meaning() == Meaning::Token => {
                if !self.locked_out.is_cancelled() {
                    self.locked_out.cancel();
                    tracing::error!(
                        "Discord no longer accepts the bot's token: no model is asked any more, and nothing is sent"
                    );
                }
                refused
            }
            _ => Refused::Unreachable(format!("{refused}, although the token is valid")),
        }
    }
}

fn paused(left: Duration) -> Refused {
    Refused::Pause {
        seconds: left.as_secs_f64().ceil() as u64,
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
        let bytes = serde_json::to_vec(body).map_err(|e| Refused::NotSent(e.to_string()))?;
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

    fn path(&self) -> Path {
        let route = self.request.route_ref();
        (*self.request.method_ref(), route.ratelimiting_bucket())
    }
}

#[cfg(test)]
mod tests {
    use companion::speaker::SpeakError;

    use super::*;

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
        let refused = Rest::new(Arc::new(http), reqwest::Client::new())
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
