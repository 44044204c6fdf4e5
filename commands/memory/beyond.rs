//! What a persona also reads here, beyond its memory of the place: said under the pages of `/memory show`.

use std::fmt::Write;

use companion::cast::Seat;
use companion::reach::parent_scope;
use companion::{Companion, House};
use store::id::{PersonaId, ScopeId};

use super::facts;
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

/// Adds what the persona knows of the person from other channels, if `facts` are shown, and that it reads the channel
/// above.
pub(crate) async fn add(
    text: &mut String,
    companion: &Companion,
    seat: Seat,
    persona: (PersonaId, &str),
    with_facts: bool,
    locale: Locale,
) -> Result<(), Error> {
    let (id, name) = persona;
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
