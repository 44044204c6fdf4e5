//! Who speaks: a reply is the persona's own speech, without its name in front and without the person's next line.

use regex::Regex;

use crate::fence::fences;
use crate::pattern::checked;

/// Names that stand for the person in the chat formats that models were trained on.
const PERSON: &[&str] = &["User", "Human", "{{user}}", "<user>"];
/// Names that stand for the model.
const SELF: &[&str] = &["{{char}}", "Assistant", "<bot>"];

/// What may stand around a name: bold, italics, brackets.
const DRESS: &str = r"[*_~`\[(\])]{0,3}";

/// The names of a conversation, as patterns.
#[derive(Debug, Clone, Default)]
pub(super) struct Speakers {
    own_prefix: Option<Regex>,
    own_line: Option<Regex>,
    others_prefix: Option<Regex>,
    others_line: Option<Regex>,
    own_names: Vec<String>,
    others: Vec<String>,
}

impl Speakers {
    pub(super) fn new<S: AsRef<str>>(persona: &str, people: impl IntoIterator<Item = S>) -> Self {
        let persona = persona.trim();
        let own_names: Vec<String> = [persona]
            .into_iter()
            .chain(persona.split_whitespace().next())
            .chain(SELF.iter().copied())
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
        let is_own = |name: &str| {
            own_names
                .iter()
                .any(|own| own.to_lowercase() == name.to_lowercase())
        };
        let others: Vec<String> = people
            .into_iter()
            .map(|name| name.as_ref().trim().to_owned())
            .chain(PERSON.iter().map(|&name| name.to_owned()))
            .filter(|name| !name.is_empty() && !is_own(name))
            .collect();
        Self {
            own_prefix: checked(&format!(
                r"(?i)\A\s*{DRESS}(?:{}){DRESS}\s?[:：]{DRESS}\s*",
                any_of(&own_names)
            )),
            own_line: checked(&format!(
                r"(?im)^{DRESS}(?:{}){DRESS}\s?[:：]",
                any_of(&own_names)
            )),
            others_prefix: checked(&format!(
                r"(?i)\A\s*{DRESS}(?:{}){DRESS}\s?[:：]{DRESS}\s*",
                any_of(&others)
            )),
            others_line: checked(&format!(
                r"(?im)^[ \t>]*(?:###? ?)?{DRESS}(?:{}){DRESS}\s?[:：]|^###? ?(?:Instruction|Input|User|Human)\b",
                any_of(&others)
            )),
            own_names,
            others,
        }
    }

    /// The persona's own words: no name in front, nothing from the first line that the person would speak.
    pub(super) fn only_own_speech(&self, text: &str) -> String {
        let text = self.without_repeated_question(text);
        let text = self
            .own_prefix
            .as_ref()
            .map_or_else(|| text.into(), |prefix| prefix.replace(text, ""));
        let Some(others_line) = &self.others_line else {
            return text.into_owned();
        };
        let code = fences(&text);
        // In the first line it is how the persona begins, a quotation say; then there is nothing to cut.
        let first_line = text
            .trim_start()
            .find('\n')
            .map_or(text.len(), |at| at + text.len() - text.trim_start().len());
        let cut = others_line
            .find_iter(&text)
            .map(|found| found.start())
            .find(|&at| {
                at > first_line
                    && !code
                        .iter()
                        .any(|fence| fence.end.is_some() && fence.covers(at))
            });
        text[..cut.unwrap_or(text.len())].to_owned()
    }

