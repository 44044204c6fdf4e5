//! What a persona says when nothing could be set aside for a reply: short, kind, and with the next step.
//! Discord shows times in the reader's own zone.

use chrono::{DateTime, Utc};
use ledger::{Refusal, Scope};
use safety::language::Language;

use crate::texts;

/// The line for this refusal, in a server or in direct messages.
pub fn line(persona: &str, refusal: &Refusal, in_guild: bool, language: Language) -> String {
    match (language, refusal) {
        (_, Refusal::Store(_)) => texts::no_memory(language).to_owned(),
        (Language::Chinese, _) => chinese(persona, refusal, in_guild),
        _ => english(persona, refusal, in_guild),
    }
}

/// The line while a model's endpoint is left alone because it failed: it says when it is tried again.
pub fn left_alone(persona: &str, until: DateTime<Utc>, language: Language) -> String {
    // Discord counts in whole seconds; one too early would be a promise that is not kept.
    let at = until.timestamp() + i64::from(until.timestamp_subsec_nanos() > 0);
    match language {
        Language::Chinese => format!(
            "*{persona} 先歇一会儿。* 背后的模型这会儿答不上来，我先不打扰它。<t:{at}:R>再写给我吧。"
        ),
        _ => format!(
            "*{persona} is resting.* The model behind me does not answer just now, so I leave it alone for a while. Write \
             to me again <t:{at}:R>."
        ),
    }
}

fn english(persona: &str, refusal: &Refusal, in_guild: bool) -> String {
    match refusal {
        Refusal::OverLimit {
            scope, resets_at, ..
        } => {
            let whose = match scope {
                Scope::Member { .. } | Scope::User(_) => "Your budget here",
                Scope::Channel { .. } => "This channel's budget",
                Scope::Guild(_) | Scope::Instance => "The budget here",
            };
            let at = resets_at.timestamp();
            format!(
                "*{persona} is resting.* {whose} is used up until <t:{at}:f> (<t:{at}:R>). `/budget show` tells more."
            )
        }
        Refusal::Share { opens_at, .. } => format!(
            "*{persona} is resting.* Your share of this server's budget is used up for now, so that everybody gets a \
             turn. More opens {}. `/budget show` tells more.",
            ago(*opens_at)
        ),
        Refusal::Paused { since } => format!(
            "*{persona} is resting.* An admin paused replies here {}. They go on after `/budget pause state:off`.",
            ago(*since)
        ),
        Refusal::Restored { .. } if in_guild => format!(
            "*{persona} is resting.* My records come from a backup, so I spend nothing until somebody has looked at them. \
             An admin opens the budget again with `/budget set`."
        ),
        Refusal::Restored { .. } => format!(
            "*{persona} is resting.* My records come from a backup, so I spend nothing until whoever runs this bot has \
             looked at them and opens the budget again."
        ),
        Refusal::ModelNotAllowed { model } => format!(
            "{persona} may not speak here: this server does not allow {model}. An admin can allow it with `/budget set`."
        ),
        Refusal::UnknownPrice { .. } | Refusal::Unpriceable { .. } => format!(
            "{persona} can't speak here yet: what a reply costs is not known. Whoever runs this bot finds in its log how to \
             say it."
        ),
        Refusal::Frozen { scope, since } => {
            let way = match scope {
                Scope::Instance | Scope::User(_) => "Whoever runs this bot opens it again.",
                _ => {
                    "An admin can look with `/budget show` and open it with `/budget set`; whoever runs this bot lets the \
                     model go on."
                }
            };
            format!(
                "*{persona} is resting.* One reply cost more than was set aside for it, so replies stopped {}. {way}",
                ago(*since)
            )
        }
        Refusal::Quarantined { since, .. } => format!(
            "*{persona} is resting.* The model used more than it was allowed to and was stopped {}. Only whoever runs this \
             bot can let it go on; please tell them.",
            ago(*since)
        ),
        Refusal::BackgroundRests { resets_at, .. } => format!(
            "*{persona} is resting.* The budget here is for replies until {}.",
            ago(*resets_at)
        ),
        _ => format!(
            "{persona} may not speak right now; whoever runs this bot finds the reason in its log."
        ),
    }
}

