//! What admins decide beside limits, and what a budget that runs low asks for.

use ledger::{Ask, LedgerError, ModelKey, Purpose, Refusal, Stance, Warning};

use crate::house::{House, ann, ask, at, bob, guild, terms, used};

const ADMIN: u64 = 99;

fn other_model() -> ModelKey {
    ModelKey {
        provider: "maker".into(),
        model: "raven".into(),
    }
}

#[tokio::test]
async fn nothing_is_spent_in_a_paused_server_and_what_runs_is_settled() {
    let house = House::guild_day(100).await;
    let running = house.hold(ann(), 10).await.unwrap();
    assert!(
        house
            .ledger
            .set_paused(1.into(), true, ADMIN.into())
            .await
            .unwrap()
    );
    assert!(
        !house
            .ledger
            .set_paused(1.into(), true, ADMIN.into())
            .await
            .unwrap()
    );
    let refusal = house.hold(bob(), 1).await.unwrap_err();
    assert!(
        matches!(refusal, Refusal::Paused { since } if since == at("2026-05-15T12:00:00Z")),
        "{refusal:?}"
    );
    house.ledger.settle(running, used(10)).await.unwrap();
    let settings = house.ledger.view(&ann()).await.unwrap().settings;
    assert!(settings.paused.is_some());
    house
        .ledger
        .set_paused(1.into(), false, ADMIN.into())
        .await
        .unwrap();
    assert!(house.hold(bob(), 1).await.is_ok());
}

#[tokio::test]
async fn only_models_that_the_admins_allow_are_asked() {
    let house = House::guild_day(100).await;
    let set = |models| {
        house
            .ledger
            .set_allowed_models(1.into(), models, ADMIN.into())
    };
    assert!(set(Some(vec![other_model()])).await.unwrap());
    let refusal = house.hold(ann(), 1).await.unwrap_err();
    assert!(
        matches!(&refusal, Refusal::ModelNotAllowed { model } if *model == terms().key),
        "{refusal:?}"
    );
    assert!(set(Some(vec![other_model(), terms().key])).await.unwrap());
    assert!(house.hold(ann(), 1).await.is_ok());
    assert!(set(None).await.unwrap());
    assert_eq!(
        house
            .ledger
            .settings(1.into())
            .await
            .unwrap()
            .allowed_models,
        None
    );
}

