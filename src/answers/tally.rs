//! What the verdicts come to: a rate beside each rule, with the interval in which it lies.

use std::fmt;
use std::time::Duration;

use super::judge::{Verdict, has_all};
use super::script::{Kind, Talk, Turn};
use super::stage::Played;

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rate {
    /// How many did.
    pub hits: usize,
    /// Of how many.
    pub of: usize,
}

impl Rate {
    /// Counts one more.
    pub fn count(&mut self, hit: bool) {
        self.add((usize::from(hit), 1));
    }

    fn add(&mut self, (hits, of): (usize, usize)) {
        self.hits += hits;
        self.of += of;
    }

    /// The rate; 0 where nothing was counted.
    #[must_use]
    pub fn value(self) -> f64 {
        self.hits as f64 / self.of.max(1) as f64
    }

    /// Wilson's interval at 95 %: where the rate lies that so few trials hint at.
    #[must_use]
    pub fn interval(self) -> (f64, f64) {
        if self.of == 0 {
            return (0.0, 1.0);
        }
        let (n, p, z) = (self.of as f64, self.value(), 1.96_f64);
        let middle = p + z * z / (2.0 * n);
        let spread = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        let whole = 1.0 + z * z / n;
        (
            ((middle - spread) / whole).max(0.0),
            ((middle + spread) / whole).min(1.0),
        )
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, high) = self.interval();
        write!(
            f,
            "{:.2} [{low:.2}-{high:.2}] {}/{}",
            self.value(),
            self.hits,
            self.of
        )
    }
}

/// What talks came to.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Questions whose fact stood in the prompt: answered with it.
    pub used_of_prompted: Rate,
    /// Questions: their fact stood in the prompt.
    pub prompted: Rate,
    /// Questions: answered with the fact.
    pub used: Rate,
    /// Replies that take the person's thing for the persona's own.
    pub swaps: Rate,
    /// Replies that say something of their own.
    pub answers: Rate,
    /// Replies that say the message back.
    pub parrots: Rate,
    /// Replies that begin as an earlier one.
    pub openers: Rate,
    /// Sentences that were said before.
    pub sentences: Rate,
    /// Runs of four words that were said before.
    pub runs: Rate,
    /// Replies that recite the card.
    pub recites: Rate,
    /// Replies with the persona's habits.
    pub in_voice: Rate,
    /// Replies in the language of the talk.
    pub in_language: Rate,
    /// Claims that nobody said: taken for true.
    pub accepts_false: Rate,
    /// Questions for what the persona's world has too: answered with that.
    pub lore_for_memory: Rate,
    /// Facts that were told: known afterwards.
    pub kept: Rate,
    /// Facts that are known: nobody told them.
    pub wrong: Rate,
    /// Facts that are known: of somebody else than who told them.
    pub misowned: Rate,
    /// Until the first words.
    pub first: Vec<Duration>,
    /// Until the reply is whole.
    pub whole: Vec<Duration>,
    /// Tokens of the prompts, by the model's count.
    pub input: Vec<u64>,
    /// How many of them it had at hand.
    pub cached: u64,
}

impl Tally {
    /// Counts a reply.
    pub fn count(&mut self, kind: Kind, verdict: &Verdict) {
        self.answers.count(verdict.answers);
        self.parrots.count(verdict.parrots);
        self.openers.count(verdict.same_opener);
        self.sentences
            .add((verdict.sentences.1, verdict.sentences.0));
        self.runs.add((verdict.runs.1, verdict.runs.0));
        self.recites.count(verdict.recites);
        self.in_voice.count(verdict.in_voice);
        self.in_language.count(verdict.in_language);
        self.swaps.count(verdict.swaps);
        match kind {
            Kind::Ask => self.used.count(verdict.uses),
            Kind::False => self.accepts_false.count(verdict.accepts_false),
            Kind::Trap => self.lore_for_memory.count(verdict.lore_for_memory),
            Kind::Tell | Kind::Talk => {}
        }
    }

