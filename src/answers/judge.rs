//! Rules by which a reply is judged. Plain patterns: they can be read, they give the same verdict each time, and no model
//! judges a model.

use std::collections::HashSet;

use regex::RegexBuilder;
use serde::Deserialize;

use super::script::{Kind, Turn};
use super::words::{clauses, has, is_ideograph, longest_shared, runs, sentences, words};

/// Words in which a reply begins as another one did.
const OPENER: usize = 5;
/// A shorter sentence may come again: "Noted.", "西风三级。"
const SHORTEST_SENTENCE: usize = 4;
/// A run that a reply shares with its message from which on it parrots, and the part of the message that it is at least.
const PARROTED: (usize, f64) = (4, 0.6);
/// A run of the card's description from which on it is recited.
const RECITED: usize = 8;
/// Words that an answer brings at least.
const OWN: usize = 3;

/// What a persona's replies are like: `personas/NAME/habits.json`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Habits {
    /// A reply in its voice matches one of these.
    pub must_one_of: Vec<String>,
    /// And none of these.
    pub must_not: Vec<String>,
    /// Phrases of its card that it does not say.
    #[serde(default)]
    pub recites: Vec<String>,
}

/// What is held against a reply beside its message.
pub struct Background<'a> {
    /// The persona's habits.
    pub habits: &'a Habits,
    /// Its card: description, personality and examples.
    pub card: &'a str,
    /// Its earlier replies in this talk.
    pub before: &'a [String],
    /// `en` or `zh`.
    pub language: &'a str,
}

/// What the rules say of a reply.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Verdict {
    /// It says something that is neither the message, nor the card, nor said before.
    pub answers: bool,
    /// It says the message back.
    pub parrots: bool,
    /// It begins as an earlier one did.
    pub same_opener: bool,
    /// Its sentences, and those of them that were said before.
    pub sentences: (usize, usize),
    /// Its runs of four words, and those of them that were said before.
    pub runs: (usize, usize),
    /// It recites its card.
    pub recites: bool,
    /// It has the persona's habits.
    pub in_voice: bool,
    /// It is in the language of the talk.
    pub in_language: bool,
    /// It takes the person's thing for the persona's own.
    pub swaps: bool,
    /// It has what was asked for, as the person's.
    pub uses: bool,
    /// It takes for true what nobody said.
    pub accepts_false: bool,
    /// It gives the persona's world for what the person told.
    pub lore_for_memory: bool,
}

/// Judges a reply to a message.
#[must_use]
pub fn judge(turn: &Turn, reply: &str, background: &Background<'_>) -> Verdict {
    let said = words(reply);
    let asked = words(&turn.say);
    let before: Vec<Vec<String>> = background.before.iter().map(|text| words(text)).collect();
    let card = words(background.card);
    let shared = longest_shared(&said, &asked);
    let swaps = matches(&turn.swap, reply) || takes_as_own(turn, reply);
    let needs = has_all(&turn.needs, reply);
    let declines = matches(&turn.declines, reply);
    let runs = runs_before(&said, &before);
    Verdict {
        answers: is_own(&said, &asked, &card, runs),
        parrots: shared >= PARROTED.0 && shared as f64 >= PARROTED.1 * asked.len() as f64,
        same_opener: said.len() >= OPENER
            && before
                .iter()
                .any(|one| one.get(..OPENER) == said.get(..OPENER)),
        sentences: said_before(reply, background.before),
        runs,
        recites: longest_shared(&said, &card) >= RECITED
            || background
                .habits
                .recites
                .iter()
                .any(|phrase| has(reply, phrase)),
        in_voice: is_in_voice(background.habits, reply),
        in_language: is_in(background.language, reply),
        swaps,
        uses: turn.kind == Kind::Ask && needs && !swaps,
        accepts_false: turn.kind == Kind::False && !declines && matches(&turn.accepts, reply),
        lore_for_memory: turn.kind == Kind::Trap
            && (turn.needs.is_empty() || !needs)
            && !declines
            && turn.lore.iter().any(|word| has(reply, word)),
    }
}

