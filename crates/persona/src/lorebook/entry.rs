//! One entry of a lorebook.

use super::decorator::{self, Decorators};
use super::key::{Matching, Needle};
use crate::card::field::{self, Object};

/// The most keys of an entry that are used.
const MAX_KEYS: usize = 64;

/// Where an entry goes in the prompt. In the order of the prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Position {
    /// Before what is told about the character.
    BeforeChar,
    /// After it.
    AfterChar,
}

/// One entry of a lorebook.
#[derive(Debug, Clone)]
pub struct Entry {
    index: usize,
    name: String,
    content: String,
    enabled: bool,
    constant: bool,
    insertion_order: i64,
    priority: Option<i64>,
    position: Position,
    needles: Needles,
    decorators: Decorators,
}

/// What is searched for.
#[derive(Debug, Clone, Default)]
pub(super) struct Needles {
    /// One of these has to be there.
    pub(super) keys: Vec<Needle>,
    /// If there are any, one of these as well.
    pub(super) secondary: Vec<Needle>,
    /// If there are any, one of these as well, also for a constant entry (`@@additional_keys`).
    pub(super) additional: Vec<Needle>,
    /// None of these may be there (`@@exclude_keys`).
    pub(super) excluded: Vec<Needle>,
}

impl Entry {
    /// Reads an entry. `patterns` is how many regular expressions may still be compiled.
    pub(super) fn read(entry: &Object, index: usize, patterns: &mut usize) -> Self {
        let (content, decorators) = decorator::read(&field::text(entry, &["content"]));
        let name = [&["name"][..], &["comment"][..]]
            .iter()
            .map(|names| field::text(entry, names))
            .find(|name| !name.trim().is_empty());
        let use_regex = field::flag(entry, &["use_regex", "useRegex"]).unwrap_or(false);
        // Version 3: with regular expressions, `constant` is ignored. But SillyTavern writes `use_regex: true` on every entry,
        // where its own rule is that a key is an expression only between slashes; its entries are known by their extensions.
        let slashes_only = use_regex && is_sillytavern(entry);
        let regex_alone = use_regex && !slashes_only;
        let constant = decorators.constant
            || field::flag(entry, &["constant"]).unwrap_or(false) && !regex_alone;
        Self {
            index,
            name: name.unwrap_or_default().trim().to_owned(),
            content,
            enabled: field::flag(entry, &["enabled"])
                .or_else(|| field::flag(entry, &["disable"]).map(|off| !off))
                .unwrap_or(true),
            constant,
            insertion_order: field::number(entry, &["insertion_order", "insertionOrder", "order"])
                .unwrap_or(0),
            priority: field::number(entry, &["priority"]),
            position: decorators.position.unwrap_or_else(|| position(entry)),
            needles: needles(
                entry,
                &decorators,
                matching(entry, use_regex, slashes_only),
                patterns,
            ),
            decorators,
        }
    }

    /// Its place in the book.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// What it is called, for people: its name, its comment, its first key, or its number.
    #[must_use]
    pub fn label(&self) -> String {
        let key = || self.needles.keys.first().map(|key| key.text().to_owned());
        Some(self.name.clone())
            .filter(|name| !name.is_empty())
            .or_else(key)
            .unwrap_or_else(|| format!("entry {}", self.index + 1))
    }

    /// What it tells the model, without decorators. Macros are not expanded.
    #[must_use]
    pub fn content(&self) -> &str {
        &self.content
    }

    /// Whether it can fire at all.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// Whether it fires without a key. Such lore is the same in every prompt and belongs to its stable part.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        self.constant || self.decorators.activate
    }

    /// The lower, the higher in the prompt.
    #[must_use]
    pub fn insertion_order(&self) -> i64 {
        self.insertion_order
    }

    /// The lower, the sooner left out for want of tokens. `insertion_order` where the entry does not say.
    #[must_use]
    pub fn priority(&self) -> i64 {
        self.priority.unwrap_or(self.insertion_order)
    }

    /// Where it goes in the prompt.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position
    }

    /// How many messages before the end of the chat it asks to stand (`@@depth`), for those who can put it there.
    #[must_use]
    pub fn depth(&self) -> Option<usize> {
        self.decorators.depth
    }

    /// The keys that trigger it.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.needles.keys.iter().map(Needle::text)
    }

    pub(super) fn needles(&self) -> &Needles {
        &self.needles
    }

    pub(super) fn decorators(&self) -> &Decorators {
        &self.decorators
    }
}

impl PartialEq for Entry {
    /// Entries of one book are the same entry if they have the same place in it.
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && self.content == other.content
    }
}

fn is_sillytavern(entry: &Object) -> bool {
    let extensions = field::object(entry, "extensions");
    extensions.is_some_and(|extensions| {
        ["selectiveLogic", "useProbability", "exclude_recursion"]
            .iter()
            .any(|key| extensions.contains_key(*key))
    })
}

fn matching(entry: &Object, use_regex: bool, slashes_only: bool) -> Matching {
    let extensions = field::object(entry, "extensions");
    let whole = extensions.and_then(|extensions| field::flag(extensions, &["match_whole_words"]));
    Matching {
        case_sensitive: field::flag(entry, &["case_sensitive", "caseSensitive"]).unwrap_or(false),
        whole_words: whole
            .or_else(|| field::flag(entry, &["matchWholeWords"]))
            .unwrap_or(true),
        regex: use_regex && !slashes_only,
        regex_in_slashes: use_regex,
    }
}

fn position(entry: &Object) -> Position {
    let said = field::text(entry, &["position"]);
    if said.starts_with("before") || said == "0" {
        Position::BeforeChar
    } else {
        Position::AfterChar
    }
}

fn needles(
    entry: &Object,
    decorators: &Decorators,
    matching: Matching,
    patterns: &mut usize,
) -> Needles {
    let mut compiled = |keys: &[String]| -> Vec<Needle> {
        keys.iter()
            .take(MAX_KEYS)
            .map(|key| Needle::new(key, matching, patterns))
            .collect()
    };
    let keys = compiled(&field::comma_list(entry, &["keys", "key"]));
    let additional = compiled(&decorators.additional_keys);
    // Version 3: with regular expressions, secondary and excluded keys are ignored.
    if matching.regex {
        return Needles {
            keys,
            additional,
            ..Needles::default()
        };
    }
    let selective = field::flag(entry, &["selective"]).unwrap_or(false);
    let secondary = if selective {
        field::comma_list(entry, &["secondary_keys", "keysecondary", "secondaryKeys"])
    } else {
        Vec::new()
    };
    Needles {
        keys,
        secondary: compiled(&secondary),
        additional,
        excluded: compiled(&decorators.exclude_keys),
    }
}
