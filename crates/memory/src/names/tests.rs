use super::*;
use crate::names::mark::means;
use rstest::rstest;

fn names(people: &[(u64, &str)]) -> Names {
    let people = people
        .iter()
        .map(|(user, name)| (UserId::from(*user), Name::Own(name)));
    Names::new(people, ["Orla the Keeper", "Hearth"])
}

fn label(names: &Names, user: u64) -> String {
    names.of(user.into(), Name::Own("?"))
}

#[test]
fn a_name_of_ones_own_stays_as_it_is() {
    let names = names(&[
        (1, "Ada"),
        (2, "Bo"),
        (3, "小明"),
        (4, "José O'Neill-Smith"),
    ]);
    let all = [1, 2, 3, 4].map(|user| label(&names, user));
    assert_eq!(all, ["Ada", "Bo", "小明", "José O'Neill-Smith"]);
}

#[rstest]
#[case::the_same("Ada")]
#[case::case("ADA")]
#[case::cyrillic("Аdа")]
#[case::full_width("Ａｄａ")]
#[case::mathematical("𝓐𝓭𝓪")]
#[case::invisible("A\u{200b}da")]
#[case::zalgo("A̷̛d̶̔a̴͝")]
#[case::dressed("**Ada**")]
#[case::forged("Ada#4f")]
#[case::spaced(" A d a ")]
fn two_of_one_name_are_told_apart_for_good(#[case] twin: &str) {
    const TWO: [u64; 2] = [80_351_110_224_678_912, 80_351_110_224_678_913];
    let one = names(&[(TWO[0], "Ada"), (TWO[1], twin)]);
    let labels = TWO.map(|user| label(&one, user));
    assert_ne!(labels[0], labels[1]);
    for label in &labels {
        let (name, mark) = label.rsplit_once(SIGN).unwrap();
        assert!(!name.is_empty() && mark.len() == 2, "{label}");
    }
    let other = names(&[(TWO[1], twin), (9, "Bo"), (TWO[0], "Ada")]);
    assert_eq!(labels, TWO.map(|user| label(&other, user)));
}

#[rstest]
#[case("Orla")]
#[case("orla the keeper")]
#[case("ORLA\u{202e}")]
#[case("hearth")]
#[case("System")]
#[case("аssistant")]
#[case("Familiar")]
#[case("Server Admin")]
#[case("系统")]
fn whoever_is_named_like_the_house_is_marked(#[case] name: &str) {
    let names = names(&[(1, name)]);
    assert!(label(&names, 1).contains(SIGN), "{}", label(&names, 1));
}

#[test]
fn a_thousand_of_one_name_are_a_thousand() {
    let people: Vec<(u64, &str)> = (1..=1_000).map(|user| (user, "Ada")).collect();
    let names = names(&people);
    let labels: HashSet<String> = (1..=1_000).map(|user| label(&names, user)).collect();
    assert_eq!(labels.len(), 1_000);
}

#[test]
fn whoever_changes_the_name_stays_one_person() {
    let names = names(&[(1, "Ada"), (2, "Bo"), (1, "Countess")]);
    assert_eq!(label(&names, 1), "Countess");
    assert_eq!(names.unmarked(1.into(), Name::Own("Ada")), "Countess");
}

#[test]
fn an_alter_keeps_its_name_and_leaves_the_accounts_alone() {
    let names = names(&[(1, "Ada"), (2, "Bo")]);
    let alter = |name| names.of(1.into(), Name::Alter(name));
    assert_eq!(alter("Mika"), "Mika");
    assert_eq!(label(&names, 1), "Ada");
    for mistakable in ["bo", "Orla", "System"] {
        assert!(has_mark(&alter(mistakable)), "{}", alter(mistakable));
    }
    assert_eq!(alter("Ada"), "Ada");
}

#[rstest]
#[case("Luna", "Sol")]
#[case("露娜", "阿阳")]
fn an_alter_and_whoever_bears_its_name_are_told_apart_for_good(
    #[case] luna: &str,
    #[case] sol: &str,
) {
    let people = [
        (1, Name::Own("Ada")),
        (1, Name::Alter(luna)),
        (1, Name::Alter(sol)),
        (2, Name::Own(luna)),
        (3, Name::Own("Bo")),
        (3, Name::Alter(luna)),
    ]
    .map(|(user, name): (u64, Name<'_>)| (user.into(), name));
    let names = Names::new(people, []);
    let of = |user: u64, name: Name<'_>| names.of(user.into(), name);
    assert_eq!(
        [of(1, Name::Own("?")), of(1, Name::Alter(sol))],
        ["Ada", sol]
    );
    let three = [
        (1, Name::Alter(luna)),
        (2, Name::Own(luna)),
        (3, Name::Alter(luna)),
    ];
    let labels: HashSet<String> = three.map(|(user, name)| of(user, name)).into();
    assert_eq!(labels.len(), 3, "{labels:?}");
    assert!(labels.iter().all(|label| has_mark(label)), "{labels:?}");
    // Where the alter was never heard of, its mark is the same.
    let alone = Names::new([(2.into(), Name::Own(luna))], []);
    let heard = alone.of(1.into(), Name::Alter(luna));
    assert_eq!(heard, of(1, Name::Alter(luna)));
}

#[test]
fn a_name_that_a_model_wrote_is_understood_with_its_mark_and_without() {
    let names = names(&[(1, "Ada"), (2, "ada"), (3, "Bo")]);
    let meant = |written: &str| -> Vec<u64> {
        let called = |user: &u64| names.unmarked((*user).into(), Name::Own("?"));
        let all = [1, 2, 3].into_iter();
        all.filter(|user| means(written, (*user).into(), &called(user)))
            .collect()
    };
    for user in [1, 2] {
        assert_eq!(meant(&label(&names, user)), [user]);
    }
    assert_eq!(meant("Ada"), [1, 2]);
    assert!(meant("Ada#zz").is_empty());
    assert_eq!(meant("BO"), [3]);
}

#[test]
fn nobody_is_shown_a_mark_not_even_half_of_one() {
    let names = names(&[(1, "Ada"), (2, "Ada"), (3, "Bo")]);
    let label = label(&names, 1);
    let said = format!("Hi {label}! #{label}: the C#4 key, Ada");
    assert_eq!(names.without_marks(&said), "Hi Ada! #Ada: the C#4 key, Ada");
    for cut in 3..=label.len() {
        assert_eq!(names.without_marks(&label[..cut]), "Ada");
    }
}