    /// Counts what a talk took and what its prompts held.
    pub fn count_talk(&mut self, talk: &Talk, played: &Played, verdicts: &[Verdict]) {
        for ((turn, exchange), verdict) in talk.turns.iter().zip(&played.exchanges).zip(verdicts) {
            self.first.push(exchange.first);
            self.whole.push(exchange.whole);
            let Some(asked) = &exchange.asked else {
                continue;
            };
            self.input.extend(asked.input);
            self.cached += asked.cached.unwrap_or_default();
            if turn.kind == Kind::Ask {
                let is_there = has_all(&turn.needs, &asked.prompt);
                self.prompted.count(is_there);
                if is_there {
                    self.used_of_prompted.count(verdict.uses);
                }
            }
        }
    }

    /// Counts which facts that these messages of a person tell are known, and which known ones nobody told or are of others.
    pub fn count_facts(&mut self, person: &str, turns: &[Turn], known: &[(String, String)]) {
        let told: Vec<_> = turns.iter().flat_map(|turn| &turn.facts).collect();
        let tells =
            |fact: &str, words: &[String]| words.iter().all(|word| super::words::has(fact, word));
        for one in &told {
            let is_known = known.iter().any(|(_, fact)| tells(fact, &one.words));
            self.kept.count(is_known);
        }
        for (about, fact) in known {
            self.misowned.count(about.as_str() != person);
            let is_told = told.iter().any(|one| tells(fact, &one.words));
            self.wrong.count(!is_told);
        }
    }

    /// Its lines, each a rule and its rate.
    #[must_use]
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let mut lines = vec![
            (
                "asked: its fact stood in the prompt",
                self.prompted.to_string(),
            ),
            ("  and was used then", self.used_of_prompted.to_string()),
            ("asked: answered with the fact", self.used.to_string()),
            (
                "takes the person's thing for its own",
                self.swaps.to_string(),
            ),
            ("says something of its own", self.answers.to_string()),
            ("says the message back", self.parrots.to_string()),
            ("begins as an earlier reply", self.openers.to_string()),
            ("sentences said before", self.sentences.to_string()),
            ("runs of four words said before", self.runs.to_string()),
            ("recites its card", self.recites.to_string()),
            ("in its voice", self.in_voice.to_string()),
            ("in the language of the talk", self.in_language.to_string()),
            (
                "takes for true what nobody said",
                self.accepts_false.to_string(),
            ),
            ("gives lore for memory", self.lore_for_memory.to_string()),
            ("facts told that are known after it", self.kept.to_string()),
            ("facts known that nobody told", self.wrong.to_string()),
            ("facts known of the wrong person", self.misowned.to_string()),
        ];
        lines.push((
            "first words, seconds: half, nine of ten, all",
            spread(&self.first),
        ));
        lines.push((
            "whole reply, seconds: half, nine of ten, all",
            spread(&self.whole),
        ));
        let input: u64 = self.input.iter().sum();
        let longest = self.input.iter().max().copied().unwrap_or_default();
        let replies = self.input.len().max(1) as u64;
        lines.push((
            "prompt tokens: a reply, the longest, cached",
            format!(
                "{}, {longest}, {:.0} %",
                input / replies,
                100.0 * self.cached as f64 / input.max(1) as f64
            ),
        ));
        lines
    }
}

fn spread(times: &[Duration]) -> String {
    let mut times = times.to_vec();
    times.sort_unstable();
    let at = |percent: usize| {
        let rank = (times.len() * percent).div_ceil(100).saturating_sub(1);
        times.get(rank).copied().unwrap_or_default().as_secs_f64()
    };
    format!("{:.1}, {:.1}, {:.1}", at(50), at(90), at(100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_wide_where_trials_are_few() {
        // Wilson's interval of 8 of 10, as statistics packages give it.
        let (low, high) = Rate { hits: 8, of: 10 }.interval();
        assert!((low - 0.490).abs() < 0.001 && (high - 0.943).abs() < 0.001);
        let (low, high) = Rate { hits: 0, of: 0 }.interval();
        assert_eq!((low, high), (0.0, 1.0));
    }
}
