//! Whether a model is a companion: talks in which facts are told and asked for, played through the bot as it is, and judged
//! by rules. `evals answers` plays them all; `familiar check --talk` plays some on the operator's own model.

pub mod judge;
pub mod relay;
pub mod script;
pub mod stage;
pub mod tally;
pub mod words;

use std::collections::HashMap;

use anyhow::Context as _;

use judge::{Background, Habits, Verdict};
use script::Talk;
use stage::{Played, Staging};
use tally::Tally;

/// The habits of the bundled personas.
const HABITS: &str = include_str!("talks/habits.json");

/// Judges the replies of one talk, each against what was said before it.
pub struct Judge {
    habits: Habits,
    card: String,
    before: Vec<String>,
    language: String,
}

impl Judge {
    /// For a talk with this persona in this language.
    ///
    /// # Errors
    /// If there is no such persona.
    pub fn of(persona: &str, language: &str) -> anyhow::Result<Self> {
        let mut all: HashMap<String, Habits> =
            serde_json::from_str(HABITS).context("the personas' habits cannot be read")?;
        Ok(Self {
            habits: all.remove(persona).unwrap_or_default(),
            card: card(persona)?,
            before: vec![],
            language: language.to_owned(),
        })
    }

    /// What the rules say of the next reply.
    pub fn hears(&mut self, turn: &script::Turn, reply: &str) -> Verdict {
        let background = Background {
            habits: &self.habits,
            card: &self.card,
            before: &self.before,
            language: &self.language,
        };
        let verdict = judge::judge(turn, reply, &background);
        self.before.push(reply.to_owned());
        verdict
    }
}

/// Plays a talk, counts what it came to, and tells of each message as it is answered.
///
/// # Errors
/// If the bot does not start or gives no answer.
pub async fn play(
    talk: &Talk,
    language: &str,
    staging: &Staging,
    tally: &mut Tally,
    mut told: impl FnMut(&script::Turn, &stage::Exchange, &Verdict),
) -> anyhow::Result<Played> {
    let mut judge = Judge::of(&talk.persona, language)?;
    let mut verdicts = vec![];
    let played = stage::play(talk, staging, |at, exchange| {
        let turn = &talk.turns[at];
        let verdict = judge.hears(turn, &exchange.reply);
        tally.count(turn.kind, &verdict);
        told(turn, exchange, &verdict);
        verdicts.push(verdict);
    })
    .await?;
    tally.count_talk(talk, &played, &verdicts);
    tally.count_facts(&talk.person, &talk.turns, &played.facts);
    Ok(played)
}

/// What a bundled persona's card says of it.
fn card(slug: &str) -> anyhow::Result<String> {
    let bundled = persona::bundled::by_slug(slug);
    let bundled = bundled.with_context(|| format!("there is no bundled persona {slug}"))?;
    let card: serde_json::Value = serde_json::from_slice(bundled.json)?;
    let field = |name: &str| {
        let text = card.pointer(&format!("/data/{name}"))?;
        text.as_str()
    };
    let fields = ["description", "personality", "system_prompt"];
    let texts: Vec<&str> = fields.into_iter().filter_map(field).collect();
    Ok(texts.join("\n").replace("{{char}}", bundled.card.called()))
}
