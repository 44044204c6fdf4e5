//! Claims: a message is answered once, however often Discord delivers it and however often Familiar restarts.
//!
//! The row is on disk before the turn begins. A claim that is still open at the next start is a message whose answer
//! was cut off.

use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use crate::clock::{from_millis, to_millis};
use crate::id::{ChannelId, GuildId, MessageId, UserId};
use crate::{Store, StoreError, runs, touched_one};

/// See [`Store::left_open_in`].
const LEFT_OPEN: &str =
    "select message, channel, guild, author, run, claimed_at, letters, grams from claims
    where state = 'claimed' and guild is ? and run <> ? order by message";

/// Whether a message was claimed just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is ours to answer, and nobody else's.
    Fresh,
    /// It was claimed before: a replay, a duplicate, or an earlier run of Familiar.
    Seen,
}

/// What a claim keeps of its message's words while it is open: too little to read them, enough to know them again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sketch {
    /// How many letters there are.
    pub letters: u32,
    /// A bit for each of some short runs of letters; many runs have the same bit.
    pub grams: u64,
}

/// A message that is to be claimed.
#[derive(Clone, Copy, Debug)]
pub struct NewClaim {
    /// The message.
    pub message: MessageId,
    /// Where it was written.
    pub channel: ChannelId,
    /// The server, or `None` in direct messages.
    pub guild: Option<GuildId>,
    /// Who wrote it.
    pub author: UserId,
    /// Of its words, where a proxy may repost them.
    pub sketch: Option<Sketch>,
}

impl NewClaim {
    /// Keeps nothing of its words.
    pub fn of(
        message: MessageId,
        channel: ChannelId,
        guild: Option<GuildId>,
        author: UserId,
    ) -> Self {
        Self {
            message,
            channel,
            guild,
            author,
            sketch: None,
        }
    }
}

/// A message that was claimed and neither answered nor declined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenClaim {
    /// The message.
    pub message: MessageId,
    /// Where it was written.
    pub channel: ChannelId,
    /// The server, or `None` in direct messages.
    pub guild: Option<GuildId>,
    /// Who wrote it.
    pub author: UserId,
    /// When it was claimed.
    pub at: DateTime<Utc>,
    /// The start of the bot that has it in hand; 0 where none has.
    pub run: i64,
    /// Of its words.
    pub sketch: Option<Sketch>,
}

impl Store {
    /// Claims a message for a start of the bot, and moves its channel's watermark up to it.
    pub async fn claim(
        &self,
        new: NewClaim,
        run: i64,
        at: DateTime<Utc>,
    ) -> Result<Claim, StoreError> {
        let NewClaim {
            message,
            channel,
            guild,
            author,
            sketch,
        } = new;
        self.write(move |conn| {
            Box::pin(async move {
                let claimed = sqlx::query(
                    "insert into claims (message, channel, guild, author, run, claimed_at, letters, grams)
                     values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (message) do nothing",
                )
                .bind(message)
                .bind(channel)
                .bind(guild)
                .bind(author)
                .bind(run)
                .bind(to_millis(at))
                .bind(sketch.map(|sketch| sketch.letters))
                // SQLite's integers have a sign; the bits stay.
                .bind(sketch.map(|sketch| sketch.grams.cast_signed()))
                .execute(&mut *conn)
                .await?;
                raise_watermark(conn, channel, guild, message).await?;
                Ok(if claimed.rows_affected() == 1 { Claim::Fresh } else { Claim::Seen })
            })
        })
        .await
    }

