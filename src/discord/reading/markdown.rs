//! Discord's markdown, as far as it says whose words something is: what is quoted, what is code, and what is simply said.
//! Spoilers are said too; who hides words still says them. Quotation marks are how people write speech in a story.

/// How a stretch of a message is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// In the author's own words.
    Plain,
    /// As a block quote. Mentions in it are mentions.
    Quoted,
    /// As code. Discord shows it as it is: nothing in it is a mention.
    Code,
}

/// The stretches of a message, in order; together they are the whole of it.
pub fn stretches(text: &str) -> Vec<(Manner, &str)> {
    let mut stretches = vec![];
    let (mut plain_from, mut at) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        let begins_line = at == 0 || text.as_bytes()[at - 1] == b'\n';
        let special = match begins_line {
            true => quote(rest).or_else(|| code(rest)),
            false => code(rest),
        };
        if let Some((manner, length)) = special {
            push(&mut stretches, Manner::Plain, &text[plain_from..at]);
            push(&mut stretches, manner, &rest[..length]);
            at += length;
            plain_from = at;
            continue;
        }
        // A backslash takes what follows its meaning; a run of backticks that opens nothing is one thing.
        let mut chars = rest.chars();
        let first = chars.next().map_or(1, char::len_utf8);
        at += match rest.as_bytes()[0] {
            b'\\' => first + chars.next().map_or(0, char::len_utf8),
            b'`' => backticks(rest),
            _ => first,
        };
    }
    push(&mut stretches, Manner::Plain, &text[plain_from..]);
    stretches
}

fn push<'a>(stretches: &mut Vec<(Manner, &'a str)>, manner: Manner, text: &'a str) {
    if !text.is_empty() {
        stretches.push((manner, text));
    }
}

/// A block quote at the beginning of a line: to the line's end, or with `>>> ` to the message's.
fn quote(rest: &str) -> Option<(Manner, usize)> {
    if rest.starts_with(">>> ") {
        return Some((Manner::Quoted, rest.len()));
    }
    let is_quote = rest.starts_with("> ");
    is_quote.then(|| {
        let end = rest.find('\n').map_or(rest.len(), |end| end + 1);
        (Manner::Quoted, end)
    })
}

/// Code that begins here: a run of backticks and the same run again.
fn code(rest: &str) -> Option<(Manner, usize)> {
    let run = backticks(rest);
    if run == 0 {
        return None;
    }
    let fence = run.min(3);
    let inside = &rest[fence..];
    let mut at = 0;
    while let Some(found) = inside[at..].find('`') {
        let start = at + found;
        let closing = backticks(&inside[start..]);
        let closes = match fence {
            3 => closing >= 3,
            _ => closing == run,
        };
        if closes && start > 0 {
            return Some((Manner::Code, fence + start + fence.min(closing)));
        }
        at = start + closing;
    }
    None
}

fn backticks(text: &str) -> usize {
    text.len() - text.trim_start_matches('`').len()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::Manner::{Code, Plain, Quoted};
    use super::*;

    #[rstest]
    #[case("hello", &[(Plain, "hello")])]
    #[case("> Orla?\nsaid I", &[(Quoted, "> Orla?\n"), (Plain, "said I")])]
    #[case("a\n>>> b\nc", &[(Plain, "a\n"), (Quoted, ">>> b\nc")])]
    #[case("1 > 0", &[(Plain, "1 > 0")])]
    #[case(">no quote", &[(Plain, ">no quote")])]
    #[case("run `ls -a` now", &[(Plain, "run "), (Code, "`ls -a`"), (Plain, " now")])]
    #[case("``a ` b``", &[(Code, "``a ` b``")])]
    #[case("```\nOrla, run\n```after", &[(Code, "```\nOrla, run\n```"), (Plain, "after")])]
    #[case("it's `open", &[(Plain, "it's `open")])]
    #[case(r"\`no code\`", &[(Plain, r"\`no code\`")])]
    #[case("```\nopen fence", &[(Plain, "```\nopen fence")])]
    #[case("``````", &[(Plain, "``````")])]
    #[case("猫`码`狗", &[(Plain, "猫"), (Code, "`码`"), (Plain, "狗")])]
    fn what_is_quoted_and_what_is_code_is_told_from_what_is_said(
        #[case] text: &str,
        #[case] expected: &[(Manner, &str)],
    ) {
        assert_eq!(stretches(text), expected);
    }

    #[test]
    fn the_stretches_are_the_whole_of_any_text() {
        for text in ["\\", "`", "> ", "a`b``c```d`", "\n> x`\n`", "\\猫`\\`"] {
            let whole: String = stretches(text).iter().map(|(_, part)| *part).collect();
            assert_eq!(whole, text);
        }
    }
}
