//! Discord's tokens (`<@…>`, `<#…>`, `<:wave:…>`, `<t:…>`) as the words that people see in their place.
//! <https://discord.com/developers/docs/reference#message-formatting>

use std::sync::LazyLock;

use chrono::DateTime;
use regex::{Captures, Regex};

use super::known::Known;
use super::markdown::{Manner, stretches};

/// Stands for a token where names are looked for: whoever bears the name of a thing is not called by it.
const NOT_SPOKEN: &str = "\u{fffc}";

static TOKEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern = r"(?x)
        <@!?(?P<person>\d{1,20})>
      | <@&(?P<role>\d{1,20})>
      | <\#(?P<channel>\d{1,20})>
      | <a?:(?P<emoji>\w{1,64}):\d{1,20}>
      | </(?P<command>[^<>:\n]{1,110}):\d{1,20}>
      | <t:(?P<time>-?\d{1,17})(?::(?P<style>[a-zA-Z]))?>
      | <id:(?P<guide>[a-z-]{1,20})(?::\d{1,20})?>
      | <sound:\d{1,20}:\d{1,20}>
    ";
    Regex::new(pattern).ok()
});

/// What a token stands for.
enum Token<'t> {
    Person(u64),
    Role(u64),
    Channel(u64),
    Emoji(&'t str),
    Command(&'t str),
    Time(i64, Option<&'t str>),
    Guide(&'t str),
    Sound,
}

/// The ids that a text names, so that only they need looking up.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Accounts.
    pub people: Vec<u64>,
    /// Roles.
    pub roles: Vec<u64>,
    /// Channels and threads.
    pub channels: Vec<u64>,
}

impl Named {
    /// Takes in what this text names.
    pub fn read(&mut self, text: &str) {
        let Some(pattern) = TOKEN.as_ref() else {
            return;
        };
        for found in pattern.captures_iter(text) {
            match token(&found) {
                Some(Token::Person(id)) => self.people.push(id),
                Some(Token::Role(id)) => self.roles.push(id),
                Some(Token::Channel(id)) => self.channels.push(id),
                _ => {}
            }
        }
    }
}

/// A message's text as people read it.
pub fn shown(content: &str, known: &Known) -> String {
    let written = |text: &str| written(text, |token| words(&token, known));
    let shown: String = stretches(content)
        .into_iter()
        .map(|(manner, text)| match manner {
            Manner::Code => text.to_owned(),
            Manner::Plain | Manner::Quoted => written(text),
        })
        .collect();
    safety::clean::visible(&shown)
}

/// What the author says in their own words, without the names of things.
pub fn spoken(content: &str) -> String {
    let own = stretches(content)
        .into_iter()
        .filter(|(manner, _)| *manner == Manner::Plain)
        .map(|(_, text)| written(text, |_| Some(NOT_SPOKEN.to_owned())));
    let own: String = own.collect();
    safety::clean::visible(&own).trim().to_owned()
}

/// The text without the mentions of the bot that it begins with: they are how one calls it, not what one says to it.
pub fn without_call<'a>(content: &'a str, known: &Known) -> &'a str {
    let mut text = content.trim();
    while let Some(found) = TOKEN
        .as_ref()
        .and_then(|pattern| pattern.captures(text))
        .filter(|found| found.get(0).is_some_and(|whole| whole.start() == 0))
    {
        let calls = match token(&found) {
            Some(Token::Person(id)) => id == known.me,
            Some(Token::Role(id)) => known.my_role == Some(id),
            _ => false,
        };
        if !calls {
            break;
        }
        text = text[found[0].len()..].trim_start();
    }
    text
}

/// Puts words in the place of tokens. What a backslash stands before is no token.
fn written(text: &str, words: impl Fn(Token<'_>) -> Option<String>) -> String {
    let Some(pattern) = TOKEN.as_ref() else {
        return text.to_owned();
    };
    let replace = |found: &Captures<'_>| {
        let start = found.get(0).map_or(0, |whole| whole.start());
        let before = &text[..start];
        let backslashes = before.len() - before.trim_end_matches('\\').len();
        let token = token(found).filter(|_| backslashes.is_multiple_of(2));
        token
            .and_then(&words)
            .unwrap_or_else(|| found[0].to_owned())
    };
    pattern.replace_all(text, replace).into_owned()
}

