//! Whether what a model claims stands in what was said. Plain rules: they cannot be talked round.
//!
//! A line is cut into clauses ([`clause`]), each with whom it is about, whether it denies, when it is and in what frame it stands
//! ([`frames`]). A claim is cut the same way, and each of its clauses must stand in clauses of the same kind.

mod answering;
mod chinese;
mod claim;
mod clause;
mod frames;
mod lines;
mod said;
mod spoken;
mod verbs;

use std::collections::HashSet;

use super::mood::{is_negative, is_wish};
use super::words::{Words, is_ideograph, stems};

pub use clause::sentences;
pub(super) use lines::{Line, support};

/// The share of a summary's words that must stand in what it sums up: it may use words of its own.
const OF_A_SUMMARY: f64 = 0.5;

/// Whether two facts about a person say the same: this share of the words of both is common, and neither denies, plans or
/// counts what the other does not.
pub(super) fn are_alike(one: &str, other: &str, name: &str, share: f64) -> bool {
    let (words, others) = (Words::of(one, name).0, Words::of(other, name).0);
    let common = words.intersection(&others).count();
    let all = words.union(&others).count();
    all > 0
        && common as f64 / all as f64 >= share
        && is_negative(one) == is_negative(other)
        && is_wish(one) == is_wish(other)
        && numbers(&words) == numbers(&others)
}

fn numbers(words: &HashSet<String>) -> HashSet<&String> {
    words
        .iter()
        .filter(|word| word.chars().any(|c| c.is_numeric()))
        .collect()
}

/// Whether a summary tells of what it sums up.
pub(super) fn is_grounded(summary: &str, read: &[&str]) -> bool {
    Words::of(summary, "").share_in(&stems(read)) >= OF_A_SUMMARY
}

#[cfg(test)]
mod tests {
    use super::*;

    fn supported(fact: &str, said: &[&str], before: &[&str]) -> bool {
        let name = if fact.contains("小明") {
            "小明"
        } else {
            "Ada"
        };
        let lines: Vec<Line> = said
            .iter()
            .zip(1..)
            .map(|(text, number)| Line {
                text,
                before: before.get(number as usize - 1).copied(),
                cited: true,
                number,
            })
            .collect();
        support(fact, name, &lines, &["Bo", "Orla"]).is_ok()
    }

    #[test]
    fn a_fact_in_the_persons_own_words_is_supported() {
        for (fact, said) in [
            ("Ada lives in Lisbon.", "I'm living in Lisbon now!"),
            (
                "Ada is living in Lisbon.",
                "Still living in Lisbon, you know.",
            ),
            ("Ada moved to Porto.", "I moved to Porto last week!"),
            (
                "Ada has a cat named Miso.",
                "I live in Lisbon with my cat Miso.",
            ),
            ("Ada's sister lives in Porto.", "My sister lives in Porto."),
            (
                "Ada does not eat meat.",
                "I live in Lisbon and I don't eat meat",
            ),
            (
                "Ada wants to move to Porto.",
                "I want to move to Porto next year",
            ),
            ("小明住在北京。", "我住在北京"),
        ] {
            assert!(supported(fact, &[said], &[]), "{fact} < {said}");
        }
    }

    #[test]
    fn a_fact_retold_in_other_words_is_supported() {
        for (fact, said) in [
            ("Ada loves sushi.", "sushi is my favourite food"),
            (
                "Ada works as a nurse at night.",
                "my job is being a nurse, at night mostly",
            ),
            ("Ada is 27 years old.", "I'm 27"),
            ("Ada has two kids.", "I've got 2 children"),
            (
                "Ada moved to Lisbon in 2019.",
                "I've lived in Lisbon since 2019",
            ),
            ("小明养了一只名叫豆豆的猫。", "我家猫叫豆豆"),
            ("小明在医院上班。", "我在一家医院工作"),
            ("小明热爱爬山。", "我最喜欢的就是爬山"),
        ] {
            assert!(supported(fact, &[said], &[]), "{fact} < {said}");
        }
    }

    #[test]
    fn a_short_answer_is_supported_by_its_question_and_by_nothing_else() {
        let said = ["Lisbon, since May."];
        assert!(supported(
            "Ada lives in Lisbon.",
            &said,
            &["Where do you live?"]
        ));
        for before in [
            "Do you live in Porto?",
            "Ada lives in Porto. Lisbon is far.",
        ] {
            assert!(
                !supported("Ada lives in Porto.", &said, &[before]),
                "{before}"
            );
        }
        assert!(!supported(
            "Ada won a Ferrari in Lisbon.",
            &["Lisbon!"],
            &["You won a Ferrari in Lisbon!"]
        ));
    }

    #[test]
    fn what_nobody_said_of_themselves_is_not_supported() {
        for (fact, said) in [
            ("Ada lives in Lisbon.", "I had soup for lunch."),
            ("Ada lives in Lisbon.", "I don't live in Lisbon."),
            ("Ada lives in Lisbon.", "Should I live in Lisbon?"),
            ("Ada lives in Lisbon.", "I want to live in Lisbon."),
            ("Ada lives in Lisbon.", "If I lived in Lisbon I'd surf"),
            ("Ada lives in Lisbon.", "My sister lives in Lisbon."),
            ("Ada lives in Lisbon.", "Bo lives in Lisbon."),
            (
                "Ada lives in Lisbon.",
                "my mum said \"I live in Lisbon now\"",
            ),
            ("Ada lives in Lisbon with Zorro.", "I live in Lisbon."),
            ("Ada has 3 cats.", "I have 2 cats."),
            (
                "Ada's cat lives in Lisbon.",
                "My sister lives in Lisbon. My cat sleeps.",
            ),
            ("Ada hates olives.", "I love olives."),
            (
                "Ada drinks coffee every morning.",
                "I drink tea every morning.",
            ),
            ("小明住在上海。", "我住在北京"),
            ("小明住在北京。", "我妹妹住在北京"),
            ("小明每天早上喜欢喝咖啡。", "我每天早上喜欢喝茶"),
            ("小明喜欢猫。", "我不喜欢猫"),
            ("", "I live in Lisbon."),
        ] {
            assert!(!supported(fact, &[said], &[]), "{fact} < {said}");
        }
        assert!(!supported(
            "Ada lives in Lisbon.",
            &[],
            &["Ada lives in Lisbon."]
        ));
    }

    #[test]
    fn facts_that_say_the_same_are_alike() {
        let same = |a: &str, b: &str| are_alike(a, b, "Ada", 0.7);
        assert!(same("Ada lives in Lisbon.", "Ada is living in Lisbon now."));
        assert!(same(
            "Ada loves black coffee.",
            "Black coffee is what Ada enjoys"
        ));
        for (a, b) in [
            ("Ada lives in Lisbon.", "Ada lives in Porto."),
            (
                "Ada loves drinking strong black coffee.",
                "Ada doesn't love drinking strong black coffee.",
            ),
            (
                "Ada has a cat, Miso, from Lisbon, since 2019.",
                "Ada has a cat, Miso, from Lisbon, since 2020.",
            ),
            ("Ada lives in Lisbon.", "Ada wants to live in Lisbon."),
        ] {
            assert!(!same(a, b), "{a} = {b}");
        }
    }

    #[test]
    fn a_summary_of_something_else_is_not_grounded() {
        let read = [
            "I'm planning a trip to Lisbon in May",
            "Lovely! Will you take the train?",
        ];
        assert!(is_grounded(
            "Ada is planning a trip to Lisbon in May, by train.",
            &read
        ));
        assert!(!is_grounded(
            "The dragon burned the castle and the king fled.",
            &read
        ));
    }
}
