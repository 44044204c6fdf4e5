//! Cuts a frame down to its share of tokens, the least important first.

use super::{Part, Section};

/// Text without an end of sentence is cut at a blank after about this many characters.
const PIECE_CHARS: usize = 240;

/// The frame within `share` tokens as `count` counts them.
///
/// First the example dialogues go, the last one first. Then the longest of description, personality and scenario loses its last
/// sentence, again and again. Then the instruction loses its last sentences. The identity stays, whatever it takes.
#[must_use]
pub fn fit(sections: Vec<Section>, share: usize, count: &dyn Fn(&str) -> usize) -> Vec<Section> {
    let mut held: Vec<Held> = sections
        .into_iter()
        .map(|section| Held::new(section, count))
        .collect();
    let mut total: usize = held.iter().map(|held| held.tokens).sum();
    while total > share {
        let Some(at) = next_to_cut(&held) else { break };
        total -= held[at].cut();
    }
    held.into_iter()
        .filter(|held| !held.pieces.is_empty())
        .map(Held::into_section)
        .collect()
}

/// Which section gives something up next.
fn next_to_cut(held: &[Held]) -> Option<usize> {
    let of = |wanted: &'static [Part]| {
        held.iter()
            .enumerate()
            .filter(|(_, held)| !held.pieces.is_empty() && wanted.contains(&held.section.part))
    };
    let example = of(&[Part::Example]).next_back();
    let longest = || {
        of(&[Part::Description, Part::Personality, Part::Scenario])
            .max_by_key(|(_, held)| held.tokens)
    };
    let instruction = || of(&[Part::Instruction]).next_back();
    example
        .or_else(longest)
        .or_else(instruction)
        .map(|(at, _)| at)
}

/// A section in pieces that can be given up one by one from the end.
struct Held {
    section: Section,
    pieces: Vec<Piece>,
    tokens: usize,
}

/// How far into the text a piece reaches, and what it costs.
struct Piece {
    end: usize,
    tokens: usize,
}

impl Held {
    fn new(section: Section, count: &dyn Fn(&str) -> usize) -> Self {
        let ends = match section.part {
            // Half a dialogue shows nothing, and half a name names nobody.
            Part::Identity | Part::Example => vec![section.text.len()],
            _ => sentence_ends(&section.text),
        };
        let mut start = 0;
        let piece = |end| Piece {
            end,
            tokens: count(&section.text[std::mem::replace(&mut start, end)..end]),
        };
        let pieces: Vec<Piece> = ends.into_iter().map(piece).collect();
        let tokens = pieces.iter().map(|piece| piece.tokens).sum();
        Self {
            section,
            pieces,
            tokens,
        }
    }

    /// Gives up the last piece; says what it cost.
    fn cut(&mut self) -> usize {
        let tokens = self.pieces.pop().map_or(0, |piece| piece.tokens);
        self.tokens -= tokens;
        tokens
    }

    fn into_section(self) -> Section {
        let end = self.pieces.last().map_or(0, |piece| piece.end);
        let whole = end == self.section.text.len();
        let text = if whole {
            self.section.text
        } else {
            self.section.text[..end].trim_end().to_owned()
        };
        Section {
            text,
            ..self.section
        }
    }
}

/// Where the sentences of a text end.
fn sentence_ends(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut length = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        length += 1;
        let next = chars.peek().map(|(_, next)| *next);
        let stop = matches!(c, '\n' | '。' | '！' | '？' | '；')
            || matches!(c, '.' | '!' | '?') && next.is_none_or(char::is_whitespace);
        let too_long = length >= PIECE_CHARS && c.is_whitespace() || length >= 2 * PIECE_CHARS;
        if stop || too_long {
            ends.push(at + c.len_utf8());
            length = 0;
        }
    }
    if ends.last() != Some(&text.len()) {
        ends.push(text.len());
    }
    ends
}
