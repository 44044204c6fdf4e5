use chrono::NaiveDate;
use store::StoreError;
use store::choices::ChoiceScope;
use store::emojis::AvatarEmoji;
use store::id::{ChannelId, GuildId, PersonaId, UserId};
use store::personas::{NewCard, Owner};
use store::roster::Place;
use store::settings::{ChatMode, ModePlace};

use crate::{House, at};

const ME: u64 = 10;

fn card(owner: Owner, slug: &str, card: &str) -> NewCard {
    NewCard {
        owner,
        slug: slug.into(),
        name: slug.to_uppercase(),
        card: card.into(),
        avatar: None,
        by: None,
    }
}

impl House {
    async fn persona(&self, slug: &str) -> PersonaId {
        self.store
            .save_card(card(Owner::Instance, slug, "{}"), at(0))
            .await
            .unwrap()
            .persona
    }
}

#[tokio::test]
async fn a_card_comes_back_byte_for_byte_and_is_saved_once() {
    let house = House::new().await;
    let bytes = b"{ \"spec\" :\t\"chara_card_v2\", \"odd\": 1.0e3 }\n".to_vec();
    let new = NewCard {
        card: bytes.clone(),
        avatar: Some(vec![0, 159, 146]),
        ..card(Owner::Instance, "ada", "")
    };
    let first = house.store.save_card(new.clone(), at(0)).await.unwrap();
    let again = house.store.save_card(new.clone(), at(1)).await.unwrap();
    assert_eq!(
        (first.version, first.changed, again.version, again.changed),
        (1, true, 1, false)
    );
    let house = house.restarted().await;
    let kept = house
        .store
        .persona_version(first.persona, 1)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (kept.card, kept.avatar, kept.hash.len()),
        (bytes, Some(vec![0, 159, 146]), 64)
    );
    let other_face = NewCard {
        avatar: Some(vec![1]),
        ..new
    };
    assert_eq!(
        house
            .store
            .save_card(other_face, at(2))
            .await
            .unwrap()
            .version,
        2
    );
}

#[tokio::test]
async fn the_same_short_name_of_two_owners_is_two_personas() {
    let house = House::new().await;
    let mine = house
        .store
        .save_card(card(Owner::User(ME.into()), "ada", "{}"), at(0))
        .await
        .unwrap();
    let ours = house
        .store
        .save_card(card(Owner::Guild(ME.into()), "ada", "{}"), at(0))
        .await
        .unwrap();
    assert_ne!(mine.persona, ours.persona);
    let found = house
        .store
        .persona_by_slug(Owner::Guild(ME.into()), "ada")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (found.id, found.owner),
        (ours.persona, Owner::Guild(ME.into()))
    );
    assert_eq!(house.store.personas_of(Owner::Instance).await.unwrap(), []);
}

#[tokio::test]
async fn an_edited_card_speaks_only_where_its_version_was_adopted() {
    let house = House::new().await;
    let store = &house.store;
    let place = Place::Guild(1.into());
    let first = store
        .save_card(card(Owner::Instance, "ada", "{}"), at(0))
        .await
        .unwrap();
    store
        .adopt(place, first.persona, 1, ME.into(), at(0))
        .await
        .unwrap();
    store
        .save_card(card(Owner::Instance, "ada", "{\"edited\":true}"), at(1))
        .await
        .unwrap();
    let adopted = store.adopted(place, first.persona).await.unwrap().unwrap();
    assert_eq!((adopted.version, adopted.persona.latest), (1, 2));
    store
        .adopt(place, first.persona, 2, ME.into(), at(2))
        .await
        .unwrap();
    assert_eq!(store.roster(place).await.unwrap()[0].version, 2);
    let missing = store
        .adopt(place, first.persona, 3, ME.into(), at(3))
        .await
        .unwrap_err();
    assert!(matches!(missing, StoreError::Missing { .. }), "{missing}");
    assert_eq!(
        store.roster(Place::User(1.into())).await.unwrap(),
        [],
        "a user is not a server of the same number"
    );
}

