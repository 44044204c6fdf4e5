//! What is done about a refusal while a message is being written: one plain decision.
//!
//! It never goes around a filter or a denied permission: words that were refused as words are not sent another way, and
//! not in smaller pieces. What may have been done is looked for before it is done again.

use super::super::rest::{LONGEST_PAUSE, Meaning, Refused};

/// Through what it was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// The channel's webhook. A second request makes a second message.
    Hook,
    /// The bot's own account. A nonce makes a second request harmless.
    Bot,
}

/// What was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// A new message.
    Post(Via),
    /// A change of a message that will still grow.
    Grow,
    /// The change that makes a message exact.
    Finish,
}

/// What is done then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// The same again after a pause, some times.
    Again,
    /// See whether it was made, then the same again if it was not.
    Look,
    /// The same through a new webhook; a second time through the bot's own account.
    NewHook,
    /// The same through the bot's own account.
    AsBot,
    /// The whole text as a new message, and what stood is taken back.
    Anew,
    /// The same as a new message of the bot's own account, and what stood is taken back.
    AnewAsBot,
    /// Nothing; the next change will hold more.
    Skip,
    /// Nothing before the final text, since this lasts.
    OnlyFinal,
    /// Nothing more is sent.
    Stop,
}

/// What to do about `refused`, where this was tried.
pub fn remedy(refused: &Refused, tried: Tried) -> Remedy {
    match tried {
        Tried::Post(Via::Hook) => by_hook(refused),
        Tried::Post(Via::Bot) => by_bot(refused),
        Tried::Grow => growing(refused.meaning()),
        Tried::Finish => finishing(refused),
    }
}

fn by_hook(refused: &Refused) -> Remedy {
    match refused.meaning() {
        Meaning::Passing => Remedy::Look,
        Meaning::NotSent => Remedy::Again,
        Meaning::Limited if passes_soon(refused) => Remedy::Again,
        Meaning::WebhookGone => Remedy::NewHook,
        // These are about the webhook, its name, its face and what it may; of the bot's own account Discord decides anew.
        Meaning::Limited
        | Meaning::Form
        | Meaning::Forbidden
        | Meaning::Full
        | Meaning::Archived
        | Meaning::Locked => Remedy::AsBot,
        Meaning::Content
        | Meaning::NoReply
        | Meaning::MessageGone
        | Meaning::Uneditable
        | Meaning::PlaceGone
        | Meaning::Token
        | Meaning::Blocked
        | Meaning::Other => Remedy::Stop,
    }
}

fn by_bot(refused: &Refused) -> Remedy {
    match refused.meaning() {
        Meaning::Passing | Meaning::NotSent => Remedy::Again,
        Meaning::Limited if passes_soon(refused) => Remedy::Again,
        _ => Remedy::Stop,
    }
}

fn growing(meaning: Meaning) -> Remedy {
    match meaning {
        Meaning::Limited | Meaning::Passing | Meaning::NotSent => Remedy::Skip,
        // Somebody deleted it, or the webhook with it: what is still to come goes on in a new message.
        Meaning::MessageGone | Meaning::WebhookGone => Remedy::Anew,
        Meaning::Archived
        | Meaning::Locked
        | Meaning::Uneditable
        | Meaning::Form
        | Meaning::Forbidden
        | Meaning::Full
        | Meaning::NoReply
        | Meaning::Other => Remedy::OnlyFinal,
        Meaning::Content | Meaning::PlaceGone | Meaning::Token | Meaning::Blocked => Remedy::Stop,
    }
}

fn finishing(refused: &Refused) -> Remedy {
    match refused.meaning() {
        Meaning::Passing | Meaning::NotSent => Remedy::Again,
        Meaning::Limited if passes_soon(refused) => Remedy::Again,
        Meaning::Limited | Meaning::Locked => Remedy::AnewAsBot,
        // What cannot be changed any more can still be said anew; in an archived thread that is what opens it.
        Meaning::MessageGone
        | Meaning::WebhookGone
        | Meaning::Archived
        | Meaning::Uneditable
        | Meaning::Form
        | Meaning::Forbidden
        | Meaning::Full
        | Meaning::NoReply
        | Meaning::Other => Remedy::Anew,
        Meaning::Content | Meaning::PlaceGone | Meaning::Token | Meaning::Blocked => Remedy::Stop,
    }
}

