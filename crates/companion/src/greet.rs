//! A persona's greeting: the card's own words, which cost nothing.

use memory::names::shown;
use memory::{Author, NewTurn, TurnKind};
use persona::{Scene, frame};
use safety::age::Verdict;
use safety::language;
use store::id::{MessageId, ScopeId};

use crate::Companion;
use crate::cast::{Persona, Seat};
use crate::remember;
use crate::speaker::{Destination, SpeakError};

/// Who asked for a greeting, and where.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// Where the person is.
    pub seat: Seat,
    /// How the person is called.
    pub person: &'a str,
    /// What asked for it; a repeated send of the same greeting is recognised by it.
    pub id: MessageId,
    /// Whether the channel is age-restricted.
    pub age_restricted: bool,
}

/// Why there was no greeting; one sentence with the next step.
#[derive(Debug, thiserror::Error)]
pub enum GreetError {
    /// The card has no greeting.
    #[error("{0} has no greeting on its card. Just say hello.")]
    NoGreeting(String),
    /// There are fewer greetings than that.
    #[error("{name} has {count} greetings. Choose one from 1 to {count}.")]
    NoSuchGreeting {
        /// The persona.
        name: String,
        /// How many there are.
        count: usize,
    },
    /// The persona may not speak here.
    #[error("{0}")]
    NotHere(String),
    /// It could not be shown.
    #[error(transparent)]
    Speak(#[from] SpeakError),
}

impl Companion {
    /// Has a persona greet: the first greeting of its card, or an alternate (counted from 0).
    pub async fn greet(
        &self,
        persona: &Persona,
        which: usize,
        occasion: Occasion<'_>,
    ) -> Result<Vec<MessageId>, GreetError> {
        let (
            house,
            Seat {
                guild,
                channel,
                parent,
                ..
            },
        ) = (&self.shared.house, occasion.seat);
        let place = crate::gate::place(guild.is_some(), occasion.age_restricted);
        let restricted = persona.card.is_age_restricted();
        if let Verdict::Silent(reason) =
            safety::age::may_speak(restricted, place, house.manner.allow_age_restricted)
        {
            return Err(GreetError::NotHere(
                reason.text(&persona.name, language::of(&persona.name)),
            ));
        }
        let count = persona.card.greetings().count();
        if count > 0 && which >= count {
            let name = persona.name.clone();
            return Err(GreetError::NoSuchGreeting { name, count });
        }
        let to = Destination {
            guild,
            channel,
            parent,
            reply_to: occasion.id,
            again: 0,
        };
        self.shared.speaker.may_speak(to)?;
        let now = house.clock.now();
        let person = shown(occasion.person);
        let scene = Scene {
            persona: persona.card.called(),
            person: &person,
            now: now.with_timezone(&house.manner.zone).naive_local(),
            seed: occasion.id.get(),
            conversation: channel.get(),
        };
        let text = frame::greeting(&persona.card, which, &scene)
            .ok_or_else(|| GreetError::NoGreeting(persona.name.clone()))?;
        let spoken = self
            .shared
            .speaker
            .open(to, persona.voice())
            .finish(text.clone())
            .await;
        let (text, shown, unsaid) = match spoken {
            Ok(shown) => (text, shown, None),
            Err(unsaid) => (unsaid.shown, unsaid.standing, Some(unsaid.why)),
        };
        if let Some(why) = unsaid {
            if shown.is_empty() {
                return Err(why.into());
            }
            tracing::warn!(error = %why, %channel, "only the beginning of a greeting could be shown");
        }
        let turn = NewTurn {
            scope: ScopeId {
                guild,
                channel,
                persona: persona.id,
            },
            author: Author::Persona,
            author_name: persona.name.clone(),
            kind: TurnKind::Greeting,
            text,
            messages: shown.clone(),
            at: now,
            reply_to: None,
            answers: None,
            proxied: false,
        };
        let scope = turn.scope;
        // The person's name may stand in it.
        let kept = match remember::may_keep(house, occasion.seat).await {
            true => {
                let memory = &house.memory;
                let kept = memory.remember_greeting(turn, occasion.seat.user, occasion.id);
                kept.await.map(Some)
            }
            false => Ok(None),
        };
        if let Err(error) = &kept {
            tracing::error!(%error, "a greeting could not be remembered");
        }
        if !matches!(kept, Ok(Some(_))) {
            remember::note_unkept(house, &scope, &shown).await;
        }
        Ok(shown)
    }
}
