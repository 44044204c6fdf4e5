//! Names that Discord accepts.

use persona::name::{NameProblem, check, usable};

#[test]
fn ordinary_names_stay_as_they_are() {
    for name in [
        "Mia",
        "周孃",
        "José Luis",
        "👩‍🚀 Nova",
        "O'Brien",
        "a",
        &"x".repeat(80),
    ] {
        assert_eq!(check(name), Ok(()), "{name}");
        assert_eq!(usable(name), name);
    }
}

#[test]
fn forbidden_words_are_found_in_any_case_and_parted() {
    assert_eq!(
        check("Bonnie and CLYDE"),
        Err(NameProblem::Forbidden { word: "clyde" })
    );
    assert_eq!(
        check("DiscordBot"),
        Err(NameProblem::Forbidden { word: "discord" })
    );
    assert_eq!(
        usable("Clyde of Discord"),
        "C\u{200A}lyde of D\u{200A}iscord"
    );
}

#[test]
fn long_names_are_cut_by_characters() {
    let long = "美".repeat(81);
    assert_eq!(check(&long), Err(NameProblem::TooLong { chars: 81 }));
    assert_eq!(usable(&long).chars().count(), 80);
    assert!(usable(&long).ends_with('…'));
}

#[test]
fn what_cannot_be_seen_goes() {
    assert_eq!(usable("Mi\u{202E}a\n\u{200B} Rose"), "Mia Rose");
    assert_eq!(check("Mia\n"), Err(NameProblem::Unprintable));
    assert_eq!(check("\u{200B}"), Err(NameProblem::Empty));
    assert_eq!(usable("\u{200B} \u{200D}"), "Persona");
}

#[test]
fn every_usable_name_passes_the_check() {
    for name in [
        "",
        "discord clyde discord",
        "dis\u{200B}cord",
        &"clyde".repeat(30),
        "a\u{0}b",
        "…",
        "\u{FE0F}",
        "  x  ",
        "DISCORD",
    ] {
        assert_eq!(
            check(&usable(name)),
            Ok(()),
            "{name:?} became {:?}",
            usable(name)
        );
    }
}
