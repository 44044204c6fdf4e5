//! Replies that only say again what was said stand in no prompt of a small model, nor do sentences that do, or that begin as
//! one of an earlier reply: such a model goes on as it has begun, and one reply that says its message back, or a phrase
//! twice, makes the next do so too. What they say stands there anyway.

use std::collections::HashSet;

use crate::compose::Said;

/// Words in a row that are compared.
const RUN: usize = 4;
/// A reply with fewer runs may be said again: "Good night, then."
const FEWEST: usize = 4;
/// The share of its runs that makes a reply a repetition, in tenths.
const TENTHS: usize = 6;

/// The turns without such replies and sentences, and without replies that only say an example again. Which ones go depends
/// on what stands before them alone, so that the beginning of a prompt stays the same from turn to turn.
pub(super) fn without(said: Vec<Said>, examples: &[Said]) -> Vec<Said> {
    let shown = examples.iter().filter(|said| said.by.is_none());
    let mut replies: HashSet<Vec<String>> = shown.flat_map(|said| runs(&said.text)).collect();
    let mut message: HashSet<Vec<String>> = HashSet::new();
    let mut phrases = Phrases::shown(examples);
    let mut is_answered = true;
    let mut kept = vec![];
    for mut one in said {
        let runs = runs(&one.text);
        if one.by.is_some() {
            if is_answered {
                message.clear();
                is_answered = false;
            }
            message.extend(runs);
            kept.push(one);
            continue;
        }
        is_answered = true;
        let again = runs
            .iter()
            .filter(|run| message.contains(*run) || replies.contains(*run));
        let is_again = runs.len() >= FEWEST && 10 * again.count() >= TENTHS * runs.len();
        replies.extend(runs);
        if is_again {
            continue;
        }
        if let Some(new) = phrases.new_in(&one.text, &message) {
            one.text = new;
            kept.push(one);
        }
    }
    kept
}

/// How sentences begin.
struct Phrases {
    /// Those of the examples: a persona may have habits.
    habits: HashSet<Vec<String>>,
    /// The first words of those.
    words: HashSet<String>,
    /// Those of the replies so far.
    said: HashSet<Vec<String>>,
}

impl Phrases {
    fn shown(examples: &[Said]) -> Self {
        let shown = examples.iter().filter(|said| said.by.is_none());
        let shown: Vec<Vec<String>> = shown
            .flat_map(|said| memory::sentences(&said.text))
            .map(|sentence| words(&sentence))
            .collect();
        Self {
            words: shown
                .iter()
                .filter_map(|words| words.first().cloned())
                .collect(),
            habits: shown.into_iter().map(begin).collect(),
            said: HashSet::new(),
        }
    }

    /// A reply without its sentences that begin as one before it did, or say its message back; `None` where nothing is left of it.
    fn new_in(&mut self, reply: &str, message: &HashSet<Vec<String>>) -> Option<String> {
        let mut is_new = |sentence: &String| {
            let runs = runs(sentence);
            let back = runs.iter().filter(|run| message.contains(*run)).count();
            if !runs.is_empty() && 10 * back >= TENTHS * runs.len() {
                return false;
            }
            let words = words(sentence);
            let is_shown = |word: &String| self.words.contains(word);
            // "Log, 18:20." differs each time; one word is none.
            let is_habit = words.len() <= RUN
                && (words.iter().any(|word| word == "0") || words.first().is_none_or(is_shown))
                || words.len() == 1;
            let begin = begin(words);
            is_habit || self.habits.contains(&begin) || self.said.insert(begin)
        };
        let all = memory::sentences(reply);
        let new: Vec<&String> = all.iter().filter(|sentence| is_new(sentence)).collect();
        if new.len() == all.len() || words(reply).len() <= RUN || !is_plain(reply, &all) {
            // "Good night." may be said again.
            return Some(reply.to_owned());
        }
        let new: String = new.into_iter().map(String::as_str).collect();
        Some(new.trim().to_owned()).filter(|new| !new.is_empty())
    }
}

/// Whether a reply can be cut at its sentences: not inside code, an address or marks that belong together.
fn is_plain(reply: &str, sentences: &[String]) -> bool {
    let is_open = |sentence: &String| {
        let marks = |mark: &str| sentence.matches(mark).count() % 2 == 1;
        marks("*")
            || marks("**")
            || marks("_")
            || marks("~")
            || marks("|")
            || marks("\"")
            || sentence.matches('“').count() != sentence.matches('”').count()
    };
    !reply.contains('`') && !reply.contains("://") && !sentences.iter().any(is_open)
}

fn begin(mut words: Vec<String>) -> Vec<String> {
    words.truncate(RUN);
    words
}

/// Every run of words.
fn runs(text: &str) -> Vec<Vec<String>> {
    words(text).windows(RUN).map(<[String]>::to_vec).collect()
}

