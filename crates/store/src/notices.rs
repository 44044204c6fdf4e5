//! The AI notice: at their first contact each day in a place, a person is told that they talk with an AI.

use chrono::NaiveDate;

use crate::id::{ChannelId, UserId};
use crate::{Store, StoreError};

impl Store {
    /// Whether this person is still to be told today, here. The first who asks gets `true`, and only they: of two
    /// messages at once, one carries the notice. `day` is the day in the place's own time zone.
    pub async fn notice_due(
        &self,
        user: UserId,
        place: ChannelId,
        day: NaiveDate,
    ) -> Result<bool, StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                let noted = sqlx::query(
                    "insert into ai_notices (user, place, day) values (?, ?, ?)
                     on conflict (user, place, day) do nothing",
                )
                .bind(user)
                .bind(place)
                .bind(day.to_string())
                .execute(conn)
                .await?;
                Ok(noted.rows_affected() == 1)
            })
        })
        .await
    }

    /// Drops the record of notices of days before `day`.
    pub async fn prune_notices(&self, day: NaiveDate) -> Result<u64, StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                let pruned = sqlx::query("delete from ai_notices where day < ?")
                    .bind(day.to_string())
                    .execute(conn)
                    .await?;
                Ok(pruned.rows_affected())
            })
        })
        .await
    }
}
