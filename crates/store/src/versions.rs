//! Versions of a message: as it was written, edited, deleted.
//!
//! Discord may tell of an edit or a deletion before the message is remembered, and the order in which events are worked on
//! is not the order in which they happened. So both are noted by message id, without any words, and whatever remembers a
//! message looks there in the transaction that writes: the newest version wins, whichever came first.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::{Row, SqliteConnection};

use crate::clock::{from_millis, to_millis};
use crate::forgetting::{forget_before_edit, forget_derived, forget_outdated_answers};
use crate::id::{ChannelId, GuildId, MessageId, TurnId};
use crate::turns::{NewTurn, index_turn, keep};
use crate::words::words_of;
use crate::{Store, StoreError};

/// What is known of a message since it was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Version {
    /// When it was last edited, as far as that was noted.
    pub edited_at: Option<DateTime<Utc>>,
    /// It was deleted, or the channel in which it stood.
    pub gone: bool,
}

/// What became of a message that was to be remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is remembered as this turn.
    As(TurnId),
    /// It was deleted meanwhile, and nothing is kept.
    Gone,
    /// It was edited meanwhile, and nothing is kept: there are newer words.
    Outdated,
}

/// A message of which something is remembered, and in which version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    /// The message.
    pub id: MessageId,
    /// Where it stands.
    pub channel: ChannelId,
    /// The server, or `None` in direct messages.
    pub guild: Option<GuildId>,
    /// When the version that is remembered was edited; `None` as it was first written.
    pub edited_at: Option<DateTime<Utc>>,
}

/// Words of one version of a message.
#[derive(Clone, Copy, Debug)]
struct Words<'a> {
    text: &'a str,
    edited_at: Option<DateTime<Utc>>,
}

/// How a version differs from the one that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Difference {
    /// It is the same version, or an older one that comes late.
    NotNewer,
    /// It is newer and says the same: something else than its words was changed.
    SameWords,
    /// It is newer and says something else.
    NewWords,
}

/// Compares by version first: the same version may read differently today, where it names somebody who has another name now.
fn compare(kept: Words<'_>, seen: Words<'_>) -> Difference {
    let millis = |words: Words<'_>| words.edited_at.map(to_millis);
    match (millis(kept) < millis(seen), kept.text == seen.text) {
        (false, _) => Difference::NotNewer,
        (true, true) => Difference::SameWords,
        (true, false) => Difference::NewWords,
    }
}

impl Store {
    /// What is known of a message since it was written. `parent` is the channel that its thread hangs from.
    pub async fn version_of(
        &self,
        message: MessageId,
        channel: ChannelId,
        parent: Option<ChannelId>,
    ) -> Result<Version, StoreError> {
        let (edited_at, gone): (Option<i64>, bool) = sqlx::query_as(
            "select (select edited_at from message_versions where message = ?1),
                    exists (select 1 from message_versions where message = ?1 and deleted = 1)
                    or exists (select 1 from forgotten where kind = 'channel' and id in (?2, ?3))",
        )
        .bind(message)
        .bind(channel)
        .bind(parent)
        .fetch_one(self.pool())
        .await?;
        Ok(Version {
            edited_at: edited_at.map(from_millis),
            gone,
        })
    }

