//! Whatever bytes somebody uploads, the answer is a card or an error, never a panic.

use persona::roster::{find, wakes};
use persona::{Card, Lorebook, frame, macros, name};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::fixture::{Text, picture, scene, with_card, with_text, words};

/// Does everything with a card that the bot does.
fn use_card(card: &Card) {
    let scene = scene(card.called(), "Tom");
    let sections = frame::frame(card, &card.examples(), &scene);
    let _ = frame::fit(sections, 50, &words);
    let _ = frame::post_history(card, &scene);
    let _ = frame::greeting(card, 3, &scene);
    assert_eq!(name::check(&card.display_name()), Ok(()));
    if let Some(book) = card.lorebook() {
        let _ = book.triggered(&["a", "tea time"], &words, 20);
    }
    let _ = (
        card.is_age_restricted(),
        card.languages(),
        card.assets(),
        card.creator_notes("de"),
        card.tags(),
    );
    let file = card.to_png(Some(&picture())).unwrap();
    assert_eq!(Card::read(&file).unwrap().to_json(), card.to_json());
}

/// Any JSON, with field names that mean something here and there.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        Just(json!("@@scan_depth 1\n{{char}} <START> {{random:a,b}}")),
    ];
    let key = prop_oneof![
        prop::sample::select(vec![
            "name",
            "description",
            "extensions",
            "familiar",
            "tags",
            "character_book",
            "entries",
            "keys",
            "content",
            "mes_example",
            "assets",
            "alternate_greetings",
            "use_regex",
            "selective",
            "secondary_keys",
            "scan_depth",
            "token_budget",
            "priority",
            "language",
            "creator_notes_multilingual",
            "recursive_scanning",
            "constant",
            "position",
        ])
        .prop_map(str::to_owned),
        "[a-z]{1,4}",
    ];
    leaf.prop_recursive(5, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..8)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_give_a_card_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Card::read(&bytes);
        let _ = Card::read(&[b"\x89PNG\r\n\x1a\n", bytes.as_slice()].concat());
        let _ = Card::read(&with_text(&picture(), "ccv3", &bytes, Text::Plain));
        let _ = Card::read(&with_card(&picture(), "chara", &bytes, Text::InternationalPacked));
    }

    #[test]
    fn any_json_gives_a_card_or_an_error(mut data in any_json(), version in 0_u8..4, named in any::<bool>()) {
        if let (Some(object), true) = (data.as_object_mut(), named) {
            object.insert("name".into(), json!("Mia"));
        }
        let value = match version {
            0 | 1 => data,
            2 => json!({ "spec": "chara_card_v2", "data": data }),
            _ => json!({ "spec": "chara_card_v3", "spec_version": 3.0, "data": data }),
        };
        if let Ok(card) = Card::from_json(value.to_string().as_bytes()) {
            use_card(&card);
        }
    }

    #[test]
    fn any_card_comes_out_as_it_went_in(data in any_json()) {
        let json = json!({ "spec": "chara_card_v3", "data": { "name": "Mia", "x": data } }).to_string();
        let card = Card::from_json(json.as_bytes()).unwrap();
        prop_assert_eq!(card.to_json(), json.as_bytes());
    }

    #[test]
    fn any_cut_or_flipped_picture_gives_a_card_or_an_error(at in any::<prop::sample::Index>(), flip in 1_u8..=255, cut in any::<bool>()) {
        let mut file = with_card(&picture(), "chara", br#"{"name":"Mia"}"#, Text::Packed);
        let at = at.index(file.len());
        if cut { file.truncate(at) } else { file[at] ^= flip }
        prop_assert!(Card::read(&file).is_err(), "every byte is covered by the signature, a length or a checksum");
    }

    #[test]
    fn any_book_and_any_talk_stay_within_the_budget(entries in prop::collection::vec(any_json(), 0..6), talk in "\\PC{0,80}", budget in 0_usize..20) {
        let Some(book) = Lorebook::from_json(&json!({ "entries": entries, "recursive_scanning": true })) else { return Ok(()) };
        let fired = book.triggered(&[&talk, "tea"], &words, budget);
        prop_assert!(fired.iter().map(|fired| fired.tokens).sum::<usize>() <= budget);
    }

    #[test]
    fn any_text_can_be_expanded_and_any_name_typed_or_called(text in "[{}<>:,a-z/\\\\ 小美@\u{301}]{0,60}", name in "\\PC{0,12}") {
        let _ = macros::expand(&text, &scene(&name, &text));
        let _ = (find(&name, &[&text, &name]), wakes(&text, &[&name]), wakes(&format!("{name}, {text}"), &[&name]));
        prop_assert_eq!(name::check(&name::usable(&name)), Ok(()));
        let usable = name::usable(&name);
        prop_assert_eq!(name::usable(&usable), usable);
    }
}
