//! Yes and no in queries: discord.py writes `1`, discord.js `true`, and Discord takes both.

use serde::{Deserialize, Deserializer};

/// For `#[serde(default, deserialize_with = "truth::read")]`; any other word counts as no, as at Discord.
pub fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    let word = String::deserialize(deserializer)?;
    Ok(Some(matches!(word.to_lowercase().as_str(), "1" | "true")))
}
