//! Texts that a tokenizer likes least: of every kind that people, keyboards and attackers produce.

use std::sync::LazyLock;

use rand::Rng;
use rand::rngs::StdRng;
use unicode_normalization::UnicodeNormalization as _;

/// Pieces of a text at most; one in [`RARELY`] is [`LONG`] times as long.
const PIECES: usize = 40;
const LONG: usize = 12;
const RARELY: u32 = 60;

/// A kind of text, and what makes one.
pub struct Kind {
    /// Its name.
    pub name: &'static str,
    piece: fn(&mut StdRng) -> String,
}

impl Kind {
    /// A text of this kind.
    pub fn text(&self, random: &mut StdRng) -> String {
        let long = random.random_ratio(1, RARELY);
        let most = if long { PIECES * LONG } else { PIECES };
        let pieces = random.random_range(1..=most);
        (0..pieces).map(|_| (self.piece)(random)).collect()
    }
}

/// Every kind.
pub const KINDS: [Kind; 18] = [
    kind("random bytes", |r| {
        let bytes: Vec<u8> = (0..r.random_range(1..8)).map(|_| r.random()).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }),
    kind("any character", |r| any(r).to_string()),
    kind("emoji families", |r| of(r, EMOJI)),
    kind("combining marks", |r| {
        letter(r).to_string() + &marks(r, 1, 4)
    }),
    kind("zalgo", |r| letter(r).to_string() + &marks(r, 8, 30)),
    kind("CJK", |r| between(r, CJK)),
    kind("Hangul and its Jamo", |r| between(r, HANGUL)),
    kind("unfolds under NFKC", |r| drawn(r, &SETS.unfolding)),
    kind("grows under NFC", |r| {
        if r.random() {
            drawn(r, &SETS.growing)
        } else {
            drawn(r, &SETS.shrinking)
        }
    }),
    kind("control characters", |r| between(r, CONTROL)),
    kind("white space", |r| {
        between(r, SPACE).repeat(r.random_range(1..6))
    }),
    kind("long digits", |r| between(r, DIGITS)),
    kind("source code", |r| of(r, CODE)),
    kind("special tokens", |r| of(r, SPECIAL)),
    kind("mixed scripts", |r| between(r, SCRIPTS)),
    kind("unassigned, private", |r| between(r, NOBODYS)),
    kind("one character, often", |r| {
        any(r).to_string().repeat(r.random_range(1..30))
    }),
    kind("all of it", |r| {
        let other = r.random_range(0..17);
        (KINDS[other].piece)(r)
    }),
];

const fn kind(name: &'static str, piece: fn(&mut StdRng) -> String) -> Kind {
    Kind { name, piece }
}

