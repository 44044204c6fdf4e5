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
        other => format!("{persona} may not speak right now: {other}."),
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
        Refusal::UnknownPrice { model } => format!(
            "{persona} 现在不能说话：不知道 {model} 的价格。请机器人的管理者在配置的 `[model.price]` 里填上，免费的模型写 `local = true`。"
        ),
        Refusal::Unpriceable { model } => format!(
            "{persona} 现在不能说话：{model} 的一次回复最多花多少，算不出可信的数。请机器人的管理者检查配置里的价格和 `max_output`。"
        ),
        Refusal::Frozen { scope, since } => {
            let way = match scope {
                Scope::Instance | Scope::User(_) => "请机器人的管理者重新开放。",
                _ => "管理员可以用 `/budget show` 查看，用 `/budget set` 重新开放。",
            };
            format!(
                "{persona} 现在不能说话：有一次回复超出了预留的花费，{}起暂停。{way}",
                ago(*since)
            )
        }
        Refusal::Quarantined { model, since } => format!(
            "{persona} 现在不能说话：{model} 在{}用得比允许的多，已停用。请机器人的管理者检查配置里的 `context_window`、`max_output` 和价格，或者写 `caps_certified = false`。",
            ago(*since)
        ),
        other => format!("{persona} 现在不能说话：{other}。"),
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
    fn in_direct_messages_no_admin_is_sent_for() {
        let refusal = Refusal::Restored { since: at() };
        let line = line("Orla", &refusal, false, Language::English);
        assert!(line.contains("whoever runs this bot") && !line.contains("/budget set"));
    }
}
