//! Whether what a model claims stands in what was said. Plain word matching: it cannot be talked round.

use std::collections::HashSet;

use super::mood::{is_denial, is_negative, is_wish};
use super::own::{self, Subject};
use super::words::{Words, is_ideograph, stem, stems};

/// The share of a fact's words that must stand in its sources or in the question before them. One word in four may be
/// the model's own; names and numbers never.
const OF_A_FACT: f64 = 0.75;
/// The share of a summary's words that must stand in what it sums up: it may use words of its own.
const OF_A_SUMMARY: f64 = 0.5;
/// So many Chinese characters in a row that nobody said are a word that nobody said.
const UNSAID_RUN: usize = 2;

/// The same of Chinese, character by character.
const EMPTY_CHINESE: &str = "的了是在有我你他她它们这那个只条名位和与跟也都很就还又把被给让对从到于吧呢啊吗嘛呀哦着过地得之其一每最会能可以及等养家说叫里上去来种";

/// The same of Chinese: what is written for what.
const SYNONYMS_CHINESE: &[(&str, &str)] = &[
    ("喜欢", "爱"),
    ("热爱", "爱"),
    ("喜爱", "爱"),
    ("偏爱", "爱"),
    ("搬到", "住"),
    ("搬去", "住"),
    ("居住", "住"),
    ("住在", "住"),
    ("工作", "班"),
    ("上班", "班"),
    ("任职", "班"),
    ("读书", "学"),
    ("学习", "学"),
    ("念书", "学"),
    ("名为", ""),
    ("名叫", ""),
    ("打算", "想"),
    ("计划", "想"),
    ("准备", "想"),
    ("想要", "想"),
    ("两", "二"),
    ("害怕", "怕"),
    ("讨厌", "厌"),
    ("妈妈", "妈"),
    ("爸爸", "爸"),
    ("母亲", "妈"),
    ("父亲", "爸"),
    ("正在", ""),
    ("目前", ""),
    ("现在", ""),
];

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

/// What a fact is held against.
pub(super) struct Said<'a> {
    /// What its person said, message by message.
    pub(super) own: Vec<&'a str>,
    /// The line before each, which it may answer.
    pub(super) before: Vec<&'a str>,
    /// The names of the others in the room.
    pub(super) names: Vec<&'a str>,
}

/// Whether a fact stands in what its person said of themselves. Most of its words must stand there or in the question
/// that they answered, one at least in their own words; every name and number must. A clause that is about somebody
/// else, asks, denies or wishes supports only what does so too.
pub(super) fn is_supported(fact: &str, name: &str, said: &Said) -> bool {
    let mut own: Vec<String> = vec![];
    let others = own::others_in(&without_name(fact, name), &said.names);
    for clause in said
        .own
        .iter()
        .flat_map(|text| own::clauses(text, &said.names))
    {
        let is_of_them = match &clause.subject {
            Subject::Speaker => true,
            Subject::Pronoun => !others.is_empty(),
            Subject::Other(other) => others.contains(other),
        };
        if is_of_them
            && is_negative(&clause.text) == is_negative(fact)
            && is_wish(&clause.text) <= is_wish(fact)
        {
            own.push(clause.text);
        }
    }
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    let questions: Vec<String> = said
        .before
        .iter()
        .map(|before| own::questions(before))
        .collect();
    let all: Vec<&str> = own
        .iter()
        .copied()
        .chain(questions.iter().map(String::as_str))
        .collect();
    stands_in(fact, name, &own, &all)
}

fn stands_in(fact: &str, name: &str, own: &[&str], all: &[&str]) -> bool {
    let bare = without_name(fact, name);
    let words: HashSet<String> = Words::of(&bare, name)
        .0
        .into_iter()
        // Whether it denies is compared already, and there are many ways to.
        .filter(|word| !word.chars().any(is_ideograph) && !is_denial(word))
        .collect();
    let (said, known) = (stems(own), stems(all));
    let must = |word: &String| is_exact(word, &bare) && !known.contains(word);
    if words.iter().any(must) {
        return false;
    }
    let (said_signs, known_signs) = (signs(own), signs(all));
    let mut run = 0;
    let mut wanted: Vec<char> = vec![];
    for c in in_plain_chinese(&bare).chars() {
        if !is_ideograph(c) || EMPTY_CHINESE.contains(c) {
            run = 0;
            continue;
        }
        wanted.push(c);
        run = if known_signs.contains(&c) { 0 } else { run + 1 };
        if run >= UNSAID_RUN {
            return false;
        }
    }
    let count = words.len() + wanted.len();
    let found = words.iter().filter(|word| known.contains(*word)).count()
        + wanted
            .iter()
            .filter(|sign| known_signs.contains(sign))
            .count();
    let is_own = words.iter().any(|word| said.contains(word))
        || wanted.iter().any(|sign| said_signs.contains(sign));
    count > 0 && is_own && found as f64 / count as f64 >= OF_A_FACT
}

/// A number, or a name: a word that the fact writes with a capital.
fn is_exact(stemmed: &str, fact: &str) -> bool {
    stemmed.chars().any(|c| c.is_numeric())
        || fact
            .split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '-'))
            .skip_while(|word| word.is_empty())
            .skip(1)
            .filter(|word| word.chars().next().is_some_and(char::is_uppercase))
            .flat_map(Words::all)
            .any(|word| stem(&word) == stemmed)
}

/// The characters of Chinese texts.
fn signs(texts: &[&str]) -> HashSet<char> {
    texts
        .iter()
        .flat_map(|text| in_plain_chinese(text).chars().collect::<Vec<_>>())
        .filter(|c| is_ideograph(*c))
        .collect()
}

fn in_plain_chinese(text: &str) -> String {
    let mut plain = text.to_owned();
    for (word, instead) in SYNONYMS_CHINESE {
        plain = plain.replace(word, instead);
    }
    plain
}

/// The fact without its person's name. A stop stands in its place: it is a word, and the sentence's first.
fn without_name(fact: &str, name: &str) -> String {
    fact.replace(name, "—")
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
        let said = Said {
            own: said.to_vec(),
            before: before.to_vec(),
            names: vec!["Bo", "Orla"],
        };
        is_supported(fact, name, &said)
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
