//! What else is to be known of memory here, said under the pages of `/memory show`: what a persona reads beyond its memory
//! of the place, and whether the person has paused it.

use std::fmt::Write;

use companion::cast::Seat;
use companion::reach::parent_scope;
use companion::{Companion, House};
use store::id::{PersonaId, ScopeId};

use super::{consent, facts};
use crate::Error;
use crate::texts::{Locale, say};

/// Discord's limit of a message, <https://discord.com/developers/docs/resources/message#create-message>.
const LONGEST: usize = 2_000;
/// Room for a line that says how many there are more.
const FOR_MORE: usize = 60;

/// Adds the line that there is a summary, which others' words are in as well, where there is room.
pub(crate) async fn mention_summary(
    text: &mut String,
    house: &House,
    scope: &ScopeId,
    locale: Locale,
) -> Result<(), Error> {
    if house.memory.summary(scope).await?.is_none() {
        return Ok(());
    }
    let line = say!(locale, "summary-there-is");
    if text.chars().count() + line.chars().count() < LONGEST {
        let _ = write!(text, "\n{line}");
    }
    Ok(())
}

/// Adds that the person has paused memory here, what the persona knows of them from other channels, if `facts` are
/// shown, and that it reads the channel above.
pub(crate) async fn add(
    text: &mut String,
    companion: &Companion,
    seat: Seat,
    persona: (PersonaId, &str),
    with_facts: bool,
    locale: Locale,
) -> Result<(), Error> {
    let (id, name) = persona;
    if let Some(by) = consent::paused_by(companion.house(), seat).await? {
        let channel = format!("<#{by}>");
        let line = match by == seat.channel {
            true => say!(locale, "memory-is-paused"),
            false => say!(locale, "memory-is-paused-above", channel: channel),
        };
        let _ = write!(text, "\n\n{line}");
    }
    if let Some(parent) = parent_scope(companion.house(), seat, id).await? {
        let channel = format!("<#{}>", parent.channel);
        let line = say!(locale, "threads-read-here", name: name, channel: channel);
        let _ = write!(text, "\n\n{line}");
    }
    let known = match with_facts {
        true => companion.profile(seat, id).await?,
        false => vec![],
    };
    if known.is_empty() {
        return Ok(());
    }
    let _ = write!(text, "\n\n{}", say!(locale, "profile-title", name: name));
    for (shown, fact) in known.iter().enumerate() {
        let channel = format!("<#{}>", fact.scope.channel);
        let from = say!(locale, "fact-from", channel: channel);
        let line = format!("\n{} {from}", facts::line(fact, locale));
        if text.chars().count() + line.chars().count() + FOR_MORE > LONGEST {
            let more = say!(locale, "profile-more", count: known.len() - shown);
            let _ = write!(text, "\n{more}");
            break;
        }
        text.push_str(&line);
    }
    Ok(())
}
