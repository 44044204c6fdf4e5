//! Forgetting: what is edited or deleted on Discord, or forgotten by command, leaves the turns and their index at once.
//! After it, [`Store::checkpoint`] takes the last bytes from the log.

use sqlx::SqliteConnection;

use crate::id::{MessageId, ScopeId, TurnId, UserId};
use crate::words::scope_word;
use crate::{Store, StoreError, consolidations, facts, unkept, versions};

/// Turns that are forgotten in one write: other writers do not wait for a whole channel.
const BATCH: i64 = 500;

/// What to forget of a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForgetWhat {
    /// Everything.
    All,
    /// What a person said, and the answers to it, which repeat it.
    Person(UserId),
    /// One turn.
    Turn(TurnId),
}

impl Store {
    /// Messages were deleted on Discord: every turn that one of them showed is forgotten, a long reply as a whole.
    /// One that is not remembered yet never will be. Says how many turns that were.
    pub async fn delete_messages(&self, messages: Vec<MessageId>) -> Result<u64, StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                let ids: Vec<i64> = messages.iter().map(|id| id.get() as i64).collect();
                versions::note_deleted(conn, &ids).await?;
                unkept::drop_messages(conn, &ids).await?;
                forget_said_in(conn, &ids).await?;
                let turns: Vec<TurnId> = sqlx::query_scalar(
                    "select distinct turn from turn_messages where message in (select value from json_each(?))",
                )
                .bind(sqlx::types::Json(ids))
                .fetch_all(&mut *conn)
                .await?;
                remove_turns(conn, &turns).await
            })
        })
        .await
    }

    /// Forgets turns of a scope and says how many. Done in batches: if it is cut off, asking again goes on.
    pub async fn forget(&self, scope: &ScopeId, what: ForgetWhat) -> Result<u64, StoreError> {
        let scope = *scope;
        let mut forgotten = 0;
        loop {
            let batch = self.write(move |conn| {
                Box::pin(async move {
                    let turns = turns_to_forget(conn, &scope_word(&scope), what).await?;
                    remove_turns(conn, &turns).await
                })
            });
            let removed: u64 = batch.await?;
            forgotten += removed;
            if removed == 0 {
                self.write(move |conn| Box::pin(forget_facts(conn, scope, what)))
                    .await?;
                return Ok(forgotten);
            }
        }
    }
}

async fn turns_to_forget(
    conn: &mut SqliteConnection,
    scope: &str,
    what: ForgetWhat,
) -> Result<Vec<TurnId>, StoreError> {
    let turns = match what {
        ForgetWhat::All => sqlx::query_scalar("select id from turns where scope = ? order by id limit ?")
            .bind(scope)
            .bind(BATCH),
        // Answers come with their question, or a batch that took the question first would leave them without a link.
        ForgetWhat::Person(user) => sqlx::query_scalar(
            "with theirs as materialized (
                 select id from turns where scope = ?1 and author_kind = 'person' and author = ?2 order by id limit ?3
             )
             select id from theirs
             union
             select id from turns where scope = ?1 and author_kind = 'persona' and answers in (select id from theirs)",
        )
        .bind(scope)
        .bind(user)
        .bind(BATCH),
        ForgetWhat::Turn(turn) => {
            sqlx::query_scalar("select id from turns where scope = ? and id = ?").bind(scope).bind(turn)
        }
    };
    Ok(turns.fetch_all(conn).await?)
}

/// Removes turns, and what was derived from them.
async fn remove_turns(conn: &mut SqliteConnection, turns: &[TurnId]) -> Result<u64, StoreError> {
    forget_derived(conn, turns).await?;
    drop_turns(conn, turns).await
}

/// Removes turns alone: what was derived from them stays.
pub(crate) async fn drop_turns(
    conn: &mut SqliteConnection,
    turns: &[TurnId],
) -> Result<u64, StoreError> {
    for turn in turns {
        sqlx::query("delete from turns_index where rowid = ?")
            .bind(turn)
            .execute(&mut *conn)
            .await?;
        // Its links to messages go with it.
        sqlx::query("delete from turns where id = ?")
            .bind(turn)
            .execute(&mut *conn)
            .await?;
    }
    Ok(turns.len() as u64)
}

/// Forgets the facts that were said in these messages, whether or not their words are still kept, and the summaries of
/// their scopes.
pub(crate) async fn forget_said_in(
    conn: &mut SqliteConnection,
    messages: &[i64],
) -> Result<(), StoreError> {
    let scopes = facts::forget_said_in(conn, messages).await?;
    consolidations::begin_again(conn, &scopes).await
}

/// Forgets the facts that these turns are a source of, and the summaries that may repeat them.
pub(crate) async fn forget_derived(
    conn: &mut SqliteConnection,
    turns: &[TurnId],
) -> Result<(), StoreError> {
    let ids: Vec<i64> = turns.iter().map(|turn| turn.get()).collect();
    let messages: Vec<i64> = sqlx::query_scalar(
        "select distinct message from turn_messages where turn in (select value from json_each(?))",
    )
    .bind(sqlx::types::Json(&ids))
    .fetch_all(&mut *conn)
    .await?;
    forget_said_in(conn, &messages).await?;
    let scopes: Vec<String> = sqlx::query_scalar(
        "select distinct scope from turns where id in (select value from json_each(?))",
    )
    .bind(sqlx::types::Json(&ids))
    .fetch_all(&mut *conn)
    .await?;
    consolidations::begin_again(conn, &scopes).await
}

/// Forgets the facts that are left when the turns are gone: their words may have been deleted long ago.
async fn forget_facts(
    conn: &mut SqliteConnection,
    scope: ScopeId,
    what: ForgetWhat,
) -> Result<(), StoreError> {
    let word = scope_word(&scope);
    let person = match what {
        ForgetWhat::Turn(_) => return Ok(()),
        ForgetWhat::Person(user) => Some(user),
        ForgetWhat::All => {
            unkept::drop_scope(conn, &scope).await?;
            None
        }
    };
    sqlx::query("delete from facts where scope = ?1 and (?2 is null or about = ?2)")
        .bind(&word)
        .bind(person)
        .execute(&mut *conn)
        .await?;
    consolidations::begin_again(conn, &[word]).await
}
