//! Messages as they are told: in REST's answers and in events, with what twilight's types leave out.

use serde_json::{Value, json};
use twilight_model::channel::Message;
use twilight_model::channel::message::MessageType;

use super::World;
use super::member::partial_member;
use super::message::StoredMessage;
use super::reaction::complete_emoji;

impl World {
    /// The message as REST answers it: twilight's, plus what twilight leaves out.
    #[must_use]
    pub fn message_json(&self, stored: &StoredMessage) -> Value {
        let mut json = json!(stored.message);
        self.complete_message(&mut json);
        if let Some(nonce) = &stored.nonce {
            json["nonce"] = nonce.value.clone();
        }
        json
    }

    /// Adds to a serialised message what Discord sends and twilight does not: the display names of those mentioned,
    /// and the empty lists that twilight omits although clients by others index them.
    pub(crate) fn complete_message(&self, json: &mut Value) {
        if let Some(Value::Array(mentions)) = json.get_mut("mentions") {
            for mention in mentions {
                let name = mention["id"]
                    .as_str()
                    .and_then(|id| id.parse().ok())
                    .and_then(|id| self.users.get(&id))
                    .and_then(|user| user.global_name.clone());
                mention["global_name"] = json!(name);
                leave_out_user(mention);
            }
        }
        leave_out_user(json);
        if let Some(Value::Array(reactions)) = json.get_mut("reactions") {
            for reaction in reactions {
                complete_emoji(&mut reaction["emoji"]);
            }
        }
        if json["components"].is_null() {
            json["components"] = json!([]);
        }
        if json["call"].is_null()
            && let Some(object) = json.as_object_mut()
        {
            object.shift_remove("call");
        }
        let is_reply = [MessageType::Reply, MessageType::ThreadStarterMessage]
            .into_iter()
            .any(|kind| json["type"] == json!(u8::from(kind)));
        if is_reply && json["referenced_message"].is_null() {
            json["referenced_message"] = Value::Null;
        }
        if json["referenced_message"].is_object() {
            let mut inner = json["referenced_message"].take();
            self.complete_message(&mut inner);
            json["referenced_message"] = inner;
        } else if !is_reply && let Some(object) = json.as_object_mut() {
            object.shift_remove("referenced_message");
        }
    }

    /// The message as events carry it: with the server, and the memberships of its author and
    /// of those mentioned.
    pub(crate) fn as_event(&self, stored: &StoredMessage) -> Message {
        let mut message = stored.message.clone();
        message.guild_id = self.guild_of(message.channel_id);
        let members = message
            .guild_id
            .and_then(|guild| self.guilds.get(&guild))
            .map(|guild| &guild.members);
        let member = |user| {
            let member = members?.get(&user)?;
            Some(partial_member(member, false, None))
        };
        if message.webhook_id.is_none() {
            message.member = member(message.author.id);
        }
        for mention in &mut message.mentions {
            mention.member = member(mention.id);
        }
        message
    }
}

/// twilight writes `"user": null`; Discord leaves the user out of the member beside it, and discord.js reads it.
fn leave_out_user(json: &mut Value) {
    if let Some(Value::Object(member)) = json.get_mut("member")
        && member.get("user").is_some_and(Value::is_null)
    {
        member.shift_remove("user");
    }
}
