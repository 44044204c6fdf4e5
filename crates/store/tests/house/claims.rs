use store::claims::{Claim, NewClaim, OpenClaim};
use store::id::MessageId;
use store::{Store, StoreError};

use crate::{House, at};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_claim_a_message_at_once_one_gets_it() {
    let house = House::new().await;
    // A second process with the same file.
    let other = Store::open(house.folder.path().join("familiar.db"))
        .await
        .unwrap();
    let claims = (0..60).map(|n| {
        let store = if n % 2 == 0 {
            house.store.clone()
        } else {
            other.clone()
        };
        tokio::spawn(async move {
            store
                .claim(NewClaim::of(7.into(), 1.into(), None, 2.into()), 1, at(0))
                .await
                .unwrap()
        })
    });
    let mut fresh = 0;
    for claim in claims.collect::<Vec<_>>() {
        fresh += u32::from(claim.await.unwrap() == Claim::Fresh);
    }
    assert_eq!(fresh, 1);
}

#[tokio::test]
async fn a_claim_outlives_a_restart() {
    let house = House::new().await;
    let claim = house
        .store
        .claim(
            NewClaim::of(7.into(), 1.into(), Some(3.into()), 2.into()),
            1,
            at(0),
        )
        .await
        .unwrap();
    assert_eq!(claim, Claim::Fresh);
    let house = house.restarted().await;
    let claim = house
        .store
        .claim(
            NewClaim::of(7.into(), 1.into(), Some(3.into()), 2.into()),
            1,
            at(1),
        )
        .await
        .unwrap();
    assert_eq!(claim, Claim::Seen);
}

#[tokio::test]
async fn what_a_restart_cut_off_is_what_was_neither_answered_nor_declined() {
    let house = House::new().await;
    for message in 1..=4_u64 {
        house
            .store
            .claim(
                NewClaim::of(message.into(), 1.into(), None, 2.into()),
                1,
                at(message as i64),
            )
            .await
            .unwrap();
    }
    house
        .store
        .claim_answered(2.into(), vec![20.into(), 21.into()], at(5))
        .await
        .unwrap();
    house.store.claim_declined(3.into(), at(5)).await.unwrap();
    let house = house.restarted().await;
    let open = house.store.unanswered_since(at(2)).await.unwrap();
    let expected = OpenClaim {
        message: 4.into(),
        channel: 1.into(),
        guild: None,
        author: 2.into(),
        at: at(4),
        run: 1,
        sketch: None,
    };
    assert_eq!(open, [expected]);
    let replies = house.store.claim_replies(2.into()).await.unwrap();
    assert_eq!(replies, [MessageId::from(20), MessageId::from(21)]);
}

#[tokio::test]
async fn closing_a_claim_that_is_not_there_is_an_error() {
    let house = House::new().await;
    let error = house
        .store
        .claim_answered(9.into(), vec![], at(0))
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Missing { .. }), "{error}");
}

