//! What a model wrote, made fit to be shown on Discord.
//!
//! Nothing in the result pings, masks where a link goes, invites to another server, hides characters or plays a
//! terminal; a thought that only its closing tag gave away, the persona's own name in front, lines that a model writes
//! for the person and brackets around all of it are gone.
//! Mentions are also switched off and previews suppressed where messages are sent; this is the half that people read.
//!
//! [`Cleaner::partial`] is for a reply that is still streaming: it also holds back the half of a construct that
//! stands at the end. [`Cleaner::finished`] is for the whole. Cleaning what is clean changes nothing.

mod brackets;
mod code;
mod invites;
mod links;
mod mentions;
mod speakers;
mod thoughts;
mod unfinished;
mod unseen;

use speakers::Speakers;

/// How often the steps are repeated until nothing changes. A removal can join what stood around it ("<@<@1>2>"),
/// so once is not enough; text that is still changing after this many rounds was made to do so.
const ROUNDS: usize = 16;

/// The longest name that is written into a sentence of ours; Discord's limit for a webhook's name.
const LONGEST_NAME: usize = 80;

/// What people wrote, without characters that hide or mislead: the model reads what they see.
#[must_use]
pub fn visible(text: &str) -> String {
    unseen::remove(text)
}

/// Cleans what a model wrote, knowing who speaks and to whom.
#[derive(Debug, Clone, Default)]
pub struct Cleaner {
    speakers: Speakers,
}

impl Cleaner {
    /// A cleaner for a reply of `persona` in a conversation with `people` (their display names).
    pub fn new<S: AsRef<str>>(persona: &str, people: impl IntoIterator<Item = S>) -> Self {
        Self {
            speakers: Speakers::new(persona, people),
        }
    }

    /// What may be shown of a reply that is still coming. May be empty.
    pub fn partial(&self, text: &str) -> String {
        let said = unseen::remove(thoughts::remove(text));
        let shown = self.speakers.hold_back(unfinished::hold_back(&said));
        self.finished(shown)
    }

    /// The finished reply. Empty when nothing of the model's text was speech.
    pub fn finished(&self, text: &str) -> String {
        match self.settled(text.to_owned()) {
            Ok(clean) => clean,
            // Made to defeat cleaning: without these characters nothing is left to parse.
            Err(restless) => {
                let harmless =
                    restless.replace(['[', ']', '(', ')', '<', '>', '@', '`', '/', ':'], " ");
                self.settled(harmless).unwrap_or_default()
            }
        }
    }

    /// The text once the steps change it no more, or what it is after [`ROUNDS`].
    fn settled(&self, mut text: String) -> Result<String, String> {
        for _ in 0..ROUNDS {
            let next = self.round(&text);
            if next == text {
                return Ok(text);
            }
            text = next;
        }
        Err(text)
    }

    fn round(&self, text: &str) -> String {
        let text = thoughts::remove(text);
        let text = unseen::remove(text);
        let text = self.speakers.only_own_speech(&text);
        let text = links::bare(&text);
        let text = brackets::off(&text);
        let text = invites::remove(text);
        let text = mentions::quiet(&text);
        code::tidy(&text)
    }
}

/// A name, safe inside a sentence of ours: one line, no mention, no link, no formatting.
pub fn plain_name(name: &str) -> String {
    let clean = Cleaner::default().finished(name);
    let words: Vec<&str> = clean.split_whitespace().collect();
    let plain: String = words
        .join(" ")
        .chars()
        .filter(|c| !"`*|~".contains(*c))
        .take(LONGEST_NAME)
        .collect();
    let plain = plain.trim_matches(['#', '>', '-', ' ']);
    if plain.is_empty() {
        "Companion".to_owned()
    } else {
        plain.to_owned()
    }
}
