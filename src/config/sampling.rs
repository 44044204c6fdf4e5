//! `[model.sampling]`: how replies are sampled. What is not written there is decided by where the model runs.

use std::fmt;
use std::marker::PhantomData;
use std::ops::RangeInclusive;

use serde::de::{self, Deserialize, Deserializer, Visitor};

use companion::house::Sampled;

use super::{Dialect, Model};

/// A key that may be written, left to Familiar, or sent to nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Setting<T> {
    /// Not written: Familiar's own value for this kind of endpoint.
    #[default]
    Ours,
    /// This value.
    Is(T),
    /// `false`: nothing is sent, and the endpoint does as it does.
    Unsent,
}

impl<T> Setting<T> {
    /// What is sent, where this is Familiar's own value.
    pub fn or(self, ours: Option<T>) -> Option<T> {
        match self {
            Self::Ours => ours,
            Self::Is(value) => Some(value),
            Self::Unsent => None,
        }
    }
}

/// Where the values come from that are not written.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Defaults {
    /// Those of local servers where `local = true`, else none.
    #[default]
    Auto,
    /// Those of local servers.
    Local,
    /// None: only what is written is sent.
    None,
}

/// `[model.sampling]` and `[cheaper_model.sampling]`
#[derive(Clone, Copy, Debug, Default, serde::Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Sampling {
    /// Where the values come from that are not written.
    pub defaults: Defaults,
    /// A factor against tokens that were said lately, in the prompt or the reply.
    #[serde(deserialize_with = "factor")]
    pub repeat_penalty: Setting<f32>,
    /// How many tokens that looks back.
    #[serde(deserialize_with = "tokens")]
    pub repeat_last_n: Setting<u32>,
    /// How much DRY is against going on with a sequence that was said before.
    #[serde(deserialize_with = "multiplier")]
    pub dry_multiplier: Setting<f32>,
    /// How much DRY grows with each token of the sequence.
    #[serde(deserialize_with = "base")]
    pub dry_base: Setting<f32>,
    /// Sequences of so many tokens may be said again.
    #[serde(deserialize_with = "length")]
    pub dry_allowed_length: Setting<u32>,
    /// How many tokens DRY looks back.
    #[serde(deserialize_with = "tokens")]
    pub dry_penalty_last_n: Setting<u32>,
    /// Only the likeliest tokens that make up this share.
    #[serde(deserialize_with = "share")]
    pub top_p: Setting<f32>,
    /// Only tokens that are this likely, against the likeliest.
    #[serde(deserialize_with = "share")]
    pub min_p: Setting<f32>,
    /// OpenAI's penalty that grows with each repetition.
    #[serde(deserialize_with = "penalty")]
    pub frequency_penalty: Setting<f32>,
    /// OpenAI's penalty for what is there at all.
    #[serde(deserialize_with = "penalty")]
    pub presence_penalty: Setting<f32>,
}

/// What servers are asked for that people run themselves: a repeat penalty and DRY over the last 512 tokens, since small models
/// begin replies with the words of the last ones, and repeat what they are asked. Over 2,048 tokens a model of 1.5 billion weights
/// found no end of its replies any more. The temperature is the one that llama.cpp, Ollama and LM Studio take of themselves.
const LOCAL: (f32, provider::Sampling) = (
    0.8,
    provider::Sampling {
        repeat_penalty: Some(1.1),
        repeat_last_n: Some(512),
        dry_multiplier: Some(0.8),
        dry_base: Some(1.75),
        dry_allowed_length: Some(2),
        dry_penalty_last_n: Some(512),
        ..provider::Sampling::NONE
    },
);

/// What they are asked for where a reply answers with what somebody told: the penalties count what stands in the prompt, and
/// "hydraulic engineering" is what must be said again. Names and dates are short, and a question that is said back is long: DRY
/// begins at eight tokens. Colder, so that a date is the date. A repeat penalty that stands for none is sent, since some servers
/// have one of their own.
const RETELLING: (f32, provider::Sampling) = (
    0.5,
    provider::Sampling {
        repeat_penalty: Some(1.0),
        dry_allowed_length: Some(8),
        ..LOCAL.1
    },
);

