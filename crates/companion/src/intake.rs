//! Intake: is this message for us, and for which persona? [`surroundings`] reads, [`decide`] decides.

use persona::roster::{wake_names, wakes};
use store::id::PersonaId;
use store::settings::ChatMode;

use crate::cast::CastError;
use crate::house::House;
use crate::incoming::Incoming;

/// Why a message is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// Written to the bot in a direct message.
    Direct,
    /// The bot was mentioned.
    Mention,
    /// A reply to something that a persona said.
    Reply,
    /// A persona's name, as one calls a person.
    WakeName,
    /// A thread in which a persona speaks, or is about to.
    Thread,
    /// The channel is active.
    Active,
}

/// What intake needs to know beyond the message itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Surroundings {
    /// How the channel is listened to.
    pub mode: ChatMode,
    /// The persona that said what is replied to.
    pub replied_persona: Option<PersonaId>,
    /// The persona whose name was called.
    pub woken: Option<PersonaId>,
    /// Whether this is a thread in which a persona speaks, or is about to.
    pub followed_thread: bool,
    /// Whether bots and webhooks may be answered at all.
    pub bots_welcome: bool,
}

/// Whether a message is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addressed {
    /// It is not for us.
    No,
    /// It is, and perhaps for one persona in particular.
    Yes {
        /// Why.
        trigger: Trigger,
        /// The persona that was replied to or called by name.
        persona: Option<PersonaId>,
    },
}

/// Reads what [`decide`] needs to know about a message.
pub async fn surroundings(house: &House, message: &Incoming) -> Result<Surroundings, CastError> {
    let bots_welcome = house.manner.bot_turns_per_hour > 0;
    if message.author.automated && !bots_welcome {
        return Ok(Surroundings::default());
    }
    let Incoming {
        guild,
        channel,
        parent,
        ..
    } = *message;
    let mode = house
        .store
        .chat_mode(guild, channel, parent)
        .await?
        .map_or(ChatMode::default(), |(mode, _)| mode);
    let replied_persona = match &message.reply_to {
        Some(replied) if replied.automated => house.store.persona_of_message(replied.id).await?,
        _ => None,
    };
    let followed_thread = parent.is_some() && is_followed(house, message).await?;
    Ok(Surroundings {
        mode,
        replied_persona,
        woken: woken(house, message).await?,
        followed_thread,
        bots_welcome,
    })
}

/// Whether a persona speaks where the message was written, or is just about to: people go on before its first reply there
/// is whole.
async fn is_followed(house: &House, message: &Incoming) -> Result<bool, CastError> {
    let (store, channel) = (&house.store, message.channel);
    Ok(store.persona_speaks_in(channel).await?.is_some()
        || store
            .is_answering_in(message.guild, channel, message.id)
            .await?)
}

/// The persona whose name the message calls, among those that this place has adopted and the one that speaks anyway.
async fn woken(house: &House, message: &Incoming) -> Result<Option<PersonaId>, CastError> {
    if message.spoken.is_empty() {
        return Ok(None);
    }
    let seat = message.seat();
    let mut callable = house.cast.adopted(seat.place()).await?;
    if let Some((speaking, _)) = house.cast.speaking(seat).await?
        && callable.iter().all(|persona| persona.id != speaking.id)
    {
        callable.push(speaking);
    }
    let names: Vec<(String, PersonaId)> = callable
        .iter()
        .flat_map(|persona| {
            wake_names(&persona.card)
                .into_iter()
                .map(|name| (name, persona.id))
        })
        .collect();
    let called: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    Ok(wakes(&message.spoken, &called).map(|index| names[index].1))
}

