//! Personas: who can speak, and every version of their card.
//!
//! A version is never changed. Saving a card that is already the latest version changes nothing; another card becomes
//! the next version, and speaks only where somebody adopts it ([`crate::roster`]).

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::clock::{from_millis, to_millis};
use crate::id::{GuildId, PersonaId, UserId};
use crate::{Store, StoreError, touched_one};

/// Whom a persona belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// Everybody on this instance: the bundled ones and the operator's.
    Instance,
    /// A server that imported it.
    Guild(GuildId),
    /// A person who imported it for themselves.
    User(UserId),
}

impl Owner {
    fn parts(self) -> (&'static str, u64) {
        match self {
            Self::Instance => ("instance", 0),
            Self::Guild(guild) => ("guild", guild.get()),
            Self::User(user) => ("user", user.get()),
        }
    }
}

/// A persona.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Persona {
    /// Its id.
    pub id: PersonaId,
    /// Whom it belongs to.
    pub owner: Owner,
    /// Its short name in commands and file names; unique to its owner.
    pub slug: String,
    /// The name that it speaks under.
    pub name: String,
    /// Its newest version.
    pub latest: u32,
    /// When it came here.
    pub created_at: DateTime<Utc>,
}

/// One version of a persona's card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonaVersion {
    /// The persona.
    pub persona: PersonaId,
    /// Counted from 1.
    pub version: u32,
    /// The card's JSON, byte for byte as it came.
    pub card: Vec<u8>,
    /// A square PNG.
    pub avatar: Option<Vec<u8>>,
    /// SHA-256 of card and avatar, in hexadecimal.
    pub hash: String,
    /// When it came here.
    pub created_at: DateTime<Utc>,
    /// Who brought it; `None` if it came with Familiar.
    pub created_by: Option<UserId>,
}

/// A card to be saved.
#[derive(Clone, Debug)]
pub struct NewCard {
    /// Whom the persona belongs to.
    pub owner: Owner,
    /// Its short name; with the owner it says which persona this is a version of.
    pub slug: String,
    /// The name that it speaks under.
    pub name: String,
    /// The card's JSON as it came.
    pub card: Vec<u8>,
    /// A square PNG.
    pub avatar: Option<Vec<u8>>,
    /// Who brings it; `None` if it comes with Familiar.
    pub by: Option<UserId>,
}

/// What saving a card came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The persona.
    pub persona: PersonaId,
    /// The version that holds this card.
    pub version: u32,
    /// Whether that version is new.
    pub changed: bool,
}

