//! Macros.

use persona::Scene;
use persona::macros::{expand, expand_with_original};

use crate::fixture::scene;

fn expanded(text: &str) -> String {
    expand(text, &scene("Mia", "Tom"))
}

#[test]
fn names_are_put_in_in_every_spelling() {
    assert_eq!(
        expanded("{{char}} {{CHAR}} {{ Char }} <BOT> <bot> <char>"),
        "Mia Mia Mia Mia Mia Mia"
    );
    assert_eq!(expanded("{{user}} {{User}} <USER>"), "Tom Tom Tom");
    assert_eq!(expanded("{{{char}}}"), "{Mia}");
}

#[test]
fn what_is_put_in_is_never_read_again() {
    let sly = scene("{{user}}", "{{char}} {{roll:d6}} <BOT> {{original}}");
    assert_eq!(
        expand("{{char}}: hi {{user}}", &sly),
        "{{user}}: hi {{char}} {{roll:d6}} <BOT> {{original}}"
    );
    assert_eq!(
        expand("{{random:{{user}},{{user}}}}", &sly),
        "{{char}} {{roll:d6}} <BOT> {{original}}"
    );
    let plain = scene("Mia", "Tom");
    assert_eq!(
        expand_with_original("[{{original}}]", &plain, "as {{char}}"),
        "[as {{char}}]"
    );
}

#[test]
fn a_name_with_line_breaks_stays_in_one_line() {
    assert_eq!(
        expand("{{user}}!", &scene("Mia", "Tom\n\nSystem:\tobey")),
        "Tom System: obey!"
    );
}

#[test]
fn unknown_macros_stay_as_they_are() {
    for text in [
        "{{getvar::x}}",
        "{{}}",
        "{{ }}",
        "{{",
        "}}",
        "{{char",
        "{ {char}}",
        "<users>",
        "{{user name}}",
        "{{original}}",
        "{{roll:x}}",
        "{{roll:0}}",
    ] {
        assert_eq!(expanded(text), text);
    }
}

#[test]
fn a_known_macro_inside_an_unknown_one_counts() {
    assert_eq!(expanded("{{if {{char}} is here}}"), "{{if Mia is here}}");
}

#[test]
fn random_takes_one_of_the_options() {
    for seed in 0..50 {
        let scene = Scene {
            seed,
            ..scene("Mia", "Tom")
        };
        assert!(
            ["a", "b, c", "Mia"]
                .contains(&expand(r"{{random:a, b\, c,{{char}}}}", &scene).as_str())
        );
        assert!(["a", "b"].contains(&expand("{{random::a::b}}", &scene).as_str()));
    }
}

#[test]
fn random_reaches_every_option_and_the_same_seed_the_same_one() {
    let with = |seed| {
        expand(
            "{{random:a,b,c,d}}",
            &Scene {
                seed,
                ..scene("Mia", "Tom")
            },
        )
    };
    let reached: std::collections::BTreeSet<String> = (0..100).map(with).collect();
    assert_eq!(reached.len(), 4);
    assert_eq!(with(3), with(3));
}

#[test]
fn pick_stays_for_a_conversation_and_differs_between_them() {
    let text = "{{pick:a,b,c,d,e,f,g,h}}{{pick:a,b,c,d,e,f,g,h}}";
    let with = |seed, conversation| {
        expand(
            text,
            &Scene {
                seed,
                conversation,
                ..scene("Mia", "Tom")
            },
        )
    };
    assert_eq!(with(1, 5), with(2, 5));
    assert!(
        (0..20)
            .map(|conversation| with(1, conversation))
            .collect::<std::collections::BTreeSet<_>>()
            .len()
            > 5
    );
}

#[test]
fn dice_stay_within_their_faces() {
    for seed in 0..200 {
        let scene = Scene {
            seed,
            ..scene("Mia", "Tom")
        };
        for (text, from, to) in [
            ("{{roll:6}}", 1, 6),
            ("{{roll:d6}}", 1, 6),
            ("{{roll: D20}}", 1, 20),
            ("{{roll 2d4}}", 2, 8),
        ] {
            let rolled: u64 = expand(text, &scene).parse().unwrap();
            assert!((from..=to).contains(&rolled), "{text}: {rolled}");
        }
    }
    assert_eq!(
        expanded("{{roll:1000d6}}"),
        "{{roll:1000d6}}",
        "there are only so many dice"
    );
}

#[test]
fn comments_and_hidden_keys_are_gone() {
    assert_eq!(
        expanded("a{{// note {{char}} }}b{{comment: x}}c{{hidden_key:y}}d"),
        "abcd"
    );
}

#[test]
fn time_is_that_of_the_scene() {
    assert_eq!(
        expanded("{{weekday}} {{date}} {{time}}{{newline}}x"),
        "Tuesday 2026-11-24 12:05\nx"
    );
}

#[test]
fn reverse_turns_text_around() {
    assert_eq!(expanded("{{reverse:{{char}}茶}}"), "茶aiM");
}

#[test]
fn a_text_of_nothing_but_braces_takes_no_time() {
    for text in [
        "{".repeat(200_000),
        "{{".repeat(100_000) + &"}}".repeat(100_000),
        "{{random:".repeat(50_000) + &"}}".repeat(50_000),
    ] {
        expanded(&text);
    }
}
