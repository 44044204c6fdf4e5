//! What an error answer is about, where that is no field of the request: a filter, money, a key, haste, the prompt's
//! length. By the codes and words of each service, in English and Chinese, as its documents and users quote them.

use std::sync::LazyLock;

use regex::Regex;

use crate::manners;
use crate::wrapped::Wrapped;

/// What an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// A content policy.
    Filter,
    /// The account's money.
    Money,
    /// The key.
    Key,
    /// The length of the prompt.
    Length,
    /// Too many requests.
    Haste,
    /// More work than the service can do.
    Load,
    /// The server has no model in its memory.
    NothingLoaded,
}

/// Patterns over codes and sentences in lower case; the first that fits counts. A filter quotes what people wrote, so it is
/// looked for first.
const PATTERNS: [(Cause, &str); 7] = [
    (
        Cause::Filter,
        concat!(
            r"content[_ ]?(?:policy|filter|management)|invalid_prompt|moderation|data_?inspection|sensitive_?content|censorship|safety[_ ](?:check|system|filter|polic)",
            r"|responsible_?ai|guardrail|prohibited[_ ](?:content|use)|content exists risk|\bflagged\b|usage (?:guideline|polic)|inappropriate content",
            r"|sensitive (?:information|content|words?)|cyber_policy|violat\w+ .{0,60}(?:policy|policies|guidelines|terms)",
            r"|敏感|违规|不安全|不合规|内容审核|审核(?:不|未)|安全策略",
        ),
    ),
    (
        Cause::Money,
        concat!(
            r"insufficient[_ ]?(?:quota|balance|credits?|funds)|balance (?:is )?(?:insufficient|not enough|too low)|credit balance|billing_error|billing[_ ]hard[_ ]limit",
            r"|account_?overdue|arrearage|\barrears\b|more credits|any credits|no credits?\b|out of credits?|only afford|budget has been exceeded",
            r"|payment required|(?:spend|spending) limit|欠费|余额不足|充值|额度不足",
        ),
    ),
    (
        Cause::Key,
        concat!(
            r"authentication_?error|invalid_authentication|api_key_invalid|invalid_iam_token|unauthenticated|unauthorized",
            r"|(?:invalid|incorrect|missing|wrong|expired|malformed|no) (?:x-)?(?:api[ _-]?key|access token|iam token|auth\w* credentials|authentication)",
            r"|invalid_api_key|api[ _-]?key (?:is )?(?:not valid|invalid|missing|expired|not found|incorrect)",
            r"|密钥|鉴权|认证失败|身份验证|令牌(?:无效|过期|错误)",
        ),
    ),
    (
        Cause::NothingLoaded,
        r"no models? (?:is |are |currently )?loaded|model (?:is )?not loaded|please load a model|没有加载",
    ),
    (
        Cause::Length,
        concat!(
            r"context[_ ](?:length|window|size|limit)|exceed_context|maximum context|context.{0,8}overflow|max_seq_len|string_above_max_length",
            r"|max(?:imum)? (?:prompt|input|sequence|message) (?:length|tokens)|prompt (?:is )?(?:too long|longer|exceed|length)|(?:input|messages?|request) (?:is |are )?too long",
            r"|length of (?:the )?prompt|reduce the length|input token count|model token limit|too many tokens|too large for model|request_too_large",
            r"|tokens in the prompt|input length|`?inputs`? tokens|allowed length",
            r"|上下文|超长|过长|输入长度",
        ),
    ),
    (
        Cause::Haste,
        r"rate[_ ]limit|too many requests|requests per (?:minute|second|day)|请求过于频繁|限流|频率|并发",
    ),
    (
        Cause::Load,
        r"overloaded|(?:over|at|no available) capacity|server is busy|繁忙|负载",
    ),
];

static READ: LazyLock<Vec<(Cause, Regex)>> = LazyLock::new(|| {
    let patterns = PATTERNS.into_iter();
    patterns
        .filter_map(|(cause, pattern)| Some((cause, Regex::new(pattern).ok()?)))
        .collect()
});

/// Codes that are numbers: Zhipu's and SiliconFlow's.
/// <https://docs.bigmodel.cn/cn/api/api-code>, <https://docs.siliconflow.cn/cn/faqs/error-code>
const NUMBERED: [(&str, Cause); 4] = [
    ("1113", Cause::Money),
    ("30001", Cause::Money),
    ("1261", Cause::Length),
    ("1301", Cause::Filter),
];

