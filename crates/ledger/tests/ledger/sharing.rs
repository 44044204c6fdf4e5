//! How the members of a server share its budget.

use chrono::TimeDelta;
use ledger::{Ask, Hold, LedgerConfig, Limit, Limits, Period, Purpose, Refusal, Scope, Spender};

use crate::house::{House, ann, ask, at, bob, guild, terms, unlimited, used};

/// A guild of 1,000 tokens a day with the shares that stand by default, at the first moment of a day.
async fn house() -> House {
    let day = Limit {
        usd: None,
        tokens: Some(1000),
    };
    let house = House::with(LedgerConfig {
        guild: Limits {
            day,
            month: Limit::default(),
        },
        member_share_percent: 15,
        ..unlimited()
    })
    .await;
    house.clock.set(at("2026-05-15T00:00:00Z"));
    house
}

fn member(member: u64) -> Spender {
    Spender {
        member: member.into(),
        ..ann()
    }
}

/// Ten members, ann and bob among them, have spoken yesterday.
async fn ten_members(house: &House) {
    house.clock.advance(TimeDelta::hours(-12));
    for number in 10..20 {
        house.spend(member(number), 2).await;
    }
    house.clock.advance(TimeDelta::hours(12));
}

async fn background(house: &House, purpose: Purpose, amount: u64) -> Result<Hold, Refusal> {
    let ask = Ask {
        purpose,
        ..ask(amount)
    };
    house.ledger.hold(&ann(), &terms(), ask).await
}

#[tokio::test]
async fn whoever_is_alone_has_all_of_it() {
    let house = house().await;
    assert!(house.hold(ann(), 1000).await.is_ok());
    assert!(house.ledger.view(&ann()).await.unwrap().shares.is_empty());
}

#[tokio::test]
async fn two_members_have_half_each_in_the_end_and_three_tenths_at_once() {
    let house = house().await;
    house.spend(bob(), 2).await;
    assert!(house.hold(ann(), 301).await.is_err());
    house.spend(ann(), 300).await;
    // Half a day opens half of the pool of 400.
    house.clock.set(at("2026-05-15T12:00:00Z"));
    assert!(house.hold(ann(), 201).await.is_err());
    house.spend(ann(), 200).await;
    house.clock.set(at("2026-05-15T23:59:59Z"));
    assert!(house.hold(ann(), 1).await.is_err());
    assert!(house.hold(bob(), 497).await.is_ok());
    house.assert_sound().await;
}

#[tokio::test]
async fn a_flood_stays_below_its_cap_and_takes_nobodys_floor() {
    let house = house().await;
    ten_members(&house).await;
    for hour in 0..24 {
        house
            .clock
            .set(at("2026-05-15T00:00:00Z") + TimeDelta::hours(hour));
        while let Ok(hold) = house.hold(ann(), 5).await {
            house.ledger.settle(hold, used(5)).await.unwrap();
        }
    }
    let own = Scope::Member {
        guild: 1.into(),
        member: 10.into(),
    };
    let today = house.window(ann(), own, Period::Day).await;
    assert_eq!(today.tokens.posted, 150);
    for number in 11..20 {
        house.spend(member(number), 60).await;
    }
    house.assert_sound().await;
}

#[tokio::test]
async fn a_share_that_is_used_up_says_when_more_opens() {
    let house = house().await;
    ten_members(&house).await;
    house.spend(ann(), 60).await;
    let refusal = house.hold(ann(), 50).await.unwrap_err();
    assert_eq!(refusal.opens_at(), Some(at("2026-05-15T03:00:00Z")));
    assert!(refusal.is_about_size());
    assert_eq!(
        refusal.to_string(),
        "your share of this server's day has 0 tokens open now and this reply may need up to 50 tokens; more opens at \
         2026-05-15 03:00 UTC, so that everybody here gets their turn"
    );
    house.clock.set(at("2026-05-15T02:59:59Z"));
    assert!(house.hold(ann(), 50).await.is_err());
    house.clock.set(at("2026-05-15T03:00:00Z"));
    assert!(house.hold(ann(), 50).await.is_ok());
}

