//! What people say in a measurement: talks of one person with one persona, in which facts are told and asked for later, and
//! what a good answer has in it.

use serde::Deserialize;

const ENGLISH: &str = include_str!("talks/en.json");
const CHINESE: &str = include_str!("talks/zh.json");

/// The talks of one language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// `en` or `zh`.
    pub language: String,
    /// Talks that know nothing of each other.
    pub talks: Vec<Talk>,
}

/// A person talks with a persona.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Talk {
    /// The persona's short name.
    pub persona: String,
    /// What the person is called.
    pub person: String,
    /// What they say, in order.
    pub turns: Vec<Turn>,
}

/// What a message is for.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The person tells something of themselves.
    Tell,
    /// They ask for it later.
    Ask,
    /// They claim that something was said which nobody said.
    False,
    /// They ask for a thing of theirs, where the persona's world has a thing of that kind.
    Trap,
    /// They just talk.
    Talk,
}

/// One message of the person.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    /// Its words.
    pub say: String,
    /// What it is for.
    pub kind: Kind,
    /// What it tells.
    #[serde(default)]
    pub facts: Vec<Told>,
    /// The fact that it asks for.
    #[serde(default)]
    pub fact: Option<String>,
    /// A good answer has one word of each group.
    #[serde(default)]
    pub needs: Vec<Vec<String>>,
    /// Patterns of an answer in which the persona takes the person's thing for its own.
    #[serde(default)]
    pub swap: Vec<String>,
    /// Patterns of an answer that takes the claim for true.
    #[serde(default)]
    pub accepts: Vec<String>,
    /// Patterns of an answer that does not.
    #[serde(default)]
    pub declines: Vec<String>,
    /// Words of the persona's world that are no answer here.
    #[serde(default)]
    pub lore: Vec<String>,
}

/// Something that a person tells of themselves.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// By which questions name it.
    pub id: String,
    /// In the third person.
    pub text: String,
    /// The words that make it.
    pub words: Vec<String>,
}

/// The bundled talks in a language; `None` where there are none.
///
/// # Errors
/// If they cannot be read.
pub fn bundled(language: &str) -> Option<serde_json::Result<Script>> {
    let text = match language {
        "en" => ENGLISH,
        "zh" => CHINESE,
        _ => return None,
    };
    Some(serde_json::from_str(text))
}

impl Talk {
    /// The fact of this id.
    #[must_use]
    pub fn told(&self, id: &str) -> Option<&Told> {
        self.turns
            .iter()
            .flat_map(|turn| &turn.facts)
            .find(|told| told.id == id)
    }
}
