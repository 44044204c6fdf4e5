//! The recent window: the last turns, cut in blocks.
//!
//! A provider charges a tenth for the part of a prompt that begins as the last one began. A window that drops its
//! oldest turn at every message begins differently each time and is never in that cache. So turns are dropped a whole
//! block at a time, and the blocks are anchored on the turns' numbers: with blocks of 16 the window can only begin at
//! turn 1, 17, 33, … and keeps that beginning until a block's worth of tokens has come after it. Where turns are so long
//! that this would leave less than a third of the window, blocks of half the size are dropped.

use store::turns::Turn;

use crate::tokens::{FRAME, turn_tokens};

/// How much of the recent talk goes into a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WindowSpec {
    /// The most tokens that the window may take.
    pub max_tokens: usize,
    /// How many turns are dropped together, where they are short.
    pub block: u32,
}

impl Default for WindowSpec {
    fn default() -> Self {
        Self {
            max_tokens: 1_200,
            block: 16,
        }
    }
}

impl WindowSpec {
    /// How many of the newest turns can matter: each takes more than its frame.
    pub(crate) fn rows(self) -> u32 {
        u32::try_from(self.max_tokens / FRAME + 1).unwrap_or(u32::MAX)
    }

    /// Drops the oldest blocks until the rest fits: the largest blocks that leave a third of the tokens in use. What is
    /// dropped depends on the turns alone, so that a restart changes nothing.
    pub(crate) fn cut(self, mut turns: Vec<Turn>) -> Vec<Turn> {
        let mut kept = 0;
        let fitting = turns
            .iter()
            .rev()
            .take_while(|turn| {
                kept += turn_tokens(turn);
                kept <= self.max_tokens
            })
            .count();
        let fits = turns.len() - fitting;
        let mut block = self.block.max(1);
        loop {
            let begins = |at: usize| {
                let before = at.checked_sub(1).and_then(|before| turns.get(before));
                let block_of = |turn: &Turn| (turn.number - 1) / i64::from(block);
                before.map(block_of) != turns.get(at).map(block_of)
            };
            let begin = (fits..turns.len()).find(|at| begins(*at));
            let begin = begin.unwrap_or(turns.len());
            let left: usize = turns[begin..].iter().map(turn_tokens).sum();
            if begin == fits || 3 * left >= self.max_tokens {
                turns.drain(..begin);
                return turns;
            }
            block /= 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use store::id::{PersonaId, ScopeId, TurnId};
    use store::turns::{Author, TurnKind};

    fn turn(number: i64, text: &str) -> Turn {
        let scope = ScopeId {
            guild: None,
            channel: 1.into(),
            persona: PersonaId(1),
        };
        Turn {
            id: TurnId(number),
            scope,
            number,
            author: Author::Persona,
            author_name: "Ada".into(),
            kind: TurnKind::Chat,
            text: text.into(),
            messages: vec![],
            at: DateTime::UNIX_EPOCH,
            reply_to: None,
            answers: None,
            proxied: false,
            person: None,
        }
    }

    fn history(length: i64) -> Vec<Turn> {
        (1..=length)
            .map(|number| turn(number, "one two three four five six"))
            .collect()
    }

    #[test]
    fn the_window_begins_where_a_block_begins_and_keeps_that_beginning_for_a_block() {
        let spec = WindowSpec {
            max_tokens: 600,
            block: 8,
        };
        let mut beginnings = Vec::new();
        for length in 1..=400 {
            let window = spec.cut(history(length));
            assert!(window.iter().map(turn_tokens).sum::<usize>() <= spec.max_tokens);
            assert_eq!(
                window.last().map(|turn| turn.number),
                Some(length),
                "the newest turn is always there"
            );
            beginnings.push(window[0].number);
        }
        assert!(beginnings.iter().all(|first| (first - 1) % 8 == 0));
        let changes = beginnings
            .windows(2)
            .filter(|pair| pair[0] != pair[1])
            .count();
        assert!(
            changes <= 400 / 8,
            "the prefix changed {changes} times in 400 turns"
        );
        assert!(
            beginnings.windows(2).all(|pair| pair[0] <= pair[1]),
            "the window never goes back"
        );
    }

    #[test]
    fn long_turns_leave_a_third_of_the_window_in_use_and_it_still_never_goes_back() {
        let spec = WindowSpec::default();
        // A line of talk, and an answer of a hundred tokens and more.
        let turns: Vec<Turn> = (1..=300)
            .map(|number| match number % 2 {
                0 => turn(number, &"word and word ".repeat(20 + number as usize % 30)),
                _ => turn(number, "one two three"),
            })
            .collect();
        let mut before = 0;
        let mut changes = 0;
        for length in 1..=turns.len() {
            let all = turns[..length].to_vec();
            let whole: usize = all.iter().map(turn_tokens).sum();
            let window = spec.cut(all);
            let taken: usize = window.iter().map(turn_tokens).sum();
            assert!(taken <= spec.max_tokens);
            assert!(
                3 * taken >= spec.max_tokens.min(whole),
                "{taken} of {whole}"
            );
            changes += usize::from(window[0].number != before);
            assert!(window[0].number >= before);
            before = window[0].number;
        }
        assert!(changes <= 300 / 4, "the prefix changed {changes} times");
    }

    #[test]
    fn forgotten_turns_do_not_move_the_beginning_of_the_window() {
        let spec = WindowSpec {
            max_tokens: 600,
            block: 8,
        };
        let whole = spec.cut(history(100));
        let mut with_gaps = history(100);
        with_gaps.retain(|turn| ![20, 95, 99].contains(&turn.number));
        assert!(spec.cut(with_gaps)[0].number <= whole[0].number);
    }

    #[test]
    fn a_newest_block_that_is_too_long_gives_its_newest_turns() {
        let spec = WindowSpec {
            max_tokens: 100,
            block: 8,
        };
        let long = "word ".repeat(60);
        let turns = (1..=6).map(|number| turn(number, &long)).collect();
        let window = spec.cut(turns);
        assert_eq!(
            window.iter().map(|turn| turn.number).collect::<Vec<_>>(),
            [6]
        );
    }

    #[test]
    fn a_turn_longer_than_the_window_leaves_it_empty() {
        let spec = WindowSpec {
            max_tokens: 50,
            block: 8,
        };
        assert_eq!(spec.cut(vec![turn(1, &"word ".repeat(400))]), []);
    }
}
