//! Prices as an endpoint publishes them.

use ledger::{PicoUsd, Price, Published};
use serde_json::json;

use crate::bench::{Bench, Wire, request, terms};

#[tokio::test]
async fn a_published_price_is_read_and_counts_for_the_next_hold() {
    let bench = Bench::new().await;
    let provider = bench.provider(Wire::OpenAi);
    assert_eq!(provider.published().await.unwrap(), None);
    bench.sim.serve_models(&["other", "sim"]);
    let pricing = json!({"prompt": "0.000002", "completion": "0.000008", "request": "0"});
    bench.sim.publish_price("sim", pricing);
    bench
        .sim
        .publish_price("other", json!({"prompt": "1", "completion": "1"}));
    let price = provider.published().await.unwrap().unwrap();
    assert_eq!(
        price,
        Price::plain(PicoUsd::dollars(2), PicoUsd::dollars(8))
    );
    let before = bench.hold_for(&request("hello")).await.usd();
    let published = Published {
        model: terms().key,
        price,
    };
    bench.ledger.publish(vec![published]).await.unwrap();
    // Twice the stated price on both sides.
    let after = bench.hold_for(&request("hello")).await.usd();
    assert_eq!(after.get(), before.get() * 2);
}

#[tokio::test]
async fn an_endpoint_that_publishes_none_or_nonsense_changes_nothing() {
    let bench = Bench::new().await;
    bench
        .sim
        .publish_price("sim", json!({"prompt": "-1", "completion": "-1"}));
    let openai = bench.provider(Wire::OpenAi);
    assert_eq!(openai.published().await.unwrap(), None);
    let anthropic = bench.provider(Wire::Anthropic);
    assert_eq!(anthropic.published().await.unwrap(), None);
}

#[tokio::test]
async fn an_endpoint_that_cannot_be_reached_says_so() {
    let closed = crate::bench::canned("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n").await;
    let provider = crate::bench::provider_at(Wire::OpenAi, &closed, crate::bench::patient());
    assert!(provider.published().await.is_err());
}

#[tokio::test]
async fn a_place_is_an_address_and_a_dialect() {
    let bench = Bench::new().await;
    let place = bench.provider(Wire::Anthropic).place();
    assert_eq!(
        (place.host, place.dialect.as_str()),
        (bench.sim.address().to_string(), "anthropic")
    );
    assert_eq!(bench.provider(Wire::OpenAi).place().dialect, "openai");
}
