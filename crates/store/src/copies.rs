//! A person's own copy: what is kept of them beside the talk itself, row by row, as JSON that people can read. Ids are
//! texts, for they are longer than the numbers that other programs read exactly.

use futures_util::TryStreamExt as _;
use sqlx::Row as _;
use tokio::sync::mpsc;

use crate::holds;
use crate::id::{ScopeId, UserId};
use crate::turns::{Turn, turn_columns, turns};
use crate::words::scope_word;
use crate::{Store, StoreError};

/// A milliseconds' column as people write instants.
macro_rules! instant {
    ($column:literal) => {
        concat!(
            "strftime('%Y-%m-%dT%H:%M:%SZ', ",
            $column,
            " / 1000, 'unixepoch')"
        )
    };
}

/// Every list of a copy, and what fills it for the person `?1`.
const LISTS: [(&str, &str); 11] = [
    (
        "consent",
        concat!(
            "select json_object('facts', json(iif(facts, 'true', 'false')),
                                'sensitive', json(iif(sensitive, 'true', 'false')), 'said_at', ",
            instant!("at"),
            ") from consents where user = ?1"
        ),
    ),
    (
        "choices",
        concat!(
            "select json_object('server', cast(nullif(c.guild, 0) as text), 'persona', p.name, 'chosen_at', ",
            instant!("c.chosen_at"),
            ") from choices c join personas p on p.id = c.persona where c.kind = 'me' and c.target = ?1"
        ),
    ),
    (
        "memory_paused_in",
        concat!(
            "select json_object('server', cast(nullif(guild, 0) as text), 'channel', cast(channel as text), 'since', ",
            instant!("at"),
            ") from memory_pauses where user = ?1"
        ),
    ),
    (
        "known_in_all_of",
        concat!(
            "select json_object('server', cast(f.guild as text), 'persona', p.name, 'since', ",
            instant!("f.at"),
            ") from profiles f join personas p on p.id = f.persona where f.user = ?1"
        ),
    ),
    (
        "told_that_it_is_an_ai",
        "select json_object('channel', cast(place as text), 'day', day) from ai_notices where user = ?1",
    ),
    (
        "adopted",
        concat!(
            "select json_object('persona', p.name, 'version', r.version, 'adopted_at', ",
            instant!("r.adopted_at"),
            ") from roster r join personas p on p.id = r.persona where r.place_kind = 'user' and r.place = ?1"
        ),
    ),
    (
        "personas",
        concat!(
            "select json_object('name', p.name, 'version', v.version, 'card', cast(v.card as text), 'saved_at', ",
            instant!("v.created_at"),
            ") from personas p join persona_versions v on v.persona = p.id
             where p.owner_kind = 'user' and p.owner = ?1 order by p.id, v.version"
        ),
    ),
    (
        "messages_taken_in",
        concat!(
            "select json_object('server', cast(guild as text), 'channel', cast(channel as text),
                                'message', cast(message as text), 'state', state, 'at', ",
            instant!("claimed_at"),
            ") from claims where author = ?1 order by message"
        ),
    ),
    (
        "active_in",
        concat!(
            "select json_object('server', cast(guild as text), 'last_at', ",
            instant!("last_at"),
            ") from active_members where member = ?1"
        ),
    ),
    (
        "budget_changes",
        concat!(
            "select json_object('scope', scope, 'what', what, 'before', before, 'after', after, 'at', ",
            instant!("at"),
            ") from budget_changes where by = ?1 order by at"
        ),
    ),
    (
        "calls",
        concat!(
            "select json_object('at', ",
            instant!("h.opened_at"),
            ", 'server', cast(h.guild as text), 'channel', cast(h.channel as text), 'message', cast(h.turn as text),
             'persona', p.name, 'provider', h.provider, 'model', h.model, 'purpose', h.purpose, 'state', ",
            holds::state!(),
            ",
             'input_tokens', h.input, 'output_tokens', h.output, 'tokens', h.tokens,
             'usd', iif(h.usd is null, null, printf('%d.%012d', h.usd / 1000000000000, h.usd % 1000000000000)))
             from holds h left join personas p on p.id = h.persona where h.member = ?1 order by h.opened_at, h.id"
        ),
    ),
];

impl Store {
    /// Sends all that is kept of a person beside their talk: the name of a list, and a row of it as JSON. It ends early when
    /// nobody receives any more. Nothing is gathered, so a long history needs no more memory than a short one.
    pub async fn kept_of(
        &self,
        user: UserId,
        rows: &mpsc::Sender<(&'static str, String)>,
    ) -> Result<(), StoreError> {
        for (list, statement) in LISTS {
            let mut found = sqlx::query(statement).bind(user).fetch(self.pool());
            while let Some(row) = found.try_next().await? {
                if rows.send((list, row.try_get(0)?)).await.is_err() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// What a person said in a scope, and the answers to it: the next after a number, oldest first.
    pub async fn talk_of(
        &self,
        scope: &ScopeId,
        person: UserId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<Turn>, StoreError> {
        let rows = sqlx::query(concat!(
            "select ",
            turn_columns!(),
            " from turns where scope = ? and person = ? and number > ? order by number limit ?"
        ))
        .bind(scope_word(scope))
        .bind(person)
        .bind(after)
        .bind(limit)
        .fetch_all(self.pool())
        .await?;
        turns(&rows, scope)
    }
}
