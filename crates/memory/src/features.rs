//! What the ranking knows of a candidate, as numbers: how its words and its neighbours' fit the question, who said it,
//! and a few marks of turns that tell something (a turn that only asks seldom does).

/// How many numbers [`Features::array`] has.
pub const FEATURES: usize = 17;

/// What the ranking knows of a candidate. The weights of words are parts of the best; nearness is a cosine.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Features {
    /// The weight of the question's words in the turn itself.
    pub words: f64,
    /// In the turn before it.
    pub before: f64,
    /// In the turn after it.
    pub after: f64,
    /// In the turn before that.
    pub two_before: f64,
    /// In the turn after that.
    pub two_after: f64,
    /// In the five turns before and after it, and itself.
    pub around: f64,
    /// The part of the question's words that the turn and its neighbours have between them.
    pub covered: f64,
    /// 1 if the question names who said it.
    pub speaker: f64,
    /// 1 if the question names somebody else who speaks here.
    pub other_speaker: f64,
    /// 1 if the turn ends by asking something.
    pub asks: f64,
    /// The logarithm of the turn's length in words.
    pub length: f64,
    /// The weight of the words of the turn before, if that one asks something: this one may be the answer.
    pub answers: f64,
    /// 1 if the question asks when, and the turn has a word of time.
    pub time: f64,
    /// How near the turn's meaning is to the question's; 0 without vectors, like the next three.
    pub meaning: f64,
    /// The same for the turn before.
    pub meaning_before: f64,
    /// The same for the turn after.
    pub meaning_after: f64,
    /// The same for the turns two before and two after, added.
    pub meaning_around: f64,
}

impl Features {
    /// The names of the numbers, in the order of [`Features::array`].
    pub const NAMES: [&'static str; FEATURES] = [
        "words",
        "before",
        "after",
        "two_before",
        "two_after",
        "around",
        "covered",
        "speaker",
        "other_speaker",
        "asks",
        "length",
        "answers",
        "time",
        "meaning",
        "meaning_before",
        "meaning_after",
        "meaning_around",
    ];

    /// All of it, in a fixed order.
    pub fn array(&self) -> [f64; FEATURES] {
        [
            self.words,
            self.before,
            self.after,
            self.two_before,
            self.two_after,
            self.around,
            self.covered,
            self.speaker,
            self.other_speaker,
            self.asks,
            self.length,
            self.answers,
            self.time,
            self.meaning,
            self.meaning_before,
            self.meaning_after,
            self.meaning_around,
        ]
    }
}

/// Words that say when. A question that asks when is answered by a turn that has one.
const TIMES: &[&str] = &[
    "ago",
    "april",
    "august",
    "autumn",
    "december",
    "fall",
    "february",
    "friday",
    "january",
    "july",
    "june",
    "last",
    "march",
    "may",
    "monday",
    "month",
    "next",
    "november",
    "october",
    "recently",
    "saturday",
    "september",
    "since",
    "spring",
    "summer",
    "sunday",
    "thursday",
    "today",
    "tomorrow",
    "tonight",
    "tuesday",
    "wednesday",
    "week",
    "weekend",
    "winter",
    "year",
    "yesterday",
];
const UNSPACED_TIMES: &[&str] = &[
    "昨",
    "今天",
    "今年",
    "今晚",
    "明天",
    "明年",
    "前天",
    "后天",
    "去年",
    "上周",
    "下周",
    "上个月",
    "下个月",
    "周末",
    "星期",
    "礼拜",
    "月",
    "号",
    "年",
    "刚才",
    "以前",
];
const WHEN: &[&str] = &["when", "date", "month", "year"];
const UNSPACED_WHEN: &[&str] = &[
    "什么时候",
    "何时",
    "几号",
    "哪天",
    "哪年",
    "几月",
    "多久",
    "几点",
];

/// A question, and who of those that speak here it names.
pub(crate) struct Question {
    text: String,
    names_somebody: bool,
    asks_when: bool,
}

