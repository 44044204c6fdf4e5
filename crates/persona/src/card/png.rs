//! A PNG as a list of chunks: finds the texts of a card in it and writes them, and leaves every other chunk as it is.

use std::io::Read as _;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flate2::read::ZlibDecoder;

use super::{CardError, MAX_CARD_BYTES};

/// The eight bytes at the start of every PNG.
pub(super) const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

/// The largest text chunk that is read: a card of [`MAX_CARD_BYTES`] as base64, with room for line breaks.
const MAX_TEXT_BYTES: usize = MAX_CARD_BYTES / 2 * 3;

/// The largest length that the PNG format allows for a chunk.
const MAX_CHUNK_BYTES: usize = 0x7FFF_FFFF;

/// Cards are written by many hands: padding may be missing and the last bits may be anything.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The two keywords under which a card is embedded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyword {
    /// `chara`: V1 or V2.
    Chara,
    /// `ccv3`: V3.
    Ccv3,
}

impl Keyword {
    const fn text(self) -> &'static str {
        match self {
            Self::Chara => "chara",
            Self::Ccv3 => "ccv3",
        }
    }

    fn of(keyword: &[u8]) -> Option<Self> {
        [Self::Chara, Self::Ccv3]
            .into_iter()
            .find(|known| keyword.eq_ignore_ascii_case(known.text().as_bytes()))
    }
}

/// One chunk, with all of its bytes.
struct Chunk<'a> {
    kind: [u8; 4],
    data: &'a [u8],
    whole: &'a [u8],
}

/// A PNG that was walked from its signature to IEND with all checksums right.
pub(super) struct Png<'a> {
    chunks: Vec<Chunk<'a>>,
    /// What some programs append after IEND.
    tail: &'a [u8],
}

impl<'a> Png<'a> {
    /// Walks the file. Pixels are not decoded, so a small file cannot unfold into a large one here.
    pub(super) fn parse(file: &'a [u8]) -> Result<Self, CardError> {
        let mut rest = file.strip_prefix(&SIGNATURE).ok_or(CardError::NotPng)?;
        let mut chunks: Vec<Chunk<'a>> = Vec::new();
        while chunks.last().is_none_or(|chunk| chunk.kind != *b"IEND") {
            let (chunk, after) = next_chunk(rest)?;
            if chunks.is_empty() && chunk.kind != *b"IHDR" {
                return Err(CardError::PngDamaged {
                    what: "it does not begin with its header",
                });
            }
            chunks.push(chunk);
            rest = after;
        }
        Ok(Self { chunks, tail: rest })
    }

    /// The card text under `keyword`, decoded from base64: the first chunk of that keyword.
    pub(super) fn card(&self, keyword: Keyword) -> Option<Result<Vec<u8>, CardError>> {
        let text = self
            .chunks
            .iter()
            .find_map(|chunk| card_text(chunk).filter(|(found, _)| *found == keyword))?
            .1;
        Some(text.and_then(|text| decoded(&text)))
    }

    /// The file again with these cards in it and no other. A chunk that already holds the card stays where and as it is;
    /// new ones go before IEND.
    pub(super) fn with_cards(&self, cards: &[(Keyword, &[u8])]) -> Vec<u8> {
        let mut kept = Vec::new();
        let mut out = SIGNATURE.to_vec();
        for chunk in &self.chunks {
            if chunk.kind == *b"IEND" {
                for (keyword, json) in cards.iter().filter(|(keyword, _)| !kept.contains(keyword)) {
                    write_text(&mut out, *keyword, json);
                }
            }
            if let Some((keyword, text)) = card_text(chunk) {
                let wanted = cards
                    .iter()
                    .find(|(wanted, _)| *wanted == keyword)
                    .map(|(_, json)| *json);
                let holds = wanted.is_some_and(|json| {
                    text.and_then(|text| decoded(&text))
                        .is_ok_and(|held| held == json)
                });
                if !holds || kept.contains(&keyword) {
                    continue;
                }
                kept.push(keyword);
            }
            out.extend_from_slice(chunk.whole);
        }
        out.extend_from_slice(self.tail);
        out
    }
}