/// Decides whether a message is for us. Bots' and webhooks' are only where the operator wants it; [`crate::bots`] bounds
/// how much, since two bots would talk for ever.
pub fn decide(message: &Incoming, around: Surroundings) -> Addressed {
    let is_unwelcome = message.author.automated && !around.bots_welcome;
    if is_unwelcome || (message.is_empty() && !message.mentions_bot) {
        return Addressed::No;
    }
    let yes = |trigger, persona| Addressed::Yes { trigger, persona };
    if message.guild.is_none() {
        return yes(Trigger::Direct, around.replied_persona.or(around.woken));
    }
    if around.mode == ChatMode::Off {
        return Addressed::No;
    }
    if around.replied_persona.is_some() {
        return yes(Trigger::Reply, around.replied_persona);
    }
    if message.mentions_bot {
        return yes(Trigger::Mention, around.woken);
    }
    if around.woken.is_some() {
        return yes(Trigger::WakeName, around.woken);
    }
    let for_somebody_else = message.mentions_others || message.reply_to.is_some();
    if for_somebody_else {
        return Addressed::No;
    }
    if around.followed_thread {
        return yes(Trigger::Thread, None);
    }
    if around.mode == ChatMode::Active {
        return yes(Trigger::Active, None);
    }
    Addressed::No
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incoming::Replied;
    use crate::incoming::tests::message;
    use rstest::rstest;

    fn trigger(message: &Incoming, around: Surroundings) -> Option<Trigger> {
        match decide(message, around) {
            Addressed::Yes { trigger, .. } => Some(trigger),
            Addressed::No => None,
        }
    }

    #[test]
    fn ordinary_talk_in_a_channel_is_not_for_us() {
        assert_eq!(decide(&message(), Surroundings::default()), Addressed::No);
    }

    #[test]
    fn an_active_channel_answers_ordinary_talk_but_not_talk_to_somebody_else() {
        let active = Surroundings {
            mode: ChatMode::Active,
            ..Default::default()
        };
        assert_eq!(trigger(&message(), active), Some(Trigger::Active));
        let to_bob = Incoming {
            mentions_others: true,
            ..message()
        };
        assert_eq!(trigger(&to_bob, active), None);
        let reply = Incoming {
            reply_to: Some(Replied {
                id: 9.into(),
                automated: false,
            }),
            ..message()
        };
        assert_eq!(trigger(&reply, active), None);
    }

    #[rstest]
    #[case::mention(Incoming { mentions_bot: true, ..message() }, Surroundings::default(), Some(Trigger::Mention))]
    #[case::dm(Incoming { guild: None, ..message() }, Surroundings::default(), Some(Trigger::Direct))]
    #[case::thread(message(), Surroundings { followed_thread: true, ..Default::default() }, Some(Trigger::Thread))]
    #[case::wake(message(), Surroundings { woken: Some(PersonaId(7)), ..Default::default() }, Some(Trigger::WakeName))]
    #[case::reply(message(), Surroundings { replied_persona: Some(PersonaId(7)), ..Default::default() }, Some(Trigger::Reply))]
    fn each_way_of_addressing_is_heard(
        #[case] message: Incoming,
        #[case] around: Surroundings,
        #[case] expected: Option<Trigger>,
    ) {
        assert_eq!(trigger(&message, around), expected);
        let off = Surroundings {
            mode: ChatMode::Off,
            ..around
        };
        let heard_when_off = message.guild.is_none();
        assert_eq!(trigger(&message, off).is_some(), heard_when_off);
    }

    #[test]
    fn a_bot_is_answered_only_where_bots_are_welcome() {
        let mut bot = Incoming {
            guild: None,
            mentions_bot: true,
            ..message()
        };
        bot.author.automated = true;
        let around = Surroundings {
            mode: ChatMode::Active,
            followed_thread: true,
            ..Default::default()
        };
        assert_eq!(decide(&bot, around), Addressed::No);
        let welcome = Surroundings {
            bots_welcome: true,
            ..around
        };
        assert_eq!(trigger(&bot, welcome), Some(Trigger::Direct));
    }

    #[test]
    fn a_reply_goes_to_the_persona_that_was_replied_to() {
        let around = Surroundings {
            replied_persona: Some(PersonaId(1)),
            woken: Some(PersonaId(2)),
            ..Default::default()
        };
        let heard = decide(&message(), around);
        assert_eq!(
            heard,
            Addressed::Yes {
                trigger: Trigger::Reply,
                persona: Some(PersonaId(1))
            }
        );
    }
}
