//! What crosses channels does so through its own key, and only while its person says so.

use store::consents::Consent;
use store::consolidations::{Consolidated, Reading};
use store::facts::{NewFact, Origin};
use store::id::{ChannelId, PersonaId, ProfileId, ScopeId};
use store::personas::{NewCard, Owner};

use crate::{House, at};

const YES: Consent = Consent {
    facts: true,
    sensitive: false,
};

async fn know(house: &House, scope: ScopeId, user: u64, text: &str) {
    let outcome = Consolidated {
        epoch: house
            .store
            .progress(&scope, Reading::Summary)
            .await
            .unwrap()
            .epoch,
        reading: Reading::Summary,
        through: 1,
        summary: None,
        learned: vec![NewFact {
            about: user.into(),
            about_name: "somebody".into(),
            proxied: false,
            text: text.into(),
            sources: vec![],
            supersedes: None,
            origin: Origin::Extracted,
        }],
        confirmed: vec![],
    };
    let kept = house.store.consolidate(&scope, outcome, at(0)).await;
    assert!(kept.unwrap());
}

/// Two personas; the tests' numbers of them.
async fn personas(house: &House) -> [PersonaId; 2] {
    let mut ids = vec![];
    for slug in ["ada", "ben"] {
        let card = NewCard {
            owner: Owner::Instance,
            slug: slug.into(),
            name: slug.into(),
            card: "{}".into(),
            avatar: None,
            by: None,
        };
        ids.push(house.store.save_card(card, at(0)).await.unwrap().persona);
    }
    [ids[0], ids[1]]
}

#[tokio::test]
async fn a_profile_reads_one_persons_facts_of_one_persona_in_open_channels_of_one_server() {
    let house = House::new().await;
    let [ada, ben] = personas(&house).await;
    let scope = |guild: u64, channel: u64, persona| ScopeId {
        guild: (guild > 0).then(|| guild.into()),
        channel: channel.into(),
        persona,
    };
    let users: [u64; 2] = [7, 8];
    for user in users {
        house
            .store
            .set_consent(user.into(), YES, at(0))
            .await
            .unwrap();
    }
    for (place, user, text) in [
        (scope(1, 10, ada), 7, "wanted"),
        (scope(1, 11, ada), 7, "of the channel itself"),
        (scope(1, 12, ada), 7, "of a closed channel"),
        (scope(2, 10, ada), 7, "of another server"),
        (scope(0, 10, ada), 7, "of direct messages"),
        (scope(1, 10, ben), 7, "of another persona"),
        (scope(1, 10, ada), 8, "of another person"),
    ] {
        know(&house, place, user, text).await;
    }
    let profile = ProfileId {
        guild: 1.into(),
        persona: ada,
        user: 7.into(),
    };
    let open: [ChannelId; 2] = [10.into(), 11.into()];
    let read = async |profile: ProfileId, open: &[ChannelId]| -> Vec<String> {
        let facts = house.store.profile_facts(&profile, 11.into(), open, 9);
        let facts = facts.await.unwrap();
        facts.into_iter().map(|fact| fact.text).collect()
    };
    let nothing: [&str; 0] = [];
    assert_eq!(read(profile, &open).await, nothing, "nobody said so");
    let set = async |since| house.store.set_profile(profile, since).await.unwrap();
    set(Some(at(0))).await;
    assert_eq!(read(profile, &open).await, ["wanted"]);
    assert_eq!(read(profile, &[]).await, nothing, "nothing is known open");
    for other in [
        ProfileId {
            guild: 2.into(),
            ..profile
        },
        ProfileId {
            persona: ben,
            ..profile
        },
        ProfileId {
            user: 8.into(),
            ..profile
        },
    ] {
        assert_eq!(read(other, &open).await, nothing);
    }
    let facts = house.store.profile_facts(&profile, 11.into(), &open, 9);
    assert_eq!(facts.await.unwrap()[0].scope, scope(1, 10, ada));
    set(None).await;
    assert_eq!(read(profile, &open).await, nothing, "at once");

    // Who takes back their consent takes back the profile as well.
    set(Some(at(1))).await;
    assert_eq!(house.store.profiles_of(7.into()).await.unwrap(), [profile]);
    let no = Consent::default();
    house.store.set_consent(7.into(), no, at(2)).await.unwrap();
    house.store.set_consent(7.into(), YES, at(3)).await.unwrap();
    know(&house, scope(1, 10, ada), 7, "told again").await;
    assert_eq!(read(profile, &open).await, nothing);

    set(Some(at(4))).await;
    assert_eq!(read(profile, &open).await, ["told again"]);
    house
        .store
        .forget_person(7.into(), u64::MAX.into())
        .await
        .unwrap();
    assert!(!house.store.has_profile(&profile).await.unwrap());
}
