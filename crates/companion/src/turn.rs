//! One message's way through the house, from its channel's lane to remember. Each step is a room of its own; this file only
//! calls them in order. How a message comes as far as the lane is [`crate::arrival`].

use std::sync::Arc;

use safety::age::Verdict;
use safety::language::{self, Language};
use store::id::{MessageId, PersonaId};

use crate::again::{self, Spoken};
use crate::cast::{CastError, Persona};
use crate::charge;
use crate::companion::Shared;
use crate::consolidate::Subject;
use crate::enclosure::Enclosure;
use crate::gate;
use crate::hold::{self, NoHold};
use crate::incoming::Incoming;
use crate::remember::{Answer, Heard};
use crate::reply::Reply;
use crate::shown::Shown;
use crate::speak::Manners;
use crate::speaker::SpeakError;
use crate::typing::Typing;
use crate::versions::Newest;
use crate::{consolidate, recall, remember, settle, texts, versions};

/// Says a line of the house's own and closes the message's claim with it.
pub(crate) async fn notice(shared: &Shared, message: &Incoming, text: String) {
    if !shared.doorstep.begin(message) {
        return close(shared, message, vec![]).await;
    }
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
pub(crate) async fn answer(shared: &Arc<Shared>, message: Incoming, persona: Option<PersonaId>) {
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
        if !shared.doorstep.begin(&message) {
            return close(shared, &message, vec![]).await;
        }
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
pub(crate) async fn speaker(
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
        let heard = remember::heard(shared, reply).await;
        if heard == Heard::Gone || !shared.doorstep.begin(message) {
            return Some(Shown::default());
        }
        return Some(reply.shown(shared, utterance.finish(line).await).await);
    }
    let past = match recall::recall(house, &*shared.speaker, reply).await {
        Ok(past) => past,
        Err(error) => {
            tracing::error!(%error, "recall failed");
            if !shared.doorstep.begin(message) {
                return Some(Shown::default());
            }
            let line = texts::no_memory(language).to_owned();
            return Some(reply.shown(shared, utterance.finish(line).await).await);
        }
    };
    // The hold is on disk before a byte goes out.
    let reserved = match hold::hold(house, reply, &past).await {
        Ok(reserved) => reserved,
        Err(NoHold { line }) => {
            let newest = versions::newest(shared, message).await;
            if matches!(newest, Newest::Gone) || !shared.doorstep.begin(message) {
                return Some(Shown::default());
            }
            return Some(reply.shown(shared, utterance.finish(line).await).await);
        }
    };
    // The words of whoever gets an answer are kept before it begins. Of a refused message none are: nobody pays for them.
    let heard = remember::heard(shared, reply).await;
    if heard == Heard::Gone || !shared.doorstep.begin(message) {
        // Nothing was sent yet, so that nothing is paid.
        settle::settle(house, reserved.generation.finish()).await;
        return Some(Shown::default());
    }
    // Only now is it sure that there will be words to wait for.
    let typing = Typing::begin(shared, message.destination());
    let before = reply.truth_if_asked();
    let author = &message.author;
    let person = past.names().unmarked(author.id, author.called());
    let cleaner = shared.cleaner(&reply.persona.name, &person);
    let manners = Manners {
        cleaner: &cleaner,
        names: past.names(),
    };
    let asked = (reply, &past);
    let spoken = again::speak(
        shared,
        asked,
        reserved,
        utterance.as_mut(),
        &manners,
        &before,
        typing,
    );
    let Spoken {
        streamed,
        read_in_part,
        own,
        report,
    } = match spoken.await {
        Ok(spoken) => spoken,
        Err(NoHold { line }) => {
            return Some(reply.shown(shared, utterance.finish(line).await).await);
        }
    };
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
        let prompted = past.prompted(author.id, own, &report);
        let answer = Answer {
            text: said,
            shown: &shown.messages,
            prompted,
            report,
        };
        remember::said(house, reply, heard, answer).await;
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
