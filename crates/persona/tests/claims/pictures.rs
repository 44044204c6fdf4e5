//! Reading cards out of PNG pictures.

use persona::{Card, CardError};
use serde_json::json;

use crate::fixture::{Text, chunk, json_of, picture, with_card, with_text};

#[test]
fn every_kind_of_text_chunk_is_read() {
    for text in [
        Text::Plain,
        Text::Packed,
        Text::International,
        Text::InternationalPacked,
    ] {
        for (keyword, version) in [("chara", 2), ("ccv3", 3), ("Chara", 1)] {
            let file = with_card(
                &picture(),
                keyword,
                &json_of(version, json!({ "first_mes": "早上好" })),
                text,
            );
            let card =
                Card::read(&file).unwrap_or_else(|error| panic!("{text:?} {keyword}: {error}"));
            assert_eq!(card.first_mes(), "早上好");
            assert_eq!(
                card.picture().map(|picture| picture.len()),
                Some(file.len())
            );
        }
    }
}

#[test]
fn ccv3_wins_wherever_it_stands() {
    let (old, new) = (
        json_of(2, json!({ "first_mes": "old" })),
        json_of(3, json!({ "first_mes": "new" })),
    );
    let one = with_card(
        &with_card(&picture(), "chara", &old, Text::Plain),
        "ccv3",
        &new,
        Text::Packed,
    );
    let other = with_card(
        &with_card(&picture(), "ccv3", &new, Text::Plain),
        "chara",
        &old,
        Text::Plain,
    );
    assert_eq!(Card::read(&one).unwrap().first_mes(), "new");
    assert_eq!(Card::read(&other).unwrap().first_mes(), "new");
}

#[test]
fn a_broken_ccv3_falls_back_to_chara() {
    let file = with_card(
        &picture(),
        "chara",
        &json_of(2, json!({ "first_mes": "old" })),
        Text::Plain,
    );
    let file = with_text(&file, "ccv3", b"{ broken", Text::Plain);
    assert_eq!(Card::read(&file).unwrap().first_mes(), "old");
}

#[test]
fn base64_may_lack_padding_or_have_line_breaks_or_be_missing() {
    let json = json_of(2, json!({ "first_mes": "Hi!!" }));
    let file = with_card(&picture(), "chara", &json, Text::Plain);
    assert!(Card::read(&file).is_ok());
    use base64::Engine as _;
    let dense = base64::engine::general_purpose::STANDARD_NO_PAD.encode(&json);
    let broken = dense
        .as_bytes()
        .chunks(60)
        .collect::<Vec<_>>()
        .join(&b"\r\n"[..]);
    for text in [dense.as_bytes(), &broken, &json] {
        assert_eq!(
            Card::read(&with_text(&picture(), "chara", text, Text::Plain))
                .unwrap()
                .first_mes(),
            "Hi!!"
        );
    }
}

#[test]
fn a_picture_without_a_card_says_so() {
    assert_eq!(Card::read(&picture()).unwrap_err(), CardError::NoCardInPng);
    let text = CardError::NoCardInPng.to_string();
    assert!(
        text.contains("PNG holds no character card") && text.contains("JSON file"),
        "{text}"
    );
}

#[test]
fn a_card_that_is_not_base64_says_so() {
    assert_eq!(
        Card::read(&with_text(&picture(), "chara", b"!!!", Text::Plain)).unwrap_err(),
        CardError::NotBase64
    );
}

#[test]
fn a_cut_picture_says_so_wherever_it_is_cut() {
    let whole = with_card(&picture(), "chara", &json_of(2, json!({})), Text::Plain);
    for length in 8..whole.len() {
        assert_eq!(
            Card::read(&whole[..length]).unwrap_err(),
            CardError::PngCut,
            "cut at {length}"
        );
    }
}

#[test]
fn a_wrong_checksum_says_so() {
    let mut file = with_card(&picture(), "chara", &json_of(2, json!({})), Text::Plain);
    let at = file.len() - 20;
    file[at] ^= 1;
    assert!(matches!(
        Card::read(&file).unwrap_err(),
        CardError::PngDamaged { .. }
    ));
}

#[test]
fn a_length_that_reaches_past_the_file_says_so() {
    let file = [
        &picture()[..33],
        &[0x7F, 0xFF, 0xFF, 0xFF],
        b"IDAT",
        &[0; 50],
    ]
    .concat();
    assert_eq!(Card::read(&file).unwrap_err(), CardError::PngCut);
    let file = [&picture()[..33], &[0xFF; 4], b"IDAT", &[0; 50]].concat();
    assert!(matches!(
        Card::read(&file).unwrap_err(),
        CardError::PngDamaged { .. }
    ));
}

#[test]
fn a_picture_without_its_header_says_so() {
    let file = [&picture()[..8], &chunk(b"IEND", b"")].concat();
    assert!(matches!(
        Card::read(&file).unwrap_err(),
        CardError::PngDamaged { .. }
    ));
}

#[test]
fn a_small_chunk_that_unfolds_into_a_large_text_is_stopped() {
    let file = with_text(
        &picture(),
        "chara",
        &vec![b'A'; 64 * 1024 * 1024],
        Text::Packed,
    );
    assert!(file.len() < 100_000);
    assert_eq!(Card::read(&file).unwrap_err(), CardError::CardTooLarge);
}

#[test]
fn a_chunk_that_cannot_be_unpacked_says_so() {
    let broken = [b"chara\0\0".to_vec(), vec![1, 2, 3]].concat();
    let base = picture();
    let end = base.len() - 12;
    let file = [&base[..end], &chunk(b"zTXt", &broken), &base[end..]].concat();
    assert!(matches!(
        Card::read(&file).unwrap_err(),
        CardError::PngDamaged { .. }
    ));
}
