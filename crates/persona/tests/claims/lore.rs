//! Lorebooks: one claim of the specifications, or one choice they leave to the program, a test.

use persona::Lorebook;
use persona::lorebook::{DEFAULT_SCAN_DEPTH, MAX_RECURSION, Why};
use serde_json::{Value, json};

use crate::fixture::{book, contents, told, words};

fn one(entry: Value) -> Lorebook {
    book(json!({}), &[entry])
}

fn fires(entry: Value, text: &str) -> bool {
    !told(&one(entry), &[text]).is_empty()
}

#[test]
fn any_of_the_keys_triggers() {
    let entry = || json!({ "keys": ["dragon", "wyvern"] });
    assert!(fires(entry(), "a wyvern!"));
    assert!(fires(entry(), "The Dragon sleeps"));
    assert!(!fires(entry(), "a horse"));
}

#[test]
fn a_disabled_entry_never_fires() {
    assert!(!fires(json!({ "keys": ["a"], "enabled": false }), "a"));
    assert!(!fires(
        json!({ "keys": ["a"], "enabled": false, "constant": true, "content": "@@activate\nx" }),
        "a"
    ));
}

#[test]
fn an_empty_content_adds_nothing() {
    assert!(!fires(json!({ "keys": ["a"], "content": " \n" }), "a"));
    assert!(!fires(
        json!({ "constant": true, "content": "@@depth 3\n" }),
        "a"
    ));
}

#[test]
fn an_entry_is_added_once_however_often_it_matches() {
    assert_eq!(
        told(&one(json!({ "keys": ["a", "b"] })), &["a b a", "b"]).len(),
        1
    );
}

#[test]
fn a_selective_entry_needs_a_secondary_key_as_well() {
    let entry =
        || json!({ "keys": ["tea"], "secondary_keys": ["green", "black"], "selective": true });
    assert!(!fires(entry(), "tea"));
    assert!(!fires(entry(), "green"));
    assert!(fires(entry(), "black tea"));
    assert_eq!(
        told(&one(entry()), &["something green", "tea?"]).len(),
        1,
        "they may stand in different messages"
    );
}

#[test]
fn secondary_keys_are_ignored_unless_selective() {
    assert!(fires(
        json!({ "keys": ["tea"], "secondary_keys": ["green"], "selective": false }),
        "tea"
    ));
    assert!(fires(
        json!({ "keys": ["tea"], "secondary_keys": ["green"] }),
        "tea"
    ));
}

#[test]
fn selective_without_secondary_keys_asks_for_nothing_more() {
    assert!(fires(
        json!({ "keys": ["tea"], "secondary_keys": [], "selective": true }),
        "tea"
    ));
}

#[test]
fn secondary_keys_may_be_one_text_with_commas() {
    let entry = || json!({ "keys": ["tea"], "secondary_keys": "green, black", "selective": true });
    assert!(fires(entry(), "black tea"));
    assert!(!fires(entry(), "tea"));
}

#[test]
fn a_constant_entry_needs_no_key() {
    let book = one(json!({ "keys": ["never"], "constant": true }));
    let fired = book.triggered(&[], &words, usize::MAX);
    assert_eq!(fired[0].why, Why::Constant);
}

#[test]
fn case_counts_only_where_the_entry_says_so() {
    assert!(fires(json!({ "keys": ["Rose"] }), "a rose"));
    assert!(fires(
        json!({ "keys": ["Rose"], "case_sensitive": false }),
        "a ROSE"
    ));
    assert!(!fires(
        json!({ "keys": ["Rose"], "case_sensitive": true }),
        "a rose"
    ));
    assert!(fires(
        json!({ "keys": ["Rose"], "case_sensitive": true }),
        "Rose!"
    ));
}

#[test]
fn a_key_is_a_whole_word() {
    assert!(!fires(json!({ "keys": ["art"] }), "let us start"));
    assert!(!fires(json!({ "keys": ["art"] }), "arts"));
    assert!(!fires(json!({ "keys": ["art"] }), "the état-artefact"));
    assert!(fires(json!({ "keys": ["art"] }), "state of the art."));
    assert!(fires(json!({ "keys": ["C++"] }), "I write C++"));
    assert!(fires(json!({ "keys": ["warp drive"] }), "the warp drive!"));
}