/// Takes one chunk off the front and checks its checksum.
fn next_chunk(rest: &[u8]) -> Result<(Chunk<'_>, &[u8]), CardError> {
    let (length, after_length) = rest.split_first_chunk::<4>().ok_or(CardError::PngCut)?;
    let length = u32::from_be_bytes(*length) as usize;
    if length > MAX_CHUNK_BYTES {
        return Err(CardError::PngDamaged {
            what: "one of its parts has an impossible length",
        });
    }
    let (kind, after_kind) = after_length
        .split_first_chunk::<4>()
        .ok_or(CardError::PngCut)?;
    let (data, after_data) = after_kind
        .split_at_checked(length)
        .ok_or(CardError::PngCut)?;
    let (sum, after) = after_data
        .split_first_chunk::<4>()
        .ok_or(CardError::PngCut)?;
    if checksum(*kind, data) != u32::from_be_bytes(*sum) {
        return Err(CardError::PngDamaged {
            what: "a checksum does not fit",
        });
    }
    let whole = &rest[..rest.len() - after.len()];
    Ok((
        Chunk {
            kind: *kind,
            data,
            whole,
        },
        after,
    ))
}

fn checksum(kind: [u8; 4], data: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&kind);
    sum.update(data);
    sum.finalize()
}

/// The keyword and text of a chunk that holds a card, whichever of the three kinds of text chunk it is.
fn card_text(chunk: &Chunk<'_>) -> Option<(Keyword, Result<Vec<u8>, CardError>)> {
    if !matches!(&chunk.kind, b"tEXt" | b"zTXt" | b"iTXt") {
        return None;
    }
    let (keyword, rest) = split_at_nul(chunk.data)?;
    let keyword = Keyword::of(keyword)?;
    let text = match &chunk.kind {
        b"tEXt" => bounded(rest),
        b"zTXt" => match rest.split_first() {
            Some((0, packed)) => inflated(packed),
            _ => Err(CardError::PngDamaged {
                what: "its card is packed in an unknown way",
            }),
        },
        _ => international(rest),
    };
    Some((keyword, text))
}

/// The text of an iTXt chunk after its keyword: two flags, a language, a translated keyword, the text.
fn international(rest: &[u8]) -> Result<Vec<u8>, CardError> {
    const DAMAGED: CardError = CardError::PngDamaged {
        what: "the part with its card makes no sense",
    };
    let ([packed, method], rest) = rest.split_first_chunk::<2>().ok_or(DAMAGED)?;
    let (_language, rest) = split_at_nul(rest).ok_or(DAMAGED)?;
    let (_translated, text) = split_at_nul(rest).ok_or(DAMAGED)?;
    match (packed, method) {
        (0, _) => bounded(text),
        (1, 0) => inflated(text),
        _ => Err(CardError::PngDamaged {
            what: "its card is packed in an unknown way",
        }),
    }
}

fn split_at_nul(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = bytes.iter().position(|byte| *byte == 0)?;
    Some((&bytes[..at], &bytes[at + 1..]))
}

fn bounded(text: &[u8]) -> Result<Vec<u8>, CardError> {
    if text.len() > MAX_TEXT_BYTES {
        Err(CardError::CardTooLarge)
    } else {
        Ok(text.to_vec())
    }
}

/// Decompresses with a limit, since a few kilobytes of zlib can unfold into gigabytes.
fn inflated(packed: &[u8]) -> Result<Vec<u8>, CardError> {
    let mut text = Vec::new();
    let mut reader = ZlibDecoder::new(packed).take(MAX_TEXT_BYTES as u64 + 1);
    reader
        .read_to_end(&mut text)
        .map_err(|_| CardError::PngDamaged {
            what: "the compressed part with its card cannot be unpacked",
        })?;
    if text.len() > MAX_TEXT_BYTES {
        Err(CardError::CardTooLarge)
    } else {
        Ok(text)
    }
}

/// The card behind base64. A few programs write the JSON as it is; that is taken as well.
fn decoded(text: &[u8]) -> Result<Vec<u8>, CardError> {
    if text.trim_ascii_start().starts_with(b"{") {
        return Ok(text.to_vec());
    }
    let dense: Vec<u8> = text
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace() && *byte != 0)
        .collect();
    BASE64.decode(dense).map_err(|_| CardError::NotBase64)
}

/// Appends a tEXt chunk, as both specifications ask for.
fn write_text(out: &mut Vec<u8>, keyword: Keyword, json: &[u8]) {
    let data = [
        keyword.text().as_bytes(),
        b"\0",
        BASE64.encode(json).as_bytes(),
    ]
    .concat();
    // A card is at most MAX_CARD_BYTES, far below what the length field can say.
    out.extend_from_slice(&u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(b"tEXt");
    out.extend_from_slice(&data);
    out.extend_from_slice(&checksum(*b"tEXt", &data).to_be_bytes());
}
