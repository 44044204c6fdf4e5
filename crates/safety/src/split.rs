//! A long text becomes several messages, cut where a reader would pause.
//!
//! Never inside a grapheme, and never inside a code fence without closing it and opening it again with its language
//! tag in the next message. Only white space at the cuts is lost.

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

use crate::fence::{Fence, MARK, fences};

/// The most characters of one message, counted in Unicode scalar values (`chars`), as Discord's API counts them:
/// "Message contents (up to 2000 characters)", Discord's documentation, Resources, Message, Create Message.
pub const LIMIT: usize = 2000;

/// What closes a fence at the end of a message.
const CLOSING: &str = "\n```";

/// Cuts `text` into messages of at most [`LIMIT`] characters; none for a blank text.
pub fn split(text: &str) -> Vec<String> {
    split_at(text, LIMIT)
}

/// The beginning of `text`, of at most `limit` characters, cut where a reader would pause; its fence is closed.
pub fn beginning(text: &str, limit: usize) -> String {
    split_at(text, limit).into_iter().next().unwrap_or_default()
}

fn split_at(text: &str, limit: usize) -> Vec<String> {
    let mut text = text.trim().to_owned();
    if fences(&text)
        .last()
        .is_some_and(|fence| fence.end.is_none())
    {
        text.push_str(CLOSING);
    }
    let mut messages = Vec::new();
    let mut rest = text;
    while rest.chars().count() > limit {
        let (message, remaining) = first(&rest, limit);
        messages.push(message);
        rest = remaining;
    }
    messages.push(rest);
    messages.retain(|message| !message.trim().is_empty());
    messages
}

/// The first message of a text that is too long for one, and the text that remains, its fence opened again.
fn first(text: &str, limit: usize) -> (String, String) {
    let window = byte_of(text, limit);
    let all = fences(text);
    let Some(fence) = all
        .iter()
        .find(|fence| fence.start < window && fence.end.is_none_or(|end| end > window))
    else {
        let cut = boundary(text, window, &all);
        return (
            text[..cut].trim_end().to_owned(),
            text[cut..].trim_start().to_owned(),
        );
    };
    let body_window = byte_of(text, limit - CLOSING.len());
    let fits_in_one = fence
        .end
        .is_some_and(|end| text[fence.start..end].chars().count() <= limit);
    let no_room = body_window <= fence.body.start;
    if !text[..fence.start].trim().is_empty() && (fits_in_one || no_room) {
        return (
            text[..fence.start].trim_end().to_owned(),
            text[fence.start..].to_owned(),
        );
    }
    inside(text, fence, body_window)
}

/// Cuts in the code of `fence`, at a line if there is one.
fn inside(text: &str, fence: &Fence, window: usize) -> (String, String) {
    let body = fence.body.clone();
    let window = window.min(body.end);
    let cut = match text[body.start..window].rfind('\n') {
        Some(line) if line > 0 && window < body.end => body.start + line,
        _ => grapheme(text, body.start, window),
    };
    let message = format!("{}{CLOSING}", &text[..cut]);
    let remaining = text[cut..].strip_prefix('\n').unwrap_or(&text[cut..]);
    let remaining = match fence.end {
        // Nothing but the closing backticks would follow, and the message has its own.
        Some(end) if text[cut..body.end].trim().is_empty() => text[end..].trim_start().to_owned(),
        _ => {
            let tag = &text[fence.tag.clone()];
            format!("{MARK}{tag}\n{remaining}")
        }
    };
    (message, remaining)
}

/// Where to cut a text before byte `window`, which no fence spans: the best kind of pause in its second half, or else the
/// last pause of any kind.
fn boundary(text: &str, window: usize, fences: &[Fence]) -> usize {
    let outside = |at: usize| {
        !fences
            .iter()
            .any(|fence| fence.start < at && fence.covers(at))
    };
    let mut best: Option<(Pause, usize)> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let after = at + c.len_utf8();
        if after > window {
            break;
        }
        let next = chars.peek().map(|&(_, next)| next);
        let Some(pause) = pause(text, at, c, next) else {
            continue;
        };
        let pause = if at < window / 2 { Pause::Early } else { pause };
        let better = best.is_none_or(|(kind, _)| pause >= kind);
        if better && outside(after) && is_grapheme_boundary(text, after) {
            best = Some((pause, after));
        }
    }
    let fence_end = fences
        .iter()
        .filter_map(|fence| fence.end)
        .filter(|&end| end <= window)
        .max();
    match (best, fence_end) {
        (Some((Pause::Early, at)), Some(end)) => at.max(end),
        (Some((_, at)), _) => at,
        (None, Some(end)) => end,
        (None, None) => grapheme(text, 0, window),
    }
}

