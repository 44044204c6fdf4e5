//! How a persona signs what it says: the name above a webhook's message, the line before the bot's, and the nonce that
//! makes a repeated send harmless.

use companion::speaker::Destination;

/// The longest name of a webhook's message, in characters.
/// <https://discord.com/developers/docs/resources/webhook#execute-webhook>
const NAME_MAX: usize = 80;
/// The shortest.
const NAME_MIN: usize = 2;
/// Words that Discord does not take in a webhook's name.
/// <https://discord.com/developers/docs/resources/webhook#create-webhook>
const FORBIDDEN: [&str; 2] = ["clyde", "discord"];
/// Splits a forbidden word so that people hardly see it.
const HAIR_SPACE: char = '\u{200A}';
/// Makes a name of one character long enough, unseen.
const UNSEEN: char = '\u{17B5}';
/// The name of a persona whose name holds nothing that can be shown.
const NAMELESS: &str = "Familiar";

/// A persona's name as Discord takes it above a message.
pub fn username(name: &str) -> String {
    let shown: String = name.chars().filter(|c| !c.is_control()).collect();
    let mut name = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    for word in FORBIDDEN {
        name = split_word(&name, word);
    }
    let mut name: String = name
        .chars()
        .take(NAME_MAX)
        .collect::<String>()
        .trim_end()
        .to_owned();
    if name.is_empty() {
        return NAMELESS.to_owned();
    }
    while name.chars().count() < NAME_MIN {
        name.push(UNSEEN);
    }
    name
}

/// What the bot's own account puts before a persona's words.
pub fn lead_in(name: &str) -> String {
    let mut line = String::from("**");
    for c in username(name).chars() {
        if matches!(c, '*' | '_' | '~' | '`' | '|' | '\\' | '<' | '[' | ']') {
            line.push('\\');
        }
        line.push(c);
    }
    line.push_str("**: ");
    line
}

/// The nonce of a part of a turn's reply; `sending` counts how often this part was deliberately sent anew. What an earlier
/// start of the bot had begun is deleted, and the nonce of a deleted message cannot be used for some minutes, so that each
/// start has its own. <https://github.com/discord/discord-api-docs/pull/6647>
/// At most 25 characters, as Discord wants. <https://discord.com/developers/docs/resources/message#create-message>
pub fn reply_nonce(turn: Destination, part: usize, sending: u8) -> String {
    let (message, start) = (turn.reply_to.get(), turn.again);
    format!("r{message:x}.{:x}.{start:x}{sending:x}", part & 0xfff)
}

/// The nonce of a part of a notice: the same words for the same message are the same notice.
pub fn notice_nonce(about: Destination, part: usize, text: &str) -> String {
    format!(
        "n{:x}.{:x}{:x}.{:04x}",
        about.reply_to.get(),
        about.again & 0xf,
        part & 0xf,
        fingerprint(text.as_bytes()) & 0xffff
    )
}

/// FNV-1a, folded: the same on every machine and in every version, since it names things that outlive this process.
pub fn fingerprint(bytes: &[u8]) -> u32 {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    // The upper bits of a short text's hash hardly differ.
    (hash ^ (hash >> 32)) as u32
}

/// Puts a hair space after the first letter of each `word` in `name`, whatever its case.
fn split_word(name: &str, word: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(c) = rest.chars().next() {
        out.push(c);
        if rest
            .get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word))
        {
            out.push(HAIR_SPACE);
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_name_stays_as_it_is() {
        assert_eq!(username("Mia"), "Mia");
        assert_eq!(username("  星野\n 小百合 "), "星野 小百合");
    }

    #[test]
    fn a_name_that_discord_forbids_still_reads_the_same() {
        let name = username("Discord Clyde");
        assert!(!name.to_lowercase().contains("discord") && !name.to_lowercase().contains("clyde"));
        assert_eq!(name.replace(HAIR_SPACE, ""), "Discord Clyde");
    }

    #[test]
    fn a_name_has_two_to_eighty_characters_whatever_the_card_says() {
        assert_eq!(username(&"龙".repeat(200)).chars().count(), NAME_MAX);
        assert_eq!(username("A").chars().count(), 2);
        assert_eq!(username("\u{0}\n"), NAMELESS);
        let long = format!("{}discord", "x".repeat(76));
        assert!(username(&long).chars().count() <= NAME_MAX);
    }

    #[test]
    fn a_name_cannot_break_out_of_its_bold_line() {
        assert_eq!(lead_in("Mia"), "**Mia**: ");
        assert_eq!(lead_in("M*i_a"), "**M\\*i\\_a**: ");
    }

    #[test]
    fn nonces_fit_and_differ_by_part_sending_and_words() {
        let most = Destination {
            guild: None,
            channel: 1.into(),
            parent: None,
            reply_to: u64::MAX.into(),
            again: 3,
        };
        let anew = Destination { again: 1, ..most };
        assert!(reply_nonce(most, 0xfff, 0xff).len() <= 25);
        assert!(notice_nonce(most, 15, "rest").len() <= 25);
        assert_ne!(reply_nonce(most, 0, 0), reply_nonce(most, 1, 0));
        assert_ne!(reply_nonce(most, 0, 0), reply_nonce(most, 0, 1));
        assert_ne!(reply_nonce(most, 0, 0), reply_nonce(anew, 0, 0));
        assert_ne!(notice_nonce(most, 0, "a"), notice_nonce(anew, 0, "a"));
        assert_ne!(notice_nonce(most, 0, "a"), notice_nonce(most, 0, "b"));
        assert_eq!(notice_nonce(most, 0, "a"), notice_nonce(most, 0, "a"));
    }
}
