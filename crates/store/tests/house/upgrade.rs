//! A database of an earlier version is brought up to date with all that it knows.

use std::borrow::Cow;
use std::path::Path;

use sqlx::Connection as _;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use store::Store;
use store::consolidations::Reading;
use store::id::{PersonaId, ScopeId};

/// The migration since which words carry their scope.
const BEFORE_SCOPED_WORDS: i64 = 6;
/// The migration since which it is known whose talk a turn is.
const BEFORE_WHOLE_PEOPLE: i64 = 15;

/// A database as it was before this migration.
async fn database_before(path: &Path, migration: i64) -> SqliteConnection {
    let mut migrator: Migrator = sqlx::migrate!("../../migrations");
    let earlier = migrator.migrations.iter();
    let earlier = earlier.filter(|earlier| earlier.version < migration);
    migrator.migrations = Cow::Owned(earlier.cloned().collect());
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true);
    let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
    migrator.run(&mut conn).await.unwrap();
    conn
}

#[tokio::test]
async fn what_was_indexed_before_words_carried_their_scope_is_still_found_there_and_only_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("familiar.db");
    let mut conn = database_before(&path, BEFORE_SCOPED_WORDS).await;
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

#[tokio::test]
async fn what_was_kept_before_whole_people_were_known_finds_its_people() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("familiar.db");
    let mut conn = database_before(&path, BEFORE_WHOLE_PEOPLE).await;
    // Ada (9) asked and was answered; of another answer, to Bo (8), the question is gone and the claim is left; the last
    // greets nobody in particular. Ada has seven pins, one of them on what is no longer true, and wrote one fact herself.
    sqlx::raw_sql(
        "insert into turns (id, scope, guild, channel, persona, number, author_kind, author, author_name, kind, body, at, reply_to, answers)
         values (1, 'g1c2p3', 1, 2, 3, 1, 'person', 9, 'Ada', 'chat', 'four', 0, null, null),
                (2, 'g1c2p3', 1, 2, 3, 2, 'persona', 3, 'Orla', 'chat', 'seven77', 0, 100, 1),
                (3, 'g1c2p3', 1, 2, 3, 3, 'persona', 3, 'Orla', 'chat', '雨', 0, 300, 999),
                (4, 'g1c2p3', 1, 2, 3, 4, 'persona', 3, 'Orla', 'greeting', 'Welcome', 0, null, null);
         insert into turn_numbers (scope, last) values ('g1c2p3', 4);
         insert into consolidations (scope, guild, channel, persona, through, summary, at)
         values ('g1c2p3', 1, 2, 3, 4, 'Ada told of her goat.', 0);
         insert into facts (id, scope, guild, channel, persona, about, about_name, body, origin, pinned, learned_at, confirmed_at)
         select value, 'g1c2p3', 1, 2, 3, 9, 'Ada', 'Ada has a goat.', iif(value = 4, 'corrected', 'extracted'), 1, 0, value
         from json_each('[1, 2, 3, 4, 5, 6, 7]');
         update facts set superseded_by = 4, superseded_at = 0 where id = 7;
         insert into claims (message, channel, guild, author, state, claimed_at, settled_at)
         values (300, 2, 1, 8, 'answered', 0, 0), (400, 2, 1, 7, 'claimed', 0, null);",
    )
    .execute(&mut conn)
    .await
    .unwrap();
    conn.close().await.unwrap();
    let store = Store::open(&path).await.unwrap();
    let scope = ScopeId {
        guild: Some(1.into()),
        channel: 2.into(),
        persona: PersonaId(3),
    };
    let turns = store.latest_turns(&scope, 9).await.unwrap();
    let people: Vec<Option<u64>> = turns
        .iter()
        .map(|turn| turn.person.map(|person| person.get()))
        .collect();
    assert_eq!(people, [Some(9), Some(9), Some(8), None]);
    // Nobody knows what the summary has read: it is written anew from the first turn on.
    assert_eq!(store.summary(&scope).await.unwrap(), None);
    for reading in Reading::ALL {
        let progress = store.progress(&scope, reading).await.unwrap();
        assert_eq!((progress.through, progress.epoch), (0, 1));
    }
    let pins = store.pins_page(&scope, 0, 9).await.unwrap().rows;
    let pins: Vec<i64> = pins.iter().map(|fact| fact.id.0).collect();
    assert_eq!(pins, [6, 5, 4, 3, 2]);
    drop(store);
    let options = SqliteConnectOptions::new().filename(&path);
    let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
    let bytes: Vec<(i64, i64)> =
        sqlx::query_as("select person, bytes from kept_words where guild = 1 order by person")
            .fetch_all(&mut conn)
            .await
            .unwrap();
    assert_eq!(bytes, [(8, 3), (9, 11)]);
    let written: Vec<(i64, i64)> =
        sqlx::query_as("select id, author from facts where author is not null")
            .fetch_all(&mut conn)
            .await
            .unwrap();
    assert_eq!(written, [(4, 9)]);
    let open: Vec<(i64, i64, i64)> =
        sqlx::query_as("select message, run, attempts from claims where state = 'claimed'")
            .fetch_all(&mut conn)
            .await
            .unwrap();
    assert_eq!(open, [(400, 0, 1)]);
}
