//! What is what among the messages of a channel that is read after a gap.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use companion::speaker::Begun;
use serde_json::Value;
use store::id::MessageId;

use super::pages::Hole;
use crate::discord::reading::message;

/// The pieces of one answer of the bot's own account follow each other within this time; only the first of them says what
/// it answers.
const PIECES: TimeDelta = TimeDelta::seconds(10);

/// What is known beside the messages.
pub(super) struct Of<'a> {
    /// Whether the bot wrote a message, or one of its personas.
    pub(super) is_ours: &'a (dyn Fn(&Value) -> bool + Sync),
    /// Messages that an earlier start had in hand.
    pub(super) again: &'a BTreeSet<MessageId>,
    /// The newest message that was heard; `None` where nothing was missed.
    pub(super) heard: Option<MessageId>,
    /// What is older is not answered.
    pub(super) since: DateTime<Utc>,
    /// What is newer was not begun by an earlier start.
    pub(super) until: DateTime<Utc>,
    /// Where messages are missing between these, because there are very many.
    pub(super) hole: Option<Hole>,
}

/// A message that is perhaps to be answered.
#[derive(Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) message: &'a Value,
    pub(super) how: How,
}

/// Why a message is perhaps to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// It was in hand of the earlier start.
    CutOff(MessageId),
    /// It was written while the bot was away, by whomever: the companion decides whom it hears.
    Missed,
    /// Of a webhook, and before others that were heard: it is to be answered only as the repost of a message that is gone.
    PassedOver,
}

/// What is to be done.
pub(super) struct Sorted<'a> {
    /// Perhaps to be answered, oldest first.
    pub(super) hear: Vec<Found<'a>>,
    /// Perhaps begun by the earlier start and not finished.
    pub(super) begun: Vec<Begun>,
    /// In hand of the earlier start, and deleted since.
    pub(super) gone: Vec<MessageId>,
    /// In hand of the earlier start, and not among what was read.
    pub(super) beyond: Vec<MessageId>,
}

/// Sorts a channel's messages, which come oldest first.
pub(super) fn sorted<'a>(messages: &'a [Value], of: &Of<'_>) -> Sorted<'a> {
    let (mut hear, mut begun, mut found) = (vec![], vec![], vec![]);
    let first = of.again.first().copied();
    // The newest piece of an answer by the bot's own account that was cut off.
    let mut piece: Option<&Value> = None;
    for one in messages {
        let Some(id) = message::number(one) else {
            continue;
        };
        let hear_as = |how| Found { message: one, how };
        if of.again.contains(&id) {
            found.push(id);
            hear.push(hear_as(How::CutOff(id)));
        } else if (of.is_ours)(one) {
            let by_webhook = message::is_by_webhook(one);
            let is_begun = first.is_some_and(|first| id > first)
                && message::written_at(one) < of.until
                && is_reply(one)
                && (by_webhook || belongs(one, piece, of));
            if is_begun {
                begun.push(Begun {
                    message: id,
                    by_webhook,
                });
            }
            if !by_webhook {
                piece = is_begun.then_some(one);
            }
        } else if is_missed(one, id, of) {
            hear.push(hear_as(How::Missed));
        } else if message::is_talk(one) && message::is_by_webhook(one) && first < Some(id) {
            hear.push(hear_as(How::PassedOver));
        }
    }
    let lost = of.again.iter().copied().filter(|id| !found.contains(id));
    let (beyond, gone): (_, Vec<_>) =
        lost.partition(|id| of.hole.is_some_and(|hole| hole.has(*id)));
    if gone.is_empty() {
        hear.retain(|found| found.how != How::PassedOver);
    }
    Sorted {
        hear,
        begun,
        gone,
        beyond,
    }
}

/// Whether one of ours may be a part of a reply; an answer to a command is none.
fn is_reply(one: &Value) -> bool {
    message::is_talk(one) && one["interaction_metadata"].is_null() && one["interaction"].is_null()
}

/// Whether a message of the bot's own account answers one that was in hand, or goes on with such an answer.
fn belongs(one: &Value, piece: Option<&Value>, of: &Of<'_>) -> bool {
    match message::refers_to(one) {
        Some(answered) => of.again.contains(&answered),
        None => piece
            .is_some_and(|piece| message::written_at(one) - message::written_at(piece) <= PIECES),
    }
}