#[tokio::test]
async fn the_nearest_choice_speaks_and_clearing_it_lets_the_next_one() {
    let house = House::new().await;
    let store = &house.store;
    let guild = Some(GuildId::from(1));
    let (channel, parent) = (ChannelId::from(2), ChannelId::from(3));
    let scopes = [
        ChoiceScope::Me {
            guild,
            user: ME.into(),
        },
        ChoiceScope::Channel { guild, channel },
        ChoiceScope::Channel {
            guild,
            channel: parent,
        },
        ChoiceScope::Server { guild: 1.into() },
    ];
    let mut expected = Vec::new();
    for (n, scope) in scopes.into_iter().enumerate() {
        let persona = house.persona(&format!("p{n}")).await;
        store
            .choose(scope, persona, ME.into(), at(0))
            .await
            .unwrap();
        expected.push((persona, scope));
    }
    let here = || store.resolve_choice(guild, channel, Some(parent), ME.into());
    assert_eq!(
        store
            .choices_at(guild, channel, Some(parent), ME.into())
            .await
            .unwrap(),
        expected
    );
    for (persona, scope) in expected {
        assert_eq!(here().await.unwrap(), Some((persona, scope)));
        assert!(store.clear_choice(scope).await.unwrap());
        assert!(!store.clear_choice(scope).await.unwrap());
    }
    assert_eq!(here().await.unwrap(), None);
}

#[tokio::test]
async fn a_choice_reaches_nobody_else_and_no_other_server() {
    let house = House::new().await;
    let store = &house.store;
    let persona = house.persona("ada").await;
    let guild = Some(GuildId::from(1));
    store
        .choose(
            ChoiceScope::Me {
                guild,
                user: ME.into(),
            },
            persona,
            ME.into(),
            at(0),
        )
        .await
        .unwrap();
    store
        .choose(
            ChoiceScope::Server { guild: 1.into() },
            persona,
            ME.into(),
            at(0),
        )
        .await
        .unwrap();
    let resolve = |guild, user: u64| store.resolve_choice(guild, 5.into(), None, user.into());
    assert_eq!(
        resolve(guild, 11).await.unwrap(),
        Some((persona, ChoiceScope::Server { guild: 1.into() }))
    );
    assert_eq!(resolve(Some(2.into()), ME).await.unwrap(), None);
    assert_eq!(
        resolve(None, ME).await.unwrap(),
        None,
        "nor in direct messages"
    );
}

#[tokio::test]
async fn a_dismissed_or_deleted_persona_is_no_longer_chosen() {
    let house = House::new().await;
    let store = &house.store;
    let (guild, user) = (GuildId::from(1), UserId::from(ME));
    let (ada, bob) = (house.persona("ada").await, house.persona("bob").await);
    for persona in [ada, bob] {
        store
            .adopt(Place::Guild(guild), persona, 1, user, at(0))
            .await
            .unwrap();
    }
    store
        .choose(ChoiceScope::Server { guild }, ada, user, at(0))
        .await
        .unwrap();
    store
        .choose(
            ChoiceScope::Me {
                guild: Some(guild),
                user,
            },
            bob,
            user,
            at(0),
        )
        .await
        .unwrap();
    store
        .choose(ChoiceScope::Me { guild: None, user }, ada, user, at(0))
        .await
        .unwrap();
    store.dismiss(Place::Guild(guild), ada).await.unwrap();
    let chosen = store
        .choices_at(Some(guild), 2.into(), None, user)
        .await
        .unwrap();
    assert_eq!(
        chosen,
        [(
            bob,
            ChoiceScope::Me {
                guild: Some(guild),
                user
            }
        )]
    );
    assert!(
        store
            .resolve_choice(None, 2.into(), None, user)
            .await
            .unwrap()
            .is_some(),
        "elsewhere it stays"
    );
    assert!(store.dismiss(Place::Guild(guild), ada).await.is_err());
    store.delete_persona(bob).await.unwrap();
    assert_eq!(
        store
            .resolve_choice(Some(guild), 2.into(), None, user)
            .await
            .unwrap(),
        None
    );
    assert_eq!(store.roster(Place::Guild(guild)).await.unwrap(), []);
    assert_eq!(store.persona_version(bob, 1).await.unwrap(), None);
}

