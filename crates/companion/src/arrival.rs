//! How a message arrives: from the line before the door, through intake and the doorstep, to its channel's lane. What
//! happens there is [`crate::turn`].

use std::sync::Arc;

use safety::language;
use store::claims::{Claim, NewClaim};
use store::id::PersonaId;

use crate::charge::Charge;
use crate::companion::{Closed, Shared};
use crate::doorstep::{Fate, Repost};
use crate::gate::{self, Gate};
use crate::incoming::Incoming;
use crate::intake::{self, Addressed, Surroundings};
use crate::lanes::Called;
use crate::line::Place;
use crate::queue::Caller;
use crate::quiet::Told;
use crate::reply::Reply;
use crate::turn::{answer, close, notice, speaker};
use crate::versions::{self, Newest};
use crate::{remember, sketch, texts};

/// Whether a message comes for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    /// It is to be claimed, whether it came just now or while the bot was away.
    New,
    /// An earlier run claimed it and was stopped before it answered.
    Claimed,
}

/// A message that is for us, and in charge of this turn.
struct Taken {
    message: Incoming,
    /// The persona that was replied to or called by name.
    persona: Option<PersonaId>,
    /// None where the claim could not be written.
    charge: Option<Charge>,
}

/// From the line before the door, through intake and the doorstep, to the channel's lane.
pub(crate) async fn take(shared: Arc<Shared>, message: Incoming, before: Before, place: Place) {
    shared.doorstep.came(&message);
    place.first().await;
    if before == Before::New && shared.doorstep.is_repost(&message) {
        return take_repost(shared, message, place).await;
    }
    let Some(taken) = intake(&shared, message, before).await else {
        return;
    };
    let message = &taken.message;
    let entrance = shared.entrances.stand(message.channel, message.id);
    drop(place);
    // Also where it comes late: its repost may stand behind it already, and a kill may have come before the deletion.
    let fate = tokio::select! {
        biased;
        () = shared.closing.cancelled() => return,
        fate = shared.doorstep.pause(message) => fate,
    };
    if fate == Fate::Gone {
        tracing::debug!(message = %message.id, "deleted before its turn");
        return close(&shared, message, vec![]).await;
    }
    enter(shared, taken, before, entrance).await;
}

/// A webhook says what a person has just said: perhaps it is that person, under another name.
async fn take_repost(shared: Arc<Shared>, message: Incoming, place: Place) {
    let entrance = shared.entrances.stand(message.channel, message.id);
    drop(place);
    let revealed = tokio::select! {
        biased;
        () = shared.closing.cancelled() => return,
        revealed = shared.doorstep.reveal(&message) => revealed,
    };
    let message = match revealed {
        Repost::Person(person) => person,
        Repost::Answered(person) => return keep_words(&shared, &person).await,
        Repost::Stranger => message,
    };
    if let Some(taken) = intake(&shared, message, Before::New).await {
        enter(shared, taken, Before::New, entrance).await;
    }
}

/// The answer is on its way to the original, which is deleted: what was said is kept as it was said in the end.
pub(crate) async fn keep_words(shared: &Shared, message: &Incoming) {
    let Some(called) = addressed(shared, message).await else {
        return;
    };
    if let Ok(Some(persona)) = speaker(shared, message, called).await {
        let reply = Reply {
            message,
            persona: &persona,
            language: language::of(&message.words()),
        };
        remember::heard(shared, &reply).await;
    }
}

/// Whether a message is for us, and perhaps for which persona.
async fn addressed(shared: &Shared, message: &Incoming) -> Option<Option<PersonaId>> {
    let around = intake::surroundings(&shared.house, message).await.unwrap_or_else(|error| {
        tracing::error!(%error, channel = %message.channel, "a message's surroundings could not be read");
        Surroundings::default()
    });
    match intake::decide(message, around) {
        Addressed::Yes { trigger, persona } => {
            tracing::debug!(message = %message.id, channel = %message.channel, ?trigger, "addressed");
            Some(persona)
        }
        Addressed::No => None,
    }
}

