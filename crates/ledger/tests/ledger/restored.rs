//! Backups that are restored.

use std::path::Path;

use ledger::{Ledger, Refusal, Scope};
use store::Store;

use crate::house::{House, ann, ask, guild, terms, used};

/// The house after a stop, with the database as it is on disk then.
struct Stopped {
    house: House,
    backup: Vec<u8>,
}

impl Stopped {
    /// A house that has spent 60 of 100, 10 of them before the backup.
    async fn with_a_backup() -> Self {
        let house = House::guild_day(100).await;
        house.spend(ann(), 10).await;
        house.store.checkpoint().await.unwrap();
        let backup = std::fs::read(database(&house)).unwrap();
        house.spend(ann(), 50).await;
        house.ledger.close().await;
        house.store.close().await.unwrap();
        Self { house, backup }
    }

    fn restore(&self) {
        std::fs::write(database(&self.house), &self.backup).unwrap();
    }

    async fn start(&self) -> Ledger {
        let next = self.house.neighbour().await;
        next.recover().await.unwrap();
        next
    }
}

fn database(house: &House) -> std::path::PathBuf {
    house.folder.path().join("house.db")
}

async fn may_spend(ledger: &Ledger) -> bool {
    match ledger.hold(&ann(), &terms(), ask(10)).await {
        Ok(hold) => {
            ledger.settle(hold, used(1)).await.unwrap();
            true
        }
        Err(Refusal::Restored { .. }) => false,
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_start_on_the_same_database_is_no_restore() {
    let stopped = Stopped::with_a_backup().await;
    let next = stopped.start().await;
    assert!(may_spend(&next).await);
    assert_eq!(next.restored().await.unwrap(), None);
}

#[tokio::test]
async fn a_kill_is_no_restore() {
    let house = House::guild_day(100).await;
    house.spend(ann(), 10).await;
    std::mem::forget(house.hold(ann(), 10).await.unwrap());
    assert!(may_spend(&house.after_a_kill().await).await);
}

#[tokio::test]
async fn a_restored_backup_closes_spending_until_the_operator_has_seen_it() {
    let stopped = Stopped::with_a_backup().await;
    stopped.restore();
    let next = stopped.start().await;
    assert!(next.restored().await.unwrap().is_some());
    let refusal = next.hold(&ann(), &terms(), ask(10)).await.unwrap_err();
    let text = refusal.to_string();
    assert!(
        text.contains("restored backup") && text.contains("ledger acknowledge"),
        "{text}"
    );
    // It stays closed over another start.
    drop(next);
    let next = stopped.start().await;
    assert!(!may_spend(&next).await);
    assert!(next.acknowledge_restore(99.into()).await.unwrap());
    assert!(may_spend(&next).await);
    assert!(!next.acknowledge_restore(99.into()).await.unwrap());
    assert_eq!(next.restored().await.unwrap(), None);
    drop(next);
    assert!(may_spend(&stopped.start().await).await, "it is told once");
}

#[tokio::test]
async fn an_admin_opens_his_own_server_and_no_other() {
    let stopped = Stopped::with_a_backup().await;
    stopped.restore();
    let next = stopped.start().await;
    assert!(next.acknowledge(guild(), 99.into()).await.unwrap());
    assert!(may_spend(&next).await);
    for elsewhere in [
        ledger::Spender {
            guild: Some(2.into()),
            ..ann()
        },
        ledger::Spender {
            guild: None,
            ..ann()
        },
    ] {
        let refused = next.hold(&elsewhere, &terms(), ask(10)).await;
        assert!(matches!(refused, Err(Refusal::Restored { .. })));
    }
    assert!(
        next.acknowledge(Scope::Guild(2.into()), 99.into())
            .await
            .unwrap()
    );
    assert!(
        next.restored().await.unwrap().is_some(),
        "not all are open yet"
    );
}

#[tokio::test]
async fn a_backup_on_another_machine_is_closed_and_a_folder_that_is_moved_is_not() {
    let stopped = Stopped::with_a_backup().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let moved = tempfile::tempdir().unwrap();
    std::fs::copy(database(&stopped.house), elsewhere.path().join("house.db")).unwrap();
    for file in std::fs::read_dir(stopped.house.folder.path()).unwrap() {
        let file = file.unwrap();
        if file.file_type().unwrap().is_file() {
            std::fs::copy(file.path(), moved.path().join(file.file_name())).unwrap();
        }
    }
    let open = |folder: &Path| {
        let (path, house) = (folder.join("house.db"), &stopped.house);
        async move {
            let store = Store::open(path).await.unwrap();
            Ledger::open(store, house.clock.clone(), house.config.clone())
                .await
                .unwrap()
        }
    };
    assert!(!may_spend(&open(elsewhere.path()).await).await);
    assert!(may_spend(&open(moved.path()).await).await);
}

#[tokio::test]
async fn holds_made_after_a_restore_have_numbers_that_the_lost_ones_never_had() {
    let stopped = Stopped::with_a_backup().await;
    let house = &stopped.house;
    let store = Store::open(database(house)).await.unwrap();
    let lost = Ledger::open(store.clone(), house.clock.clone(), house.config.clone())
        .await
        .unwrap();
    let hold = lost.hold(&ann(), &terms(), ask(10)).await.unwrap();
    let number = hold.id();
    lost.settle(hold, used(10)).await.unwrap();
    lost.close().await;
    store.close().await.unwrap();
    stopped.restore();
    let next = stopped.start().await;
    next.acknowledge_restore(99.into()).await.unwrap();
    let hold = next.hold(&ann(), &terms(), ask(10)).await.unwrap();
    assert!(hold.id() > number);
}