#[tokio::test]
async fn a_watermark_never_moves_back_and_outlives_its_claims() {
    let house = House::new().await;
    let store = &house.store;
    assert_eq!(store.watermark(1.into()).await.unwrap(), None);
    store
        .claim(NewClaim::of(50.into(), 1.into(), None, 2.into()), 1, at(0))
        .await
        .unwrap();
    store
        .claim(NewClaim::of(40.into(), 1.into(), None, 2.into()), 1, at(0))
        .await
        .unwrap();
    store
        .claim(NewClaim::of(10.into(), 2.into(), None, 2.into()), 1, at(0))
        .await
        .unwrap();
    assert_eq!(store.prune_claims(at(1)).await.unwrap(), 3);
    assert_eq!(store.watermark(1.into()).await.unwrap(), Some(50.into()));
    assert_eq!(store.watermarks().await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_shards_that_take_up_a_claim_one_gets_it() {
    let house = House::new().await;
    let other = Store::open(house.folder.path().join("familiar.db"))
        .await
        .unwrap();
    // Nobody holds the lock of this run: it is dead.
    house
        .store
        .claim(
            NewClaim::of(7.into(), 1.into(), Some(3.into()), 2.into()),
            900,
            at(0),
        )
        .await
        .unwrap();
    let takers = (0..30).map(|n| {
        let store = if n % 2 == 0 {
            house.store.clone()
        } else {
            other.clone()
        };
        tokio::spawn(async move { store.take_up(7.into(), 1_000).await.unwrap() })
    });
    let mut taken = Vec::new();
    for taker in takers.collect::<Vec<_>>() {
        taken.extend(taker.await.unwrap());
    }
    assert_eq!(taken, [2], "once, and it is the second attempt");
}

#[tokio::test]
async fn what_a_start_let_go_of_is_taken_up_and_what_is_closed_is_not() {
    let house = House::new().await;
    let store = &house.store;
    for message in 1..=3_u64 {
        store
            .claim(
                NewClaim::of(message.into(), 1.into(), Some(3.into()), 2.into()),
                5,
                at(0),
            )
            .await
            .unwrap();
    }
    store.claim_declined(2.into(), at(1)).await.unwrap();
    assert_eq!(store.let_go_of_claims(5, true).await.unwrap(), 2);
    let left = store.left_open_in(Some(3.into()), 6).await.unwrap();
    assert_eq!(
        left.iter()
            .map(|claim| claim.message.get())
            .collect::<Vec<_>>(),
        [1, 3]
    );
    assert_eq!(store.left_open_in(None, 6).await.unwrap(), []);
    assert_eq!(store.take_up(1.into(), 6).await.unwrap(), Some(2));
    assert_eq!(store.take_up(1.into(), 6).await.unwrap(), None, "in hand");
    assert_eq!(store.take_up(2.into(), 6).await.unwrap(), None, "closed");
}

#[tokio::test]
async fn a_start_that_did_nothing_for_a_message_was_no_attempt() {
    let house = House::new().await;
    let store = &house.store;
    store
        .claim(
            NewClaim::of(7.into(), 1.into(), Some(3.into()), 2.into()),
            5,
            at(0),
        )
        .await
        .unwrap();
    store.let_go_of_claims(5, true).await.unwrap();
    for run in 6..=12 {
        assert_eq!(store.take_up(7.into(), run).await.unwrap(), Some(2));
        match run % 2 {
            0 => store.let_go_of_claim(7.into(), run).await.unwrap(),
            _ => assert_eq!(store.let_go_of_claims(run, true).await.unwrap(), 1),
        }
    }
    assert_eq!(store.take_up(7.into(), 13).await.unwrap(), Some(2));
    store.let_go_of_claims(13, false).await.unwrap();
    assert_eq!(store.take_up(7.into(), 14).await.unwrap(), Some(3));
}

#[tokio::test]
async fn forget_me_takes_the_author_and_leaves_the_claims() {
    let house = House::new().await;
    let store = &house.store;
    for message in [7, 8_u64] {
        store
            .claim(
                NewClaim::of(message.into(), 1.into(), None, 2.into()),
                5,
                at(0),
            )
            .await
            .unwrap();
    }
    let answered = store.claim_answered(7.into(), vec![70.into()], at(1));
    answered.await.unwrap();
    store
        .forget_person(2.into(), MessageId::from(1 << 62))
        .await
        .unwrap();
    let open = store.unanswered_since(at(0)).await.unwrap();
    assert_eq!(open[0].author, 0.into());
    let (rows, mut kept) = tokio::sync::mpsc::channel(9);
    store.kept_of(2.into(), &rows).await.unwrap();
    drop(rows);
    assert_eq!(kept.recv().await, None, "nothing bears their number");
    let again = store.claim(NewClaim::of(8.into(), 1.into(), None, 2.into()), 5, at(2));
    assert_eq!(again.await.unwrap(), Claim::Seen, "Discord repeats it");
    store.claim_declined(8.into(), at(2)).await.unwrap();
    assert!(store.is_answer(70.into()).await.unwrap());
    assert_eq!(store.prune_claims(at(3)).await.unwrap(), 2);
}
