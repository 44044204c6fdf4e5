//! A V2 card made from a V3 card, for programs that know only V2 and open the same PNG.

use serde_json::{Value, json};

use super::Card;
use crate::lorebook::without_decorators;

/// What version 3 asks to tell those who open a V3 card in a program for V2.
const WARNING: &str = "This is a version 3 character card, loaded here as version 2: some of it may be missing. Use a program that \
                       reads version 3 cards.";

/// The card's V2 twin. Fields that V2 does not know stay where they are, as V2 asks to keep what one does not know.
pub(super) fn v2_of(card: &Card) -> Vec<u8> {
    let mut data = card.definition().clone();
    let notes = data
        .get("creator_notes")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let notes = if notes.is_empty() {
        WARNING.to_owned()
    } else {
        format!("{WARNING}\n\n{notes}")
    };
    data.insert("creator_notes".to_owned(), Value::String(notes));
    let entries = data
        .get_mut("character_book")
        .and_then(|book| book.get_mut("entries"))
        .and_then(Value::as_array_mut);
    for content in entries
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.get_mut("content"))
    {
        // A program for V2 would show decorators to the model.
        if let Some(text) = content.as_str() {
            *content = Value::String(without_decorators(text));
        }
    }
    let twin = json!({ "spec": "chara_card_v2", "spec_version": "2.0", "data": data });
    twin.to_string().into_bytes()
}
