//! How much is kept of a person, and that nothing stays in the log.

use store::forgetting::ForgetWhat;

use super::{CANARY, day, left, scope, talk};
use crate::House;

#[tokio::test]
async fn of_each_person_a_server_keeps_the_newest_within_a_bound() {
    let house = House::new().await;
    for n in 0..40 {
        for (user, scope) in [
            (7, scope(1, 10 + n % 3)),
            (8, scope(1, 10)),
            (7, scope(2, 20)),
            (7, scope(0, 30)),
        ] {
            let user_first = user * 1_000_000 + scope.channel.get() * 1_000;
            if user == 8 && n > 3 {
                continue;
            }
            talk(&house, scope, user, user_first + 10 * n, n as i64).await;
        }
    }
    let bytes = |text: &String| text.len();
    let one = format!("it is {CANARY}7").len() + format!("{CANARY}7, really?").len();
    house.store.drop_excess(10 * one as u64).await.unwrap();
    let mut kept = vec![];
    for channel in 10..13 {
        kept.extend(left(&house, &scope(1, channel)).await);
    }
    let of_seven: Vec<String> = kept
        .iter()
        .filter(|text| text.contains("quixotzl7"))
        .cloned()
        .collect();
    assert!(of_seven.iter().map(bytes).sum::<usize>() <= 10 * one);
    assert_eq!(of_seven.len(), 20, "no more goes than must");
    assert_eq!(kept.len() - of_seven.len(), 8, "others keep theirs");
    for place in [scope(2, 20), scope(0, 30)] {
        assert_eq!(left(&house, &place).await.len(), 20);
    }
    assert_eq!(house.store.drop_excess(10 * one as u64).await.unwrap(), 0);
    // An edit counts, and what is forgotten counts no more.
    house
        .store
        .edit_message((7_020_000 + 390).into(), day(99), "long ".repeat(200))
        .await
        .unwrap();
    assert!(house.store.drop_excess(10 * one as u64).await.unwrap() > 0);
    house
        .store
        .forget(&scope(2, 20), ForgetWhat::Person(7.into()))
        .await
        .unwrap();
    assert_eq!(house.store.drop_excess(10 * one as u64).await.unwrap(), 0);
}

#[tokio::test]
async fn the_log_is_emptied_after_deletions_though_nobody_asks_for_it() {
    let house = House::new().await;
    let here = scope(1, 10);
    for n in 0..200 {
        talk(&house, here, 7, 100 + 10 * n, 0).await;
    }
    assert!(house.bytes().contains(CANARY));
    // A storm of deletions, one by one.
    for n in 0..200 {
        house
            .store
            .delete_messages(vec![(100 + 10 * n).into()])
            .await
            .unwrap();
    }
    let swept = async {
        while house.bytes().contains(CANARY) {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    let soon = std::time::Duration::from_secs(10);
    tokio::time::timeout(soon, swept).await.unwrap();
}
