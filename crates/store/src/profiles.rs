//! Profiles: what a persona has learned of a person in one channel of a server, known in its other channels, because that
//! person said so. This is the only read that crosses channels, and it has a key of its own, the [`ProfileId`]: it
//! reads facts, never words or summaries, of one person, in one server.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use crate::clock::to_millis;
use crate::facts::{Fact, facts_by_id};
use crate::id::{ChannelId, FactId, ProfileId, UserId};
use crate::{Store, StoreError};

impl Store {
    /// Whether the person has opted in.
    pub async fn has_profile(&self, profile: &ProfileId) -> Result<bool, StoreError> {
        let has = sqlx::query_scalar(
            "select exists (select 1 from profiles where guild = ? and persona = ? and user = ?)",
        )
        .bind(profile.guild)
        .bind(profile.persona)
        .bind(profile.user)
        .fetch_one(self.pool())
        .await?;
        Ok(has)
    }

    /// Opts a person in, or with `None` out.
    pub async fn set_profile(
        &self,
        profile: ProfileId,
        since: Option<DateTime<Utc>>,
    ) -> Result<(), StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                let query = match since {
                    Some(at) => sqlx::query(
                        "insert into profiles (guild, persona, user, at) values (?, ?, ?, ?)
                         on conflict (guild, persona, user) do nothing",
                    )
                    .bind(profile.guild)
                    .bind(profile.persona)
                    .bind(profile.user)
                    .bind(to_millis(at)),
                    None => sqlx::query(
                        "delete from profiles where guild = ? and persona = ? and user = ?",
                    )
                    .bind(profile.guild)
                    .bind(profile.persona)
                    .bind(profile.user),
                };
                query.execute(conn).await?;
                Ok(())
            })
        })
        .await
    }

    /// Where a person has opted in.
    pub async fn profiles_of(&self, user: UserId) -> Result<Vec<ProfileId>, StoreError> {
        let rows: Vec<(i64, i64)> =
            sqlx::query_as("select guild, persona from profiles where user = ? order by at")
                .bind(user)
                .fetch_all(self.pool())
                .await?;
        let profile = |(guild, persona)| ProfileId {
            guild: (guild as u64).into(),
            persona: crate::id::PersonaId(persona),
            user,
        };
        Ok(rows.into_iter().map(profile).collect())
    }

    /// The facts that stand in the `open` channels of the server other than `here`, at most `limit`: pinned ones first,
    /// then the strongest, then the newest. None unless the person has opted in and still allows facts, which is asked in
    /// the same statement, so that a no holds from the next read on.
    pub async fn profile_facts(
        &self,
        profile: &ProfileId,
        here: ChannelId,
        open: &[ChannelId],
        limit: u32,
    ) -> Result<Vec<Fact>, StoreError> {
        let profile = *profile;
        let open: Vec<i64> = open.iter().map(|channel| channel.get() as i64).collect();
        self.read(|conn| {
            Box::pin(async move {
                let ids: Vec<FactId> = sqlx::query_scalar(
                    "select f.id from profiles p
                     join consents c on c.user = p.user and c.facts = 1
                     join facts f on f.guild = p.guild and f.persona = p.persona and f.about = p.user
                     where p.guild = ?1 and p.persona = ?2 and p.user = ?3
                       and f.superseded_by is null and f.channel <> ?4
                       and f.channel in (select value from json_each(?5))
                     order by f.pinned desc, f.strength desc, f.confirmed_at desc, f.id desc limit ?6",
                )
                .bind(profile.guild)
                .bind(profile.persona)
                .bind(profile.user)
                .bind(here)
                .bind(Json(&open))
                .bind(limit)
                .fetch_all(&mut *conn)
                .await?;
                let mut facts = facts_by_id(conn, &ids).await?;
                facts.sort_by_key(|fact| ids.iter().position(|id| *id == fact.id));
                Ok(facts)
            })
        })
        .await
    }
}
