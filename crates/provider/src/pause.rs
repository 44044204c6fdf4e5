//! How long an endpoint asks to be left alone: in a header, or in the words of its answer.

use std::time::Duration;

use chrono::DateTime;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// A longer pause than this is as good as none told.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// What stands before a pause, in lower case: sentences (Zhipu, Groq, OpenAI, Google), then fields (Google's `RetryInfo`, and
/// gateways).
const BEFORE: [&str; 13] = [
    "请在",
    "请等待",
    "请于",
    "请稍候",
    "try again in",
    "retry in",
    "retry after",
    "try again after",
    "please wait",
    "retrydelay",
    "retry_after_seconds",
    "retry_after",
    "retry-after",
];
/// Units, the longer words first.
const UNITS: [(&str, f64); 17] = [
    ("毫秒", 0.001),
    ("分钟", 60.0),
    ("小时", 3600.0),
    ("秒", 1.0),
    ("分", 60.0),
    ("milliseconds", 0.001),
    ("minutes", 60.0),
    ("minute", 60.0),
    ("seconds", 1.0),
    ("second", 1.0),
    ("hours", 3600.0),
    ("hour", 3600.0),
    ("min", 60.0),
    ("ms", 0.001),
    ("h", 3600.0),
    ("m", 60.0),
    ("s", 1.0),
];

/// Limits that are told in headers: what is left of each, and when it begins anew. OpenAI and Groq; OpenRouter and GitHub;
/// Anthropic.
const LIMITS: [(&str, &str); 7] = [
    (
        "x-ratelimit-remaining-requests",
        "x-ratelimit-reset-requests",
    ),
    ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
    ("x-ratelimit-remaining", "x-ratelimit-reset"),
    (
        "anthropic-ratelimit-requests-remaining",
        "anthropic-ratelimit-requests-reset",
    ),
    (
        "anthropic-ratelimit-tokens-remaining",
        "anthropic-ratelimit-tokens-reset",
    ),
    (
        "anthropic-ratelimit-input-tokens-remaining",
        "anthropic-ratelimit-input-tokens-reset",
    ),
    (
        "anthropic-ratelimit-output-tokens-remaining",
        "anthropic-ratelimit-output-tokens-reset",
    ),
];
/// From here on a number is a time since 1970 in seconds, and from a thousand times of it on in milliseconds.
const EPOCH: f64 = 1e9;

/// The pause that an answer asks for.
pub(crate) fn told(headers: &HeaderMap, body: &str) -> Option<Duration> {
    in_headers(headers).or_else(|| in_words(body))
}

/// `retry-after` in seconds or as a date (measured against the server's own `date`), or OpenAI's milliseconds.
fn in_headers(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::trim)
    };
    let milliseconds = text("retry-after-ms")
        .and_then(|ms| ms.parse::<f64>().ok())
        .map(|ms| ms / 1000.0);
    let value = text(RETRY_AFTER.as_str());
    let seconds = milliseconds
        .or_else(|| value.and_then(|value| value.parse().ok()))
        .or_else(|| {
            let until = DateTime::parse_from_rfc2822(value?).ok()?;
            let now = DateTime::parse_from_rfc2822(text(DATE.as_str())?).ok()?;
            Some((until - now).num_milliseconds() as f64 / 1000.0)
        })
        .or_else(|| {
            let used_up = LIMITS.iter().filter(|(left, _)| text(left) == Some("0"));
            let resets = used_up.filter_map(|(_, reset)| until(text(reset)?, text(DATE.as_str())));
            resets.reduce(f64::max)
        })?;
    believable(seconds.max(0.0))
}

/// The time to a reset: "6s" and "1m30s", seconds, or a moment, which is measured against the server's own `date`.
fn until(reset: &str, date: Option<&str>) -> Option<f64> {
    let moment = match reset.parse::<f64>() {
        Ok(number) if number >= EPOCH * 1000.0 => number / 1000.0,
        Ok(number) if number >= EPOCH => number,
        Ok(number) => return Some(number),
        Err(_) => match DateTime::parse_from_rfc3339(reset) {
            Ok(moment) => moment.timestamp_millis() as f64 / 1000.0,
            Err(_) => return seconds(reset),
        },
    };
    let now = DateTime::parse_from_rfc2822(date?).ok()?;
    Some(moment - now.timestamp() as f64)
}

