//! Reports: why a reply is as it is. Each is written with the reply's turn, in the same transaction, and goes with it.
//!
//! A report names turns, facts and lore by their ids and repeats no word of theirs: who reads it sees them as they are
//! now, or that they are gone.

mod reading;

use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;
use sqlx::types::Json;

use crate::echoes::Echoes;
use crate::id::{FactId, HoldId, TurnId};
use crate::turns::{NewTurn, keep};
use crate::versions::{self, Kept};
use crate::{Store, StoreError, echoes};

pub use reading::{Call, Report, Unreported};

/// How a request came to be smaller than usual, if it did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shrunk {
    /// How often it was made smaller before it fitted the budget.
    pub step: u32,
    /// Whether the cheaper model was asked.
    pub cheaper: bool,
    /// Whether only the persona, a few recent turns and the message went along.
    pub lean: bool,
    /// Whether the model was asked for a sentence or two.
    pub brief: bool,
}

/// A report to be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct NewReport {
    /// The call that made the reply.
    pub hold: HoldId,
    /// The persona's version, whose lorebook it was.
    pub persona_version: u32,
    /// The cap that the model has where nothing is short.
    pub usual_cap: u32,
    /// How the request came to be smaller than usual.
    pub shrunk: Shrunk,
    /// Numbers of the first and last turn that went along.
    pub window: Option<(i64, i64)>,
    /// The prompt's sections, in its order.
    pub sections: Vec<Section>,
}

/// One section of a prompt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// What it is, in a few English words.
    pub name: String,
    /// Which share of the prompt it took from; `None` where it has none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub share: Option<Share>,
    /// About how many tokens it took.
    pub tokens: u32,
    /// What stands in it, as far as it is remembered or comes from a card.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub items: Vec<Item>,
}

/// A part of the prompt that has a limit, which one or more sections share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Its short name.
    pub name: String,
    /// The most tokens of it.
    pub limit: u32,
}

/// One thing in a section.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// What it is, and why it is there.
    pub source: Source,
    /// About how many tokens it took.
    pub tokens: u32,
}

/// Where a line of a prompt comes from, and why it is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A remembered turn that the message brought back.
    Turn {
        /// Which.
        id: TurnId,
        /// How likely it is what was asked for, from 0 to 1.
        score: f32,
        /// The words that it shares with the question, as a part of the best match.
        words: f32,
        /// The same of the turns before and after it.
        neighbours: f32,
        /// How near its meaning is to the question's; 0 without vectors.
        meaning: f32,
        /// Whether the question names who said it.
        speaker: bool,
    },
    /// A fact.
    Fact {
        /// Which.
        id: FactId,
        /// Whether the message brought it up; else it is always in mind here.
        brought_up: bool,
    },
    /// An entry of the persona's lorebook.
    Lore {
        /// Its place in the book.
        entry: u32,
        /// Why it fired.
        because: Fired,
    },
}

/// Why an entry of a lorebook fired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fired {
    /// It is always there.
    Always,
    /// One of its keys stood in a message, so many messages before the newest.
    Key(u32),
    /// One of its keys stood in other lore.
    Lore,
}

impl Store {
    /// Remembers a reply together with what it repeats and its report, unless what it answers, or a part of itself, was
    /// deleted meanwhile, or it repeats what was `asked` in words that an edit took out, or anything else that was taken back.
    pub async fn add_reply(
        &self,
        new: NewTurn,
        asked: String,
        echoes: Echoes,
        report: NewReport,
    ) -> Result<Kept, StoreError> {
        self.write(move |conn| {
            Box::pin(async move {
                if versions::is_gone(conn, &new).await?
                    || versions::is_outdated(conn, &new, &asked).await?
                    || echoes::are_taken_back(conn, &new, &echoes).await?
                {
                    return Ok(Kept::Gone);
                }
                let turn = match keep(conn, &new, None).await {
                    Err(StoreError::Forgotten) => return Ok(Kept::Gone),
                    kept => kept?,
                };
                echoes::keep(conn, turn, &echoes).await?;
                add(conn, turn, &report).await?;
                Ok(Kept::As(turn))
            })
        })
        .await
    }
}

async fn add(
    conn: &mut SqliteConnection,
    turn: TurnId,
    report: &NewReport,
) -> Result<(), StoreError> {
    let (first, last) = report.window.unzip();
    // A reply that is remembered already has its report.
    sqlx::query(
        "insert or ignore into reports (turn, hold, persona_version, usual_cap, step, cheaper, lean, brief, window_first,
                                        window_last, sections)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(turn)
    .bind(report.hold)
    .bind(report.persona_version)
    .bind(report.usual_cap)
    .bind(report.shrunk.step)
    .bind(report.shrunk.cheaper)
    .bind(report.shrunk.lean)
    .bind(report.shrunk.brief)
    .bind(first)
    .bind(last)
    .bind(Json(&report.sections))
    .execute(conn)
    .await?;
    Ok(())
}
