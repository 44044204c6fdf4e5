//! One message's way through the house, from intake to remember. Each step is a room of its own; this file only calls
//! them in order.

use std::sync::Arc;

use safety::age::Verdict;
use safety::language::{self, Language};
use store::claims::Claim;
use store::id::{MessageId, PersonaId};

use crate::cast::{CastError, Persona};
use crate::companion::{Closed, Shared};
use crate::consolidate::Subject;
use crate::enclosure::Enclosure;
use crate::gate::{self, Gate};
use crate::hold::{self, NoHold, Reserved};
use crate::incoming::Incoming;
use crate::intake::{self, Addressed, Surroundings};
use crate::lanes::Called;
use crate::queue::Caller;
use crate::quiet::Told;
use crate::remember::Heard;
use crate::reply::Reply;
use crate::shown::Shown;
use crate::speak::Manners;
use crate::speaker::SpeakError;
use crate::versions::Newest;
use crate::{consolidate, recall, remember, settle, speak, texts, versions};

/// Whether a message comes for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    /// It is to be claimed.
    New,
    /// An earlier run claimed it and was stopped before it answered.
    Claimed,
}

/// Intake and gate; what passes waits in its channel's lane.
pub(crate) async fn take(shared: Arc<Shared>, message: Incoming, before: Before) {
    let house = &shared.house;
    if !message.author.automated {
        shared.bots.person_spoke(message.channel);
    }
    let around = intake::surroundings(house, &message).await.unwrap_or_else(|error| {
        tracing::error!(%error, channel = %message.channel, "a message's surroundings could not be read");
        Surroundings::default()
    });
    let Addressed::Yes { trigger, persona } = intake::decide(&message, around) else {
        return;
    };
    tracing::debug!(message = %message.id, channel = %message.channel, ?trigger, "addressed");
    // Before all else, even a crisis card: two programs could show each other such cards for ever.
    if message.author.automated && !shared.bots.admit(message.channel, house.clock.now()) {
        // An error means that nobody looks on.
        let _ = shared.closings.send(Closed {
            message: message.id,
            answer: vec![],
        });
        return;
    }
    let claimed = match before {
        Before::Claimed => Ok(Claim::Fresh),
        Before::New => {
            let Incoming {
                id,
                channel,
                guild,
                ref author,
                ..
            } = message;
            house
                .store
                .claim(id, channel, guild, author.id, house.clock.now())
                .await
        }
    };
    if matches!(claimed, Ok(Claim::Fresh)) {
        shared.answering.insert(message.id);
        tracing::trace!(target: "familiar::step", step = "claimed");
    }
    match (claimed, gate::safe(&message)) {
        (Ok(Claim::Seen), _) => {}
        (_, Gate::Crisis(card)) => notice(&shared, &message, card).await,
        (Err(error), _) => {
            tracing::error!(%error, "a message could not be claimed");
            notice(
                &shared,
                &message,
                texts::no_memory(language::of(&message.words())).to_owned(),
            )
            .await;
        }
        (Ok(Claim::Fresh), _) => wait(shared, message, persona).await,
    }
}

