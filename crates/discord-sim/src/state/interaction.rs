//! Interactions between their invocation and the end of their token.

use twilight_model::application::interaction::InteractionMetadata;
use twilight_model::application::interaction::InteractionType;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, InteractionMarker, MessageMarker, UserMarker};

use super::World;
use super::observed::Answer;
use crate::interactions::command::Installed;

/// How long the first answer may take.
pub const FIRST_ANSWER_MS: i64 = 3_000;
/// How long the token lives.
pub const TOKEN_LIFE_MS: i64 = 15 * 60 * 1_000;

/// An interaction that was sent to the bot.
#[derive(Clone, Debug)]
pub struct InteractionState {
    /// Its id.
    pub id: Id<InteractionMarker>,
    /// Its token.
    pub token: String,
    /// Command, component, form …
    pub kind: InteractionType,
    /// Where.
    pub channel: Id<ChannelMarker>,
    /// Who.
    pub user: Id<UserMarker>,
    /// When, in Unix milliseconds.
    pub created_ms: i64,
    /// The message that the component or form belongs to.
    pub source: Option<Id<MessageMarker>>,
    /// How often that message had been written or edited by then.
    pub source_revisions: usize,
    /// The first answer, once it came.
    pub answer: Option<Answer>,
    /// The message that `@original` means.
    pub original: Option<Id<MessageMarker>>,
    /// Whether the first answer is ephemeral, which a deferred answer's first follow-up inherits.
    pub ephemeral: bool,
    /// Whether `@original` still is "… is thinking".
    pub thinking: bool,
    /// All messages of this interaction.
    pub messages: Vec<Id<MessageMarker>>,
    /// What messages of this interaction carry as `interaction_metadata`.
    pub metadata: InteractionMetadata,
    /// Through which installations it came.
    pub installed: Installed,
}

impl World {
    /// The interaction with this token.
    #[must_use]
    pub fn interaction_by_token(&self, token: &str) -> Option<&InteractionState> {
        self.interactions
            .values()
            .find(|interaction| interaction.token == token)
    }
}