impl Store {
    /// Saves a card as the newest version of its persona, unless the newest version is this very card.
    pub async fn save_card(&self, new: NewCard, at: DateTime<Utc>) -> Result<Saved, StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                let hash = hash(&new.card, new.avatar.as_deref());
                let (owner_kind, owner) = new.owner.parts();
                let known: Option<(PersonaId, u32, String)> = sqlx::query_as(
                    "select personas.id, personas.latest_version, persona_versions.hash
                     from personas join persona_versions
                       on persona_versions.persona = personas.id
                      and persona_versions.version = personas.latest_version
                     where personas.owner_kind = ? and personas.owner = ? and personas.slug = ?",
                )
                .bind(owner_kind)
                .bind(owner as i64)
                .bind(&new.slug)
                .fetch_optional(&mut *conn)
                .await?;
                if let Some((persona, version, latest_hash)) = &known
                    && *latest_hash == hash
                {
                    return Ok(Saved { persona: *persona, version: *version, changed: false });
                }
                let version = known.as_ref().map_or(1, |(_, version, _)| version + 1);
                let persona: PersonaId = sqlx::query_scalar(
                    "insert into personas (owner_kind, owner, slug, name, latest_version, created_at)
                     values (?, ?, ?, ?, ?, ?)
                     on conflict (owner_kind, owner, slug) do update
                     set name = excluded.name, latest_version = excluded.latest_version
                     returning id",
                )
                .bind(owner_kind)
                .bind(owner as i64)
                .bind(&new.slug)
                .bind(&new.name)
                .bind(version)
                .bind(to_millis(at))
                .fetch_one(&mut *conn)
                .await?;
                sqlx::query(
                    "insert into persona_versions (persona, version, card, avatar, hash, created_at, created_by)
                     values (?, ?, ?, ?, ?, ?, ?)",
                )
                .bind(persona)
                .bind(version)
                .bind(new.card)
                .bind(new.avatar)
                .bind(hash)
                .bind(to_millis(at))
                .bind(new.by)
                .execute(conn)
                .await?;
                Ok(Saved { persona, version, changed: true })
            })
        })
        .await
    }

    /// A persona.
    pub async fn persona(&self, id: PersonaId) -> Result<Option<Persona>, StoreError> {
        let row = sqlx::query(
            "select id, owner_kind, owner, slug, name, latest_version, created_at from personas where id = ?",
        )
        .bind(id)
        .fetch_optional(self.pool())
        .await?;
        Ok(row.as_ref().map(persona).transpose()?)
    }

    /// The persona that an owner has under this short name.
    pub async fn persona_by_slug(
        &self,
        owner: Owner,
        slug: &str,
    ) -> Result<Option<Persona>, StoreError> {
        let (owner_kind, owner) = owner.parts();
        let row = sqlx::query(
            "select id, owner_kind, owner, slug, name, latest_version, created_at from personas
             where owner_kind = ? and owner = ? and slug = ?",
        )
        .bind(owner_kind)
        .bind(owner as i64)
        .bind(slug)
        .fetch_optional(self.pool())
        .await?;
        Ok(row.as_ref().map(persona).transpose()?)
    }

    /// What an owner has, by name. Who may adopt what: the instance's personas and one's own.
    pub async fn personas_of(&self, owner: Owner) -> Result<Vec<Persona>, StoreError> {
        let (owner_kind, owner) = owner.parts();
        let rows = sqlx::query(
            "select id, owner_kind, owner, slug, name, latest_version, created_at from personas
             where owner_kind = ? and owner = ? order by name, id",
        )
        .bind(owner_kind)
        .bind(owner as i64)
        .fetch_all(self.pool())
        .await?;
        Ok(rows.iter().map(persona).collect::<Result<_, _>>()?)
    }

    /// One version of a persona, with its card and picture.
    pub async fn persona_version(
        &self,
        id: PersonaId,
        version: u32,
    ) -> Result<Option<PersonaVersion>, StoreError> {
        let row = sqlx::query(
            "select persona, version, card, avatar, hash, created_at, created_by from persona_versions
             where persona = ? and version = ?",
        )
        .bind(id)
        .bind(version)
        .fetch_optional(self.pool())
        .await?;
        Ok(row.as_ref().map(persona_version).transpose()?)
    }

    /// Deletes a persona with all its versions; it leaves every roster and every choice. Its memories stay until they
    /// are forgotten.
    pub async fn delete_persona(&self, id: PersonaId) -> Result<(), StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                // Rosters pin versions: they go first, or the pin would hold the version.
                sqlx::query("delete from roster where persona = ?")
                    .bind(id)
                    .execute(&mut *conn)
                    .await?;
                let deleted = sqlx::query("delete from personas where id = ?")
                    .bind(id)
                    .execute(conn)
                    .await?;
                touched_one(&deleted, "that persona")
            })
        })
        .await
    }
}

/// What tells two versions apart. The length in front keeps card and picture from running into each other.
fn hash(card: &[u8], avatar: Option<&[u8]>) -> String {
    let mut digest = Sha256::new();
    digest.update((card.len() as u64).to_be_bytes());
    digest.update(card);
    digest.update(avatar.unwrap_or_default());
    digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Reads a row that names all columns of `personas`.
pub(crate) fn persona(row: &SqliteRow) -> Result<Persona, sqlx::Error> {
    let owner: i64 = row.try_get("owner")?;
    let owner = owner as u64;
    Ok(Persona {
        id: row.try_get("id")?,
        owner: match row.try_get("owner_kind")? {
            "guild" => Owner::Guild(owner.into()),
            "user" => Owner::User(owner.into()),
            _ => Owner::Instance,
        },
        slug: row.try_get("slug")?,
        name: row.try_get("name")?,
        latest: row.try_get("latest_version")?,
        created_at: from_millis(row.try_get("created_at")?),
    })
}

fn persona_version(row: &SqliteRow) -> Result<PersonaVersion, sqlx::Error> {
    Ok(PersonaVersion {
        persona: row.try_get("persona")?,
        version: row.try_get("version")?,
        card: row.try_get("card")?,
        avatar: row.try_get("avatar")?,
        hash: row.try_get("hash")?,
        created_at: from_millis(row.try_get("created_at")?),
        created_by: row.try_get("created_by")?,
    })
}
