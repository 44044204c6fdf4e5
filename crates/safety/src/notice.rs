//! The AI notice: said at a person's first contact each day, so that nobody forgets what they talk with.

use crate::{clean::plain_name, language::Language};

/// The notice for `persona`, one short line. English when the language is unclear.
pub fn notice(persona: &str, language: Language) -> String {
    let persona = plain_name(persona);
    match language {
        Language::Chinese => {
            format!("{persona} 是 AI 伙伴，不是真人，说的话可能有错。想了解更多：/about")
        }
        Language::English | Language::Unclear => {
            format!(
                "{persona} is an AI companion, not a person, and can be wrong. /about tells you more."
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notice_says_ai_names_the_persona_and_points_to_about() {
        for language in [Language::English, Language::Chinese, Language::Unclear] {
            let text = notice("Mia", language);
            assert!(
                text.contains("Mia") && text.contains("AI") && text.contains("/about"),
                "{text}"
            );
            assert!(text.chars().count() <= 120 && !text.contains('\n'));
        }
    }

    #[test]
    fn a_persona_name_cannot_ping_or_break_the_line() {
        let text = notice("<@&123>\n@everyone", Language::English);
        assert!(
            !text.contains("<@") && !text.contains("@everyone") && !text.contains('\n'),
            "{text}"
        );
    }
}
