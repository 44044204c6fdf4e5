//! Why a persona has no words, or not all of them, as people are told: one sentence of our own for each kind, in English
//! and Chinese. Whatever the provider said, and what an operator has to mend, is for the log: no line here is made of an
//! error's text.

use std::time::Duration;

use provider::{ProviderError, Stop};
use safety::language::Language;

/// Why there are no words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// The endpoint asks for a pause, of this length if it said so.
    Pause(Option<Duration>),
    /// It has more to do than it can.
    Overloaded,
    /// It did not answer in time.
    Late,
    /// The connection broke.
    Cut,
    /// Something broke there.
    Failed,
    /// Nothing answers there.
    Unreachable,
    /// A filter in front of the model, or its provider's rules.
    Filtered,
    /// The model itself would rather not.
    Declined,
    /// It was more than the model can read.
    TooLong,
    /// Something that only whoever runs the bot can mend.
    Setup,
    /// The bot is stopping.
    Restart,
    /// All the room was spent on thinking.
    Thought,
    /// It answered with nothing.
    Silent,
}

impl Why {
    /// Of a call that failed.
    pub(crate) fn of(error: &ProviderError) -> Self {
        match error {
            ProviderError::RateLimited { retry_after, .. } => Self::Pause(*retry_after),
            ProviderError::Overloaded { retry_after, .. } => match retry_after {
                Some(_) => Self::Pause(*retry_after),
                None => Self::Overloaded,
            },
            ProviderError::Deadline { .. } => Self::Late,
            ProviderError::CutStream => Self::Cut,
            ProviderError::Unreachable { .. } => Self::Unreachable,
            ProviderError::RefusedByPolicy { .. } => Self::Filtered,
            ProviderError::ContextTooLong { .. } => Self::TooLong,
            ProviderError::Stopped => Self::Restart,
            ProviderError::Other {
                status: None | Some(408 | 500..),
                ..
            } => Self::Failed,
            ProviderError::Authentication { .. }
            | ProviderError::OutOfCredit { .. }
            | ProviderError::ModelMissing { .. }
            | ProviderError::NothingLoaded { .. }
            | ProviderError::NotAModel { .. }
            | ProviderError::Blocked { .. }
            | ProviderError::Protocol { .. }
            | ProviderError::HoldTooSmall { .. }
            | ProviderError::FieldRefused { .. }
            | ProviderError::Other { .. } => Self::Setup,
        }
    }

    /// Of a reply that ended without a word.
    pub(crate) fn of_stop(stop: &Stop) -> Self {
        match stop {
            Stop::Refused(_) => Self::Declined,
            Stop::Failed(_) => Self::Failed,
            Stop::Thought => Self::Thought,
            Stop::End | Stop::Length | Stop::Sequence(_) | Stop::Other(_) => Self::Silent,
        }
    }

    /// What stands in place of a reply.
    pub(crate) fn line(self, persona: &str, language: Language) -> String {
        match language {
            Language::Chinese => self.chinese(persona),
            _ => self.english(persona),
        }
    }

    fn english(self, persona: &str) -> String {
        let (why, then) = match self {
            Self::Declined => {
                return format!(
                    "*{persona} would rather not talk about that.* Shall we talk about something else?"
                );
            }
            Self::Silent => {
                return format!("*{persona} is lost for words.* Try saying it differently?");
            }
            Self::Thought => {
                return format!(
                    "*{persona}'s thought did not fit.* All the room went into thinking, and none was left for the answer. \
                     Ask for something smaller; if it lasts, tell whoever runs this bot."
                );
            }
            Self::Pause(Some(pause)) => {
                let seconds = seconds(pause);
                return format!(
                    "{persona} can't speak right now: the model behind me asks for a pause of {seconds} s. Your message is \
                     kept; write to me again then."
                );
            }
            Self::Pause(None) => ("the model behind me asks for a pause.", MINUTE),
            Self::Overloaded => ("the model behind me has more to do than it can.", MINUTE),
            Self::Late => ("the model behind me did not answer in time.", MOMENT),
            Self::Cut => ("the connection to the model broke.", MOMENT),
            Self::Failed => ("something broke at the model behind me.", MOMENT),
            Self::Unreachable => (
                "the model behind me cannot be reached; whoever runs this bot finds the reason in its log.",
                MOMENT,
            ),
            Self::Filtered => (
                "a filter at the model behind me stopped this.",
                "Your message is kept; try saying it differently.",
            ),
            Self::TooLong => (
                "that is more than the model behind me can read at once.",
                "Try it shorter; if it lasts, tell whoever runs this bot.",
            ),
            Self::Setup => (
                "the model behind me does not answer; whoever runs this bot finds the reason in its log.",
                "Your message is kept.",
            ),
            Self::Restart => ("I am being restarted.", MOMENT),
        };
        format!("{persona} can't speak right now: {why} {then}")
    }

