//! Reads an error answer for one thing: which of the fields that were sent does it refuse? Decides, and does nothing.

use super::field::{Field, Lesson};
use super::sent::Sent;
use super::wording;
use crate::wrapped::Wrapped;

/// Statuses that are about something else than a field, whatever their words are: keys, money, time, length, haste.
const OF_ELSE: [u16; 10] = [401, 402, 403, 408, 409, 413, 429, 503, 504, 529];

/// The lessons of an error answer: none, or one for each refused field. The status is none for an error inside a stream.
/// What an answer says of filters, money and length ([`crate::cause`]) is read before.
pub(crate) fn read(status: Option<u16>, said: &Wrapped, sent: &Sent) -> Vec<Lesson> {
    if status.is_some_and(|status| OF_ELSE.contains(&status)) {
        return vec![];
    }
    let texts: Vec<&str> = said
        .texts
        .iter()
        .map(|text| wording::spoken(text))
        .collect();
    // A server that fails speaks of itself, unless it is a template that fails, or a field is named beyond doubt.
    let of_a_request = |text: &String| wording::is_of_a_request(text);
    let is_failure = status.is_some_and(|status| status >= 500);
    if is_failure
        && said.params.is_empty()
        && said.places.is_empty()
        && !said.texts.iter().any(of_a_request)
    {
        return vec![];
    }
    if let Some(lesson) = texts.iter().find_map(|text| too_high(text, sent)) {
        return vec![lesson];
    }
    let mut lessons = Vec::new();
    for name in params(said) {
        lessons.extend(lesson(name, &texts, sent));
    }
    for text in &texts {
        if sent.system && wording::refuses_system(text) {
            lessons.push(Lesson::not(Field::System));
        }
        if sent.schema && wording::names_schema(text) {
            lessons.push(Lesson::not(Field::Schema));
        }
        if wording::refuses(text) {
            let named = wording::names(text).into_iter();
            lessons.extend(named.filter_map(|name| lesson(name, &[text], sent)));
        }
    }
    lessons.sort_unstable();
    lessons.dedup_by_key(|lesson| lesson.field);
    of_samplers(lessons, &texts)
}

/// Who does not know one name of those that OpenAI has not, and names it alone, knows none of them: they go together, so
/// that a strict server refuses one request and not one for each. Who takes the temperature or `top_p`, but not both, is
/// asked for the temperature.
fn of_samplers(mut lessons: Vec<Lesson>, texts: &[&str]) -> Vec<Lesson> {
    let names = |lessons: &[Lesson], field| lessons.iter().any(|lesson| lesson.field == field);
    if names(&lessons, Field::Temperature) && names(&lessons, Field::TopP) {
        lessons.retain(|lesson| lesson.field != Field::Temperature);
    }
    let not_openais = |lesson: &&mut Lesson| Field::NOT_OPENAIS.contains(&lesson.field);
    let mut strange = lessons.iter_mut().filter(not_openais);
    if let (Some(only), None) = (strange.next(), strange.next())
        && texts.iter().any(|text| wording::knows_no_name(text))
    {
        *only = Lesson::not(Field::Samplers);
    }
    lessons
}

/// Whether an answer is about the cap, which never goes away.
pub(crate) fn is_of_the_cap(said: &Wrapped) -> bool {
    let named = said.texts.iter().flat_map(|text| wording::names(text));
    let mut named = named.chain(params(said));
    named.any(|field| matches!(field, Field::MaxTokens | Field::MaxCompletionTokens))
}

/// Whether an answer says how high the cap may be: then it is about no prompt, though it may explain itself by one.
pub(crate) fn bounds_the_cap(said: &Wrapped) -> bool {
    said.texts.iter().any(|text| wording::bounds_the_cap(text))
}

/// The fields that the answer names as such.
fn params(said: &Wrapped) -> Vec<Field> {
    let params = said.params.iter().filter_map(|param| wording::field(param));
    let places = said.places.iter();
    let places = places.filter_map(|place| wording::on_the_way(place.iter().map(String::as_str)));
    params.chain(places).collect()
}

/// What to do about a field that is named, if it was sent.
fn lesson(name: Field, texts: &[&str], sent: &Sent) -> Option<Lesson> {
    let is_so = match name {
        Field::Stop => return stops(texts, sent),
        // Only a name that is not known is changed: a value that is not liked has another reason.
        Field::MaxTokens | Field::MaxCompletionTokens => {
            texts.iter().any(|text| wording::knows_no_name(text))
        }
        _ => true,
    };
    (is_so && sent.has(name)).then(|| Lesson::not(name))
}

/// As many as are taken, where that is told and fewer than were sent; else none.
fn stops(texts: &[&str], sent: &Sent) -> Option<Lesson> {
    let told = texts.iter().find_map(|text| wording::most_stops(text));
    let fewer = told.filter(|&most| most > 0 && (most as usize) < sent.stops);
    (sent.stops > 0).then(|| Lesson {
        field: Field::Stop,
        value: fewer.unwrap_or(0),
    })
}

/// A cap that is too high is lowered to what is told, and never dropped.
fn too_high(text: &str, sent: &Sent) -> Option<Lesson> {
    let value = wording::highest_cap(text, sent.cap)?;
    Some(Lesson {
        field: Field::Cap,
        value,
    })
}
