//! Mentions stay readable and stop being mentions.

use std::sync::LazyLock;

use regex::Regex;

use crate::pattern::regex;

static MEMBER: LazyLock<Regex> = LazyLock::new(|| regex(r"<@!?[0-9]{1,25}>"));
static ROLE: LazyLock<Regex> = LazyLock::new(|| regex(r"<@&[0-9]{1,25}>"));
static CHANNEL: LazyLock<Regex> = LazyLock::new(|| regex(r"<#[0-9]{1,25}>"));
static COMMAND: LazyLock<Regex> = LazyLock::new(|| regex(r"</([^<>:\n]{1,100}):[0-9]{1,25}>"));
static PLACE: LazyLock<Regex> = LazyLock::new(|| regex(r"<id:([a-z\-]{1,20})(?::[0-9]{1,25})?>"));
static EVERYONE: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)@(everyone|here)"));

/// Names in place of ids, and a break that is not seen in `@everyone` and `@here`.
///
/// The zero-width space is the one invisible character that cleaning puts in: the words stay readable, and neither
/// Discord nor a client that highlights them takes them for a ping, even if someone quotes the message.
pub(super) fn quiet(text: &str) -> String {
    let text = MEMBER.replace_all(text, "@someone");
    let text = ROLE.replace_all(&text, "@role");
    let text = CHANNEL.replace_all(&text, "#channel");
    let text = COMMAND.replace_all(&text, "/$1");
    let text = PLACE.replace_all(&text, "$1");
    EVERYONE.replace_all(&text, "@\u{200b}$1").into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_mention_is_left_and_all_can_be_read() {
        assert_eq!(
            quiet("<@1> <@!22> <@&3> <#4> </ping:5> <id:customize> @everyone @Here @Mia"),
            "@someone @someone @role #channel /ping customize @\u{200b}everyone @\u{200b}Here @Mia"
        );
    }

    #[test]
    fn emoji_and_times_stay() {
        let text = "<:wave:123> <a:dance:456> <t:1700000000:R> I <3 you, me@home.example";
        assert_eq!(quiet(text), text);
    }
}
