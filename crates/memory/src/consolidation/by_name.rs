//! A small model copies its person's line behind their name: "林晚: 我要去敦煌", "Ada's shed is behind my house". A fact stands in
//! prompts where 我 and "my" are whoever reads it, so that it is told by name. In English an "I" has a verb of its own ("I am",
//! "Ada is"), and a sentence with one is left as it is.

use super::sentence::LONGEST_FACT;

/// What stands for its person in English, and for them where others tell of them.
const ENGLISH: &[(&str, &str)] = &[
    ("my", "their"),
    ("mine", "theirs"),
    ("me", "them"),
    ("myself", "themself"),
];

/// The sentence with its person's name for their 我, but not in what is quoted, and not where 我们 is more than they; and in
/// the third person for their "my".
pub(super) fn by_name(sentence: &str, name: &str) -> String {
    let named = match sentence.contains('我') {
        true => in_chinese(sentence, name),
        false => in_english(sentence, name),
    };
    named
        .filter(|named| named.chars().count() <= LONGEST_FACT)
        .unwrap_or_else(|| sentence.to_owned())
}

fn in_chinese(sentence: &str, name: &str) -> Option<String> {
    let told = sentence
        .strip_prefix(name)
        .and_then(|rest| rest.strip_prefix([':', '：']))
        .map_or(sentence, str::trim_start);
    if told.contains("我们") {
        return None;
    }
    let mut inside = 0_usize;
    let mut named = String::with_capacity(sentence.len());
    for c in told.chars() {
        match c {
            '“' | '「' | '『' => inside += 1,
            '”' | '」' | '』' => inside = inside.saturating_sub(1),
            _ => {}
        }
        match c {
            '我' if inside == 0 => named.push_str(name),
            other => named.push(other),
        }
    }
    named.contains(name).then_some(named)
}

/// `None` where it does not begin with the name, speaks as "I", or quotes.
fn in_english(sentence: &str, name: &str) -> Option<String> {
    let told = sentence.strip_prefix(name)?;
    let words = || told.split_inclusive(|c: char| !c.is_alphabetic());
    let bare = |piece: &str| {
        piece
            .trim_end_matches(|c: char| !c.is_alphabetic())
            .to_owned()
    };
    let speaks = words().any(|piece| bare(piece) == "I");
    if speaks || told.contains(['"', '“', ':']) {
        return None;
    }
    let mut before = String::new();
    let third = words().map(|piece| {
        let word = bare(piece);
        // One works in a mine too.
        let is_noun =
            word == "mine" && !matches!(before.as_str(), "is" | "are" | "was" | "were" | "of");
        let instead = ENGLISH.iter().find(|(own, _)| *own == word && !is_noun);
        if !word.is_empty() {
            before = word;
        }
        match instead {
            Some((own, other)) => format!("{other}{}", &piece[own.len()..]),
            None => piece.to_owned(),
        }
    });
    Some(format!("{name}{}", third.collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::a_line("林晚: 七月十八号我要去敦煌。", "七月十八号林晚要去敦煌。")]
    #[case::a_part("林晚的猫蹲在我的拖鞋里。", "林晚的猫蹲在林晚的拖鞋里。")]
    #[case::quoted("林晚的店叫“等我”。", "林晚的店叫“等我”。")]
    #[case::more_than_one("林晚说我们要搬家。", "林晚说我们要搬家。")]
    #[case::nothing_of_it("林晚: 住在泉州。", "林晚: 住在泉州。")]
    #[case::english("林晚 lives here.", "林晚 lives here.")]
    #[case::my(
        "林晚's shed is behind my house.",
        "林晚's shed is behind their house."
    )]
    #[case::mine("林晚's accordion is mine.", "林晚's accordion is theirs.")]
    #[case::me(
        "林晚 goes to Rome if they let me.",
        "林晚 goes to Rome if they let them."
    )]
    #[case::in_a_word("林晚 met Amy in Rome.", "林晚 met Amy in Rome.")]
    #[case::speaking("林晚 thinks I paint my boat.", "林晚 thinks I paint my boat.")]
    #[case::a_title("林晚's film is \"My Fair Lady\".", "林晚's film is \"My Fair Lady\".")]
    #[case::a_pit("林晚 works in a mine.", "林晚 works in a mine.")]
    fn a_fact_is_told_by_its_persons_name(#[case] claimed: &str, #[case] expected: &str) {
        assert_eq!(by_name(claimed, "林晚"), expected);
    }

    #[test]
    fn a_fact_gets_no_longer_than_facts_are() {
        let long = format!("林晚我{}", "字".repeat(LONGEST_FACT - 3));
        assert_eq!(by_name(&long, "林晚林晚"), long);
    }
}
