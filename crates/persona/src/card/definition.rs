//! The fields of a card that are text or lists of text, under all the names they have had.

use super::field::{self, Object};

/// The texts that are asked for again and again, read once.
#[derive(Default)]
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) nickname: String,
    pub(super) description: String,
    pub(super) personality: String,
    pub(super) scenario: String,
    pub(super) first_mes: String,
    pub(super) mes_example: String,
    pub(super) system_prompt: String,
    pub(super) post_history_instructions: String,
    pub(super) creator: String,
    pub(super) character_version: String,
    pub(super) alternate_greetings: Vec<String>,
    pub(super) group_only_greetings: Vec<String>,
    pub(super) tags: Vec<String>,
    pub(super) source: Vec<String>,
}

impl Definition {
    /// Own field names first, then those of older programs.
    pub(super) fn read(card: &Object) -> Self {
        let text = |names: &[&str]| field::text(card, names);
        let name = match text(&["name"]) {
            blank if blank.trim().is_empty() => text(&["char_name"]),
            name => name,
        };
        Self {
            name: name.trim().to_owned(),
            nickname: text(&["nickname"]).trim().to_owned(),
            description: text(&["description", "char_persona"]),
            personality: text(&["personality"]),
            scenario: text(&["scenario", "world_scenario"]),
            first_mes: text(&["first_mes", "char_greeting"]),
            mes_example: text(&["mes_example", "example_dialogue"]),
            system_prompt: text(&["system_prompt"]),
            post_history_instructions: text(&["post_history_instructions"]),
            creator: text(&["creator"]),
            character_version: text(&["character_version"]),
            alternate_greetings: field::list(card, &["alternate_greetings"]),
            group_only_greetings: field::list(card, &["group_only_greetings"]),
            tags: field::comma_list(card, &["tags"]),
            source: field::list(card, &["source"]),
        }
    }
}
