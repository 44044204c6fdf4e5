use companion::incoming::Incoming;
use rstest::rstest;
use serde_json::{Value, json};

use super::known::Known;
use super::message::{is_automated, is_ours, is_talk, read, written_at};

const BOT: u64 = 10;
const BOTS_ROLE: u64 = 20;

fn known() -> Known {
    Known {
        me: BOT,
        my_role: Some(BOTS_ROLE),
        guild: Some(1.into()),
        ..Known::default()
    }
}

/// Ada's message with other fields.
fn message(other: Value) -> Value {
    let mut message = json!({
        "id": "175928847299117063", "channel_id": "3", "type": 0, "content": "hello",
        "author": {"id": "4", "username": "ada", "global_name": "Ada"},
        "timestamp": "2026-11-28T10:00:00+00:00", "mentions": [], "mention_roles": [],
        "mention_everyone": false, "attachments": [], "embeds": []
    });
    for (name, value) in other.as_object().unwrap() {
        message[name] = value.clone();
    }
    message
}

fn reading(other: Value) -> Incoming {
    read(&message(other), &known()).unwrap()
}

#[test]
fn an_ordinary_message_is_read_with_its_author_time_and_text() {
    let read = reading(json!({}));
    assert_eq!(
        (read.id.get(), read.channel.get()),
        (175_928_847_299_117_063, 3)
    );
    assert_eq!(
        (read.author.id.get(), read.author.name.as_str()),
        (4, "Ada")
    );
    assert!(!read.author.automated && !read.mentions_bot && !read.mentions_others);
    assert_eq!(read.words(), "hello");
    assert_eq!(read.at.to_rfc3339(), "2026-11-28T10:00:00+00:00");
}

#[test]
fn only_an_id_a_channel_and_an_author_make_a_message() {
    let bare = json!({"id": "175928847299117063", "channel_id": "3", "author": {"id": "4"}});
    let read = read(&bare, &known()).unwrap();
    assert_eq!(read.author.name, "someone");
    assert_eq!(
        written_at(&bare).to_rfc3339(),
        "2016-04-30T11:18:25.796+00:00"
    );
    for missing in ["id", "channel_id", "author"] {
        assert!(super::message::read(&message(json!({missing: null})), &known()).is_none());
    }
}

#[rstest]
#[case::forward(
    json!({"content": "", "message_reference": {"type": 1, "message_id": "9"}, "message_snapshots": [
        {"message": {"content": "the ferry <:boat:5> leaves\nat nine", "attachments": [{"filename": "map.png"}]}}]}),
    "(forwards: the ferry :boat: leaves at nine [file: map.png])"
)]
#[case::forward_of_a_programs_message(
    json!({"content": "", "message_snapshots": [{"message": {"content": "", "embeds": [{"type": "rich", "title": "Deploy failed"}]}}]}),
    "(forwards: [Deploy failed])"
)]
#[case::forward_of_something_unknown(
    json!({"content": "", "message_snapshots": [{"message": {"content": ""}}]}),
    "(forwards: [a message that cannot be shown])"
)]
#[case::fields(
    json!({"content": "", "author": {"id": "4", "username": "ada", "bot": true}, "embeds": [{"type": "rich", "author": {"name": "Weather"},
        "footer": {"text": "FOOT"}, "fields": [{"name": "Wind", "value": "north"}, {"name": "\u{200b}", "value": "mild"}]}]}),
    "[preview: Weather – Wind: north; mild]"
)]
#[case::forwarded_fields(
    json!({"content": "", "message_snapshots": [{"message": {"content": "", "embeds": [{"type": "rich", "author": {"name": "Weather"},
        "fields": [{"name": "Wind", "value": "north"}]}]}}]}),
    "(forwards: [Weather Wind: north])"
)]
#[case::invitation(
    json!({"content": "", "activity": {"type": 3, "party_id": "spotify:1"}, "application": {"id": "5", "name": "Spotify"}}),
    "[invitation: Spotify]"
)]
#[case::sticker(json!({"content": "", "sticker_items": [{"id": "1", "name": "Wave", "format_type": 9}]}), "[sticker: Wave]")]
#[case::poll(
    json!({"content": "vote", "poll": {"question": {"text": "Where to?"}, "answers": [
        {"answer_id": 1, "poll_media": {"text": "Oslo"}}, {"answer_id": 2, "poll_media": {"emoji": {"name": "🍜"}}}]}}),
    "vote\n[poll: Where to? Answers: Oslo / 🍜]"
)]
#[case::voice(
    json!({"content": "", "flags": 8192, "attachments": [{"filename": "voice-message.ogg", "duration_secs": 11.6}]}),
    "[voice message, 12 s, which you cannot hear]"
)]
#[case::preview(
    json!({"content": "https://v.example", "embeds": [{"type": "link", "title": "Volcano", "description": "It\nerupts"}, {"type": "image"}]}),
    "https://v.example\n[preview: Volcano – It erupts]"
)]
fn what_comes_along_is_read(#[case] other: Value, #[case] expected: &str) {
    assert_eq!(reading(other).words(), expected);
}

#[test]
fn what_serenity_makes_of_a_forward_is_read_like_the_raw_one() {
    let inner = json!({"content": "at nine", "attachments": []});
    let raw = reading(json!({"content": "", "message_snapshots": [{"message": inner}]}));
    let copy = reading(json!({"content": "", "message_snapshots": [inner]}));
    assert_eq!(raw.words(), copy.words());
}

