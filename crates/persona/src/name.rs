//! Names that Discord accepts for the webhook message of a persona.

/// The most characters of a webhook's name.
/// <https://docs.discord.com/developers/resources/webhook#create-webhook>
pub const MAX_NAME_CHARS: usize = 80;

/// Words that may not stand inside the name of a webhook or user, in any case.
/// <https://docs.discord.com/developers/resources/user#usernames-and-nicknames>
pub const FORBIDDEN_WORDS: [&str; 2] = ["clyde", "discord"];

/// What replaces a name of which nothing is left.
const FALLBACK: &str = "Persona";

/// A space that is almost invisible; inside a forbidden word it lets the name pass.
const HAIR_SPACE: char = '\u{200A}';

/// Why Discord would refuse a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameProblem {
    /// Nothing that can be seen.
    #[error("The name is empty. Give the character a name of 1 to {MAX_NAME_CHARS} characters.")]
    Empty,
    /// Too long.
    #[error("The name has {chars} characters, Discord shows at most {MAX_NAME_CHARS}. Shorten it.")]
    TooLong {
        /// How long it is.
        chars: usize,
    },
    /// Has a word that Discord keeps for itself.
    #[error("Discord does not allow “{word}” inside a name. Choose another spelling.")]
    Forbidden {
        /// The word.
        word: &'static str,
    },
    /// Has line breaks or other characters that cannot be shown.
    #[error(
        "The name has line breaks or characters that cannot be seen. Write it in one line of plain letters."
    )]
    Unprintable,
}

/// Whether Discord accepts the name as it is.
///
/// # Errors
/// Says what is wrong with the name.
pub fn check(name: &str) -> Result<(), NameProblem> {
    let chars = name.chars().count();
    if visible(name).is_empty() {
        return Err(NameProblem::Empty);
    }
    if chars > MAX_NAME_CHARS {
        return Err(NameProblem::TooLong { chars });
    }
    if let Some(word) = FORBIDDEN_WORDS
        .into_iter()
        .find(|word| name.to_lowercase().contains(word))
    {
        return Err(NameProblem::Forbidden { word });
    }
    if visible(name) != name {
        return Err(NameProblem::Unprintable);
    }
    Ok(())
}

/// The nearest name that Discord accepts: in one line, without invisible characters, at most [`MAX_NAME_CHARS`] long, and with
/// a hair space inside a forbidden word.
#[must_use]
pub fn usable(name: &str) -> String {
    let allowed = apart(&visible(name));
    let joiner = |c: char| c.is_whitespace() || matches!(c, '\u{200D}' | '\u{FE0F}');
    let mut short: String = allowed.chars().take(MAX_NAME_CHARS).collect();
    if allowed.chars().count() > MAX_NAME_CHARS {
        // Not between the two halves of an emoji, and with a sign that something is missing.
        short = short
            .chars()
            .take(MAX_NAME_CHARS - 1)
            .collect::<String>()
            .trim_end_matches(joiner)
            .to_owned()
            + "…";
    }
    if short.is_empty() {
        FALLBACK.to_owned()
    } else {
        short
    }
}

/// The name in one line without characters that cannot be seen. Joiners inside emoji stay.
fn visible(name: &str) -> String {
    let hidden = |c: &char| {
        c.is_control() && !c.is_whitespace()
            || matches!(u32::from(*c), 0x00AD | 0x061C | 0x180E | 0x200B | 0x200C | 0x200E | 0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xFEFF | 0xFFF9..=0xFFFB | 0xE0000..=0xE007F)
    };
    let shown: String = name.chars().filter(|c| !hidden(c)).collect();
    let blank = |c: char| c.is_whitespace() && c != HAIR_SPACE;
    let line = shown
        .split(blank)
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    if line
        .chars()
        .all(|c| matches!(c, '\u{200D}' | '\u{FE0F}' | ' ' | HAIR_SPACE))
    {
        String::new()
    } else {
        line
    }
}

/// Puts a hair space after the first letter of every forbidden word.
fn apart(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let forbidden = |at: usize| {
        FORBIDDEN_WORDS.iter().any(|word| {
            let length = word.chars().count();
            letters
                .get(at..at + length)
                .is_some_and(|part| part.iter().collect::<String>().to_lowercase() == *word)
        })
    };
    let mut out = String::with_capacity(name.len());
    for (at, letter) in letters.iter().enumerate() {
        out.push(*letter);
        if forbidden(at) {
            out.push(HAIR_SPACE);
        }
    }
    out
}
