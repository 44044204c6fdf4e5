//! What a consolidation leaves behind, put there without one: how facts are read out of talk is tested elsewhere.

use discord_sim::actor::Person;
use memory::{Consent, ScopeId};
use store::clock::Clock as _;
use store::consolidations::{Consolidated, Reading};
use store::facts::{NewFact, Origin};
use twilight_model::id::Id;
use twilight_model::id::marker::MessageMarker;

use crate::world::World;

/// A fact that somebody told.
pub struct Learned<'a> {
    pub about: &'a Person,
    pub name: &'a str,
    pub text: &'a str,
    /// The message that tells it.
    pub source: Option<Id<MessageMarker>>,
    /// The summary beside it.
    pub summary: Option<&'a str>,
}

impl Learned<'_> {
    /// Keeps it, as of somebody who allows facts.
    pub async fn keep(self, world: &World, scope: &ScopeId) {
        allow_facts(world, self.about).await;
        let store = &world.companion().house().store;
        let outcome = Consolidated {
            epoch: store.progress(scope, Reading::Summary).await.unwrap().epoch,
            reading: Reading::Summary,
            through: 2,
            summary: self.summary.map(Into::into),
            learned: vec![NewFact {
                about: self.about.id.get().into(),
                about_name: self.name.into(),
                proxied: false,
                text: self.text.into(),
                sources: self.source.iter().map(|id| id.get().into()).collect(),
                supersedes: None,
                origin: Origin::Extracted,
            }],
            confirmed: vec![],
        };
        let now = world.clock.now();
        assert!(store.consolidate(scope, outcome, now).await.unwrap());
    }
}

/// Facts about this person may be kept, but no sensitive ones.
pub async fn allow_facts(world: &World, who: &Person) {
    let store = &world.companion().house().store;
    let consent = Consent {
        facts: true,
        sensitive: false,
    };
    let now = world.clock.now();
    store
        .set_consent(who.id.get().into(), consent, now)
        .await
        .unwrap();
}

/// The memory of whichever persona said this in the usual channel.
pub async fn scope_of(world: &World, said: Id<MessageMarker>) -> ScopeId {
    let store = &world.companion().house().store;
    let persona = store.persona_of_message(said.get().into()).await.unwrap();
    ScopeId {
        guild: Some(world.guild.id.get().into()),
        channel: world.channel.id.get().into(),
        persona: persona.unwrap(),
    }
}
