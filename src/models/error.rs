//! Why a model was not fetched, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use url::Url;

use super::source::shown;

/// Why a model was not fetched. Whatever it was, a model that was there before is still there.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// An address is none.
    #[error(
        "{0} is no web address; write it like https://pypi.org/simple or https://huggingface.co"
    )]
    NoAddress(&'static str),
    /// The server cannot be reached.
    #[error(
        "{place} cannot be reached ({why}). Check the network and HTTPS_PROXY, or name another place: a mirror with --index URL, the model hub with --from hub. What has come is kept, so the same command goes on from there."
    )]
    Unreachable {
        /// What was asked.
        place: String,
        /// Why.
        why: String,
    },
    /// The server says no.
    #[error(
        "{place} answers with {status}. Check the address and its user name and password, or name another place: --index URL, or --from hub."
    )]
    Refused {
        /// What was asked.
        place: String,
        /// The answer.
        status: u16,
    },
    /// The index does not have the pinned file.
    #[error(
        "{place} has no {wheel}. Name an index that has it with --index URL (https://pypi.org/simple does), or take --from hub."
    )]
    NotListed {
        /// The index.
        place: String,
        /// The file.
        wheel: String,
    },
    /// What came is not what was pinned.
    #[error(
        "{what} is not the file that is expected (its {how}), so it was thrown away. Somebody on the way, or the server, gives another one: try again, or name another place with --index URL or --from hub."
    )]
    NotThePinned {
        /// The file.
        what: String,
        /// In what it differs.
        how: &'static str,
    },
    /// The disk is full.
    #[error(
        "the disk of {} is full. Make {megabytes} MB free there, or set instance.data to a folder elsewhere; what has come is kept, so the same command goes on from there.",
        path.display()
    )]
    DiskFull {
        /// What was written.
        path: PathBuf,
        /// What is needed at most.
        megabytes: u64,
    },
    /// A file cannot be written.
    #[error("I cannot write {}: {source}. Check its folder's permissions, or set instance.data to another one.", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Somebody else is at it.
    #[error("another `familiar models fetch` is at work on {}; wait until it is done", .0.display())]
    Busy(PathBuf),
    /// The work itself broke.
    #[error("the download broke off: {0}. Try again.")]
    Broken(String),
}

/// What two copies of the largest model take while one is unpacked from the other.
const MEGABYTES: u64 = 200;

impl FetchError {
    /// An error of the disk at this path.
    pub(super) fn disk(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull {
                path,
                megabytes: MEGABYTES,
            },
            _ => Self::Write { path, source },
        }
    }

    /// An error of the network. The address in it may hold a secret, so that it is told without.
    pub(super) fn network(url: &Url, error: reqwest::Error) -> Self {
        let error = error.without_url();
        let mut why = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(next) = cause {
            // The last cause is the one that says something: "Connection refused".
            why = next.to_string();
            cause = next.source();
        }
        Self::Unreachable {
            place: shown(url),
            why,
        }
    }

    /// What came differs in this.
    pub(super) fn not_the_pinned(what: &str, how: &'static str) -> Self {
        Self::NotThePinned {
            what: what.to_owned(),
            how,
        }
    }
}