/// Whether a text has one word of each group.
#[must_use]
pub fn has_all(groups: &[Vec<String>], text: &str) -> bool {
    groups
        .iter()
        .all(|group| group.iter().any(|word| has(text, word)))
}

/// Whether one of these patterns is in a text; letters may be small or large. One that is no pattern is taken as it stands.
fn matches(patterns: &[String], text: &str) -> bool {
    let text = text.replace('’', "'");
    patterns.iter().any(|pattern| {
        let built = RegexBuilder::new(pattern).case_insensitive(true).build();
        built.map_or_else(|_| has(&text, pattern), |regex| regex.is_match(&text))
    })
}

/// "I live in Lisbon": a clause has what was asked for, says I, and does not say you.
fn takes_as_own(turn: &Turn, reply: &str) -> bool {
    if turn.kind != Kind::Ask {
        return false;
    }
    clauses(reply).any(|clause| {
        let said = words(clause);
        let says = |list: &[&str]| said.iter().any(|word| list.contains(&word.as_str()));
        let has_it = turn.needs.iter().flatten().any(|word| has(clause, word));
        has_it
            && says(&["my", "mine", "我"])
            && !says(&[
                "you", "your", "yours", "you're", "you've", "told", "你", "您",
            ])
    })
}

/// Whether a reply brings something: words that are neither the message's nor the card's, in runs that were not all said before.
fn is_own(said: &[String], asked: &[String], card: &[String], runs: (usize, usize)) -> bool {
    let tells = |word: &&String| word.chars().count() > 3 || word.chars().all(is_ideograph);
    let new: HashSet<&String> = said
        .iter()
        .filter(tells)
        .filter(|word| !asked.contains(word) && !card.contains(word))
        .collect();
    let is_said = runs.0 > 0 && 10 * runs.1 >= 8 * runs.0;
    new.len() >= OWN && !is_said
}

fn said_before(reply: &str, before: &[String]) -> (usize, usize) {
    let long = |text: &str| -> Vec<Vec<String>> {
        let all = sentences(text).map(words);
        all.filter(|words| length(words) >= SHORTEST_SENTENCE)
            .collect()
    };
    let known: HashSet<Vec<String>> = before.iter().flat_map(|text| long(text)).collect();
    let said = long(reply);
    let again = said.iter().filter(|sentence| known.contains(*sentence));
    (said.len(), again.count())
}

/// About how many words these are: each sign of Chinese is one of them here, and two of those are about one.
fn length(words: &[String]) -> usize {
    let signs = words.iter().filter(|word| word.chars().all(is_ideograph));
    words.len() - signs.count().div_ceil(2)
}

fn runs_before(said: &[String], before: &[Vec<String>]) -> (usize, usize) {
    let known: HashSet<&[String]> = before.iter().flat_map(|words| runs(words, 4)).collect();
    let all = runs(said, 4).count();
    (all, runs(said, 4).filter(|run| known.contains(run)).count())
}

fn is_in_voice(habits: &Habits, reply: &str) -> bool {
    (habits.must_one_of.is_empty() || matches(&habits.must_one_of, reply))
        && !matches(&habits.must_not, reply)
}