    /// Remembers what a person said, in the version that was last edited at `edited_at`, unless a newer one is known.
    pub async fn add_heard(
        &self,
        new: NewTurn,
        edited_at: Option<DateTime<Utc>>,
    ) -> Result<Kept, StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                if is_gone(conn, &new).await? {
                    return Ok(Kept::Gone);
                }
                for message in &new.messages {
                    if noted_edit(conn, *message).await? > edited_at.map(to_millis) {
                        return Ok(Kept::Outdated);
                    }
                    // An earlier run may have kept it as it was before.
                    if let Some(at) = edited_at {
                        revise(conn, *message, at, &new.text).await?;
                    }
                }
                let turn = match keep(conn, &new, None).await {
                    Err(StoreError::Forgotten) => return Ok(Kept::Gone),
                    kept => kept?,
                };
                sqlx::query("update turns set edited_at = max(coalesce(edited_at, ?1), ?1) where id = ?2 and ?1 is not null")
                    .bind(edited_at.map(to_millis))
                    .bind(turn)
                    .execute(conn)
                    .await?;
                Ok(Kept::As(turn))
            })
        })
        .await
    }

    /// A person's message was edited at `edited_at` and says this now: every memory of it follows, where that is news. Says
    /// how many turns did. A persona's own messages are left alone, because a reply that streams is edited many times
    /// by us.
    pub async fn edit_message(
        &self,
        message: MessageId,
        edited_at: DateTime<Utc>,
        text: String,
    ) -> Result<u64, StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                sqlx::query(
                    "insert into message_versions (message, edited_at) values (?, ?)
                     on conflict (message) do update set edited_at = max(coalesce(edited_at, 0), excluded.edited_at)",
                )
                .bind(message)
                .bind(to_millis(edited_at))
                .execute(&mut *conn)
                .await?;
                revise(conn, message, edited_at, &text).await
            })
        })
        .await
    }

    /// The newest messages since `since` whose words are remembered, at most `limit`, and as many that facts were read out of
    /// and whose words are kept no longer.
    pub async fn remembered_since(
        &self,
        since: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Remembered>, StoreError> {
        let rows: Vec<(MessageId, ChannelId, Option<GuildId>, Option<i64>)> = sqlx::query_as(
            "select m.message, t.channel, t.guild, t.edited_at
             from (select message, turn from turn_messages where message >= ?1 order by message desc limit ?2) m
             join turns t on t.id = m.turn
             union
             select s.message, f.channel, f.guild, s.edited_at
             from (select message, fact, edited_at from fact_sources f
                   where message >= ?1 and not exists (select 1 from turn_messages m where m.message = f.message)
                   order by message desc limit ?2) s
             join facts f on f.id = s.fact",
        )
        .bind(MessageId::first_of(since))
        .bind(limit)
        .fetch_all(self.pool())
        .await?;
        let remembered = |(id, channel, guild, edited_at): (_, _, _, Option<i64>)| Remembered {
            id,
            channel,
            guild,
            edited_at: edited_at.map(from_millis),
        };
        Ok(rows.into_iter().map(remembered).collect())
    }

    /// Drops what was noted of messages from before `before`: nothing that old waits to be remembered.
    pub async fn prune_versions(&self, before: DateTime<Utc>) -> Result<(), StoreError> {
        self.write_closing(move |conn| {
            Box::pin(async move {
                sqlx::query("delete from message_versions where message < ?")
                    .bind(MessageId::first_of(before))
                    .execute(conn)
                    .await?;
                Ok(())
            })
        })
        .await
    }
}

/// Notes that these messages were deleted.
pub(crate) async fn note_deleted(
    conn: &mut SqliteConnection,
    messages: &[i64],
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into message_versions (message, deleted) select value, 1 from json_each(?) where true
         on conflict (message) do update set deleted = 1",
    )
    .bind(sqlx::types::Json(messages))
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether a turn cannot be remembered any more: a message that shows it was deleted, or the one that it answers.
pub(crate) async fn is_gone(
    conn: &mut SqliteConnection,
    new: &NewTurn,
) -> Result<bool, StoreError> {
    let mut messages: Vec<i64> = new.messages.iter().map(|id| id.get() as i64).collect();
    // A person may reply to what is gone; what answers it repeats it.
    if new.answers.is_some() {
        messages.extend(new.reply_to.map(|id| id.get() as i64));
    }
    let gone = sqlx::query_scalar(
        "select exists (select 1 from message_versions
                        where deleted = 1 and message in (select value from json_each(?)))",
    )
    .bind(sqlx::types::Json(messages))
    .fetch_one(conn)
    .await?;
    Ok(gone)
}

/// Whether a reply repeats words of the question as it was `asked` that the question has no more.
pub(crate) async fn is_outdated(
    conn: &mut SqliteConnection,
    reply: &NewTurn,
    asked: &str,
) -> Result<bool, StoreError> {
    let now: Option<String> = sqlx::query_scalar("select body from turns where id = ?")
        .bind(reply.answers)
        .fetch_optional(conn)
        .await?;
    let is_outdated = |now: String| !words_of(&reply.text).is_disjoint(&taken_out(asked, &now));
    Ok(now.is_some_and(is_outdated))
}

