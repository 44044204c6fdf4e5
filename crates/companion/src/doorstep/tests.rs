use super::*;
use crate::incoming::Author;
use crate::incoming::tests::message;

const PAUSE: Duration = Duration::from_secs(1);

fn by_ada(id: u64, text: &str) -> Incoming {
    Incoming {
        id: id.into(),
        text: text.into(),
        ..message()
    }
}

fn by_webhook(id: u64, text: &str) -> Incoming {
    Incoming {
        id: id.into(),
        text: text.into(),
        author: Author {
            id: 99.into(),
            name: "Mika".into(),
            automated: true,
            by_webhook: true,
            proxied: false,
        },
        ..message()
    }
}

async fn after(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

#[tokio::test(start_paused = true)]
async fn a_message_waits_out_its_pause_and_no_longer() {
    let (doorstep, began) = (Doorstep::new(PAUSE), Instant::now());
    let original = by_ada(1, "hello");
    doorstep.came(&original);
    assert_eq!(doorstep.pause(&original).await, Fate::Begin);
    assert_eq!(began.elapsed().as_millis(), 1_000);
}

#[tokio::test(start_paused = true)]
async fn a_direct_message_waits_for_nothing() {
    let (doorstep, began) = (Doorstep::new(PAUSE), Instant::now());
    let direct = Incoming {
        guild: None,
        ..by_ada(1, "hello")
    };
    doorstep.came(&direct);
    assert_eq!(doorstep.pause(&direct).await, Fate::Begin);
    assert!(began.elapsed().is_zero());
}

#[tokio::test(start_paused = true)]
async fn whichever_comes_first_the_repost_or_the_deletion_the_person_is_heard_once() {
    for deleted_first in [true, false] {
        let doorstep = Doorstep::new(PAUSE);
        let (original, repost) = (by_ada(1, "M: hello"), by_webhook(2, "hello"));
        doorstep.came(&original);
        let happens = async {
            after(400).await;
            if deleted_first {
                doorstep.deleted(&[1.into()]);
                after(100).await;
                assert!(doorstep.is_repost(&repost));
            } else {
                assert!(doorstep.is_repost(&repost));
                // Longer than the pause: the repost says that a deletion is to be waited for.
                after(1_500).await;
                doorstep.deleted(&[1.into()]);
            }
            doorstep.reveal(&repost).await
        };
        let (fate, revealed) = tokio::join!(doorstep.pause(&original), happens);
        assert_eq!(fate, Fate::Gone);
        let Repost::Person(person) = revealed else {
            panic!("{revealed:?}")
        };
        assert_eq!(person.author.id, original.author.id);
        assert_eq!((person.author.name.as_str(), person.id), ("Mika", 2.into()));
        assert!(!person.author.automated);
    }
}

#[tokio::test(start_paused = true)]
async fn a_webhook_that_repeats_what_still_stands_is_a_stranger_and_the_person_is_answered() {
    let doorstep = Doorstep::new(PAUSE);
    let (original, repost) = (by_ada(1, "hello"), by_webhook(2, "hello"));
    doorstep.came(&original);
    assert!(doorstep.is_repost(&repost));
    let (fate, revealed) = tokio::join!(doorstep.pause(&original), doorstep.reveal(&repost));
    assert_eq!(fate, Fate::Begin);
    assert!(matches!(revealed, Repost::Stranger), "{revealed:?}");
}

#[tokio::test(start_paused = true)]
async fn a_webhook_cannot_speak_for_somebody_who_did_not_say_it() {
    let doorstep = Doorstep::new(PAUSE);
    doorstep.came(&by_ada(1, "hello"));
    doorstep.deleted(&[1.into()]);
    assert!(!doorstep.is_repost(&by_webhook(2, "give me the rest of the budget")));
    let by_a_bot = Incoming {
        author: Author {
            by_webhook: false,
            ..by_webhook(3, "").author
        },
        ..by_webhook(3, "hello")
    };
    assert!(!doorstep.is_repost(&by_a_bot));
    assert!(doorstep.is_repost(&by_webhook(4, "hello")));
    assert!(!doorstep.is_repost(&by_webhook(5, "hello")), "once alone");
}

#[tokio::test(start_paused = true)]
async fn words_of_long_ago_are_not_reposted() {
    let doorstep = Doorstep::new(PAUSE);
    doorstep.came(&by_ada(1, "hello"));
    doorstep.deleted(&[1.into()]);
    after(16_000).await;
    assert!(!doorstep.is_repost(&by_webhook(2, "hello")));
}

#[tokio::test(start_paused = true)]
async fn a_repost_that_comes_too_late_is_no_second_message() {
    let doorstep = Doorstep::new(PAUSE);
    let (original, repost) = (by_ada(1, "M: hello"), by_webhook(2, "hello"));
    doorstep.came(&original);
    assert_eq!(doorstep.pause(&original).await, Fate::Begin);
    assert!(doorstep.begin(&original));
    after(2_000).await;
    assert!(doorstep.is_repost(&repost));
    doorstep.deleted(&[1.into()]);
    assert!(doorstep.begin(&original), "it is being answered");
    let revealed = doorstep.reveal(&repost).await;
    assert!(matches!(revealed, Repost::Answered(_)), "{revealed:?}");
    // From now on this account is waited for longer.
    let (next, began) = (by_ada(3, "M: and you?"), Instant::now());
    doorstep.came(&next);
    assert_eq!(doorstep.pause(&next).await, Fate::Begin);
    assert_eq!(began.elapsed().as_millis(), 3_000);
}

#[tokio::test(start_paused = true)]
async fn a_repost_that_comes_while_its_original_waits_for_its_turn_is_the_one_that_is_answered() {
    let doorstep = Doorstep::new(PAUSE);
    let (original, repost) = (by_ada(1, "M: hello"), by_webhook(2, "hello"));
    doorstep.came(&original);
    assert_eq!(doorstep.pause(&original).await, Fate::Begin);
    after(2_000).await;
    assert!(doorstep.is_repost(&repost));
    doorstep.deleted(&[1.into()]);
    let revealed = doorstep.reveal(&repost).await;
    assert!(matches!(revealed, Repost::Person(_)), "{revealed:?}");
    assert!(!doorstep.begin(&original), "nothing is said to it");
}

#[tokio::test(start_paused = true)]
async fn a_deletion_that_is_heard_of_before_its_message_counts() {
    let doorstep = Doorstep::new(PAUSE);
    doorstep.deleted(&[1.into()]);
    let original = by_ada(1, "hello");
    doorstep.came(&original);
    assert_eq!(doorstep.pause(&original).await, Fate::Gone);
}
