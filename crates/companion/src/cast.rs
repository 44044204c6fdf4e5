//! The cast: who can speak in a place, who does, and where that was chosen.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use dashmap::DashMap;
use persona::Card;
use store::choices::ChoiceScope;
use store::id::{ChannelId, GuildId, PersonaId, UserId};
use store::personas::{NewCard, Owner};
use store::roster::Place;
use store::{Store, StoreError};

use crate::speaker::Voice;

/// A persona, ready to speak: one version of its card.
#[derive(Debug)]
pub struct Persona {
    /// Its id.
    pub id: PersonaId,
    /// Its short name.
    pub slug: String,
    /// The name that people see; one that Discord accepts for a webhook.
    pub name: String,
    /// The card's version.
    pub version: u32,
    /// The card.
    pub card: Card,
    /// A square PNG.
    pub avatar: Option<Arc<[u8]>>,
}

impl Persona {
    /// Its name and face for the place where it speaks.
    pub fn voice(&self) -> Voice {
        Voice {
            persona: self.id,
            slug: self.slug.clone(),
            name: self.name.clone(),
            avatar: self.avatar.clone(),
        }
    }
}

/// Where somebody is, as far as the choice of a persona depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The server, or `None` in direct messages.
    pub guild: Option<GuildId>,
    /// The channel, thread or direct-message channel.
    pub channel: ChannelId,
    /// The channel that a thread hangs from.
    pub parent: Option<ChannelId>,
    /// The person.
    pub user: UserId,
}

impl Seat {
    /// Whose roster holds here.
    pub fn place(&self) -> Place {
        self.guild.map_or(Place::User(self.user), Place::Guild)
    }
}

/// Where it comes from that a persona speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inherited {
    /// Somebody chose it, in this scope.
    From(ChoiceScope),
    /// Nobody chose; it is the instance's default.
    Default,
}

/// A persona that somebody here could mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its id.
    pub id: PersonaId,
    /// Its short name.
    pub slug: String,
    /// The name it speaks under.
    pub name: String,
    /// The version that speaks here, or would after adoption.
    pub version: u32,
    /// Whether this place has adopted it.
    pub adopted: bool,
}

/// Why no persona could be brought to speak.
#[derive(Debug, thiserror::Error)]
pub enum CastError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored card no longer reads.
    #[error(
        "the card of persona {persona} cannot be read: {source}; import it again with `familiar persona import`"
    )]
    Card {
        /// Which persona.
        persona: PersonaId,
        /// Why.
        source: persona::CardError,
    },
}

/// Everybody who can speak.
pub struct Cast {
    store: Store,
    default_slug: String,
    // Parsed cards; a version never changes, so an entry is never stale.
    ready: DashMap<(PersonaId, u32), Arc<Persona>>,
}

impl Cast {
    /// Opens the cast and saves the bundled personas' cards where they are new. `default_slug` names who speaks where
    /// nobody has chosen; empty means the first bundled one.
    pub async fn open(
        store: Store,
        default_slug: &str,
        now: DateTime<Utc>,
    ) -> Result<Self, CastError> {
        let bundled = persona::bundled::all();
        let first = bundled
            .first()
            .map(|persona| persona.slug)
            .unwrap_or_default();
        let default_slug = if default_slug.is_empty() {
            first
        } else {
            default_slug
        }
        .to_owned();
        for persona in bundled {
            let card = NewCard {
                owner: Owner::Instance,
                slug: persona.slug.to_owned(),
                name: persona.card.display_name(),
                card: persona.json.to_vec(),
                avatar: Some(persona.avatar.to_vec()),
                by: None,
            };
            match store.save_card(card, now).await {
                // They are there from an earlier start, and what a crash has left open is to be settled.
                Err(StoreError::Full) => {
                    tracing::warn!("the disk is full, so the bundled personas stay as they were")
                }
                saved => {
                    saved?;
                }
            }
        }
        Ok(Self {
            store,
            default_slug,
            ready: DashMap::new(),
        })
    }