    /// A small model likes to repeat the person's message, by name, before it answers: the answer begins at its own
    /// name. Where that does not come, the name alone is taken away.
    fn without_repeated_question<'t>(&self, text: &'t str) -> &'t str {
        let Some(repeated) = self
            .others_prefix
            .as_ref()
            .and_then(|prefix| prefix.find(text))
        else {
            return text;
        };
        let answer = self
            .own_line
            .as_ref()
            .and_then(|line| line.find_at(text, repeated.end()));
        &text[answer.map_or(repeated.end(), |answer| answer.start())..]
    }

    /// Without a last line that may turn out to be a name in front of speech.
    pub(super) fn hold_back<'t>(&self, text: &'t str) -> &'t str {
        let repeats = self
            .others_prefix
            .as_ref()
            .is_some_and(|prefix| prefix.is_match(text));
        let answers = self
            .own_line
            .as_ref()
            .is_some_and(|line| line.is_match(text));
        if repeats && !answers {
            return "";
        }
        let line_from = text.rfind('\n').map_or(0, |at| at + 1);
        let names = if text[..line_from].trim().is_empty() {
            &self.own_names
        } else {
            &self.others
        };
        let line = text[line_from..]
            .trim_start_matches([' ', '\t', '>', '#', '*', '_', '~', '`', '[', '(']);
        let begun = line
            .trim_end_matches([' ', '*', '_', '~', '`', ']', ')'])
            .to_lowercase();
        let dressed_only =
            begun.is_empty() && text.len() > line_from && !text[line_from..].trim().is_empty();
        let begins_name = !begun.is_empty()
            && names
                .iter()
                .any(|name| name.to_lowercase().starts_with(&begun));
        if dressed_only || begins_name {
            &text[..line_from]
        } else {
            text
        }
    }
}

fn any_of(names: &[String]) -> String {
    names
        .iter()
        .map(|name| regex::escape(name))
        .collect::<Vec<_>>()
        .join("|")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speakers() -> Speakers {
        Speakers::new("Mia Chen", ["Ann", "李雷", "C++ (fan)"])
    }

    #[test]
    fn a_repeated_question_goes_and_the_answer_stays() {
        let text = "Ann: how are you?\nMia: fine, thanks";
        assert_eq!(speakers().only_own_speech(text), "fine, thanks");
        assert_eq!(speakers().hold_back("Ann: how are"), "");
        assert_eq!(
            speakers().only_own_speech("Ann: how are you?"),
            "how are you?"
        );
    }

    #[test]
    fn the_own_name_in_front_goes() {
        for text in [
            "Mia Chen: hi",
            "Mia: hi",
            "**Mia Chen:** hi",
            "*mia*: hi",
            "[Mia]: hi",
            "\n Mia： hi",
            "{{char}}: hi",
            "Assistant: hi",
        ] {
            assert_eq!(speakers().only_own_speech(text), "hi", "{text}");
        }
        assert_eq!(
            speakers().only_own_speech("Mia is here: hi"),
            "Mia is here: hi"
        );
    }

    #[test]
    fn the_reply_ends_where_the_model_speaks_for_the_person() {
        for line in [
            "User: and you?",
            "**Ann:** and you?",
            "ann: and you?",
            "李雷：你呢？",
            "{{user}}: x",
            "Human: x",
            "### Instruction",
            "C++ (fan): x",
            "> Ann: x",
        ] {
            assert_eq!(
                speakers().only_own_speech(&format!("I am well.\n{line}\nMia: fine")),
                "I am well.\n",
                "{line}"
            );
        }
        for kept in [
            "I met Ann: she was well.",
            "Dear all\nAnnual report: fine",
            "```\nx\nUser: in code\n```",
            "Two things.\nFirst: sleep",
        ] {
            assert_eq!(speakers().only_own_speech(kept), kept);
        }
    }

    #[test]
    fn a_line_that_may_become_a_name_waits() {
        let speakers = speakers();
        for (text, shown) in [
            ("Mi", ""),
            ("Mia", ""),
            ("Mix", "Mix"),
            ("Hi there", "Hi there"),
            ("Fine.\nUs", "Fine.\n"),
            ("Fine.\n**An", "Fine.\n"),
            ("Fine.\nUsing it", "Fine.\nUsing it"),
            ("Fine.\n**", "Fine.\n"),
            ("Fine.\n", "Fine.\n"),
        ] {
            assert_eq!(speakers.hold_back(text), shown, "{text}");
        }
    }
}
