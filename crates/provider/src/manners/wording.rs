//! How services word it that they do not take something. Every wording here was seen in an answer or in a server's source;
//! quotation marks, the case of letters and underscores differ from one to the next and mean nothing.

use std::sync::LazyLock;

use regex::Regex;

use super::field::Field;

/// No model writes less than this at most: a lower number is no bound of a cap.
const LOWEST_CAP: u32 = 16;

/// Patterns are literals, and the tests below read every one of them.
macro_rules! pattern {
    ($name:ident, $($part:literal),+ $(,)?) => {
        static $name: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(concat!("(?i)", $($part),+)).ok());
    };
}

pattern!(
    REFUSES,
    r"unsupported|not support|n't support|no support|unknown|unrecogni[sz]ed|not recogni[sz]ed|not permitted|not allowed",
    r"|deprecated|invalid|only \S+ is (?:allowed|supported)|may only be|cannot|unavailable|not available|not enabled",
    r"|not implemented|cannot find field|must not exceed|must be|should be|too long|too many|unexpected",
    r"|no endpoints found that can handle|not accept|not take|one of the allowed|out of range|supported range",
    r"|illegal|extraneous|extra inputs|extra fields|forbidden|fixed at|supports? up to|not one of|must start|not valid|removed|no longer",
    r"|不支持|不允许|不合法|非法|无效|不能|不可|未知|有误|错误|不正确|超出|超过|只能|仅支持|范围|无法识别|不识别|多余",
);
pattern!(
    UNKNOWN_NAME,
    r"unsupported|not supported|not support|n't support|unknown|unrecogni[sz]ed|not recogni[sz]ed|not permitted|unexpected|deprecated",
    r"|instead|extraneous|extra inputs|extra fields|no longer|removed|不支持|未知|无法识别|不识别|多余",
);
pattern!(
    TOO_HIGH,
    r"\brange\b|\bmaximum\b|\bat most\b|less than or equal|<=|>|exceed|too large|too high|too big|\babove\b",
    r"|范围|不能大于|不得大于|不大于|不能超过|不得超过|超过|超出|最大|至多|上限|小于",
);
// `stop` where it is a name: quoted, beside a word for one, or before what is said of one.
// Mistral's old limit for answers in one piece, which ours never are.
// A bound that this one prompt, or the account's money, leaves over.
pattern!(
    OF_THIS_CALL,
    r"\bremain|\bleft\b|balance|afford|attempt|prompt|剩余|余额",
);
// The cap itself has a bound, whatever else the sentence explains it by.
pattern!(
    BOUNDS_CAP,
    r"max_(?:completion_)?tokens\W{0,3}(?:must|should|has to) be\s+(?:less than or equal to|at most|no more than|<=)",
    r"|maximum (?:value )?(?:for|of) \W?max_(?:completion_)?tokens",
);
pattern!(
    BOUND,
    r"(?:\[\s*\d+\s*,|between \d+ and|at most|up to|not exceed|<=?|>=?|≤|less than or equal to|no more than|不能大于|不得大于|不大于|不能超过|不得超过|最大为?|至多|上限为?|小于等于|小于或等于",
    r"|(?:maximum|max|limit)(?: allowed| supported| possible)?(?: value| number)?(?: of)?(?: output| completion| new)?(?: tokens)?(?: (?:for|of) \W?max_(?:completion_)?tokens\W?)?(?: is| are|:| of| to)?)",
    r"\s*['\x22`]?(\d[\d,]*)(?-u:\b)(?:[^.%\w]|\.(?:\D|$)|$|[^\x00-\x7F])",
);
pattern!(OF_STREAMS, r"must have stream|stream(?:ing)? is required");
pattern!(
    STOP,
    r#"(?:['"`($.\[]|\b(?:parameters?|arguments?|supplied|propert(?:y|ies)|fields?|model|keys?)\b:?\s*(?:\w+,\s*)*)stop\b"#,
    r#"|^stop[:.]|\bbody\.stop\b|(?:^|\n)stop\s*(?:\n|$)|\bstop (?:parameter|field|argument|option|propert|sequence|word|string|token|list)"#,
    r#"|(?:^|[,:;] ?)stop (?:is |are )?(?:not|un)|(?-u:\b)stop(?-u:\b)\s*['"`]?\s*(?:参数|字段|不|非|无)|(?:参数|字段|不支持|未知)\s*[:：]?\s*['"`]?stop(?-u:\b)"#,
);
// A name that nobody writes without meaning it. `temperature` is a word of the language where machines speak of themselves.
pattern!(
    NAMED,
    r#"['"`\[.](?:temperature|stop|max_\w+|stream_options|response_format|system|(?:top|min)_p|\w+_penalty|repeat_last_n|dry_\w+)['"`\].]"#,
    r#"|\b(?:parameters?|arguments?|fields?|propert(?:y|ies)|keys?)\b:?\s*['"`]?(?:temperature|stop|max_\w+|stream_options|response_format|(?:top|min)_p|\w+_penalty|repeat_last_n|dry_\w+)"#,
    r#"|\b(?:temperature|stop|max_\w+|stream_options|response_format|(?:top|min)_p|\w+_penalty|repeat_last_n|dry_\w+)['"`]? (?:parameter|argument|field|propert|key)"#,
);
// A template that was given turns which it does not know.
pattern!(
    OF_TEMPLATE,
    r"jinja|template|raise_exception|\broles?\b|alternat|interleav"
);
// Behind such words stand the names that a server does know.
pattern!(
    KNOWN_NAMES,
    r"(?s),? expected one of .*|[.,;(]\s*(?:the )?(?:supported|allowed|valid|known|accepted|permitted) (?:parameters|fields|arguments|keys|properties)\b.*",
    r"|(?:支持|可用|允许)的(?:参数|字段).*",
);
pattern!(
    MOST_STOPS,
    r"(?:maximum length|at most|up to|not exceed|only|maximum of|less than or equal to)\s+(\d+)",
);
pattern!(STOPS_BELOW, r"to (\d+) \(exclusive\)");
pattern!(STOPS_ABOVE, r"> ?(\d+) is not supported");
pattern!(
    NO_SYSTEM,
    r"\b(?:system|developer)['\x22`]?\s+(?:role|message|instruction|prompt)s?\b['\x22`]?\s*(?:\w+ ){0,3}?(?:is |are )?(?:unsupported|forbidden|(?:not|n't|cannot be) (?:\w+ )?(?:support|allow|permit|accept|enabl|available|recogni|implement|valid|used|known))",
    r"|does(?: not|n't) support (?:the )?['\x22`]?(?:system|developer)\b",
    r"|\b(?:unexpected|invalid|unsupported|unknown) role:? ?['\x22`]?(?:system|developer)",
    r"|role ['\x22`](?:system|developer)['\x22`] is not",
    r"|only user\b.{0,40}\broles? (?:are|is) (?:supported|allowed)",
    r"|['\x22`]system['\x22`] is not one of|(?:must|should) (?:start|begin) with an? ['\x22`]?user|first message must (?:be|use|have|come).{0,20}user",
    r"|role of message with even index|(?:不支持|非法|无效|未知).{0,12}(?:system|系统)|system.{0,3}(?:角色|消息|role).{0,8}(?:不支持|非法|无效|不允许)",
    r"|roles? must alternate|roles? should be alternating|must alternate between|should interleave|successive user or assistant",
);
pattern!(
    SPOKEN,
    r"(?s)(?:jinja exception|templateerror|template error):(.*)$"
);
pattern!(TEMPLATE, r"(?s)while executing .*|\s+at row \d.*");
pattern!(TUPLE, r"'loc': \('body', '(\w+)'");
pattern!(WORD, r"[a-z_$][\w$]*(?:[./\[][\w$\]]*)*");

