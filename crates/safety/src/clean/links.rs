//! Links show where they go: `[text](url)` becomes `text (url)`, in all the ways that it can be written.
//!
//! Discord makes a masked link only of `](` with nothing between, so after this no such pair is left that a URL
//! follows. Inside code the pair is left alone otherwise: `table[key](argument)` is code.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::fence::{Fence, fences};
use crate::pattern::regex;

static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?m)^([ >]{0,6})\[([^\[\]\n]{1,200})\]:[ \t]*\n?[ \t]*<?([a-zA-Z]{2,10}://[^\s<>]+)>?")
});
static ANCHOR: LazyLock<Regex> = LazyLock::new(|| {
    regex(r#"(?is)<a\s[^<>]*href\s*=\s*["']?([^"'\s<>]+)["']?[^<>]*>(.*?)</a\s*>"#)
});
static TITLE: LazyLock<Regex> = LazyLock::new(|| regex(r#"(?s)^(\S+)\s+["'(].*$"#));
static URL_FOLLOWS: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)^[\s<\\]*(?:[a-z][a-z0-9+.\-]{1,20}\\*:|\\*/\\*/|www\.)"));

/// The longest text and the longest target of a link, in bytes: more is no link, and looking further would let a text
/// of brackets take forever.
const LONGEST: usize = 2000;

/// Shows every masked link bare.
pub(super) fn bare(text: &str) -> String {
    let text = ANCHOR.replace_all(text, |c: &Captures| shown(&c[2], &c[1]));
    let text = REFERENCE.replace_all(&text, "$1$2: $3");
    let code = fences(&text);
    let mut plain = String::with_capacity(text.len());
    let mut rest_from = 0;
    while let Some(found) = text[rest_from..].find("](") {
        let at = rest_from + found;
        let target_from = at + 2;
        plain.push_str(&text[rest_from..at]);
        rest_from = target_from;
        let is_code = code.iter().any(|fence: &Fence| fence.covers(at));
        if is_code && !URL_FOLLOWS.is_match(&text[target_from..]) {
            plain.push_str("](");
            continue;
        }
        match (opening(&plain), target(&text[target_from..])) {
            (Some(open), Some((url, length))) => {
                let label = plain.split_off(open + 1);
                plain.pop();
                // An image's mark, or a backslash that meant to show the brackets.
                while plain.ends_with(['!', '\\']) {
                    plain.pop();
                }
                plain.push_str(&shown(&label, &url));
                rest_from += length;
            }
            _ => plain.push_str("] ("),
        }
    }
    plain.push_str(&text[rest_from..]);
    plain
}

fn shown(label: &str, url: &str) -> String {
    let label = label.trim();
    match (label.is_empty(), url.is_empty()) {
        (_, true) => label.to_owned(),
        (true, _) => url.to_owned(),
        _ if label == url => url.to_owned(),
        _ => format!("{label} ({url})"),
    }
}

/// Where the bracket opens that the end of `text` closes.
fn opening(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices().rev() {
        if text.len() - at > LONGEST {
            break;
        }
        match c {
            ']' => depth += 1,
            '[' if depth == 0 => return Some(at),
            '[' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The URL at the start of `text`, up to the parenthesis that closes it, and how many bytes that takes.
fn target(text: &str) -> Option<(String, usize)> {
    let mut depth = 0usize;
    let mut close = None;
    for (at, c) in text.char_indices().take(LONGEST) {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => {
                close = Some(at);
                break;
            }
            ')' => depth -= 1,
            _ => {}
        }
    }
    // An unbalanced "(" in the URL must not swallow the rest of the message.
    let close = close.or_else(|| {
        text.char_indices()
            .take(LONGEST)
            .find(|&(_, c)| c == ')')
            .map(|(at, _)| at)
    })?;
    let inside = text[..close].trim().trim_start_matches('<');
    let inside = TITLE.replace(inside.trim_start(), "$1");
    let url: String = inside
        .chars()
        .filter(|c| !c.is_whitespace() && !"<>\\".contains(*c))
        .collect();
    Some((url, close + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_link_shows_where_it_goes() {
        for (masked, plain) in [
            (
                "see [the docs](https://a.example/x)!",
                "see the docs (https://a.example/x)!",
            ),
            ("[x](<https://a.example>)", "x (https://a.example)"),
            ("[x]( https://a.example )", "x (https://a.example)"),
            ("[x](\nhttps://a.example\n)", "x (https://a.example)"),
            ("[x](https://a.example \"title\")", "x (https://a.example)"),
            (
                "[a [b] c](https://a.example)",
                "a [b] c (https://a.example)",
            ),
            (
                "[a [b](https://b.example) c](https://a.example)",
                "a b (https://b.example) c (https://a.example)",
            ),
            (
                "[wiki](https://a.example/b_(c))",
                "wiki (https://a.example/b_(c))",
            ),
            (
                "![cat](https://a.example/c.png)",
                "cat (https://a.example/c.png)",
            ),
            (
                "[https://a.example](https://a.example)",
                "https://a.example",
            ),
            ("[](https://a.example)", "https://a.example"),
            ("\\[x](https\\://a.example)", "x (https://a.example)"),
            ("[x]: https://a.example", "x: https://a.example"),
            (
                "<a href=\"https://a.example\">x</a>",
                "x (https://a.example)",
            ),
            ("**[x](https://a.example)**", "**x (https://a.example)**"),
            ("open](https://a.example", "open] (https://a.example"),
            ("[x](https://a.example/(", "[x] (https://a.example/("),
        ] {
            assert_eq!(bare(masked), plain, "{masked}");
        }
    }

    #[test]
    fn code_that_looks_like_a_link_stays_code() {
        let code = "```js\ntable[key](argument)\n```";
        assert_eq!(bare(code), code);
        assert_eq!(
            bare("```\n[x](https://a.example)\n```"),
            "```\nx (https://a.example)\n```"
        );
        assert_eq!(bare("a list [1], (2)"), "a list [1], (2)");
    }
}
