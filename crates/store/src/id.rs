//! Identities as types of their own, so that a channel can never be passed where a user is meant.
//!
//! Discord's ids are unsigned and SQLite's integers are signed: they are stored with the same bits. Real snowflakes stay
//! far below 2^63 until the year 2154, so their order in the database is their order in time.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::sqlite::{SqliteArgumentsBuffer, SqliteTypeInfo, SqliteValueRef};
use sqlx::{Decode, Encode, Sqlite, Type};

macro_rules! stored_as_i64 {
    ($name:ident, $inner:ty) => {
        impl Type<Sqlite> for $name {
            fn type_info() -> SqliteTypeInfo {
                <i64 as Type<Sqlite>>::type_info()
            }

            fn compatible(ty: &SqliteTypeInfo) -> bool {
                <i64 as Type<Sqlite>>::compatible(ty)
            }
        }

        impl Encode<'_, Sqlite> for $name {
            fn encode_by_ref(
                &self,
                buffer: &mut SqliteArgumentsBuffer,
            ) -> Result<IsNull, BoxDynError> {
                Encode::<Sqlite>::encode(self.0 as i64, buffer)
            }
        }

        impl Decode<'_, Sqlite> for $name {
            fn decode(value: SqliteValueRef<'_>) -> Result<Self, BoxDynError> {
                Ok(Self(<i64 as Decode<Sqlite>>::decode(value)? as $inner))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

macro_rules! snowflake {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(u64);

        impl $name {
            /// The bare number.
            pub const fn get(self) -> u64 {
                self.0
            }

            /// When it was made, in milliseconds since Discord's epoch.
            pub const fn timestamp(self) -> u64 {
                self.0 >> BELOW_THE_TIME
            }
        }

        impl From<u64> for $name {
            fn from(id: u64) -> Self {
                Self(id)
            }
        }

        stored_as_i64!($name, u64);
    };
}

macro_rules! row_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl $name {
            /// The bare number.
            pub const fn get(self) -> i64 {
                self.0
            }
        }

        stored_as_i64!($name, i64);
    };
}

snowflake!(
    /// A server.
    GuildId
);
snowflake!(
    /// A channel, a thread or a direct-message channel.
    ChannelId
);
snowflake!(
    /// A person's (or a bot's) account.
    UserId
);
snowflake!(
    /// A Discord message.
    MessageId
);
/// The first millisecond that a snowflake counts, <https://discord.com/developers/docs/reference#snowflakes>.
const DISCORD_EPOCH: i64 = 1_420_070_400_000;
/// The bits of a snowflake below its time.
const BELOW_THE_TIME: u32 = 22;

impl MessageId {
    /// When a message was written, as its id tells.
    pub fn written_at(self) -> DateTime<Utc> {
        let since = i64::try_from(self.timestamp()).unwrap_or(i64::MAX);
        DateTime::from_timestamp_millis(since.saturating_add(DISCORD_EPOCH)).unwrap_or_default()
    }

    /// The smallest id that a message of this moment can have: what is below it is older.
    pub fn first_of(at: DateTime<Utc>) -> Self {
        let since = (at.timestamp_millis() - DISCORD_EPOCH).max(0);
        Self((since as u64) << BELOW_THE_TIME)
    }
}

row_id!(
    /// A persona of this instance.
    PersonaId
);
row_id!(
    /// One remembered message, see [`crate::turns`].
    TurnId
);
row_id!(
    /// One thing that is known of a person, see [`crate::facts`].
    FactId
);
row_id!(
    /// Money or tokens that are set aside for one call of a model.
    HoldId
);

/// What a person lets a persona know of them in all of a server. A type of its own, with a server that cannot be absent:
/// what crosses channels is read through this key or not at all, and direct messages have no such key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProfileId {
    /// The server.
    pub guild: GuildId,
    /// The persona that knows.
    pub persona: PersonaId,
    /// The person whom it knows.
    pub user: UserId,
}

/// Whose memory, and where: no memory is ever read or written without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ScopeId {
    /// The server, or `None` in direct messages.
    pub guild: Option<GuildId>,
    /// The channel, thread or direct-message channel.
    pub channel: ChannelId,
    /// The persona that remembers.
    pub persona: PersonaId,
}
