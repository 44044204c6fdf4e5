//! A summary has read people: it goes with them, with their messages, with their consent and with their words' time.

use store::consents::Consent;
use store::consolidations::{Consolidated, Reading};

use super::{CANARY, day, left, scope, sum_up, summary, talk};
use crate::{House, at};

#[tokio::test]
async fn a_summary_goes_with_whoever_it_has_read_through_the_summaries_before_it_when_no_turn_is_left()
 {
    let house = House::new().await;
    let here = scope(1, 10);
    house
        .store
        .set_retention_days(1.into(), Some(60))
        .await
        .unwrap();
    talk(&house, here, 7, 100, 0).await;
    assert!(sum_up(&house, here, &format!("One spoke of {CANARY}7.")).await);
    talk(&house, here, 8, 200, 40).await;
    assert!(
        sum_up(
            &house,
            here,
            &format!("One spoke of {CANARY}7, then another.")
        )
        .await
    );
    // A message that the summary has not read costs it nothing.
    talk(&house, here, 9, 300, 41).await;
    house.store.delete_messages(vec![300.into()]).await.unwrap();
    assert!(summary(&house, &here).await.is_some());
    // No turn tells any more who was here.
    house.store.drop_excess(1).await.unwrap();
    assert_eq!(left(&house, &here).await, [""; 0]);
    assert!(summary(&house, &here).await.is_some());
    house
        .store
        .forget_person(7.into(), (1 << 62).into())
        .await
        .unwrap();
    assert_eq!(summary(&house, &here).await, None);
    house.store.checkpoint().await.unwrap();
    assert!(!house.bytes().contains(&format!("{CANARY}7")));
}

#[tokio::test]
async fn a_deleted_message_takes_the_summary_that_has_read_it_after_its_words_went() {
    let house = House::new().await;
    let here = scope(1, 10);
    talk(&house, here, 7, 100, 0).await;
    assert!(sum_up(&house, here, "They met.").await);
    house.store.drop_excess(1).await.unwrap();
    assert_eq!(left(&house, &here).await, [""; 0]);
    house.store.delete_messages(vec![999.into()]).await.unwrap();
    assert!(summary(&house, &here).await.is_some(), "another message");
    house.store.delete_messages(vec![100.into()]).await.unwrap();
    assert_eq!(summary(&house, &here).await, None);
}

#[tokio::test]
async fn a_summary_lasts_as_long_as_the_oldest_words_in_it_and_is_begun_anew_from_the_newer_half() {
    let house = House::new().await;
    let here = scope(1, 10);
    for (n, on) in (0..).zip([0, 10, 20, 29]) {
        talk(&house, here, 7, 100 + 10 * n, on).await;
        assert!(sum_up(&house, here, "All of it.").await);
    }
    house.store.drop_expired(30, day(29)).await.unwrap();
    assert!(summary(&house, &here).await.is_some());
    let dropped = house.store.drop_expired(30, day(31)).await.unwrap();
    assert_eq!(dropped, 2);
    assert_eq!(summary(&house, &here).await, None);
    let read = house
        .store
        .progress(&here, Reading::Summary)
        .await
        .unwrap()
        .through;
    assert_eq!(read, 4, "what is younger than 15 days is read again");
    assert!(sum_up(&house, here, "The newer half.").await);
    house.store.drop_expired(30, day(49)).await.unwrap();
    assert!(summary(&house, &here).await.is_some());
    house.store.drop_expired(30, day(51)).await.unwrap();
    assert_eq!(summary(&house, &here).await, None);
}

#[tokio::test]
async fn what_is_being_read_when_words_expire_is_not_kept() {
    let house = House::new().await;
    let here = scope(1, 10);
    talk(&house, here, 7, 100, 0).await;
    talk(&house, here, 7, 200, 20).await;
    let outcome = Consolidated {
        epoch: 0,
        reading: Reading::Summary,
        through: 4,
        summary: Some(CANARY.to_owned()),
        learned: vec![],
        confirmed: vec![],
    };
    house.store.drop_expired(30, day(31)).await.unwrap();
    let kept = house.store.consolidate(&here, outcome, day(31)).await;
    assert!(!kept.unwrap());
}

#[tokio::test]
async fn taking_consent_back_takes_the_summaries_that_have_read_the_person() {
    let house = House::new().await;
    let (here, there) = (scope(1, 10), scope(1, 11));
    let allow = |facts, sensitive| Consent { facts, sensitive };
    talk(&house, here, 7, 100, 0).await;
    talk(&house, there, 8, 200, 0).await;
    for consent in [allow(false, false), allow(true, true), allow(true, false)] {
        for scope in [here, there] {
            assert!(sum_up(&house, scope, "They met.").await);
        }
        house
            .store
            .set_consent(7.into(), consent, at(0))
            .await
            .unwrap();
        let kept = consent.sensitive;
        assert_eq!(summary(&house, &here).await.is_some(), kept, "{consent:?}");
        assert!(summary(&house, &there).await.is_some());
    }
}
