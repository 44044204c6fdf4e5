//! Who ever spoke in a place, as far as their words are kept.

use crate::id::{ScopeId, UserId};
use crate::words::scope_word;
use crate::{Store, StoreError};

impl Store {
    /// The people who spoke in a scope, each with the name under which they spoke last, a name of their own before a proxied one. One step in an index a person,
    /// however much they said.
    pub async fn speakers(&self, scope: &ScopeId) -> Result<Vec<(UserId, String)>, StoreError> {
        let speakers = sqlx::query_as(
            "with recursive people (author) as (
                select min(author) from turns where scope = ?1 and author_kind = 'person'
                union all
                select (select min(author) from turns
                        where scope = ?1 and author_kind = 'person' and author > people.author)
                from people where people.author is not null)
             select author, (select author_name from turns
                             where scope = ?1 and author_kind = 'person' and author = people.author
                             order by proxied, number desc limit 1)
             from people where author is not null",
        )
        .bind(scope_word(scope))
        .fetch_all(self.pool())
        .await?;
        Ok(speakers)
    }
}
