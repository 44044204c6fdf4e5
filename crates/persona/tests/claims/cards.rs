//! Reading cards from JSON.

use persona::card::{Examples, Form, Speaker};
use persona::{Card, CardError};
use serde_json::{Value, json};

use crate::fixture::{card, json_of};

fn error(json: Value) -> CardError {
    Card::from_json(json.to_string().as_bytes()).unwrap_err()
}

#[test]
fn each_version_is_recognised() {
    for (version, form) in [(1, Form::V1), (2, Form::V2), (3, Form::V3)] {
        let card = Card::read(&json_of(version, json!({ "first_mes": "Hi" }))).unwrap();
        assert_eq!(
            (card.form(), card.first_mes(), card.name()),
            (form, "Hi", "Mia")
        );
    }
}

#[test]
fn a_v1_card_with_crlf_and_older_field_names_is_read() {
    let text = "{\r\n\"char_name\": \"Tom\",\r\n\"char_persona\": \"A cook\",\r\n\"char_greeting\": \"Hello\",\r\n\
                \"world_scenario\": \"A kitchen\",\r\n\"example_dialogue\": \"{{user}}: Salt?\\r\\n{{char}}: Salt.\\r\\n\"}";
    let card = Card::read(text.as_bytes()).unwrap();
    assert_eq!(
        (
            card.name(),
            card.description(),
            card.first_mes(),
            card.scenario()
        ),
        ("Tom", "A cook", "Hello", "A kitchen")
    );
    let dialogue = &card.examples().dialogues[0];
    assert_eq!(dialogue.lines[1].text, "Salt.");
}

#[test]
fn own_field_names_go_before_older_ones() {
    let card = Card::from_json(
        br#"{"name":"New","char_name":"Old","description":"n","char_persona":"o"}"#,
    )
    .unwrap();
    assert_eq!((card.name(), card.description()), ("New", "n"));
}

#[test]
fn a_newer_version_is_read_and_said_to_be_newer() {
    let newer =
        json!({ "spec": "chara_card_v3", "spec_version": "3.1", "data": { "name": "Mia" } });
    assert!(
        Card::from_json(newer.to_string().as_bytes())
            .unwrap()
            .is_newer()
    );
    let much_newer = json!({ "spec": "chara_card_v4", "data": { "name": "Mia" } });
    assert!(
        Card::from_json(much_newer.to_string().as_bytes())
            .unwrap()
            .is_newer()
    );
    assert!(!card(json!({})).is_newer());
}

#[test]
fn fields_of_the_wrong_kind_are_read_as_far_as_they_make_sense() {
    let card = card(json!({
        "description": null, "character_version": 1.5, "creator": { "name": "?" }, "personality": ["kind", "loud"],
        "tags": "fantasy, cosy", "source": "one place", "alternate_greetings": ["", "Hi", 3, null], "extensions": [], "assets": "none",
        "character_book": "none",
    }));
    assert_eq!(
        (card.description(), card.character_version(), card.creator()),
        ("", "1.5", "")
    );
    assert_eq!(card.personality(), "kind\nloud");
    assert_eq!(card.tags(), ["fantasy", "cosy"]);
    assert_eq!(card.source(), ["one place"]);
    assert_eq!(card.alternate_greetings(), ["Hi", "3"]);
    assert!(card.lorebook().is_none());
}

#[test]
fn a_byte_order_mark_does_not_matter() {
    assert_eq!(
        Card::read(&[b"\xEF\xBB\xBF", json_of(2, json!({})).as_slice()].concat())
            .unwrap()
            .name(),
        "Mia"
    );
}

#[test]
fn the_nickname_is_what_char_stands_for() {
    assert_eq!(card(json!({ "nickname": "Mi" })).called(), "Mi");
    assert_eq!(card(json!({ "nickname": "" })).called(), "Mia");
}

