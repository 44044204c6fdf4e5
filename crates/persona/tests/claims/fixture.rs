//! Builders for cards, pictures, books and scenes.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{NaiveDate, NaiveDateTime};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use persona::{Card, Fired, Lorebook, Scene};
use serde_json::{Value, json};

/// A Tuesday.
pub fn noon() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 11, 24)
        .unwrap()
        .and_hms_opt(12, 5, 0)
        .unwrap()
}

pub fn scene<'a>(persona: &'a str, person: &'a str) -> Scene<'a> {
    Scene {
        persona,
        person,
        now: noon(),
        seed: 7,
        conversation: 11,
    }
}

/// A card of this version with these fields beside a name.
pub fn value(version: u8, fields: Value) -> Value {
    let mut data = json!({ "name": "Mia" });
    let object = data.as_object_mut().unwrap();
    object.extend(fields.as_object().unwrap().clone());
    match version {
        1 => data,
        2 => json!({ "spec": "chara_card_v2", "spec_version": "2.0", "data": data }),
        _ => json!({ "spec": "chara_card_v3", "spec_version": "3.0", "data": data }),
    }
}

pub fn json_of(version: u8, fields: Value) -> Vec<u8> {
    serde_json::to_vec_pretty(&value(version, fields)).unwrap()
}

pub fn card(fields: Value) -> Card {
    Card::from_json(&json_of(3, fields)).unwrap()
}

/// A sound picture of two by two pixels.
pub fn picture() -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 2, 2);
    encoder.set_color(png::ColorType::Rgb);
    encoder
        .add_text_chunk("Title".into(), "A face".into())
        .unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[0; 12]).unwrap();
    writer.finish().unwrap();
    file
}

/// How a card is put into a text chunk.
#[derive(Clone, Copy, Debug)]
pub enum Text {
    Plain,
    Packed,
    International,
    InternationalPacked,
}

/// The picture with a card in it, before IEND.
pub fn with_card(picture: &[u8], keyword: &str, json: &[u8], text: Text) -> Vec<u8> {
    with_text(picture, keyword, STANDARD.encode(json).as_bytes(), text)
}

/// The picture with any text in it, before IEND.
pub fn with_text(picture: &[u8], keyword: &str, body: &[u8], text: Text) -> Vec<u8> {
    let keyword = [keyword.as_bytes(), b"\0"].concat();
    let (kind, data) = match text {
        Text::Plain => (b"tEXt", [keyword, body.to_vec()].concat()),
        Text::Packed => (b"zTXt", [keyword, vec![0], packed(body)].concat()),
        Text::International => (
            b"iTXt",
            [keyword, b"\0\0en\0card\0".to_vec(), body.to_vec()].concat(),
        ),
        Text::InternationalPacked => (
            b"iTXt",
            [keyword, b"\x01\0\0\0".to_vec(), packed(body)].concat(),
        ),
    };
    let end = picture.len() - 12;
    [&picture[..end], &chunk(kind, &data), &picture[end..]].concat()
}

pub fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let checked = [&kind[..], data].concat();
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    [
        &length[..],
        &checked,
        &crc32fast::hash(&checked).to_be_bytes(),
    ]
    .concat()
}

fn packed(body: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// A book with these fields and entries. Entries without a content get their first key as one.
pub fn book(fields: Value, entries: &[Value]) -> Lorebook {
    let entries: Vec<Value> = entries
        .iter()
        .map(|entry| {
            let mut full =
                json!({ "keys": [], "enabled": true, "insertion_order": 0, "extensions": {} });
            full["content"] = entry["keys"]
                .get(0)
                .cloned()
                .unwrap_or_else(|| json!("lore"));
            full.as_object_mut()
                .unwrap()
                .extend(entry.as_object().unwrap().clone());
            full
        })
        .collect();
    let mut book = json!({ "extensions": {}, "entries": entries });
    book.as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    Lorebook::from_json(&book).unwrap()
}

/// A word is a token.
pub fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// What a book tells, without a limit.
pub fn told<'a>(book: &'a Lorebook, recent: &[&str]) -> Vec<&'a str> {
    contents(&book.triggered(recent, &words, usize::MAX))
}

pub fn contents<'a>(fired: &[Fired<'a>]) -> Vec<&'a str> {
    fired.iter().map(|fired| fired.entry.content()).collect()
}