/// What an answer is about; none if its words do not tell.
pub(crate) fn of(said: &Wrapped) -> Option<Cause> {
    let kinds = said.kinds.iter().map(|kind| kind.to_lowercase());
    let texts = said.texts.iter();
    let texts = texts.map(|text| manners::spoken(text).to_lowercase());
    let all: Vec<String> = kinds.chain(texts).collect();
    let of_cap = manners::bounds_the_cap(said);
    let worded = READ.iter().find(|(cause, pattern)| {
        let is_so = all.iter().any(|text| pattern.is_match(text));
        is_so && !(of_cap && *cause == Cause::Length)
    });
    let numbered = || {
        let mut codes = NUMBERED.into_iter();
        codes.find(|(code, _)| said.kinds.iter().any(|kind| kind == code))
    };
    worded
        .map(|(cause, _)| *cause)
        .or_else(|| numbered().map(|(_, cause)| cause))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn cause(body: &Value) -> Option<Cause> {
        of(&Wrapped::read(body))
    }

    #[test]
    fn every_pattern_is_one() {
        assert_eq!(READ.len(), PATTERNS.len());
    }

    #[test]
    fn each_services_words_for_what_is_no_field_are_known() {
        for (cause_of_it, texts) in [
            (
                Cause::Length,
                &[
                    "The input token count (1048577) exceeds the maximum number of tokens allowed (1048576).",
                    "This model's maximum prompt length is 131072 but the request contains 200000 tokens.",
                    "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 129024]",
                    "Prompt exceeds max length",
                    "Prompt 超长",
                    "Invalid request: Your request exceeded model token limit: 8192",
                    "too many tokens: total number of tokens in the prompt cannot exceed 4081",
                    "length of prompt_tokens (68957) must be less than max_seq_len (65536).",
                    "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 9000 `inputs` tokens and 400 `max_new_tokens`",
                    "Input is too long for requested model.",
                    "Total tokens of image and text exceed max message tokens.",
                    "Prompt length 9000 is greater than max_seq_len 8192",
                    "prompt is longer than the max input length: 9000 > 8192",
                    "input length and `max_tokens` exceed context limit: 199000 + 4096 > 200000",
                    "Trying to keep the first 4000 tokens when context the overflows. However, the model is loaded with context length of only 2048 tokens",
                    "system message is not within the allowed length of 1000 characters",
                ][..],
            ),
            (
                Cause::Filter,
                &[
                    "Content violates usage guidelines. Team: .., API key ID: .., Failed check: SAFETY_CHECK_TYPE_BIO",
                    "系统检测到输入或生成内容可能包含不安全或敏感内容",
                    "Input data may contain inappropriate content.",
                    "The request failed because the input text may contain sensitive information.",
                    "The prompt could not be submitted. It contains words that violate Google's Generative AI Prohibited Use policy.",
                    "Violated guardrail policy",
                    "Invalid prompt: your prompt was flagged as potentially violating our usage policy. Flagged: \"at what temperature must the oil be\"",
                ],
            ),
            (
                Cause::Money,
                &[
                    "您的账户已欠费，请充值后重试。",
                    "Sorry, your account balance is insufficient",
                    "Your newly created team doesn't have any credits yet.",
                    "Budget has been exceeded! Current cost: 1.2, Max budget: 1.0",
                    "This request requires more credits, or fewer max_tokens. You requested up to 400 tokens, but can only afford 12.",
                ],
            ),
            (
                Cause::Key,
                &[
                    "API key not valid. Please pass a valid API key.",
                    "Incorrect API key provided: xa***ab.",
                    "invalid api key in header; stop",
                    "API 密钥错误",
                ],
            ),
            (
                Cause::NothingLoaded,
                &[
                    "No models loaded. Please load a model in the developer page or use the 'lms load' command.",
                ],
            ),
        ] {
            for text in texts {
                let body = json!({"error": {"message": text}});
                assert_eq!(cause(&body), Some(cause_of_it), "{text}");
            }
        }
    }

    #[test]
    fn codes_say_it_too() {
        for (code, expected) in [
            ("censorship_blocked", Cause::Filter),
            ("data_inspection_failed", Cause::Filter),
            (
                "InputTextSensitiveContentDetected.PolicyViolation",
                Cause::Filter,
            ),
            ("AccountOverdueError", Cause::Money),
            ("Arrearage", Cause::Money),
            ("1113", Cause::Money),
            ("1261", Cause::Length),
            ("invalid_iam_token", Cause::Key),
        ] {
            let body = json!({"error": {"message": "no", "code": code}});
            assert_eq!(cause(&body), Some(expected), "{code}");
        }
    }

    #[test]
    fn a_refused_field_is_no_such_cause() {
        for text in [
            "Unsupported parameter: 'stop' is not supported with this model.",
            "max_tokens: 64000 > 32000, which is the maximum allowed number of output tokens for claude-haiku-4-5-20251001",
            "Range of max_tokens should be [1, 8192]",
            "`max_tokens` must be less than or equal to `256`, the maximum value for `max_tokens` is less than the `context_window` for this model",
            "too many tokens: max_tokens must be less than or equal to 256",
            "Invalid 'stop': array too long. Expected an array with maximum length 2, but got an array with length 4 instead.",
            "当前模型不支持 system 角色",
            "Extra inputs are not permitted",
        ] {
            assert_eq!(cause(&json!({"error": {"message": text}})), None, "{text}");
        }
    }
}
