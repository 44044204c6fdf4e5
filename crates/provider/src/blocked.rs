//! Web pages that a gateway in front of an endpoint answers with: they say nothing of the key or the model.

use reqwest::header::{HeaderMap, SERVER};

/// Cloudflare, as people know it.
const CLOUDFLARE: &str = "Cloudflare";
/// What stands in its pages of challenge, refusal and rate limit.
/// <https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/>
const PAGES: [&str; 6] = [
    "just a moment",
    "attention required",
    "cf-chl",
    "cf-error",
    "you have been blocked",
    "error code: 10",
];
/// The header of its challenges. <https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/>
const MITIGATED: &str = "cf-mitigated";

/// Who keeps requests from the endpoint, if this is the answer of somebody who does.
pub(crate) fn by(status: u16, headers: &HeaderMap, body: &str, html: bool) -> Option<&'static str> {
    if headers.contains_key(MITIGATED) {
        return Some(CLOUDFLARE);
    }
    let server = headers.get(SERVER).and_then(|server| server.to_str().ok());
    let body = body.to_ascii_lowercase();
    let its_own = server.is_some_and(|server| server.eq_ignore_ascii_case(CLOUDFLARE))
        || body.contains("cloudflare");
    let plain = body.trim_start().starts_with("error code: 10");
    let is_page = (html || plain) && PAGES.iter().any(|words| body.contains(words));
    match status {
        403 | 429 | 503 if is_page && (its_own || plain) => Some(CLOUDFLARE),
        403 if html => Some("a gateway in front of it"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| {
            (
                reqwest::header::HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        pairs.collect()
    }

    #[test]
    fn a_page_of_cloudflare_is_known_by_header_server_or_words() {
        let page = "<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>";
        let limited = "<html>Error 1015 <div class=\"cf-error-details\">You are being rate limited";
        let cloudflare = headers(&[("server", "cloudflare")]);
        let mitigated = headers(&[("cf-mitigated", "challenge")]);
        for (status, headers, body) in [
            (403, &mitigated, page),
            (403, &cloudflare, page),
            (503, &cloudflare, page),
            (429, &cloudflare, limited),
        ] {
            assert_eq!(
                by(status, headers, body, true),
                Some(CLOUDFLARE),
                "{status}"
            );
        }
        assert_eq!(
            by(429, &cloudflare, "error code: 1015", false),
            Some(CLOUDFLARE)
        );
    }

    #[test]
    fn what_comes_through_cloudflare_from_the_endpoint_is_the_endpoints() {
        let cloudflare = headers(&[("server", "cloudflare")]);
        for (status, body, html) in [
            (
                403,
                r#"{"error":{"message":"no access to this model"}}"#,
                false,
            ),
            (
                503,
                "<html><body>503 Service Unavailable</body></html>",
                true,
            ),
            (401, "<html><body>401</body></html>", true),
            (429, r#"{"error":{"message":"Rate limit reached"}}"#, false),
        ] {
            assert_eq!(by(status, &cloudflare, body, html), None, "{body}");
        }
        let other = by(403, &HeaderMap::new(), "<html>Forbidden</html>", true);
        assert_eq!(other, Some("a gateway in front of it"));
    }
}