    /// The short name of the default persona.
    pub fn default_slug(&self) -> &str {
        &self.default_slug
    }

    /// The short names of the instance's own personas.
    pub async fn instance_slugs(&self) -> Result<Vec<String>, StoreError> {
        let own = self.store.personas_of(Owner::Instance).await?;
        Ok(own.into_iter().map(|persona| persona.slug).collect())
    }

    /// One version of a persona.
    pub async fn persona(
        &self,
        id: PersonaId,
        version: u32,
    ) -> Result<Option<Arc<Persona>>, CastError> {
        if let Some(ready) = self.ready.get(&(id, version)) {
            return Ok(Some(Arc::clone(&ready)));
        }
        let (row, saved) = tokio::try_join!(
            self.store.persona(id),
            self.store.persona_version(id, version)
        )?;
        let (Some(row), Some(saved)) = (row, saved) else {
            return Ok(None);
        };
        let card = Card::from_json(&saved.card).map_err(|source| CastError::Card {
            persona: id,
            source,
        })?;
        let persona = Arc::new(Persona {
            id,
            slug: row.slug,
            name: card.display_name(),
            version,
            card,
            avatar: saved.avatar.map(Into::into),
        });
        self.ready.insert((id, version), Arc::clone(&persona));
        Ok(Some(persona))
    }

    /// A persona at the version that speaks in `place`: the adopted one, else the latest.
    pub async fn persona_in(
        &self,
        place: Place,
        id: PersonaId,
    ) -> Result<Option<Arc<Persona>>, CastError> {
        let version = match self.store.adopted(place, id).await? {
            Some(adopted) => adopted.version,
            None => match self.store.persona(id).await? {
                Some(persona) => persona.latest,
                None => return Ok(None),
            },
        };
        self.persona(id, version).await
    }

    /// Who speaks to this person here, and where that was chosen.
    pub async fn speaking(
        &self,
        seat: Seat,
    ) -> Result<Option<(Arc<Persona>, Inherited)>, CastError> {
        let chosen = self
            .store
            .resolve_choice(seat.guild, seat.channel, seat.parent, seat.user)
            .await?;
        if let Some((id, scope)) = chosen
            && let Some(persona) = self.persona_in(seat.place(), id).await?
        {
            return Ok(Some((persona, Inherited::From(scope))));
        }
        let Some(default) = self
            .store
            .persona_by_slug(Owner::Instance, &self.default_slug)
            .await?
        else {
            return Ok(None);
        };
        Ok(self
            .persona_in(seat.place(), default.id)
            .await?
            .map(|persona| (persona, Inherited::Default)))
    }

    /// Everybody on this place's roster, at the version that speaks there.
    pub async fn adopted(&self, place: Place) -> Result<Vec<Arc<Persona>>, CastError> {
        let mut all = vec![];
        for on in self.store.roster(place).await? {
            all.extend(self.persona(on.persona.id, on.version).await?);
        }
        Ok(all)
    }

    /// Everybody that this place has adopted or could adopt: its roster first, then what it and the instance own.
    pub async fn candidates(&self, place: Place) -> Result<Vec<Candidate>, StoreError> {
        let owner = match place {
            Place::Guild(guild) => Owner::Guild(guild),
            Place::User(user) => Owner::User(user),
        };
        let (roster, own, instance) = tokio::try_join!(
            self.store.roster(place),
            self.store.personas_of(owner),
            self.store.personas_of(Owner::Instance)
        )?;
        let mut all: Vec<Candidate> = roster
            .into_iter()
            .map(|on| Candidate {
                id: on.persona.id,
                slug: on.persona.slug,
                name: on.persona.name,
                version: on.version,
                adopted: true,
            })
            .collect();
        for persona in own.into_iter().chain(instance) {
            if all.iter().all(|known| known.id != persona.id) {
                all.push(Candidate {
                    id: persona.id,
                    slug: persona.slug,
                    name: persona.name,
                    version: persona.latest,
                    adopted: false,
                });
            }
        }
        Ok(all)
    }
}
