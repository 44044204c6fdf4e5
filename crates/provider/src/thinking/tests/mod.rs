//! The filter as a whole: what is left of a text, however it is cut.

mod manners;
mod prose;
mod samples;
mod torture;

use super::{Close, Expects, Thoughts};

/// A reply that was read: every piece that was returned while it came, and what was left at the end.
struct Read {
    pieces: String,
    whole: String,
    thoughts: Thoughts,
}

fn read<'a>(expects: Expects, pieces: impl IntoIterator<Item = &'a str>, close: Close) -> Read {
    let mut thoughts = Thoughts::new(expects);
    let pieces: String = pieces
        .into_iter()
        .map(|piece| thoughts.pass(piece))
        .collect();
    let whole = pieces.clone() + &thoughts.rest(close);
    Read {
        pieces,
        whole,
        thoughts,
    }
}

/// The pieces of so many characters.
fn cut(text: &str, size: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for (count, (at, _)) in text.char_indices().enumerate().skip(1) {
        if count % size == 0 {
            pieces.push(&text[from..at]);
            from = at;
        }
    }
    pieces.push(&text[from..]);
    pieces
}

/// What is shown of a text, which must be the same for every cut; `secret` may never be in what came early.
#[track_caller]
fn shown(expects: Expects, text: &str, close: Close, secret: Option<&str>) -> String {
    let whole = read(expects, [text], close).whole;
    let check = |pieces: Vec<&str>| {
        let read = read(expects, pieces.iter().copied(), close);
        assert_eq!(read.whole, whole, "{text:?} in {pieces:?}, {expects:?}");
        if let Some(secret) = secret {
            let early = &read.pieces;
            assert!(
                !early.contains(secret),
                "{early:?} of {text:?}, {expects:?}"
            );
        }
    };
    for size in 1..=text.chars().count() {
        check(cut(text, size));
    }
    for (at, _) in text.char_indices().skip(1) {
        check(vec![&text[..at], &text[at..]]);
    }
    whole
}
