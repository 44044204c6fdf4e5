//! The personas that ship inside the program, from `personas/` at the top of the repository: a folder for each, named by its
//! slug, with `card.json` and `avatar.png`.

use crate::card::{Card, CardError};

/// A persona that ships inside the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bundled {
    /// Its short name in lower case; the name of its folder.
    pub slug: &'static str,
    /// Its card.
    pub json: &'static [u8],
    /// Its face, a square PNG that Discord takes as an emoji.
    pub avatar: Option<&'static [u8]>,
}

static ALL: &[Bundled] = include!(concat!(env!("OUT_DIR"), "/bundled.rs"));

impl Bundled {
    /// Reads the card.
    ///
    /// # Errors
    /// If the file in the repository is no card; a test sees to it that all of them are.
    pub fn card(&self) -> Result<Card, CardError> {
        Card::from_json(self.json)
    }
}

/// All bundled personas, by slug.
#[must_use]
pub fn all() -> &'static [Bundled] {
    ALL
}

/// The bundled persona of this slug.
#[must_use]
pub fn by_slug(slug: &str) -> Option<&'static Bundled> {
    ALL.iter().find(|bundled| bundled.slug == slug)
}
