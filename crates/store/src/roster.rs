//! The roster: which personas a server, or one person in their direct messages, has adopted, and at which version.

use chrono::{DateTime, Utc};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::clock::{from_millis, to_millis};
use crate::id::{GuildId, PersonaId, UserId};
use crate::personas::{Persona, persona};
use crate::{Store, StoreError, touched_one};

/// Who adopts: a server, or a person for their direct messages and wherever they bring the bot along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// A server.
    Guild(GuildId),
    /// A person.
    User(UserId),
}

impl Place {
    fn parts(self) -> (&'static str, i64) {
        match self {
            Self::Guild(guild) => ("guild", guild.get() as i64),
            Self::User(user) => ("user", user.get() as i64),
        }
    }
}

/// A persona on a roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adopted {
    /// The persona.
    pub persona: Persona,
    /// The version that speaks here; not always the persona's latest.
    pub version: u32,
    /// Who adopted it, or last agreed to a new version.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
}

impl Store {
    /// Puts a persona on a roster at this version; one that is there already moves to this version.
    pub async fn adopt(
        &self,
        place: Place,
        persona: PersonaId,
        version: u32,
        by: UserId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                let (kind, id) = place.parts();
                // Selecting the version instead of naming it turns a wrong one into "not there".
                let adopted = sqlx::query(
                    "insert into roster (place_kind, place, persona, version, adopted_by, adopted_at)
                     select ?, ?, persona, version, ?, ? from persona_versions where persona = ? and version = ?
                     on conflict (place_kind, place, persona) do update
                     set version = excluded.version, adopted_by = excluded.adopted_by, adopted_at = excluded.adopted_at",
                )
                .bind(kind)
                .bind(id)
                .bind(by)
                .bind(to_millis(at))
                .bind(persona)
                .bind(version)
                .execute(conn)
                .await?;
                touched_one(&adopted, "that version of the persona")
            })
        })
        .await
    }

    /// Takes a persona off a roster, and with it every choice of it in that place. Its memories stay.
    pub async fn dismiss(&self, place: Place, persona: PersonaId) -> Result<(), StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                let (kind, id) = place.parts();
                let dismissed = sqlx::query(
                    "delete from roster where place_kind = ? and place = ? and persona = ?",
                )
                .bind(kind)
                .bind(id)
                .bind(persona)
                .execute(&mut *conn)
                .await?;
                touched_one(&dismissed, "that persona")?;
                match place {
                    Place::Guild(_) => {
                        sqlx::query("delete from choices where guild = ? and persona = ?")
                    }
                    Place::User(_) => sqlx::query(
                        "delete from choices where guild = 0 and chosen_by = ? and persona = ?",
                    ),
                }
                .bind(id)
                .bind(persona)
                .execute(conn)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// A place's roster, by name.
    pub async fn roster(&self, place: Place) -> Result<Vec<Adopted>, StoreError> {
        let (kind, id) = place.parts();
        let rows = sqlx::query(
            "select personas.id, personas.owner_kind, personas.owner, personas.slug, personas.name,
                    personas.latest_version, personas.created_at, roster.version, roster.adopted_by, roster.adopted_at
             from roster join personas on personas.id = roster.persona
             where roster.place_kind = ? and roster.place = ?
             order by personas.name, personas.id",
        )
        .bind(kind)
        .bind(id)
        .fetch_all(self.pool())
        .await?;
        Ok(rows.iter().map(adopted).collect::<Result<_, _>>()?)
    }

    /// A persona as a place has adopted it; `None` if it has not.
    pub async fn adopted(
        &self,
        place: Place,
        persona: PersonaId,
    ) -> Result<Option<Adopted>, StoreError> {
        let (kind, id) = place.parts();
        let row = sqlx::query(
            "select personas.id, personas.owner_kind, personas.owner, personas.slug, personas.name,
                    personas.latest_version, personas.created_at, roster.version, roster.adopted_by, roster.adopted_at
             from roster join personas on personas.id = roster.persona
             where roster.place_kind = ? and roster.place = ? and roster.persona = ?",
        )
        .bind(kind)
        .bind(id)
        .bind(persona)
        .fetch_optional(self.pool())
        .await?;
        Ok(row.as_ref().map(adopted).transpose()?)
    }
}

fn adopted(row: &SqliteRow) -> Result<Adopted, sqlx::Error> {
    Ok(Adopted {
        persona: persona(row)?,
        version: row.try_get("version")?,
        by: row.try_get("adopted_by")?,
        at: from_millis(row.try_get("adopted_at")?),
    })
}
