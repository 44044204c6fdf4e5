//! Lorebooks: what a persona knows about its world, told to the model only when the conversation comes to it.
//!
//! Matching follows the V2 specification and the V3 additions. Where they leave it to the program, this one does so:
//! - Keys match without regard to case unless `case_sensitive` says otherwise.
//! - A key stands as a whole word: `art` is not found in `start`. Where the key begins or ends with a character of a script
//!   without spaces between words (Chinese, Japanese, Korean, Thai …), that side needs no end of word.
//!   `extensions.match_whole_words: false` switches to plain substrings for an entry.
//! - Without `scan_depth`, the last [`DEFAULT_SCAN_DEPTH`] messages are searched; without `recursive_scanning`, lore does not trigger lore.
//! - `selective` with no secondary keys at all asks for nothing more.
//! - Without `priority`, `insertion_order` counts as priority.
//!
//! Decorators are read by [`decorator`] and never reach a model.

mod budget;
pub mod decorator;
mod entry;
mod key;
mod scan;

use std::fmt;

use serde_json::Value;

use crate::card::field::{self, Object};

pub use decorator::without_decorators;
pub use entry::{Entry, Position};

/// How many of the last messages are searched where a book does not say.
pub const DEFAULT_SCAN_DEPTH: usize = 4;

/// The most entries of a book that are used. All are kept for export.
pub const MAX_ENTRIES: usize = 2_000;

/// The most regular expressions of a book that are used; entries whose expressions come later never match.
pub const MAX_PATTERNS: usize = 256;

/// How often found lore is searched for the keys of more lore.
pub const MAX_RECURSION: usize = 5;

/// How many bytes of found lore are searched for more in all.
pub const MAX_RECURSION_BYTES: usize = 32 * 1024;

/// How many bytes at the end of one message are searched.
pub const MAX_SCANNED_BYTES: usize = 16 * 1024;

/// A lorebook.
#[derive(Debug, Clone)]
pub struct Lorebook {
    name: String,
    description: String,
    scan_depth: usize,
    token_budget: Option<usize>,
    recursive: bool,
    entries: Vec<Entry>,
}

/// An entry that belongs into the prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct Fired<'a> {
    /// The entry; its content has no decorators, its macros are not expanded.
    pub entry: &'a Entry,
    /// Why it is here.
    pub why: Why,
    /// What it costs.
    pub tokens: usize,
}

/// Why an entry fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It is constant.
    Constant,
    /// A decorator activates it always.
    Activated,
    /// A key was found in a message.
    Key {
        /// The key as the entry has it.
        key: String,
        /// In which message, 0 for the newest.
        back: usize,
    },
    /// A key was found in another entry that fired.
    Lore {
        /// The key as the entry has it.
        key: String,
        /// What the other entry is called.
        from: String,
    },
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant => f.write_str("always there"),
            Self::Activated => f.write_str("always activated"),
            Self::Key { key, back: 0 } => write!(f, "“{key}” in the newest message"),
            Self::Key { key, back: 1 } => write!(f, "“{key}” one message back"),
            Self::Key { key, back } => write!(f, "“{key}” {back} messages back"),
            Self::Lore { key, from } => write!(f, "“{key}” in the lore “{from}”"),
        }
    }
}

impl Lorebook {
    /// Reads a lorebook: the one inside a card, a standalone V3 book, or a world file whose entries stand under their numbers.
    /// Nothing if there are no entries at all.
    #[must_use]
    pub fn from_json(value: &Value) -> Option<Self> {
        let book = value.as_object()?;
        let book = match field::text(book, &["spec"]).as_str() {
            "lorebook_v3" => field::object(book, "data")?,
            _ => book,
        };
        let listed: Vec<&Object> = match book.get("entries")? {
            Value::Array(entries) => entries
                .iter()
                .filter_map(Value::as_object)
                .take(MAX_ENTRIES)
                .collect(),
            Value::Object(numbered) => numbered
                .values()
                .filter_map(Value::as_object)
                .take(MAX_ENTRIES)
                .collect(),
            _ => return None,
        };
        let mut patterns = MAX_PATTERNS;
        let entries = listed
            .into_iter()
            .enumerate()
            .map(|(at, entry)| Entry::read(entry, at, &mut patterns))
            .collect();
        Some(Self {
            name: field::text(book, &["name"]),
            description: field::text(book, &["description"]),
            scan_depth: natural(book, &["scan_depth", "scanDepth"]).unwrap_or(DEFAULT_SCAN_DEPTH),
            token_budget: natural(book, &["token_budget", "tokenBudget"]),
            recursive: field::flag(book, &["recursive_scanning", "recursiveScanning"])
                .unwrap_or(false),
            entries,
        })
    }

    /// What the book is called. Never part of a prompt.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the book is about, for people. Never part of a prompt.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The entries in the order of the book.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries that belong into the prompt, in the order in which they stand there: by position, then `insertion_order`.
    ///
    /// `recent` are the last messages, the newest one last. `count` counts tokens. Both the book's own `token_budget` and
    /// `budget` hold: while there is too much, the entry of the lowest priority is left out, constant ones last.
    #[must_use]
    pub fn triggered(
        &self,
        recent: &[&str],
        count: &dyn Fn(&str) -> usize,
        budget: usize,
    ) -> Vec<Fired<'_>> {
        let mut fired: Vec<Fired<'_>> = scan::matches(self, recent)
            .into_iter()
            .map(|(entry, why)| Fired {
                entry,
                why,
                tokens: count(entry.content()),
            })
            .collect();
        budget::trim(
            &mut fired,
            self.token_budget.map_or(budget, |own| own.min(budget)),
        );
        fired.sort_by_key(|fired| {
            (
                fired.entry.position(),
                fired.entry.insertion_order(),
                fired.entry.index(),
            )
        });
        fired
    }
}

/// A number that cannot be below zero.
fn natural(book: &Object, names: &[&str]) -> Option<usize> {
    field::number(book, names).map(|number| usize::try_from(number).unwrap_or(0))
}