fn chinese(persona: &str, refusal: &Refusal, in_guild: bool) -> String {
    match refusal {
        Refusal::OverLimit {
            scope, resets_at, ..
        } => {
            let whose = match scope {
                Scope::Member { .. } | Scope::User(_) => "你在这里的预算",
                Scope::Channel { .. } => "这个频道的预算",
                Scope::Guild(_) | Scope::Instance => "这里的预算",
            };
            let at = resets_at.timestamp();
            format!(
                "*{persona} 累了，先歇一会儿。* {whose}用完了，<t:{at}:f>（<t:{at}:R>）再见。详情见 `/budget show`。"
            )
        }
        Refusal::Share { opens_at, .. } => format!(
            "*{persona} 累了，先歇一会儿。* 这个服务器的预算大家轮着用，你的那份暂时用完了，{}会再放出一些。详情见 `/budget show`。",
            ago(*opens_at)
        ),
        Refusal::Paused { since } => format!(
            "*{persona} 累了，先歇一会儿。* 管理员在{}暂停了这里的回复，管理员用 `/budget pause state:off` 就会恢复。",
            ago(*since)
        ),
        Refusal::Restored { .. } => {
            let way = match in_guild {
                true => "管理员用 `/budget set` 就能重新开放预算。",
                false => "请机器人的管理者确认后重新开放。",
            };
            format!(
                "*{persona} 累了，先歇一会儿。* 我的账目是从备份恢复的，确认之前不会花任何预算。{way}"
            )
        }
        Refusal::ModelNotAllowed { model } => format!(
            "{persona} 在这里不能说话：这个服务器没有允许使用 {model}。管理员可以用 `/budget set` 允许它。"
        ),
        Refusal::UnknownPrice { .. } | Refusal::Unpriceable { .. } => format!(
            "{persona} 在这里还不能说话：不知道一次回复要花多少。机器人的管理者能在日志里看到怎么填写。"
        ),
        Refusal::Frozen { scope, since } => {
            let way = match scope {
                Scope::Instance | Scope::User(_) => "请机器人的管理者重新开放。",
                _ => {
                    "管理员可以用 `/budget show` 查看，用 `/budget set` 重新开放；模型要由机器人的管理者恢复。"
                }
            };
            format!(
                "*{persona} 先歇一会儿。* 有一次回复超出了预留的花费，{}起暂停。{way}",
                ago(*since)
            )
        }
        Refusal::Quarantined { since, .. } => format!(
            "*{persona} 先歇一会儿。* 模型用得比允许的多，{}已停用。只有机器人的管理者能恢复，请告诉他们。",
            ago(*since)
        ),
        Refusal::BackgroundRests { resets_at, .. } => format!(
            "*{persona} 先歇一会儿。* 这里的预算{}之前只用来回复。",
            ago(*resets_at)
        ),
        _ => format!("{persona} 现在不能说话，原因在日志里，机器人的管理者能看到。"),
    }
}

/// As Discord shows it: "in 2 hours", "3 minutes ago".
fn ago(at: DateTime<Utc>) -> String {
    format!("<t:{}:R>", at.timestamp())
}

#[cfg(test)]
mod tests {
    use ledger::{ModelKey, Period, Unit};
    use rstest::rstest;

    use super::*;

    fn at() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn model() -> ModelKey {
        ModelKey {
            provider: "sim".into(),
            model: "sim-1".into(),
        }
    }

    #[rstest]
    #[case::share(Refusal::Share { period: Period::Day, unit: Unit::Usd, needed: 2, left: 1, opens_at: at(), resets_at: at() }, "<t:1800000000:R>")]
    #[case::paused(Refusal::Paused { since: at() }, "`/budget pause state:off`")]
    #[case::restored(Refusal::Restored { since: at() }, "`/budget set`")]
    #[case::model(Refusal::ModelNotAllowed { model: model() }, "sim-1")]
    #[case::limit(Refusal::OverLimit { scope: Scope::Instance, period: Period::Day, unit: Unit::Usd, resets_at: at(), needed: 2, left: 1 }, "<t:1800000000:f>")]
    #[case::quarantined(Refusal::Quarantined { model: model(), since: at() }, "<t:1800000000:R>")]
    #[case::frozen(Refusal::Frozen { scope: Scope::Guild(7.into()), since: at() }, "`/budget show`")]
    #[case::price(Refusal::UnknownPrice { model: model() }, "Orla")]
    fn every_line_names_the_persona_and_the_next_step_in_both_languages(
        #[case] refusal: Refusal,
        #[case] step: &str,
    ) {
        for language in [Language::English, Language::Chinese] {
            let line = line("Orla", &refusal, true, language);
            assert!(line.contains("Orla") && line.contains(step), "{line}");
            let chinese = line.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            assert_eq!(chinese, language == Language::Chinese, "{line}");
        }
    }

    #[test]
    fn what_only_an_operator_can_mend_names_one_and_no_key_of_the_configuration() {
        for refusal in [
            Refusal::Quarantined {
                model: model(),
                since: at(),
            },
            Refusal::Frozen {
                scope: Scope::Guild(7.into()),
                since: at(),
            },
            Refusal::UnknownPrice { model: model() },
            Refusal::Unpriceable { model: model() },
        ] {
            let lower = |language| line("Orla", &refusal, true, language).to_lowercase();
            assert!(lower(Language::English).contains("whoever runs this bot"));
            assert!(lower(Language::Chinese).contains("机器人的管理者"));
            for language in [Language::English, Language::Chinese] {
                for key in [
                    "context_window",
                    "max_output",
                    "caps_certified",
                    "model.price",
                ] {
                    assert!(!lower(language).contains(key), "{}", lower(language));
                }
            }
        }
    }

    #[test]
    fn an_endpoint_that_rests_is_told_with_the_second_in_which_it_is_tried_again() {
        let until = at() + chrono::TimeDelta::milliseconds(200);
        for language in [Language::English, Language::Chinese] {
            let line = left_alone("Orla", until, language);
            assert!(line.contains("<t:1800000001:R>"), "{line}");
        }
    }

    #[test]
    fn in_direct_messages_no_admin_is_sent_for() {
        let refusal = Refusal::Restored { since: at() };
        let line = line("Orla", &refusal, false, Language::English);
        assert!(line.contains("whoever runs this bot") && !line.contains("/budget set"));
    }
}
