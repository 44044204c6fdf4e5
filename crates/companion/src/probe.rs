//! What a check asks a model for: the least there can be of a reply and of a reading, each with the fields of a real one, so
//! that an endpoint refuses of the check what it would refuse of the bot.

use memory::consolidation;
use provider::{Field, Lesson, Request};

use crate::compose::{Ingredients, Said, compose};
use crate::consolidate;
use crate::house::{House, Model};

/// Who is supposed to talk.
const PERSON: &str = "Ada";

/// A reply: a system prompt, a person, the persona, the person again, and their name as a stop sequence.
#[must_use]
pub fn reply(house: &House, model: &Model) -> Request {
    let said = |by: Option<&str>, text: &str| Said {
        by: by.map(str::to_owned),
        text: text.to_owned(),
        told: None,
        number: None,
    };
    let parts = Ingredients {
        frame: vec!["You are Orla. Answer in one word.".to_owned()],
        recent: vec![said(Some(PERSON), "Good morning!"), said(None, "Morning.")],
        person: PERSON.to_owned(),
        text: "Say hello.".to_owned(),
        names: true,
        ..Ingredients::default()
    };
    Request {
        cap: model.with_room(model.cap),
        temperature: model.talking.temperature,
        sampling: model.talking.sampling,
        ..compose(parts, model.shares(house)).request
    }
}

/// The models that read talk into notes in the background, the preferred one first: another reads as long as that may not
/// be asked. None where nothing is read.
pub fn readers(house: &House) -> impl Iterator<Item = &Model> {
    consolidate::readers(house)
}

/// A reading of a line into notes.
#[must_use]
pub fn reading(model: &Model) -> Request {
    consolidate::request(
        model,
        &consolidation::sample(consolidate::portion(model)),
        true,
    )
}

/// The fields about which something was believed that these requests have disproved. All of them were answered, after the
/// endpoint was met as a stranger; `without` are the fields that they went without in the end.
#[must_use]
pub fn disproved(before: &[Lesson], without: &[Field], answered: &[Request]) -> Vec<Field> {
    let disproves = |lesson: &Lesson, request: &Request| match lesson.field {
        Field::Stop => request.stop.len() > lesson.value as usize,
        Field::Temperature => request.temperature.is_some(),
        Field::TopP
        | Field::MinP
        | Field::FrequencyPenalty
        | Field::PresencePenalty
        | Field::RepeatPenalty
        | Field::RepetitionPenalty
        | Field::RepeatLastN
        | Field::Dry
        | Field::Samplers => request.sampling.has(lesson.field),
        Field::Cap => request.cap > lesson.value,
        Field::Schema => request.schema.is_some(),
        Field::Cache => request.stable > 0,
        Field::MaxTokens | Field::MaxCompletionTokens | Field::Usage | Field::System => true,
        // A word of greeting takes little thought.
        Field::Room | Field::Thoughts => false,
    };
    let before = before.iter();
    before
        .filter(|lesson| !without.contains(&lesson.field))
        .filter(|lesson| answered.iter().any(|request| disproves(lesson, request)))
        .map(|lesson| lesson.field)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use provider::Sampling;

    fn lesson(field: Field, value: u32) -> Lesson {
        Lesson { field, value }
    }

    fn answered() -> Request {
        Request {
            cap: 400,
            temperature: Some(0.8),
            sampling: Sampling {
                repeat_penalty: Some(1.1),
                ..Sampling::NONE
            },
            stop: vec!["\nAda:".to_owned()],
            ..Request::default()
        }
    }

    #[test]
    fn what_an_endpoint_takes_by_now_is_disproved() {
        let before = [
            lesson(Field::Stop, 0),
            lesson(Field::Temperature, 0),
            lesson(Field::System, 0),
            lesson(Field::Cap, 300),
            lesson(Field::Samplers, 0),
        ];
        let all = before.map(|lesson| lesson.field);
        assert_eq!(disproved(&before, &[], &[answered()]), all);
        assert_eq!(disproved(&before, &all, &[answered()]), [], "refused again");
    }

    #[test]
    fn what_was_not_tried_is_believed_as_before() {
        let before = [
            lesson(Field::Stop, 4),
            lesson(Field::Cap, 8192),
            lesson(Field::Schema, 0),
            lesson(Field::Room, 400),
            lesson(Field::Dry, 0),
        ];
        assert_eq!(disproved(&before, &[], &[answered()]), []);
        assert_eq!(disproved(&[lesson(Field::System, 0)], &[], &[]), []);
    }
}
