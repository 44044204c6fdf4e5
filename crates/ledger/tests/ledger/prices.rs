//! Prices: stated ones, published ones, and which of them counts.

use ledger::{Ask, LongContext, ModelTerms, Outcome, PicoUsd, Price, Purpose, Refusal, Usage};

use crate::house::{House, ann, ask, terms};

/// A price of as many pico-dollars a token.
fn plain(input: i64, output: i64) -> Price {
    Price::plain(PicoUsd(input * 1_000_000), PicoUsd(output * 1_000_000))
}

fn stated(price: Option<Price>) -> ModelTerms {
    ModelTerms { price, ..terms() }
}

/// What a call of at most 50 tokens in and 50 out sets aside.
async fn held(house: &House, terms: &ModelTerms) -> i64 {
    let hold = house.ledger.hold(&ann(), terms, ask(100)).await.unwrap();
    let usd = hold.usd().get();
    house
        .ledger
        .settle(hold, Outcome::NothingSent)
        .await
        .unwrap();
    usd
}

fn complete(usage: Usage) -> Outcome {
    Outcome::Complete(usage)
}

#[tokio::test]
async fn a_published_rise_counts_at_once_even_for_a_call_that_is_under_way() {
    let house = House::unlimited().await;
    let model = stated(Some(plain(1, 2)));
    let hold = house.ledger.hold(&ann(), &model, ask(100)).await.unwrap();
    assert_eq!(hold.usd().get(), 50 + 100);
    assert_eq!(house.publish(plain(2, 1)).await, 1);
    let usage = Usage {
        input: 10,
        output: 10,
        ..Usage::default()
    };
    let receipt = house.ledger.settle(hold, complete(usage)).await.unwrap();
    assert_eq!((receipt.usd.get(), receipt.breach), (20 + 20, false));
    assert_eq!(held(&house, &model).await, 100 + 100);
    house.assert_sound().await;
}

#[tokio::test]
async fn a_published_drop_counts_once_it_is_accepted_and_not_before() {
    let house = House::unlimited().await;
    let model = stated(Some(plain(3, 3)));
    house.publish(plain(4, 4)).await;
    assert_eq!(house.publish(plain(4, 4)).await, 0, "nothing has changed");
    assert_eq!(house.publish(plain(1, 1)).await, 1);
    assert_eq!(held(&house, &model).await, 400);
    let accepted = house.ledger.accept_price(&model).await.unwrap().unwrap();
    assert_eq!(
        (accepted.before, accepted.after),
        (plain(4, 4), plain(1, 1))
    );
    assert_eq!(held(&house, &model).await, 100);
    assert!(
        house.ledger.accept_price(&model).await.unwrap().is_none(),
        "nothing is left to accept"
    );
    house.publish(plain(2, 1)).await;
    assert_eq!(held(&house, &model).await, 150, "a rise after it counts");
}

#[tokio::test]
async fn an_acceptance_is_over_when_the_operator_states_another_price() {
    let house = House::unlimited().await;
    let model = stated(Some(plain(3, 3)));
    house.publish(plain(1, 1)).await;
    house.ledger.accept_price(&model).await.unwrap().unwrap();
    assert_eq!(held(&house, &model).await, 100);
    assert_eq!(held(&house, &stated(Some(plain(2, 2)))).await, 200);
    assert!(
        house
            .ledger
            .prices()
            .accepted(&stated(Some(plain(2, 2))))
            .is_none()
    );
}

#[tokio::test]
async fn a_model_without_a_stated_price_costs_what_is_published() {
    let house = House::unlimited().await;
    let unknown = stated(None);
    let refused = house.ledger.hold(&ann(), &unknown, ask(100)).await;
    assert!(matches!(refused, Err(Refusal::UnknownPrice { .. })));
    house.publish(plain(-1, 2)).await;
    assert!(house.ledger.hold(&ann(), &unknown, ask(100)).await.is_err());
    house.publish(plain(1, 2)).await;
    assert_eq!(held(&house, &unknown).await, 150);
}

#[tokio::test]
async fn what_was_published_and_accepted_is_known_to_the_next_start_and_to_other_processes() {
    let house = House::unlimited().await;
    let model = stated(Some(plain(3, 3)));
    let other = house.neighbour().await;
    house.publish(plain(9, 9)).await;
    house.publish(plain(1, 1)).await;
    house.ledger.accept_price(&model).await.unwrap().unwrap();
    assert_eq!(other.prices().price(&model), Some(plain(3, 3)));
    other.reload_prices().await.unwrap();
    assert_eq!(other.prices().price(&model), Some(plain(1, 1)));
    let next = house.neighbour().await;
    assert_eq!(next.prices().price(&model), Some(plain(1, 1)));
}

#[tokio::test]
async fn every_part_of_a_price_is_held_and_posted() {
    let house = House::unlimited().await;
    let pico = |each: i64| PicoUsd(each * 1_000_000);
    let price = Price {
        cached_input: Some(pico(1)),
        cache_write: Some(pico(5)),
        reasoning: Some(pico(7)),
        per_request: PicoUsd(1000),
        long_context: Some(LongContext {
            above_tokens: 100,
            input: pico(20),
            output: pico(30),
            cached_input: Some(pico(10)),
            cache_write: Some(pico(50)),
        }),
        ..plain(4, 6)
    };
    let model = stated(Some(price));
    let sized = |input_bound, cap| Ask {
        input_bound,
        cap,
        purpose: Purpose::Reply,
        turn: None,
        persona: None,
    };
    let usage = |input| Usage {
        input,
        cached_input: 20,
        cache_write: 30,
        output: 40,
        reasoning: 10,
    };
    // Cache writes are the dearest input, reasoning the dearest output.
    let hold = house
        .ledger
        .hold(&ann(), &model, sized(100, 50))
        .await
        .unwrap();
    assert_eq!(hold.usd().get(), 100 * 5 + 50 * 7 + 1000);
    let receipt = house
        .ledger
        .settle(hold, complete(usage(100)))
        .await
        .unwrap();
    assert_eq!(
        receipt.usd.get(),
        50 * 4 + 20 + 30 * 5 + 30 * 6 + 10 * 7 + 1000
    );
    // One token more, and the whole call is in the dearer tier.
    let hold = house
        .ledger
        .hold(&ann(), &model, sized(101, 50))
        .await
        .unwrap();
    assert_eq!(hold.usd().get(), 101 * 50 + 50 * 30 + 1000);
    let receipt = house
        .ledger
        .settle(hold, complete(usage(101)))
        .await
        .unwrap();
    assert_eq!(
        receipt.usd.get(),
        51 * 20 + 20 * 10 + 30 * 50 + 40 * 30 + 1000
    );
    house.assert_sound().await;
}

#[tokio::test]
async fn a_model_on_the_operators_own_machine_stays_free_whatever_is_published() {
    let house = House::unlimited().await;
    let local = ModelTerms {
        local: true,
        ..stated(None)
    };
    house.publish(plain(1, 1)).await;
    assert_eq!(held(&house, &local).await, 0);
    assert!(house.ledger.accept_price(&local).await.unwrap().is_none());
}
