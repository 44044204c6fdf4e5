//! What people's clients write for what they pick: "Message Formatting" in Discord's "API Reference". Mentions of people
//! are [`super::Person::mention`].

use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, CommandMarker, EmojiMarker, RoleMarker};

/// `#general`.
#[must_use]
pub fn channel(id: impl Into<Id<ChannelMarker>>) -> String {
    format!("<#{}>", id.into())
}

/// `@moderators`.
#[must_use]
pub fn role(id: Id<RoleMarker>) -> String {
    format!("<@&{id}>")
}

/// `/persona list`, to be clicked.
#[must_use]
pub fn command(path: &str, id: Id<CommandMarker>) -> String {
    format!("</{path}:{id}>")
}

/// A time in Unix seconds, with a style such as `R` (from now) or `F`.
#[must_use]
pub fn time(unix_seconds: i64, style: Option<char>) -> String {
    style.map_or_else(
        || format!("<t:{unix_seconds}>"),
        |style| format!("<t:{unix_seconds}:{style}>"),
    )
}

/// A custom emoji.
#[must_use]
pub fn emoji(name: &str, id: Id<EmojiMarker>, animated: bool) -> String {
    let mark = if animated { "a" } else { "" };
    format!("<{mark}:{name}:{id}>")
}

/// A place of the server's own pages: `customize`, `browse`, `guide`, `linked-roles`.
#[must_use]
pub fn guide(place: &str) -> String {
    format!("<id:{place}>")
}
