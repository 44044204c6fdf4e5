//! Writing cards back.

use persona::card::Form;
use persona::{Card, CardError};
use serde_json::{Value, json};

use crate::fixture::{Text, json_of, picture, with_card};

/// Spacing, order, numbers and fields that no program would write like that.
const ODD: &str = "{\r\n  \"zzz\": 1.50, \"spec\":\"chara_card_v2\",\"spec_version\":\"2.0\",\t\"data\": {\"unknown\":{\"b\":1,\"a\":2},\
                   \"name\":\"M\\u00eda\",\"extensions\":{\"risuai\":{\"x\":[1e2]}},\"big\":12345678901234567890123}}\n";

#[test]
fn unchanged_json_is_byte_for_byte_what_came() {
    for json in [
        ODD.as_bytes().to_vec(),
        json_of(1, json!({})),
        json_of(3, json!({ "future_field": [1, 2] })),
    ] {
        assert_eq!(Card::read(&json).unwrap().to_json(), json);
    }
}

#[test]
fn the_json_inside_a_picture_is_byte_for_byte_what_came() {
    let file = with_card(&picture(), "chara", ODD.as_bytes(), Text::Packed);
    assert_eq!(Card::read(&file).unwrap().to_json(), ODD.as_bytes());
}

#[test]
fn unknown_fields_can_be_read_in_their_order() {
    let card = Card::read(ODD.as_bytes()).unwrap();
    let keys: Vec<&String> = card.value()["data"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["unknown", "name", "extensions", "big"]);
}

#[test]
fn an_unchanged_picture_is_byte_for_byte_what_came() {
    let (old, new) = (
        json_of(2, json!({ "first_mes": "old" })),
        json_of(3, json!({})),
    );
    let both = with_card(
        &with_card(&picture(), "chara", &old, Text::Packed),
        "ccv3",
        &new,
        Text::International,
    );
    let appended = [
        with_card(&picture(), "chara", &old, Text::Plain).as_slice(),
        b"appended by some program",
    ]
    .concat();
    for file in [
        both,
        appended,
        with_card(&picture(), "chara", &json_of(1, json!({})), Text::Plain),
    ] {
        let card = Card::read(&file).unwrap();
        assert_eq!(card.to_png(None).unwrap(), file);
        assert_eq!(card.to_png(Some(&file)).unwrap(), file);
    }
}

#[test]
fn a_card_from_json_goes_into_any_picture_and_comes_out_again() {
    for version in [1, 2, 3] {
        let json = json_of(version, json!({ "description": "茶" }));
        let card = Card::read(&json).unwrap();
        let file = card.to_png(Some(&picture())).unwrap();
        assert_eq!(Card::read(&file).unwrap().to_json(), json);
        let decoder = png::Decoder::new(std::io::Cursor::new(&file));
        assert!(
            decoder.read_info().is_ok(),
            "others read the picture as well"
        );
    }
}

#[test]
fn the_cards_of_another_character_leave_the_picture() {
    let stranger = json_of(3, json!({ "first_mes": "stranger" }));
    let face = with_card(
        &with_card(&picture(), "ccv3", &stranger, Text::Plain),
        "chara",
        &stranger,
        Text::Packed,
    );
    let card = Card::read(&json_of(2, json!({ "first_mes": "mine" }))).unwrap();
    let file = card.to_png(Some(&face)).unwrap();
    assert_eq!(Card::read(&file).unwrap().first_mes(), "mine");
    assert_eq!(
        file,
        with_card(&picture(), "chara", card.to_json(), Text::Plain),
        "everything else stays"
    );
}

#[test]
fn a_v3_card_is_written_for_programs_of_v2_as_well() {
    let fields = json!({
        "creator_notes": "By me.", "nickname": "Mi",
        "character_book": { "entries": [{ "keys": ["a"], "content": "@@depth 4\n@@role user\n\nTold." }] },
    });
    let file = Card::read(&json_of(3, fields))
        .unwrap()
        .to_png(Some(&picture()))
        .unwrap();
    let twin = chara(&file);
    assert_eq!(twin["spec"], "chara_card_v2");
    assert_eq!(
        twin["data"]["nickname"], "Mi",
        "what V2 does not know stays"
    );
    assert_eq!(
        twin["data"]["character_book"]["entries"][0]["content"], "Told.",
        "V2 would show decorators to the model"
    );
    let notes = twin["data"]["creator_notes"].as_str().unwrap();
    assert!(
        notes.contains("version 3") && notes.ends_with("By me."),
        "{notes}"
    );
}

#[test]
fn the_own_v2_twin_of_a_picture_goes_with_the_card_into_another_picture() {
    let twin = json_of(2, json!({ "first_mes": "twin" }));
    let file = with_card(
        &with_card(&picture(), "chara", &twin, Text::Plain),
        "ccv3",
        &json_of(3, json!({})),
        Text::Plain,
    );
    let card = Card::read(&file).unwrap();
    assert_eq!(card.form(), Form::V3);
    assert_eq!(card.to_png(Some(&picture())).unwrap(), file);
}

#[test]
fn a_card_needs_a_png_to_go_into() {
    let card = Card::read(&json_of(2, json!({}))).unwrap();
    assert_eq!(card.to_png(None).unwrap_err(), CardError::NotPng);
    assert_eq!(
        card.to_png(Some(b"\xFF\xD8\xFF")).unwrap_err(),
        CardError::NotPng
    );
    assert_eq!(
        card.to_png(Some(&picture()[..40])).unwrap_err(),
        CardError::PngCut
    );
}

/// The `chara` card of a picture, read by another PNG library.
fn chara(file: &[u8]) -> Value {
    use base64::Engine as _;
    let mut reader = png::Decoder::new(std::io::Cursor::new(file))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    reader.finish().unwrap();
    let texts = &reader.info().uncompressed_latin1_text;
    let chara = texts
        .iter()
        .find(|text| text.keyword == "chara")
        .expect("a chara chunk");
    serde_json::from_slice(
        &base64::engine::general_purpose::STANDARD
            .decode(&chara.text)
            .unwrap(),
    )
    .unwrap()
}
