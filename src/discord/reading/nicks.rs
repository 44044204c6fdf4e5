//! What people are called in a server. A live message tells its author's nickname, one of the REST API does not: so the
//! nickname is remembered, and asked for once where it is not known, so that nobody has two names.

use std::sync::{Mutex, PoisonError};

use serde_json::Value;
use serenity::http::{LightMethod, Route};
use serenity::model::id::{GuildId, UserId};

use super::bounded::Bounded;
use super::json::text;
use super::known::{account_name, one_line};
use crate::discord::rest::{Call, Rest};

/// Members that are remembered.
const MEMBERS: usize = 8_192;

/// Nicknames by server and account; `None` for somebody who has none there.
pub struct Nicks {
    rest: Rest,
    known: Mutex<Bounded<(u64, u64), Option<String>>>,
}

impl Nicks {
    /// Nobody is known.
    pub fn new(rest: Rest) -> Self {
        Self {
            rest,
            known: Mutex::new(Bounded::new(MEMBERS)),
        }
    }

    /// The name of an account of which a message of this server tells; `member` is what it tells of the membership.
    pub fn told(&self, guild: u64, account: u64, user: &Value, member: &Value) -> String {
        let nick = match member.is_object() {
            true => {
                let nick = text(&member["nick"]).map(one_line);
                self.lock().insert((guild, account), nick.clone());
                nick
            }
            false => self.lock().get(&(guild, account)).cloned().flatten(),
        };
        nick.unwrap_or_else(|| account_name(user))
    }

    /// Makes sure that it is known what somebody is called in a server.
    pub async fn look_up(&self, guild: u64, account: u64) {
        if self.lock().get(&(guild, account)).is_some() {
            return;
        }
        let route = Route::GuildMember {
            guild_id: GuildId::new(guild),
            user_id: UserId::new(account),
        };
        let answer: Result<Value, _> = self.rest.fetch(Call::new(LightMethod::Get, route)).await;
        let nick = match answer {
            Ok(member) => text(&member["nick"]).map(one_line),
            // Who has left has no nickname any more; whom Discord cannot look up now is asked for next time.
            Err(error) if error.is_passing() => return,
            Err(error) => {
                tracing::debug!(%error, guild, account, "a member is not known");
                None
            }
        };
        self.lock().insert((guild, account), nick);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Bounded<(u64, u64), Option<String>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
