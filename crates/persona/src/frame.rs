//! The stable part of a persona's prompt: who it is, how it talks, and nothing that changes from message to message.
//!
//! The same card and the same [`Scene`] give the same text, so that a provider's prefix cache hits. Take a seed for the scene
//! that stays the same in a conversation, and expand greetings and lore with one that changes.

mod fit;
mod house;

use crate::card::{Card, Examples};
use crate::macros::{self, Scene};
use house::House;

pub use fit::fit;

/// What a section of the frame is about, in the order of the prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Whose part the model plays: the name. Never cut.
    Identity,
    /// How to play it: the card's system prompt, or the house's. Cut last.
    Instruction,
    /// Who the character is.
    Description,
    /// What it is like.
    Personality,
    /// Where and in what circumstances it talks.
    Scenario,
    /// One example dialogue. Cut first.
    Example,
}

/// One section of the frame, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What it is about.
    pub part: Part,
    /// A title for people who look at a prompt. The text does not need it.
    pub title: &'static str,
    /// The text, macros expanded.
    pub text: String,
}

/// The sections of the card's frame with these of its examples, without empty ones.
#[must_use]
pub fn frame(card: &Card, examples: &Examples, scene: &Scene<'_>) -> Vec<Section> {
    let house = House::of(card);
    let instruction = over_house(card.system_prompt(), house.instruction, scene);
    let told = |lead: &str, text: &str| {
        let text = text.trim();
        if text.is_empty() {
            String::new()
        } else {
            macros::expand(&format!("{lead}{text}"), scene)
        }
    };
    let mut sections = vec![
        Section {
            part: Part::Identity,
            title: "Identity",
            text: macros::expand(house.identity, scene),
        },
        Section {
            part: Part::Instruction,
            title: "Instruction",
            text: instruction,
        },
        Section {
            part: Part::Description,
            title: "Description",
            text: told(house.description, card.description()),
        },
        Section {
            part: Part::Personality,
            title: "Personality",
            text: told(house.personality, card.personality()),
        },
        Section {
            part: Part::Scenario,
            title: "Scenario",
            text: told(house.scenario, card.scenario()),
        },
    ];
    // The lead stands on the first example only: the last one is given up first, so it never goes before the others.
    let lead = macros::expand(house.example, scene);
    sections.extend(
        examples
            .dialogues
            .iter()
            .enumerate()
            .map(|(at, dialogue)| Section {
                part: Part::Example,
                title: "Example",
                text: format!(
                    "{}{}",
                    if at == 0 { lead.as_str() } else { "" },
                    dialogue.render(scene)
                ),
            }),
    );
    sections.retain(|section| !section.text.trim().is_empty());
    sections
}

/// What stands after the history: the card's own instructions, or the house's short reminder.
#[must_use]
pub fn post_history(card: &Card, scene: &Scene<'_>) -> String {
    over_house(
        card.post_history_instructions(),
        House::of(card).reminder,
        scene,
    )
}

/// A greeting with its macros expanded: the first one, or an alternate, counted on past the last one from the start again.
#[must_use]
pub fn greeting(card: &Card, index: usize, scene: &Scene<'_>) -> Option<String> {
    let greetings: Vec<&str> = card.greetings().collect();
    let chosen = greetings.get(index.checked_rem(greetings.len())?)?;
    Some(macros::expand(chosen, scene))
}

/// The card's text in the place of the house's, to which it can refer by `{{original}}`; the house's if the card has none.
fn over_house(own: &str, house: &str, scene: &Scene<'_>) -> String {
    let house = macros::expand(house, scene);
    if own.trim().is_empty() {
        house
    } else {
        macros::expand_with_original(own.trim(), scene, &house)
    }
}
