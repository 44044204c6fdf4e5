//! Cards that other programs wrote. They lie outside the repository; where they are absent, these tests say so and pass.

use std::path::PathBuf;

use persona::card::Form;
use persona::{Card, CardError, Lorebook};

use crate::fixture::told;

/// The folder of foreign cards: `FAMILIAR_CARDS`, or `shared/cards` beside the checkout.
fn folder() -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cards");
    let folder = std::env::var_os("FAMILIAR_CARDS").map_or_else(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("SKIPPED: no foreign cards (set FAMILIAR_CARDS to a folder with them)");
    None
}

fn file(name: &str) -> Option<Vec<u8>> {
    let file = std::fs::read(folder()?.join(name)).ok();
    if file.is_none() {
        eprintln!("SKIPPED: {name} is not among the foreign cards");
    }
    file
}

#[test]
fn every_foreign_card_comes_out_byte_for_byte() {
    let Some(folder) = folder() else { return };
    let mut cards = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file = std::fs::read(&path).unwrap();
        let Ok(card) = Card::read(&file) else {
            continue;
        };
        cards += 1;
        let exported = if card.picture().is_some() {
            card.to_png(None).unwrap()
        } else {
            card.to_json().to_vec()
        };
        assert!(exported == file, "{}", path.display());
    }
    println!("{cards} foreign cards");
    assert!(cards > 0, "none of the files is a card");
}

#[test]
fn a_foreign_picture_with_both_chunks_gives_the_v3_card() {
    let Some(file) = file("tk_characters_test_character.png") else {
        return;
    };
    let card = Card::read(&file).unwrap();
    assert_eq!((card.form(), card.nickname()), (Form::V3, Some("TestChar")));
    assert_eq!(card.greetings().count(), 3);
}

#[test]
fn a_foreign_picture_with_v2_gives_the_v2_card() {
    let Some(file) = file("tk_characters_test_character_v2.png") else {
        return;
    };
    let card = Card::read(&file).unwrap();
    assert_eq!(
        (card.form(), card.first_mes()),
        (Form::V2, "Hello from V2!")
    );
}

#[test]
fn a_foreign_v1_card_with_crlf_is_read() {
    let Some(file) = file("oobabot_test-char-1.json") else {
        return;
    };
    let card = Card::read(&file).unwrap();
    assert_eq!(card.form(), Form::V1);
    assert_eq!(
        card.examples().dialogues[0].lines[0].text,
        "...mes_example..."
    );
    let Some(older) = self::file("oobabot_test-char-2.json") else {
        return;
    };
    assert_eq!(Card::read(&older).unwrap().description(), "...persona...");
}

#[test]
fn a_foreign_chinese_card_with_v3_fields_in_v2_is_read() {
    let Some(file) = file("fanyin1_test_character.json") else {
        return;
    };
    let card = Card::read(&file).unwrap();
    assert_eq!(card.source(), ["OpenClaw Test"]);
    assert!(card.creator_notes("en").starts_with("A friendly elf mage"));
    assert_eq!(card.examples().dialogues.len(), 2);
}

#[test]
fn foreign_lore_fires() {
    let Some(file) = file("tk_characters_with_lorebook.json") else {
        return;
    };
    let card = Card::read(&file).unwrap();
    let book = card.lorebook().unwrap();
    assert_eq!(
        told(book, &["this is a test entry"]),
        ["This is test lore content for entry 1."]
    );
    assert!(told(book, &["another entry"]).is_empty(), "it is selective");
    let Some(world) = self::file("tk_lorebooks_world_one.json") else {
        return;
    };
    let world = Lorebook::from_json(&serde_json::from_slice(&world).unwrap()).unwrap();
    assert_eq!(told(&world, &["a dragon"]), ["Dragons exist."]);
}

#[test]
fn broken_foreign_cards_give_typed_errors() {
    type Expected = fn(&CardError) -> bool;
    let broken: [(&str, Expected); 6] = [
        ("tk_characters_invalid_missing_name.json", |error| {
            *error == CardError::NoName
        }),
        ("tk_characters_invalid_missing_spec.json", |error| {
            *error == CardError::NoSpec
        }),
        ("tk_lorebooks_invalid.json", |error| {
            matches!(error, CardError::NotJson { .. })
        }),
        ("tk_lorebooks_world_one.json", |error| {
            *error == CardError::LorebookAlone
        }),
        ("oobabot_test-char-1.yaml", |error| {
            matches!(error, CardError::NotJson { .. })
        }),
        ("tk_characters_test_character.charx", |error| {
            *error == CardError::Archive
        }),
    ];
    for (name, expected) in broken {
        let Some(file) = file(name) else { return };
        let error = Card::read(&file).unwrap_err();
        assert!(expected(&error), "{name}: {error}");
    }
}
