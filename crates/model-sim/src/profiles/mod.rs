//! Real endpoints, as strict and as odd as each of them is. Every peculiarity stands in its family's file beside its
//! source: a recorded answer, the server's own code, or the vendor's document.

mod anthropic;
mod asked;
mod azure;
mod deepseek;
mod google;
mod groq;
mod koboldcpp;
mod llama_cpp;
mod mistral;
mod ollama;
mod openai;
mod openrouter;
mod strict;
mod vllm;
mod xai;

use std::fmt;
use std::str::FromStr;

use crate::prompt::Dialect;
use crate::ways::Ways;

/// An endpoint to be like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Takes nothing that endpoints are known to refuse from everybody: unknown fields, roles out of turn, empty texts,
    /// more than four stop sequences. What tests meet that do not care.
    #[default]
    Strict,
    /// OpenAI's gpt-5, o3, o4-mini: no `stop`, `max_tokens` or temperature; one refusal at a time; hidden thoughts.
    Gpt5,
    /// OpenAI's o1-mini: no system message and no schema either.
    O1Mini,
    /// LiteLLM's proxy in front of gpt-5: refusals as text within text.
    LiteLlm,
    /// Azure's deployments API of February 2024: `api-key`, a version in the query, no `stream_options`, no usage.
    AzureDeployment,
    /// Azure's v1 API with gpt-5.
    AzureV1,
    /// Gemini's layer of OpenAI's dialect: errors in a list, thoughts in the total only.
    Gemini,
    /// Gemma 3 there: no system message, no schema.
    Gemma3,
    /// Groq: no schema, usage in `x_groq`.
    Groq,
    /// Cerebras: flat errors, no schema in a stream.
    Cerebras,
    /// DeepSeek: no schema, a range for the cap, comments.
    DeepSeek,
    /// Moonshot's Kimi: one temperature.
    Moonshot,
    /// Mistral: no `stream_options`, typed parts, usage beside the finish reason.
    Mistral,
    /// xAI's Grok: no `stop`, errors as strings, reasoning beside the completion.
    Xai,
    /// OpenRouter in front of gpt-5: the upstream's refusal as a string; comments.
    OpenRouter,
    /// Ollama: ignores what it does not know, a cap of another name too.
    Ollama,
    /// llama.cpp of 2025: a template without a system role that quotes itself.
    LlamaCppOld,
    /// llama.cpp of 2026: the same in its newer words; thoughts with a closing tag only.
    LlamaCpp,
    /// LM Studio: `<think>` in the text.
    LmStudio,
    /// LocalAI: the refusal as the first event of a 200.
    LocalAi,
    /// KoboldCpp: any model name, no usage, "null" as a finish reason.
    KoboldCpp,
    /// vLLM of 2026.
    Vllm,
    /// vLLM up to 0.6: flat errors in Python's notation, no system message.
    VllmOld,
    /// Hugging Face's TGI of early 2024: `index` counts chunks.
    Tgi,
    /// Anthropic with Sonnet 4.5.
    Anthropic,
    /// Anthropic with Opus 4.7: no temperature; thinks.
    AnthropicOpus,
    /// A vendor's layer of Anthropic's dialect below `/api/anthropic`: Bearer only, no list.
    AnthropicVendor,
}

impl Profile {
    /// Every profile.
    pub const ALL: [Profile; 27] = [
        Profile::Strict,
        Profile::Gpt5,
        Profile::O1Mini,
        Profile::LiteLlm,
        Profile::AzureDeployment,
        Profile::AzureV1,
        Profile::Gemini,
        Profile::Gemma3,
        Profile::Groq,
        Profile::Cerebras,
        Profile::DeepSeek,
        Profile::Moonshot,
        Profile::Mistral,
        Profile::Xai,
        Profile::OpenRouter,
        Profile::Ollama,
        Profile::LlamaCppOld,
        Profile::LlamaCpp,
        Profile::LmStudio,
        Profile::LocalAi,
        Profile::KoboldCpp,
        Profile::Vllm,
        Profile::VllmOld,
        Profile::Tgi,
        Profile::Anthropic,
        Profile::AnthropicOpus,
        Profile::AnthropicVendor,
    ];

    pub(crate) fn ways(self) -> Ways {
        match self {
            Profile::Strict => strict::WAYS,
            Profile::Gpt5 => openai::GPT_5,
            Profile::O1Mini => openai::O_1_MINI,
            Profile::LiteLlm => openai::LITELLM,
            Profile::AzureDeployment => azure::DEPLOYMENT,
            Profile::AzureV1 => azure::V1,
            Profile::Gemini => google::GEMINI,
            Profile::Gemma3 => google::GEMMA_3,
            Profile::Groq => groq::GROQ,
            Profile::Cerebras => groq::CEREBRAS,
            Profile::DeepSeek => deepseek::DEEPSEEK,
            Profile::Moonshot => deepseek::MOONSHOT,
            Profile::Mistral => mistral::MISTRAL,
            Profile::Xai => xai::XAI,
            Profile::OpenRouter => openrouter::OPENROUTER,
            Profile::Ollama => ollama::OLLAMA,
            Profile::LlamaCppOld => llama_cpp::LLAMA_CPP_OLD,
            Profile::LlamaCpp => llama_cpp::LLAMA_CPP,
            Profile::LmStudio => llama_cpp::LM_STUDIO,
            Profile::LocalAi => llama_cpp::LOCAL_AI,
            Profile::KoboldCpp => koboldcpp::KOBOLDCPP,
            Profile::Vllm => vllm::VLLM,
            Profile::VllmOld => vllm::VLLM_OLD,
            Profile::Tgi => vllm::TGI,
            Profile::Anthropic => anthropic::ANTHROPIC,
            Profile::AnthropicOpus => anthropic::ANTHROPIC_OPUS,
            Profile::AnthropicVendor => anthropic::ANTHROPIC_VENDOR,
        }
    }

    /// The dialect to speak with it.
    #[must_use]
    pub fn dialect(self) -> Dialect {
        self.ways().dialect.unwrap_or(Dialect::OpenAi)
    }

    /// Whether its streams tell what they have cost; where they do not, all that was set aside counts.
    #[must_use]
    pub fn tells_usage(self) -> bool {
        self.ways().style.usage_at != crate::ways::UsageAt::Never
    }

    /// The fields that it samples by. Whether it passes over others or refuses them is its own affair.
    #[must_use]
    pub fn samples(self) -> &'static [&'static str] {
        self.ways().samples
    }

    /// The words that its model thinks; none where it does not.
    #[must_use]
    pub fn thought(self) -> &'static str {
        self.ways().thinks
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// There is no profile of this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownProfile(String);

impl fmt::Display for UnknownProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Profile::ALL.map(|profile| profile.to_string()).join(", ");
        write!(f, "no profile is called {:?}; there are {names}", self.0)
    }
}

impl std::error::Error for UnknownProfile {}

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(name: &str) -> Result<Profile, UnknownProfile> {
        let same = |profile: &Profile| profile.to_string().eq_ignore_ascii_case(name);
        let found = Profile::ALL.into_iter().find(same);
        found.ok_or_else(|| UnknownProfile(name.to_owned()))
    }
}
