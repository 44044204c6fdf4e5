//! The crisis card: what a person gets in place of a model's answer when [`crisis`](crate::crisis) found one.
//!
//! Static text, so that it costs nothing, needs no network and cannot say something foolish. It names no illness and
//! asks for nothing. Numbers change: look each of them up again before a release.

use crate::crisis::{Crisis, Kind};
use crate::language::Language;

const ENGLISH_SUICIDE: &str = "\
I’m glad you wrote this. It sounds heavy, and you don’t have to carry it alone.
I’m an AI: I can’t help in an emergency, and you deserve a person. These people will listen, without judging:";

const ENGLISH_SELF_HARM: &str = "\
Thank you for saying this. You deserve care, not blame, and you don’t have to get through it alone.
I’m an AI: I can’t help in an emergency, and you deserve a person. These people will listen, without judging:";

const ENGLISH_LINES: &str = "
- **In danger, badly hurt, or taken something?** Call your local emergency number now (112, 911, 999, 000).
- US and Canada: call or text **988**
- UK and Ireland: Samaritans, **116 123**
- Australia: Lifeline, **13 11 14**
- Mainland China: **12356**
- Anywhere else: https://findahelpline.com
If something near you could hurt you, move away from it, and tell one person close by: “I’m not okay. Can you stay with me?”
If it is about someone else, ask them plainly, stay with them, and call together; these lines help you too.";

const ENGLISH_EATING: &str = "\
Thank you for saying this. You deserve care and enough to eat, at any weight, and you don’t have to face this alone.
I’m an AI: I can’t help in an emergency, and you deserve a person. These people know about it and won’t judge:
- **Faint, in pain, or in danger?** Call your local emergency number now (112, 911, 999, 000).
- US: ANAD, **1-888-375-7767** · Canada: NEDIC, **1-866-633-4220**
- UK: https://www.beateatingdisorders.org.uk · Australia: Butterfly, **1800 33 4673**
- Mainland China: **12356** · Anywhere else: https://findahelpline.com
- When it gets too much, at any hour: **988** (US, Canada), **116 123** (UK, Ireland), **13 11 14** (Australia)
Telling one person you trust, or a doctor, is a good first step. If it is about someone else, these lines help you too.";

const ENGLISH_END: &str = "\n-# If I misread you, I’m sorry. Just go on writing.";

const CHINESE_SUICIDE: &str = "\
谢谢你愿意说出来。听起来真的很难熬，你不必一个人扛着。
我是 AI，紧急情况下帮不了你，而你值得有真人陪着。下面这些人会认真听，不会评判你：";

const CHINESE_SELF_HARM: &str = "\
谢谢你愿意说出来。你需要的是关心，不是责备，也不必一个人硬撑。
我是 AI，紧急情况下帮不了你，而你值得有真人陪着。下面这些人会认真听，不会评判你：";

const CHINESE_EATING: &str = "\
谢谢你愿意说出来。不管体重多少，你都值得好好吃饭、被好好对待，也不必一个人面对。
我是 AI，紧急情况下帮不了你，而你值得有真人陪着。下面这些人会认真听，不会评判你：";

const CHINESE_LINES: &str = "
- **有危险、受了重伤，或已经吃了什么？** 请马上打急救电话：大陆 **120** 或 **110**，其他地方打当地的紧急电话。
- 中国大陆：心理援助热线 **12356**
- 台湾：**1925** · 香港：**2389 2222** · 新加坡：**1767**
- 美国、加拿大：**988** · 英国、爱尔兰：**116 123** · 澳大利亚：**13 11 14**
- 其他地方：https://findahelpline.com
身边如果有会伤到自己的东西，请先离它远一点，再告诉一个身边的人：“我现在不太好，能陪陪我吗？”
如果是你担心的人，可以直接问他、陪着他，一起打电话；这些热线也会帮你。";

const CHINESE_EATING_LINES: &str = "
- **头晕、疼痛或有危险？** 请马上打急救电话：大陆 **120**，其他地方打当地的紧急电话。
- 中国大陆：心理援助热线 **12356**
- 台湾：**1925** · 香港：**2389 2222** · 新加坡：**1767**
- 其他地方：https://findahelpline.com
告诉一个你信任的人，或去看看医生，就是很好的第一步。如果是你担心的人，这些热线也会帮你。";

