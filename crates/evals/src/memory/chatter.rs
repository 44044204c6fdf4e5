//! Made-up talk whose words are as unevenly spread as real ones (Zipf): few are everywhere, most are rare.

use chrono::{DateTime, TimeDelta, Utc};
use memory::{Author, NewTurn, ScopeId, TurnKind};

/// Words that the talk knows; the `n`th is `n` times as rare as the first.
const VOCABULARY: f64 = 30_000.0;
/// Words of a message.
const LENGTH: u64 = 12;
const SYLLABLES: [&str; 16] = [
    "ka", "lo", "mi", "ren", "tu", "sha", "vel", "do", "pim", "ra", "su", "nok", "ba", "ti", "gor",
    "fen",
];

/// A source of talk; the same seed says the same.
pub struct Chatter {
    state: u64,
    said: i64,
}

impl Chatter {
    /// Talk from a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            state: seed,
            said: 0,
        }
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        // SplitMix64.
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit
    }

    fn word(&mut self) -> String {
        let even = self.below(1 << 32) as f64 / f64::from(u32::MAX);
        let mut rank = VOCABULARY.powf(even) as usize;
        let mut word = String::new();
        loop {
            word.push_str(SYLLABLES[rank % SYLLABLES.len()]);
            rank /= SYLLABLES.len();
            if rank == 0 {
                return word;
            }
        }
    }

    /// A sentence.
    pub fn sentence(&mut self) -> String {
        let words: Vec<String> = (0..LENGTH).map(|_| self.word()).collect();
        words.join(" ")
    }

    /// The next message in a channel.
    pub fn turn(&mut self, scope: ScopeId) -> NewTurn {
        let text = self.sentence();
        self.said += 1;
        said(
            scope,
            ["Ada", "Ben", "Zoe"][self.below(3) as usize],
            text,
            self.said,
        )
    }

    /// A question of six words, half of them from something that was said.
    pub fn question(&mut self, about: &str) -> String {
        let told: Vec<&str> = about.split(' ').collect();
        let mut question = "do you remember what we said about".to_owned();
        for n in 0..6 {
            let word = if n % 2 == 0 {
                told[self.below(told.len() as u64) as usize].to_owned()
            } else {
                self.word()
            };
            question.push(' ');
            question.push_str(&word);
        }
        question
    }
}

/// A message by a name.
pub fn said(scope: ScopeId, by: &str, text: String, minute: i64) -> NewTurn {
    NewTurn {
        scope,
        author: Author::Person((by.len() as u64 + 100).into()),
        author_name: by.to_owned(),
        kind: TurnKind::Chat,
        text,
        messages: vec![],
        at: at(minute),
        reply_to: None,
        answers: None,
        proxied: false,
    }
}

/// A moment, counted in minutes.
pub fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).unwrap_or_default() + TimeDelta::minutes(minute)
}