#[tokio::test]
async fn every_decision_is_in_the_history_and_none_that_changes_nothing() {
    let house = House::guild_day(100).await;
    let (ledger, by) = (&house.ledger, ADMIN.into());
    ledger.set_paused(1.into(), true, by).await.unwrap();
    ledger.set_paused(1.into(), false, by).await.unwrap();
    ledger
        .set_member_percent(1.into(), Some(30), by)
        .await
        .unwrap();
    ledger
        .set_member_percent(1.into(), Some(30), by)
        .await
        .unwrap();
    ledger
        .set_allowed_models(1.into(), Some(vec![other_model()]), by)
        .await
        .unwrap();
    ledger
        .set_warning_channel(1.into(), Some(77.into()), by)
        .await
        .unwrap();
    let changes = ledger.history(guild()).await.unwrap();
    let told: Vec<_> = changes
        .iter()
        .map(|c| (c.what.as_str(), c.before.as_deref(), c.after.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            ("warning_channel", None, Some("77")),
            ("models", None, Some("raven at maker")),
            ("member_percent", None, Some("30")),
            ("pause", Some("paused"), Some("open")),
            ("pause", Some("open"), Some("paused")),
        ]
    );
    for percent in [0, 101] {
        let refused = ledger.set_member_percent(1.into(), Some(percent), by).await;
        assert!(
            matches!(refused, Err(LedgerError::BadPercent)),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn background_work_stops_first_and_replies_come_to_the_point_later() {
    let house = House::guild_day(100).await;
    let summary = Ask {
        purpose: Purpose::Summary,
        ..ask(2)
    };
    let background = || async { house.ledger.hold(&ann(), &terms(), summary).await };
    let stance = || async { house.ledger.stance(&ann()).await.unwrap() };
    house.spend(ann(), 75).await;
    assert_eq!(stance().await, Stance::Full);
    let hold = background().await.unwrap();
    house.ledger.settle(hold, used(2)).await.unwrap();
    assert_eq!(stance().await, Stance::NoBackground);
    let refusal = background().await.unwrap_err();
    assert!(
        matches!(refusal, Refusal::BackgroundRests { scope, resets_at, .. }
            if scope == guild() && resets_at == at("2026-05-16T00:00:00Z")),
        "{refusal:?}"
    );
    house.spend(ann(), 14).await;
    assert_eq!(stance().await, Stance::ToThePoint);
    assert_eq!(
        house.ledger.view(&bob()).await.unwrap().stance,
        Stance::ToThePoint
    );
    house.spend(ann(), 9).await;
    house.clock.set(at("2026-05-16T00:00:00Z"));
    assert_eq!(stance().await, Stance::Full);
    assert!(background().await.is_ok());
}

fn told(warnings: &[Warning]) -> Vec<(u8, i64, i64)> {
    let tell = |w: &Warning| (w.percent, w.spent, w.limit);
    warnings.iter().map(tell).collect()
}

#[tokio::test]
async fn a_server_is_warned_once_a_window_at_80_and_at_95_percent() {
    let house = House::guild_day(100).await;
    let due = || async { house.ledger.due_warnings().await.unwrap() };
    house.spend(ann(), 79).await;
    let by = ADMIN.into();
    house
        .ledger
        .set_warning_channel(1.into(), Some(77.into()), by)
        .await
        .unwrap();
    let pending = house.hold(ann(), 20).await.unwrap();
    assert_eq!(due().await, [], "what is set aside is not spent");
    house.ledger.settle(pending, used(2)).await.unwrap();
    let warnings = due().await;
    assert_eq!(
        told(&warnings),
        [(80, 81, 100), (80, 81, 100)],
        "in dollars and in tokens"
    );
    assert_eq!(warnings[0].channel, 77.into());
    for warning in &warnings {
        house.ledger.warned(warning).await.unwrap();
    }
    assert_eq!(due().await, []);
    // Another process, or a later start, knows it too.
    assert_eq!(house.neighbour().await.due_warnings().await.unwrap(), []);
    house.spend(ann(), 14).await;
    let warnings = due().await;
    assert_eq!(told(&warnings), [(95, 95, 100), (95, 95, 100)]);
    for warning in &warnings {
        house.ledger.warned(warning).await.unwrap();
    }
    house.spend(ann(), 5).await;
    assert_eq!(due().await, []);
    house.clock.set(at("2026-05-16T00:00:00Z"));
    assert_eq!(due().await, []);
    house.spend(ann(), 96).await;
    assert_eq!(
        told(&due().await),
        [(95, 96, 100), (95, 96, 100)],
        "only the higher one"
    );
}

#[tokio::test]
async fn spend_is_listed_day_by_day_in_the_servers_zone() {
    let house = House::guild_day(100).await;
    house.clock.set(at("2026-03-27T12:00:00Z"));
    house
        .ledger
        .set_zone(1.into(), chrono_tz::Europe::Berlin, ADMIN.into())
        .await
        .unwrap();
    // The clock goes forward on the 29th, whose day is from 23:00 to 22:00.
    for (moment, amount) in [
        ("2026-03-28T22:59:59Z", 10),
        ("2026-03-28T23:00:00Z", 20),
        ("2026-03-29T21:59:59Z", 30),
        ("2026-03-29T22:00:00Z", 40),
    ] {
        house.clock.set(at(moment));
        house.spend(ann(), amount).await;
    }
    let days = house.ledger.daily_spend(1.into(), 4).await.unwrap();
    let told: Vec<_> = days
        .iter()
        .map(|d| {
            (
                d.date.to_string(),
                d.calls,
                d.tokens,
                d.usd.0,
                d.tokens_limit,
            )
        })
        .collect();
    let day = |date: &str, calls, amount, limit| (date.to_owned(), calls, amount, amount, limit);
    assert_eq!(
        told,
        [
            day("2026-03-27", 0, 0, Some(100)),
            day("2026-03-28", 1, 10, Some(100)),
            day("2026-03-29", 2, 50, Some(100)),
            day("2026-03-30", 1, 40, Some(100)),
        ]
    );
}