const EMOJI: &[&str] = &[
    "👩",
    "👨",
    "👧",
    "👦",
    "🧑",
    "\u{200D}",
    "\u{200D}❤\u{FE0F}\u{200D}",
    "🏽",
    "🏿",
    "\u{FE0F}",
    "🇩",
    "🇪",
    "🇨",
    "🇳",
    "👩\u{200D}👩\u{200D}👧\u{200D}👦",
    "🏳\u{FE0F}\u{200D}🌈",
    "1\u{FE0F}\u{20E3}",
    "🫱🏻\u{200D}🫲🏿",
    "🧌",
    "🪿",
    "🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}",
    " ",
];
const CODE: &[&str] = &[
    "fn ",
    "main",
    "()",
    " {\n",
    "    ",
    "\t\t",
    "let mut ",
    "x",
    " = ",
    "0xDEAD_BEEF",
    ";\n",
    "}\n",
    "//",
    "/*",
    "*/",
    "=>",
    "->",
    "::<",
    ">>=",
    "&&",
    "||",
    "!=",
    "\"\\u{1F980}\"",
    "'\\n'",
    "#include <",
    "std::",
    "template<typename T>",
    "def ",
    "self.",
    "__init__",
    "$(",
    "${",
    "`",
    "\\\\",
    "<!--",
    "</div>",
    "{{",
    "}}",
    "@@",
    "%%",
    "^_^",
    "SELECT * ",
];
const SPECIAL: &[&str] = &[
    "<|im_start|>",
    "<|im_end|>",
    "<|endoftext|>",
    "<|endofprompt|>",
    "<|fim_prefix|>",
    "<s>",
    "</s>",
    "<unk>",
    "[INST]",
    "[/INST]",
    "<<SYS>>",
    "<|start_header_id|>",
    "<|eot_id|>",
    "<start_of_turn>",
    "<|system|>",
    "<0x0A>",
    "\u{2581}",
    "<|im_",
    "start|>",
    "user\n",
    "assistant\n",
    "\n\nHuman:",
    "\n\nAssistant:",
    "<bos>",
    "<pad>",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "##ing",
    "Ġ",
    "Ċ",
    "<think>",
    "</think>",
];
/// Ranges of characters, first and last.
type Ranges = &'static [(u32, u32)];
const CJK: Ranges = &[
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x2_0000, 0x2_A6DF),
    (0x3_0000, 0x3_134A),
    (0x3000, 0x303F),
    (0x3040, 0x30FF),
    (0xF900, 0xFAFF),
    (0x2_F800, 0x2_FA1D),
    (0xFF00, 0xFFEF),
];
const HANGUL: Ranges = &[
    (0xAC00, 0xD7A3),
    (0x1100, 0x11FF),
    (0xA960, 0xA97C),
    (0xD7B0, 0xD7FB),
    (0x3131, 0x318E),
    (0x3200, 0x321E),
];
const CONTROL: Ranges = &[
    (0x00, 0x1F),
    (0x7F, 0x9F),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0xFEFF, 0xFEFF),
    (0xFFF9, 0xFFFD),
    (0xE_0001, 0xE_007F),
    (0xFE00, 0xFE0F),
];
const SPACE: Ranges = &[
    (0x20, 0x20),
    (0x20, 0x20),
    (0x09, 0x0D),
    (0x85, 0x85),
    (0xA0, 0xA0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x3000, 0x3000),
];
const DIGITS: Ranges = &[
    (0x30, 0x39),
    (0x30, 0x39),
    (0x30, 0x39),
    (0x660, 0x669),
    (0x966, 0x96F),
    (0xFF10, 0xFF19),
    (0x1_D7CE, 0x1_D7FF),
    (0x2070, 0x2089),
    (0x2150, 0x2189),
    (0x2460, 0x249B),
];
const SCRIPTS: Ranges = &[
    (0x41, 0x7A),
    (0x20, 0x2F),
    (0xC0, 0x24F),
    (0x370, 0x3FF),
    (0x400, 0x4FF),
    (0x531, 0x58A),
    (0x5D0, 0x5EA),
    (0x600, 0x6FF),
    (0x900, 0x97F),
    (0xE01, 0xE5B),
    (0x10A0, 0x10FF),
    (0x1200, 0x137C),
    (0x13A0, 0x13F5),
    (0x1F00, 0x1FFE),
    (0x1_2000, 0x1_2399),
    (0x1_3000, 0x1_342E),
    (0x1_D400, 0x1_D7FF),
    (0x1_F100, 0x1_F1AC),
];
const NOBODYS: Ranges = &[
    (0xE000, 0xF8FF),
    (0xF_0000, 0xF_FFFD),
    (0x10_0000, 0x10_FFFF),
    (0xFDD0, 0xFDEF),
    (0x4_0000, 0x4_FFFF),
];

/// Characters that a normalization changes in length.
struct Sets {
    unfolding: Vec<char>,
    growing: Vec<char>,
    shrinking: Vec<char>,
}

static SETS: LazyLock<Sets> = LazyLock::new(|| {
    let all = || ('\0'..=char::MAX).filter(|c| !c.is_ascii());
    let nfkc = |c: &char| {
        std::iter::once(*c)
            .nfkc()
            .map(char::len_utf8)
            .sum::<usize>()
    };
    let nfc = |c: &char| std::iter::once(*c).nfc().map(char::len_utf8).sum::<usize>();
    Sets {
        unfolding: all().filter(|c| nfkc(c) > c.len_utf8()).collect(),
        growing: all().filter(|c| nfc(c) > c.len_utf8()).collect(),
        // Short under NFKC and left alone by NFC: beside a growing one, NFC is the longest form of all.
        shrinking: all()
            .filter(|c| nfkc(c) < c.len_utf8() && nfc(c) == c.len_utf8())
            .collect(),
    }
});

fn of(random: &mut StdRng, all: &[&str]) -> String {
    all[random.random_range(0..all.len())].to_owned()
}

fn drawn(random: &mut StdRng, all: &[char]) -> String {
    all[random.random_range(0..all.len())].to_string()
}

fn between(random: &mut StdRng, ranges: Ranges) -> String {
    let (first, last) = ranges[random.random_range(0..ranges.len())];
    char::from_u32(random.random_range(first..=last))
        .unwrap_or(char::REPLACEMENT_CHARACTER)
        .to_string()
}

fn any(random: &mut StdRng) -> char {
    random.random()
}

fn letter(random: &mut StdRng) -> char {
    random.random_range('a'..='z')
}

fn marks(random: &mut StdRng, least: usize, most: usize) -> String {
    let count = random.random_range(least..=most);
    (0..count)
        .map(|_| random.random_range('\u{300}'..='\u{36F}'))
        .collect()
}
