//! What Discord's error codes mean for somebody who speaks: one table, gone through with Discord's own list.
//!
//! <https://discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes>, as of 2026-08-06. Codes of
//! routes that the speaking side never asks (invites, stickers, stages, gifts …) are not here: they are [`Meaning::Other`].

/// What a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A filter does not want these words, whoever says them and in whatever pieces.
    Content,
    /// The request's form is not taken: a name, a face, a length. Another way of saying the same may be.
    Form,
    /// The bot lacks a permission.
    Forbidden,
    /// A reply needs a permission that the same message without its reference does not.
    NoReply,
    /// The message is no longer there.
    MessageGone,
    /// The webhook is no longer there, or its token is no longer its token.
    WebhookGone,
    /// There is no room for another webhook or emoji.
    Full,
    /// This message cannot be changed, not now or never.
    Uneditable,
    /// The thread is archived: a new message opens it, nothing else does.
    Archived,
    /// The thread is locked: only who manages threads writes there, and a webhook manages nothing.
    Locked,
    /// Nobody can write into this place any more, or not to this person.
    PlaceGone,
    /// Too much at once: nothing was done, and it may be asked again later.
    Limited,
    /// A trouble at Discord's side that passes. Whether it was done is not known.
    Passing,
    /// Nothing reached Discord.
    NotSent,
    /// The bot's token is no longer valid.
    Token,
    /// The network before Discord blocks the request; asking again makes it worse.
    Blocked,
    /// None of these.
    Other,
}

use Meaning::{
    Archived, Blocked, Content, Forbidden, Form, Full, Limited, Locked, MessageGone, NoReply,
    Passing, PlaceGone, Token, Uneditable, WebhookGone,
};

/// Discord's codes, in their order.
const CODES: &[(i64, Meaning)] = &[
    (10_003, PlaceGone),   // unknown channel
    (10_004, PlaceGone),   // unknown guild
    (10_008, MessageGone), // unknown message
    (10_013, PlaceGone),   // unknown user
    (10_015, WebhookGone), // unknown webhook
    (10_016, WebhookGone), // unknown webhook service
    (20_009, Content),     // explicit content cannot be sent to the recipient
    (20_016, Limited),     // slow mode
    (20_022, Uneditable),  // announcement rate limits
    (20_028, Limited),     // write rate limit of the channel
    (20_029, Limited),     // write rate limit of the server
    (20_031, Content),     // words that are not allowed
    (30_007, Full),        // 15 webhooks in the channel
    (30_008, Full),        // emojis
    (30_010, Full),        // 20 reactions
    (30_018, Full),        // animated emojis
    (30_046, Uneditable),  // edits to messages older than an hour
    (30_056, Full),        // premium emojis
    (30_058, Full),        // 1,000 webhooks in the server
    (40_001, Token),       // unauthorized
    (40_002, Forbidden),   // the account must be verified
    (40_003, Limited),     // direct messages opened too fast
    (40_004, Passing),     // sending is temporarily disabled
    (40_005, Form),        // too large
    (40_006, Passing),     // the feature is temporarily disabled
    (40_007, PlaceGone),   // banned from the server
    (40_058, PlaceGone),   // a forum takes posts, not messages
    (40_062, Limited),     // the service resource is limited
    (40_067, PlaceGone),   // a forum's post needs a tag
    (40_333, Blocked),     // Cloudflare blocks the request
    (50_001, Forbidden),   // missing access
    (50_003, PlaceGone),   // not in a direct message
    (50_005, Uneditable),  // authored by another user
    (50_006, Form),        // empty message
    (50_007, PlaceGone),   // cannot send messages to this user
    (50_008, PlaceGone),   // not a text channel
    (50_009, Forbidden),   // verification level
    (50_013, Forbidden),   // missing permissions
    (50_014, Token),       // invalid authentication token
    (50_021, Uneditable),  // a system message
    (50_024, PlaceGone),   // not in this type of channel
    (50_027, WebhookGone), // invalid webhook token
    (50_033, PlaceGone),   // invalid recipients
    (50_035, Form),        // invalid form body
    (50_055, PlaceGone),   // invalid guild
    (50_068, Uneditable),  // invalid message type
    (50_073, WebhookGone), // a system webhook
    (50_083, Archived),    // the thread is archived
    (50_095, PlaceGone),   // the server is not available in this location
    (50_109, Form),        // invalid JSON
    (50_278, PlaceGone),   // no server in common
    (90_001, PlaceGone),   // the person blocks the bot's reactions
    (110_000, Passing),    // index not yet available
    (110_001, Passing),    // application not yet available
    (130_000, Passing),    // overloaded
    (160_002, NoReply),    // no reply without the message history
    (160_005, Locked),     // the thread is locked
    (160_006, PlaceGone),  // too many active threads to open this one
    (160_007, PlaceGone),  // the same for announcements
    (200_000, Content),    // automatic moderation
    (200_001, Content),    // automatic moderation of a title
    (220_001, PlaceGone),  // a forum's webhook needs a thread
    (220_002, PlaceGone),  // the same
    (220_003, PlaceGone),  // the same
    (220_004, PlaceGone),  // the same
    (240_000, Content),    // harmful links
];

/// The codes that an answer with this status has, if it has any.
pub fn meaning(status: u16, code: i64) -> Meaning {
    if let Ok(at) = CODES.binary_search_by_key(&code, |(known, _)| *known) {
        return CODES[at].1;
    }
    match (status, code) {
        (500.., _) | (408 | 425, _) => Passing,
        (429, _) => Limited,
        (401, _) => Token,
        (413, _) => Form,
        // Without a code of its own a refusal is about the request as such.
        (400, 0) => Form,
        (403, 0) => Forbidden,
        _ => Meaning::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_so_that_it_can_be_searched() {
        assert!(CODES.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn a_code_says_more_than_its_status() {
        assert_eq!(meaning(401, 50_027), WebhookGone);
        assert_eq!(meaning(401, 0), Token);
        assert_eq!(meaning(403, 240_000), Content);
        assert_eq!(meaning(403, 50_013), Forbidden);
        assert_eq!(meaning(503, 0), Passing);
        assert_eq!(meaning(400, 999_999), Meaning::Other);
    }
}
