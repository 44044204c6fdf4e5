//! The lines that a proxy such as PluralKit or Tupperbox writes around a person's words: whom a reply answers, what it
//! quotes. A webhook cannot reply, so it shows that in its text.

use std::sync::LazyLock;

use regex::Regex;

/// What such a header begins with.
const ARROWS: [char; 10] = ['↪', '↩', '↳', '⤷', '⤴', '➥', '╭', '┌', '╰', '└'];

/// What leads elsewhere and says nothing: mentions, links with their names, addresses.
static LEADS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern = r"\[[^\]\n]*\]\(<?https?://[^)\s]*>?\)|<?https?://\S+|<(?:@[!&]?|#)\d{1,20}>";
    Regex::new(pattern).ok()
});

/// A webhook's text without the lines around its own words: empty where there is nothing else, `None` where there are none.
pub fn own_words(content: &str) -> Option<&str> {
    let mut own = content.trim();
    if own.starts_with(">>>") {
        // It goes on to the end.
        return Some("");
    }
    while let Some((first, rest)) = parted(own, own.find('\n'))
        && is_around(first)
    {
        own = rest.trim_start();
    }
    while let Some((rest, last)) = parted(own, own.rfind('\n'))
        && is_around(last)
    {
        own = rest.trim_end();
    }
    if is_around(own) {
        own = "";
    }
    (own != content.trim()).then_some(own)
}

fn parted(text: &str, at: Option<usize>) -> Option<(&str, &str)> {
    let at = at?;
    Some((&text[..at], &text[at + 1..]))
}

/// Whether a line is written around somebody's words: a quotation, small print, a header, or nothing but mentions and links.
fn is_around(line: &str) -> bool {
    let line = line.trim();
    if line.starts_with('>') || line.starts_with("-# ") || line.starts_with(ARROWS) {
        return true;
    }
    let rest = LEADS.as_ref().map(|leads| leads.replace_all(line, ""));
    rest.is_some_and(|rest| rest != line && !rest.chars().any(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::a_reply(
        "-# ↪ [bob](https://discord.com/channels/1/2/3): what do you think\n<@10> hello",
        Some("<@10> hello")
    )]
    #[case::a_quote("> what do you think\n<@1>\n<@10> hello", Some("<@10> hello"))]
    #[case::a_header("╭ bob: what do you think\n\nhello\nthere", Some("hello\nthere"))]
    #[case::a_link(
        "[Reply to:](https://discord.com/channels/1/2/3) <@1>\nhello",
        Some("hello")
    )]
    #[case::below(
        "hello\n-# in reply to bob\nhttps://discord.com/channels/1/2/3",
        Some("hello")
    )]
    #[case::in_chinese("-# ↪ [小明](https://a.example)：你觉得呢\n你好", Some("你好"))]
    #[case::nothing_else("> hello", Some(""))]
    #[case::a_long_quote(">>> hello\nthere", Some(""))]
    #[case::a_link_alone("https://a.example", Some(""))]
    #[case::plain("hello\nthere", None)]
    #[case::a_word_beside_a_link("look: https://a.example", None)]
    #[case::a_quote_within("hello\n> you said\nno", None)]
    #[case::signs("?!", None)]
    fn what_a_proxy_writes_around_is_told_from_the_words(
        #[case] content: &str,
        #[case] own: Option<&str>,
    ) {
        assert_eq!(own_words(content), own);
    }
}
