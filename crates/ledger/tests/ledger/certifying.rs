//! Certified caps: what a probe has shown counts where it was shown, until a breach.

use ledger::{ModelTerms, Outcome, Place, Refusal, Scope, Spender, Usage};

use crate::house::{House, ann, ask, at, terms};

fn uncertified() -> ModelTerms {
    ModelTerms {
        caps_certified: false,
        max_output: 1000,
        ..terms()
    }
}

fn place(host: &str) -> Place {
    Place {
        host: host.into(),
        dialect: "openai".into(),
    }
}

/// Tokens that a call of 50 in and at most 50 out sets aside.
async fn held(house: &House) -> i64 {
    let hold = house.ledger.hold(&ann(), &uncertified(), ask(100)).await;
    let hold = hold.unwrap();
    let tokens = hold.tokens();
    house
        .ledger
        .settle(hold, Outcome::NothingSent)
        .await
        .unwrap();
    tokens
}

#[tokio::test]
async fn a_certified_model_is_held_at_its_cap_where_it_was_probed_and_nowhere_else() {
    let house = House::unlimited().await;
    let key = terms().key;
    house.ledger.prices().place(&key, place("here"));
    assert_eq!(held(&house).await, 1050);
    house.ledger.certify(&key, &place("there")).await.unwrap();
    assert_eq!(held(&house).await, 1050);
    house.ledger.certify(&key, &place("here")).await.unwrap();
    assert_eq!(held(&house).await, 100);
    let since = house.ledger.prices().certified(&key);
    assert_eq!(since, Some(at(crate::house::START)));
    // The same name at a second address: it counts only if both are certified.
    house.ledger.prices().place(&key, place("elsewhere"));
    assert_eq!(held(&house).await, 1050);
}

#[tokio::test]
async fn a_breach_withdraws_the_certification_and_the_model_rests_all_the_same() {
    let house = House::unlimited().await;
    let key = terms().key;
    house.ledger.prices().place(&key, place("here"));
    house.ledger.certify(&key, &place("here")).await.unwrap();
    let hold = house.ledger.hold(&ann(), &uncertified(), ask(100)).await;
    let talkative = Usage {
        input: 1,
        output: 51,
        ..Usage::default()
    };
    let receipt = house
        .ledger
        .settle(hold.unwrap(), Outcome::Complete(talkative))
        .await
        .unwrap();
    assert!(receipt.breach);
    assert_eq!(house.ledger.prices().certified(&key), None);
    let refused = house.ledger.hold(&ann(), &uncertified(), ask(100)).await;
    assert!(
        matches!(refused, Err(Refusal::Quarantined { .. })),
        "{refused:?}"
    );
    assert!(house.ledger.lift_quarantine(&key).await.unwrap());
    assert_eq!(held(&house).await, 1050, "at its maximum from now on");
    let next = house.neighbour().await;
    next.prices().place(&key, place("here"));
    assert_eq!(next.prices().certified(&key), None);
}

#[tokio::test]
async fn a_certification_can_be_taken_away() {
    let house = House::unlimited().await;
    let key = terms().key;
    house.ledger.prices().place(&key, place("here"));
    house.ledger.certify(&key, &place("here")).await.unwrap();
    assert!(house.ledger.uncertify(&key).await.unwrap());
    assert!(!house.ledger.uncertify(&key).await.unwrap());
    assert_eq!(held(&house).await, 1050);
}

#[tokio::test]
async fn a_probe_of_the_operator_counts_for_the_bot_alone() {
    let house = House::unlimited().await;
    let operator = Spender::operator();
    assert_eq!(operator.scopes(), [Scope::Instance]);
    house.spend(operator, 10).await;
    let view = house.ledger.view(&operator).await.unwrap();
    assert!(view.windows.iter().all(|w| w.scope == Scope::Instance));
    assert!(view.windows.iter().all(|w| w.tokens.posted == 10));
    house.assert_sound().await;
}
