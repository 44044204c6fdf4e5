//! Why no connection was made, read out of what is nested in a client's error, and what mends it.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};

/// Why an endpoint cannot be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreached {
    /// Its name leads nowhere.
    NoSuchHost,
    /// Nothing listens there.
    Refused,
    /// There is no way to it.
    NoRoute,
    /// A proxy does not let it through.
    Proxy,
    /// Nobody whom this machine trusts vouches for it.
    Untrusted,
    /// Its certificate is of another time.
    Expired,
    /// Its certificate is for another name.
    WrongName,
    /// It is a plain server.
    NoTls,
    /// Something else about TLS.
    Insecure,
    /// It took the request, and hung up.
    HungUp,
}

/// How the system's TLS library says what is wrong, in lower case; OpenSSL's words first. The order counts: each of the
/// first three comes inside a "certificate verify failed".
const TLS: [(&str, Unreached); 11] = [
    ("certificate has expired", Unreached::Expired),
    ("not yet valid", Unreached::Expired),
    ("hostname mismatch", Unreached::WrongName),
    ("ip address mismatch", Unreached::WrongName),
    ("certificate verify failed", Unreached::Untrusted),
    ("self-signed", Unreached::Untrusted),
    ("not trusted", Unreached::Untrusted),
    ("wrong version number", Unreached::NoTls),
    ("packet length too long", Unreached::NoTls),
    ("http request", Unreached::NoTls),
    ("record overflow", Unreached::NoTls),
];

impl Unreached {
    /// Reads a failed connection.
    pub(crate) fn read(error: &reqwest::Error) -> Self {
        if error.is_dns() {
            return Self::NoSuchHost;
        }
        let (mut kinds, mut texts) = (vec![], vec![]);
        let mut source = error.source();
        while let Some(error) = source {
            kinds.extend(error.downcast_ref::<io::Error>().map(io::Error::kind));
            texts.push(error.to_string().to_lowercase());
            source = error.source();
        }
        Self::of(&kinds, &texts.join(": "))
    }

    /// Decides by what is nested: kinds of system errors, and all that is said in lower case.
    fn of(kinds: &[ErrorKind], said: &str) -> Self {
        let has = |any: &[ErrorKind]| kinds.iter().any(|kind| any.contains(kind));
        if said.contains("tunnel") || said.contains("proxy") {
            return Self::Proxy;
        }
        if has(&[ErrorKind::ConnectionRefused]) {
            return Self::Refused;
        }
        if has(&[ErrorKind::NetworkUnreachable, ErrorKind::HostUnreachable]) {
            return Self::NoRoute;
        }
        let known = TLS.iter().find(|(words, _)| said.contains(words));
        known.map_or(Self::Insecure, |(_, cause)| *cause)
    }

    /// What whoever runs the bot can do.
    pub(crate) fn mend(self) -> &'static str {
        match self {
            Self::NoSuchHost => {
                "Check base_url in the configuration, and that this machine can look up names"
            }
            Self::NoRoute => "Check base_url in the configuration, and this machine's network",
            Self::Proxy => "Check the environment's HTTPS_PROXY, HTTP_PROXY and NO_PROXY",
            Self::Untrusted => {
                "Add its CA to the system's store, or set SSL_CERT_FILE to a file that holds it"
            }
            Self::Expired => "Renew the certificate there, and check this machine's clock",
            Self::WrongName => "Write base_url with a name that the certificate is for",
            Self::NoTls => {
                "If it is a plain server, write base_url with http://; else with the port on which it speaks TLS"
            }
            Self::Refused | Self::Insecure | Self::HungUp => {
                "Check base_url in the configuration, and that the server runs"
            }
        }
    }
}

impl fmt::Display for Unreached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSuchHost => "no such host",
            Self::Refused => "connection refused",
            Self::NoRoute => "no way leads there",
            Self::Proxy => "a proxy does not let it through",
            Self::Untrusted => "its certificate is not trusted",
            Self::Expired => "its certificate has expired, or is not valid yet",
            Self::WrongName => "its certificate is for another name",
            Self::NoTls => "it does not speak TLS, and base_url says https",
            Self::Insecure => "no secure connection",
            Self::HungUp => "it closed the connection without an answer",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_is_told_apart_by_what_is_nested() {
        let verify = "client error (connect): error:0a000086:ssl routines:tls_post_process_server_certificate:certificate verify failed:../ssl/statem/statem_clnt.c:2123:";
        for (kinds, said, expected) in [
            (
                &[ErrorKind::ConnectionRefused][..],
                "tcp connect error",
                Unreached::Refused,
            ),
            (
                &[ErrorKind::NetworkUnreachable],
                "tcp connect error",
                Unreached::NoRoute,
            ),
            (
                &[],
                &format!("{verify} (self-signed certificate)"),
                Unreached::Untrusted,
            ),
            (
                &[],
                &format!("{verify} (unable to get local issuer certificate)"),
                Unreached::Untrusted,
            ),
            (
                &[],
                &format!("{verify} (certificate has expired)"),
                Unreached::Expired,
            ),
            (
                &[],
                &format!("{verify} (hostname mismatch)"),
                Unreached::WrongName,
            ),
            (
                &[],
                "error:0a00010b:ssl routines:tls_validate_record_header:wrong version number",
                Unreached::NoTls,
            ),
            (
                &[],
                "error:0a0000c6:ssl routines::packet length too long",
                Unreached::NoTls,
            ),
            (
                &[ErrorKind::UnexpectedEof],
                "unexpected eof",
                Unreached::Insecure,
            ),
            (
                &[],
                "client error (connect): tunnel error: unsuccessful",
                Unreached::Proxy,
            ),
        ] {
            assert_eq!(Unreached::of(kinds, said), expected, "{said}");
        }
        assert!(Unreached::Untrusted.mend().contains("SSL_CERT_FILE"));
    }
}
