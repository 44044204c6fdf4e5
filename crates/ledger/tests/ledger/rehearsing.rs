//! A rehearsal: calls for people who are not there, which the operator pays for.

use ledger::{Period, PicoUsd, Purpose, Refusal, Scope, Spender};

use crate::export::exported;
use crate::house::{House, ann, ask, bob, terms, used};

#[tokio::test]
async fn a_call_for_anybody_is_the_operators_probe_and_counts_for_the_bot_alone() {
    let house = House::guild_day(100).await;
    let rehearsal = house.ledger.rehearsing(PicoUsd::dollars(1));
    // More than the limit of the server in which it would have been.
    let hold = rehearsal.hold(&ann(), &terms(), ask(200)).await.unwrap();
    rehearsal.settle(hold, used(150)).await.unwrap();
    assert_eq!(house.guild_today().await, (0, 0));
    let own = house
        .window(Spender::operator(), Scope::Instance, Period::Day)
        .await;
    assert_eq!(own.tokens.posted, 150);
    let rehearsed = rehearsal.rehearsed().await.unwrap();
    assert_eq!(rehearsed.len(), 1);
    assert_eq!(rehearsed[0].purpose, Purpose::Reply);
    assert_eq!(rehearsed[0].call.tokens, Some(150));
    let rows = exported(&house.ledger, None, None).await;
    assert!(
        rows.iter().all(|row| row.purpose == "probe"
            && row.scope == "instance"
            && row.message.is_none()
            && row.persona.is_none()),
        "{rows:?}"
    );
    house.assert_sound().await;
}

#[tokio::test]
async fn all_calls_together_cost_no_more_than_was_agreed_to() {
    let house = House::unlimited().await;
    let rehearsal = house.ledger.rehearsing(PicoUsd(250));
    let first = rehearsal.hold(&ann(), &terms(), ask(100)).await.unwrap();
    let second = rehearsal.hold(&bob(), &terms(), ask(100)).await.unwrap();
    let refused = rehearsal.hold(&ann(), &terms(), ask(51)).await;
    let Err(Refusal::Agreed { needed, left }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!((needed, left), (PicoUsd(51), PicoUsd(50)));
    assert!(matches!(
        rehearsal.last_refusal(),
        Some(Refusal::Agreed { .. })
    ));
    // What was set aside and not used is there again.
    rehearsal.settle(first, used(20)).await.unwrap();
    let third = rehearsal.hold(&ann(), &terms(), ask(130)).await.unwrap();
    assert!(rehearsal.last_refusal().is_none());
    rehearsal.settle(second, used(100)).await.unwrap();
    rehearsal.settle(third, used(130)).await.unwrap();
    assert!(rehearsal.hold(&ann(), &terms(), ask(1)).await.is_err());
    house.assert_sound().await;
}

#[tokio::test]
async fn the_bots_own_limit_stands_above_what_was_agreed_to() {
    let house = House::unlimited().await;
    let tokens = Some(120);
    house.limit(Scope::Instance, Period::Day, tokens).await;
    let rehearsal = house.ledger.rehearsing(PicoUsd::dollars(1));
    let hold = rehearsal.hold(&ann(), &terms(), ask(100)).await.unwrap();
    let refused = rehearsal.hold(&ann(), &terms(), ask(100)).await;
    assert!(
        matches!(
            refused,
            Err(Refusal::OverLimit {
                scope: Scope::Instance,
                ..
            })
        ),
        "{refused:?}"
    );
    rehearsal.settle(hold, used(100)).await.unwrap();
}