/// The words of a text in small letters, with any number for any other; of languages without blanks each sign is a word.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![];
    let mut open = false;
    for c in text.chars() {
        if !c.is_alphanumeric() {
            open = false;
            continue;
        }
        let is_sign = memory::is_ideograph(c);
        let c = if c.is_numeric() && !is_sign { '0' } else { c };
        match words.last_mut().filter(|_| open && !is_sign) {
            Some(word) if c == '0' && word.ends_with('0') => {}
            Some(word) => word.extend(c.to_lowercase()),
            None => words.push(c.to_lowercase().collect()),
        }
        open = !is_sign;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn talk(lines: &[&str]) -> Vec<Said> {
        let said = lines.iter().enumerate().map(|(at, text)| Said {
            by: (at % 2 == 0).then(|| "Ada".to_owned()),
            text: (*text).to_owned(),
            told: None,
            number: None,
        });
        said.collect()
    }

    fn kept(lines: &[&str]) -> Vec<String> {
        without(talk(lines), &[])
            .into_iter()
            .map(|said| said.text)
            .collect()
    }

    #[test]
    fn a_reply_that_says_its_message_back_goes_and_the_message_stays() {
        assert_eq!(
            kept(&[
                "A crab crawled out of my toolbox today, straight across a steel plate",
                "Log, 19:05. A crab crawled out of my toolbox today, straight across a steel plate.",
                "It rains on tin",
                "Log, 19:20. Rain on tin is the better drum. Put the kettle on.",
            ]),
            [
                "A crab crawled out of my toolbox today, straight across a steel plate",
                "It rains on tin",
                "Log, 19:20. Rain on tin is the better drum. Put the kettle on.",
            ]
        );
        assert_eq!(
            kept(&[
                "有只螃蟹今天从我工具箱里爬出来，比我走得直。",
                "有只螃蟹今天从我工具箱里爬出来。比我走得直。"
            ])
            .len(),
            1
        );
    }

    #[test]
    fn a_reply_that_says_an_earlier_one_again_goes() {
        let again = "Log, 20:10. You take the diving exam and the water is cold this time of year.";
        assert_eq!(
            kept(&[
                "When is it?",
                &again.replace("20:10", "19:05"),
                "And what do I play?",
                again
            ]),
            [
                "When is it?",
                &again.replace("20:10", "19:05"),
                "And what do I play?"
            ]
        );
    }

    #[test]
    fn a_reply_that_says_an_example_again_goes() {
        let lines = [
            "守夜吗？",
            "日志，18:50。西风三级。守灯的还站着，茶凉了。你呢？",
        ];
        let examples = talk(&[
            "你好",
            "日志，18:20。西风三级。守灯的还站着，茶凉了。你呢？",
        ]);
        assert_eq!(without(talk(&lines), &examples).len(), 1);
    }

    #[test]
    fn a_phrase_stands_once_and_a_habit_of_the_examples_as_often_as_it_is_said() {
        let lines = [
            "I bide in Oban",
            "Oh, yes, Murray. The chip shop smells of rain there.",
            "My wife runs a wool shop",
            "Oh, yes, Murray. I remember the days of wool. I remember the days of tar.",
            "It is late",
            "Oh, yes, Murray!! I remember the days when it was 12.50 a ride...",
            "And now?",
            "It was 14.80 for the two of them!? 🙂",
        ];
        let kept = kept(&lines);
        assert_eq!((&*kept[1], &*kept[6]), (lines[1], lines[7]));
        assert_eq!(kept[3], "I remember the days of wool.");
        assert_eq!(kept.len(), 7, "of the last but one nothing is left");
        let lines = [
            "我弟弟在南极科考站当厨师，鸡蛋要排队。",
            "海面很平。我弟弟在南极科考站做厨师。他今天吃到鸡蛋没有？",
        ];
        assert_eq!(self::kept(&lines)[1], "海面很平。他今天吃到鸡蛋没有？");
        let said = [
            "在吗",
            "叮！你家是不是也养鱼？",
            "在",
            "叮！鱼好看。你家是不是也有灯？",
        ];
        let examples = talk(&["你好", "叮！今天水开得真圆。"]);
        let kept = without(talk(&said), &examples);
        assert_eq!(kept[3].text, "叮！鱼好看。");
    }

    #[test]
    fn code_addresses_and_marks_are_never_cut() {
        for again in [
            "See https://a.example/?q=same&b=2 for it. See https://a.example/?q=same&b=2 for more.",
            "```rust\nfn main() {\n    println!(\"lamp\");\n}\n```",
            "**Never mind the gull. Never mind the gull. Cy said so.** She hums.",
            "“Never mind the gull. Never mind the gull. I mean it.”",
        ] {
            let kept = kept(&["And now?", again]);
            assert_eq!(kept[1], again);
        }
    }

    #[test]
    fn an_answer_from_memory_and_a_short_word_stay() {
        let lines = [
            "I weld in the shipyard and the light is green after it",
            "Log, 18:00. Sparks are small weather. Rest the eyes.",
            "What do I do for work?",
            "You weld in the shipyard, and the light is green after it.",
            "Good night!",
            "Good night.",
            "Good night!",
            "Good night.",
        ];
        assert_eq!(kept(&lines), lines);
    }
}
