//! Recall: what matters from memory for this message. The scope is part of every query.

use chrono::{DateTime, Utc};
use memory::{Author, Known, Recalled, Turn, WindowSpec};
use store::StoreError;
use store::id::{FactId, UserId};
use store::reports::Source;

use crate::compose::{Line, Said, Shares};
use crate::house::House;
use crate::reply::Reply;
use crate::report;

/// What a persona has in mind when it answers.
pub(crate) struct Past {
    /// The recent turns, oldest first.
    window: Vec<Turn>,
    /// What the message brought back, in the order in which it was said.
    recalled: Vec<Recalled>,
    /// What long talk came to.
    known: Known,
    /// Those who talk here now.
    people: Vec<UserId>,
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
    let known = house.memory.known(&scope).await?;
    let mut people: Vec<UserId> = window.iter().filter_map(person).collect();
    people.push(reply.message.author.id);
    Ok(Past {
        window,
        recalled,
        known,
        people,
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
                number: Some(turn.number),
            });
        }
        kept.reverse();
        kept
    }

    /// The summary, and the facts that are always in mind here, within a share. They stay the same from one
    /// consolidation to the next, as long as the same people talk.
    pub(crate) fn known(&self, share: usize) -> Standing {
        let summary = &self.known.summary;
        let Some(left) = share.checked_sub(memory::tokens(summary)) else {
            return Standing::default();
        };
        let facts = self.known.always(&self.people, left);
        Standing {
            summary: summary.clone(),
            ids: facts.iter().map(|fact| fact.id).collect(),
            facts: facts
                .iter()
                .map(|fact| Line {
                    text: format!("- {}", fact.text),
                    source: Some(Source::Fact {
                        id: fact.id,
                        brought_up: false,
                    }),
                })
                .collect(),
        }
    }

    /// Facts that a message brings up, within a share, without those that stand in the prompt already.
    pub(crate) fn brought_up(&self, text: &str, standing: &Standing, share: usize) -> Vec<Line> {
        self.known
            .brought_up(text, &standing.ids, share)
            .into_iter()
            .map(|fact| Line {
                text: format!(
                    "known since {}: {}",
                    memory::ago(fact.confirmed_at, self.now),
                    fact.text
                ),
                source: Some(Source::Fact {
                    id: fact.id,
                    brought_up: true,
                }),
            })
            .collect()
    }

    /// The recalled turns that fit a share, one line each, with their time and speaker.
    pub(crate) fn recalled(&self, share: usize, persona: &str) -> Vec<Line> {
        let mut left = share;
        let mut ranked: Vec<&Recalled> = self.recalled.iter().collect();
        ranked.sort_by(|a, b| b.score.total_cmp(&a.score));
        let mut kept: Vec<(i64, Line)> = vec![];
        for recalled in ranked {
            let turn = &recalled.turn;
            let by = speaker(turn).unwrap_or_else(|| persona.to_owned());
            let line = Line {
                text: format!(
                    "{}, {by}: {}",
                    memory::ago(turn.at, self.now),
                    turn.text.replace('\n', " ")
                ),
                source: Some(report::recalled(recalled)),
            };
            let Some(rest) = left.checked_sub(line.tokens()) else {
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

/// What is known and stands in the prompt whatever the message is.
#[derive(Default)]
pub(crate) struct Standing {
    pub(crate) summary: String,
    pub(crate) facts: Vec<Line>,
    ids: Vec<FactId>,
}

impl Standing {
    /// About how many tokens it takes.
    pub(crate) fn tokens(&self) -> usize {
        let facts = self.facts.iter().map(Line::tokens);
        memory::tokens(&self.summary) + facts.sum::<usize>()
    }
}

fn person(turn: &Turn) -> Option<UserId> {
    match turn.author {
        Author::Person(user) => Some(user),
        Author::Persona => None,
    }
}

fn speaker(turn: &Turn) -> Option<String> {
    match turn.author {
        Author::Person(_) => Some(turn.author_name.clone()),
        Author::Persona => None,
    }
}