fn token<'t>(found: &Captures<'t>) -> Option<Token<'t>> {
    let part = |name| found.name(name).map(|part| part.as_str());
    let id = |name| part(name).and_then(|digits| digits.parse().ok());
    if let Some(person) = id("person") {
        return Some(Token::Person(person));
    }
    if let Some(role) = id("role") {
        return Some(Token::Role(role));
    }
    if let Some(channel) = id("channel") {
        return Some(Token::Channel(channel));
    }
    if let Some(time) = part("time") {
        return Some(Token::Time(time.parse().ok()?, part("style")));
    }
    let named = part("emoji")
        .map(Token::Emoji)
        .or_else(|| part("command").map(Token::Command))
        .or_else(|| part("guide").map(Token::Guide));
    named.or_else(|| found[0].starts_with("<sound:").then_some(Token::Sound))
}

fn words(token: &Token<'_>, known: &Known) -> Option<String> {
    Some(match token {
        Token::Person(id) => format!("@{}", known.person(*id)),
        Token::Role(id) => format!("@{}", known.role(*id)),
        Token::Channel(id) => format!("#{}", known.channel(*id)),
        Token::Emoji(name) => format!(":{name}:"),
        Token::Command(name) => format!("/{name}"),
        Token::Time(seconds, style) => time(*seconds, *style)?,
        Token::Guide(name) => format!("#{name}"),
        Token::Sound => "[sound]".to_owned(),
    })
}

/// A moment as a date. The style "3 days ago" would be true for a day only.
fn time(seconds: i64, style: Option<&str>) -> Option<String> {
    let at = DateTime::from_timestamp(seconds, 0)?;
    let format = match style {
        Some("d" | "D") => "%-d %B %Y",
        Some("t" | "T") => "%H:%M UTC",
        _ => "%-d %B %Y %H:%M UTC",
    };
    Some(at.format(format).to_string())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn known() -> Known {
        let mut known = Known {
            me: 10,
            my_role: Some(20),
            ..Known::default()
        };
        known.people.insert(11, "Captain Bo".into());
        known.roles.insert(21, "Crew".into());
        known.channels.insert(31, "general".into());
        known
    }

    #[rstest]
    #[case("<:pepelaugh:123> <a:party:2>", ":pepelaugh: :party:")]
    #[case("see <#31> and <#99>", "see #general and #unknown-channel")]
    #[case("ask <@&21> or <@&99>", "ask @Crew or @unknown-role")]
    #[case(
        "<@11> and <@!11> and <@99>",
        "@Captain Bo and @Captain Bo and @someone"
    )]
    #[case("use </persona list:1>", "use /persona list")]
    #[case("at <t:1618953630:R>", "at 20 April 2021 21:20 UTC")]
    #[case("on <t:1618953630:D>", "on 20 April 2021")]
    #[case("<t:99999999999999999>", "<t:99999999999999999>")]
    #[case("<id:guide> <sound:1:2>", "#guide [sound]")]
    #[case("`<@11>` is how", "`<@11>` is how")]
    #[case("> <@11>\nyes", "> @Captain Bo\nyes")]
    #[case(r"\<@11>", r"\<@11>")]
    #[case("<https://x.example> <nothing>", "<https://x.example> <nothing>")]
    #[case("\u{202e}gnirts\u{202c}\u{0}", "gnirts")]
    fn tokens_are_read_as_people_see_them(#[case] content: &str, #[case] expected: &str) {
        assert_eq!(shown(content, &known()), expected);
    }

    #[rstest]
    #[case("<@10> hello", "hello")]
    #[case("<@!10><@&20>  hello", "hello")]
    #[case("<@10>", "")]
    #[case("hello <@10>", "hello <@10>")]
    #[case("<@11> hello", "<@11> hello")]
    fn the_bots_own_mention_at_the_beginning_is_a_call(
        #[case] content: &str,
        #[case] expected: &str,
    ) {
        assert_eq!(without_call(content, &known()), expected);
    }

    #[rstest]
    #[case("> Orla, what?\nI said that", "I said that")]
    #[case("```\nOrla, run\n```", "")]
    #[case("`Orla`", "")]
    #[case("<:orla:1> hi", "\u{fffc} hi")]
    #[case("Orla, hi", "Orla, hi")]
    #[case("||Orla, hi||", "||Orla, hi||")]
    fn what_is_quoted_or_code_or_a_things_name_is_not_spoken(
        #[case] content: &str,
        #[case] expected: &str,
    ) {
        assert_eq!(spoken(content), expected);
    }

    #[test]
    fn only_what_a_text_names_needs_looking_up() {
        let mut named = Named::default();
        named.read("<@11> in <#31> for <@&21> <:wave:5>");
        let expected = Named {
            people: vec![11],
            roles: vec![21],
            channels: vec![31],
        };
        assert_eq!(named, expected);
    }
}
