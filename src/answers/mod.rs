//! Whether a model is a companion: talks in which facts are told and asked for, played through the bot as it is, and judged
//! by rules. `evals answers` plays them all; `familiar check --talk` plays some on the operator's own model.

pub mod judge;
pub mod relay;
pub mod script;
pub mod stage;
pub mod tally;
pub mod words;

use anyhow::Context as _;

use judge::{Background, Habits, Verdict};
use script::Talk;
use stage::{Played, Staging};
use tally::Tally;

/// The habits of the bundled personas.
const HABITS: &str = include_str!("talks/habits.json");

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
    let all: std::collections::HashMap<String, Habits> =
        serde_json::from_str(HABITS).context("the personas' habits cannot be read")?;
    let habits = all.get(&talk.persona).cloned().unwrap_or_default();
    let card = card(&talk.persona)?;
    let (mut before, mut verdicts) = (vec![], vec![]);
    let played = stage::play(talk, staging, |at, exchange| {
        let background = Background {
            habits: &habits,
            card: &card,
            before: &before,
            language,
        };
        let turn = &talk.turns[at];
        let verdict = judge::judge(turn, &exchange.reply, &background);
        tally.count(turn.kind, &verdict);
        told(turn, exchange, &verdict);
        before.push(exchange.reply.clone());
        verdicts.push(verdict);
    })
    .await?;
    tally.count_talk(talk, &played, &verdicts);
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