fn is(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|found| found.is_match(text))
}

fn number(pattern: &LazyLock<Option<Regex>>, text: &str) -> Option<u32> {
    let found = pattern.as_ref()?.captures(text)?;
    found.get(1)?.as_str().parse().ok()
}

/// What is said itself, without the chat template's source that some servers quote around it.
pub(crate) fn spoken(text: &str) -> &str {
    let said = SPOKEN
        .as_ref()
        .and_then(|spoken| spoken.captures(text)?.get(1));
    let text = said.map_or(text, |said| said.as_str());
    let quoted = TEMPLATE.as_ref().and_then(|template| template.find(text));
    quoted.map_or(text, |quoted| &text[..quoted.start()]).trim()
}

/// Without the names that a server says it knows.
pub(super) fn without_known_names(text: &str) -> &str {
    let known = KNOWN_NAMES.as_ref().and_then(|known| known.find(text));
    known.map_or(text, |known| &text[..known.start()])
}

/// Does this name a part of a request beyond doubt, or speak of the roles in it?
pub(super) fn is_of_a_request(text: &str) -> bool {
    is(&NAMED, text) || is(&OF_TEMPLATE, text) || names_schema(text)
}

/// Does this say that something is not taken?
pub(super) fn refuses(text: &str) -> bool {
    is(&REFUSES, text)
}

