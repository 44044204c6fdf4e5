//! What a hold does, and when there is none.

use ledger::{
    LedgerConfig, Limit, Limits, ModelTerms, Period, PicoUsd, Refusal, Scope, Spender, Unit,
};

use crate::house::{House, ann, ask, at, bob, guild, terms, unlimited};

#[tokio::test]
async fn a_hold_is_pending_in_every_scope_by_day_and_month() {
    let house = House::unlimited().await;
    let hold = house.hold(ann(), 100).await.unwrap();
    assert_eq!(
        (hold.usd(), hold.tokens(), hold.cap(), hold.input_bound()),
        (PicoUsd(100), 100, 50, 50)
    );
    let view = house.ledger.view(&ann()).await.unwrap();
    let pending: Vec<_> = view
        .windows
        .iter()
        .map(|w| (w.scope, w.period, w.usd.pending, w.tokens.pending))
        .collect();
    let member = Scope::Member {
        guild: 1.into(),
        member: 10.into(),
    };
    let all = [Scope::Instance, guild(), member]
        .map(|s| [(s, Period::Day, 100, 100), (s, Period::Month, 100, 100)]);
    assert_eq!(pending, all.concat());
    house.assert_sound().await;
}

#[tokio::test]
async fn direct_messages_count_for_the_bot_and_the_person() {
    let house = House::unlimited().await;
    let alone = Spender {
        guild: None,
        channel: None,
        member: 10.into(),
    };
    let _hold = house.hold(alone, 100).await.unwrap();
    let view = house.ledger.view(&alone).await.unwrap();
    let scopes: Vec<_> = view
        .windows
        .iter()
        .map(|w| (w.scope, w.tokens.pending))
        .collect();
    let person = Scope::User(10.into());
    assert_eq!(
        scopes,
        [
            (Scope::Instance, 100),
            (Scope::Instance, 100),
            (person, 100),
            (person, 100)
        ]
    );
}

#[tokio::test]
async fn a_limit_is_reached_exactly_and_not_passed_by_one_token() {
    let house = House::guild_day(100).await;
    let _first = house.hold(ann(), 60).await.unwrap();
    assert!(house.hold(bob(), 41).await.is_err());
    let _second = house.hold(bob(), 40).await.unwrap();
    assert_eq!(house.guild_today().await, (0, 100));
    assert!(house.hold(bob(), 1).await.is_err());
}

#[tokio::test]
async fn a_hold_that_does_not_fit_leaves_nothing_behind_in_any_scope() {
    let house = House::guild_day(100).await;
    house.hold(ann(), 101).await.unwrap_err();
    let view = house.ledger.view(&ann()).await.unwrap();
    assert!(
        view.windows
            .iter()
            .all(|w| w.tokens.pending == 0 && w.usd.pending == 0),
        "{view:?}"
    );
}

#[tokio::test]
async fn a_refusal_says_whose_limit_it_is_what_is_left_and_when_it_resets() {
    let house = House::with(LedgerConfig {
        guild: Limits {
            day: Limit {
                usd: None,
                tokens: Some(100),
            },
            month: Limit::default(),
        },
        ..unlimited()
    })
    .await;
    let _hold = house.hold(ann(), 70).await.unwrap();
    let refusal = house.hold(ann(), 50).await.unwrap_err();
    match &refusal {
        Refusal::OverLimit {
            scope,
            period,
            unit,
            resets_at,
            needed,
            left,
        } => {
            assert_eq!(
                (*scope, *period, *unit),
                (guild(), Period::Day, Unit::Tokens)
            );
            assert_eq!(
                (*needed, *left, *resets_at),
                (50, 30, at("2026-05-16T00:00:00Z"))
            );
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(
        refusal.to_string(),
        "the day's budget of this server has 30 tokens left and this reply may need up to 50 tokens; it starts afresh \
         at 2026-05-16 00:00 UTC, and an admin can raise it with /budget set"
    );
}

#[tokio::test]
async fn the_instance_stands_above_every_guild() {
    let day = Limit {
        usd: None,
        tokens: Some(100),
    };
    let house = House::with(LedgerConfig {
        instance: Limits {
            day,
            month: Limit::default(),
        },
        ..unlimited()
    })
    .await;
    let _hold = house.hold(ann(), 80).await.unwrap();
    let elsewhere = Spender {
        guild: Some(2.into()),
        channel: None,
        member: 12.into(),
    };
    let refusal = house.hold(elsewhere, 30).await.unwrap_err();
    assert!(
        matches!(
            refusal,
            Refusal::OverLimit {
                scope: Scope::Instance,
                ..
            }
        ),
        "{refusal:?}"
    );
}

#[tokio::test]
async fn a_new_day_has_a_new_budget_and_the_month_goes_on() {
    let house = House::guild_day(100).await;
    house.limit(guild(), Period::Month, Some(150)).await;
    house.spend(ann(), 100).await;
    assert!(house.hold(ann(), 10).await.is_err());
    house.clock.set(at("2026-05-16T00:00:00Z"));
    house.spend(ann(), 50).await;
    let refusal = house.hold(ann(), 1).await.unwrap_err();
    assert!(
        matches!(
            refusal,
            Refusal::OverLimit {
                period: Period::Month,
                left: 0,
                ..
            }
        ),
        "{refusal:?}"
    );
}

#[tokio::test]
async fn a_clock_that_jumps_back_finds_yesterday_as_full_as_it_was() {
    let house = House::guild_day(100).await;
    house.spend(ann(), 90).await;
    house.clock.set(at("2026-05-16T00:30:00Z"));
    house.spend(ann(), 95).await;
    house.clock.set(at("2026-05-15T23:30:00Z"));
    assert_eq!(house.guild_today().await, (90, 0));
    assert!(house.hold(ann(), 11).await.is_err());
    house.clock.set(at("2026-05-16T00:31:00Z"));
    assert_eq!(house.guild_today().await, (95, 0));
    assert!(house.hold(ann(), 6).await.is_err());
    house.assert_sound().await;
}

#[tokio::test]
async fn a_model_without_a_price_is_refused_and_a_local_one_is_counted_in_tokens() {
    let house = House::guild_day(100).await;
    let unpriced = ModelTerms {
        price: None,
        ..terms()
    };
    let refusal = house
        .ledger
        .hold(&ann(), &unpriced, ask(10))
        .await
        .unwrap_err();
    assert!(
        matches!(refusal, Refusal::UnknownPrice { .. }),
        "{refusal:?}"
    );
    let local = ModelTerms {
        local: true,
        ..unpriced
    };
    let _hold = house.ledger.hold(&ann(), &local, ask(100)).await.unwrap();
    let today = house.window(ann(), guild(), Period::Day).await;
    assert_eq!((today.usd.pending, today.tokens.pending), (0, 100));
    assert!(house.ledger.hold(&ann(), &local, ask(1)).await.is_err());
}

#[tokio::test]
async fn no_hold_is_made_when_it_cannot_be_written_down() {
    let house = House::unlimited().await;
    house.store.close().await.unwrap();
    let refusal = house.hold(ann(), 10).await.unwrap_err();
    assert!(matches!(refusal, Refusal::Store(_)), "{refusal:?}");
    assert!(
        refusal.to_string().contains("no reply is made"),
        "{refusal}"
    );
}
