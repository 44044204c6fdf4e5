//! Lorebooks whose keys are regular expressions (V3).

use serde_json::{Value, json};

use crate::fixture::{book, told};

fn fires(entry: Value, text: &str) -> bool {
    !told(&book(json!({}), &[entry]), &[text]).is_empty()
}

#[test]
fn a_regular_expression_replaces_the_keys() {
    assert!(fires(
        json!({ "keys": ["dra+gon"], "use_regex": true }),
        "a Draaagon"
    ));
    assert!(!fires(
        json!({ "keys": ["dra+gon"], "use_regex": true, "case_sensitive": true }),
        "a Dragon"
    ));
    assert!(!fires(json!({ "keys": ["dra+gon"] }), "a draaagon"));
    assert!(fires(
        json!({ "keys": ["/^tea$/m"], "use_regex": true }),
        "x\ntea\ny"
    ));
}

#[test]
fn an_invalid_expression_makes_the_entry_no_match() {
    assert!(!fires(
        json!({ "keys": ["(", "tea"], "use_regex": true }),
        "tea ("
    ));
}

#[test]
fn an_expression_that_would_take_forever_elsewhere_is_quick() {
    let text = "a".repeat(10_000) + "!";
    assert!(!fires(
        json!({ "keys": ["^(a+)+$"], "use_regex": true }),
        &text
    ));
    assert!(
        !fires(
            json!({ "keys": ["(?:a{1,1000}){1,1000}"], "use_regex": true }),
            "a"
        ),
        "too large to compile"
    );
}

#[test]
fn with_expressions_constant_and_secondary_keys_are_ignored() {
    assert!(!fires(
        json!({ "keys": ["tea"], "use_regex": true, "constant": true }),
        "coffee"
    ));
    assert!(fires(
        json!({ "keys": ["tea"], "use_regex": true, "selective": true, "secondary_keys": ["green"] }),
        "tea"
    ));
}

#[test]
fn an_editor_that_sets_use_regex_everywhere_keeps_its_constants_and_plain_keys() {
    let extensions = json!({ "selectiveLogic": 0, "exclude_recursion": false });
    assert!(fires(
        json!({ "keys": [], "content": "x", "use_regex": true, "constant": true, "extensions": extensions }),
        "coffee"
    ));
    assert!(!fires(
        json!({ "keys": ["te."], "use_regex": true, "extensions": extensions }),
        "tea"
    ));
    assert!(fires(
        json!({ "keys": ["/te./"], "use_regex": true, "extensions": extensions }),
        "tea"
    ));
}
