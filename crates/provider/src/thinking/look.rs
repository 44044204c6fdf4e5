//! Finds the mark that a text begins with, if enough of it is there.

use super::Close;
use super::markers::{ANSWERS, Family, Mark, TAGS, TOKENS};

/// The longest attributes of a tag, and the longest name of a token, in bytes: more is no mark.
const LONGEST_ATTRIBUTES: usize = 100;
const LONGEST_NAME: usize = 40;

/// What a text begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Nothing,
    /// What came so far may become a mark.
    More,
    /// A mark of so many bytes.
    Is(Mark, usize),
}

/// May a mark begin with this?
pub(super) fn begins(c: char) -> bool {
    matches!(c, '<' | '[' | ']' | '◁')
}

/// What stands next in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scan {
    /// So many bytes without a mark.
    Plain(usize),
    /// A mark of so many bytes, and the character behind it.
    Mark(Mark, usize, Option<char>),
    /// It cannot be told before more came.
    More,
    /// A mark of which the end was cut off, up to the end of the text.
    Torn,
}

/// Finds the next mark in a text that is not empty. What stands behind a mark tells what it is, so that one more
/// character is waited for.
pub(super) fn scan(text: &str, close: Option<Close>) -> Scan {
    scan_to(text, close, |_| false)
}

/// The same, but plain text ends with its line.
pub(super) fn scan_line(text: &str, close: Option<Close>) -> Scan {
    scan_to(text, close, |c| c == '\n')
}

fn scan_to(text: &str, close: Option<Close>, ends: impl Fn(char) -> bool) -> Scan {
    for (at, c) in text.match_indices(|c| begins(c) || ends(c)) {
        if c.starts_with(&ends) {
            return Scan::Plain(at + c.len());
        }
        let rest = &text[at..];
        let found = match look(rest, close.is_some()) {
            Look::Nothing if close == Some(Close::Cut) && is_torn(rest) => Scan::Torn,
            Look::Nothing => continue,
            Look::More => Scan::More,
            Look::Is(mark, length) => match rest[length..].chars().next() {
                None if close.is_none() => Scan::More,
                after => Scan::Mark(mark, length, after),
            },
        };
        return if at == 0 { found } else { Scan::Plain(at) };
    }
    Scan::Plain(text.len())
}

/// Is this the beginning of a mark? One character may be anything.
fn is_torn(text: &str) -> bool {
    text.chars().nth(1).is_some() && look(text, false) == Look::More
}

/// Looks at the beginning of a text; `whole` if nothing will follow it.
pub(super) fn look(text: &str, whole: bool) -> Look {
    if !may_begin(text) {
        return Look::Nothing;
    }
    let mut best = Look::Nothing;
    let mut more = false;
    for &(token, mark) in TOKENS {
        if is_prefix(token, text) {
            best = longer(best, Look::Is(mark, token.len()));
        } else if text.len() < token.len() && is_prefix(text, token) {
            more = true;
        }
    }
    for found in [tag(text), net(text)] {
        more |= found == Look::More;
        // A mark that is listed means more than its form.
        if best == Look::Nothing && found != Look::More {
            best = found;
        }
    }
    if more && !whole { Look::More } else { best }
}

/// Can a mark begin like this? Its first characters rule out nearly all that people write.
fn may_begin(text: &str) -> bool {
    let mut first = text.chars();
    match (first.next(), first.next()) {
        (Some('<'), Some('<')) => matches!(first.next(), None | Some('S' | 's' | '/')),
        (Some('<'), Some(c)) => c.is_ascii_alphabetic() || "|｜‖/\\0".contains(c),
        (Some('['), Some(c)) => c.is_ascii_alphabetic() || c == '/',
        (Some(c), _) => begins(c),
        (None, _) => false,
    }
}

fn longer(a: Look, b: Look) -> Look {
    match (a, b) {
        (Look::Is(_, long), Look::Is(_, short)) if long >= short => a,
        _ => b,
    }
}

/// Does `text` begin with `start`? In angle brackets the case does not matter.
fn is_prefix(start: &str, text: &str) -> bool {
    let (start, text) = (start.as_bytes(), text.as_bytes());
    text.get(..start.len()).is_some_and(|head| {
        if start[0] == b'<' {
            head.eq_ignore_ascii_case(start)
        } else {
            head == start
        }
    })
}

/// `<think>`, `</think>`, `<\think>`, `<think kind="deep">`, `<think />`.
fn tag(text: &str) -> Look {
    let Some(body) = text.strip_prefix('<') else {
        return Look::Nothing;
    };
    let closing = body.starts_with(['/', '\\']);
    let body = &body[usize::from(closing)..];
    let length = body
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b':'))
        .count();
    let (name, rest) = body.split_at(length);
    let names = || {
        TAGS.iter()
            .map(|(tag, _)| *tag)
            .chain(ANSWERS.iter().copied())
    };
    if rest.is_empty() {
        let grows = names().any(|tag| {
            tag.get(..length)
                .is_some_and(|head| head.eq_ignore_ascii_case(name))
        });
        return if grows { Look::More } else { Look::Nothing };
    }
    let family = TAGS.iter().find(|(tag, _)| tag.eq_ignore_ascii_case(name));
    let mark = match family {
        Some(&(_, family)) if closing => Mark::Close(family),
        Some(&(_, family)) => Mark::Open(family),
        None if ANSWERS.iter().any(|tag| tag.eq_ignore_ascii_case(name)) => {
            Mark::Answer { closing }
        }
        None => return Look::Nothing,
    };
    let end = match attributes(rest) {
        Ok(end) => end,
        Err(look) => return look,
    };
    let length = text.len() - rest.len() + end + 1;
    if rest[..end].ends_with('/') {
        return Look::Is(Mark::Drop, length);
    }
    Look::Is(mark, length)
}