impl Question {
    pub(crate) fn new<'a>(text: &str, mut speakers: impl Iterator<Item = &'a str>) -> Self {
        let text = text.to_lowercase();
        Self {
            names_somebody: speakers.any(|speaker| names(&text, speaker)),
            asks_when: words(&text).any(|word| WHEN.contains(&word))
                || text.contains("how long")
                || UNSPACED_WHEN.iter().any(|when| text.contains(when)),
            text,
        }
    }

    /// What can be told from who said a turn, its text and the turn before it.
    pub(crate) fn features(
        &self,
        speaker: &str,
        text: &str,
        before: Option<&str>,
        weight_before: f64,
    ) -> Features {
        let flag = |is: bool| if is { 1.0 } else { 0.0 };
        let named = names(&self.text, speaker);
        let lower = text.to_lowercase();
        let asked = before.is_some_and(|before| before.contains(['?', '？']));
        Features {
            speaker: flag(named),
            other_speaker: flag(self.names_somebody && !named),
            asks: flag(text.trim_end().ends_with(['?', '？'])),
            length: (1.0 + length(text)).ln(),
            answers: if asked { weight_before } else { 0.0 },
            time: flag(self.asks_when && tells_when(&lower)),
            ..Features::default()
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

fn tells_when(lower: &str) -> bool {
    words(lower).any(|word| TIMES.binary_search(&word).is_ok())
        || UNSPACED_TIMES.iter().any(|time| lower.contains(time))
}

/// Words; two characters of a script without spaces count as one.
fn length(text: &str) -> f64 {
    let unspaced = text
        .chars()
        .filter(|c| u32::from(*c) >= 0x2E80 && c.is_alphanumeric())
        .count();
    let spaced = words(text)
        .filter(|word| word.chars().any(|c| u32::from(c) < 0x2E80))
        .count();
    spaced as f64 + unspaced as f64 / 2.0
}

/// Whether a question (in lower case) names this speaker: by a whole word of the name, or by a name that is written
/// without spaces.
fn names(question: &str, speaker: &str) -> bool {
    let speaker = speaker.to_lowercase();
    words(&speaker)
        .filter(|part| part.chars().count() >= 2)
        .any(|part| {
            if part.is_ascii() {
                words(question).any(|word| word == part)
            } else {
                question.contains(part)
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("what did ada say?", "Ada Lovelace", true)]
    #[case("ada's cat", "ada", true)]
    #[case("an adamant no", "Ada", false)]
    #[case("a", "A", false)]
    #[case("林晚昨天说了什么", "林晚", true)]
    fn a_speaker_is_named_by_a_whole_word(
        #[case] question: &str,
        #[case] speaker: &str,
        #[case] named: bool,
    ) {
        assert_eq!(names(question, speaker), named);
    }

    #[test]
    fn the_words_of_time_are_sorted_or_searching_them_would_miss_some() {
        assert!(TIMES.is_sorted());
    }

    #[rstest]
    #[case("When did you go?", "we went last week", 1.0)]
    #[case("When did you go?", "we went to Lisbon", 0.0)]
    #[case("Where did you go?", "we went last week", 0.0)]
    #[case("你什么时候去的", "上周去的", 1.0)]
    fn a_question_of_time_looks_for_words_of_time(
        #[case] question: &str,
        #[case] text: &str,
        #[case] expected: f64,
    ) {
        let question = Question::new(question, [].into_iter());
        assert_eq!(question.features("Ada", text, None, 0.0).time, expected);
    }

    #[test]
    fn the_turn_after_a_question_may_be_its_answer() {
        let question = Question::new("what do you play", ["Ada"].into_iter());
        let after = question.features("Ada", "Cello", Some("What do you play?"), 0.8);
        assert_eq!((after.answers, after.asks), (0.8, 0.0));
        let asking = question.features("Ben", "What do you play？ ", Some("Hm."), 0.8);
        assert_eq!((asking.answers, asking.asks), (0.0, 1.0));
    }
}