/// How good a place is for a cut; later is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Pause {
    /// Any pause that would leave the message more than half empty.
    Early,
    Word,
    Clause,
    Sentence,
    Line,
    Paragraph,
}

fn pause(text: &str, at: usize, c: char, next: Option<char>) -> Option<Pause> {
    let before_space = next.is_none_or(char::is_whitespace);
    match c {
        '\n' if text[..at].ends_with('\n') => Some(Pause::Paragraph),
        '\n' if next != Some('\n') => Some(Pause::Line),
        '.' | '!' | '?' | '…' if before_space => Some(Pause::Sentence),
        '。' | '！' | '？'
            if !matches!(
                next,
                Some('”' | '」' | '』' | '"' | '）' | '。' | '！' | '？')
            ) =>
        {
            Some(Pause::Sentence)
        }
        '”' | '」' | '』' if text[..at].ends_with(['。', '！', '？']) => {
            Some(Pause::Sentence)
        }
        '，' | '；' | '：' | '、' => Some(Pause::Clause),
        ',' | ';' | ':' if before_space => Some(Pause::Clause),
        _ if c.is_whitespace() && c != '\n' => Some(Pause::Word),
        _ => None,
    }
}

/// The last grapheme boundary in `from..=to`; `to` itself if a single grapheme is longer than that.
fn grapheme(text: &str, from: usize, to: usize) -> usize {
    let ends = text[from..]
        .grapheme_indices(true)
        .map(|(at, grapheme)| from + at + grapheme.len());
    ends.take_while(|&end| end <= to).last().unwrap_or(to)
}

fn is_grapheme_boundary(text: &str, at: usize) -> bool {
    GraphemeCursor::new(at, text.len(), true)
        .is_boundary(text, 0)
        .unwrap_or(false)
}

