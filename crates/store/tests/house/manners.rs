//! Manners: written down by field, believed for some weeks, each model's its own.

use chrono::TimeDelta;
use store::Store;
use store::clock::{Clock, SystemClock};
use store::manners::Served;

fn served(host: &str) -> Served {
    Served {
        host: host.into(),
        dialect: "openai".into(),
        model: "gpt-5".into(),
    }
}

#[tokio::test]
async fn a_lesson_is_believed_for_some_weeks_at_its_own_endpoint() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("house.db")).await.unwrap();
    let now = SystemClock.now();
    let here = served("here:1");
    let lessons = vec![("stop".to_owned(), 4), ("temperature".to_owned(), 0)];
    store
        .learn_manners(here.clone(), lessons, now)
        .await
        .unwrap();
    let again = vec![("stop".to_owned(), 0)];
    let later = now + TimeDelta::days(9);
    store
        .learn_manners(here.clone(), again, later)
        .await
        .unwrap();
    let known = |at| store.manners(&here, at);
    assert_eq!(
        known(later).await.unwrap(),
        [("stop".to_owned(), 0), ("temperature".to_owned(), 0)]
    );
    assert_eq!(store.manners(&served("there"), now).await.unwrap(), []);
    let month = now + TimeDelta::days(31);
    assert_eq!(known(month).await.unwrap(), [("stop".to_owned(), 0)]);
    assert_eq!(known(month + TimeDelta::days(9)).await.unwrap(), []);
}

#[tokio::test]
async fn a_check_strikes_out_what_it_has_disproved_and_writes_down_what_it_was_taught() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("house.db")).await.unwrap();
    let now = SystemClock.now();
    let (here, there) = (served("here:1"), served("there"));
    let lesson = |field: &str, value| (field.to_owned(), value);
    for of in [&here, &there] {
        let lessons = vec![lesson("stop", 0), lesson("temperature", 0)];
        store.learn_manners(of.clone(), lessons, now).await.unwrap();
    }
    let (disproved, taught) = (vec!["stop".to_owned()], vec![lesson("room", 400)]);
    let later = now + TimeDelta::days(20);
    store
        .revise_manners(here.clone(), disproved, taught, later)
        .await
        .unwrap();
    let known = |of, at| store.manners(of, at);
    assert_eq!(
        known(&here, later).await.unwrap(),
        [lesson("room", 400), lesson("temperature", 0)]
    );
    assert_eq!(
        known(&there, later).await.unwrap(),
        [lesson("stop", 0), lesson("temperature", 0)]
    );
    let month = now + TimeDelta::days(31);
    assert_eq!(
        known(&here, month).await.unwrap(),
        [lesson("room", 400)],
        "what was not tried is not believed longer"
    );
}