/// The paces and the channel's lane. What was edited while it waited is answered as it says now, and what was deleted is
/// not answered.
async fn wait(shared: Arc<Shared>, message: Incoming, persona: Option<PersonaId>) {
    let language = language::of(&message.words());
    let now = shared.house.clock.now();
    if let Gate::TooFast(told) = gate::paced(&shared.pace, &shared.quiet, &message, now) {
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

/// Says a line of the house's own and closes the message's claim with it.
async fn notice(shared: &Shared, message: &Incoming, text: String) {
    let (speaker, to) = (&shared.speaker, message.destination());
    let shown = match speaker.notice(to, text.clone()).await {
        Ok(id) => Some(id),
        // It is said as soon as it can be: a crisis card above all.
        Err(held @ SpeakError::RateLimited { .. }) => speaker.sign(to, text, held).await,
        Err(error) => {
            tracing::warn!(%error, channel = %message.channel, "a notice could not be shown");
            None
        }
    };
    close(shared, message, shown.into_iter().collect()).await;
}

/// Closes the message's claim: these messages are its answer.
pub(crate) async fn close(shared: &Shared, message: &Incoming, shown: Vec<MessageId>) {
    shared.answering.remove(&message.id);
    shared.edits.forget(message.id);
    let (store, now) = (&shared.house.store, shared.house.clock.now());
    let closed = match shown.is_empty() {
        true => store.claim_declined(message.id, now).await,
        false => store.claim_answered(message.id, shown.clone(), now).await,
    };
    // An error means that nobody looks on.
    let _ = shared.closings.send(Closed {
        message: message.id,
        answer: shown,
    });
    if let Err(error) = closed {
        tracing::warn!(%error, message = %message.id, "a claim could not be closed");
    }
}

/// From recall to remember.
async fn answer(shared: &Arc<Shared>, message: Incoming, persona: Option<PersonaId>) {
    let language = language::of(&message.words());
    let persona = match speaker(shared, &message, persona).await {
        Ok(Some(persona)) => persona,
        Ok(None) => return notice(shared, &message, texts::nobody(language).to_owned()).await,
        Err(error) => {
            tracing::error!(%error, "no persona could be brought to speak");
            return notice(shared, &message, texts::no_memory(language).to_owned()).await;
        }
    };
    if let Verdict::Silent(reason) =
        gate::age(&persona, &message, shared.house.manner.allow_age_restricted)
    {
        return notice(shared, &message, reason.text(&persona.name, language)).await;
    }
    let reply = Reply {
        message: &message,
        persona: &persona,
        language,
    };
    if let Err(why) = shared.speaker.may_speak(message.destination()) {
        // Nobody could read an answer, so none is paid for.
        tracing::warn!(error = %why, channel = %message.channel, "a message stays unanswered");
        let sign = reply.sign(shared, why, false).await;
        return close(shared, &message, sign.into_iter().collect()).await;
    }
    let shown = say(shared, &reply).await;
    shared.said.notify_one();
    close(shared, &message, shown.answer()).await;
}

/// The persona that was called or replied to, else the one that speaks to this person here.
async fn speaker(
    shared: &Shared,
    message: &Incoming,
    called: Option<PersonaId>,
) -> Result<Option<Arc<Persona>>, CastError> {
    let (cast, seat) = (&shared.house.cast, message.seat());
    if let Some(id) = called
        && let Some(persona) = cast.persona_in(seat.place(), id).await?
    {
        return Ok(Some(persona));
    }
    Ok(cast.speaking(seat).await?.map(|(persona, _)| persona))
}

/// What is said to a message that is only files and sound.
fn unreadable(message: &Incoming, language: Language) -> &'static str {
    let is_voice = |one: &Enclosure| matches!(one, Enclosure::Voice { .. });
    if message.enclosed.iter().any(is_voice) {
        return texts::cannot_hear(language);
    }
    let image = message.attachments.iter().any(|file| file.is_image());
    texts::cannot_see(image, language)
}

/// Makes the reply and shows it.
async fn say(shared: &Arc<Shared>, reply: &Reply<'_>) -> Shown {
    let (house, message, language) = (&*shared.house, reply.message, reply.language);
    let mut utterance = shared
        .speaker
        .open(message.destination(), reply.persona.voice());
    if message.is_only_files() {
        let line = unreadable(message, language).to_owned();
        return match remember::heard(shared, reply).await {
            Heard::Gone => Shown::default(),
            Heard::Kept(_) | Heard::NotKept => {
                reply.shown(shared, utterance.finish(line).await).await
            }
        };
    }
    shared.speaker.typing(message.destination());
    let past = match recall::recall(house, &*shared.speaker, reply).await {
        Ok(past) => past,
        Err(error) => {
            tracing::error!(%error, "recall failed");
            let line = texts::no_memory(language).to_owned();
            return reply.shown(shared, utterance.finish(line).await).await;
        }
    };
    // The hold is on disk before a byte goes out.
    let Reserved {
        generation,
        read_in_part,
        report,
    } = match hold::hold(house, reply, &past).await {
        Ok(reserved) => reserved,
        Err(NoHold { line }) => match versions::newest(shared, message).await {
            Newest::Gone => return Shown::default(),
            _ => return reply.shown(shared, utterance.finish(line).await).await,
        },
    };
    // The words of whoever gets an answer are kept before it begins. Of a refused message none are: nobody pays for them.
    let heard = remember::heard(shared, reply).await;
    if heard == Heard::Gone {
        // Nothing was sent yet, so that nothing is paid.
        settle::settle(house, generation.finish()).await;
        return Shown::default();
    }
    let before = reply.truth_if_asked();
    let person = past
        .names()
        .unmarked(message.author.id, &message.author.name);
    let cleaner = shared.cleaner(&reply.persona.name, &person);
    let manners = Manners {
        cleaner: &cleaner,
        names: past.names(),
    };
    let streamed = speak::speak(
        generation,
        utterance.as_mut(),
        manners,
        &before,
        &shared.cut,
    )
    .await;
    let ending = reply.ending(house, &streamed, read_in_part).await;
    let spoken = ending.whole(&before);
    let (shown, ()) = tokio::join!(
        utterance.finish(spoken),
        settle::settle(house, streamed.finished)
    );
    let shown = reply.shown(shared, shown).await;
    tracing::trace!(target: "familiar::step", step = "spoken");
    // What is remembered is what people can read.
    let said = match &shown.part {
        Some(part) if !ending.said.is_empty() => ending.said_in(&before, part),
        _ => ending.said,
    };
    if !said.is_empty() && !shown.messages.is_empty() {
        remember::said(house, reply, heard, &said, &shown.messages, report).await;
        tracing::trace!(target: "familiar::step", step = "remembered");
        consolidate::consider(
            shared,
            Subject {
                scope: reply.scope(),
                persona: reply.persona.name.clone(),
                account: shared.speaker.account(),
                spender: reply.spender(),
            },
        );
    }
    shown
}
