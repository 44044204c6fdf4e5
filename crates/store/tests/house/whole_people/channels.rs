//! Channels and their threads: what is paused or deleted above holds below.

use store::StoreError;
use store::claims::NewClaim;
use store::settings::{ChatMode, ModePlace};

use super::{CANARY, day, left, said, scope, sum_up, summary, talk};
use crate::{House, at};

#[tokio::test]
async fn a_thread_that_was_noted_is_paused_with_the_channel_above_whoever_knows_that() {
    let house = House::new().await;
    let (store, guild) = (&house.store, Some(1.into()));
    let threads = vec![(11.into(), 10.into()), (12.into(), 10.into())];
    store.note_threads(threads, guild).await.unwrap();
    store
        .note_thread(12.into(), 20.into(), guild)
        .await
        .unwrap();
    assert_eq!(store.threads_below(10.into()).await.unwrap(), [11.into()]);
    store
        .pause_memory(7.into(), guild, 10.into(), Some(day(0)))
        .await
        .unwrap();
    let paused = async |thread: u64| {
        let pause = store.memory_pause(7.into(), guild, thread.into(), None);
        pause.await.unwrap()
    };
    assert_eq!(paused(11).await, Some(10.into()));
    assert_eq!(paused(12).await, None);
}

#[tokio::test]
async fn a_deleted_channel_is_forgotten_with_its_threads_and_settings_and_keeps_nothing_that_comes_late()
 {
    let house = House::new().await;
    let store = &house.store;
    let (channel, thread, other) = (scope(1, 10), scope(1, 11), scope(1, 110));
    let guild = Some(1.into());
    store
        .note_thread(11.into(), 10.into(), guild)
        .await
        .unwrap();
    for (n, scope) in (1..).zip([channel, thread, other]) {
        talk(&house, scope, 7, 100 * n, 0).await;
        assert!(sum_up(&house, scope, &format!("{CANARY} of {n}")).await);
        let place = ModePlace::Channel {
            guild,
            channel: scope.channel,
        };
        store
            .set_chat_mode(place, Some(ChatMode::Active))
            .await
            .unwrap();
        store
            .pause_memory(7.into(), guild, scope.channel, Some(at(0)))
            .await
            .unwrap();
        store
            .claim(
                NewClaim::of(n.into(), scope.channel, guild, 7.into()),
                1,
                at(0),
            )
            .await
            .unwrap();
    }
    assert_eq!(store.forget_channel(10.into(), at(0)).await.unwrap(), 4);
    for scope in [channel, thread] {
        assert_eq!(left(&house, &scope).await, [""; 0]);
        assert_eq!(summary(&house, &scope).await, None);
        assert_eq!(
            store.chat_mode(guild, scope.channel, None).await.unwrap(),
            None
        );
        let pause = store.memory_pause(7.into(), guild, scope.channel, None);
        assert_eq!(pause.await.unwrap(), None);
        assert_eq!(store.watermark(scope.channel).await.unwrap(), None);
        let late = store.add_turn(said(scope, 7, 999, 0, CANARY)).await;
        assert!(matches!(late, Err(StoreError::Forgotten)), "{late:?}");
    }
    assert_eq!(left(&house, &other).await.len(), 2);
    assert!(summary(&house, &other).await.is_some());
    let pause = store.memory_pause(7.into(), guild, 110.into(), None);
    assert_eq!(pause.await.unwrap(), Some(110.into()));
}