/// Does this say that a name is not known, rather than that a value is wrong?
pub(super) fn knows_no_name(text: &str) -> bool {
    is(&UNKNOWN_NAME, text)
}

/// Does this say that a system prompt cannot have a place of its own?
pub(super) fn refuses_system(text: &str) -> bool {
    is(&NO_SYSTEM, text)
}

/// Does this speak of the shape of the answer?
pub(super) fn names_schema(text: &str) -> bool {
    let text = text.to_lowercase();
    crate::schema::REFUSALS
        .iter()
        .any(|part| text.contains(part))
}

/// The field of this name, as the wire or a server's own language writes it, or the last on the way to a part of one.
/// What is inside a message is the person's, but for its role.
pub(super) fn field(name: &str) -> Option<Field> {
    let steps = name.trim_start_matches("$.").split(['.', '[', ']', '/']);
    on_the_way(steps.filter(|step| !step.is_empty()))
}

/// The same of a way that is told step by step.
pub(super) fn on_the_way<'a>(steps: impl Iterator<Item = &'a str>) -> Option<Field> {
    let steps: Vec<&str> = steps.collect();
    let last = steps.last().copied();
    if steps.contains(&"messages") {
        return (last == Some("role")).then_some(Field::System);
    }
    steps.iter().rev().find_map(|step| called(step))
}

/// The field of exactly this name.
pub(crate) fn called(name: &str) -> Option<Field> {
    let bare: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_lowercase();
    Some(match bare.as_str() {
        "stop" | "stopsequence" | "stopsequences" => Field::Stop,
        "temperature" => Field::Temperature,
        "maxtokens" => Field::MaxTokens,
        "maxcompletiontokens" => Field::MaxCompletionTokens,
        "streamoptions" | "includeusage" => Field::Usage,
        "responseformat" | "jsonschema" | "outputconfig" | "outputformat" => Field::Schema,
        "system" => Field::System,
        "cachecontrol" => Field::Cache,
        "topp" => Field::TopP,
        "minp" => Field::MinP,
        "frequencypenalty" => Field::FrequencyPenalty,
        "presencepenalty" => Field::PresencePenalty,
        "repeatpenalty" => Field::RepeatPenalty,
        "repetitionpenalty" => Field::RepetitionPenalty,
        "repeatlastn" | "repetitionpenaltyrange" => Field::RepeatLastN,
        "drymultiplier" | "drybase" | "dryallowedlength" | "drypenaltylastn" => Field::Dry,
        _ => return None,
    })
}