#[test]
fn notes_come_in_the_readers_language_or_english() {
    let many = card(
        json!({ "creator_notes": "plain", "creator_notes_multilingual": { "zh-CN": "中文", "ja": "日本語" } }),
    );
    assert_eq!(many.creator_notes("zh"), "中文");
    assert_eq!(many.creator_notes("ja-JP"), "日本語");
    assert_eq!(many.creator_notes("de"), "plain");
    let english = card(
        json!({ "creator_notes": "plain", "creator_notes_multilingual": { "en": "English" } }),
    );
    assert_eq!(english.creator_notes("de"), "English");
}

#[test]
fn without_assets_there_is_the_main_icon() {
    let assets = card(json!({})).assets();
    assert_eq!(
        (
            assets.len(),
            assets[0].kind.as_str(),
            assets[0].uri.as_str()
        ),
        (1, "icon", "ccdefault:")
    );
    assert_eq!(card(json!({ "assets": [] })).assets(), []);
}

#[test]
fn examples_are_cut_at_start_into_who_says_what() {
    let card = card(json!({
        "mes_example": "<START>\n{{user}}: One\nmore line\n{{char}}: *nods* Two\n<start>\nIt rains.\nMia: Three: four\n<USER>: Five\n<START>\n"
    }));
    let dialogues = card.examples().dialogues;
    let lines: Vec<Vec<(Speaker, &str)>> = dialogues
        .iter()
        .map(|dialogue| {
            dialogue
                .lines
                .iter()
                .map(|line| (line.speaker, line.text.as_str()))
                .collect()
        })
        .collect();
    assert_eq!(
        lines,
        [
            vec![
                (Speaker::Person, "One\nmore line"),
                (Speaker::Persona, "*nods* Two")
            ],
            vec![
                (Speaker::Nobody, "It rains."),
                (Speaker::Persona, "Three: four"),
                (Speaker::Person, "Five")
            ],
        ]
    );
}

#[test]
fn tags_and_the_extension_restrict_by_age() {
    let restricted = |tags: Value, flag: Value| {
        card(json!({ "tags": tags, "extensions": { "familiar": { "age_restricted": flag } } }))
            .is_age_restricted()
    };
    for tag in [
        "NSFW",
        "nsfl",
        "Explicit",
        "adult",
        "18+",
        "R-18",
        "nsfw-friendly",
        "#nsfw",
        "成人向漫画",
        "ＮＳＦＷ",
    ] {
        assert!(restricted(json!([tag]), json!(false)), "{tag}");
    }
    for tag in [
        "SFW",
        "young adult",
        "adulting",
        "fantasy",
        "18th century",
        "explicitly kind",
    ] {
        assert!(!restricted(json!([tag]), json!(null)), "{tag}");
    }
    assert!(restricted(json!([]), json!(true)));
    assert!(restricted(json!([]), json!("true")));
}

#[test]
fn languages_are_read_in_any_spelling() {
    let languages = |said: Value| {
        card(json!({ "extensions": { "familiar": { "language": said } } })).languages()
    };
    assert_eq!(languages(json!("zh")), ["zh"]);
    assert_eq!(languages(json!("zh-en")), ["zh", "en"]);
    assert_eq!(languages(json!("zh-TW")), ["zh-tw"]);
    assert_eq!(languages(json!("de-de")), ["de-de"]);
    assert_eq!(languages(json!(["en", "zh"])), ["en", "zh"]);
    assert_eq!(card(json!({})).main_language(), "en");
    assert_eq!(
        card(json!({ "extensions": { "familiar": { "language": "zh-TW" } } })).main_language(),
        "zh"
    );
}

