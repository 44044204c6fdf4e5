//! The tokenizer of a GGUF file: byte-level BPE by the merges that the file lists.
//!
//! Only what such a file says before its tensors is read. The splitting before the merges is that of llama.cpp's
//! `smollm`: every digit alone, then GPT-2's pattern.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use regex::Regex;

/// A string in such a file is no longer than this; a larger one means that it is misread.
const LONGEST: u64 = 1 << 20;
/// GPT-2's pattern without its digits. A look-ahead, which this library has not, becomes a group: of a run of white
/// space, the last character belongs to what follows.
const PATTERN: &str = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?[^\s\p{L}\p{N}]+|\s+$|(\s+)\s|\s+";

/// Stands for a byte that has no token; it is merged with nothing, and counts as one token.
const UNKNOWN: u32 = u32::MAX;

/// A tokenizer.
pub struct Merges {
    /// The number of each byte's token.
    bytes: [u32; 256],
    /// What two tokens become, and how early.
    ranks: HashMap<(u32, u32), (usize, u32)>,
    pattern: Regex,
}

impl Merges {
    /// Reads a file's tokenizer.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let file =
            File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let mut file = BufReader::new(file);
        ensure!(
            &take::<4>(&mut file)? == b"GGUF",
            "{} is no GGUF file",
            path.display()
        );
        let _version = u32::from_le_bytes(take(&mut file)?);
        let _tensors = number(&mut file)?;
        let mut lists: HashMap<String, Vec<String>> = HashMap::new();
        let mut splitting = String::new();
        for _ in 0..number(&mut file)? {
            let key = string(&mut file)?;
            match value(&mut file)? {
                Value::Strings(list) => drop(lists.insert(key, list)),
                Value::String(text) if key == "tokenizer.ggml.pre" => splitting = text,
                Value::String(_) | Value::Other => {}
            }
        }
        ensure!(
            splitting == "smollm",
            "the file's tokenizer splits as {splitting:?}; this measurement knows smollm only"
        );
        let mut list = |name: &str| lists.remove(name).with_context(|| format!("no {name}"));
        Self::new(
            &list("tokenizer.ggml.tokens")?,
            &list("tokenizer.ggml.merges")?,
        )
    }

    fn new(tokens: &[String], merges: &[String]) -> anyhow::Result<Self> {
        let numbers: HashMap<&str, u32> = (0..).zip(tokens).map(|(n, t)| (t.as_str(), n)).collect();
        let number = |token: &str| {
            let found = numbers.get(token).copied();
            found.with_context(|| format!("no token {token:?}"))
        };
        let mut bytes = [0; 256];
        for (byte, shown) in (0..).zip(shown_bytes()) {
            let token = numbers.get(shown.encode_utf8(&mut [0; 4]) as &str);
            bytes[byte] = token.copied().unwrap_or(UNKNOWN);
        }
        let mut ranks = HashMap::new();
        for (rank, merge) in merges.iter().enumerate() {
            let (left, right) = merge.split_once(' ').context("a merge is no pair")?;
            let pair = (number(left)?, number(right)?);
            ranks
                .entry(pair)
                .or_insert((rank, number(&format!("{left}{right}"))?));
        }
        Ok(Self {
            bytes,
            ranks,
            pattern: Regex::new(PATTERN)?,
        })
    }

    /// How many tokens a text is.
    pub fn count(&self, text: &str) -> usize {
        let mut count = 0;
        let mut start = 0;
        for (at, digit) in text.char_indices().filter(|(_, c)| c.is_numeric()) {
            count += self.count_between_digits(&text[start..at]);
            start = at + digit.len_utf8();
            count += self.count_piece(&text[at..start]);
        }
        count + self.count_between_digits(&text[start..])
    }

    fn count_between_digits(&self, text: &str) -> usize {
        let (mut count, mut at) = (0, 0);
        while let Some(found) = self.pattern.captures_at(text, at) {
            let Some(piece) = found.get(1).or_else(|| found.get(0)) else {
                break;
            };
            count += self.count_piece(piece.as_str());
            at = piece.end();
        }
        count
    }

    /// Merges what the file lists first, for as long as there is something.
    fn count_piece(&self, piece: &str) -> usize {
        let mut tokens: Vec<u32> = piece
            .bytes()
            .map(|byte| self.bytes[usize::from(byte)])
            .collect();
        loop {
            let first = tokens
                .windows(2)
                .enumerate()
                .filter_map(|(at, pair)| {
                    let (rank, merged) = self.ranks.get(&(pair[0], pair[1]))?;
                    Some((*rank, at, *merged))
                })
                .min();
            let Some((_, at, merged)) = first else {
                return tokens.len();
            };
            tokens[at] = merged;
            tokens.remove(at + 1);
        }
    }
}

/// GPT-2's way to write bytes as visible characters.
fn shown_bytes() -> impl Iterator<Item = char> {
    let mut unseen = 256..;
    (0..=255_u32).filter_map(move |byte| {
        let seen = matches!(byte, 0x21..=0x7E | 0xA1..=0xAC | 0xAE..=0xFF);
        char::from_u32(if seen { byte } else { unseen.next()? })
    })
}

enum Value {
    String(String),
    Strings(Vec<String>),
    Other,
}

fn value(file: &mut impl Read) -> anyhow::Result<Value> {
    Ok(match u32::from_le_bytes(take(file)?) {
        8 => Value::String(string(file)?),
        9 => {
            let kind = u32::from_le_bytes(take(file)?);
            let count = number(file)?;
            if kind == 8 {
                let list: anyhow::Result<_> = (0..count).map(|_| string(file)).collect();
                return Ok(Value::Strings(list?));
            }
            for _ in 0..count {
                skip(file, kind)?;
            }
            Value::Other
        }
        kind => {
            skip(file, kind)?;
            Value::Other
        }
    })
}

fn skip(file: &mut impl Read, kind: u32) -> anyhow::Result<()> {
    match kind {
        0 | 1 | 7 => drop(take::<1>(file)?),
        2 | 3 => drop(take::<2>(file)?),
        4..=6 => drop(take::<4>(file)?),
        10..=12 => drop(take::<8>(file)?),
        other => bail!("the file has a value of the unknown kind {other}"),
    }
    Ok(())
}

fn string(file: &mut impl Read) -> anyhow::Result<String> {
    let length = number(file)?;
    ensure!(
        length <= LONGEST,
        "the file has a string of {length} bytes and may be damaged"
    );
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    String::from_utf8(bytes).context("the file has a string that is no text")
}

fn number(file: &mut impl Read) -> anyhow::Result<u64> {
    Ok(u64::from_le_bytes(take(file)?))
}

fn take<const N: usize>(file: &mut impl Read) -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes).context("the file ends early")?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_merged_in_the_order_that_the_file_lists() {
        let mut tokens: Vec<String> = shown_bytes().map(String::from).collect();
        tokens.extend(["he", "ll", "hell", "Ġo"].map(String::from));
        let merges = ["l l", "h e", "he ll", "Ġ o"].map(String::from);
        let tokenizer = Merges::new(&tokens, &merges).unwrap();
        assert_eq!(tokenizer.count("hello"), 2);
        // "hell", " o", "1", "2", " ", " o"
        assert_eq!(tokenizer.count("hell o12  o"), 6);
        assert_eq!(tokenizer.count("é"), 2);
    }
}