#[test]
fn files_and_sound_alone_cannot_be_answered_and_all_else_can() {
    let picture =
        json!({"content": "", "attachments": [{"filename": "a.png", "content_type": "image/png"}]});
    assert!(reading(picture).is_only_files());
    let voice =
        json!({"content": "", "flags": 8192, "attachments": [{"filename": "voice-message.ogg"}]});
    assert!(reading(voice).is_only_files());
    let sticker = json!({"content": "", "sticker_items": [{"name": "Wave"}]});
    assert!(!reading(sticker).is_only_files());
}

#[rstest]
#[case::account(json!({"mentions": [{"id": "10"}]}), (true, false))]
#[case::managed_role(json!({"mention_roles": ["20"]}), (true, false))]
#[case::another_role(json!({"mention_roles": ["21"]}), (false, true))]
#[case::everyone(json!({"mention_everyone": true}), (false, true))]
#[case::somebody(json!({"mentions": [{"id": "11"}]}), (false, true))]
#[case::both(json!({"mentions": [{"id": "10"}, {"id": "11"}]}), (true, true))]
#[case::addressee_of_a_reply(
    json!({"type": 19, "mentions": [{"id": "11"}], "referenced_message": {"author": {"id": "11"}}}),
    (false, false)
)]
fn who_is_meant_is_read(#[case] other: Value, #[case] expected: (bool, bool)) {
    let read = reading(other);
    assert_eq!((read.mentions_bot, read.mentions_others), expected);
}

#[test]
fn a_role_is_not_ours_where_none_is_known_to_be() {
    let known = Known {
        my_role: None,
        ..known()
    };
    let read = read(&message(json!({"mention_roles": ["20", "x"]})), &known).unwrap();
    assert!(!read.mentions_bot && read.mentions_others);
}

#[test]
fn a_mention_alone_is_a_call() {
    for content in ["<@10>", " <@!10> ", "<@&20>", "<@10> <@&20>"] {
        assert_eq!(reading(json!({"content": content})).words(), "(calls you)");
    }
}

#[rstest]
#[case::reply(json!({"type": 19, "message_reference": {"message_id": "9"}}), Some((9, true)))]
#[case::to_a_person(
    json!({"type": 19, "message_reference": {"message_id": "9"}, "referenced_message": {"author": {"id": "11"}}}),
    Some((9, false))
)]
#[case::to_a_webhook(
    json!({"type": 19, "message_reference": {"message_id": "9"}, "referenced_message": {"author": {"id": "11"}, "webhook_id": "5"}}),
    Some((9, true))
)]
#[case::untyped(json!({"message_reference": {"message_id": "9"}}), Some((9, true)))]
#[case::forward(json!({"message_reference": {"type": 1, "message_id": "9"}}), None)]
#[case::of_a_followed_channel(json!({"flags": 2, "message_reference": {"message_id": "9"}}), None)]
fn only_a_reply_replies(#[case] other: Value, #[case] expected: Option<(u64, bool)>) {
    let replied = reading(other).reply_to;
    let replied = replied.map(|replied| (replied.id.get(), replied.automated));
    assert_eq!(replied, expected);
}

#[test]
fn a_person_has_the_name_of_this_place_and_a_webhook_that_of_its_message() {
    let mut known = known();
    known.people.insert(4, "Captain Ada".into());
    let name = |message: &Value| read(message, &known).unwrap().author.name;
    assert_eq!(name(&message(json!({}))), "Captain Ada");
    let hook = json!({"webhook_id": "4", "author": {"id": "4", "username": "Alter\n\u{202e}"}});
    assert_eq!(name(&message(hook)), "Alter");
}

#[test]
fn talk_is_told_from_notices_programs_and_our_own_words() {
    for (kind, talk) in [
        (0, true),
        (19, true),
        (7, false),
        (18, false),
        (20, false),
        (46, false),
        (99, false),
    ] {
        assert_eq!(is_talk(&message(json!({"type": kind}))), talk, "{kind}");
    }
    assert!(is_automated(&message(json!({"webhook_id": "5"}))));
    assert!(is_automated(&message(
        json!({"author": {"id": "5", "bot": true}})
    )));
    assert!(!is_automated(&message(json!({"webhook_id": null}))));
    assert!(is_ours(
        &message(json!({"application_id": "7"})),
        BOT,
        Some(7)
    ));
    assert!(is_ours(
        &message(json!({"author": {"id": "10"}})),
        BOT,
        Some(7)
    ));
    assert!(!is_ours(
        &message(json!({"application_id": null})),
        BOT,
        None
    ));
}

#[test]
fn an_update_that_changes_nothing_reads_the_same() {
    let before = reading(json!({"content": "see https://v.example <:wave:1>"}));
    let after = reading(json!({
        "content": "see https://v.example <:wave:1>", "pinned": true,
        "embeds": [{"type": "article", "title": "Volcano"}], "flags": 32
    }));
    assert_eq!(before.to_remember(), after.to_remember());
}

#[test]
fn odd_fields_cost_nothing_but_themselves() {
    let odd = json!({
        "author": {"id": 4, "username": "ada", "avatar_decoration_data": {"asset": "v2_x"}, "public_flags": 1_u64 << 40},
        "attachments": [{"filename": "big.iso", "size": 1_u64 << 33}, 7], "embeds": "none",
        "sticker_items": [{"id": "1"}], "poll": {"question": 5}, "flags": -1, "mentions": {"a": 1}
    });
    let read = reading(odd);
    assert_eq!(read.text, "hello");
    assert_eq!(read.attachments.len(), 2);
    assert!(read.enclosed.is_empty());
}
