//! Invitations to other servers are removed, however they are written.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

use crate::language::{self, Language};
use crate::normalize::look_alike;
use crate::pattern::regex;

const REMOVED: &str = "(invite removed)";
const REMOVED_CHINESE: &str = "（邀请链接已移除）";

/// What may stand between two letters: formatting that Discord does not show, or a space.
const NOISE: &str = r"[ *_~|`\\]{0,3}";

/// Hosts that are nothing but invitations, as they are spoken; `discord.com` needs `/invite/` behind it.
const HOSTS: &[&str] = &[
    "discord.gg",
    "discord.com/invite",
    "discordapp.com/invite",
    "dsc.gg",
    "invite.gg",
    "discord.me",
    "discord.io",
    "discord.link",
];

static INVITE: LazyLock<Regex> = LazyLock::new(|| {
    let hosts = HOSTS
        .iter()
        .map(|host| spoken(host))
        .collect::<Vec<_>>()
        .join("|");
    let scheme = format!(r"<?(?:h[tx]{{2}}ps?{NOISE}:{NOISE}/{NOISE}/{NOISE})?");
    let slash = spoken("/");
    let code = r"[./#?\\]*[a-z0-9][^\s()<>\[\]]*>?";
    // The second form is a path that hides its letters as %69; the third opens the app itself.
    regex(&format!(
        r"{scheme}(?:www\.|ptb\.|canary\.)?(?:{hosts}){slash}{code}|{scheme}(?:www\.)?discord(?:app)?\.(?:com|gg)/[^\s()<>]*%[0-9a-f]{{2}}[^\s()<>]*>?|<?discord:/{{2,}}[^\s()<>]*>?"
    ))
});

static UNFINISHED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"<?(?:https?://(?:www\.)?)?(?:disc(?:o(?:r(?:d(?:app)?)?)?)?|dsc|invite|discord(?:app)?\.(?:g|gg|m|me|i|io|l|li|lin|link|c|co|com|com/(?:i(?:n(?:v(?:i(?:t(?:e)?)?)?)?)?)?)|dsc\.gg?|invite\.gg?)[./]*\z",
    )
});

/// A host with noise between its letters, "(dot)" for a dot and "slash" for a slash.
fn spoken(host: &str) -> String {
    let letter = |c: char| match c {
        '.' => r"(?:\.|[(\[{]dot[)\]}]|\bdot\b)".to_owned(),
        '/' => r"(?:[/\\]|%2f|[(\[{]slash[)\]}]|\bslash\b)+".to_owned(),
        letter => letter.to_string(),
    };
    let letters: Vec<String> = host.chars().map(letter).collect();
    if host.len() == 1 {
        format!("{NOISE}{}{NOISE}", letters[0])
    } else {
        letters.join(NOISE)
    }
}

/// Removes invitations and says so in their place.
pub(super) fn remove(text: &str) -> String {
    let (folded, places) = folded(text);
    // Cheaper than the pattern, and true of nearly every text.
    let letters: String = folded
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .collect();
    if !["discord", "dscgg", "dscdotgg", "invitegg", "invitedotgg"]
        .iter()
        .any(|host| letters.contains(host))
    {
        return text.to_owned();
    }
    let removed = if language::of(text) == Language::Chinese {
        REMOVED_CHINESE
    } else {
        REMOVED
    };
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for found in INVITE.find_iter(&folded) {
        kept.push_str(&text[from..places[found.start()]]);
        kept.push_str(removed);
        from = places[found.end()];
    }
    kept.push_str(&text[from..]);
    kept.replace(&format!("({removed})"), removed)
}

/// Where an invitation begins that is not all there yet.
pub(super) fn unfinished(text: &str) -> Option<usize> {
    let (folded, places) = folded(text);
    UNFINISHED.find(&folded).map(|found| places[found.start()])
}

/// One ASCII byte for each character, the letter that it looks like, and the byte where each character begins in
/// `text` (with the end of the text behind the last), so that a match can be found again in the original.
fn folded(text: &str) -> (String, Vec<usize>) {
    let mut bytes = String::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len() + 1);
    for (at, c) in text.char_indices() {
        places.push(at);
        if c.is_ascii() {
            bytes.push(c.to_ascii_lowercase());
            continue;
        }
        if language::is_han(c) {
            bytes.push('\u{1}');
            continue;
        }
        let plain = match c {
            '。' | '｡' | '·' | '․' | '•' => '.',
            '⁄' | '∕' | '⧸' => '/',
            _ => std::iter::once(c).nfkc().next().unwrap_or(c),
        };
        let lower = plain.to_lowercase().next().unwrap_or(plain);
        let letter = look_alike(lower);
        bytes.push(if letter.is_ascii() { letter } else { '\u{1}' });
    }
    places.push(text.len());
    (bytes, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_is_removed_however_it_is_written() {
        for invite in [
            "discord.gg/abc",
            "https://discord.gg/abc-DEF",
            "http://www.discord.gg/abc",
            "<https://discord.gg/abc>",
            "discord.com/invite/abc",
            "https://discordapp.com/invite/abc?event=1",
            "DISCORD.GG/ABC",
            "discord . gg / abc",
            "discord(dot)gg/abc",
            "discord[.]gg/abc".replace("[.]", "[dot]").as_str(),
            "discord dot gg slash abc",
            "d i s c o r d . g g / abc",
            "discord**.**gg/abc",
            "discord\\.gg/abc",
            "discоrd.gg/abc",
            "ｄｉｓｃｏｒｄ．ｇｇ／ａｂｃ",
            "ᴅɪꜱᴄᴏʀᴅ.ɢɢ/abc",
            "discord。gg/abc",
            "hxxps://discord.gg/abc",
            "https://discord.com/%69nvite/abc",
            "discord://-/invite/abc",
            "dsc.gg/abc",
            "discord.gg//abc",
            "discord.me/abc",
            "discord.gg/邀请a",
        ] {
            let text = format!("come to {invite} now");
            let clean = remove(&text);
            if invite.contains("邀请") {
                continue; // no code of Discord's: nothing to join
            }
            assert_eq!(clean, format!("come to {REMOVED} now"), "{invite}");
        }
    }

    #[test]
    fn talk_about_discord_stays() {
        for text in [
            "I like discord. gg everyone, well played",
            "discord.com/channels/1/2",
            "https://discord.com/developers/docs",
            "the invite/reply button",
            "a discord of notes",
            "harmony/discord",
            "gg/wp",
        ] {
            assert_eq!(remove(text), text);
        }
    }

    #[test]
    fn the_place_is_marked_once_and_in_the_language_of_the_text() {
        assert_eq!(
            remove("join (https://discord.gg/abc)"),
            "join (invite removed)"
        );
        assert_eq!(
            remove("来我的新家玩吧，大家都在等你：discord.gg/abc"),
            "来我的新家玩吧，大家都在等你：（邀请链接已移除）"
        );
    }
}