    fn chinese(self, persona: &str) -> String {
        let (why, then) = match self {
            Self::Declined => return format!("*{persona} 不想谈这个。* 换个话题？"),
            Self::Silent => {
                return format!("*{persona} 一时不知道说什么。* 换个说法再问一次？");
            }
            Self::Thought => {
                return format!(
                    "*{persona} 想得太多，话没地方放了。* 篇幅全用在思考上，没剩下回答的地方。问得小一点试试；一直这样的话，请告诉机器人的管理者。"
                );
            }
            Self::Pause(Some(pause)) => {
                let seconds = seconds(pause);
                return format!(
                    "{persona} 现在说不出话来：背后的模型要休息 {seconds} 秒。你的消息已经记下，到时再写给我吧。"
                );
            }
            Self::Pause(None) => ("背后的模型要休息一下。", MINUTE_CHINESE),
            Self::Overloaded => ("背后的模型忙不过来。", MINUTE_CHINESE),
            Self::Late => ("背后的模型没有及时回答。", MOMENT_CHINESE),
            Self::Cut => ("和模型的连接断了。", MOMENT_CHINESE),
            Self::Failed => ("背后的模型出了故障。", MOMENT_CHINESE),
            Self::Unreachable => (
                "连不上背后的模型，原因在日志里，机器人的管理者能看到。",
                MOMENT_CHINESE,
            ),
            Self::Filtered => (
                "模型那边的过滤规则拦下了这次回答。",
                "你的消息已经记下，换个说法试试。",
            ),
            Self::TooLong => (
                "这些内容超出了背后的模型一次能读的长度。",
                "写短一点试试；一直这样的话，请告诉机器人的管理者。",
            ),
            Self::Setup => (
                "背后的模型没有回答，原因在日志里，机器人的管理者能看到。",
                "你的消息已经记下。",
            ),
            Self::Restart => ("我正在重启。", MOMENT_CHINESE),
        };
        format!("{persona} 现在说不出话来：{why}{then}")
    }

    /// What is added where a reply broke off in the middle; nothing where it is whole.
    pub(crate) fn broke_off(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Filtered | Self::Declined, Language::Chinese) => {
                "-# 模型那边的过滤规则拦下了后半段。换个说法再问我吧。"
            }
            (Self::Filtered | Self::Declined, _) => {
                "-# A filter at the model stopped the rest of it. Try asking me in another way."
            }
            (Self::Cut | Self::Restart | Self::Unreachable, Language::Chinese) => {
                "-# 连接断了，话没说完。说“继续”，我接着讲。"
            }
            (Self::Cut | Self::Restart | Self::Unreachable, _) => {
                "-# The connection broke off here. Say \"go on\" and I continue."
            }
            (_, Language::Chinese) => "-# 模型停在了这里，话没说完。说“继续”，我接着讲。",
            _ => "-# The model broke off here. Say \"go on\" and I continue.",
        }
    }
}

const MOMENT: &str = "Your message is kept; please try again in a moment.";
const MINUTE: &str = "Your message is kept; please try again in a minute.";
const MOMENT_CHINESE: &str = "你的消息已经记下，过一会儿再试。";
const MINUTE_CHINESE: &str = "你的消息已经记下，过一分钟再试。";

fn seconds(pause: Duration) -> u64 {
    let whole = pause.as_secs() + u64::from(pause.subsec_nanos() > 0);
    whole.max(1)
}

/// What ended a reply that has words, if that is no proper end.
pub(crate) fn break_in(result: &Result<Stop, ProviderError>) -> Option<Why> {
    match result {
        Err(error) => Some(Why::of(error)),
        Ok(Stop::End | Stop::Length | Stop::Sequence(_)) => None,
        Ok(Stop::Refused(_)) => Some(Why::Declined),
        Ok(Stop::Failed(_) | Stop::Thought | Stop::Other(_)) => Some(Why::Failed),
    }
}

/// What whoever runs the bot can do about a reply that ended like this, with words or without; an error says it itself.
pub(crate) fn mend(stop: &Stop, without_words: bool) -> &'static str {
    match stop {
        Stop::Other(_) if !without_words => {
            "the provider ended the reply for a reason of its own; if replies are whole all the same, please report this reason"
        }
        Stop::Refused(_) => {
            "the model or a filter behind it declined; another model, or another card, may not"
        }
        Stop::Failed(_) => {
            "something broke at the provider; if it goes on, look at its status page"
        }
        Stop::Thought => {
            "the model thinks, and thinking used up its cap; raise cap and max_output in the configuration of the model, or \
             turn its thinking down"
        }
        Stop::Length => {
            "the cap was reached before there was a word; raise cap in the configuration of the model"
        }
        Stop::End | Stop::Sequence(_) | Stop::Other(_) => {
            "the model answered with nothing that can be shown; if it goes on, look at its chat template, or choose \
             another model"
        }
    }
}

