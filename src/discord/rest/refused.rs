//! Why Discord did not do what was asked, read from whatever came back: JSON, a web page, or headers alone.

use std::time::Duration;

use companion::speaker::SpeakError;
use reqwest::header::HeaderMap;
use serde::Deserialize;

use super::meaning::{Meaning, meaning};

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
    /// Discord asks for a pause that is longer than we wait. Nothing was done.
    #[error("asked to pause for {seconds} s")]
    Pause {
        /// The pause.
        seconds: u64,
    },
    /// No connection could be made, so nothing was done.
    #[error("{0}")]
    NotSent(String),
    /// No answer, or none that can be read: whether it was done is not known.
    #[error("{0}")]
    Unreachable(String),
}

impl Refused {
    /// What Discord says to a token that it does not know.
    pub(super) fn locked_out() -> Self {
        Self::Answered {
            status: 401,
            code: 40_001,
            message: "the bot's token is no longer valid".to_owned(),
        }
    }

    /// What it is about.
    pub fn meaning(&self) -> Meaning {
        match self {
            Self::Answered { status, code, .. } => meaning(*status, *code),
            Self::Pause { .. } => Meaning::Limited,
            Self::NotSent(_) => Meaning::NotSent,
            Self::Unreachable(_) => Meaning::Passing,
        }
    }

    /// Whether asking again later may help, so that this says nothing about what is allowed here.
    pub fn is_passing(&self) -> bool {
        matches!(
            self.meaning(),
            Meaning::Limited
                | Meaning::Passing
                | Meaning::NotSent
                | Meaning::Blocked
                | Meaning::Token
        )
    }

    /// Whether the message that was meant is no longer there.
    pub fn message_is_gone(&self) -> bool {
        self.meaning() == Meaning::MessageGone
    }
}

impl From<Refused> for SpeakError {
    fn from(refused: Refused) -> Self {
        match (refused.meaning(), refused) {
            (_, Refused::Pause { seconds }) => Self::RateLimited { seconds },
            (Meaning::Content, _) => Self::ContentRefused,
            (Meaning::Forbidden, _) => Self::MissingPermission {
                what: "send messages",
            },
            (Meaning::PlaceGone | Meaning::Archived | Meaning::Locked, _) => Self::ChannelGone,
            (Meaning::Token, _) => Self::LockedOut,
            (_, other) => Self::Unavailable(other.to_string()),
        }
    }
}

impl From<reqwest::Error> for Refused {
    fn from(error: reqwest::Error) -> Self {
        let nothing_went_out = error.is_connect() || error.is_builder();
        // The address of a webhook holds its token.
        let text = error.without_url().to_string();
        match nothing_went_out {
            true => Self::NotSent(text),
            false => Self::Unreachable(text),
        }
    }
}

/// What an answer asks us to wait.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limit {
    /// For how long; `None` where neither headers nor body say.
    pub pause: Option<Duration>,
    /// For everything that we ask, not only for this route.
    pub everywhere: bool,
    /// The answer is not Discord's own but a page of the network before it, which may have shut out our address.
    pub page: bool,
}

/// An answer that is no success.
#[derive(Debug)]
pub enum Bad {
    /// A limit was met; nothing was done.
    Limited(Limit),
    /// Anything else.
    Refused(Refused),
}

impl From<reqwest::Error> for Bad {
    fn from(error: reqwest::Error) -> Self {
        Self::Refused(error.into())
    }
}

/// Reads an answer that is no success.
pub fn read(status: u16, headers: &HeaderMap, body: &[u8]) -> Bad {
    #[derive(Deserialize)]
    struct Body {
        #[serde(default)]
        code: i64,
        #[serde(default)]
        message: String,
        retry_after: Option<f64>,
        #[serde(default)]
        global: bool,
    }
    let body: Option<Body> = serde_json::from_slice(body).ok();
    let (code, message) = body.as_ref().map_or_else(
        || (0, "an answer without Discord's words".to_owned()),
        |body| (body.code, body.message.clone()),
    );
    if meaning(status, code) != Meaning::Limited {
        return Bad::Refused(Refused::Answered {
            status,
            code,
            message,
        });
    }
    let named = body.as_ref().and_then(|body| body.retry_after);
    let seconds = named
        .or_else(|| number(headers, "retry-after"))
        .or_else(|| number(headers, "x-ratelimit-reset-after"));
    Bad::Limited(Limit {
        pause: seconds.and_then(|s| Duration::try_from_secs_f64(s).ok()),
        everywhere: body.as_ref().is_some_and(|body| body.global)
            || headers.contains_key("x-ratelimit-global"),
        page: body.is_none() && !headers.contains_key("x-ratelimit-scope"),
    })
}

fn number(headers: &HeaderMap, name: &str) -> Option<f64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| {
                let name = reqwest::header::HeaderName::from_static(name);
                (name, value.parse().unwrap())
            })
            .collect()
    }

    fn limit(status: u16, of: &[(&'static str, &str)], body: &str) -> Limit {
        match read(status, &headers(of), body.as_bytes()) {
            Bad::Limited(limit) => limit,
            Bad::Refused(refused) => panic!("{refused}"),
        }
    }

    #[test]
    fn a_pause_is_read_from_the_body_else_from_the_headers_whatever_the_body_is() {
        let exact =
            r#"{"message":"You are being rate limited.","retry_after":0.65,"global":false}"#;
        let read = limit(
            429,
            &[("retry-after", "1"), ("x-ratelimit-scope", "user")],
            exact,
        );
        assert_eq!(read.pause, Some(Duration::from_millis(650)));
        assert!(!read.everywhere && !read.page);

        let page = limit(429, &[("retry-after", "600")], "<html>error 1015</html>");
        assert_eq!(page.pause, Some(Duration::from_secs(600)));
        assert!(page.page);

        let bare = limit(
            429,
            &[
                ("x-ratelimit-reset-after", "2.5"),
                ("x-ratelimit-scope", "shared"),
            ],
            "",
        );
        assert_eq!(bare.pause, Some(Duration::from_millis(2_500)));
        assert!(!bare.page);

        assert_eq!(limit(429, &[], "").pause, None);
        assert_eq!(limit(429, &[("retry-after", "soon")], "").pause, None);
        assert!(limit(429, &[("x-ratelimit-global", "true")], "{}").everywhere);
    }

    #[test]
    fn a_limit_that_comes_with_another_status_is_a_limit() {
        let slow = r#"{"message":"slowmode","code":20016,"retry_after":12.5}"#;
        assert_eq!(
            limit(400, &[], slow).pause,
            Some(Duration::from_millis(12_500))
        );
    }

    #[test]
    fn a_refusal_tells_the_person_what_to_do_next() {
        let answered = |status, code| {
            SpeakError::from(Refused::Answered {
                status,
                code,
                message: String::new(),
            })
        };
        assert!(matches!(
            answered(403, 50013),
            SpeakError::MissingPermission { .. }
        ));
        for gone in [(404, 10003), (400, 50083), (403, 50007), (400, 160_005)] {
            assert!(matches!(answered(gone.0, gone.1), SpeakError::ChannelGone));
        }
        assert!(matches!(answered(500, 0), SpeakError::Unavailable(_)));
        assert!(matches!(answered(400, 200_000), SpeakError::ContentRefused));
        assert!(matches!(answered(401, 0), SpeakError::LockedOut));
        assert!(matches!(
            Refused::Pause { seconds: 9 }.into(),
            SpeakError::RateLimited { seconds: 9 }
        ));
    }
}