#[test]
fn a_file_that_is_no_card_says_what_to_do() {
    let read = |bytes: &[u8]| Card::read(bytes).unwrap_err();
    assert_eq!(read(b""), CardError::Empty);
    assert_eq!(read(b" \n"), CardError::Empty);
    assert!(matches!(
        read(b"name: Mia"),
        CardError::NotJson { line: 1, .. }
    ));
    assert_eq!(read(b"[]"), CardError::NotAnObject);
    assert_eq!(
        read(b"\xFF\xD8\xFF\xE0"),
        CardError::OtherPicture { format: "JPEG" }
    );
    assert_eq!(
        read(b"RIFF\0\0\0\0WEBPVP8 "),
        CardError::OtherPicture { format: "WebP" }
    );
    assert_eq!(read(b"PK\x03\x04rest"), CardError::Archive);
    assert_eq!(error(json!({})), CardError::NoName);
    assert_eq!(error(json!({ "name": "  " })), CardError::NoName);
    assert_eq!(
        error(json!({ "spec": "chara_card_v2", "data": { "name": "" } })),
        CardError::NoName
    );
    assert_eq!(
        error(json!({ "data": { "name": "Mia" } })),
        CardError::NoSpec
    );
    assert_eq!(
        error(json!({ "spec": "chara_card_v2" })),
        CardError::NoData {
            spec: "chara_card_v2".into()
        }
    );
    assert_eq!(
        error(json!({ "spec": "persona", "name": "Mia" })),
        CardError::UnknownSpec {
            spec: "persona".into()
        }
    );
    assert_eq!(error(json!({ "entries": {} })), CardError::LorebookAlone);
    assert_eq!(
        error(json!({ "spec": "lorebook_v3", "data": { "entries": [] } })),
        CardError::LorebookAlone
    );
}

#[test]
fn limits_are_told_and_nothing_is_read_past_them() {
    let large = vec![b' '; persona::card::MAX_FILE_BYTES + 1];
    assert_eq!(
        Card::read(&large).unwrap_err(),
        CardError::FileTooLarge { bytes: large.len() }
    );
    let long = json_of(
        3,
        json!({ "description": "a".repeat(persona::card::MAX_CARD_BYTES) }),
    );
    assert_eq!(Card::read(&long).unwrap_err(), CardError::CardTooLarge);
}

#[test]
fn every_error_ends_with_a_next_step() {
    let errors = [
        CardError::Empty,
        CardError::FileTooLarge { bytes: 1 },
        CardError::CardTooLarge,
        CardError::OtherPicture { format: "JPEG" },
        CardError::Archive,
        CardError::PngCut,
        CardError::PngDamaged { what: "x" },
        CardError::NoCardInPng,
        CardError::NotPng,
        CardError::NotBase64,
        CardError::NotJson { line: 1, column: 1 },
        CardError::NotAnObject,
        CardError::LorebookAlone,
        CardError::NoSpec,
        CardError::UnknownSpec { spec: "x".into() },
        CardError::NoData { spec: "x".into() },
        CardError::NoName,
    ];
    for error in errors {
        let text = error.to_string();
        let next_step = [
            "Export", "export", "Give", "give", "Download", "Choose", "Put", "Make", "Shorten",
        ];
        assert!(
            text.ends_with('.') && next_step.iter().any(|word| text.contains(word)),
            "{text}"
        );
    }
}

#[test]
fn examples_are_shown_in_the_language_that_is_spoken_where_the_card_has_them() {
    let card = card(json!({
        "mes_example": "<START>\n{{user}}: hi\n{{char}}: Ahoy.",
        "extensions": { "familiar": { "example_told": "I row.", "examples": {
            "zh-CN": { "dialogues": "<START>\n{{user}}: 你好\n{{char}}: 来了。", "told": " 我划船。 " },
            "fr": { "told": "rien" },
            "de": 3,
        } } },
    }));
    let said = |examples: Examples| (examples.dialogues[0].lines[1].text.clone(), examples.told);
    let english = ("Ahoy.".to_owned(), Some("I row.".to_owned()));
    assert_eq!(said(card.examples()), english);
    assert_eq!(
        said(card.examples_in("zh")),
        ("来了。".to_owned(), Some("我划船。".to_owned()))
    );
    // What shows nothing, or is none, leaves the card's own.
    for language in ["en", "fr", "de", "", "xx"] {
        assert_eq!(said(card.examples_in(language)), english, "{language}");
    }
}