#[tokio::test]
async fn a_member_sees_their_own_share() {
    let house = house().await;
    ten_members(&house).await;
    house.spend(ann(), 20).await;
    let view = house.ledger.view(&ann()).await.unwrap();
    let [share] = view.shares[..] else {
        panic!("{:?}", view.shares);
    };
    assert_eq!(
        (
            share.used,
            share.floor,
            share.cap,
            share.open,
            share.members
        ),
        (20, 60, 150, 40, 10)
    );
    assert_eq!(share.resets_at, at("2026-05-16T00:00:00Z"));
    assert_eq!(view.member_percent, 15);
    // Somebody who has not spoken yet would be the eleventh.
    let newcomer = house.ledger.view(&member(99)).await.unwrap();
    assert_eq!(
        (newcomer.shares[0].members, newcomer.shares[0].open),
        (11, 54)
    );
}

#[tokio::test]
async fn who_has_been_silent_for_a_week_leaves_their_floor_to_the_others() {
    let house = house().await;
    ten_members(&house).await;
    house.clock.set(at("2026-05-22T00:00:00Z"));
    house.spend(bob(), 2).await;
    assert!(house.hold(ann(), 300).await.is_ok());
}

#[tokio::test]
async fn a_limit_that_is_set_for_one_member_replaces_their_cap() {
    let house = house().await;
    ten_members(&house).await;
    house.clock.set(at("2026-05-15T23:59:59Z"));
    assert!(house.hold(ann(), 151).await.is_err());
    let own = Scope::Member {
        guild: 1.into(),
        member: 10.into(),
    };
    house.limit(own, Period::Day, Some(300)).await;
    assert!(house.hold(ann(), 301).await.is_err());
    assert!(house.hold(ann(), 300).await.is_ok());
}

#[tokio::test]
async fn at_a_hundred_percent_whoever_comes_first_is_served() {
    let house = house().await;
    ten_members(&house).await;
    assert!(house.hold(ann(), 500).await.is_err());
    house
        .ledger
        .set_member_percent(1.into(), Some(100), 99.into())
        .await
        .unwrap();
    assert!(house.hold(ann(), 1000).await.is_ok());
}

#[tokio::test]
async fn background_work_counts_for_the_server_and_not_for_the_member_after_whose_message_it_is_done()
 {
    let house = house().await;
    ten_members(&house).await;
    let hold = background(&house, Purpose::Facts, 100).await.unwrap();
    house.ledger.settle(hold, used(100)).await.unwrap();
    assert_eq!(house.guild_today().await, (100, 0));
    let view = house.ledger.view(&ann()).await.unwrap();
    assert_eq!(view.shares[0].used, 0);
    let purposes: Vec<_> = view
        .by_purpose
        .iter()
        .map(|p| (p.purpose.as_str(), p.day.tokens, p.month.tokens))
        .collect();
    assert_eq!(purposes, [("facts", 100, 100), ("reply", 0, 20)]);
    assert!(view.by_member.iter().all(|m| m.day.tokens == 0));
    house.assert_sound().await;
}

#[tokio::test]
async fn background_work_comes_out_of_the_pool_and_never_out_of_a_floor() {
    let house = house().await;
    ten_members(&house).await;
    assert!(background(&house, Purpose::Summary, 401).await.is_err());
    let hold = background(&house, Purpose::Summary, 400).await.unwrap();
    house.ledger.settle(hold, used(400)).await.unwrap();
    let refusal = background(&house, Purpose::Embedding, 1).await.unwrap_err();
    assert!(
        matches!(refusal, Refusal::BackgroundRests { scope, .. } if scope == guild()),
        "{refusal:?}"
    );
    house.clock.set(at("2026-05-15T23:59:59Z"));
    assert!(house.hold(ann(), 61).await.is_err());
    for number in 10..20 {
        house.spend(member(number), 60).await;
    }
    assert_eq!(house.guild_today().await, (1000, 0));
}
