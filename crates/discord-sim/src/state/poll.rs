//! Polls that end: the message changes although nobody edited it, and a line tells the result.

use twilight_model::channel::message::MessageType;
use twilight_model::channel::message::embed::{Embed, EmbedField};
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker};
use twilight_model::poll::{AnswerCount, Poll, PollResults};

use super::World;
use crate::rest::error::{ApiError, ApiResult};

/// The type of the line that tells a poll's result; twilight has no name for it.
const POLL_RESULT: u8 = 46;

impl World {
    /// A poll ends, by its author or by its time: its results are final, which MESSAGE_UPDATE tells, and a message of type
    /// 46 points to it (developer documentation, Message › Poll result messages).
    pub fn end_poll(&mut self, channel: Id<ChannelMarker>, id: Id<MessageMarker>) -> ApiResult<()> {
        let stored = self.message(channel, id)?;
        let author = stored.message.author.id;
        let Some(mut poll) = stored.message.poll.clone() else {
            return Err(ApiError::not_a_poll());
        };
        let results = counted(&poll);
        if poll.results.as_ref().is_some_and(|told| told.is_finalized) {
            return Err(ApiError::poll_ended());
        }
        let embed = result_embed(&poll, &results);
        poll.expiry = Some(self.now());
        poll.results = Some(results);
        self.update_unedited(channel, id, |message| message.poll = Some(poll))?;
        let reference = self.reference_to(channel, Some(id));
        let mention = self.users.get(&author).map(super::mention::mention);
        self.post_system(
            channel,
            author,
            MessageType::from(POLL_RESULT),
            String::new(),
            reference,
            |message| {
                message.embeds = vec![embed];
                message.mentions.extend(mention);
            },
        )?;
        Ok(())
    }
}

fn counted(poll: &Poll) -> PollResults {
    let told = poll.results.as_ref().map(|results| &results.answer_counts);
    let count = |answer: u8| -> AnswerCount {
        let found = told.and_then(|counts| counts.iter().find(|count| count.id == answer));
        found.cloned().unwrap_or(AnswerCount {
            count: 0,
            id: answer,
            me_voted: false,
        })
    };
    PollResults {
        answer_counts: poll.answers.iter().map(|it| count(it.answer_id)).collect(),
        is_finalized: true,
    }
}

/// The fields that Discord puts into it (developer documentation, Message › Poll Result Embed Fields).
fn result_embed(poll: &Poll, results: &PollResults) -> Embed {
    let total: u64 = results.answer_counts.iter().map(|it| it.count).sum();
    let best = results.answer_counts.iter().max_by_key(|it| it.count);
    let mut fields = vec![
        field(
            "poll_question_text",
            poll.question.text.clone().unwrap_or_default(),
        ),
        field(
            "victor_answer_votes",
            best.map_or(0, |it| it.count).to_string(),
        ),
        field("total_votes", total.to_string()),
    ];
    if let Some(best) = best.filter(|best| best.count > 0) {
        let answer = poll.answers.iter().find(|it| it.answer_id == best.id);
        let text = answer.and_then(|it| it.poll_media.text.clone());
        fields.push(field("victor_answer_id", best.id.to_string()));
        fields.push(field("victor_answer_text", text.unwrap_or_default()));
    }
    Embed {
        author: None,
        color: None,
        description: None,
        fields,
        footer: None,
        image: None,
        kind: "poll_result".to_owned(),
        provider: None,
        thumbnail: None,
        timestamp: None,
        title: None,
        url: None,
        video: None,
    }
}

fn field(name: &str, value: String) -> EmbedField {
    EmbedField {
        inline: false,
        name: name.to_owned(),
        value,
    }
}
