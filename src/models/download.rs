//! One file over HTTP: into a file of its own, from where an earlier attempt stopped, checked before it counts.

use std::path::{Path, PathBuf};

use reqwest::header::{CONTENT_RANGE, RANGE};
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _, SeekFrom};
use url::Url;

use super::source::{Place, shown};
use super::state::is_pinned;
use super::{FetchError, Pinned};

/// A connection that breaks while bytes come is made again this often.
const ATTEMPTS: u32 = 4;

/// A file to be had.
pub(super) struct Download<'a> {
    pub(super) client: &'a reqwest::Client,
    pub(super) place: &'a Place,
    pub(super) url: &'a Url,
    pub(super) file: &'a Pinned,
    /// Where its bytes go.
    pub(super) part: PathBuf,
}

impl Download<'_> {
    /// Fetches the file; `told` hears how many bytes there are. Once this returns, the part is the pinned file.
    pub(super) async fn run(&self, told: &(dyn Fn(u64) + Sync)) -> Result<(), FetchError> {
        // Bytes of an earlier attempt may be of another file, so a wrong whole is fetched anew, once.
        if self.fetch(told).await? && !self.is_right().await? {
            self.remove().await;
            self.fetch(told).await?;
        }
        if self.is_right().await? {
            return Ok(());
        }
        self.remove().await;
        Err(FetchError::not_the_pinned(
            &self.file.name,
            "SHA-256 differs",
        ))
    }

    /// Brings the part to its full length, and says whether any of it is of an earlier attempt.
    async fn fetch(&self, told: &(dyn Fn(u64) + Sync)) -> Result<bool, FetchError> {
        let disk = |source| FetchError::disk(&self.part, source);
        let mut part = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&self.part)
            .await
            .map_err(disk)?;
        let mut have = part.metadata().await.map_err(disk)?.len();
        if have > self.file.bytes {
            have = 0;
        }
        let earlier = have > 0;
        for attempt in 1.. {
            if have == self.file.bytes {
                break;
            }
            let before = have;
            match self.append(&mut part, &mut have, told).await {
                Ok(()) => break,
                Err(FetchError::Unreachable { .. }) if have > before && attempt < ATTEMPTS => {}
                Err(error) => return Err(error),
            }
        }
        part.sync_all().await.map_err(disk)?;
        Ok(earlier)
    }

    /// One request for what is missing.
    async fn append(
        &self,
        part: &mut File,
        have: &mut u64,
        told: &(dyn Fn(u64) + Sync),
    ) -> Result<(), FetchError> {
        let disk = |source| FetchError::disk(&self.part, source);
        let network = |error| FetchError::network(self.url, error);
        let mut request = self.place.get(self.client, self.url);
        if *have > 0 {
            request = request.header(RANGE, format!("bytes={have}-"));
        }
        let mut answer = request.send().await.map_err(network)?;
        let range = answer.headers().get(CONTENT_RANGE);
        let begins = format!("bytes {have}-");
        match answer.status().as_u16() {
            206 if range.is_some_and(|range| range.as_bytes().starts_with(begins.as_bytes())) => {}
            // All of it: this server does not go on from somewhere.
            200 => *have = 0,
            status => {
                return Err(FetchError::Refused {
                    place: shown(self.url),
                    status,
                });
            }
        }
        part.set_len(*have).await.map_err(disk)?;
        part.seek(SeekFrom::Start(*have)).await.map_err(disk)?;
        loop {
            let chunk = match answer.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break,
                Err(error) => {
                    // What has come is kept, also where the next attempt is made by another process.
                    part.flush().await.map_err(disk)?;
                    return Err(network(error));
                }
            };
            if *have + chunk.len() as u64 > self.file.bytes {
                return self.another("size is larger").await;
            }
            part.write_all(&chunk).await.map_err(disk)?;
            *have += chunk.len() as u64;
            told(*have);
        }
        part.flush().await.map_err(disk)?;
        match *have == self.file.bytes {
            true => Ok(()),
            false => self.another("size is smaller").await,
        }
    }

    async fn another(&self, how: &'static str) -> Result<(), FetchError> {
        self.remove().await;
        Err(FetchError::not_the_pinned(&self.file.name, how))
    }

    async fn is_right(&self) -> Result<bool, FetchError> {
        check(&self.part, self.file).await
    }

    async fn remove(&self) {
        if let Err(error) = tokio::fs::remove_file(&self.part).await {
            tracing::debug!(%error, "a useless download could not be removed");
        }
    }
}

/// Whether the file at `path` is the pinned one, byte for byte.
async fn check(path: &Path, file: &Pinned) -> Result<bool, FetchError> {
    let (at, file) = (path.to_owned(), file.clone());
    let checked = tokio::task::spawn_blocking(move || is_pinned(&at, &file)).await;
    checked
        .map_err(|error| FetchError::Broken(error.to_string()))?
        .map_err(|source| FetchError::disk(path, source))
}
