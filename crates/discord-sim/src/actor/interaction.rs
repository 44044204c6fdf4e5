//! What a person sees of an interaction after having sent it.

use std::time::Duration;

use twilight_model::application::command::CommandOptionChoice;
use twilight_model::channel::message::Component;
use twilight_model::id::Id;
use twilight_model::id::marker::InteractionMarker;

use super::sim::Sim;
use super::watch::TimedOut;
use crate::interactions::Refusal;
use crate::state::StoredMessage;
use crate::state::observed::Answer;

/// How long a client waits for the first answer, and a little for the way.
const FIRST_ANSWER: Duration = Duration::from_millis(3_500);
/// How long a deferred answer is waited for unless told otherwise.
const PATIENCE: Duration = Duration::from_secs(20);

/// An interaction got no answer of the kind that was waited for.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NoAnswer {
    /// The client refused to send it.
    #[error("the client refused: {0}")]
    Refused(#[from] Refusal),
    /// The application did not respond.
    #[error("the application did not respond: {0}")]
    TimedOut(#[from] TimedOut),
    /// It responded with something else.
    #[error("the application answered otherwise: {0}")]
    Otherwise(String),
}

/// A form that the bot opened.
#[derive(Clone, Debug)]
pub struct Form {
    /// Its id.
    pub custom_id: String,
    /// Its title.
    pub title: String,
    /// Its fields.
    pub components: Vec<Component>,
}

/// An interaction under way.
#[derive(Clone, Debug)]
pub struct InteractionHandle {
    sim: Sim,
    /// Its id.
    pub id: Id<InteractionMarker>,
    patience: Duration,
}

impl InteractionHandle {
    pub(super) fn new(sim: Sim, id: Id<InteractionMarker>) -> Self {
        Self {
            sim,
            id,
            patience: PATIENCE,
        }
    }

    /// Waits this long for a deferred answer.
    #[must_use]
    pub fn within(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Waits for the first answer, whatever it is.
    pub async fn answer(&self) -> Result<Answer, NoAnswer> {
        let what = "the first answer to an interaction";
        let id = self.id;
        let answer = self
            .sim
            .wait_until(what, FIRST_ANSWER, |world| {
                world.interactions.get(&id)?.answer.clone()
            })
            .await?;
        Ok(answer)
    }

    /// Waits for the message that answers it: at once, or after "… is thinking", or the changed message of a component.
    pub async fn response(&self) -> Result<StoredMessage, NoAnswer> {
        let first = self.answer().await?;
        if matches!(first, Answer::Choices(_) | Answer::Modal { .. }) {
            return Err(NoAnswer::Otherwise(format!("{first:?}")));
        }
        let id = self.id;
        let deferred_update = matches!(first, Answer::DeferredUpdate);
        let stored = self
            .sim
            .wait_until("the answer to an interaction", self.patience, |world| {
                let state = world.interactions.get(&id)?;
                if state.thinking {
                    return None;
                }
                let place = world.channels.get(&state.channel)?;
                let stored = place.messages.get(&state.original?)?;
                // A component's message counts as the answer only once it has changed since the click.
                let changed = stored.revisions.len() > state.source_revisions;
                (!deferred_update || changed).then(|| stored.clone())
            })
            .await?;
        Ok(stored)
    }

    /// Waits until the interaction has this many messages, the first answer included.
    pub async fn messages(&self, count: usize) -> Result<Vec<StoredMessage>, NoAnswer> {
        let what = format!("{count} messages of an interaction");
        let messages = self
            .sim
            .wait_until(&what, self.patience, |world| {
                let all = messages_of(world, self.id);
                (all.len() >= count).then_some(all)
            })
            .await?;
        Ok(messages)
    }

    /// The messages so far.
    #[must_use]
    pub fn all_messages(&self) -> Vec<StoredMessage> {
        messages_of(&self.sim.hub().world(), self.id)
    }

    /// Waits for choices (autocomplete).
    pub async fn choices(&self) -> Result<Vec<CommandOptionChoice>, NoAnswer> {
        match self.answer().await? {
            Answer::Choices(choices) => Ok(choices),
            other => Err(NoAnswer::Otherwise(format!("{other:?}"))),
        }
    }

    /// Waits for a form.
    pub async fn form(&self) -> Result<Form, NoAnswer> {
        match self.answer().await? {
            Answer::Modal {
                custom_id,
                title,
                components,
            } => Ok(Form {
                custom_id,
                title,
                components,
            }),
            other => Err(NoAnswer::Otherwise(format!("{other:?}"))),
        }
    }

    /// Sends the form that the bot opened.
    pub async fn submit_form(&self, fields: &[(&str, &str)]) -> Result<Self, NoAnswer> {
        self.form().await?;
        let fields: Vec<(String, String)> = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let id = self.sim.hub().world().submit_form(self.id, &fields)?;
        Ok(Self::new(self.sim.clone(), id))
    }
}

fn messages_of(world: &crate::state::World, id: Id<InteractionMarker>) -> Vec<StoredMessage> {
    let Some(state) = world.interactions.get(&id) else {
        return Vec::new();
    };
    let Some(place) = world.channels.get(&state.channel) else {
        return Vec::new();
    };
    state
        .messages
        .iter()
        .filter_map(|id| place.messages.get(id).cloned())
        .collect()
}