#[cfg(test)]
mod tests {
    use provider::{Field, Quote, Stage, Unreached};

    use super::*;

    /// What a provider says, as it must not come into a channel.
    const MARK: &str = "org_x used 5034 of 6000";

    fn every_error() -> Vec<ProviderError> {
        let said = || Quote::of(MARK);
        let host = || MARK.to_owned();
        let mut all = vec![
            ProviderError::Authentication { said: said() },
            ProviderError::OutOfCredit { said: said() },
            ProviderError::ContextTooLong { said: said() },
            ProviderError::RefusedByPolicy { said: said() },
            ProviderError::FieldRefused {
                field: Field::Stop,
                said: said(),
            },
            ProviderError::ModelMissing {
                model: MARK.to_owned(),
                said: said(),
            },
            ProviderError::CutStream,
            ProviderError::Unreachable {
                host: host(),
                cause: Unreached::Untrusted,
            },
            ProviderError::NotAModel {
                host: host(),
                why: MARK,
            },
            ProviderError::Blocked {
                host: host(),
                by: MARK,
            },
            ProviderError::Protocol { why: MARK },
            ProviderError::HoldTooSmall { why: MARK },
            ProviderError::Stopped,
        ];
        for retry_after in [None, Some(Duration::from_millis(4_770))] {
            all.push(ProviderError::RateLimited {
                retry_after,
                said: said(),
            });
            all.push(ProviderError::Overloaded {
                retry_after,
                said: said(),
            });
        }
        for stage in [
            Stage::Connect,
            Stage::FirstToken,
            Stage::BetweenTokens,
            Stage::Total,
        ] {
            all.push(ProviderError::Deadline { stage });
        }
        for status in [None, Some(400), Some(408), Some(500), Some(502)] {
            all.push(ProviderError::Other {
                status,
                said: said(),
            });
        }
        all
    }

    fn every_stop() -> Vec<Stop> {
        let word = || MARK.to_owned();
        vec![
            Stop::End,
            Stop::Length,
            Stop::Sequence(word()),
            Stop::Refused(word()),
            Stop::Failed(word()),
            Stop::Thought,
            Stop::Other(word()),
        ]
    }

    fn is_chinese(line: &str) -> bool {
        line.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
    }

    #[test]
    fn no_line_carries_the_providers_words_a_limit_or_a_key_of_the_configuration() {
        let (errors, stops) = (every_error(), every_stop());
        let why = errors.iter().map(Why::of);
        let why = why.chain(stops.iter().map(Why::of_stop));
        for why in why {
            for language in [Language::English, Language::Chinese] {
                for line in [
                    why.line("Orla", language),
                    why.broke_off(language).to_owned(),
                ] {
                    for forbidden in [
                        "org_x",
                        "5034",
                        "configuration",
                        "deadlines",
                        "base_url",
                        "context_window",
                        "API",
                        "it says",
                    ] {
                        assert!(!line.contains(forbidden), "{why:?}: {line}");
                    }
                    assert!(line.chars().count() < 260, "{line}");
                    assert_eq!(is_chinese(&line), language == Language::Chinese, "{line}");
                }
                assert!(why.line("Orla", language).contains("Orla"));
            }
        }
    }

    #[test]
    fn every_error_has_its_own_voice_in_the_log() {
        for error in every_error() {
            let text = error.to_string();
            assert!(text.ends_with('.'), "{text}");
        }
    }

    #[test]
    fn a_pause_is_told_in_whole_seconds() {
        let why = Why::Pause(Some(Duration::from_millis(4_770)));
        assert!(
            why.line("Orla", Language::English)
                .contains("a pause of 5 s")
        );
        assert!(why.line("Orla", Language::Chinese).contains("5 秒"));
    }

    #[test]
    fn whatever_is_no_plain_end_or_length_is_told_below_the_words() {
        for stop in every_stop() {
            let plain = matches!(stop, Stop::End | Stop::Length | Stop::Sequence(_));
            assert_eq!(break_in(&Ok(stop.clone())).is_none(), plain, "{stop:?}");
        }
        assert_eq!(break_in(&Err(ProviderError::CutStream)), Some(Why::Cut));
    }

    #[test]
    fn an_answer_of_thoughts_alone_names_what_mends_it_in_the_log_only() {
        assert!(mend(&Stop::Thought, true).contains("raise cap"));
        let line = Why::of_stop(&Stop::Thought).line("Orla", Language::English);
        assert!(line.contains("thought did not fit") && !line.contains("differently"));
    }
}
