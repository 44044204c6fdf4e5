//! Decorators of V3.

use persona::lorebook::{Position, Why, without_decorators};
use serde_json::json;

use crate::fixture::{book, contents, told, words};

/// Whether an entry with the key `tea` and this content fires.
fn fires(content: &str, recent: &[&str]) -> bool {
    !told(
        &book(
            json!({ "scan_depth": 1 }),
            &[json!({ "keys": ["tea"], "content": content })],
        ),
        recent,
    )
    .is_empty()
}

#[test]
fn no_decorator_reaches_a_model() {
    assert_eq!(
        without_decorators("@@depth 4\n@@role user\n\nTold.\nMore."),
        "Told.\nMore."
    );
    assert_eq!(
        without_decorators("@@depth 4\r\n@@@activate\r\n\r\nTold."),
        "Told."
    );
    assert_eq!(
        without_decorators("Told.\n\n@@unknown_thing x\n\nMore."),
        "Told.\nMore."
    );
    assert_eq!(without_decorators("@@depth"), "");
}

#[test]
fn what_only_looks_like_a_decorator_stays() {
    for text in [
        "mail me @@ noon",
        "a@@depth 4",
        "@@ alone",
        "@mia hello",
        "Told.\n\nMore.\n",
    ] {
        assert_eq!(without_decorators(text), text);
    }
}

#[test]
fn activate_fires_in_any_case() {
    let book = book(
        json!({}),
        &[json!({ "keys": ["tea"], "content": "@@activate\n@@dont_activate\nx" })],
    );
    assert_eq!(
        book.triggered(&["coffee"], &words, 9)[0].why,
        Why::Activated
    );
}

#[test]
fn dont_activate_never_fires() {
    assert!(!fires("@@dont_activate\nx", &["tea"]));
}

#[test]
fn constant_is_our_own_and_needs_no_key() {
    assert!(fires("@@constant\nx", &["coffee"]));
}

#[test]
fn a_decorator_of_scan_depth_overrides_the_book() {
    assert!(!fires("x", &["tea", "a", "b"]));
    assert!(fires("@@scan_depth 3\nx", &["tea", "a", "b"]));
    assert!(!fires("@@scan_depth 0\nx", &["tea"]));
}

#[test]
fn additional_keys_have_to_be_there_as_well() {
    assert!(!fires("@@additional_keys green,black\nx", &["tea"]));
    assert!(fires("@@additional_keys green,black\nx", &["black tea"]));
}

#[test]
fn a_constant_entry_keeps_to_the_conditions_of_decorators() {
    let book = book(
        json!({}),
        &[json!({ "constant": true, "content": "@@additional_keys green\nx" })],
    );
    assert!(told(&book, &["tea"]).is_empty());
    assert!(!told(&book, &["green tea"]).is_empty());
}

#[test]
fn excluded_keys_must_not_be_there() {
    assert!(fires("@@exclude_keys green\nx", &["black tea"]));
    assert!(!fires("@@exclude_keys green\nx", &["green tea"]));
}

#[test]
fn position_and_depth_are_told() {
    let book = book(
        json!({}),
        &[
            json!({ "keys": ["tea"], "content": "@@position before_desc\n@@depth 4\nx", "position": "after_char" }),
        ],
    );
    let entry = &book.entries()[0];
    assert_eq!(
        (entry.position(), entry.depth()),
        (Position::BeforeChar, Some(4))
    );
}

#[test]
fn an_unknown_position_is_ignored() {
    let book = book(
        json!({}),
        &[json!({ "content": "@@position moon\nx", "position": "before_char" })],
    );
    assert_eq!(book.entries()[0].position(), Position::BeforeChar);
}

#[test]
fn a_fallback_counts_only_if_the_one_before_it_is_ignored() {
    assert!(fires("@@some_programs_own 4\n@@@constant\nx", &["coffee"]));
    assert!(fires(
        "@@one_unknown\n@@@two_unknown\n@@@constant\nx",
        &["coffee"]
    ));
    assert!(!fires("@@depth 4\n@@@constant\nx", &["coffee"]));
    assert!(
        fires("@@depth much\n@@@constant\nx", &["coffee"]),
        "a value that makes no sense is ignored, too"
    );
    assert!(
        !fires("@@@constant\nx", &["coffee"]),
        "a fallback of nothing"
    );
}

#[test]
fn of_two_with_one_name_the_first_counts() {
    assert!(fires(
        "@@scan_depth 3\n@@scan_depth 0\nx",
        &["tea", "a", "b"]
    ));
}

#[test]
fn lore_that_gives_way_is_left_out_first_whatever_its_priority() {
    let book = book(
        json!({ "token_budget": 1 }),
        &[
            json!({ "keys": ["a"], "content": "@@ignore_on_max_context\nproud", "priority": 100 }),
            json!({ "keys": ["a"], "content": "humble", "priority": 1 }),
        ],
    );
    assert_eq!(contents(&book.triggered(&["a"], &words, 9)), ["humble"]);
}