/// Is it for us, and for the first time? Then it is claimed.
async fn intake(shared: &Arc<Shared>, message: Incoming, before: Before) -> Option<Taken> {
    let house = &shared.house;
    if !message.author.automated {
        shared.bots.person_spoke(message.channel);
    }
    let persona = addressed(shared, &message).await;
    let Some(persona) = persona else {
        if before == Before::Claimed {
            // It was for us when it was claimed, and is not any more.
            close(shared, &message, vec![]).await;
        }
        return None;
    };
    // Before all else, even a crisis card: two programs could show each other such cards for ever.
    if message.author.automated && !shared.bots.admit(message.channel, house.clock.now()) {
        if before == Before::Claimed {
            close(shared, &message, vec![]).await;
            return None;
        }
        // An error means that nobody looks on.
        let _ = shared.closings.send(Closed {
            message: message.id,
            answer: vec![],
        });
        return None;
    }
    let claimed = match before {
        Before::Claimed => Ok(Claim::Fresh),
        Before::New => {
            let (run, now) = (house.ledger.run(), house.clock.now());
            house.store.claim(claim_of(&message), run, now).await
        }
    };
    let charge = match claimed {
        Ok(Claim::Seen) => return None,
        Ok(Claim::Fresh) => Some(Charge::take(shared, &message)),
        Err(error) => {
            tracing::error!(%error, "a message could not be claimed");
            None
        }
    };
    if charge.is_some() {
        tracing::trace!(target: "familiar::step", step = "claimed");
    }
    Some(Taken {
        message,
        persona,
        charge,
    })
}

/// What stands in the store while the message waits. Only what a person writes in a server is reposted by a proxy.
fn claim_of(message: &Incoming) -> NewClaim {
    let Incoming {
        id, channel, guild, ..
    } = *message;
    let author = &message.author;
    let may_be_reposted = guild.is_some() && !author.automated && !author.proxied;
    NewClaim {
        sketch: sketch::sketch(id, &message.text).filter(|_| may_be_reposted),
        ..NewClaim::of(id, channel, guild, author.id)
    }
}

/// The safety check, the paces and the channel's lane. What was edited while it waited is answered as it says now, and what
/// was deleted is not answered.
async fn enter(shared: Arc<Shared>, taken: Taken, before: Before, entrance: Place) {
    let Taken {
        message,
        persona,
        charge,
    } = taken;
    entrance.first().await;
    let language = language::of(&message.words());
    let told = match (gate::safe(&message), &charge) {
        (Gate::Crisis(card), _) => Some(card),
        (_, None) => Some(texts::no_memory(language).to_owned()),
        _ => None,
    };
    if let Some(line) = told {
        drop(entrance);
        return notice(&shared, &message, line).await;
    }
    let now = shared.house.clock.now();
    // What an earlier start claimed has been counted there.
    if before != Before::Claimed
        && let Gate::TooFast(told) = gate::paced(&shared.pace, &shared.quiet, &message, now)
    {
        drop(entrance);
        let line = match told {
            Told::Wait(fast) => texts::too_fast(fast, language),
            Told::Quiet { lasts, until } => texts::quieted(lasts, until, language),
            Told::Nothing => return close(&shared, &message, vec![]).await,
        };
        return notice(&shared, &message, line).await;
    }
    let caller = Caller {
        guild: message.guild,
        channel: message.channel,
        member: message.author.id,
        message: message.id,
    };
    let lanes = shared.lanes.clone();
    let turn = move |called| async move {
        // However this ends, the message does not stay in charge of nobody.
        let _charge = charge;
        let message = match versions::newest(&shared, &message).await {
            Newest::AsHeard => message,
            Newest::Edited(edited) => *edited,
            Newest::Gone => return close(&shared, &message, vec![]).await,
        };
        match (called, gate::safe(&message)) {
            (_, Gate::Crisis(card)) => notice(&shared, &message, card).await,
            (Called::Up, _) => answer(&shared, message, persona).await,
            (Called::NoRoom, _) => {
                notice(&shared, &message, texts::busy(language).to_owned()).await
            }
        }
    };
    lanes.enter(caller, turn).await;
}