/// Chinese has at least as many Chinese characters as words in other letters; English has hardly any.
fn is_in(language: &str, reply: &str) -> bool {
    let said = words(reply);
    let chinese = said.iter().filter(|word| word.chars().all(is_ideograph));
    let chinese = chinese.count();
    match language {
        "zh" => 2 * chinese >= said.len(),
        _ => 20 * chinese <= said.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask() -> Turn {
        Turn {
            say: "Where do I live, do you remember?".into(),
            kind: Kind::Ask,
            facts: vec![],
            fact: Some("e1".into()),
            needs: vec![vec!["lisbon".into()]],
            swap: vec![],
            accepts: vec![],
            declines: vec![],
            lore: vec![],
        }
    }

    fn judged(turn: &Turn, reply: &str, before: &[&str]) -> Verdict {
        let habits = Habits {
            must_one_of: vec![r"^log, \d".into()],
            must_not: vec!["!".into()],
            recites: vec![],
        };
        let before: Vec<String> = before.iter().map(|text| (*text).to_owned()).collect();
        judge(
            turn,
            reply,
            &Background {
                habits: &habits,
                card: "She keeps the light at Farrow Point, a rock two miles off the harbour town.",
                before: &before,
                language: "en",
            },
        )
    }

    #[test]
    fn an_answer_has_the_persons_thing_and_not_as_the_personas_own() {
        assert!(judged(&ask(), "Log, 21:40. You live in Lisbon.", &[]).uses);
        assert!(judged(&ask(), "Lisbon, by your own account.", &[]).uses);
        let swapped = judged(&ask(), "My home is in Lisbon.", &[]);
        assert!(swapped.swaps && !swapped.uses);
        assert!(!judged(&ask(), "Somewhere dry, I hope.", &[]).uses);
    }

    #[test]
    fn what_was_said_before_counts_with_other_digits_too() {
        let first = "Log, 21:40. Wind west. The lamp turns as ever.";
        let verdict = judged(
            &ask(),
            "Log, 22:15. Wind west. The lamp turns as ever.",
            &[first],
        );
        assert!(verdict.same_opener && !verdict.answers);
        assert_eq!(verdict.sentences, (1, 1));
        assert_eq!(verdict.runs.0, verdict.runs.1);
    }

    #[test]
    fn a_sentence_of_four_signs_is_as_short_as_one_of_two_words() {
        let first = "日志，19:05。西风三级。灯还在转，茶已经凉了。";
        let again = judged(
            &ask(),
            "日志，20:30。西风三级。风停了以后去睡吧。",
            &[first],
        );
        assert_eq!(again.sentences, (1, 0));
        let again = judged(&ask(), "日志，20:30。灯还在转，茶已经凉了。", &[first]);
        assert_eq!(again.sentences, (1, 1));
    }

    #[test]
    fn a_message_said_back_is_parroted_and_a_description_recited() {
        let verdict = judged(&ask(), "Where do I live, do you remember?", &[]);
        assert!(verdict.parrots && !verdict.answers);
        let recited = "I keep the light at Farrow Point, a rock two miles off the harbour town.";
        assert!(judged(&ask(), recited, &[]).recites);
    }

    #[test]
    fn a_voice_is_its_habits_and_a_language_its_letters() {
        let verdict = judged(&ask(), "Log, 21:40. Fog.", &[]);
        assert!(verdict.in_voice && verdict.in_language);
        assert!(!judged(&ask(), "Log, 21:40. Fog!", &[]).in_voice);
        assert!(!judged(&ask(), "Log, 21:40. 你好，今天有雾。", &[]).in_language);
    }

    #[test]
    fn a_false_premise_is_accepted_only_where_nothing_is_doubted() {
        let turn = Turn {
            kind: Kind::False,
            accepts: vec!["yes".into(), "i remember".into()],
            declines: vec!["don't (remember|recall)".into()],
            ..ask()
        };
        assert!(judged(&turn, "Yes, of course.", &[]).accepts_false);
        assert!(!judged(&turn, "Yes, well, I don’t remember that.", &[]).accepts_false);
    }

    #[test]
    fn the_personas_own_thing_is_no_memory() {
        let turn = Turn {
            kind: Kind::Trap,
            needs: vec![],
            lore: vec!["Bailiff".into()],
            declines: vec!["have not told".into()],
            ..ask()
        };
        assert!(judged(&turn, "Your gull is Bailiff.", &[]).lore_for_memory);
        assert!(!judged(&turn, "You have not told me. Mine is Bailiff.", &[]).lore_for_memory);
    }
}
