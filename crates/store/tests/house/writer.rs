use futures_util::future::BoxFuture;
use sqlx::sqlite::SqliteConnection;
use sqlx::{ConnectOptions, Row};
use store::StoreError;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::House;

type Written = Result<(), StoreError>;

fn insert(conn: &mut SqliteConnection, channel: i64) -> BoxFuture<'_, Written> {
    Box::pin(async move {
        sqlx::query("insert into watermarks (channel, message) values (?, 1)")
            .bind(channel)
            .execute(conn)
            .await?;
        Ok(())
    })
}

fn insert_but_no_tens(conn: &mut SqliteConnection, channel: i64) -> BoxFuture<'_, Written> {
    Box::pin(async move {
        insert(conn, channel).await?;
        if channel % 10 == 0 {
            Err(StoreError::Missing { what: "that test" })
        } else {
            Ok(())
        }
    })
}

fn insert_but_panic_at_two(conn: &mut SqliteConnection, channel: i64) -> BoxFuture<'_, Written> {
    Box::pin(async move {
        insert(conn, channel).await?;
        assert_ne!(channel, 2, "on purpose");
        Ok(())
    })
}

/// Breaks a rule that SQLite checks at the commit only.
fn insert_and_spoil_the_commit(
    conn: &mut SqliteConnection,
    channel: i64,
) -> BoxFuture<'_, Written> {
    Box::pin(async move {
        insert(conn, channel).await?;
        if channel == 2 {
            sqlx::query("pragma defer_foreign_keys = on")
                .execute(&mut *conn)
                .await?;
            sqlx::query("insert into claim_replies (message, position, reply) values (404, 0, 1)")
                .execute(conn)
                .await?;
        }
        Ok(())
    })
}

/// Lets the disk be full for the tens.
fn insert_much_for_tens(conn: &mut SqliteConnection, channel: i64) -> BoxFuture<'_, Written> {
    Box::pin(async move {
        insert(conn, channel).await?;
        if channel % 10 == 0 {
            sqlx::query("pragma max_page_count = 1")
                .execute(&mut *conn)
                .await?;
            sqlx::query(
                "insert into guild_settings (guild, language) values (?, hex(zeroblob(2000000)))",
            )
            .bind(channel)
            .execute(conn)
            .await?;
        }
        Ok(())
    })
}

impl House {
    /// Holds the writer up with a write of its own, starts one for each of these channels so that they wait together,
    /// then lets it go.
    async fn together(
        &self,
        channels: impl IntoIterator<Item = i64>,
        write: fn(&mut SqliteConnection, i64) -> BoxFuture<'_, Written>,
    ) -> Vec<Written> {
        let (open, gate) = oneshot::channel::<()>();
        let (held, is_held) = oneshot::channel::<()>();
        let store = self.store.clone();
        let first: JoinHandle<Written> = tokio::spawn(async move {
            store
                .write(|_| {
                    Box::pin(async move {
                        let _ = held.send(());
                        let _ = gate.await;
                        Ok(())
                    })
                })
                .await
        });
        is_held.await.unwrap();
        let mut waiting = Vec::new();
        for channel in channels {
            let store = self.store.clone();
            waiting.push(tokio::spawn(async move {
                store.write(move |conn| write(conn, channel)).await
            }));
        }
        // On this runtime of one thread every spawned task gets its turn before this one.
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        open.send(()).unwrap();
        first.await.unwrap().unwrap();
        let mut answers = Vec::new();
        for answer in waiting {
            answers.push(answer.await.unwrap());
        }
        answers
    }

    async fn channels(&self) -> Vec<i64> {
        let rows = self.store.watermarks().await.unwrap();
        let mut channels: Vec<i64> = rows
            .into_iter()
            .map(|(channel, _, _)| channel.get() as i64)
            .collect();
        channels.sort_unstable();
        channels
    }

    /// Pages that were written to the log since it was last emptied.
    async fn log_frames(&self) -> i64 {
        let path = self.folder.path().join("familiar.db");
        let mut conn = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(path)
            .connect()
            .await
            .unwrap();
        let row = sqlx::query("pragma wal_checkpoint(passive)")
            .fetch_one(&mut conn)
            .await
            .unwrap();
        row.get(1)
    }
}