/// The fields that a text names. `stop` and `system` are words of the language too: they count only where a name stands.
pub(super) fn names(text: &str) -> Vec<Field> {
    let text = without_known_names(text);
    let tuple = TUPLE.iter().flat_map(|tuple| tuple.captures_iter(text));
    let tuple = tuple.filter_map(|found| field(found.get(1)?.as_str()));
    let words = WORD.iter().flat_map(|word| word.find_iter(text));
    let words = words.filter_map(|word| field(word.as_str()));
    let named = words.filter(|named| match named {
        Field::Stop => {
            is(&STOP, text)
                || text.to_lowercase().contains("stop_sequence")
                || text.contains("stopSequence")
        }
        Field::System => text.trim_start().starts_with("system:"),
        _ => true,
    });
    let mut named: Vec<Field> = tuple.chain(named).collect();
    named.sort_unstable();
    named.dedup();
    named
}

/// Does this say how high the cap may be at most?
pub(super) fn bounds_the_cap(text: &str) -> bool {
    is(&BOUNDS_CAP, text)
}

/// How many stop sequences are taken, where that is told.
pub(super) fn most_stops(text: &str) -> Option<u32> {
    number(&STOPS_ABOVE, text)
        .or_else(|| number(&STOPS_BELOW, text).and_then(|n| n.checked_sub(1)))
        .or_else(|| number(&MOST_STOPS, text))
}

