//! Who ever spoke in a place, and under which names, as far as their words are kept.

use crate::id::{ScopeId, UserId};
use crate::words::scope_word;
use crate::{Store, StoreError};

/// The most alters of a place that are read: whoever comes in the way with more names costs no reply more.
const MOST_ALTERS: u32 = 500;

/// A name under which somebody spoke.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Speaker {
    /// The account.
    pub user: UserId,
    /// The name that people saw.
    pub name: String,
    /// Whether it is an alter's, who speaks through a proxy; else it is the account's own.
    pub proxied: bool,
}

impl Store {
    /// The people who spoke in a scope: each account under the name of its own that it had last, if it has one, and
    /// under those of its alters. One step in an index an account, however much it said, and a walk along one of what
    /// came through proxies.
    pub async fn speakers(&self, scope: &ScopeId) -> Result<Vec<Speaker>, StoreError> {
        let speakers = sqlx::query_as(
            "with recursive people (author) as (
                select min(author) from turns where scope = ?1 and author_kind = 'person'
                union all
                select (select min(author) from turns
                        where scope = ?1 and author_kind = 'person' and author > people.author)
                from people where people.author is not null),
             own (author, name) as materialized (
                select author, (select author_name from turns
                                where scope = ?1 and author_kind = 'person' and author = people.author and proxied = 0
                                order by number desc limit 1)
                from people where author is not null),
             alters (author, name) as (
                select distinct author, author_name from turns where scope = ?1 and proxied = 1 limit ?2)
             select author as user, name, 0 as proxied from own where name is not null
             union all
             select author, name, 1 from alters",
        )
        .bind(scope_word(scope))
        .bind(MOST_ALTERS)
        .fetch_all(self.pool())
        .await?;
        Ok(speakers)
    }
}
