//! Mends an event that serenity cannot parse, until it can. From the gentlest means to the harshest: ornaments and numbers
//! that break it, fields that Discord left out, everything of messages and people but what is needed, and of lists the
//! entries that break them.

mod left_out;
mod ornaments;
mod reduced;

use serde_json::{Value, json};
use serenity::model::event::Event;

use left_out::completed;
use ornaments::soften;
use reduced::reduce;

/// The event, if it can be mended.
pub fn mended(name: &str, mut told: Value) -> Option<Event> {
    soften(&mut told);
    let means: [fn(&mut Value); 2] = [|_| {}, reduce];
    for harsher in means {
        harsher(&mut told);
        if let Some(event) = completed(name, &mut told) {
            return Some(event);
        }
    }
    let mut sifted = sift(name, &told)?;
    completed(name, &mut sifted)
}

/// Takes out of the event's lists the entries that break it. One odd emoji must not cost a whole server.
fn sift(name: &str, told: &Value) -> Option<Value> {
    let mut bare = told.clone();
    let lists = bare.as_object_mut()?.values_mut();
    for list in lists.filter_map(Value::as_array_mut) {
        list.clear();
    }
    completed(name, &mut bare)?;
    let mut sifted = told.clone();
    for (field, value) in sifted.as_object_mut()? {
        let Some(entries) = value.as_array_mut() else {
            continue;
        };
        entries.retain(|entry| {
            bare[field] = json!([entry]);
            let is_sound = completed(name, &mut bare.clone()).is_some();
            bare[field] = json!([]);
            is_sound
        });
    }
    Some(sifted)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serenity::model::application::Interaction;
    use serenity::model::event::GatewayEvent;

    use super::*;
    use crate::discord::unread::parse::parse;

    fn user(other: Value) -> Value {
        let mut user = json!({"id": "4", "username": "ada", "discriminator": "0", "avatar": null});
        for (name, value) in other.as_object().unwrap() {
            user[name] = value.clone();
        }
        user
    }

    fn interaction(user: &Value) -> Value {
        json!({
            "id": "7", "application_id": "8", "type": 2, "token": "t", "version": 1, "channel_id": "3", "guild_id": "1",
            "data": {"id": "9", "name": "budget", "type": 1}, "locale": "en-US", "entitlements": [], "attachment_size_limit": 10,
            "member": {"user": user, "roles": [], "joined_at": null, "deaf": false, "mute": false, "flags": 0, "permissions": "8"}
        })
    }

    fn guild() -> Value {
        json!({
            "id": "1", "name": "home", "icon": null, "splash": null, "discovery_splash": null, "owner_id": "4",
            "afk_channel_id": null, "afk_timeout": 300, "verification_level": 0, "default_message_notifications": 0,
            "explicit_content_filter": 0, "roles": [], "emojis": [], "features": [], "mfa_level": 0, "application_id": null,
            "system_channel_id": null, "system_channel_flags": 0, "rules_channel_id": null, "vanity_url_code": null,
            "description": null, "banner": null, "premium_tier": 0, "preferred_locale": "en-US",
            "public_updates_channel_id": null, "nsfw_level": 0, "premium_progress_bar_enabled": false, "stickers": [],
            "joined_at": "2026-01-01T00:00:00+00:00", "large": false, "unavailable": false, "member_count": 2,
            "voice_states": [], "members": [], "channels": [], "threads": [], "presences": [], "stage_instances": [],
            "guild_scheduled_events": [], "soundboard_sounds": []
        })
    }

    fn frame(name: &str, told: &Value) -> String {
        json!({"op": 0, "s": 5, "t": name, "d": told}).to_string()
    }

    /// What all this rests on: serenity hands over what it cannot parse, raw, instead of losing it.
    #[test]
    fn serenity_hands_over_raw_what_it_cannot_parse() {
        let odd = user(json!({"avatar_decoration_data": {"asset": "v2_a_624", "sku_id": "1"}}));
        for (name, told) in [
            (
                "MESSAGE_CREATE",
                json!({"id": "5", "channel_id": "3", "content": "hi", "author": odd}),
            ),
            ("INTERACTION_CREATE", interaction(&odd)),
        ] {
            let event: GatewayEvent = serde_json::from_str(&frame(name, &told)).unwrap();
            let GatewayEvent::Dispatch(5, Event::Unknown(unknown)) = event else {
                panic!("{name} is parsed by now: then it needs no mending");
            };
            assert_eq!((unknown.kind.as_str(), &unknown.value), (name, &told));
        }
    }

    #[rstest]
    #[case::decoration(json!({"avatar_decoration_data": {"asset": "v2_a_624192b47596d66e5f15a6b0932afbd3", "sku_id": "1"}}))]
    #[case::badge(json!({"primary_guild": {"identity_guild_id": "1", "identity_enabled": true, "tag": "ABC", "badge": "no hash"}}))]
    #[case::flags(json!({"public_flags": 1_u64 << 40}))]
    #[case::picture(json!({"avatar": "v2_a_624192b47596d66e5f15a6b0932afbd3"}))]
    #[case::all(json!({"avatar_decoration_data": {"asset": "x"}, "public_flags": 1_u64 << 40, "banner": "z"}))]
    #[case::something_new(json!({"locale": 5}))]
    #[case::nothing(json!({}))]
    fn an_interaction_of_an_ornate_person_is_read(#[case] ornaments: Value) {
        let told = interaction(&user(ornaments));
        let event = mended("INTERACTION_CREATE", told);
        let Some(Event::InteractionCreate(event)) = event else {
            panic!("it is not mended")
        };
        let Interaction::Command(command) = event.interaction else {
            panic!("it is a command")
        };
        assert_eq!(
            (command.user.id.get(), command.user.name.as_str()),
            (4, "ada")
        );
        assert_eq!(command.data.name, "budget");
    }

    #[rstest]
    #[case("entitlements")]
    #[case("locale")]
    #[case("attachment_size_limit")]
    fn a_field_that_is_left_out_is_put_in(#[case] field: &str) {
        let mut told = interaction(&user(json!({})));
        told.as_object_mut().unwrap().shift_remove(field);
        assert!(mended("INTERACTION_CREATE", told).is_some());
        let mut told = interaction(&user(json!({})));
        told["member"].as_object_mut().unwrap().shift_remove("deaf");
        told["member"]["user"]
            .as_object_mut()
            .unwrap()
            .shift_remove("username");
        assert!(mended("INTERACTION_CREATE", told).is_some());
    }

    #[test]
    fn one_odd_entry_does_not_cost_a_server() {
        let mut told = guild();
        told["emojis"] = json!([{"id": "1", "name": {"odd": true}}]);
        let member = |id: &str, joined: &str| {
            json!({"user": {"id": id, "username": "m", "discriminator": "0", "avatar": null},
                "roles": [], "joined_at": joined, "deaf": false, "mute": false, "flags": 0})
        };
        told["members"] = json!([
            member("4", "2026-01-01T00:00:00+00:00"),
            member("5", "yesterday")
        ]);
        assert!(parse("GUILD_CREATE", &guild()).unwrap().is_ok());
        assert!(parse("GUILD_CREATE", &told).unwrap().is_err());
        let Some(Event::GuildCreate(event)) = mended("GUILD_CREATE", told) else {
            panic!("it is not mended")
        };
        let members: Vec<u64> = event.guild.members.keys().map(|id| id.get()).collect();
        assert_eq!(members, [4]);
        assert!(event.guild.emojis.is_empty());
    }

    #[test]
    fn what_holds_nothing_is_not_mended_and_what_nothing_depends_on_is_left_alone() {
        assert!(mended("INTERACTION_CREATE", json!({"type": 2})).is_none());
        assert!(mended("INTERACTION_CREATE", json!("words")).is_none());
        assert!(mended("TYPING_START", json!({})).is_none());
        assert!(parse("TYPING_START", &json!({})).is_none());
    }
}