/// A pause in a sentence or a field of the body: "try again in 7m12.5s", `"retryDelay": "30s"`.
pub(crate) fn in_words(body: &str) -> Option<Duration> {
    let body = body.to_ascii_lowercase();
    BEFORE.iter().find_map(|before| {
        let at = body.find(before)? + before.len();
        let after = body[at..].trim_start_matches(['"', '\\', ':', ' ', '\'']);
        seconds(after).and_then(believable)
    })
}

fn believable(seconds: f64) -> Option<Duration> {
    let pause = Duration::try_from_secs_f64(seconds).ok()?;
    (pause <= LONGEST).then_some(pause)
}

/// "4.77s", "1h2m3s", "20 seconds", "20".
fn seconds(text: &str) -> Option<f64> {
    let (mut rest, mut sum) = (text, None);
    loop {
        let digits = rest
            .find(|c: char| !(c.is_ascii_digit() || c == '.'))
            .unwrap_or(rest.len());
        let Ok(number) = rest[..digits].trim_end_matches('.').parse::<f64>() else {
            return sum;
        };
        rest = rest[digits..].trim_start_matches(' ');
        let unit = UNITS.iter().find(|(name, _)| rest.starts_with(name));
        let Some((name, factor)) = unit else {
            return sum.or(Some(number));
        };
        sum = Some(sum.unwrap_or(0.0) + number * factor);
        rest = rest[name.len()..].trim_start_matches(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    #[test]
    fn a_pause_is_read_in_every_form_of_a_header() {
        let with = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            in_headers(&headers)
        };
        assert_eq!(
            with(&[("retry-after", "20")]),
            Some(Duration::from_secs(20))
        );
        assert_eq!(
            with(&[("retry-after", "0.5")]),
            Some(Duration::from_millis(500))
        );
        assert_eq!(
            with(&[("retry-after", "20"), ("retry-after-ms", "1500")]),
            Some(Duration::from_millis(1500))
        );
        let date = ("date", "Wed, 21 Oct 2026 07:28:00 GMT");
        assert_eq!(
            with(&[("retry-after", "Wed, 21 Oct 2026 07:28:30 GMT"), date]),
            Some(Duration::from_secs(30))
        );
        assert_eq!(
            with(&[("retry-after", "Wed, 21 Oct 2026 07:00:00 GMT"), date]),
            Some(Duration::ZERO)
        );
        let now = ("date", "Wed, 21 Oct 2026 07:28:00 GMT");
        for (left, reset, value) in [
            (
                "x-ratelimit-remaining-requests",
                "x-ratelimit-reset-requests",
                "6s",
            ),
            (
                "x-ratelimit-remaining-tokens",
                "x-ratelimit-reset-tokens",
                "6000ms",
            ),
            (
                "x-ratelimit-remaining",
                "x-ratelimit-reset",
                "1792567686000",
            ),
            ("x-ratelimit-remaining", "x-ratelimit-reset", "1792567686"),
            (
                "anthropic-ratelimit-requests-remaining",
                "anthropic-ratelimit-requests-reset",
                "2026-10-21T07:28:06Z",
            ),
        ] {
            let told = with(&[(left, "0"), (reset, value), now]);
            assert_eq!(told, Some(Duration::from_secs(6)), "{reset}: {value}");
            assert_eq!(with(&[(left, "3"), (reset, value), now]), None, "{left}");
        }
        for nonsense in ["soon", "-5e400", "NaN", "99999999999"] {
            assert!(
                with(&[("retry-after", nonsense)]).is_none_or(|pause| pause.is_zero()),
                "{nonsense}"
            );
        }
    }

    #[test]
    fn a_pause_is_read_out_of_words_too() {
        for (body, expected) in [
            ("您的请求过于频繁，请在 6 秒后重试。", Some(6.0)),
            (
                "Limit 6000, Used 5034. Please try again in 4.77s.",
                Some(4.77),
            ),
            ("Please try again in 7m12.5s. Visit", Some(432.5)),
            ("Please try again in 1h0m3s", Some(3603.0)),
            ("Please try again in 20ms.", Some(0.02)),
            ("Please retry in 36.5s.", Some(36.5)),
            ("Please retry after 20 seconds.", Some(20.0)),
            ("retry after 1 minute", Some(60.0)),
            (r#"{"@type":"x.RetryInfo","retryDelay":"30s"}"#, Some(30.0)),
            (r#"{"metadata":{"retry_after_seconds": 12}}"#, Some(12.0)),
            ("Please try again in a moment.", None),
            ("Please try again later.", None),
            ("retry after 9999999 s", None),
        ] {
            let expected = expected.map(Duration::from_secs_f64);
            assert_eq!(in_words(body), expected, "{body}");
        }
    }
}
