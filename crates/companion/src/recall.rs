//! Recall: what matters from memory for this message. The scope is part of every query.

use chrono::{DateTime, Utc};
use memory::{Author, Recalled, Turn, WindowSpec};
use store::StoreError;

use crate::compose::{Said, Shares};
use crate::house::House;
use crate::reply::Reply;

/// What a persona has in mind when it answers.
pub(crate) struct Past {
    /// The recent turns, oldest first.
    window: Vec<Turn>,
    /// What the message brought back, in the order in which it was said.
    recalled: Vec<Recalled>,
    now: DateTime<Utc>,
}

/// Reads what goes into the fullest prompt; smaller ones take less of it.
pub(crate) async fn recall(house: &House, reply: &Reply<'_>) -> Result<Past, StoreError> {
    let Shares {
        recent, recalled, ..
    } = house.model.shares(house);
    let (scope, now) = (reply.scope(), house.clock.now());
    let spec = WindowSpec {
        max_tokens: recent,
        ..WindowSpec::default()
    };
    let window = house.memory.window(&scope, spec).await?;
    let recalled = house
        .memory
        .recall(&scope, &reply.message.text, &window, recalled, now)
        .await?;
    Ok(Past {
        window,
        recalled,
        now,
    })
}

impl Past {
    /// The recent turns that fit a share.
    pub(crate) fn recent(&self, share: usize) -> Vec<Said> {
        let mut left = share;
        let mut kept: Vec<Said> = vec![];
        for turn in self.window.iter().rev() {
            let Some(rest) = left.checked_sub(memory::turn_tokens(turn)) else {
                break;
            };
            left = rest;
            kept.push(Said {
                by: speaker(turn),
                text: turn.text.clone(),
            });
        }
        kept.reverse();
        kept
    }

    /// The recalled turns that fit a share, one line each, with their time and speaker.
    pub(crate) fn recalled(&self, share: usize, persona: &str) -> Vec<String> {
        let mut left = share;
        let mut ranked: Vec<&Recalled> = self.recalled.iter().collect();
        ranked.sort_by(|a, b| b.score.total_cmp(&a.score));
        let mut kept: Vec<(i64, String)> = vec![];
        for recalled in ranked {
            let turn = &recalled.turn;
            let by = speaker(turn).unwrap_or_else(|| persona.to_owned());
            let line = format!(
                "{}, {by}: {}",
                memory::ago(turn.at, self.now),
                turn.text.replace('\n', " ")
            );
            let Some(rest) = left.checked_sub(memory::tokens(&line)) else {
                continue;
            };
            left = rest;
            kept.push((turn.number, line));
        }
        kept.sort_by_key(|(number, _)| *number);
        kept.into_iter().map(|(_, line)| line).collect()
    }

    /// The last messages as the lorebook scans them, the newest last.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.window.iter().map(|turn| turn.text.as_str())
    }
}

fn speaker(turn: &Turn) -> Option<String> {
    match turn.author {
        Author::Person(_) => Some(turn.author_name.clone()),
        Author::Persona => None,
    }
}
