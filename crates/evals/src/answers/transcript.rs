//! What a run of `answers` wrote down: each message with its reply and prompt, and behind each talk what is known after it. It
//! can be judged again, when a rule is mended or another run is compared.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use familiar::answers::Judge;
use familiar::answers::judge::{Verdict, has_all};
use familiar::answers::relay::Asked;
use familiar::answers::script::{Kind, Script, Turn};
use familiar::answers::stage::{Exchange, Played};
use familiar::answers::tally::Tally;
use serde::{Deserialize, Serialize};

/// A line of a transcript.
#[derive(Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub(super) enum Entry {
    /// A message and its reply.
    Said(Said),
    /// The end of a talk.
    Known(Known),
}

/// A message and its reply; times in seconds, lengths in tokens.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Said {
    language: String,
    persona: String,
    say: String,
    reply: String,
    first: f64,
    whole: f64,
    input: Option<u64>,
    #[serde(default)]
    cached: Option<u64>,
    /// Whether what is asked for stood in the prompt, for whoever reads the transcript.
    prompted: Option<bool>,
    /// The same.
    verdict: String,
    prompt: Option<String>,
}

/// What is known after a talk.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Known {
    persona: String,
    /// About whom, and what.
    facts: Vec<(String, String)>,
    summary: String,
}

impl Entry {
    /// Of a message that was answered.
    pub(super) fn said(
        script: &Script,
        persona: &str,
        turn: &Turn,
        exchange: &Exchange,
        verdict: &Verdict,
    ) -> Self {
        let asked = exchange.asked.as_ref();
        let prompted = asked.filter(|_| turn.kind == Kind::Ask);
        Self::Said(Said {
            language: script.language.clone(),
            persona: persona.to_owned(),
            say: turn.say.clone(),
            reply: exchange.reply.clone(),
            first: exchange.first.as_secs_f64(),
            whole: exchange.whole.as_secs_f64(),
            input: asked.and_then(|asked| asked.input),
            cached: asked.and_then(|asked| asked.cached),
            prompted: prompted.map(|asked| has_all(&turn.needs, &asked.prompt)),
            verdict: format!("{verdict:?}"),
            prompt: asked.map(|asked| asked.prompt.clone()),
        })
    }

    /// Of the end of a talk.
    pub(super) fn known(persona: &str, played: &Played) -> Self {
        Self::Known(Known {
            persona: persona.to_owned(),
            facts: played.facts.clone(),
            summary: played.summary.clone(),
        })
    }
}

impl Said {
    fn exchange(self) -> Exchange {
        Exchange {
            reply: self.reply,
            first: Duration::from_secs_f64(self.first.max(0.0)),
            whole: Duration::from_secs_f64(self.whole.max(0.0)),
            asked: self.prompt.map(|prompt| Asked {
                prompt,
                in_schema: false,
                input: self.input,
                cached: self.cached,
            }),
            ..Exchange::default()
        }
    }
}

/// Judges what a transcript holds of these talks; a talk that was cut off counts as far as it goes.
pub(super) fn judge(path: &Path, script: &Script) -> anyhow::Result<Tally> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    let mut tally = Tally::default();
    let mut talk: Vec<Said> = vec![];
    for (number, line) in text.lines().enumerate() {
        let entry = serde_json::from_str(line);
        match entry.with_context(|| format!("line {} is no entry", number + 1))? {
            Entry::Said(said) if said.language == script.language => {
                let is_next = talk.last().is_none_or(|last| last.persona == said.persona);
                if !is_next {
                    count(script, std::mem::take(&mut talk), None, &mut tally)?;
                }
                talk.push(said);
            }
            Entry::Said(_) => {}
            Entry::Known(known) => {
                count(script, std::mem::take(&mut talk), Some(known), &mut tally)?;
            }
        }
    }
    count(script, talk, None, &mut tally)?;
    Ok(tally)
}

fn count(
    script: &Script,
    said: Vec<Said>,
    known: Option<Known>,
    tally: &mut Tally,
) -> anyhow::Result<()> {
    let Some(first) = said.first() else {
        return Ok(());
    };
    let talk = script
        .talks
        .iter()
        .find(|talk| talk.persona == first.persona);
    let mut talk = talk
        .with_context(|| format!("there is no talk with {}", first.persona))?
        .clone();
    talk.turns.truncate(said.len());
    let mut judge = Judge::of(&talk.persona, &script.language)?;
    let (mut played, mut verdicts) = (Played::default(), vec![]);
    for (turn, said) in talk.turns.iter().zip(said) {
        ensure!(
            turn.say == said.say,
            "the talks are others now: {}",
            said.say
        );
        let verdict = judge.hears(turn, &said.reply);
        tally.count(turn.kind, &verdict);
        verdicts.push(verdict);
        played.exchanges.push(said.exchange());
    }
    tally.count_talk(&talk, &played, &verdicts);
    if let Some(known) = known {
        tally.count_facts(&talk.person, &talk.turns, &known.facts);
    }
    Ok(())
}