/// Whether the pause is one that a reply can wait for.
fn passes_soon(refused: &Refused) -> bool {
    match refused {
        Refused::Pause { seconds } => *seconds <= LONGEST_PAUSE.as_secs(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, code: i64) -> Refused {
        Refused::Answered {
            status,
            code,
            message: String::new(),
        }
    }

    /// Each refusal, and what is done about it: at a webhook's post, at the bot's, while a message grows, at its end.
    #[test]
    fn every_refusal_has_its_remedy() {
        use Remedy::*;
        let pause = |seconds| Refused::Pause { seconds };
        let unsure = || Refused::Unreachable(String::new());
        let unsent = || Refused::NotSent(String::new());
        #[rustfmt::skip]
        let table = [
            // The words are refused as words.
            (answered(400, 200_000), [Stop, Stop, Stop, Stop]),
            (answered(400, 200_001), [Stop, Stop, Stop, Stop]),
            (answered(400, 240_000), [Stop, Stop, Stop, Stop]),
            (answered(403, 20_009), [Stop, Stop, Stop, Stop]),
            // The form: a webhook's name or face may be what is wrong.
            (answered(400, 50_035), [AsBot, Stop, OnlyFinal, Anew]),
            (answered(400, 50_006), [AsBot, Stop, OnlyFinal, Anew]),
            (answered(413, 40_005), [AsBot, Stop, OnlyFinal, Anew]),
            (answered(400, 0), [AsBot, Stop, OnlyFinal, Anew]),
            // Permissions.
            (answered(403, 50_013), [AsBot, Stop, OnlyFinal, Anew]),
            (answered(403, 50_001), [AsBot, Stop, OnlyFinal, Anew]),
            (answered(400, 160_002), [Stop, Stop, OnlyFinal, Anew]),
            // What is gone.
            (answered(404, 10_008), [Stop, Stop, Anew, Anew]),
            (answered(404, 10_015), [NewHook, Stop, Anew, Anew]),
            (answered(401, 50_027), [NewHook, Stop, Anew, Anew]),
            (answered(404, 10_003), [Stop, Stop, Stop, Stop]),
            (answered(403, 50_007), [Stop, Stop, Stop, Stop]),
            (answered(403, 40_007), [Stop, Stop, Stop, Stop]),
            // Threads.
            (answered(400, 50_083), [AsBot, Stop, OnlyFinal, Anew]),
            (answered(403, 160_005), [AsBot, Stop, OnlyFinal, AnewAsBot]),
            // Edits.
            (answered(429, 30_046), [Stop, Stop, OnlyFinal, Anew]),
            (answered(403, 50_005), [Stop, Stop, OnlyFinal, Anew]),
            // Room.
            (answered(400, 30_007), [AsBot, Stop, OnlyFinal, Anew]),
            // Limits.
            (pause(2), [Again, Again, Skip, Again]),
            (pause(45), [AsBot, Stop, Skip, AnewAsBot]),
            // What passes: it may have been done, or it was not.
            (answered(502, 0), [Look, Again, Skip, Again]),
            (answered(503, 130_000), [Look, Again, Skip, Again]),
            (unsure(), [Look, Again, Skip, Again]),
            (unsent(), [Again, Again, Skip, Again]),
            // The token, the network before Discord, and what nobody has heard of.
            (answered(401, 0), [Stop, Stop, Stop, Stop]),
            (answered(403, 40_333), [Stop, Stop, Stop, Stop]),
            (answered(400, 999_999), [Stop, Stop, OnlyFinal, Anew]),
        ];
        for (refused, expected) in table {
            let tried = [
                Tried::Post(Via::Hook),
                Tried::Post(Via::Bot),
                Tried::Grow,
                Tried::Finish,
            ];
            let done = tried.map(|tried| remedy(&refused, tried));
            assert_eq!(done, expected, "{refused}");
        }
    }
}
