//! One message's way through the house, from intake to remember. Each step is a room of its own; this file only calls
//! them in order.

use std::sync::Arc;

use safety::age::Verdict;
use safety::language::{self, Language};
use store::claims::Claim;
use store::id::{MessageId, PersonaId};

use crate::cast::{CastError, Persona};
use crate::charge::{self, Charge};
use crate::companion::{Closed, Shared};
use crate::consolidate::Subject;
use crate::doorstep::{Fate, Repost};
use crate::enclosure::Enclosure;
use crate::gate::{self, Gate};
use crate::hold::{self, NoHold, Reserved};
use crate::incoming::Incoming;
use crate::intake::{self, Addressed, Surroundings};
use crate::lanes::Called;
use crate::line::Place;
use crate::queue::Caller;
use crate::quiet::Told;
use crate::remember::Heard;
use crate::reply::Reply;
use crate::shown::Shown;
use crate::speak::Manners;
use crate::speaker::SpeakError;
use crate::typing::Typing;
use crate::versions::Newest;
use crate::{consolidate, recall, remember, settle, speak, texts, versions};

/// Whether a message comes for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    /// It is to be claimed.
    New,
    /// It is to be claimed, and was written some time ago.
    Missed,
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
    let is_live = before == Before::New;
    if is_live && shared.doorstep.is_repost(&message) {
        return take_repost(shared, message, place).await;
    }
    let Some(taken) = intake(&shared, message, before).await else {
        return;
    };
    let message = &taken.message;
    let entrance = shared.entrances.stand(message.channel, message.id);
    drop(place);
    if is_live {
        let fate = tokio::select! {
            biased;
            () = shared.closing.cancelled() => return,
            fate = shared.doorstep.pause(message) => fate,
        };
        if fate == Fate::Gone {
            tracing::debug!(message = %message.id, "deleted before its turn");
            return close(&shared, message, vec![]).await;
        }
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
async fn keep_words(shared: &Shared, message: &Incoming) {
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
        // An error means that nobody looks on.
        let _ = shared.closings.send(Closed {
            message: message.id,
            answer: vec![],
        });
        return None;
    }
    let claimed = match before {
        Before::Claimed => Ok(Claim::Fresh),
        Before::New | Before::Missed => {
            let Incoming {
                id, channel, guild, ..
            } = message;
            let (run, now) = (house.ledger.run(), house.clock.now());
            house
                .store
                .claim(id, channel, guild, message.author.id, run, now)
                .await
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
    charge::end(shared, message.id, shown).await;
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
    // Where a stop came before the first word, the claim stays open.
    if let Some(shown) = shown {
        close(shared, &message, shown.answer()).await;
    }
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

/// Makes the reply and shows it. `None` where a stop came before the first word.
async fn say(shared: &Arc<Shared>, reply: &Reply<'_>) -> Option<Shown> {
    let (house, message, language) = (&*shared.house, reply.message, reply.language);
    let mut utterance = shared
        .speaker
        .open(message.destination(), reply.persona.voice());
    if message.is_only_files() {
        let line = unreadable(message, language).to_owned();
        return match remember::heard(shared, reply).await {
            Heard::Gone => Some(Shown::default()),
            Heard::Kept(_) | Heard::NotKept => {
                Some(reply.shown(shared, utterance.finish(line).await).await)
            }
        };
    }
    let past = match recall::recall(house, &*shared.speaker, reply).await {
        Ok(past) => past,
        Err(error) => {
            tracing::error!(%error, "recall failed");
            let line = texts::no_memory(language).to_owned();
            return Some(reply.shown(shared, utterance.finish(line).await).await);
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
            Newest::Gone => return Some(Shown::default()),
            _ => return Some(reply.shown(shared, utterance.finish(line).await).await),
        },
    };
    // The words of whoever gets an answer are kept before it begins. Of a refused message none are: nobody pays for them.
    let heard = remember::heard(shared, reply).await;
    if heard == Heard::Gone {
        // Nothing was sent yet, so that nothing is paid.
        settle::settle(house, generation.finish()).await;
        return Some(Shown::default());
    }
    // Only now is it sure that there will be words to wait for.
    let typing = Typing::begin(shared, message.destination());
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
        typing,
        &shared.cut,
    )
    .await;
    if streamed.text.is_empty() && shared.cut.is_cancelled() {
        settle::settle(house, streamed.finished).await;
        utterance.abandon().await;
        return None;
    }
    let ending = reply.ending(house, &streamed, read_in_part).await;
    let spoken = ending.whole(&before);
    let (shown, ()) = tokio::join!(
        utterance.finish(spoken),
        settle::settle(house, streamed.finished)
    );
    let shown = reply.shown(shared, shown).await;
    if let Some(mut so_far) = shared.answering.get_mut(&message.id) {
        so_far.clone_from(&shown.messages);
    }
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
    Some(shown)
}
