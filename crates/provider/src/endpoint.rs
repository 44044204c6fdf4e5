//! Where a provider lives: its address, its key and the connections to it.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use crate::complaint::Asked;
use crate::deadlines::Deadlines;
use crate::manners::{Manners, Sent};
use crate::thinking::Habit;

/// Hosts whose API does not begin at `/v1`.
const ROOTS: [(&str, &str); 4] = [
    ("openrouter.ai", "/api/v1"),
    ("api.groq.com", "/openai/v1"),
    ("generativelanguage.googleapis.com", "/v1beta/openai"),
    ("api.z.ai", "/api/paas/v4"),
];
/// Azure's hosts (<https://learn.microsoft.com/azure/foundry/openai/api-version-lifecycle>). They take the key in a header
/// of their own: a bearer is a token of Entra there.
const AZURE: [&str; 3] = [
    "openai.azure.com",
    "services.ai.azure.com",
    "cognitiveservices.azure.com",
];
/// Where a deployment of Azure is.
const AZURE_DEPLOYMENTS: &str = "/openai/deployments/";
/// Where Azure's API begins.
const AZURE_ROOT: &str = "/openai/v1";
/// Where Azure's API for Anthropic's models begins.
const AZURE_MESSAGES: &str = "/anthropic/v1";
/// What people paste behind the base URL.
const TAILS: [&str; 5] = [
    "/chat/completions",
    "/completions",
    "/messages",
    "/models",
    "/embeddings",
];
/// Local servers close idle connections after about five seconds; one that is written to in that moment is lost.
const IDLE_PLAIN: Duration = Duration::from_secs(4);
const IDLE_TLS: Duration = Duration::from_secs(60);

/// A provider's address and key, and the pool of connections to it. Clones share the pool: make one for all models of a
/// provider.
#[derive(Clone)]
pub struct Endpoint {
    base: Url,
    key: SecretString,
    client: reqwest::Client,
    deadlines: Deadlines,
    generation_lookup: bool,
    plain_replies: bool,
}

/// Why an address or key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// It is no URL.
    #[error(
        "base_url is no web address. Write it like https://api.openai.com/v1 or http://localhost:11434"
    )]
    NotAnAddress,
    /// A user name or password stands in the URL, where logs would show it.
    #[error(
        "base_url holds a user name or password. Take it out, and give the key by api_key_env or api_key_file."
    )]
    SecretInAddress,
    /// The key holds characters that no header can carry.
    #[error(
        "The API key holds characters that no key has (a line break or a letter outside ASCII). Check where it is read from."
    )]
    BrokenKey,
    /// The TLS library did not start.
    #[error(
        "The system's TLS library could not be started. Check that the system's certificates are installed."
    )]
    Tls,
}

