//! A request goes out only if its hold covers it, and what it did to the hold is never guessed in our favour.

use std::time::Duration;

use ledger::{ModelKey, ModelTerms, Outcome};
use model_sim::{Reply, UsageReport};
use provider::{ProviderError, Request};
use rstest::rstest;

use crate::bench::{Bench, Wire, listen, request, terms};

#[rstest]
#[case::a_higher_cap(|request: &mut Request| request.cap += 1)]
#[case::a_longer_text(|request: &mut Request| request.messages[0].text.push('!'))]
#[case::a_longer_system(|request: &mut Request| request.system[1].push('!'))]
#[case::a_schema(|request: &mut Request| request.schema = Some(crate::bench::schema()))]
#[case::one_more_section(|request: &mut Request| request.system.push(String::new()))]
#[tokio::test]
async fn a_request_that_outgrew_its_hold_is_not_sent(
    #[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire,
    #[case] grow: fn(&mut Request),
) {
    let bench = Bench::new().await;
    let mut asked = request("hello");
    let hold = bench.hold_for(&asked).await;
    grow(&mut asked);
    let heard = listen(bench.provider(wire).stream(hold, asked)).await;
    assert!(
        matches!(heard.error(), ProviderError::HoldTooSmall { .. }),
        "{:?}",
        heard.result
    );
    assert_eq!(heard.outcome, Outcome::NothingSent);
    assert!(bench.sim.requests().is_empty());
}

#[tokio::test]
async fn a_hold_for_another_model_pays_for_nothing_here() {
    let bench = Bench::new().await;
    let asked = request("hello");
    let other = ModelTerms {
        key: ModelKey {
            provider: "sim".into(),
            model: "cheaper".into(),
        },
        ..terms()
    };
    let hold = bench.hold_on(&other, &asked).await;
    let heard = listen(bench.provider(Wire::OpenAi).stream(hold, asked)).await;
    assert!(matches!(heard.error(), ProviderError::HoldTooSmall { .. }));
    assert_eq!(heard.outcome, Outcome::NothingSent);
    assert!(bench.sim.requests().is_empty());
}

#[tokio::test]
async fn a_generation_given_up_before_it_began_sent_nothing() {
    let bench = Bench::new().await;
    let asked = request("hello");
    let hold = bench.hold_for(&asked).await;
    let finished = bench.provider(Wire::OpenAi).stream(hold, asked).finish();
    assert_eq!(
        (finished.outcome, finished.result),
        (Outcome::NothingSent, Err(ProviderError::Stopped))
    );
    assert!(bench.sim.requests().is_empty());
}

#[rstest]
#[tokio::test]
async fn a_generation_given_up_in_the_middle_posts_the_full_hold(
    #[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire,
) {
    let bench = Bench::new().await;
    bench
        .sim
        .queue(Reply::text("one two three").every(Duration::from_millis(50)));
    let asked = request("hello");
    let hold = bench.hold_for(&asked).await;
    let held = hold.tokens();
    let mut generation = bench.provider(wire).stream(hold, asked);
    assert_eq!(generation.next().await.as_deref(), Some("one"));
    let finished = generation.finish();
    assert_eq!(
        (finished.outcome, &finished.result),
        (Outcome::Unknown, &Err(ProviderError::Stopped))
    );
    let receipt = bench
        .ledger
        .settle(finished.hold, finished.outcome)
        .await
        .unwrap();
    assert_eq!(receipt.tokens, held);
}

#[rstest]
#[tokio::test]
async fn a_model_that_ignores_its_cap_is_told_on(
    #[values(Wire::OpenAi, Wire::Anthropic)] wire: Wire,
) {
    let bench = Bench::new().await;
    let mut asked = request("hello");
    asked.cap = 5;
    let usage = UsageReport::Exact {
        input: 4000,
        cached_input: 0,
        cache_write: 0,
        output: 3000,
        reasoning: 0,
    };
    bench.sim.queue(
        Reply::text("word ".repeat(50))
            .ignoring_the_cap()
            .usage(usage),
    );
    let heard = bench.ask(&*bench.provider(wire), asked).await;
    assert_eq!(heard.usage().output, 3000);
    let receipt = bench
        .ledger
        .settle(heard.hold, heard.outcome)
        .await
        .unwrap();
    assert!(receipt.breach);
}