/// The byte where the character number `count` begins.
fn byte_of(text: &str, count: usize) -> usize {
    text.char_indices()
        .nth(count)
        .map_or(text.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Enough for the longest opening of a fence, small enough that a test can be read.
    const SMALL: usize = 64;

    #[test]
    fn a_short_text_is_one_message_and_a_blank_one_none() {
        assert_eq!(split(" hello "), ["hello"]);
        assert_eq!(split(" \n "), Vec::<String>::new());
        assert_eq!(split(&"好".repeat(LIMIT)).len(), 1);
        assert_eq!(split(&"好".repeat(LIMIT + 1)).len(), 2);
    }

    #[test]
    fn the_better_pause_wins() {
        let paragraph = format!(
            "{}\n\n{}. {}",
            "a".repeat(40),
            "b".repeat(15),
            "c".repeat(30)
        );
        assert_eq!(split_at(&paragraph, SMALL)[0], "a".repeat(40));
        let sentence = format!(
            "{} {}. {} {}",
            "a".repeat(20),
            "b".repeat(20),
            "c".repeat(15),
            "d".repeat(30)
        );
        assert_eq!(
            split_at(&sentence, SMALL)[0],
            format!("{} {}.", "a".repeat(20), "b".repeat(20))
        );
        let chinese = format!(
            "{}。{}，{}",
            "好".repeat(40),
            "的".repeat(15),
            "吧".repeat(30)
        );
        assert_eq!(
            split_at(&chinese, SMALL)[0],
            format!("{}。", "好".repeat(40))
        );
        let early = format!("{}\n\n{}", "a".repeat(5), "b ".repeat(60));
        assert!(split_at(&early, SMALL)[0].chars().count() > SMALL / 2);
    }

    #[test]
    fn a_fence_is_closed_and_opened_again_with_its_language() {
        let code = (1..30)
            .map(|n| format!("line{n} = {n}\n"))
            .collect::<String>();
        let messages = split_at(&format!("Here:\n```py\n{code}```\nDone."), SMALL);
        assert!(messages.len() > 3);
        assert!(
            messages[1..messages.len() - 1]
                .iter()
                .all(|m| m.starts_with("```py\nline")),
            "{messages:#?}"
        );
        assert!(
            messages[..messages.len() - 1]
                .iter()
                .all(|m| m.ends_with("\n```")),
            "{messages:#?}"
        );
        assert!(messages.last().is_some_and(|m| m.ends_with("Done.")));
    }

    #[test]
    fn a_fence_that_fits_in_one_message_is_not_cut() {
        let messages = split_at(
            &format!(
                "{}\n\n```py\nprint('one')\nprint('two')\n```\nbye",
                "word ".repeat(9)
            ),
            SMALL,
        );
        assert_eq!(
            messages,
            [
                "word ".repeat(9).trim_end(),
                "```py\nprint('one')\nprint('two')\n```\nbye"
            ]
        );
    }

    #[test]
    fn an_emoji_family_stays_together() {
        let family = "👩‍👩‍👧‍👦";
        for message in split_at(&family.repeat(40), SMALL) {
            assert_eq!(message.replace(family, ""), "");
        }
    }

    #[test]
    fn a_heap_of_marks_longer_than_a_message_is_cut_all_the_same() {
        let heap = format!("z{}", "\u{301}".repeat(200));
        assert!(
            split_at(&heap, SMALL)
                .iter()
                .all(|m| m.chars().count() <= SMALL)
        );
    }

    fn prose() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            5 => "[a-z]{1,12}[ .,!?\n]{1,2}",
            1 => Just("\n\n".to_owned()),
            1 => "[好的吗呢吧，。！？]{1,20}",
            1 => Just("👩‍👩‍👧‍👦".to_owned()),
            1 => Just("e\u{301}".to_owned()),
            1 => "[a-z]{60,90}",
        ];
        prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
    }

    fn mixed() -> impl Strategy<Value = String> {
        // The first line says something: an empty fence that the model itself wrote is nobody's cut.
        let code = (
            "[a-z]{1,9}\n",
            prop::collection::vec("[a-z =()]{0,40}\n", 0..20),
        )
            .prop_map(|(first, lines)| format!("```py\n{first}{}```", lines.concat()));
        let long_line = "[a-z][a-z ]{100,160}".prop_map(|line| format!("```py\n{line}\n```"));
        let piece = prop_oneof![3 => prose(), 2 => code, 1 => long_line];
        prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.join("\n"))
    }

    fn content(text: &str) -> String {
        text.replace("```py\n", "")
            .replace("```", "")
            .split_whitespace()
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_text_is_lost_and_no_message_is_too_long(text in mixed()) {
            let messages = split_at(&text, SMALL);
            for message in &messages {
                prop_assert!(message.chars().count() <= SMALL, "{message:?}");
                prop_assert!(message.matches("```").count() % 2 == 0, "{message:?}");
                prop_assert!(!message.trim().is_empty());
                prop_assert!(!message.contains("```py\n```") && !message.contains("```py\n\n```"), "{message:?}");
            }
            prop_assert_eq!(messages.iter().map(|m| content(m)).collect::<String>(), content(&text));
        }

        #[test]
        fn graphemes_stay_whole(text in prose()) {
            let whole: Vec<&str> = text.graphemes(true).filter(|g| !g.trim().is_empty()).collect();
            let messages = split_at(&text, SMALL);
            let cut: Vec<&str> = messages.iter().flat_map(|m| m.graphemes(true)).filter(|g| !g.trim().is_empty()).collect();
            prop_assert_eq!(cut, whole);
        }

        #[test]
        fn any_string_can_be_split(text in any::<String>()) {
            for message in split_at(&text.repeat(5), SMALL) {
                prop_assert!(message.chars().count() <= SMALL);
            }
        }
    }
}
