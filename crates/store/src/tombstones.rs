//! Who was forgotten and which places are gone. A message may be on its way through the house when its person has
//! everything forgotten: what comes late is refused here, in the transaction that would have kept it.

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use crate::id::{ChannelId, GuildId, MessageId, ScopeId, UserId};
use crate::turns::{Author, NewTurn};
use crate::{Store, StoreError};

/// Refuses a message of this person that is older than this one from now on.
pub(crate) async fn bury_person(
    conn: &mut SqliteConnection,
    user: UserId,
    before: MessageId,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into forgotten (kind, id, before) values ('person', ?, ?)
         on conflict (kind, id) do update set before = max(before, excluded.before)",
    )
    .bind(user)
    .bind(before)
    .execute(conn)
    .await?;
    Ok(())
}

/// Refuses whatever comes from this channel from now on. Discord gives no id twice.
pub(crate) async fn bury_channel(
    conn: &mut SqliteConnection,
    channel: ChannelId,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query("insert or ignore into forgotten (kind, id, before) values ('channel', ?, ?)")
        .bind(channel)
        .bind(MessageId::first_of(at))
        .execute(conn)
        .await?;
    Ok(())
}

/// Refuses whatever comes from this server until the bot is there again.
pub(crate) async fn bury_guild(
    conn: &mut SqliteConnection,
    guild: GuildId,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query("insert or ignore into forgotten (kind, id, before) values ('guild', ?, ?)")
        .bind(guild)
        .bind(MessageId::first_of(at))
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether a place is gone.
pub(crate) async fn is_buried(
    conn: &mut SqliteConnection,
    scope: &ScopeId,
) -> Result<bool, StoreError> {
    let buried = sqlx::query_scalar(
        "select exists (select 1 from forgotten where kind = 'channel' and id = ?)
             or exists (select 1 from forgotten where kind = 'guild' and id = ?)",
    )
    .bind(scope.channel)
    .bind(scope.guild)
    .fetch_one(conn)
    .await?;
    Ok(buried)
}

/// An error if this person had everything forgotten after this message of theirs.
pub(crate) async fn refuse_if_forgotten(
    conn: &mut SqliteConnection,
    person: UserId,
    message: MessageId,
) -> Result<(), StoreError> {
    let is_late: bool = sqlx::query_scalar(
        "select exists (select 1 from forgotten where kind = 'person' and id = ? and before > ?)",
    )
    .bind(person)
    .bind(message)
    .fetch_one(conn)
    .await?;
    match is_late {
        true => Err(StoreError::Forgotten),
        false => Ok(()),
    }
}

/// Whose talk a turn is that is to be kept. An error if somebody had it forgotten while it was on its way: the person,
/// the place, or the question that it answers.
pub(crate) async fn whose(
    conn: &mut SqliteConnection,
    new: &NewTurn,
) -> Result<Option<UserId>, StoreError> {
    let person = match new.author {
        Author::Person(user) => Some(user),
        Author::Persona => None,
    };
    if let (Some(person), Some(message)) = (person, new.messages.first()) {
        refuse_if_forgotten(conn, person, *message).await?;
    }
    if is_buried(conn, &new.scope).await? {
        return Err(StoreError::Forgotten);
    }
    let Some(answered) = new.answers else {
        return Ok(person);
    };
    let asked: Option<Option<UserId>> = sqlx::query_scalar("select person from turns where id = ?")
        .bind(answered)
        .fetch_optional(conn)
        .await?;
    match (asked, person) {
        (None, _) => Err(StoreError::Forgotten),
        (_, Some(person)) => Ok(Some(person)),
        (Some(asked), None) => Ok(asked),
    }
}

impl Store {
    /// Drops the record of what was forgotten before `before`: nothing is under way so long.
    pub async fn prune_forgotten(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                let pruned = sqlx::query("delete from forgotten where before < ?")
                    .bind(MessageId::first_of(before))
                    .execute(conn)
                    .await?;
                Ok(pruned.rows_affected())
            })
        })
        .await
    }
}
