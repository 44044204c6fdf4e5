//! The parts of a request that endpoints differ about, and what can be learned of each.

use std::fmt;

use crate::thinking::Expects;

/// A part of a request that an endpoint may not take, or that the model behind it needs more of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// Stop sequences.
    Stop,
    /// The sampling temperature.
    Temperature,
    /// The cap under its usual name.
    MaxTokens,
    /// The cap under OpenAI's new name.
    MaxCompletionTokens,
    /// How high the cap is.
    Cap,
    /// The wish for a usage report in a stream.
    Usage,
    /// The shape of the answer.
    Schema,
    /// A system prompt in a place of its own.
    System,
    /// Where a prefix cache may end.
    Cache,
    /// Tokens that the model needs for thinking besides those of its reply.
    Room,
    /// How it writes thoughts into the text of a reply: 0 with an opening mark or not at all, 1 with a closing mark only,
    /// 2 now with such marks and now without.
    Thoughts,
    /// The share of the likeliest tokens.
    TopP,
    /// The least likelihood against the likeliest.
    MinP,
    /// The penalty for how often a token stands in the reply.
    FrequencyPenalty,
    /// The penalty for a token that stands in the reply.
    PresencePenalty,
    /// The penalty for what was said lately, under llama.cpp's name.
    RepeatPenalty,
    /// The same under the name of Hugging Face and vLLM.
    RepetitionPenalty,
    /// How far that looks back, under either name.
    RepeatLastN,
    /// DRY, with all that belongs to it.
    Dry,
    /// Every sampler that OpenAI's API does not have.
    Samplers,
}

impl Field {
    /// Every field.
    pub const ALL: [Field; 20] = [
        Field::Stop,
        Field::Temperature,
        Field::MaxTokens,
        Field::MaxCompletionTokens,
        Field::Cap,
        Field::Usage,
        Field::Schema,
        Field::System,
        Field::Cache,
        Field::Room,
        Field::Thoughts,
        Field::TopP,
        Field::MinP,
        Field::FrequencyPenalty,
        Field::PresencePenalty,
        Field::RepeatPenalty,
        Field::RepetitionPenalty,
        Field::RepeatLastN,
        Field::Dry,
        Field::Samplers,
    ];
    /// What [`Field::Samplers`] stands for.
    pub(crate) const NOT_OPENAIS: [Field; 5] = [
        Field::MinP,
        Field::RepeatPenalty,
        Field::RepetitionPenalty,
        Field::RepeatLastN,
        Field::Dry,
    ];

    /// Its name: that of the wire, where it has one.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Field::Stop => "stop",
            Field::Temperature => "temperature",
            Field::MaxTokens => "max_tokens",
            Field::MaxCompletionTokens => "max_completion_tokens",
            Field::Cap => "cap",
            Field::Usage => "stream_options",
            Field::Schema => "response_format",
            Field::System => "system",
            Field::Cache => "cache_control",
            Field::Room => "room",
            Field::Thoughts => "thoughts",
            Field::TopP => "top_p",
            Field::MinP => "min_p",
            Field::FrequencyPenalty => "frequency_penalty",
            Field::PresencePenalty => "presence_penalty",
            Field::RepeatPenalty => "repeat_penalty",
            Field::RepetitionPenalty => "repetition_penalty",
            Field::RepeatLastN => "repeat_last_n",
            Field::Dry => "dry",
            Field::Samplers => "samplers",
        }
    }

    /// The field of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Field> {
        Field::ALL.into_iter().find(|field| field.as_str() == name)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something that was learned of an endpoint. Displays as what is done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lesson {
    /// What it is about.
    pub field: Field,
    /// How much of it is taken: nothing at 0. Of [`Field::Room`], how much of it is needed; of [`Field::Thoughts`], which
    /// of its ways.
    pub value: u32,
}