#[tokio::test]
async fn writes_that_wait_share_their_commits() {
    let house = House::new().await;
    house.store.checkpoint().await.unwrap();
    let answers = house.together(1..=300, insert).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(house.channels().await.len(), 300);
    // Each commit writes at least one page, so 300 commits would be 300 pages.
    let frames = house.log_frames().await;
    assert!(frames < 30, "{frames} pages were written for 300 writes");
}

#[tokio::test]
async fn a_write_that_fails_undoes_itself_and_not_its_neighbours() {
    let house = House::new().await;
    let answers = house.together(1..=50, insert_but_no_tens).await;
    let failed = answers
        .iter()
        .filter(|answer| matches!(answer, Err(StoreError::Missing { .. })))
        .count();
    assert_eq!((failed, answers.len()), (5, 50));
    let kept: Vec<i64> = (1..=50).filter(|n| n % 10 != 0).collect();
    assert_eq!(house.channels().await, kept);
}

#[tokio::test]
async fn a_constraint_that_refuses_one_write_lets_the_others_through() {
    let house = House::new().await;
    let answers = house.together([1, 2, 1, 3], insert).await;
    let refused = answers[2].as_ref().unwrap_err();
    assert!(refused.is_unique_violation(), "{refused}");
    assert_eq!(house.channels().await, [1, 2, 3]);
}

#[tokio::test]
async fn a_write_that_panics_is_given_up_alone() {
    let house = House::new().await;
    let answers = house.together(1..=3, insert_but_panic_at_two).await;
    assert!(matches!(answers[1], Err(StoreError::Abandoned)));
    assert_eq!(house.channels().await, [1, 3]);
}

#[tokio::test]
async fn closing_finishes_what_waits_and_refuses_what_comes_after() {
    let house = House::new().await;
    let writes: Vec<_> = (1..=20)
        .map(|n| {
            let store = house.store.clone();
            tokio::spawn(async move { store.write(move |conn| insert(conn, n)).await })
        })
        .collect();
    tokio::task::yield_now().await;
    house.store.close().await.unwrap();
    for write in writes {
        write.await.unwrap().unwrap();
    }
    let late: Written = house.store.write(|conn| insert(conn, 99)).await;
    assert!(matches!(late, Err(StoreError::Closed)), "{late:?}");
    let read = house.store.watermark(1.into()).await;
    assert!(matches!(read, Err(StoreError::Closed)), "{read:?}");
    house.store.close().await.unwrap();
    let house = House {
        store: store::Store::open(house.folder.path().join("familiar.db"))
            .await
            .unwrap(),
        ..house
    };
    assert_eq!(house.channels().await, (1..=20).collect::<Vec<i64>>());
}

#[tokio::test]
async fn a_commit_that_fails_is_told_to_everybody_in_the_group_and_nothing_stays() {
    let house = House::new().await;
    let answers = house.together(1..=3, insert_and_spoil_the_commit).await;
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, Err(StoreError::Sql(_)))),
        "{answers:?}"
    );
    assert_eq!(house.channels().await, [0_i64; 0]);
    let again = house.together([1, 3], insert).await;
    assert!(again.iter().all(Result::is_ok), "the writer goes on");
    assert_eq!(house.channels().await, [1, 3]);
}

#[tokio::test]
async fn what_was_confirmed_is_there_and_what_was_refused_is_not_when_the_disk_fills_up() {
    let house = House::new().await;
    let answers = house.together(1..=25, insert_much_for_tens).await;
    let confirmed: Vec<i64> = (1..)
        .zip(&answers)
        .filter(|(_, answer)| answer.is_ok())
        .map(|(channel, _)| channel)
        .collect();
    assert_eq!(house.channels().await, confirmed);
    let full = answers
        .iter()
        .filter(|answer| matches!(answer, Err(StoreError::Full)))
        .count();
    assert!(full >= 1, "{answers:?}");
}