/// Where the `>` stands behind the attributes of a tag.
fn attributes(rest: &str) -> Result<usize, Look> {
    if !rest.starts_with(['>', ' ', '\t', '/']) {
        return Err(Look::Nothing);
    }
    let stop = |b: &u8| matches!(b, b'>' | b'<' | b'\n');
    match rest.bytes().position(|b| stop(&b)) {
        None if rest.len() <= LONGEST_ATTRIBUTES => Err(Look::More),
        Some(end) if end <= LONGEST_ATTRIBUTES && rest.as_bytes()[end] == b'>' => {
            let inside = rest[..end].trim_matches([' ', '\t', '/']);
            // "<think about it>" is no tag.
            let plain = inside.is_empty() || inside.contains('=');
            if plain { Ok(end) } else { Err(Look::Nothing) }
        }
        _ => Err(Look::Nothing),
    }
}

/// `<|any_token|>`, `<｜any▁token｜>`, `<unused6226>` and `<0x0A>`: nobody else writes so.
fn net(text: &str) -> Look {
    for (open, close) in [("<|", "|>"), ("<｜", "｜>"), ("<unused", ">"), ("<0x", ">")] {
        let Some(body) = text.strip_prefix(open) else {
            if open.starts_with(text) {
                return Look::More;
            }
            continue;
        };
        let digits = close == ">";
        let length: usize = body
            .chars()
            .take_while(|&c| {
                if open == "<0x" {
                    c.is_ascii_hexdigit()
                } else if digits {
                    c.is_ascii_digit()
                } else {
                    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | '▁')
                }
            })
            .map(char::len_utf8)
            .sum();
        if length > LONGEST_NAME {
            return Look::Nothing;
        }
        let rest = &body[length..];
        if length > 0 && rest.starts_with(close) {
            let mark = if digits {
                Mark::Stray
            } else {
                named(&body[..length])
            };
            return Look::Is(mark, open.len() + length + close.len());
        }
        if rest.len() < close.len() && close.starts_with(rest) {
            return Look::More;
        }
    }
    Look::Nothing
}

/// What a token does that is in no list, by its name: `reasoning_start`, `end_of_thought`, `/think`, `some_token`.
fn named(name: &str) -> Mark {
    let name = name.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    // `<|no_think|>` and its like are settings of the prompt.
    if !has(&["think", "thought", "reason"]) || name.starts_with("no") {
        Mark::Stray
    } else if name.starts_with('/') || has(&["end", "close", "stop"]) {
        Mark::Close(Family::Think)
    } else if has(&["begin", "start", "open"]) {
        Mark::Open(Family::Think)
    } else {
        Mark::Open(Family::Bare)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_in_all_spellings() {
        for tag in [
            "<think>",
            "<THINK>",
            "<Thought>",
            "<think >",
            "<think kind=\"deep\">",
            "<seed:think>",
            "◁think▷",
            "[THINK]",
            "<|channel>",
            "<|Start_Thinking|>",
        ] {
            let found = Look::Is(Mark::Open(Family::Think), tag.len());
            assert_eq!(look(&format!("{tag}a"), false), found, "{tag}");
        }
        for tag in [
            "</think>",
            "<\\think>",
            "</Think >",
            "◁/think▷",
            "<channel|>",
        ] {
            let found = Look::Is(Mark::Close(Family::Think), tag.len());
            assert_eq!(look(&format!("{tag}a"), false), found, "{tag}");
        }
    }

    #[test]
    fn a_token_in_no_list_is_known_by_its_name() {
        for (name, mark) in [
            ("reasoning_start", Mark::Open(Family::Think)),
            ("begin_of_reasoning", Mark::Open(Family::Think)),
            ("thought", Mark::Open(Family::Bare)),
            ("end_think", Mark::Close(Family::Think)),
            ("/thought", Mark::Close(Family::Think)),
            ("no_think", Mark::Stray),
            ("some_token", Mark::Stray),
        ] {
            let length = name.len() + "<||>".len();
            assert_eq!(look(&format!("<|{name}|>"), true), Look::Is(mark, length));
        }
    }

    #[test]
    fn every_beginning_of_a_mark_waits_for_the_rest_and_every_whole_mark_is_found() {
        for &(token, mark) in TOKENS {
            for (at, _) in token.char_indices().skip(1) {
                assert_ne!(look(&token[..at], false), Look::Nothing, "{}", &token[..at]);
            }
            assert_eq!(look(token, true), Look::Is(mark, token.len()), "{token}");
        }
    }

    #[test]
    fn what_people_write_is_no_mark() {
        for text in [
            "<b>",
            "< think>",
            "<thinker>",
            "<think about it>",
            "1",
            "<|",
            "<| c |>",
            "[inst]",
            "<|>",
            "<answerer>",
            "<@123>",
            "<:emoji:12>",
            "[link](x)",
            "<3",
        ] {
            assert_eq!(look(text, true), Look::Nothing, "{text}");
        }
        for text in ["<b>", "<@1", "< ", "<3", "[l", "<div", "<:"] {
            assert_eq!(look(text, false), Look::Nothing, "{text} streams");
        }
    }
}
