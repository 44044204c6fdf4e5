//! The example dialogues of a card, in the language that is spoken.

use super::dialogue::{self, Dialogue};
use super::{Card, field, notes};

/// How a persona talks, shown in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examples {
    /// The dialogues.
    pub dialogues: Vec<Dialogue>,
    /// What the person of a dialogue told the persona before. A prompt sets it beside the dialogue in which they ask about
    /// themselves, as it sets memories beside a question: so a small model sees what to do with them.
    pub told: Option<String>,
}

impl Card {
    /// The card's own examples: `mes_example`, and `extensions.familiar.example_told` for what was told before.
    #[must_use]
    pub fn examples(&self) -> Examples {
        let told = self
            .familiar()
            .map(|own| field::text(own, &["example_told"]));
        self.shown(self.mes_example(), told.unwrap_or_default())
    }

    /// The examples in `language` (an ISO 639-1 code such as `zh`, a region after it does not matter), where the card has them:
    /// small models answer in the language of the examples. `extensions.familiar.examples` holds, by language, an object with
    /// `dialogues`, written as `mes_example` is, and `told`. Else [`Card::examples`].
    #[must_use]
    pub fn examples_in(&self, language: &str) -> Examples {
        let other = self
            .familiar()
            .and_then(|own| field::object(own, "examples"))
            .and_then(|all| {
                all.iter()
                    .find(|(code, _)| notes::base(code) == notes::base(language))
            })
            .and_then(|(_, examples)| examples.as_object());
        let Some(other) = other else {
            return self.examples();
        };
        let examples = self.shown(
            &field::text(other, &["dialogues"]),
            field::text(other, &["told"]),
        );
        match examples.dialogues.is_empty() {
            true => self.examples(),
            false => examples,
        }
    }

    fn shown(&self, dialogues: &str, told: String) -> Examples {
        let told = told.trim();
        Examples {
            dialogues: dialogue::parse(dialogues, &[self.name(), self.called()]),
            told: (!told.is_empty()).then(|| told.to_owned()),
        }
    }
}