#[test]
fn an_entry_can_ask_for_plain_substrings() {
    assert!(fires(
        json!({ "keys": ["art"], "extensions": { "match_whole_words": false } }),
        "start"
    ));
}

#[test]
fn keys_of_scripts_without_spaces_match_inside_text() {
    assert!(fires(json!({ "keys": ["茶铺"] }), "我想去你的茶铺坐坐"));
    assert!(fires(json!({ "keys": ["幺鸡"] }), "幺鸡呢？"));
    assert!(fires(json!({ "keys": ["ドラゴン"] }), "ドラゴンが来た"));
    assert!(fires(json!({ "keys": ["드래곤"] }), "드래곤이 왔다"));
    assert!(fires(json!({ "keys": ["kaya"] }), "我喜欢Kaya的歌"));
}

#[test]
fn look_alike_spellings_are_the_same_key() {
    assert!(fires(json!({ "keys": ["café"] }), "a cafe\u{301} in town"));
    assert!(fires(json!({ "keys": ["tea"] }), "ＴＥＡ"));
}

#[test]
fn only_the_last_scan_depth_messages_count() {
    let book = book(json!({ "scan_depth": 2 }), &[json!({ "keys": ["tea"] })]);
    assert_eq!(told(&book, &["x", "tea", "y"]).len(), 1);
    assert_eq!(told(&book, &["tea", "x", "y"]).len(), 0);
}

#[test]
fn a_scan_depth_of_zero_reads_no_message() {
    let book = book(
        json!({ "scan_depth": 0 }),
        &[
            json!({ "keys": ["tea"] }),
            json!({ "constant": true, "content": "always" }),
        ],
    );
    assert_eq!(told(&book, &["tea"]), ["always"]);
}

#[test]
fn without_scan_depth_the_default_counts() {
    let book = one(json!({ "keys": ["tea"] }));
    let mut recent = vec!["x"; DEFAULT_SCAN_DEPTH];
    recent.insert(0, "tea");
    assert!(told(&book, &recent).is_empty());
    assert!(!told(&book, &recent[..DEFAULT_SCAN_DEPTH]).is_empty());
}

#[test]
fn a_lower_insertion_order_stands_higher() {
    let entry = |content: &str, order: i64| json!({ "keys": ["a"], "content": content, "insertion_order": order });
    let book = book(
        json!({}),
        &[
            entry("third", 30),
            entry("first", -1),
            entry("second", 2),
            entry("second too", 2),
        ],
    );
    assert_eq!(
        told(&book, &["a"]),
        ["first", "second", "second too", "third"]
    );
}

#[test]
fn lore_before_the_character_comes_before_lore_after_it() {
    let entry = |content: &str, position: Value| json!({ "keys": ["a"], "content": content, "position": position });
    let book = book(
        json!({}),
        &[
            entry("after", json!("after_char")),
            entry("before", json!("before_char")),
            entry("unsaid", Value::Null),
        ],
    );
    assert_eq!(told(&book, &["a"]), ["before", "after", "unsaid"]);
}

#[test]
fn the_lowest_priority_is_left_out_first() {
    let entry = |content: &str, priority: i64, order: i64| json!({ "keys": ["a"], "content": content, "priority": priority, "insertion_order": order });
    let book = book(
        json!({ "token_budget": 4 }),
        &[
            entry("low low", 1, 5),
            entry("high high", 10, 9),
            entry("mid mid", 5, 1),
        ],
    );
    assert_eq!(told(&book, &["a"]), ["mid mid", "high high"]);
    assert_eq!(
        contents(&book.triggered(&["a"], &words, 2)),
        ["high high"],
        "the smaller of both budgets counts"
    );
    assert!(
        book.triggered(&["a"], &words, 1).is_empty(),
        "a budget is never passed"
    );
}

#[test]
fn without_priority_the_insertion_order_counts_as_one() {
    let entry = |content: &str, order: i64| json!({ "keys": ["a"], "content": content, "insertion_order": order });
    let book = book(
        json!({ "token_budget": 2 }),
        &[entry("first", 1), entry("second", 2), entry("third", 3)],
    );
    assert_eq!(told(&book, &["a"]), ["second", "third"]);
}

