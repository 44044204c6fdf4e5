//! Python's simple API: where a package's file is. Indexes answer in JSON (PEP 691) or in HTML (PEP 503).

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;
use url::Url;

use super::source::{Place, shown};
use super::{FetchError, Pin};

/// What is asked for, the easier first.
const ACCEPT: &str = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";
/// The largest page that is read. The one that is asked for has two files.
const LARGEST: usize = 4 * 1024 * 1024;

/// The pinned file's address.
pub(super) async fn find(
    client: &reqwest::Client,
    index: &Place,
    pin: &Pin,
) -> Result<Url, FetchError> {
    let page = index.join(&format!("{}/", pin.package));
    let page = page.ok_or(FetchError::NoAddress("--index"))?;
    let network = |error| FetchError::network(&page, error);
    let missing = || FetchError::NotListed {
        place: shown(&page),
        wheel: pin.wheel.name.clone(),
    };
    let request = index.get(client, &page).header("accept", ACCEPT);
    let mut answer = request.send().await.map_err(network)?;
    match answer.status().as_u16() {
        200 => {}
        404 => return Err(missing()),
        status => {
            return Err(FetchError::Refused {
                place: shown(&page),
                status,
            });
        }
    }
    // Where the page really is: links are relative to that.
    let base = answer.url().clone();
    let mut text = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(network)? {
        text.extend_from_slice(&chunk);
        if text.len() > LARGEST {
            return Err(missing());
        }
    }
    let link = link(&text, &pin.wheel.name).ok_or_else(missing)?;
    let url = base.join(&link).map_err(|_| missing())?;
    matches!(url.scheme(), "http" | "https")
        .then_some(url)
        .ok_or_else(missing)
}

/// The link to a file on an index's page.
fn link(page: &[u8], file: &str) -> Option<String> {
    let text = String::from_utf8_lossy(page);
    match serde_json::from_str::<Value>(&text) {
        Ok(json) => {
            let files = json["files"].as_array()?;
            let entry = files.iter().find(|entry| entry["filename"] == file)?;
            entry["url"].as_str().map(str::to_owned)
        }
        Err(_) => links_in_html(&text).find(|link| names(link, file)),
    }
}

fn links_in_html(text: &str) -> impl Iterator<Item = String> {
    static HREF: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"(?is)<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')"#).ok());
    let found = HREF.iter().flat_map(|href| href.captures_iter(text));
    found.filter_map(|found| {
        let link = found.get(1).or_else(|| found.get(2))?;
        Some(link.as_str().trim().replace("&amp;", "&"))
    })
}

/// Whether a link leads to a file of this name.
fn names(link: &str, file: &str) -> bool {
    let path = link.split(['#', '?']).next().unwrap_or_default();
    path.rsplit('/').next() == Some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "some_model-1.0-py3-none-any.whl";

    #[test]
    fn the_file_is_found_on_either_kind_of_page() {
        let html = r##"<!DOCTYPE html><body>
            <a href="../../f/some_model-1.0.tar.gz#sha256=ab">some_model-1.0.tar.gz</a>
            <A data-requires-python="&gt;=3.8" HREF='../../f/some_model-1.0-py3-none-any.whl?a=1&amp;b=2#sha256=cd'>x</A>"##;
        let found = "../../f/some_model-1.0-py3-none-any.whl?a=1&b=2#sha256=cd";
        assert_eq!(link(html.as_bytes(), FILE).as_deref(), Some(found));
        let json = r#"{"files": [{"filename": "some_model-1.0.tar.gz", "url": "no"},
                                 {"filename": "some_model-1.0-py3-none-any.whl", "url": "https://f/x.whl"}]}"#;
        assert_eq!(
            link(json.as_bytes(), FILE).as_deref(),
            Some("https://f/x.whl")
        );
    }

    #[test]
    fn another_version_is_not_taken() {
        let html =
            r#"<a href="/f/some_model-1.1-py3-none-any.whl">some_model-1.0-py3-none-any.whl</a>"#;
        for page in [html, r#"{"files": []}"#, r#"{"message": "not found"}"#, ""] {
            assert_eq!(link(page.as_bytes(), FILE), None, "{page}");
        }
    }
}
