//! Channels: which threads lie below them, and that nothing is left of one that is deleted on Discord.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use crate::forgetting::{BATCH, drop_turns, remove_turns};
use crate::id::{ChannelId, GuildId, TurnId};
use crate::{Store, StoreError, echoes, tombstones};

impl Store {
    /// Notes that a thread lies below a channel.
    pub async fn note_thread(
        &self,
        thread: ChannelId,
        parent: ChannelId,
        guild: Option<GuildId>,
    ) -> Result<(), StoreError> {
        self.note_threads(vec![(thread, parent)], guild).await
    }

    /// Notes below which channels these threads of a server lie, those that are not noted so yet in one write.
    pub async fn note_threads(
        &self,
        threads: Vec<(ChannelId, ChannelId)>,
        guild: Option<GuildId>,
    ) -> Result<(), StoreError> {
        let mut news = vec![];
        for (thread, parent) in threads {
            if self.channel_above(thread).await? != Some(parent) {
                news.push((thread, parent));
            }
        }
        if news.is_empty() {
            return Ok(());
        }
        self.write(move |conn| {
            Box::pin(async move {
                for (thread, parent) in news {
                    sqlx::query(
                        "insert into threads (thread, parent, guild) values (?, ?, ?)
                         on conflict (thread) do update set parent = excluded.parent, guild = excluded.guild",
                    )
                    .bind(thread)
                    .bind(parent)
                    .bind(guild)
                    .execute(&mut *conn)
                    .await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// The channel above a thread, if it was noted.
    pub async fn channel_above(&self, thread: ChannelId) -> Result<Option<ChannelId>, StoreError> {
        let parent = sqlx::query_scalar("select parent from threads where thread = ?")
            .bind(thread)
            .fetch_optional(self.pool())
            .await?;
        Ok(parent)
    }

    /// The threads that are known to lie below a channel.
    pub async fn threads_below(&self, channel: ChannelId) -> Result<Vec<ChannelId>, StoreError> {
        let threads = sqlx::query_scalar("select thread from threads where parent = ?")
            .bind(channel)
            .fetch_all(self.pool())
            .await?;
        Ok(threads)
    }

    /// Forgets a channel or thread that is deleted on Discord, and the threads that are known to lie below it: every
    /// persona's memory of it, its settings, choices and pauses. What was spent there stays in the ledger. What is
    /// still under way there keeps nothing. Says how many turns that took.
    pub async fn forget_channel(
        &self,
        channel: ChannelId,
        at: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let mut channels = self.threads_below(channel).await?;
        channels.push(channel);
        let mut forgotten = 0;
        for channel in channels {
            self.write(move |conn| Box::pin(tombstones::bury_channel(conn, channel, at)))
                .await?;
            loop {
                let batch: u64 = self
                    .write(move |conn| Box::pin(drop_some(conn, channel)))
                    .await?;
                if batch == 0 {
                    break;
                }
                forgotten += batch;
            }
            self.write(move |conn| Box::pin(drop_rest(conn, channel)))
                .await?;
        }
        Ok(forgotten)
    }
}

async fn drop_some(conn: &mut SqliteConnection, channel: ChannelId) -> Result<u64, StoreError> {
    let turns: Vec<TurnId> = sqlx::query_scalar("select id from turns where channel = ? limit ?")
        .bind(channel)
        .bind(BATCH)
        .fetch_all(&mut *conn)
        .await?;
    drop_turns(conn, &turns).await
}

/// All that is kept of a channel beside its turns.
async fn drop_rest(conn: &mut SqliteConnection, channel: ChannelId) -> Result<(), StoreError> {
    // A scope's word holds its channel between two letters.
    let scopes: Vec<String> = sqlx::query_scalar(
        "select scope from scopes where scope glob '*c' || ?1 || 'p*'
         union select scope from consolidations where channel = ?1",
    )
    .bind(channel)
    .fetch_all(&mut *conn)
    .await?;
    // Its own lines are gone; those are left that repeat it elsewhere.
    let elsewhere = echoes::of_scopes(conn, &scopes).await?;
    remove_turns(conn, &elsewhere).await?;
    drop_scopes(conn, &scopes).await?;
    for statement in [
        "delete from channel_settings where channel = ?",
        "delete from choices where kind = 'channel' and target = ?",
        "delete from memory_pauses where channel = ?",
        "delete from watermarks where channel = ?",
        "delete from unkept_messages where channel = ?",
        "delete from claims where channel = ?",
        "delete from ai_notices where place = ?",
        "delete from threads where thread = ?",
    ] {
        sqlx::query(statement)
            .bind(channel)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

/// What is kept by scope beside its turns: facts, how far it was read, its summary, the numbers that it gave out.
pub(crate) async fn drop_scopes(
    conn: &mut SqliteConnection,
    scopes: &[String],
) -> Result<(), StoreError> {
    for statement in [
        "delete from facts where scope in (select value from json_each(?))",
        // Its summary goes with it.
        "delete from consolidations where scope in (select value from json_each(?))",
        "delete from turn_numbers where scope in (select value from json_each(?))",
        "delete from scopes where scope in (select value from json_each(?))",
    ] {
        sqlx::query(statement)
            .bind(sqlx::types::Json(scopes))
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}
