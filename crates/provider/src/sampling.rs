//! How a reply is wanted to be sampled beside its temperature, and how that goes over the wire.
//!
//! OpenAI's API has penalties that count what the reply itself repeats. Servers that people run themselves have samplers
//! against repeating the prompt too, each under names of its own (`docs/ENDPOINTS.md` says who takes which): all of them
//! are sent, since those servers pass over what they do not know, and what one refuses is left out from then on.

use std::fmt;

use serde::Serialize;

use crate::manners::{Field, Known};
use crate::request::Request;

/// How a reply is wanted to be sampled. What is absent is the endpoint's own affair.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sampling {
    /// Only the likeliest tokens that make up this share.
    pub top_p: Option<f32>,
    /// Only tokens that are this likely, against the likeliest.
    pub min_p: Option<f32>,
    /// OpenAI's penalty that grows with each repetition in the reply.
    pub frequency_penalty: Option<f32>,
    /// OpenAI's penalty for what is in the reply at all.
    pub presence_penalty: Option<f32>,
    /// A factor against tokens that were said lately, in the prompt or the reply; 1 is none.
    pub repeat_penalty: Option<f32>,
    /// How many tokens that looks back.
    pub repeat_last_n: Option<u32>,
    /// How much DRY is against going on with a sequence that was said before; 0 is not at all.
    pub dry_multiplier: Option<f32>,
    /// How much DRY grows with each token of the sequence.
    pub dry_base: Option<f32>,
    /// Sequences of so many tokens may be said again.
    pub dry_allowed_length: Option<u32>,
    /// How many tokens DRY looks back.
    pub dry_penalty_last_n: Option<u32>,
}

impl Sampling {
    /// As the endpoint does it.
    pub const NONE: Sampling = Sampling {
        top_p: None,
        min_p: None,
        frequency_penalty: None,
        presence_penalty: None,
        repeat_penalty: None,
        repeat_last_n: None,
        dry_multiplier: None,
        dry_base: None,
        dry_allowed_length: None,
        dry_penalty_last_n: None,
    };

    /// Whether a request with this would have the field.
    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        Samplers::everything(None, *self).has(field)
    }
}

/// How a request is sampled, as it goes over the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Samplers {
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_p: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_p: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    frequency_penalty: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    presence_penalty: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repeat_penalty: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repetition_penalty: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repeat_last_n: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repetition_penalty_range: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dry_multiplier: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dry_base: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dry_allowed_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dry_penalty_last_n: Option<u32>,
}

impl Samplers {
    /// In OpenAI's dialect, as far as the endpoint takes it.
    pub(crate) fn openai(request: &Request, known: &Known) -> Samplers {
        Samplers::everything(request.temperature, request.sampling).taken(known)
    }

    /// In Anthropic's dialect, which has no others, and no temperature above this.
    pub(crate) fn anthropic(request: &Request, known: &Known, hottest: f32) -> Samplers {
        let temperature = request.temperature.map(|wanted| wanted.min(hottest));
        let sampling = Sampling {
            top_p: request.sampling.top_p,
            ..Sampling::NONE
        };
        Samplers::everything(temperature, sampling).taken(known)
    }

    /// Under every name that a server has for it.
    pub(crate) const fn everything(temperature: Option<f32>, sampling: Sampling) -> Samplers {
        Samplers {
            temperature,
            top_p: sampling.top_p,
            min_p: sampling.min_p,
            frequency_penalty: sampling.frequency_penalty,
            presence_penalty: sampling.presence_penalty,
            repeat_penalty: sampling.repeat_penalty,
            repetition_penalty: sampling.repeat_penalty,
            repeat_last_n: sampling.repeat_last_n,
            repetition_penalty_range: sampling.repeat_last_n,
            dry_multiplier: sampling.dry_multiplier,
            dry_base: sampling.dry_base,
            dry_allowed_length: sampling.dry_allowed_length,
            dry_penalty_last_n: sampling.dry_penalty_last_n,
        }
    }

    fn taken(self, known: &Known) -> Samplers {
        let not_openais = known.takes(Field::Samplers);
        let takes = |field| known.takes(field);
        let special = |field| not_openais && known.takes(field);
        let dry = special(Field::Dry);
        Samplers {
            temperature: self.temperature.filter(|_| takes(Field::Temperature)),
            top_p: self.top_p.filter(|_| takes(Field::TopP)),
            min_p: self.min_p.filter(|_| special(Field::MinP)),
            frequency_penalty: self
                .frequency_penalty
                .filter(|_| takes(Field::FrequencyPenalty)),
            presence_penalty: self
                .presence_penalty
                .filter(|_| takes(Field::PresencePenalty)),
            repeat_penalty: self
                .repeat_penalty
                .filter(|_| special(Field::RepeatPenalty)),
            repetition_penalty: self
                .repetition_penalty
                .filter(|_| special(Field::RepetitionPenalty)),
            repeat_last_n: self.repeat_last_n.filter(|_| special(Field::RepeatLastN)),
            repetition_penalty_range: self
                .repetition_penalty_range
                .filter(|_| special(Field::RepeatLastN)),
            dry_multiplier: self.dry_multiplier.filter(|_| dry),
            dry_base: self.dry_base.filter(|_| dry),
            dry_allowed_length: self.dry_allowed_length.filter(|_| dry),
            dry_penalty_last_n: self.dry_penalty_last_n.filter(|_| dry),
        }
    }