const CHINESE_END: &str = "\n-# 如果是我误会了，抱歉，继续聊就好。";

/// The card that answers `crisis`: in its language, in both when that is unclear. At most 1,900 characters.
pub fn card(crisis: Crisis) -> String {
    match crisis.language {
        Language::English => english(crisis.kind),
        Language::Chinese => chinese(crisis.kind),
        Language::Unclear => format!("{}\n\n{}", english(crisis.kind), chinese(crisis.kind)),
    }
}

fn english(kind: Kind) -> String {
    match kind {
        Kind::Suicide => [ENGLISH_SUICIDE, ENGLISH_LINES, ENGLISH_END].concat(),
        Kind::SelfHarm => [ENGLISH_SELF_HARM, ENGLISH_LINES, ENGLISH_END].concat(),
        Kind::EatingDisorder => [ENGLISH_EATING, ENGLISH_END].concat(),
    }
}

fn chinese(kind: Kind) -> String {
    match kind {
        Kind::Suicide => [CHINESE_SUICIDE, CHINESE_LINES, CHINESE_END].concat(),
        Kind::SelfHarm => [CHINESE_SELF_HARM, CHINESE_LINES, CHINESE_END].concat(),
        Kind::EatingDisorder => [CHINESE_EATING, CHINESE_EATING_LINES, CHINESE_END].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::Cleaner;

    const KINDS: [Kind; 3] = [Kind::Suicide, Kind::SelfHarm, Kind::EatingDisorder];
    const LANGUAGES: [Language; 3] = [Language::English, Language::Chinese, Language::Unclear];

    fn cards() -> impl Iterator<Item = (Kind, Language, String)> {
        KINDS.into_iter().flat_map(|kind| {
            LANGUAGES
                .into_iter()
                .map(move |language| (kind, language, card(Crisis { kind, language })))
        })
    }

    #[test]
    fn every_card_fits_in_one_message() {
        for (kind, language, text) in cards() {
            assert!(
                text.chars().count() <= 1900,
                "{kind:?} {language:?}: {}",
                text.chars().count()
            );
        }
    }

    #[test]
    fn every_card_says_that_this_is_an_ai_and_where_people_are() {
        for (kind, language, text) in cards() {
            for needed in ["AI", "findahelpline.com", "12356", "988"] {
                let chinese_eating = kind == Kind::EatingDisorder && language == Language::Chinese;
                assert!(
                    text.contains(needed) || (needed == "988" && chinese_eating),
                    "{kind:?} {language:?} lacks {needed}"
                );
            }
            assert!(text.contains("emergency number") || text.contains("急救电话"));
        }
    }

    #[test]
    fn a_card_for_suicide_or_self_harm_has_the_lines_of_every_region() {
        for (_, _, text) in cards().filter(|(kind, ..)| *kind != Kind::EatingDisorder) {
            for line in ["988", "116 123", "13 11 14", "12356"] {
                assert!(text.contains(line), "{line} is missing");
            }
        }
    }

    #[test]
    fn no_card_names_an_illness_or_a_method() {
        for (_, _, text) in cards() {
            let text = text.to_lowercase();
            for word in [
                "suicid",
                "depress",
                "disorder ",
                "disease",
                "anorexi",
                "bulimi",
                "自杀",
                "抑郁",
                "厌食",
                "cutting",
                "overdose",
            ] {
                assert!(!text.contains(word), "{word}");
            }
        }
    }

    #[test]
    fn a_card_in_an_unclear_language_has_both() {
        for kind in KINDS {
            let both = card(Crisis {
                kind,
                language: Language::Unclear,
            });
            assert!(both.contains(&english(kind)) && both.contains(&chinese(kind)));
        }
    }

    #[test]
    fn cleaning_would_leave_a_card_as_it_is() {
        for (_, _, text) in cards() {
            assert_eq!(Cleaner::default().finished(&text), text);
        }
    }
}
