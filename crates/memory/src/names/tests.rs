use super::*;
use rstest::rstest;

fn names(people: &[(u64, &str)]) -> Names {
    let people = people
        .iter()
        .map(|(user, name)| (UserId::from(*user), *name));
    Names::new(people, ["Orla the Keeper", "Hearth"])
}

fn label(names: &Names, user: u64) -> String {
    names.of(user.into(), "?")
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
    assert_eq!(names.meant("Ada"), []);
    assert_eq!(names.meant("countess"), [UserId::from(1)]);
}

#[test]
fn a_proxied_line_keeps_its_name_and_leaves_the_accounts_alone() {
    let names = names(&[(1, "Ada"), (2, "Bo")]);
    assert_eq!(names.of_proxied(1.into(), "Mika"), "Mika");
    assert_eq!(label(&names, 1), "Ada");
    for mistakable in ["bo", "Orla", "System"] {
        let called = names.of_proxied(1.into(), mistakable);
        assert!(called.contains(SIGN), "{called}");
    }
    assert_eq!(names.of_proxied(1.into(), "Ada"), "Ada");
}

#[test]
fn a_name_that_a_model_wrote_is_understood_with_its_mark_and_without() {
    let names = names(&[(1, "Ada"), (2, "ada"), (3, "Bo")]);
    for user in [1, 2] {
        assert_eq!(names.meant(&label(&names, user)), [UserId::from(user)]);
    }
    assert_eq!(names.meant("Ada"), [1, 2].map(UserId::from));
    assert_eq!(names.meant("Ada#zz"), []);
    assert_eq!(names.meant("BO"), [UserId::from(3)]);
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
