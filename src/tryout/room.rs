//! The room in which a trial takes place: a server with one channel and one person, seen through that person's eyes.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use anyhow::Context as _;
use companion::{Closed, Companion};
use discord_sim::Sim;
use discord_sim::actor::{Channel, Person};
use discord_sim::state::StoredMessage;
use tokio::sync::broadcast;
use twilight_model::channel::message::Component;
use twilight_model::id::Id;
use twilight_model::id::marker::MessageMarker;

use super::line::Slash;

/// A bot that takes longer than this to come up will not come up.
const START: Duration = Duration::from_secs(30);
/// A tiny model on a busy machine is slow; a reply that takes longer than this is none.
pub(super) const REPLY: Duration = Duration::from_secs(900);

/// The room.
pub(super) struct Room {
    sim: Sim,
    pub(super) channel: Channel,
    pub(super) person: Person,
    shown: std::sync::Mutex<HashSet<Id<MessageMarker>>>,
}

/// A line on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Who speaks.
    pub(super) who: String,
    /// What is seen of the message.
    pub(super) text: String,
}

impl Room {
    /// A server with a channel and its owner.
    pub(super) fn furnish(sim: &Sim) -> anyhow::Result<Self> {
        let name = std::env::var("USER")
            .ok()
            .filter(|name| !name.is_empty() && name != "root");
        let guild = sim.add_guild("The house");
        let person = guild.owner.clone();
        guild.set_nick(&person, Some(name.as_deref().unwrap_or("You")));
        let channel = guild.add_channel("living-room");
        Ok(Self {
            sim: sim.clone(),
            channel,
            person,
            shown: Default::default(),
        })
    }

    /// Waits until the bot is there, and makes the channel one in which every message is answered.
    pub(super) async fn wait_for_bot(&self) -> anyhow::Result<()> {
        self.sim
            .wait_ready(START)
            .await
            .context("the bot did not connect")?;
        self.sim
            .wait_for_commands(START)
            .await
            .context("the bot's commands did not come")?;
        let mode = self
            .person
            .command(&self.channel, "chat mode", &[("mode", "active")])?;
        let answered = mode.response().await?;
        self.shown().insert(answered.message.id);
        Ok(())
    }

    /// The commands as the client offers them here.
    pub(super) fn commands(&self) -> Vec<twilight_model::application::command::Command> {
        self.person.commands(&self.channel)
    }

    /// Says something, and waits until the bot is done with it. `Ok(false)`: there was no answer.
    pub(super) async fn say(&self, companion: &Companion, text: &str) -> anyhow::Result<bool> {
        let mut closings = companion.closings();
        let message = self.person.say(&self.channel, &self.with_mentions(text))?;
        self.shown().insert(message);
        let closed = Closed::of(message.get().into(), &mut closings);
        let closed = tokio::time::timeout(REPLY, closed).await.ok().flatten();
        Ok(closed.is_some_and(|closed| !closed.answer.is_empty()))
    }