impl Model {
    /// A key that is written and that this dialect has no field for.
    pub(super) fn not_in_its_dialect(&self) -> Option<&'static str> {
        if self.dialect == Dialect::Openai {
            return None;
        }
        let written = &self.sampling;
        let is = |setting: Setting<f32>| matches!(setting, Setting::Is(_));
        let counts = |setting: Setting<u32>| matches!(setting, Setting::Is(_));
        let keys = [
            ("repeat_penalty", is(written.repeat_penalty)),
            ("repeat_last_n", counts(written.repeat_last_n)),
            ("dry_multiplier", is(written.dry_multiplier)),
            ("dry_base", is(written.dry_base)),
            ("dry_allowed_length", counts(written.dry_allowed_length)),
            ("dry_penalty_last_n", counts(written.dry_penalty_last_n)),
            ("min_p", is(written.min_p)),
            ("frequency_penalty", is(written.frequency_penalty)),
            ("presence_penalty", is(written.presence_penalty)),
        ];
        keys.into_iter().find(|(_, is)| *is).map(|(key, _)| key)
    }

    /// How replies of this model are sampled.
    pub fn talking(&self) -> Sampled {
        self.sampled(LOCAL)
    }

    /// How those are sampled that answer with what somebody told. What is written holds for them too.
    pub fn retelling(&self) -> Sampled {
        self.sampled(RETELLING)
    }

    fn sampled(&self, local: (f32, provider::Sampling)) -> Sampled {
        let written = &self.sampling;
        let as_local = match written.defaults {
            Defaults::Auto => self.local,
            Defaults::Local => true,
            Defaults::None => false,
        };
        let (warm, ours) = match (as_local, self.dialect) {
            (true, Dialect::Openai) => (Some(local.0), local.1),
            (true, Dialect::Anthropic) => (Some(local.0), provider::Sampling::NONE),
            (false, _) => (None, provider::Sampling::NONE),
        };
        let repeat_penalty = written.repeat_penalty.or(ours.repeat_penalty);
        let dry_multiplier = written.dry_multiplier.or(ours.dry_multiplier);
        // What belongs to a sampler goes with it.
        let repeats = repeat_penalty.is_some();
        let is_dry = dry_multiplier.is_some();
        let sampling = provider::Sampling {
            top_p: written.top_p.or(ours.top_p),
            min_p: written.min_p.or(ours.min_p),
            frequency_penalty: written.frequency_penalty.or(ours.frequency_penalty),
            presence_penalty: written.presence_penalty.or(ours.presence_penalty),
            repeat_penalty,
            repeat_last_n: written
                .repeat_last_n
                .or(ours.repeat_last_n.filter(|_| repeats)),
            dry_multiplier,
            dry_base: written.dry_base.or(ours.dry_base.filter(|_| is_dry)),
            dry_allowed_length: written
                .dry_allowed_length
                .or(ours.dry_allowed_length.filter(|_| is_dry)),
            dry_penalty_last_n: written
                .dry_penalty_last_n
                .or(ours.dry_penalty_last_n.filter(|_| is_dry)),
        };
        Sampled {
            temperature: self.temperature.or(warm),
            sampling,
        }
    }
}

/// What a setting may be.
struct Bounds<T> {
    of: RangeInclusive<f64>,
    whole: bool,
    form: &'static str,
    number: PhantomData<T>,
}

fn within<'de, D, T>(
    from: D,
    of: RangeInclusive<f64>,
    whole: bool,
    form: &'static str,
) -> Result<Setting<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    from.deserialize_any(Bounds {
        of,
        whole,
        form,
        number: PhantomData,
    })
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Bounds<T> {
    type Value = Setting<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, or false to send nothing", self.form)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
        match value {
            false => Ok(Setting::Unsent),
            true => Err(E::invalid_value(de::Unexpected::Bool(true), &self)),
        }
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Self::Value, E> {
        let near = i32::try_from(value).map(f64::from);
        if !near.is_ok_and(|near| self.of.contains(&near)) {
            return Err(E::invalid_value(de::Unexpected::Signed(value), &self));
        }
        T::deserialize(de::value::I64Deserializer::new(value)).map(Setting::Is)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Self::Value, E> {
        if self.whole || !self.of.contains(&value) {
            return Err(E::invalid_value(de::Unexpected::Float(value), &self));
        }
        T::deserialize(de::value::F64Deserializer::new(value)).map(Setting::Is)
    }
}

/// A temperature; no service takes one above 2, and servers that people run themselves take more.
pub(super) fn temperature<'de, D: Deserializer<'de>>(from: D) -> Result<Setting<f32>, D::Error> {
    within(from, 0.0..=5.0, false, "a number from 0 to 5")
}

fn share<'de, D: Deserializer<'de>>(from: D) -> Result<Setting<f32>, D::Error> {
    within(from, 0.0..=1.0, false, "a number from 0 to 1")
}

/// <https://platform.openai.com/docs/api-reference/chat/create>
fn penalty<'de, D: Deserializer<'de>>(from: D) -> Result<Setting<f32>, D::Error> {
    within(from, -2.0..=2.0, false, "a number from -2 to 2")
}

/// vLLM takes none that is not above 0, and 2 is far more than anybody wants.
fn factor<'de, D: Deserializer<'de>>(from: D) -> Result<Setting<f32>, D::Error> {
    within(
        from,
        0.1..=2.0,
        false,
        "a number from 0.1 to 2 (1 is no penalty)",
    )
}

fn multiplier<'de, D: Deserializer<'de>>(from: D) -> Result<Setting<f32>, D::Error> {
    within(from, 0.0..=10.0, false, "a number from 0 (no DRY) to 10")
}

/// llama.cpp takes its own for a lower one.
fn base<'de, D: Deserializer<'de>>(from: D) -> Result<Setting<f32>, D::Error> {
    within(from, 1.0..=10.0, false, "a number from 1 to 10")
}

fn length<'de, D: Deserializer<'de>>(from: D) -> Result<Setting<u32>, D::Error> {
    within(from, 1.0..=1000.0, true, "a whole number from 1 to 1000")
}

/// Not -1, which once meant the whole prompt: llama.cpp refuses it by now.
fn tokens<'de, D: Deserializer<'de>>(from: D) -> Result<Setting<u32>, D::Error> {
    within(
        from,
        0.0..=1_000_000.0,
        true,
        "a whole number of tokens from 0 to 1000000",
    )
}
