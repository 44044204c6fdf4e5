//! Consolidations that are put off: for how long and how often is kept, until one comes to something, for facts and for the
//! summary apart.

use chrono::TimeDelta;
use store::consolidations::{Consolidated, Progress, Reading};
use store::id::{PersonaId, ScopeId};

use crate::{House, at};

fn scope() -> ScopeId {
    ScopeId {
        guild: Some(1.into()),
        channel: 2.into(),
        persona: PersonaId(3),
    }
}

async fn progress(house: &House, reading: Reading) -> Progress {
    house.store.progress(&scope(), reading).await.unwrap()
}

fn nothing(reading: Reading, through: i64) -> Consolidated {
    Consolidated {
        epoch: 0,
        reading,
        through,
        summary: None,
        learned: vec![],
        confirmed: vec![],
    }
}

#[tokio::test]
async fn a_consolidation_is_put_off_over_a_restart_until_one_comes_to_something() {
    let house = House::new().await;
    let later = at(0) + TimeDelta::minutes(7);
    for times in 1..=2 {
        let scope = scope();
        let put_off = house
            .store
            .put_consolidation_off(&scope, Reading::Facts, later, at(0));
        assert_eq!(put_off.await.unwrap(), times);
    }
    let house = house.restarted().await;
    let before = progress(&house, Reading::Facts).await;
    assert_eq!((before.put_off, before.not_before), (2, Some(later)));
    assert_eq!(before.failures, 0, "its turns are not passed over for it");
    let outcome = nothing(Reading::Facts, 4);
    let kept = house.store.consolidate(&scope(), outcome, at(9)).await;
    assert!(kept.unwrap());
    let after = progress(&house, Reading::Facts).await;
    assert_eq!((after.put_off, after.not_before), (0, None));
}

#[tokio::test]
async fn what_one_reading_comes_to_is_nothing_to_the_other() {
    let house = House::new().await;
    let (here, later) = (scope(), at(0) + TimeDelta::minutes(7));
    let (facts, summary) = (Reading::Facts, Reading::Summary);
    let store = &house.store;
    let failed = store.consolidation_failed(&here, facts, at(0)).await;
    assert_eq!(failed.unwrap(), 1);
    let put_off = store.put_consolidation_off(&here, facts, later, at(0));
    assert_eq!(put_off.await.unwrap(), 1);
    let kept = store.consolidate(&here, nothing(summary, 4), at(1)).await;
    assert!(kept.unwrap());

    assert_eq!(progress(&house, summary).await.through, 4);
    let waits = progress(&house, facts).await;
    assert_eq!((waits.through, waits.failures, waits.put_off), (0, 1, 1));
    assert_eq!(waits.not_before, Some(later));
    let put_off = house.store.put_off_consolidations(at(0)).await.unwrap();
    assert_eq!(put_off.map(|all| all.scopes), Some(1));
}
