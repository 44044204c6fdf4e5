//! Consolidations that are put off: for how long and how often is kept, until one comes to something.

use chrono::TimeDelta;
use store::consolidations::Consolidated;
use store::id::{PersonaId, ScopeId};

use crate::{House, at};

fn scope() -> ScopeId {
    ScopeId {
        guild: Some(1.into()),
        channel: 2.into(),
        persona: PersonaId(3),
    }
}

#[tokio::test]
async fn a_consolidation_is_put_off_over_a_restart_until_one_comes_to_something() {
    let house = House::new().await;
    let later = at(0) + TimeDelta::minutes(7);
    for times in 1..=2 {
        let scope = scope();
        let put_off = house.store.put_consolidation_off(&scope, later, at(0));
        assert_eq!(put_off.await.unwrap(), times);
    }
    let house = house.restarted().await;
    let progress = house.store.progress(&scope()).await.unwrap();
    assert_eq!((progress.put_off, progress.not_before), (2, Some(later)));
    assert_eq!(progress.failures, 0, "its turns are not passed over for it");
    let outcome = Consolidated {
        epoch: progress.epoch,
        through: 4,
        summary: None,
        learned: vec![],
        confirmed: vec![],
    };
    let kept = house.store.consolidate(&scope(), outcome, at(9)).await;
    assert!(kept.unwrap());
    let progress = house.store.progress(&scope()).await.unwrap();
    assert_eq!((progress.put_off, progress.not_before), (0, None));
}
