//! A database of an earlier version is brought up to date with all that it knows.

use std::borrow::Cow;

use sqlx::Connection as _;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use store::Store;
use store::id::{PersonaId, ScopeId};

/// The schema before words carried their scope.
const BEFORE: i64 = 6;

#[tokio::test]
async fn what_was_indexed_before_words_carried_their_scope_is_still_found_there_and_only_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("familiar.db");
    let mut migrator: Migrator = sqlx::migrate!("../../migrations");
    let earlier = migrator
        .migrations
        .iter()
        .filter(|migration| migration.version < BEFORE);
    migrator.migrations = Cow::Owned(earlier.cloned().collect());
    let options = SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(true);
    let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
    migrator.run(&mut conn).await.unwrap();
    for (turn, channel, words) in [
        (1, 2, "ada we like lemons 下雨 雨"),
        (2, 3, "ben so do i lemons"),
    ] {
        let scope = format!("g1c{channel}p3");
        sqlx::query(
            "insert into turns (id, scope, guild, channel, persona, number, author_kind, author, author_name, kind, body, at)
             values (?1, ?2, 1, ?3, 3, 1, 'person', 9, 'Ada', 'chat', 'as it was said', 0)",
        )
        .bind(turn)
        .bind(&scope)
        .bind(channel)
        .execute(&mut conn)
        .await
        .unwrap();
        sqlx::query("insert into turn_numbers (scope, last) values (?, 1)")
            .bind(&scope)
            .execute(&mut conn)
            .await
            .unwrap();
        sqlx::query("insert into turns_index (rowid, scope, words) values (?, ?, ?)")
            .bind(turn)
            .bind(&scope)
            .bind(words)
            .execute(&mut conn)
            .await
            .unwrap();
    }
    conn.close().await.unwrap();
    let store = Store::open(&path).await.unwrap();
    let found = async |channel: u64, question: &str| {
        let scope = ScopeId {
            guild: Some(1.into()),
            channel: channel.into(),
            persona: PersonaId(3),
        };
        store
            .search_turns(&scope, question, 9)
            .await
            .unwrap()
            .hits
            .len()
    };
    assert_eq!(found(2, "a lemon").await, 1);
    assert_eq!(found(2, "下雨").await, 1);
    assert_eq!(found(3, "下雨").await, 0);
    assert_eq!(found(3, "lemons").await, 1);
    assert_eq!(found(4, "lemons").await, 0);
}
