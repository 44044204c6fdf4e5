use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use store::claims::NewClaim;
use store::{Store, StoreError};

use crate::{House, at};

const SHORT: Duration = Duration::from_millis(50);
const FORBIDDEN_FILE: &str = "FAMILIAR_TEST_FORBIDDEN_FILE";

async fn raw(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new()
        .filename(path)
        .connect()
        .await
        .unwrap()
}

async fn opening_fails(path: &Path) -> StoreError {
    match Store::open_waiting(path, SHORT).await {
        Ok(_) => panic!("{} was opened", path.display()),
        Err(error) => error,
    }
}

#[tokio::test]
async fn missing_folders_are_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b/familiar.db");
    Store::open(&path).await.unwrap().close().await.unwrap();
    assert!(path.is_file());
}

#[tokio::test]
async fn a_file_that_is_no_database_is_called_damaged_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("familiar.db");
    let letter = "Dear diary, today I was mistaken for a database.\n".repeat(200);
    std::fs::write(&path, &letter).unwrap();
    assert!(matches!(opening_fails(&path).await, StoreError::Corrupt));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), letter);
}

#[tokio::test]
async fn a_database_with_torn_pages_is_called_damaged() {
    let house = House::new().await;
    house.store.close().await.unwrap();
    let path = house.folder.path().join("familiar.db");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[4096..].fill(0xA5);
    std::fs::write(&path, bytes).unwrap();
    assert!(matches!(opening_fails(&path).await, StoreError::Corrupt));
}

#[tokio::test]
async fn a_database_of_a_newer_familiar_is_not_touched() {
    let house = House::new().await;
    house.store.close().await.unwrap();
    let path = house.folder.path().join("familiar.db");
    let mut conn = raw(&path).await;
    sqlx::query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         values (9999, 'from the future', true, x'00', 0)",
    )
    .execute(&mut conn)
    .await
    .unwrap();
    conn.close().await.unwrap();
    assert!(matches!(
        opening_fails(&path).await,
        StoreError::TooNew { version: 9999 }
    ));
}

#[tokio::test]
async fn a_schema_that_somebody_else_made_is_not_guessed_at() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("familiar.db");
    let mut conn = SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(true)
        .connect()
        .await
        .unwrap();
    sqlx::query("create table claims (whose text)")
        .execute(&mut conn)
        .await
        .unwrap();
    conn.close().await.unwrap();
    let error = opening_fails(&path).await;
    assert!(matches!(error, StoreError::Migration { .. }), "{error}");
}

#[tokio::test]
async fn a_path_through_a_file_cannot_be_opened() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let error = opening_fails(&folder.path().join("file/familiar.db")).await;
    assert!(matches!(error, StoreError::CannotOpen { .. }), "{error}");
    let error = opening_fails(folder.path()).await;
    assert!(matches!(error, StoreError::CannotOpen { .. }), "{error}");
}

#[tokio::test]
async fn a_locked_file_is_named_as_such_and_works_again_when_it_is_free() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("familiar.db");
    let store = Store::open_waiting(&path, SHORT).await.unwrap();
    let mut other = raw(&path).await;
    sqlx::query("begin immediate")
        .execute(&mut other)
        .await
        .unwrap();
    let error = store
        .claim(NewClaim::of(1.into(), 1.into(), None, 1.into()), 1, at(0))
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Locked), "{error}");
    assert_eq!(
        store.watermark(1.into()).await.unwrap(),
        None,
        "readers do not mind"
    );
    sqlx::query("commit").execute(&mut other).await.unwrap();
    store
        .claim(NewClaim::of(1.into(), 1.into(), None, 1.into()), 1, at(0))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_file_that_is_locked_at_the_start_is_named_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("familiar.db");
    let mut other = SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(true)
        .connect()
        .await
        .unwrap();
    sqlx::query("begin exclusive")
        .execute(&mut other)
        .await
        .unwrap();
    assert!(matches!(opening_fails(&path).await, StoreError::Locked));
}