#[test]
fn constant_lore_is_left_out_last() {
    let book = book(
        json!({ "token_budget": 1 }),
        &[
            json!({ "keys": ["a"], "content": "keyed", "priority": 1000 }),
            json!({ "constant": true, "content": "constant", "priority": 0 }),
        ],
    );
    assert_eq!(told(&book, &["a"]), ["constant"]);
}

#[test]
fn tokens_are_told_for_each_entry() {
    let book = one(json!({ "keys": ["a"], "content": "@@depth 2\nthree little words" }));
    assert_eq!(
        book.triggered(&["a"], &words, 10)[0].tokens,
        3,
        "decorators cost nothing"
    );
}

#[test]
fn lore_triggers_lore_only_where_the_book_says_so() {
    let entries = [
        json!({ "keys": ["king"], "content": "He has a sword." }),
        json!({ "keys": ["sword"], "content": "It glows." }),
    ];
    for (recursive, expected) in [(json!(true), 2), (json!(false), 1), (Value::Null, 1)] {
        let book = book(json!({ "recursive_scanning": recursive }), &entries);
        assert_eq!(told(&book, &["the king"]).len(), expected, "{recursive}");
    }
}

#[test]
fn lore_is_searched_for_lore_whatever_the_scan_depth() {
    let book = book(
        json!({ "recursive_scanning": true, "scan_depth": 0 }),
        &[
            json!({ "constant": true, "content": "He has a sword." }),
            json!({ "keys": ["sword"], "content": "It glows.", "name": "Sword" }),
        ],
    );
    let fired = book.triggered(&[], &words, usize::MAX);
    assert_eq!(contents(&fired), ["He has a sword.", "It glows."]);
}

#[test]
fn recursion_ends() {
    let chain: Vec<Value> =
        (0..20).map(|n| json!({ "keys": [format!("k{n}")], "content": format!("leads to k{}", n + 1), "insertion_order": n })).collect();
    let book = book(json!({ "recursive_scanning": true }), &chain);
    assert_eq!(told(&book, &["k0"]).len(), 1 + MAX_RECURSION);
    let ring = [
        json!({ "keys": ["a"], "content": "b" }),
        json!({ "keys": ["b"], "content": "a" }),
    ];
    assert_eq!(
        told(
            &crate::fixture::book(json!({ "recursive_scanning": true }), &ring),
            &["a"]
        )
        .len(),
        2
    );
}

#[test]
fn comments_inside_lore_trigger_nothing_and_hidden_keys_do() {
    let lore = |content: &str| {
        book(
            json!({ "recursive_scanning": true }),
            &[
                json!({ "keys": ["king"], "content": content }),
                json!({ "keys": ["sword"], "content": "It glows." }),
            ],
        )
    };
    assert_eq!(told(&lore("A man. {{// sword }}"), &["king"]).len(), 1);
    assert_eq!(
        told(&lore("A man. {{hidden_key:sword}}"), &["king"]).len(),
        2
    );
}

#[test]
fn why_an_entry_fired_is_told() {
    let book = book(
        json!({ "recursive_scanning": true }),
        &[
            json!({ "keys": ["King", "queen"], "content": "He has a sword.", "comment": "The king" }),
            json!({ "keys": ["sword"], "content": "It glows." }),
        ],
    );
    let fired = book.triggered(&["the king", "well"], &words, usize::MAX);
    let why: Vec<String> = fired.iter().map(|fired| fired.why.to_string()).collect();
    assert_eq!(
        why,
        ["“King” one message back", "“sword” in the lore “The king”"]
    );
}

#[test]
fn standalone_books_and_world_files_are_read() {
    let v3 = json!({ "spec": "lorebook_v3", "data": { "name": "Alone", "extensions": {}, "entries": [{ "keys": ["a"], "content": "x" }] } });
    assert_eq!(Lorebook::from_json(&v3).unwrap().name(), "Alone");
    let world = json!({
        "name": "World", "scanDepth": 1,
        "entries": { "1": { "key": ["dragon"], "content": "Dragons exist.", "order": 3, "disable": false },
                     "2": { "key": ["wyvern"], "content": "Wyverns do not.", "disable": true } },
    });
    let world = Lorebook::from_json(&world).unwrap();
    assert_eq!(told(&world, &["dragon wyvern"]), ["Dragons exist."]);
    assert!(Lorebook::from_json(&json!({ "name": "no entries" })).is_none());
}
