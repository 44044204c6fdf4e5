//! Previews of links: a moment after a message, Discord adds what it found behind its links, and tells it as a change of
//! the message that nobody edited (see [`super::unedited`]). When comes from [`crate::previews`].

use tokio::time::Instant;
use twilight_model::channel::message::MessageFlags;
use twilight_model::channel::message::embed::{Embed, EmbedProvider};
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::id::marker::{ChannelMarker, MessageMarker};
use twilight_model::util::Timestamp;

use super::World;
use super::message::StoredMessage;
use crate::previews::Order;
use crate::rest::error::ApiResult;

/// How many embeds a message has at most (developer documentation, Message › Create Message).
const MOST_EMBEDS: usize = 10;
/// What Discord keeps of an edit's time when a preview follows it.
const MICROS_IN_A_MILLISECOND: i64 = 1_000;

impl World {
    /// Orders previews for a message that was just written or edited, if it has links.
    pub(super) fn order_previews(&self, stored: &StoredMessage) {
        let Some((orders, delay)) = self.previews.as_ref().zip(self.preview_delay) else {
            return;
        };
        if stored.only_for.is_some() || self.previews_for(stored).is_empty() {
            return;
        }
        // A simulator that is being taken down fetches no more.
        let _ = orders.send(Order {
            channel: stored.message.channel_id,
            message: stored.message.id,
            due: Instant::now() + delay,
        });
    }

    /// The previews of a message arrive, as it is now. After an edit, its time comes back cut to milliseconds (developer
    /// documentation, issue 8281), so that it is set although this is no edit.
    pub fn add_previews(
        &mut self,
        channel: Id<ChannelMarker>,
        id: Id<MessageMarker>,
    ) -> ApiResult<()> {
        let stored = self.message(channel, id)?;
        let previews = self.previews_for(stored);
        let mut embeds = written_embeds(&stored.message.embeds);
        embeds.extend(previews);
        embeds.truncate(MOST_EMBEDS);
        if embeds == stored.message.embeds {
            return Ok(());
        }
        self.update_unedited(channel, id, |message| {
            message.embeds = embeds;
            message.edited_timestamp = message.edited_timestamp.map(cut_to_milliseconds);
        })?;
        Ok(())
    }

    /// What is behind the links of a message: nothing if it says so, or if its author may not embed links.
    fn previews_for(&self, stored: &StoredMessage) -> Vec<Embed> {
        let message = &stored.message;
        let suppressed = message
            .flags
            .is_some_and(|flags| flags.contains(MessageFlags::SUPPRESS_EMBEDS));
        let may_embed = message.webhook_id.is_some()
            || self
                .permissions(message.author.id, message.channel_id)
                .contains(Permissions::EMBED_LINKS);
        if suppressed || !may_embed {
            return Vec::new();
        }
        links(&message.content)
            .into_iter()
            .take(MOST_EMBEDS)
            .map(preview)
            .collect()
    }
}

/// Those that the author put there; previews come and go with the text.
pub(super) fn written_embeds(embeds: &[Embed]) -> Vec<Embed> {
    let written = embeds.iter().filter(|embed| embed.kind != "link");
    written.cloned().collect()
}

fn cut_to_milliseconds(time: Timestamp) -> Timestamp {
    let micros = time.as_micros();
    Timestamp::from_micros(micros - micros.rem_euclid(MICROS_IN_A_MILLISECOND)).unwrap_or(time)
}

/// The links that Discord previews: those not in angle brackets and not in code.
fn links(text: &str) -> Vec<&str> {
    // Every second piece between backticks is code.
    let plain = text.split('`').step_by(2);
    let mut found: Vec<&str> = plain.flat_map(links_in_plain).collect();
    found.dedup();
    found
}

fn links_in_plain(text: &str) -> Vec<&str> {
    let starts = text
        .match_indices("http")
        .filter(|(start, _)| !text[..*start].ends_with('<'));
    starts
        .map(|(start, _)| {
            let rest = &text[start..];
            let end = rest.find(|c: char| c.is_whitespace() || c == '>' || c == ')');
            &rest[..end.unwrap_or(rest.len())]
        })
        .filter(|link| host(link).is_some())
        .collect()
}

fn host(link: &str) -> Option<&str> {
    let rest = link
        .strip_prefix("https://")
        .or_else(|| link.strip_prefix("http://"))?;
    rest.split(['/', '?', '#'])
        .next()
        .filter(|it| !it.is_empty())
}

/// A page as its own head tells it. What is told here is made up from the address: nothing is fetched.
fn preview(link: &str) -> Embed {
    let host = host(link).unwrap_or_default();
    Embed {
        author: None,
        color: None,
        description: Some(format!("What {host} says of itself.")),
        fields: Vec::new(),
        footer: None,
        image: None,
        kind: "link".to_owned(),
        provider: Some(EmbedProvider {
            name: Some(host.to_owned()),
            url: None,
        }),
        thumbnail: None,
        timestamp: None,
        title: Some(format!("A page at {host}")),
        url: Some(link.to_owned()),
        video: None,
    }
}

#[cfg(test)]
mod tests {
    use super::links;

    #[test]
    fn links_in_brackets_and_in_code_have_no_preview() {
        let text =
            "see https://a.example/x, <https://b.example> `https://c.example` (http://d.example)";
        assert_eq!(links(text), ["https://a.example/x,", "http://d.example"]);
        assert!(links("httpd, http:// and no more").is_empty());
    }
}