#[tokio::test]
async fn a_program_beside_another_closes_well_and_the_last_to_close_empties_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("familiar.db");
    let bot = Store::open(&path).await.unwrap();
    // Reads on, so that no log can be emptied.
    let mut other = raw(&path).await;
    for statement in ["begin", "select count(*) from claims"] {
        sqlx::query(statement).execute(&mut other).await.unwrap();
    }
    let command = Store::open_waiting(&path, SHORT).await.unwrap();
    command
        .claim(NewClaim::of(1.into(), 1.into(), None, 1.into()), 1, at(0))
        .await
        .unwrap();
    command.close().await.unwrap();
    let log = folder.path().join("familiar.db-wal");
    assert!(std::fs::metadata(&log).unwrap().len() > 0, "it is in use");
    sqlx::query("commit").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    bot.close().await.unwrap();
    assert!(std::fs::metadata(&log).map_or(0, |log| log.len()) == 0);
}

#[tokio::test]
async fn a_program_closes_well_whenever_another_sweeps() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("familiar.db");
    let bot = Store::open(&path).await.unwrap();
    let mut sweeper = raw(&path).await;
    let sweeping = tokio::spawn(async move {
        loop {
            // Something to move, and the move, as often as the disk bears it.
            let _ = sqlx::query("update database_age set writes = writes + 1")
                .execute(&mut sweeper)
                .await;
            let _ = sqlx::query("pragma wal_checkpoint(truncate)")
                .execute(&mut sweeper)
                .await;
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    for _ in 0..40 {
        let command = Store::open(&path).await.unwrap();
        command.close().await.unwrap();
    }
    sweeping.abort();
    bot.close().await.unwrap();
}

#[tokio::test]
async fn a_full_disk_loses_nothing_that_was_confirmed_and_heals_when_there_is_room() {
    let house = House::new().await;
    let store = &house.store;
    // SQLite's own limit on the file gives the error of a full disk from the same place.
    let limit = |pages: i64| {
        store.write::<(), StoreError, _>(move |conn| {
            Box::pin(async move {
                sqlx::raw_sql(sqlx::AssertSqlSafe(format!(
                    "pragma max_page_count = {pages}"
                )))
                .execute(conn)
                .await?;
                Ok(())
            })
        })
    };
    limit(1).await.unwrap(); // The smallest that SQLite grants is the size that the file has.
    let mut confirmed = 0;
    let error = loop {
        let hash = format!("{:0>2000}", confirmed);
        let emoji = store::emojis::AvatarEmoji {
            id: 1,
            name: "x".repeat(2000),
        };
        match store.save_avatar_emoji(hash, emoji, at(0)).await {
            Ok(()) => confirmed += 1,
            Err(error) => break error,
        }
        assert!(confirmed < 10_000, "the disk never got full");
    };
    assert!(matches!(error, StoreError::Full), "{error}");
    for n in 0..confirmed {
        assert!(
            store
                .avatar_emoji(&format!("{n:0>2000}"))
                .await
                .unwrap()
                .is_some()
        );
    }
    // The connection that met the full disk was replaced, and with it went the limit.
    store
        .claim(NewClaim::of(1.into(), 1.into(), None, 1.into()), 1, at(0))
        .await
        .unwrap();
}

#[test]
fn a_file_that_may_not_be_written_is_called_read_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("familiar.db");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async { Store::open(&path).await.unwrap().close().await.unwrap() });
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o444)).unwrap();
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o555)).unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args([
            "--exact",
            "files::open_the_forbidden_file",
            "--ignored",
            "--nocapture",
        ])
        .env(FORBIDDEN_FILE, &path);
    // Root may write anything, so another user tries.
    if std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0) {
        child.uid(65534).gid(65534);
    }
    match child.output() {
        Ok(output) => {
            let said =
                String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{said}");
            assert!(said.contains("1 passed"), "{said}");
        }
        Err(error) => println!("skipped: another user may not run this test ({error})"),
    }
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
}

#[tokio::test]
#[ignore = "run by a_file_that_may_not_be_written_is_called_read_only, as a user without the right to write"]
async fn open_the_forbidden_file() {
    let Some(path) = std::env::var_os(FORBIDDEN_FILE) else {
        return;
    };
    let error = opening_fails(Path::new(&path)).await;
    assert!(matches!(error, StoreError::ReadOnly), "{error:?}");
}
