//! How far each server was listened to. A watermark tells of one channel, and only of what was for the bot there; this tells
//! of a whole server that nothing older is missed.

use crate::id::{GuildId, MessageId};
use crate::{Store, StoreError};

impl Store {
    /// Notes that everything in this server was listened to as far as this message. It never moves back; where a note is
    /// lost, more counts as missed.
    pub async fn note_seen(&self, guild: GuildId, message: MessageId) -> Result<(), StoreError> {
        self.write_settling(move |conn| {
            Box::pin(async move {
                sqlx::query(
                    "insert into seen (guild, message) values (?, ?)
                     on conflict (guild) do update set message = max(message, excluded.message)",
                )
                .bind(guild)
                .bind(message)
                .execute(conn)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// How far this server was listened to; `None` where the bot has never been before.
    pub async fn seen_in(&self, guild: GuildId) -> Result<Option<MessageId>, StoreError> {
        let message = sqlx::query_scalar("select message from seen where guild = ?")
            .bind(guild)
            .fetch_optional(self.pool())
            .await?;
        Ok(message)
    }
}
