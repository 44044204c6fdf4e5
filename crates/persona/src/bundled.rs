//! The personas that ship inside the program, from `personas/` at the top of the repository: a folder for each, named by its
//! slug, with `card.json` and `avatar.png`.

use std::sync::LazyLock;

use crate::card::Card;

/// A persona that ships inside the program.
#[derive(Debug, Clone)]
pub struct Bundled {
    /// Its short name in lower case; the name of its folder.
    pub slug: &'static str,
    /// Its card as it stands in the repository.
    pub json: &'static [u8],
    /// Its face, a square PNG that Discord takes as an emoji.
    pub avatar: &'static [u8],
    /// Its card, read.
    pub card: Card,
}

/// Slug, card and avatar of every folder.
static FILES: &[(&str, &[u8], &[u8])] = include!(concat!(env!("OUT_DIR"), "/bundled.rs"));

/// All bundled personas, by slug.
#[must_use]
pub fn all() -> &'static [Bundled] {
    static ALL: LazyLock<Vec<Bundled>> = LazyLock::new(|| {
        let read = |(slug, json, avatar): &(&'static str, &'static [u8], &'static [u8])| {
            // A test sees to it that all of them are cards.
            let card = Card::from_json(json).ok()?;
            Some(Bundled {
                slug,
                json,
                avatar,
                card,
            })
        };
        FILES.iter().filter_map(read).collect()
    });
    &ALL
}

/// The bundled persona of this slug.
#[must_use]
pub fn by_slug(slug: &str) -> Option<&'static Bundled> {
    all().iter().find(|bundled| bundled.slug == slug)
}
