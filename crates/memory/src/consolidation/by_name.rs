//! A small model copies its person's line behind their name: "林晚: 我要去敦煌". A fact stands in prompts where 我 is whoever
//! reads it, so that it is told by name. English says more than the pronoun then ("I am", "Ada is") and is left as it is.

use super::sentence::LONGEST_FACT;

/// The sentence with its person's name for their 我, but not in what is quoted, and not where 我们 is more than they.
pub(super) fn by_name(sentence: &str, name: &str) -> String {
    let told = sentence
        .strip_prefix(name)
        .and_then(|rest| rest.strip_prefix([':', '：']))
        .map(str::trim_start)
        .filter(|rest| rest.contains('我'))
        .unwrap_or(sentence);
    if !told.contains('我') || told.contains("我们") {
        return sentence.to_owned();
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
    match named.contains(name) && named.chars().count() <= LONGEST_FACT {
        true => named,
        false => sentence.to_owned(),
    }
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
    fn a_fact_is_told_by_its_persons_name(#[case] claimed: &str, #[case] expected: &str) {
        assert_eq!(by_name(claimed, "林晚"), expected);
    }

    #[test]
    fn a_fact_gets_no_longer_than_facts_are() {
        let long = format!("林晚我{}", "字".repeat(LONGEST_FACT - 3));
        assert_eq!(by_name(&long, "林晚林晚"), long);
    }
}