impl Lesson {
    /// The field is not taken at all.
    pub(crate) const fn not(field: Field) -> Lesson {
        Lesson { field, value: 0 }
    }

    /// It writes its thoughts like this.
    pub(crate) const fn thoughts(expects: Expects) -> Lesson {
        let value = match expects {
            Expects::Plain => 0,
            Expects::ClosesOnly => 1,
            Expects::Unknown => 2,
        };
        Lesson {
            field: Field::Thoughts,
            value,
        }
    }

    /// What taught it: the beginning of a sentence that goes on with what is done about it.
    #[must_use]
    pub fn cause(self) -> String {
        match (self.field, self.value) {
            (Field::Stop, 1..) => "it refuses more stop sequences".to_owned(),
            (Field::Cap, _) => "it refuses a higher cap".to_owned(),
            (Field::System, _) => "it refuses the system role".to_owned(),
            (Field::Room, _) => "it thinks before it speaks".to_owned(),
            (Field::Thoughts, 0) => "it opens its thoughts, if it has any".to_owned(),
            (Field::Thoughts, 1) => "it closes thoughts that it has not opened".to_owned(),
            (Field::Thoughts, _) => "it closes thoughts at times that it has not opened".to_owned(),
            (Field::Dry, _) => "it refuses DRY".to_owned(),
            (Field::Samplers, _) => "it refuses samplers that OpenAI does not have".to_owned(),
            (field, _) => format!("it refuses `{field}`"),
        }
    }
}

impl fmt::Display for Lesson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value;
        match (self.field, value) {
            (Field::Stop, 0) => {
                f.write_str("stop is left out; where the model writes on as somebody else, the reply is cut here")
            }
            (Field::Stop, most) => write!(f, "stop has at most {most} entries"),
            (Field::Temperature, _) => {
                f.write_str("temperature is left out; the model samples at its own")
            }
            (Field::MaxTokens, _) => f.write_str("the cap goes into max_completion_tokens"),
            (Field::MaxCompletionTokens, _) => f.write_str("the cap goes into max_tokens"),
            (Field::Cap, most) => write!(f, "the cap is at most {most} tokens"),
            (Field::Usage, _) => f.write_str(
                "stream_options is left out; a reply whose usage is not told is posted at its full hold",
            ),
            (Field::Schema, _) => {
                f.write_str("response_format is left out; the shape of an answer is asked for in words")
            }
            (Field::System, _) => {
                f.write_str("the system prompt stands at the head of the first message")
            }
            (Field::Cache, _) => f.write_str(
                "cache_control is left out; each prompt is read anew, at the full price of its input",
            ),
            (Field::Room, room) => write!(f, "replies have room for {room} tokens of thinking"),
            (Field::TopP | Field::MinP, _) => {
                write!(f, "{} is left out; the model samples at its own", self.field)
            }
            (
                Field::FrequencyPenalty
                | Field::PresencePenalty
                | Field::RepeatPenalty
                | Field::RepetitionPenalty,
                _,
            ) => write!(f, "{} is left out", self.field),
            (Field::RepeatLastN, _) => {
                f.write_str("how far a penalty looks back is left to the server")
            }
            (Field::Dry, _) => f.write_str("dry_multiplier and its like are left out"),
            (Field::Samplers, _) => f.write_str(
                "repeat_penalty, DRY and min_p are left out, under all their names; the model may say more than once what it has said",
            ),
            (Field::Thoughts, 0) => f.write_str("replies are shown while they come"),
            (Field::Thoughts, 1) => f.write_str(
                "replies are shown from the closing mark of their thoughts on, which nothing opens",
            ),
            (Field::Thoughts, _) => f.write_str(
                "replies are shown when they are over: only then it is sure which part of them is thought",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_found_by_its_name_and_stands_at_its_place() {
        for (at, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!(Field::named(field.as_str()), Some(field));
            assert_eq!(field as usize, at);
        }
        assert_eq!(Field::named("top_k"), None);
    }
}
