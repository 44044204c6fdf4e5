//! Halves of characters. Relays in JavaScript cut text by UTF-16 units, so that the two halves of an emoji come in two
//! events, each of which is no text.

/// Where the stand-ins begin: 2,048 characters of a plane that is for private use and that nobody uses.
const STAND_INS: u32 = 0x10_0000;
const HALVES: std::ops::Range<u32> = 0xD800..0xE000;
/// The first of the second halves.
const SECOND: u32 = 0xDC00;

/// The character that stands for a half of one; none if the unit is a character of its own.
pub(super) fn stand_in(unit: u16) -> Option<char> {
    let unit = u32::from(unit);
    HALVES
        .contains(&unit)
        .then(|| char::from_u32(STAND_INS + unit - HALVES.start))?
}

/// Whether two units together are one character.
pub(super) fn is_pair(first: u16, second: Option<u16>) -> bool {
    let second = second.map_or(0, u32::from);
    (HALVES.start..SECOND).contains(&u32::from(first)) && (SECOND..HALVES.end).contains(&second)
}

fn half(character: char) -> Option<u32> {
    let offset = u32::from(character).checked_sub(STAND_INS)?;
    (offset < HALVES.end - HALVES.start).then_some(HALVES.start + offset)
}

/// Puts the halves in a text that comes in pieces together again. A half that stays alone becomes U+FFFD.
#[derive(Debug, Default)]
pub(crate) struct Halves {
    first: Option<u32>,
}

impl Halves {
    /// The text with its characters whole; a first half at the end waits for the next piece.
    pub(crate) fn pass(&mut self, text: String) -> String {
        if text.is_empty() || (self.first.is_none() && !text.contains(|c| half(c).is_some())) {
            return text;
        }
        let mut out = String::with_capacity(text.len());
        for character in text.chars() {
            match (self.first.take(), half(character)) {
                (None, None) => out.push(character),
                (Some(_), None) => out.extend([char::REPLACEMENT_CHARACTER, character]),
                (Some(first), Some(second)) if second >= SECOND => {
                    let joined = 0x1_0000 + ((first - HALVES.start) << 10) + (second - SECOND);
                    out.push(char::from_u32(joined).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                (before, Some(half)) => {
                    out.extend(before.map(|_| char::REPLACEMENT_CHARACTER));
                    if half < SECOND {
                        self.first = Some(half);
                    } else {
                        out.push(char::REPLACEMENT_CHARACTER);
                    }
                }
            }
        }
        out
    }

    /// What is left at the end.
    pub(crate) fn rest(&mut self) -> String {
        let alone = self.first.take();
        alone.map_or_else(String::new, |_| char::REPLACEMENT_CHARACTER.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(pieces: &[&[u16]]) -> String {
        let mut halves = Halves::default();
        let mut out = String::new();
        for piece in pieces {
            let text = piece.iter().map(|&unit| {
                stand_in(unit).unwrap_or_else(|| char::from_u32(unit.into()).unwrap_or_default())
            });
            out.push_str(&halves.pass(text.collect()));
        }
        out + &halves.rest()
    }

    const A: u16 = b'a' as u16;

    #[test]
    fn two_halves_are_the_character_again_wherever_they_were_cut() {
        assert_eq!(joined(&[&[A, 0xD83E], &[0xDD8A, A]]), "a🦊a");
        assert_eq!(joined(&[&[0xD83E], &[], &[0xDD8A]]), "🦊");
        assert_eq!(joined(&[&[0xDBFF, 0xDFFF]]), "\u{10FFFF}");
    }

    #[test]
    fn a_half_that_stays_alone_is_shown_as_a_missing_character() {
        assert_eq!(joined(&[&[A, 0xD83E], &[A]]), "a\u{FFFD}a");
        assert_eq!(joined(&[&[0xDD8A, A, 0xD83E]]), "\u{FFFD}a\u{FFFD}");
        assert_eq!(joined(&[&[0xD83E, 0xD83E, 0xDD8A]]), "\u{FFFD}🦊");
    }
}
