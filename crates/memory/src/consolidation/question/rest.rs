//! What an answer leaves out of a message: a small model tells of a message's first things and forgets its last. The sentences
//! of which it told nothing are shown to it once more, alone.

use super::super::own;
use super::super::support::sentences;
use super::super::words::{Words, stems};

/// A sentence with less of its words in the answer is left out of it. Of the messages of `evals answers`, a third found the
/// most facts for the fewest questions.
const TOLD: f64 = 1.0 / 3.0;
/// A sentence with fewer words tells nothing; a Chinese word is two signs, as [`Words`] counts them.
const FEWEST: usize = 3;

/// The sentences of a message that these claims leave out, each behind the question that it answers. `None` where that is all
/// of it: it would be the same question.
pub(super) fn of(message: &str, name: &str, claims: &[&str]) -> Option<String> {
    let told = stems(claims);
    let share = |sentence: &String| Words::of(sentence, name).share_in(&told);
    let is_left = |sentence: &String| {
        let words = Words::of(sentence, name);
        words.0.len() >= FEWEST && !own::only_asks(sentence) && share(sentence) < TOLD
    };
    let all = sentences(message);
    if !all.iter().any(|sentence| share(sentence) >= TOLD) {
        return None;
    }
    let mut left: Vec<&str> = vec![];
    for (at, sentence) in all
        .iter()
        .enumerate()
        .filter(|(_, sentence)| is_left(sentence))
    {
        let before = at.checked_sub(1).map(|before| &all[before]);
        left.extend(
            before
                .filter(|before| own::only_asks(before))
                .map(|before| before.trim()),
        );
        left.push(sentence.trim());
    }
    (!left.is_empty()).then(|| left.join(" "))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::the_last_thing_is_forgotten(
        "我最近在学尤克里里，已经会两个和弦了。还有，我最讨厌吃秋葵，滑溜溜的。",
        &["小满最近在学尤克里里。", "小满会两个和弦了。"],
        Some("还有，我最讨厌吃秋葵，滑溜溜的。")
    )]
    #[case::all_is_told("我住在泉州，汗都还没干。", &["小满住在泉州。"], None)]
    #[case::nothing_is_told("我住在泉州。我养猫。", &[], None)]
    #[case::a_question_tells_nothing(
        "我养了一条狗，叫饼干。你们那里的人也都养这么大的狗吗？",
        &["小满养了一条狗，叫饼干。"],
        None
    )]
    #[case::lines_without_full_stops(
        "I do water polo, I'm the goalie\nMy brother Casimir builds kayaks in a shed",
        &["小满 does water polo.", "小满 is the goalie."],
        Some("My brother Casimir builds kayaks in a shed")
    )]
    #[case::behind_its_question(
        "演出定在十一月三号。你问我怎么去？骑车呀，一辆橙色的折叠车。",
        &["小满的演出定在十一月三号。"],
        Some("你问我怎么去？ 骑车呀，一辆橙色的折叠车。")
    )]
    #[case::in_english(
        "I do water polo, I'm the goalie. My brother Casimir builds kayaks in a shed.",
        &["小满 does water polo.", "小满 is the goalie."],
        Some("My brother Casimir builds kayaks in a shed.")
    )]
    #[case::a_short_exclamation("I do water polo. So it goes!", &["小满 does water polo."], None)]
    fn the_sentences_that_an_answer_leaves_out(
        #[case] message: &str,
        #[case] claims: &[&str],
        #[case] left: Option<&str>,
    ) {
        assert_eq!(of(message, "小满", claims).as_deref(), left);
    }
}