/// The words that a text had and has no more.
pub(crate) fn taken_out(before: &str, after: &str) -> HashSet<String> {
    let mut words = words_of(before);
    let kept = words_of(after);
    words.retain(|word| !kept.contains(word));
    words
}

async fn noted_edit(
    conn: &mut SqliteConnection,
    message: MessageId,
) -> Result<Option<i64>, StoreError> {
    let edited_at = sqlx::query_scalar("select edited_at from message_versions where message = ?")
        .bind(message)
        .fetch_optional(conn)
        .await?;
    Ok(edited_at.flatten())
}

/// Brings what is remembered of a message to this version, and forgets what was derived from words that it has no more.
async fn revise(
    conn: &mut SqliteConnection,
    message: MessageId,
    edited_at: DateTime<Utc>,
    text: &str,
) -> Result<u64, StoreError> {
    let rows = sqlx::query(
        "select turns.id, turns.scope, turns.author_name, turns.at, turns.body, turns.edited_at
         from turn_messages join turns on turns.id = turn_messages.turn
         where turn_messages.message = ? and turns.author_kind = 'person'",
    )
    .bind(message)
    .fetch_all(&mut *conn)
    .await?;
    if rows.is_empty() {
        forget_before_edit(conn, message, edited_at).await?;
    }
    let mut revised: u64 = 0;
    for row in &rows {
        let (id, kept_at): (TurnId, Option<i64>) = (row.try_get("id")?, row.try_get("edited_at")?);
        let kept = Words {
            text: row.try_get("body")?,
            edited_at: kept_at.map(from_millis),
        };
        let seen = Words {
            text,
            edited_at: Some(edited_at),
        };
        let difference = compare(kept, seen);
        if difference == Difference::NotNewer {
            continue;
        }
        if difference == Difference::NewWords {
            forget_outdated_answers(conn, message, id, &taken_out(kept.text, text)).await?;
            forget_derived(conn, &[id]).await?;
            let scope: &str = row.try_get("scope")?;
            let at = from_millis(row.try_get("at")?);
            rewrite(conn, id, scope, row.try_get("author_name")?, at, text).await?;
            revised += 1;
        }
        sqlx::query("update turns set edited_at = ? where id = ?")
            .bind(to_millis(edited_at))
            .bind(id)
            .execute(&mut *conn)
            .await?;
    }
    Ok(revised)
}

async fn rewrite(
    conn: &mut SqliteConnection,
    id: TurnId,
    scope: &str,
    author_name: &str,
    at: DateTime<Utc>,
    text: &str,
) -> Result<(), StoreError> {
    sqlx::query("update turns set body = ? where id = ?")
        .bind(text)
        .bind(id)
        .execute(&mut *conn)
        .await?;
    sqlx::query("delete from turns_index where rowid = ?")
        .bind(id)
        .execute(&mut *conn)
        .await?;
    index_turn(conn, id, scope, author_name, at, text).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::a_pin_on_what_was_never_edited(None, None, "hi", Difference::NotNewer)]
    #[case::a_pin_on_what_was_edited_before(Some(5), Some(5), "hi", Difference::NotNewer)]
    #[case::a_name_that_reads_differently_now(Some(5), Some(5), "hi @new", Difference::NotNewer)]
    #[case::an_older_edit_that_comes_late(Some(5), Some(4), "older", Difference::NotNewer)]
    #[case::a_preview_that_was_taken_away(None, Some(5), "hi", Difference::SameWords)]
    #[case::the_first_edit(None, Some(5), "hello", Difference::NewWords)]
    #[case::the_next_edit(Some(5), Some(6), "hello", Difference::NewWords)]
    fn only_a_newer_version_with_other_words_is_an_edit(
        #[case] kept: Option<i64>,
        #[case] seen: Option<i64>,
        #[case] text: &str,
        #[case] expected: Difference,
    ) {
        let kept = Words {
            text: "hi",
            edited_at: kept.map(from_millis),
        };
        let seen = Words {
            text,
            edited_at: seen.map(from_millis),
        };
        assert_eq!(compare(kept, seen), expected);
    }
}