    /// Uses a slash command and waits for its answer.
    pub(super) async fn slash(&self, slash: &Slash) -> anyhow::Result<()> {
        let arguments = slash
            .options
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().into()))
            .collect();
        let handle = self
            .person
            .command_with(&self.channel, &slash.path.join(" "), &arguments)?;
        handle
            .response()
            .await
            .context("the command got no answer")?;
        Ok(())
    }

    /// Presses the button with this number on the last message that has any.
    pub(super) async fn press(&self, number: usize) -> anyhow::Result<()> {
        let messages = self.messages();
        let with_buttons = messages
            .iter()
            .rev()
            .find(|stored| !buttons(stored).is_empty());
        let stored = with_buttons.context("There is no button to press.")?;
        let all = buttons(stored);
        let (_, id) = number
            .checked_sub(1)
            .and_then(|index| all.get(index))
            .with_context(|| format!("There are buttons 1 to {}.", all.len()))?;
        let handle = self.person.click(&self.channel, stored.message.id, id)?;
        handle
            .response()
            .await
            .context("the button got no answer")?;
        self.shown().remove(&stored.message.id);
        Ok(())
    }

    /// What is new on the screen since the last look, without the person's own messages.
    pub(super) fn news(&self) -> Vec<Line> {
        let mut shown = self.shown();
        self.messages()
            .iter()
            .filter(|stored| shown.insert(stored.message.id))
            .map(line)
            .collect()
    }

    /// Every message that the person sees, with its text now.
    pub(super) fn texts(&self) -> HashMap<u64, Line> {
        self.messages()
            .iter()
            .map(|stored| (stored.message.id.get(), line(stored)))
            .collect()
    }

    /// News of the world, to look again at every change.
    pub(super) fn changes(&self) -> broadcast::Receiver<discord_sim::state::observed::Observed> {
        self.sim.observe()
    }

    /// Marks a message as shown.
    pub(super) fn mark(&self, id: u64) {
        if let Some(id) = Id::new_checked(id) {
            self.shown().insert(id);
        }
    }

    /// Whether a message was shown already.
    pub(super) fn is_shown(&self, id: u64) -> bool {
        Id::new_checked(id).is_some_and(|id| self.shown().contains(&id))
    }

    fn messages(&self) -> Vec<StoredMessage> {
        let me = self.person.id;
        let mut messages = self.sim.messages(&self.channel);
        messages.retain(|stored| {
            stored.message.author.id != me && stored.only_for.is_none_or(|only| only == me)
        });
        messages
    }

    /// `@Familiar` is typed; the client sends the account's mention.
    fn with_mentions(&self, text: &str) -> String {
        text.replace("@Familiar", &self.sim.bot_mention())
    }

    fn shown(&self) -> std::sync::MutexGuard<'_, HashSet<Id<MessageMarker>>> {
        self.shown
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// What is seen of a message: text, embeds, buttons.
fn line(stored: &StoredMessage) -> Line {
    let mut parts = vec![stored.text().to_owned()];
    for embed in &stored.message.embeds {
        parts.extend(embed.title.iter().map(|title| format!("[{title}]")));
        parts.extend(embed.description.clone());
        parts.extend(
            embed
                .fields
                .iter()
                .map(|field| format!("{}: {}", field.name, field.value)),
        );
    }
    let buttons = buttons(stored);
    if !buttons.is_empty() {
        let labels = buttons
            .iter()
            .enumerate()
            .map(|(index, (label, _))| format!("/press {} = {label}", index + 1));
        parts.push(format!("({})", labels.collect::<Vec<_>>().join(", ")));
    }
    parts.retain(|part| !part.is_empty());
    Line {
        who: stored.author().to_owned(),
        text: readable(&parts.join("\n")),
    }
}

/// Discord's small print and time marks, as a terminal can show them.
fn readable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("<t:") {
        out.push_str(&rest[..at]);
        let Some(end) = rest[at..].find('>') else {
            break;
        };
        out.push_str(&moment(&rest[at + 3..at + end]));
        rest = &rest[at + end + 1..];
    }
    out.push_str(rest);
    out.lines()
        .map(|line| {
            line.strip_prefix("-# ")
                .map_or_else(|| line.to_owned(), |small| format!("({small})"))
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// `1700000000:R` as a time.
fn moment(mark: &str) -> String {
    let seconds = mark
        .split(':')
        .next()
        .and_then(|number| number.parse().ok());
    let at = seconds.and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0));
    at.map_or_else(
        || mark.to_owned(),
        |at| at.format("%Y-%m-%d %H:%M UTC").to_string(),
    )
}

/// Labels and ids of a message's buttons that can be pressed.
fn buttons(stored: &StoredMessage) -> Vec<(String, String)> {
    let mut all = vec![];
    for row in &stored.message.components {
        let Component::ActionRow(row) = row else {
            continue;
        };
        for component in &row.components {
            if let Component::Button(button) = component
                && !button.disabled
                && let Some(id) = &button.custom_id
            {
                all.push((button.label.clone().unwrap_or_default(), id.clone()));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn discords_marks_read_in_a_terminal() {
        let text = "resting until <t:1700000000:f> (<t:1700000000:R>)\n-# small print";
        assert_eq!(
            readable(text),
            "resting until 2023-11-14 22:13 UTC (2023-11-14 22:13 UTC)\n(small print)"
        );
    }
}