    /// Closes a claim: these messages are the answer.
    pub async fn claim_answered(
        &self,
        message: MessageId,
        replies: Vec<MessageId>,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write_closing(move |conn| {
            Box::pin(async move {
                close_claim(conn, message, "answered", at).await?;
                for (position, reply) in (0_i64..).zip(replies) {
                    sqlx::query(
                        "insert into claim_replies (message, position, reply) values (?, ?, ?)
                         on conflict (message, position) do update set reply = excluded.reply",
                    )
                    .bind(message)
                    .bind(position)
                    .bind(reply)
                    .execute(&mut *conn)
                    .await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Closes a claim without an answer: the message needs none, or got a notice of the house instead.
    pub async fn claim_declined(
        &self,
        message: MessageId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write_closing(move |conn| {
            Box::pin(async move { close_claim(conn, message, "declined", at).await })
        })
        .await
    }

    /// The messages that answered a claimed message, in order; empty while it is open or declined.
    pub async fn claim_replies(&self, message: MessageId) -> Result<Vec<MessageId>, StoreError> {
        let replies = sqlx::query_scalar(
            "select reply from claim_replies where message = ? order by position",
        )
        .bind(message)
        .fetch_all(self.pool())
        .await?;
        Ok(replies)
    }

    /// Whether this message is part of the answer of a claim that is closed.
    pub async fn is_answer(&self, reply: MessageId) -> Result<bool, StoreError> {
        // Claims are kept for some days and this is asked after a kill alone, so no index is kept for it.
        let known =
            sqlx::query_scalar("select exists (select 1 from claim_replies where reply = ?)")
                .bind(reply)
                .fetch_one(self.pool())
                .await?;
        Ok(known)
    }

    /// Whether another message than this one is being answered in a channel or thread, by whichever persona.
    pub async fn is_answering_in(
        &self,
        guild: Option<GuildId>,
        channel: ChannelId,
        besides: MessageId,
    ) -> Result<bool, StoreError> {
        let open = sqlx::query_scalar(
            "select exists (select 1 from claims
                            where state = 'claimed' and guild is ? and channel = ? and message <> ?)",
        )
        .bind(guild)
        .bind(channel)
        .bind(besides)
        .fetch_one(self.pool())
        .await?;
        Ok(open)
    }

    /// Whether a message that is older than `reply` is being answered in a channel or thread: `reply` may be of its answer.
    pub async fn is_answering_before(
        &self,
        guild: Option<GuildId>,
        channel: ChannelId,
        reply: MessageId,
    ) -> Result<bool, StoreError> {
        let open = sqlx::query_scalar(
            "select exists (select 1 from claims
                            where state = 'claimed' and guild is ? and channel = ? and message < ?)",
        )
        .bind(guild)
        .bind(channel)
        .bind(reply)
        .fetch_one(self.pool())
        .await?;
        Ok(open)
    }

    /// Claims since `since` that are still open, oldest first: what a restart cut off.
    pub async fn unanswered_since(
        &self,
        since: DateTime<Utc>,
    ) -> Result<Vec<OpenClaim>, StoreError> {
        let rows = sqlx::query(
            "select message, channel, guild, author, run, claimed_at, letters, grams from claims
             where state = 'claimed' and claimed_at >= ? order by message",
        )
        .bind(to_millis(since))
        .fetch_all(self.pool())
        .await?;
        Ok(rows.iter().map(open_claim).collect::<Result<_, _>>()?)
    }

    /// The open claims of one server, or of direct messages, that this start of the bot has not in hand, oldest first.
    pub async fn left_open_in(
        &self,
        guild: Option<GuildId>,
        run: i64,
    ) -> Result<Vec<OpenClaim>, StoreError> {
        let rows = sqlx::query(LEFT_OPEN)
            .bind(guild)
            .bind(run)
            .fetch_all(self.pool())
            .await?;
        Ok(rows.iter().map(open_claim).collect::<Result<_, _>>()?)
    }

    /// Takes an open claim over from a start of the bot that is dead, or that let go of it, and says the how-manieth
    /// attempt at an answer this is. `None` where it is closed, or where somebody who lives has it in hand: of many who ask,
    /// one gets it.
    pub async fn take_up(&self, message: MessageId, run: i64) -> Result<Option<u32>, StoreError> {
        let folder = self.runs_folder();
        self.write(move |conn| {
            Box::pin(async move {
                let holder: Option<i64> = sqlx::query_scalar(
                    "select run from claims where message = ? and state = 'claimed'",
                )
                .bind(message)
                .fetch_optional(&mut *conn)
                .await?;
                let Some(holder) = holder else {
                    return Ok(None);
                };
                if holder == run || (holder != 0 && runs::is_alive(&folder, holder).await?) {
                    return Ok(None);
                }
                let attempts = sqlx::query_scalar(
                    "update claims set run = ?, attempts = attempts + 1
                     where message = ? and state = 'claimed' and run = ? returning attempts",
                )
                .bind(run)
                .bind(message)
                .bind(holder)
                .fetch_optional(&mut *conn)
                .await?;
                Ok(attempts)
            })
        })
        .await
    }

    /// Lets go of an open claim of this start of the bot for which nothing was done, so that it can be taken up again: this
    /// was no attempt.
    pub async fn let_go_of_claim(&self, message: MessageId, run: i64) -> Result<(), StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                sqlx::query(
                    "update claims set run = 0, attempts = max(1, attempts - 1)
                     where message = ? and state = 'claimed' and run = ?",
                )
                .bind(message)
                .bind(run)
                .execute(conn)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// Lets go of every open claim of this start of the bot, so that the next one may take them up, and says how many. Where
    /// `untouched`, no answer to them was begun, and this start was no attempt at one.
    pub async fn let_go_of_claims(&self, run: i64, untouched: bool) -> Result<u64, StoreError> {
        self.write_closing(move |conn| {
            Box::pin(async move {
                let open = sqlx::query(
                    "update claims set run = 0, attempts = max(1, attempts - ?)
                     where state = 'claimed' and run = ?",
                )
                .bind(i64::from(untouched))
                .bind(run)
                .execute(conn)
                .await?;
                Ok(open.rows_affected())
            })
        })
        .await
    }

    /// The newest message that was claimed in a channel. What came during a gap is newer than this.
    pub async fn watermark(&self, channel: ChannelId) -> Result<Option<MessageId>, StoreError> {
        let message = sqlx::query_scalar("select message from watermarks where channel = ?")
            .bind(channel)
            .fetch_optional(self.pool())
            .await?;
        Ok(message)
    }

    /// Every channel's watermark.
    pub async fn watermarks(
        &self,
    ) -> Result<Vec<(ChannelId, Option<GuildId>, MessageId)>, StoreError> {
        let marks = sqlx::query_as("select channel, guild, message from watermarks")
            .fetch_all(self.pool())
            .await?;
        Ok(marks)
    }

    /// The watermarks of one server, or of direct messages, the newest first: where to look after a gap.
    pub async fn watermarks_in(
        &self,
        guild: Option<GuildId>,
    ) -> Result<Vec<(ChannelId, MessageId)>, StoreError> {
        let marks = sqlx::query_as(
            "select channel, message from watermarks where guild is ? order by message desc",
        )
        .bind(guild)
        .fetch_all(self.pool())
        .await?;
        Ok(marks)
    }

    /// Drops claims older than `before` and says how many. Discord replays minutes, not days.
    pub async fn prune_claims(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        self.write_closing(move |conn| {
            Box::pin(async move {
                let pruned = sqlx::query("delete from claims where claimed_at < ?")
                    .bind(to_millis(before))
                    .execute(conn)
                    .await?;
                Ok(pruned.rows_affected())
            })
        })
        .await
    }
}

async fn close_claim(
    conn: &mut SqliteConnection,
    message: MessageId,
    state: &'static str,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let closed = sqlx::query(
        "update claims set state = ?, settled_at = ?, letters = null, grams = null where message = ?",
    )
    .bind(state)
    .bind(to_millis(at))
    .bind(message)
    .execute(conn)
    .await?;
    touched_one(&closed, "that message's claim")
}

/// Moves a channel's watermark up to a message. It never moves back.
async fn raise_watermark(
    conn: &mut SqliteConnection,
    channel: ChannelId,
    guild: Option<GuildId>,
    message: MessageId,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into watermarks (channel, guild, message) values (?, ?, ?)
         on conflict (channel) do update set message = max(message, excluded.message), guild = excluded.guild",
    )
    .bind(channel)
    .bind(guild)
    .bind(message)
    .execute(conn)
    .await?;
    Ok(())
}

fn open_claim(row: &SqliteRow) -> Result<OpenClaim, sqlx::Error> {
    Ok(OpenClaim {
        message: row.try_get("message")?,
        channel: row.try_get("channel")?,
        guild: row.try_get("guild")?,
        author: row.try_get("author")?,
        at: from_millis(row.try_get("claimed_at")?),
        run: row.try_get("run")?,
        sketch: sketch(row)?,
    })
}

fn sketch(row: &SqliteRow) -> Result<Option<Sketch>, sqlx::Error> {
    let (letters, grams): (Option<u32>, Option<i64>) =
        (row.try_get("letters")?, row.try_get("grams")?);
    let sketch = letters.zip(grams).map(|(letters, grams)| Sketch {
        letters,
        grams: grams.cast_unsigned(),
    });
    Ok(sketch)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_a_server_left_open_is_found_without_a_look_at_what_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().join("familiar.db"))
            .await
            .unwrap();
        let explained = format!("explain query plan {LEFT_OPEN}");
        for guild in [Some(GuildId::from(1)), None] {
            let plan: Vec<(i64, i64, i64, String)> =
                sqlx::query_as(sqlx::AssertSqlSafe(explained.as_str()))
                    .bind(guild)
                    .bind(1)
                    .fetch_all(store.pool())
                    .await
                    .unwrap();
            let steps: Vec<&str> = plan.iter().map(|(.., step)| step.as_str()).collect();
            assert_eq!(
                steps,
                ["SEARCH claims USING INDEX claims_open_by_guild (guild=?)"]
            );
        }
    }

    #[tokio::test]
    async fn what_is_kept_of_words_goes_when_the_claim_is_closed_or_its_author_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().join("familiar.db"))
            .await
            .unwrap();
        let (now, sketch) = (
            DateTime::UNIX_EPOCH,
            Some(Sketch {
                letters: 5,
                grams: 1 << 63 | 1,
            }),
        );
        for message in 1..=3_u64 {
            let new = NewClaim {
                sketch,
                ..NewClaim::of(message.into(), 1.into(), None, 2.into())
            };
            store.claim(new, 1, now).await.unwrap();
        }
        let open = store.left_open_in(None, 0).await.unwrap();
        assert!(open.iter().all(|claim| claim.sketch == sketch), "{open:?}");
        store.claim_declined(1.into(), now).await.unwrap();
        let answered = store.claim_answered(2.into(), vec![9.into()], now);
        answered.await.unwrap();
        let ever = u64::MAX.into();
        store.forget_person(2.into(), ever).await.unwrap();
        let kept: i64 = sqlx::query_scalar(
            "select count(*) from claims where letters is not null or grams is not null",
        )
        .fetch_one(store.pool())
        .await
        .unwrap();
        assert_eq!(kept, 0);
    }
}
