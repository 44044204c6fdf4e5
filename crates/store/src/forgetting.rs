//! Forgetting: what is edited or deleted on Discord, or forgotten by command, leaves the turns and their index at once,
//! with the personas' lines that repeat it and what was derived from it. The writer takes the last bytes from the log after it.

mod answers;

use std::collections::HashSet;

use sqlx::SqliteConnection;

use crate::id::{MessageId, ScopeId, TurnId, UserId};
use crate::words::scope_word;
use crate::{Store, StoreError, consolidations, facts, summaries, unkept, versions};

use answers::answers_to;
pub(crate) use answers::{forget_before_edit, forget_outdated_answers, forget_retellings};

/// Turns that are forgotten in one write: other writers do not wait for a whole channel.
pub(crate) const BATCH: i64 = 500;

/// What to forget of a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForgetWhat {
    /// Everything.
    All,
    /// What a person said, the answers to it, and what else repeats it.
    Person(UserId),
    /// One turn, the answers to it, and what else repeats it.
    Turn(TurnId),
}

impl Store {
    /// Messages were deleted on Discord: every turn that one of them showed is forgotten, a long reply as a whole, and so
    /// are the answers to it and what else repeats it, whether or not the words of the question are still kept. One that is not remembered yet
    /// never will be. Says how many turns that were.
    pub async fn delete_messages(&self, messages: Vec<MessageId>) -> Result<u64, StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                let ids: Vec<i64> = messages.iter().map(|id| id.get() as i64).collect();
                versions::note_deleted(conn, &ids).await?;
                unkept::drop_messages(conn, &ids).await?;
                forget_said_in(conn, &ids).await?;
                let shown: Vec<TurnId> = sqlx::query_scalar(
                    "select distinct turn from turn_messages where message in (select value from json_each(?))",
                )
                .bind(sqlx::types::Json(&ids))
                .fetch_all(&mut *conn)
                .await?;
                let answers = answers_to(conn, &ids, &shown).await?;
                let all: HashSet<TurnId> = shown.into_iter().chain(answers).collect();
                remove_turns(conn, &Vec::from_iter(all)).await
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
        ForgetWhat::All => sqlx::query_scalar(
            "select id from turns where scope = ?1 union select turn from echoes where scope = ?1 limit ?2",
        )
        .bind(scope)
        .bind(BATCH),
        ForgetWhat::Person(user) => sqlx::query_scalar(
            "select id from turns where scope = ?1 and person = ?2
             union select turn from echoes where scope = ?1 and person = ?2 limit ?3",
        )
        .bind(scope)
        .bind(user)
        .bind(BATCH),
        ForgetWhat::Turn(turn) => sqlx::query_scalar(
            "select id from turns where scope = ?1 and (id = ?2 or answers = ?2)
             union select e.turn from turn_messages m join turns t on t.id = m.turn
                   join echoes e on e.message = m.message where t.id = ?2 and t.scope = ?1",
        )
        .bind(scope)
        .bind(turn),
    };
    Ok(turns.fetch_all(conn).await?)
}

/// Removes turns, and what was derived from them.
pub(crate) async fn remove_turns(
    conn: &mut SqliteConnection,
    turns: &[TurnId],
) -> Result<u64, StoreError> {
    if turns.is_empty() {
        return Ok(0);
    }
    forget_derived(conn, turns).await?;
    drop_turns(conn, turns).await
}

/// Removes turns alone: what was derived from them stays.
pub(crate) async fn drop_turns(
    conn: &mut SqliteConnection,
    turns: &[TurnId],
) -> Result<u64, StoreError> {
    for statement in [
        "delete from turns_index where rowid in (select value from json_each(?))",
        // Its links to messages go with it.
        "delete from turns where id in (select value from json_each(?))",
    ] {
        sqlx::query(statement)
            .bind(sqlx::types::Json(turns))
            .execute(&mut *conn)
            .await?;
    }
    Ok(turns.len() as u64)
}

/// Forgets the facts that were said in these messages, whether or not their words are still kept, and the summaries that
/// have read them, also through what they were carried on from.
pub(crate) async fn forget_said_in(
    conn: &mut SqliteConnection,
    messages: &[i64],
) -> Result<(), StoreError> {
    let mut scopes = facts::forget_said_in(conn, messages).await?;
    scopes.extend(summaries::that_read(conn, messages).await?);
    consolidations::begin_again(conn, &scopes).await
}

/// Forgets the facts that these turns are a source of, and the summaries that may repeat them.
pub(crate) async fn forget_derived(
    conn: &mut SqliteConnection,
    turns: &[TurnId],
) -> Result<(), StoreError> {
    let messages: Vec<i64> = sqlx::query_scalar(
        "select distinct message from turn_messages where turn in (select value from json_each(?))",
    )
    .bind(sqlx::types::Json(turns))
    .fetch_all(&mut *conn)
    .await?;
    forget_said_in(conn, &messages).await?;
    // What was not read yet costs nothing; but it may be under way to a model.
    let scopes: Vec<(String, bool)> = sqlx::query_as(
        "select t.scope, max(t.number <= coalesce(r.through, 0))
         from turns t left join readings r on r.scope = t.scope
         where t.id in (select value from json_each(?)) group by t.scope",
    )
    .bind(sqlx::types::Json(turns))
    .fetch_all(&mut *conn)
    .await?;
    let (read, unread): (Vec<_>, Vec<_>) = scopes.into_iter().partition(|(_, read)| *read);
    let names = |scopes: Vec<(String, bool)>| {
        scopes
            .into_iter()
            .map(|(scope, _)| scope)
            .collect::<Vec<_>>()
    };
    consolidations::begin_again(conn, &names(read)).await?;
    consolidations::disturb(conn, &names(unread)).await
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