    /// Whether this field is in it.
    pub(crate) fn has(&self, field: Field) -> bool {
        match field {
            Field::Temperature => self.temperature.is_some(),
            Field::TopP => self.top_p.is_some(),
            Field::MinP => self.min_p.is_some(),
            Field::FrequencyPenalty => self.frequency_penalty.is_some(),
            Field::PresencePenalty => self.presence_penalty.is_some(),
            Field::RepeatPenalty => self.repeat_penalty.is_some(),
            Field::RepetitionPenalty => self.repetition_penalty.is_some(),
            Field::RepeatLastN => {
                self.repeat_last_n.is_some() || self.repetition_penalty_range.is_some()
            }
            Field::Dry => {
                self.dry_multiplier.is_some()
                    || self.dry_base.is_some()
                    || self.dry_allowed_length.is_some()
                    || self.dry_penalty_last_n.is_some()
            }
            Field::Samplers => Field::NOT_OPENAIS.iter().any(|&field| self.has(field)),
            _ => false,
        }
    }
}

/// The names of the wire, and what stands there.
impl fmt::Display for Samplers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = |value: Option<f32>| value.map(|value| value.to_string());
        let count = |value: Option<u32>| value.map(|value| value.to_string());
        let all = [
            ("temperature", share(self.temperature)),
            ("top_p", share(self.top_p)),
            ("min_p", share(self.min_p)),
            ("frequency_penalty", share(self.frequency_penalty)),
            ("presence_penalty", share(self.presence_penalty)),
            ("repeat_penalty", share(self.repeat_penalty)),
            ("repetition_penalty", share(self.repetition_penalty)),
            ("repeat_last_n", count(self.repeat_last_n)),
            (
                "repetition_penalty_range",
                count(self.repetition_penalty_range),
            ),
            ("dry_multiplier", share(self.dry_multiplier)),
            ("dry_base", share(self.dry_base)),
            ("dry_allowed_length", count(self.dry_allowed_length)),
            ("dry_penalty_last_n", count(self.dry_penalty_last_n)),
        ];
        let sent = all.into_iter().filter_map(|(name, value)| {
            let value = value?;
            Some(format!("{name} {value}"))
        });
        let sent: Vec<String> = sent.collect();
        match sent.is_empty() {
            true => f.write_str("nothing but the endpoint's own defaults"),
            false => f.write_str(&sent.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manners::Lesson;

    const LOCAL: Sampling = Sampling {
        top_p: None,
        min_p: Some(0.05),
        frequency_penalty: None,
        presence_penalty: None,
        repeat_penalty: Some(1.1),
        repeat_last_n: Some(512),
        dry_multiplier: Some(0.8),
        dry_base: Some(1.75),
        dry_allowed_length: Some(2),
        dry_penalty_last_n: Some(1024),
    };

    fn sent(refused: &[Field]) -> String {
        let mut known = Known::default();
        for &field in refused {
            known.take(Lesson::not(field));
        }
        let request = Request {
            temperature: Some(0.8),
            sampling: LOCAL,
            ..Request::default()
        };
        Samplers::openai(&request, &known).to_string()
    }

    #[test]
    fn a_penalty_goes_out_under_every_name_that_servers_have_for_it() {
        assert_eq!(
            sent(&[]),
            "temperature 0.8, min_p 0.05, repeat_penalty 1.1, repetition_penalty 1.1, repeat_last_n 512, \
             repetition_penalty_range 512, dry_multiplier 0.8, dry_base 1.75, dry_allowed_length 2, dry_penalty_last_n 1024"
        );
    }

    #[test]
    fn what_is_refused_goes_alone_or_with_its_kind() {
        assert_eq!(
            sent(&[Field::Dry, Field::RepeatLastN, Field::MinP]),
            "temperature 0.8, repeat_penalty 1.1, repetition_penalty 1.1"
        );
        assert_eq!(sent(&[Field::Samplers]), "temperature 0.8");
        assert_eq!(
            sent(&[Field::Samplers, Field::Temperature]),
            "nothing but the endpoint's own defaults"
        );
    }

    #[test]
    fn anthropics_dialect_has_neither_penalties_nor_a_hot_temperature() {
        let request = Request {
            temperature: Some(1.5),
            sampling: Sampling {
                top_p: Some(0.9),
                ..LOCAL
            },
            ..Request::default()
        };
        let samplers = Samplers::anthropic(&request, &Known::default(), 1.0);
        assert_eq!(samplers.to_string(), "temperature 1, top_p 0.9");
    }

    #[test]
    fn every_sampler_of_the_wire_is_a_field_that_can_be_refused() {
        let all = Samplers::everything(Some(0.8), LOCAL);
        let body = serde_json::to_value(all).unwrap();
        for name in body.as_object().unwrap().keys() {
            let field = crate::manners::called(name);
            assert!(field.is_some_and(|field| all.has(field)), "{name}");
        }
    }
}