/// The highest cap below `sent` that a text tells; none if it does not say that the cap is too high. A bound is what stands
/// as one: other numbers in a sentence are tokens that were sent, attempts and lines. What depends on this one prompt or on
/// money bounds no other call.
pub(super) fn highest_cap(text: &str, sent: u32) -> Option<u32> {
    let of_cap = names(text)
        .iter()
        .any(|name| matches!(name, Field::MaxTokens | Field::MaxCompletionTokens))
        || text.contains("output tokens")
        || text.contains("completion tokens");
    if !of_cap || !is(&TOO_HIGH, text) || is(&OF_STREAMS, text) || is(&OF_THIS_CALL, text) {
        return None;
    }
    let bounds = BOUND.iter().flat_map(|bound| bound.captures_iter(text));
    let told =
        bounds.filter_map(|bound| bound.get(1)?.as_str().replace(',', "").parse::<u32>().ok());
    told.filter(|told| (LOWEST_CAP..sent).contains(told)).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_one() {
        for pattern in [
            &REFUSES,
            &UNKNOWN_NAME,
            &TOO_HIGH,
            &STOP,
            &OF_STREAMS,
            &OF_THIS_CALL,
            &BOUNDS_CAP,
            &BOUND,
            &NAMED,
            &OF_TEMPLATE,
            &KNOWN_NAMES,
            &MOST_STOPS,
            &STOPS_BELOW,
            &STOPS_ABOVE,
            &NO_SYSTEM,
            &SPOKEN,
            &TEMPLATE,
            &TUPLE,
            &WORD,
        ] {
            assert!(pattern.is_some());
        }
    }

    #[test]
    fn a_template_that_is_quoted_is_not_what_is_said() {
        for (text, said) in [
            (
                "\n------------\nWhile executing CallExpression at line 19, column 27 in source:\n...if message.role == 'system'...\nError: Jinja Exception: Conversation roles must alternate user/assistant/user/assistant/...",
                "Conversation roles must alternate user/assistant/user/assistant/...",
            ),
            (
                "Conversation roles must alternate user/assistant/user/assistant/... at row 19, column 27:\n {{ raise_exception('System role not supported') }}",
                "Conversation roles must alternate user/assistant/user/assistant/...",
            ),
            (
                "Unable to generate parser for this template. Automatic parser generation failed: While executing CallExpression at line 79 in source: …raise_exception('System role not supported')",
                "Unable to generate parser for this template. Automatic parser generation failed:",
            ),
            (
                "TemplateError: System role not supported",
                "System role not supported",
            ),
        ] {
            assert_eq!(spoken(text), said);
        }
    }

    #[test]
    fn a_name_is_known_from_a_word_of_the_language() {
        for (text, fields) in [
            (
                "Unsupported parameter: 'stop' is not supported with this model.",
                vec![Field::Stop],
            ),
            (
                "Argument not supported on this model: stop",
                vec![Field::Stop],
            ),
            (
                "Model m does not support parameter stop.",
                vec![Field::Stop],
            ),
            (
                "'$.stop' is invalid. Please check the API reference",
                vec![Field::Stop],
            ),
            ("len(stop) > 4 is not supported", vec![Field::Stop]),
            (
                "stop_sequences: each stop sequence must contain non-whitespace",
                vec![Field::Stop],
            ),
            ("it has a stopSequences value of 10", vec![Field::Stop]),
            (
                "Unrecognized request arguments supplied: topP, stop",
                vec![Field::Stop, Field::TopP],
            ),
            ("Please stop sending invalid requests", vec![]),
            ("the stop reason is unknown", vec![]),
            (
                "body.maxTokens: property 'body.maxTokens' is unsupported",
                vec![Field::MaxTokens],
            ),
            (
                "messages.2.assistant.stop: property 'messages.2.assistant.stop' is unsupported",
                vec![],
            ),
            (
                "invalid schema for response format: response_format/json_schema/next_step: minItems is not supported",
                vec![Field::Schema],
            ),
            (
                "[{'type': 'extra_forbidden', 'loc': ('body', 'max_completion_tokens'), 'msg': 'Extra inputs are not permitted', 'input': 8192}]",
                vec![Field::MaxCompletionTokens],
            ),
        ] {
            assert_eq!(names(text), fields, "{text}");
        }
    }

    #[test]
    fn a_cap_that_is_too_high_is_told_with_the_highest() {
        for (text, told) in [
            (
                "Invalid max_tokens value, the valid range of max_tokens is [1, 8192]",
                Some(8192),
            ),
            (
                "<400> InternalError.Algo.InvalidParameter: Range of max_tokens should be [1, 8192]",
                Some(8192),
            ),
            (
                "The parameter max_tokens specified in the request is not valid: integer above maximum value, expected a value <= 32768, but got 64000 instead. Request id: 0217630a12",
                Some(32_768),
            ),
            (
                "max_tokens: 64000 > 32000, which is the maximum allowed number of output tokens for claude-haiku-4-5-20251001",
                Some(32_000),
            ),
            (
                "max_tokens must be greater than thinking.budget_tokens",
                None,
            ),
            ("max_tokens 参数取值范围为 [1, 256]", Some(256)),
            ("max_tokens 不能大于256", Some(256)),
            (
                "max_tokens is too large: 64000. This model supports at most 16384 completion tokens, whereas you provided 64000.",
                Some(16_384),
            ),
            (
                "`max_tokens` must be less than or equal to `8192`, the maximum value for `max_tokens` is less than the `context_window` for this model",
                Some(8192),
            ),
            (
                "The maximum value for max_tokens is 8,192 but 64000 was given",
                Some(8192),
            ),
            (
                "max_tokens must be less than or equal to 8,192.",
                Some(8192),
            ),
            (
                "max_tokens (64000) exceeds the 12 tokens that remain after the prompt",
                None,
            ),
            (
                "max_tokens is too large for this model (attempt 3 of 3)",
                None,
            ),
            ("max_tokens exceeds the maximum at line 1 column 73", None),
            ("Your balance allows at most 1200 completion tokens", None),
            (
                "Unsupported parameter: 'max_tokens' is not supported with this model.",
                None,
            ),
        ] {
            assert_eq!(highest_cap(text, 64_000), told, "{text}");
        }
    }
}