/// Whether somebody wrote it while the bot was away, and not too long ago.
fn is_missed(one: &Value, id: MessageId, of: &Of<'_>) -> bool {
    of.heard.is_some_and(|heard| id > heard)
        && message::written_at(one) >= of.since
        && message::is_talk(one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ME: u64 = 900;

    fn by(author: u64, id: u64) -> Value {
        json!({
            "id": id.to_string(), "type": 0, "author": { "id": author.to_string(), "bot": author == ME },
            "timestamp": DateTime::from_timestamp(1_000 + id as i64, 0).unwrap().to_rfc3339(),
        })
    }

    fn hook(id: u64) -> Value {
        let mut message = by(800, id);
        message["webhook_id"] = json!("800");
        message["application_id"] = json!("900");
        message
    }

    fn answer(id: u64, to: u64) -> Value {
        let mut message = by(ME, id);
        message["type"] = json!(19);
        message["message_reference"] = json!({ "message_id": to.to_string() });
        message
    }

    fn of(again: &BTreeSet<MessageId>, heard: Option<u64>) -> Of<'_> {
        Of {
            is_ours: &|one| message::is_ours(one, ME, Some(ME)),
            again,
            heard: heard.map(Into::into),
            since: DateTime::from_timestamp(1_000, 0).unwrap(),
            until: DateTime::from_timestamp(1_100, 0).unwrap(),
            hole: None,
        }
    }

    fn sort(
        messages: &[Value],
        again: &[u64],
        heard: Option<u64>,
    ) -> (Vec<u64>, Vec<u64>, Vec<u64>) {
        let again = again.iter().map(|id| (*id).into()).collect();
        let Sorted {
            hear, begun, gone, ..
        } = sorted(messages, &of(&again, heard));
        (
            hear.iter()
                .filter_map(|one| message::number(one.message))
                .map(MessageId::get)
                .collect(),
            begun.iter().map(|one| one.message.get()).collect(),
            gone.into_iter().map(MessageId::get).collect(),
        )
    }

    #[test]
    fn what_was_cut_off_and_what_was_missed_is_heard_in_order_and_what_was_begun_is_taken_back() {
        let messages = [by(1, 10), by(2, 11), hook(12), by(3, 13), by(4, 14)];
        assert_eq!(
            sort(&messages, &[10, 13], Some(13)),
            (vec![10, 13, 14], vec![12], vec![])
        );
    }

    #[test]
    fn what_stands_before_the_first_that_was_cut_off_is_nobodys_half_answer() {
        assert_eq!(
            sort(&[hook(9), by(1, 10)], &[10], None),
            (vec![10], vec![], vec![])
        );
    }

    #[test]
    fn of_the_bots_own_account_only_what_answers_the_cut_off_ones_is_taken_back_with_its_pieces() {
        let messages = [
            by(1, 10),
            answer(11, 10),
            by(ME, 12),
            answer(13, 5),
            by(ME, 14),
            by(ME, 60),
        ];
        assert_eq!(
            sort(&messages, &[10], None),
            (vec![10], vec![11, 12], vec![])
        );
    }

    #[test]
    fn an_answer_to_a_command_stays() {
        let mut command = hook(11);
        command["interaction_metadata"] = json!({ "id": "1" });
        assert_eq!(
            sort(&[by(1, 10), command], &[10], None).1,
            Vec::<u64>::new()
        );
    }

    #[test]
    fn one_that_was_deleted_is_gone() {
        assert_eq!(sort(&[by(1, 11)], &[10], None), (vec![], vec![], vec![10]));
    }

    #[test]
    fn what_this_start_wrote_is_not_taken_back() {
        let messages = [
            by(1, 10),
            hook(12),
            answer(13, 10),
            hook(102),
            answer(103, 10),
        ];
        assert_eq!(sort(&messages, &[10], None).1, [12, 13]);
    }

    #[test]
    fn what_is_beyond_all_that_was_read_is_not_gone() {
        let again = [10, 11, 40, 60].map(MessageId::from).into();
        let messages = [by(1, 11), by(1, 12), by(1, 50), by(1, 61)];
        let part = Of {
            hole: Some(Hole {
                behind: 12.into(),
                before: 50.into(),
            }),
            ..of(&again, None)
        };
        let sorted = sorted(&messages, &part);
        assert_eq!(sorted.gone, [10.into(), 60.into()]);
        assert_eq!(sorted.beyond, [40.into()]);
    }

    fn foreign_hook(id: u64) -> Value {
        let mut message = by(700, id);
        message["webhook_id"] = json!("700");
        message
    }

    #[test]
    fn webhooks_and_bots_of_others_are_missed_too_and_ours_never() {
        let mut bot = by(5, 13);
        bot["author"]["bot"] = json!(true);
        let messages = [foreign_hook(11), hook(12), bot, by(ME, 14)];
        assert_eq!(sort(&messages, &[], Some(10)).0, [11, 13]);
    }

    #[test]
    fn where_something_is_gone_a_webhooks_message_behind_it_may_be_its_repost() {
        let messages = [foreign_hook(9), foreign_hook(11), hook(12), by(1, 13)];
        assert_eq!(sort(&messages, &[10], Some(13)).0, [11]);
        let stands = [foreign_hook(9), by(1, 10), foreign_hook(11), by(1, 13)];
        assert_eq!(sort(&stands, &[10], Some(13)).0, [10]);
    }
}