impl Endpoint {
    /// Takes the address as people write it: with or without `/v1`, with a slash or a route behind it. Without a path the
    /// API's usual root is meant.
    ///
    /// # Errors
    /// If the address or the key cannot be used at all. Nothing is connected to yet.
    pub fn new(
        base_url: &str,
        key: Option<SecretString>,
        deadlines: Deadlines,
    ) -> Result<Endpoint, EndpointError> {
        let base = root(base_url)?;
        let key = SecretString::from(
            key.map(|key| key.expose_secret().trim().to_owned())
                .unwrap_or_default(),
        );
        if key
            .expose_secret()
            .bytes()
            .any(|byte| !byte.is_ascii_graphic())
        {
            return Err(EndpointError::BrokenKey);
        }
        let idle = if base.scheme() == "https" {
            IDLE_TLS
        } else {
            IDLE_PLAIN
        };
        let mut client = reqwest::Client::builder()
            .user_agent(concat!("familiar/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(deadlines.connect)
            .pool_idle_timeout(idle)
            .tcp_nodelay(true)
            // A retry is a new hold, so it is never made here; and a redirect would carry the prompt to a stranger.
            .retry(reqwest::retry::never())
            .redirect(reqwest::redirect::Policy::none());
        if is_this_machine(&base) {
            client = client.no_proxy();
            if base.scheme() == "http" {
                // Reading the system's certificates takes 40 ms and some memory, and here nobody shows one.
                client = client.tls_certs_only([]);
            }
        }
        let client = client.build().map_err(|_| EndpointError::Tls)?;
        Ok(Endpoint {
            base,
            key,
            client,
            deadlines,
            generation_lookup: false,
            plain_replies: false,
        })
    }

    /// Whether its models are known never to begin a reply in the middle of a thought, as some templates make them do.
    #[must_use]
    pub fn with_plain_replies(mut self, plain: bool) -> Endpoint {
        self.plain_replies = plain;
        self
    }

    /// What is known of how a model here writes its thoughts. OpenAI and Anthropic themselves keep them out of the text.
    pub(crate) fn habit(&self, manners: &Manners) -> Habit {
        let plain = ["api.openai.com", "anthropic.com"]
            .iter()
            .any(|host| self.is_at(host));
        Habit::of(plain || self.plain_replies, manners)
    }

    /// Says that calls can be asked about afterwards as at OpenRouter, for addresses that do not tell so themselves.
    #[must_use]
    pub fn with_generation_lookup(mut self, can: bool) -> Endpoint {
        self.generation_lookup = can;
        self
    }

    /// Whether calls can be asked about afterwards.
    pub(crate) fn looks_up(&self) -> bool {
        self.generation_lookup || self.is_at("openrouter.ai")
    }

    /// Host and port, for people.
    #[must_use]
    pub fn host(&self) -> String {
        let host = self.base.host_str().unwrap_or_default();
        self.base
            .port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// The server behind it: one of this machine has many addresses, and its models share what it can do at once.
    #[must_use]
    pub fn server(&self) -> String {
        let port = self.base.port_or_known_default().unwrap_or_default();
        match is_this_machine(&self.base) {
            true => format!("localhost:{port}"),
            false => format!("{}:{port}", self.base.host_str().unwrap_or_default()),
        }
    }

    /// Whether it is this machine: such a model costs nothing.
    #[must_use]
    pub fn is_local(&self) -> bool {
        is_this_machine(&self.base)
    }

    /// The deadlines of every call.
    #[must_use]
    pub fn deadlines(&self) -> Deadlines {
        self.deadlines
    }

    /// Whether the address is of this host or a part of it.
    pub(crate) fn is_at(&self, domain: &str) -> bool {
        is_part(self.base.host_str().unwrap_or_default(), domain)
    }

    /// Whether it is a service of Azure.
    pub(crate) fn is_azure(&self) -> bool {
        AZURE.iter().any(|domain| self.is_at(domain))
    }

    /// Whether it is one, or a gateway in front of one: only Azure has deployments.
    pub(crate) fn speaks_azure(&self) -> bool {
        self.is_azure() || self.base.path().contains(AZURE_DEPLOYMENTS)
    }

    /// The same for Anthropic's dialect, whose routes begin with `/v1` below whatever base a vendor gives it
    /// (`/anthropic`, `/api/anthropic`, `/coding`).
    pub(crate) fn for_messages(mut self) -> Endpoint {
        let path = self.base.path().trim_end_matches('/');
        let last = path.rsplit('/').next().unwrap_or_default();
        let versioned = last.len() > 1
            && last
                .strip_prefix('v')
                .is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
        let path = match path {
            AZURE_ROOT if self.is_azure() => AZURE_MESSAGES.to_owned(),
            path if versioned => path.to_owned(),
            path => format!("{path}/v1"),
        };
        self.base.set_path(&path);
        self
    }

    /// The address of a route below the base.
    pub(crate) fn route(&self, route: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!(
            "{}/{route}",
            self.base.path().trim_end_matches('/')
        ));
        url
    }

    /// An address at the same server, outside of its API.
    pub(crate) fn beside(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(path);
        url.set_query(None);
        url
    }

    pub(crate) fn has_key(&self) -> bool {
        !self.key.expose_secret().is_empty()
    }

    /// The key as a header's value, with `before` in front; none if there is no key.
    pub(crate) fn key_header(&self, before: &str) -> Option<HeaderValue> {
        if !self.has_key() {
            return None;
        }
        let mut value =
            HeaderValue::from_str(&format!("{before}{}", self.key.expose_secret())).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    pub(crate) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// What an error answer is read against.
    pub(crate) fn asked(&self, model: &str) -> Asked {
        Asked {
            host: self.host(),
            model: model.to_owned(),
            key: self.key.clone(),
            sent: Sent::default(),
            manners: Manners::default(),
        }
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("host", &self.host())
            .field("has_key", &self.has_key())
            .finish()
    }
}

/// Whether a host is this domain or a part of it.
fn is_part(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn root(given: &str) -> Result<Url, EndpointError> {
    let mut url = Url::parse(given.trim()).map_err(|_| EndpointError::NotAnAddress)?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(EndpointError::NotAnAddress);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(EndpointError::SecretInAddress);
    }
    url.set_fragment(None);
    let host = url.host_str().unwrap_or_default();
    let azure = AZURE.iter().any(|domain| is_part(host, domain));
    let mut path = url.path().trim_end_matches('/');
    for tail in TAILS {
        // Azure has models of all makers below `/models`.
        if !(azure && path == "/models") {
            path = path.strip_suffix(tail).unwrap_or(path);
        }
    }
    let path = path.trim_end_matches('/').to_owned();
    let named = ROOTS.iter().find(|(domain, _)| host == *domain);
    let usual = match named {
        Some((_, root)) => root,
        None if azure => AZURE_ROOT,
        None => "/v1",
    };
    // The beginning of the usual root ("https://openrouter.ai/api") is a root cut short.
    let path = if usual.starts_with(&path) {
        usual.to_owned()
    } else {
        path
    };
    url.set_path(&path);
    Ok(url)
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback() || ip.is_unspecified(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(base: &str) -> Endpoint {
        Endpoint::new(
            base,
            Some("sk-secret".to_owned().into()),
            Deadlines::default(),
        )
        .unwrap()
    }

    #[test]
    fn an_address_is_taken_as_people_write_it() {
        for (given, expected) in [
            (
                "https://api.openai.com",
                "https://api.openai.com/v1/chat/completions",
            ),
            (
                "https://api.openai.com/v1/",
                "https://api.openai.com/v1/chat/completions",
            ),
            (
                "https://api.openai.com/v1/chat/completions",
                "https://api.openai.com/v1/chat/completions",
            ),
            (
                " http://localhost:11434 ",
                "http://localhost:11434/v1/chat/completions",
            ),
            (
                "https://openrouter.ai",
                "https://openrouter.ai/api/v1/chat/completions",
            ),
            (
                "https://openrouter.ai/api",
                "https://openrouter.ai/api/v1/chat/completions",
            ),
            (
                "https://openrouter.ai/api/v1",
                "https://openrouter.ai/api/v1/chat/completions",
            ),
            (
                "https://api.groq.com",
                "https://api.groq.com/openai/v1/chat/completions",
            ),
            (
                "https://api.groq.com/openai/v1",
                "https://api.groq.com/openai/v1/chat/completions",
            ),
            (
                "https://api.deepseek.com",
                "https://api.deepseek.com/v1/chat/completions",
            ),
            (
                "https://api.mistral.ai/v1",
                "https://api.mistral.ai/v1/chat/completions",
            ),
            (
                "http://127.0.0.1:1234/v1",
                "http://127.0.0.1:1234/v1/chat/completions",
            ),
            (
                "https://res.openai.azure.com",
                "https://res.openai.azure.com/openai/v1/chat/completions",
            ),
            (
                "https://res.openai.azure.com/openai",
                "https://res.openai.azure.com/openai/v1/chat/completions",
            ),
            (
                "https://res.openai.azure.com/openai/deployments/gpt-4o?api-version=2024-10-21",
                "https://res.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21",
            ),
            (
                "https://res.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21",
                "https://res.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21",
            ),
            (
                "https://res.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview",
                "https://res.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview",
            ),
            (
                "https://generativelanguage.googleapis.com",
                "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
            ),
            (
                "https://generativelanguage.googleapis.com/v1beta/openai/",
                "https://generativelanguage.googleapis.com/v1beta/openai/chat/completions",
            ),
            (
                "https://house.example/llm/v1?api-version=3",
                "https://house.example/llm/v1/chat/completions?api-version=3",
            ),
        ] {
            assert_eq!(
                endpoint(given).route("chat/completions").as_str(),
                expected,
                "{given}"
            );
        }
        assert_eq!(
            endpoint("https://api.anthropic.com/v1/messages")
                .route("messages")
                .as_str(),
            "https://api.anthropic.com/v1/messages"
        );
    }

    #[test]
    fn anthropics_dialect_is_found_below_a_vendors_base() {
        for (given, expected) in [
            ("https://api.anthropic.com", "https://api.anthropic.com/v1"),
            (
                "https://api.deepseek.com/anthropic",
                "https://api.deepseek.com/anthropic/v1",
            ),
            (
                "https://api.deepseek.com/anthropic/v1/messages",
                "https://api.deepseek.com/anthropic/v1",
            ),
            (
                "https://api.z.ai/api/anthropic/",
                "https://api.z.ai/api/anthropic/v1",
            ),
            (
                "https://api.kimi.com/coding/",
                "https://api.kimi.com/coding/v1",
            ),
            (
                "https://openrouter.ai/api/v1",
                "https://openrouter.ai/api/v1",
            ),
            (
                "https://gateway.ai.cloudflare.com/v1/a/g/anthropic",
                "https://gateway.ai.cloudflare.com/v1/a/g/anthropic/v1",
            ),
            (
                "https://res.services.ai.azure.com/anthropic",
                "https://res.services.ai.azure.com/anthropic/v1",
            ),
            (
                "https://res.services.ai.azure.com",
                "https://res.services.ai.azure.com/anthropic/v1",
            ),
        ] {
            let url = endpoint(given).for_messages().route("messages");
            assert_eq!(url.as_str(), format!("{expected}/messages"), "{given}");
        }
    }

    #[test]
    fn an_address_that_cannot_be_used_says_what_to_write() {
        let error = |base| Endpoint::new(base, None, Deadlines::default()).unwrap_err();
        assert_eq!(error("api.openai.com"), EndpointError::NotAnAddress);
        assert_eq!(error("file:///etc"), EndpointError::NotAnAddress);
        assert_eq!(
            error("https://me:secret@house.example"),
            EndpointError::SecretInAddress
        );
    }

    #[test]
    fn a_key_is_trimmed_checked_and_never_shown() {
        let with = |key: &str| {
            Endpoint::new(
                "http://localhost",
                Some(key.to_owned().into()),
                Deadlines::default(),
            )
        };
        assert_eq!(with("sk-a\nsk-b").unwrap_err(), EndpointError::BrokenKey);
        let endpoint = with(" sk-secret\n").unwrap();
        assert_eq!(
            endpoint.key_header("Bearer ").unwrap().as_bytes(),
            b"Bearer sk-secret"
        );
        let header = endpoint.key_header("");
        assert!(
            !format!("{endpoint:?} {header:?} {:?}", endpoint.asked("m")).contains("sk-secret")
        );
    }

    #[test]
    fn a_server_is_the_same_under_each_of_its_addresses() {
        let server = |url: &str| endpoint(url).server();
        for here in [
            "http://localhost:8080/v1",
            "http://127.0.0.1:8080",
            "http://[::1]:8080/v1/chat/completions",
        ] {
            assert_eq!(server(here), "localhost:8080", "{here}");
        }
        assert_ne!(
            server("http://localhost:8080"),
            server("http://localhost:8081")
        );
        assert_eq!(
            server("http://192.168.1.9"),
            server("http://192.168.1.9:80/v1")
        );
    }

    #[test]
    fn this_machine_is_recognised() {
        for local in [
            "http://localhost:1",
            "http://127.0.0.2",
            "http://[::1]:8080",
            "http://0.0.0.0:8000",
        ] {
            assert!(endpoint(local).is_local(), "{local}");
        }
        assert!(!endpoint("http://192.168.1.9:11434").is_local());
        assert!(endpoint("https://api.openai.com").is_at("openai.com"));
        assert!(!endpoint("https://notopenai.com").is_at("openai.com"));
    }
}
