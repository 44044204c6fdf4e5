//! What a page of a channel tells of the messages that are remembered of it: which are gone, and which say something else now.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use store::id::MessageId;
use store::versions::Remembered;

use super::super::reading::{PAGE, message};

/// What a page tells of remembered messages.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Compared<'a> {
    /// They do not stand there any more.
    pub(super) gone: Vec<MessageId>,
    /// They were edited since.
    pub(super) edited: Vec<&'a Value>,
    /// Older ones, of which this page tells nothing.
    pub(super) further: bool,
}

/// Compares remembered messages with a page that is not empty: the newest messages before `before`.
pub(super) fn compare<'a>(
    remembered: &[Remembered],
    page: &'a [Value],
    before: Option<MessageId>,
) -> Compared<'a> {
    let standing: BTreeMap<MessageId, &Value> = page
        .iter()
        .filter_map(|message| Some((message::number(message)?, message)))
        .collect();
    // A page that is not full reaches down to the channel's beginning.
    let reaches = match page.len() < usize::from(PAGE) {
        true => None,
        false => standing.keys().next().copied(),
    };
    let mut compared = Compared::default();
    let behind = |id: MessageId| before.is_some_and(|before| id >= before);
    for one in remembered.iter().filter(|one| !behind(one.id)) {
        if reaches.is_some_and(|oldest| one.id < oldest) {
            compared.further = true;
            continue;
        }
        match standing.get(&one.id) {
            None => compared.gone.push(one.id),
            Some(message) if is_newer(message::edited_at(message), one.edited_at) => {
                compared.edited.push(message);
            }
            Some(_) => {}
        }
    }
    compared
}

/// Versions are kept to the millisecond.
fn is_newer(standing: Option<DateTime<Utc>>, kept: Option<DateTime<Utc>>) -> bool {
    standing.map(|at| at.timestamp_millis()) > kept.map(|at| at.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn kept(ids: &[u64]) -> Vec<Remembered> {
        let one = |id: &u64| Remembered {
            id: (*id).into(),
            channel: 1.into(),
            guild: None,
            edited_at: DateTime::from_timestamp(10, 0),
        };
        ids.iter().map(one).collect()
    }

    fn stands(id: u64, edited: Option<&str>) -> Value {
        json!({"id": id.to_string(), "edited_timestamp": edited})
    }

    fn ids(compared: &Compared<'_>) -> (Vec<u64>, Vec<String>) {
        let gone = compared.gone.iter().map(|id| id.get()).collect();
        let edited = compared.edited.iter();
        (
            gone,
            edited
                .map(|one| one["id"].as_str().unwrap().into())
                .collect(),
        )
    }

    #[test]
    fn what_a_page_spans_and_does_not_show_is_gone() {
        let page = [stands(30, None), stands(20, None)];
        let compared = compare(&kept(&[30, 25, 20, 15]), &page, None);
        assert_eq!(ids(&compared), (vec![25, 15], vec![]));
        assert!(!compared.further, "the page was not full");
    }

    #[test]
    fn a_full_page_tells_nothing_of_what_is_older() {
        let page: Vec<Value> = (101..=200).rev().map(|id| stands(id, None)).collect();
        let compared = compare(&kept(&[200, 150, 100]), &page, None);
        assert_eq!(ids(&compared), (vec![], vec![]));
        assert!(compared.further);
        let older = [stands(90, None)];
        let compared = compare(&kept(&[200, 150, 100]), &older, Some(101.into()));
        assert_eq!(
            ids(&compared),
            (vec![100], vec![]),
            "what was compared is not compared again"
        );
    }

    #[test]
    fn only_a_newer_version_is_an_edit() {
        let page = [
            stands(3, Some("1970-01-01T00:00:11.000000+00:00")),
            stands(2, Some("1970-01-01T00:00:10.000999+00:00")),
            stands(1, None),
        ];
        let compared = compare(&kept(&[3, 2, 1]), &page, None);
        assert_eq!(ids(&compared), (vec![], vec!["3".into()]));
    }
}
