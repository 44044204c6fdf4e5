//! A person's data as a whole: where they are known, and how every trace of their words goes.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use crate::clock::to_millis;
use crate::forgetting::{BATCH, ForgetWhat, remove_turns};
use crate::id::{ChannelId, GuildId, MessageId, PersonaId, ScopeId, UserId};
use crate::words::scope_word;
use crate::{Store, StoreError, echoes, tombstones};

impl Store {
    /// Every scope in which this person said something or was answered, something is known of them, or a summary has read
    /// them.
    pub async fn scopes_of_person(&self, user: UserId) -> Result<Vec<ScopeId>, StoreError> {
        self.read(move |conn| Box::pin(scopes_of(conn, user))).await
    }

    /// Forgets a person everywhere: what they said, the answers to it, the answers to others that repeat it, what is known of them and the summaries that have
    /// read them, their choices and their consent. Their number stays in the ledger, beside what their replies cost. Of
    /// their messages that are older than `before` none is kept that is still on its way. Says how many turns that took.
    pub async fn forget_person(&self, user: UserId, before: MessageId) -> Result<u64, StoreError> {
        self.write(move |conn| Box::pin(tombstones::bury_person(conn, user, before)))
            .await?;
        let mut forgotten = 0;
        for scope in self.scopes_of_person(user).await? {
            let what = match self.is_theirs_alone(&scope, user).await? {
                true => ForgetWhat::All,
                false => ForgetWhat::Person(user),
            };
            forgotten += self.forget(&scope, what).await?;
        }
        // Where nothing else is left of them, and where what they said in another place is repeated.
        loop {
            let batch = self.write(move |conn| {
                Box::pin(async move {
                    let lines = echoes::of_person(conn, user, BATCH).await?;
                    remove_turns(conn, &lines).await
                })
            });
            match batch.await? {
                0 => break,
                removed => forgotten += removed,
            }
        }
        self.write(move |conn| Box::pin(forget_choices(conn, user)))
            .await?;
        Ok(forgotten)
    }

    /// Whether a scope is a person's own direct messages: nobody else speaks there.
    async fn is_theirs_alone(&self, scope: &ScopeId, user: UserId) -> Result<bool, StoreError> {
        if scope.guild.is_some() {
            return Ok(false);
        }
        let shared: bool = sqlx::query_scalar(
            "select exists (select 1 from turns where scope = ? and author_kind = 'person' and author <> ?)",
        )
        .bind(scope_word(scope))
        .bind(user)
        .fetch_one(self.pool())
        .await?;
        Ok(!shared)
    }

    /// Where it comes from that a person's words are not to be kept in a place: a pause of the thread or channel itself,
    /// or of the channel that a thread hangs from, as it is told or as it was noted earlier. `None` if they are kept.
    pub async fn memory_pause(
        &self,
        user: UserId,
        guild: Option<GuildId>,
        channel: ChannelId,
        parent: Option<ChannelId>,
    ) -> Result<Option<ChannelId>, StoreError> {
        let paused = sqlx::query_scalar(
            "select channel from memory_pauses where user = ?1 and guild = ?2
                and (channel in (?3, ?4) or channel = (select parent from threads where thread = ?3))
             order by channel = ?3 desc limit 1",
        )
        .bind(user)
        .bind(place(guild))
        .bind(channel)
        .bind(parent)
        .fetch_optional(self.pool())
        .await?;
        Ok(paused)
    }

    /// Says that a person's words are not to be kept in a place from now on, or that they are again.
    pub async fn pause_memory(
        &self,
        user: UserId,
        guild: Option<GuildId>,
        channel: ChannelId,
        since: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                let query = match since {
                    Some(at) => sqlx::query(
                        "insert into memory_pauses (user, guild, channel, at) values (?, ?, ?, ?)
                         on conflict (user, guild, channel) do nothing",
                    )
                    .bind(user)
                    .bind(place(guild))
                    .bind(channel)
                    .bind(to_millis(at)),
                    None => sqlx::query(
                        "delete from memory_pauses where user = ? and guild = ? and channel = ?",
                    )
                    .bind(user)
                    .bind(place(guild))
                    .bind(channel),
                };
                query.execute(conn).await?;
                Ok(())
            })
        })
        .await
    }
}

/// No server has the number 0.
fn place(guild: Option<GuildId>) -> GuildId {
    guild.unwrap_or(GuildId::from(0))
}

/// See [`Store::scopes_of_person`].
pub(crate) async fn scopes_of(
    conn: &mut SqliteConnection,
    user: UserId,
) -> Result<Vec<ScopeId>, StoreError> {
    let rows: Vec<(Option<GuildId>, ChannelId, PersonaId)> = sqlx::query_as(
        "select guild, channel, persona from turns where person = ?1
         union
         select guild, channel, persona from facts where about = ?1
         union
         select guild, channel, persona from consolidations where scope in (
            select s.scope from summary_readings r join summaries s on s.id = r.summary where r.person = ?1)",
    )
    .bind(user)
    .fetch_all(conn)
    .await?;
    let scope = |(guild, channel, persona)| ScopeId {
        guild,
        channel,
        persona,
    };
    Ok(rows.into_iter().map(scope).collect())
}

/// What a person has chosen, and what is noted of them beside their words.
async fn forget_choices(conn: &mut SqliteConnection, user: UserId) -> Result<(), StoreError> {
    for statement in [
        "delete from facts where about = ?",
        "delete from consents where user = ?",
        "delete from memory_pauses where user = ?",
        "delete from ai_notices where user = ?",
        "delete from choices where kind = 'me' and target = ?",
        "delete from roster where place_kind = 'user' and place = ?",
        "delete from personas where owner_kind = 'user' and owner = ?",
        "delete from profiles where user = ?",
        "delete from unkept_messages where message in (
            select reply from claim_replies join claims using (message) where author = ?)",
        // They stay some days without their author: a message that is forgotten is not to be answered again when Discord
        // repeats it, and one that is being answered is still to be closed.
        "update claims set author = 0, letters = null, grams = null where author = ?",
        "delete from active_members where member = ?",
    ] {
        sqlx::query(statement)
            .bind(user)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}
