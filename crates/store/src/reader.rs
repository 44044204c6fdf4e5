//! A consistent look: several selects in one read transaction, none of which sees a write between the others.

use futures_util::future::BoxFuture;
use sqlx::Connection as _;
use sqlx::sqlite::SqliteConnection;

use crate::{Store, StoreError};

impl Store {
    /// Runs `look` on a connection that reads. Writes made meanwhile are not seen, and are not held up.
    pub async fn read<T, E, F>(&self, look: F) -> Result<T, E>
    where
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, E>> + Send,
        T: Send,
        E: From<StoreError> + Send,
    {
        let mut reader = self.pool().acquire().await.map_err(StoreError::from)?;
        let mut transaction = reader.begin().await.map_err(StoreError::from)?;
        let seen = look(&mut transaction).await;
        transaction.rollback().await.map_err(StoreError::from)?;
        seen
    }
}
