//! Persona avatars as emojis of the application: which picture was uploaded under which id.

use chrono::{DateTime, Utc};

use crate::clock::to_millis;
use crate::{Store, StoreError};

/// An uploaded emoji.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AvatarEmoji {
    /// Discord's id of it; its picture is at `https://cdn.discordapp.com/emojis/ID.png`.
    pub id: u64,
    /// The name that it was uploaded under.
    pub name: String,
}

impl Store {
    /// The emoji that shows the picture with this hash.
    pub async fn avatar_emoji(&self, hash: &str) -> Result<Option<AvatarEmoji>, StoreError> {
        let row: Option<(i64, String)> =
            sqlx::query_as("select emoji, name from avatar_emojis where hash = ?")
                .bind(hash)
                .fetch_optional(self.pool())
                .await?;
        Ok(row.map(|(id, name)| AvatarEmoji {
            id: id as u64,
            name,
        }))
    }

    /// Remembers an upload, in place of an earlier one of the same picture.
    pub async fn save_avatar_emoji(
        &self,
        hash: String,
        emoji: AvatarEmoji,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                sqlx::query(
                    "insert into avatar_emojis (hash, emoji, name, uploaded_at) values (?, ?, ?, ?)
                     on conflict (hash) do update
                     set emoji = excluded.emoji, name = excluded.name, uploaded_at = excluded.uploaded_at",
                )
                .bind(hash)
                .bind(emoji.id as i64)
                .bind(emoji.name)
                .bind(to_millis(at))
                .execute(conn)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// Forgets an upload whose emoji Discord no longer knows.
    pub async fn drop_avatar_emoji(&self, hash: String) -> Result<(), StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                sqlx::query("delete from avatar_emojis where hash = ?")
                    .bind(hash)
                    .execute(conn)
                    .await?;
                Ok(())
            })
        })
        .await
    }
}
