//! A person's copy: all of it, in pages that are whole by themselves.

use serde_json::Value;
use tokio::sync::mpsc;

use super::consolidating::{ADA, BO, Room, now};

/// The pages of Ada's copy, of about so many bytes.
async fn pages(room: &Room, most: usize) -> Vec<String> {
    let (ready, mut made) = mpsc::channel(1);
    let copying = room.memory.copy_of_person(ADA.into(), now(), most, ready);
    let taking = async {
        let mut pages = vec![];
        while let Some(page) = made.recv().await {
            pages.push(page);
        }
        pages
    };
    let (copied, pages) = tokio::join!(copying, taking);
    copied.unwrap();
    pages
}

/// 1,200 lines of Ada's, each with its answer, and a few of Bo's.
async fn talkative() -> Room {
    let mut room = Room::new().await;
    for n in 0..1_200 {
        let (_, turn) = room
            .answer(
                Some((ADA, "Ada")),
                &format!("line <{n}> \u{1F98A}\n\"quoted\""),
                None,
            )
            .await;
        room.answer(None, &format!("answer <{n}>"), Some(turn))
            .await;
    }
    room.say(Some((BO, "Bo")), "this is mine").await;
    room
}

#[tokio::test]
async fn a_copy_has_every_line_once_however_many_pages_it_takes() {
    let room = talkative().await;
    for most in [20_000, 100_000, 9 << 20] {
        let pages = pages(&room, most).await;
        assert_eq!(pages.len() > 1, most < 1 << 20, "{} pages", pages.len());
        let (mut said, mut answers) = (vec![], vec![]);
        for (number, page) in (1..).zip(&pages) {
            assert!(page.len() <= most, "{} bytes", page.len());
            let page: Value = serde_json::from_str(page).unwrap();
            assert_eq!(page["page"], number);
            assert_eq!(page["is_the_last_page"], number == pages.len());
            for place in page["places"].as_array().unwrap() {
                assert_eq!(place["channel"], "2");
                let rows = |list: &str| place[list].as_array().cloned().unwrap_or_default();
                said.extend(rows("said"));
                answers.extend(rows("answers"));
            }
        }
        let all = |rows: Vec<Value>| {
            rows.iter()
                .map(|row| row["text"].to_string())
                .collect::<Vec<_>>()
        };
        let (said, answers) = (all(said), all(answers));
        assert_eq!((said.len(), answers.len()), (1_200, 1_200));
        for n in 0..1_200 {
            assert!(said[n].contains(&format!("<{n}>")) && answers[n].contains(&format!("<{n}>")));
        }
        assert!(!said.concat().contains("mine"));
    }
}

#[tokio::test]
async fn a_copy_ends_when_nobody_takes_its_pages() {
    let room = talkative().await;
    let (ready, mut made) = mpsc::channel(1);
    let copying = room.memory.copy_of_person(ADA.into(), now(), 20_000, ready);
    let taking = async {
        made.recv().await.unwrap();
        drop(made);
    };
    let (copied, ()) = tokio::join!(copying, taking);
    copied.unwrap();
}

#[tokio::test]
async fn somebody_of_whom_nothing_is_kept_gets_a_page_that_says_so() {
    let room = Room::new().await;
    let pages = pages(&room, 1 << 20).await;
    let page: Value = serde_json::from_str(&pages[0]).unwrap();
    assert_eq!((pages.len(), &page["places"]), (1, &serde_json::json!([])));
}