#[tokio::test]
async fn a_chat_mode_is_inherited_from_channel_parent_and_server() {
    let house = House::new().await;
    let store = &house.store;
    let guild = Some(GuildId::from(1));
    let server = ModePlace::Server(1.into());
    let parent = ModePlace::Channel {
        guild,
        channel: 3.into(),
    };
    let channel = ModePlace::Channel {
        guild,
        channel: 2.into(),
    };
    let here = || store.chat_mode(guild, 2.into(), Some(3.into()));
    assert_eq!(here().await.unwrap(), None);
    for (place, mode) in [
        (server, ChatMode::Off),
        (parent, ChatMode::Active),
        (channel, ChatMode::Mention),
    ] {
        store.set_chat_mode(place, Some(mode)).await.unwrap();
        assert_eq!(here().await.unwrap(), Some((mode, place)));
    }
    store.set_chat_mode(channel, None).await.unwrap();
    assert_eq!(here().await.unwrap(), Some((ChatMode::Active, parent)));
    assert_eq!(
        store.chat_mode(guild, 9.into(), None).await.unwrap(),
        Some((ChatMode::Off, server))
    );
    assert_eq!(
        store
            .chat_mode(Some(2.into()), 9.into(), None)
            .await
            .unwrap(),
        None
    );
}

#[tokio::test]
async fn a_servers_language_and_zone_do_not_disturb_each_other() {
    let house = House::new().await;
    let store = &house.store;
    store
        .set_language(1.into(), Some("zh-CN".into()))
        .await
        .unwrap();
    store
        .set_time_zone(1.into(), Some("Asia/Shanghai".into()))
        .await
        .unwrap();
    store
        .set_chat_mode(ModePlace::Server(1.into()), Some(ChatMode::Active))
        .await
        .unwrap();
    assert_eq!(
        store.language(1.into()).await.unwrap().as_deref(),
        Some("zh-CN")
    );
    assert_eq!(
        store.time_zone(1.into()).await.unwrap().as_deref(),
        Some("Asia/Shanghai")
    );
    assert_eq!(store.language(2.into()).await.unwrap(), None);
}

#[tokio::test]
async fn a_person_is_told_once_a_day_and_place_even_by_two_messages_at_once() {
    let house = House::new().await;
    let store = &house.store;
    let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
    let due = |place: u64, day| store.notice_due(ME.into(), place.into(), day);
    let (a, b) = tokio::join!(due(1, day(24)), due(1, day(24)));
    assert!(a.unwrap() ^ b.unwrap());
    assert!(due(2, day(24)).await.unwrap());
    assert!(due(1, day(25)).await.unwrap());
    assert_eq!(store.prune_notices(day(25)).await.unwrap(), 2);
    assert!(!due(1, day(25)).await.unwrap());
}

#[tokio::test]
async fn an_uploaded_avatar_is_remembered_until_discord_loses_it() {
    let house = House::new().await;
    let store = &house.store;
    let emoji = AvatarEmoji {
        id: u64::MAX,
        name: "ada".into(),
    };
    store
        .save_avatar_emoji("hash".into(), emoji.clone(), at(0))
        .await
        .unwrap();
    assert_eq!(store.avatar_emoji("hash").await.unwrap(), Some(emoji));
    store.drop_avatar_emoji("hash".into()).await.unwrap();
    assert_eq!(store.avatar_emoji("hash").await.unwrap(), None);
}
