//! One reply in the making: to which message, by which persona, and what the house adds to the model's words.

use chrono::Days;
use ledger::Spender;
use provider::{ProviderError, Stop};
use safety::identity;
use safety::language::Language;
use store::id::ScopeId;

use crate::cast::Persona;
use crate::house::House;
use crate::incoming::Incoming;
use crate::length;
use crate::speak::Streamed;
use crate::texts;
use crate::voiceless::{self, Why};

/// A reply in the making.
pub(crate) struct Reply<'a> {
    pub(crate) message: &'a Incoming,
    pub(crate) persona: &'a Persona,
    pub(crate) language: Language,
}

/// How a reply ends: the persona's words, and the house's lines around them.
pub(crate) struct Ending {
    /// What the persona said; empty where it said nothing that can be remembered.
    pub(crate) said: String,
    /// Stands before it.
    truth: String,
    /// Small lines after it.
    after: Vec<String>,
}

impl Reply<'_> {
    /// Whose memory, and where.
    pub(crate) fn scope(&self) -> ScopeId {
        let Incoming { guild, channel, .. } = *self.message;
        ScopeId {
            guild,
            channel,
            persona: self.persona.id,
        }
    }

    /// For whom it is paid, and where.
    pub(crate) fn spender(&self) -> Spender {
        Spender {
            guild: self.message.guild,
            channel: Some(self.message.parent.unwrap_or(self.message.channel)),
            member: self.message.author.id,
        }
    }

    /// The truth, to stand before whatever the model says, if the person asks whether they talk with a human.
    pub(crate) fn truth_if_asked(&self) -> String {
        match identity::asks_if_human(&self.message.text) {
            true => format!(
                "{}\n",
                identity::truthful_line(&self.persona.name, self.language)
            ),
            false => String::new(),
        }
    }

    /// Decides what is shown in the end: the words, or a line that says why there are none, and what the house adds.
    pub(crate) async fn ending(
        &self,
        house: &House,
        streamed: &Streamed,
        read_in_part: Option<usize>,
    ) -> Ending {
        let (name, language) = (&self.persona.name, self.language);
        let mut after = vec![];
        let mut truth = String::new();
        let said = match (&streamed.finished.result, streamed.text.is_empty()) {
            (result, false) => {
                if identity::denies_being_ai(&streamed.text, name) {
                    truth = format!("{}\n", identity::truthful_line(name, language));
                }
                if let Some(beginning) = length::too_long(&streamed.text) {
                    after.push(texts::cut_short(language).to_owned());
                    beginning
                } else {
                    after.extend(voiceless::break_in(result).map(|why| {
                        note(result, "a reply broke off", false);
                        why.broke_off(language).to_owned()
                    }));
                    streamed.text.clone()
                }
            }
            (result, true) => {
                note(result, "the model gave no reply", true);
                let why = match result {
                    Ok(stop) => Why::of_stop(stop),
                    Err(error) => Why::of(error),
                };
                after.push(why.line(name, language));
                String::new()
            }
        };
        after.extend(read_in_part.map(|characters| texts::read_in_part(characters, language)));
        if self.is_first_today(house).await {
            after.push(format!("-# {}", safety::notice::notice(name, language)));
        }
        Ending { said, truth, after }
    }

    /// Whether this is the person's first contact here today, in the instance's zone. If that cannot be read, the
    /// notice is shown once too often rather than not at all.
    async fn is_first_today(&self, house: &House) -> bool {
        let day = house
            .clock
            .now()
            .with_timezone(&house.manner.zone)
            .date_naive();
        let due = house
            .store
            .notice_due(self.message.author.id, self.message.channel, day)
            .await
            .unwrap_or(true);
        if due && let Some(last_week) = day.checked_sub_days(Days::new(7)) {
            // Old notices have no further use; whoever gets a new one sweeps.
            let _ = house.store.prune_notices(last_week).await;
        }
        due
    }
}

impl Ending {
    /// What of the persona's words stands in what people can read, where that is not all that was to be shown.
    pub(crate) fn said_in(&self, before: &str, shown: &str) -> String {
        let truth = self.truth_or(before).trim_end();
        let words = shown.strip_prefix(truth).unwrap_or(shown);
        words.trim().to_owned()
    }

    fn truth_or<'a>(&'a self, before: &'a str) -> &'a str {
        match before.is_empty() {
            true => &self.truth,
            false => before,
        }
    }

    /// All that is shown. `before` is what already stands before the words.
    pub(crate) fn whole(&self, before: &str) -> String {
        let truth = self.truth_or(before);
        let lines = self.after.join("\n");
        match (self.said.is_empty(), lines.is_empty()) {
            (true, _) => format!("{before}{lines}"),
            (false, true) => format!("{truth}{}", self.said),
            (false, false) => format!("{truth}{}\n{lines}", self.said),
        }
    }
}

/// The cause and what mends it, for whoever runs the bot: people are told neither.
fn note(result: &Result<Stop, ProviderError>, what: &str, without_words: bool) {
    match result {
        Ok(stop) => {
            let mend = voiceless::mend(stop, without_words);
            tracing::warn!(?stop, mend, "{what}");
        }
        Err(error) => tracing::warn!(%error, "{what}"),
    }
}
