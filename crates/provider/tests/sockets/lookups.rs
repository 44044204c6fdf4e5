//! A call whose stream did not say what it cost is asked about afterwards, and the hold that was posted in full lowered.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use ledger::{Lookup, Outcome, Period, Reconciled, Usage};
use model_sim::{Fault, Reply, UsageReport};
use provider::{Deadlines, Endpoint, OpenAi, Provider, ProviderError};
use rstest::rstest;

use crate::bench::{Bench, KEY, listen, request, spender, terms};

/// A provider that can be asked, or one that cannot.
fn provider(bench: &Bench, can_look_up: bool, deadlines: Deadlines) -> OpenAi {
    let key = Some(KEY.to_owned().into());
    let endpoint = Endpoint::new(&bench.sim.openai_url(), key, deadlines).unwrap();
    OpenAi::new(endpoint.with_generation_lookup(can_look_up), terms())
}

/// Asks, settles what came of it, and returns what was posted and what is to be asked about.
async fn lose(bench: &Bench, provider: &OpenAi, reply: Reply) -> (i64, Vec<Lookup>) {
    bench.sim.queue(reply);
    let asked = request("tell me a story");
    let hold = bench.hold_for(&asked).await;
    let heard = listen(provider.stream(hold, asked)).await;
    let receipt = bench.ledger.settle(heard.hold, heard.outcome).await;
    bench.clock.advance(TimeDelta::minutes(1));
    (
        receipt.unwrap().tokens,
        bench.ledger.due_lookups(10).await.unwrap(),
    )
}

async fn posted_today(bench: &Bench) -> i64 {
    let view = bench.ledger.view(&spender()).await.unwrap();
    let day = view.windows.iter().find(|w| w.period == Period::Day);
    day.unwrap().tokens.posted
}

#[rstest]
#[case::a_cut_stream(Reply::text("once upon a time there was a fox").with(Fault::CutAfter(700)))]
#[case::an_error_in_the_stream(Reply::text("once upon").with(Fault::ErrorEvent { after: 1 }))]
#[case::no_usage(Reply::text("once upon a time").usage(UsageReport::Missing))]
#[case::absurd_usage(Reply::text("once").usage(UsageReport::Raw(serde_json::json!({"prompt_tokens": -1}))))]
#[tokio::test]
async fn a_call_that_was_posted_in_full_is_lowered_to_what_the_provider_tells_later(
    #[case] reply: Reply,
) {
    let bench = Bench::new().await;
    bench.sim.be_openrouter();
    let provider = provider(&bench, true, Deadlines::default());
    let (posted, due) = lose(&bench, &provider, reply).await;
    assert!(posted > 500, "the full hold: {posted}");
    let [lookup] = &due[..] else {
        panic!("{due:?}")
    };
    assert_eq!([lookup.generation()], bench.sim.generation_names()[..]);
    let billed = provider.look_up(lookup.generation()).await.unwrap();
    let asked = bench.sim.requests().pop().unwrap();
    assert_eq!(asked.path, "/v1/generation");
    assert_eq!(asked.headers["authorization"], "(secret)");
    let done = bench.ledger.reconcile(lookup, &terms(), billed).await;
    let Ok(Reconciled::Lowered { tokens, .. }) = done else {
        panic!("{done:?}")
    };
    assert_eq!(tokens as u64, billed.usage.tokens());
    assert!(tokens < 50 && posted_today(&bench).await == tokens);
    assert_eq!(bench.ledger.verify().await.unwrap(), []);
}

#[tokio::test]
async fn a_call_is_named_in_the_head_of_the_answer_before_its_first_token() {
    let bench = Bench::new().await;
    bench.sim.be_openrouter();
    let impatient = Deadlines {
        first_token: Duration::from_millis(200),
        ..Deadlines::default()
    };
    let provider = provider(&bench, true, impatient);
    let (_, due) = lose(&bench, &provider, Reply::fault(Fault::HangAfter(0))).await;
    assert_eq!(due.len(), 1);
    assert_eq!([due[0].generation()], bench.sim.generation_names()[..]);
}

#[tokio::test]
async fn a_provider_that_cannot_be_asked_is_not() {
    let bench = Bench::new().await;
    bench.sim.be_openrouter();
    let provider = provider(&bench, false, Deadlines::default());
    let reply = Reply::text("once").usage(UsageReport::Missing);
    assert_eq!(lose(&bench, &provider, reply).await.1, []);
}

#[tokio::test]
async fn a_record_that_is_not_written_yet_is_an_error_and_the_call_is_asked_about_again() {
    let bench = Bench::new().await;
    bench.sim.be_openrouter();
    let provider = provider(&bench, true, Deadlines::default());
    let reply = Reply::text("once").usage(UsageReport::Missing);
    let (_, due) = lose(&bench, &provider, reply).await;
    bench.sim.forget_generations();
    let error = provider.look_up(due[0].generation()).await.unwrap_err();
    assert!(matches!(error, ProviderError::NotAModel { .. }), "{error}");
    assert!(bench.ledger.put_off(&due[0]).await.unwrap());
    bench.clock.advance(TimeDelta::minutes(1));
    assert_eq!(bench.ledger.due_lookups(10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_charge_above_the_hold_is_a_breach_that_is_found_later() {
    let bench = Bench::new().await;
    bench.sim.be_openrouter();
    bench.sim.charge(1.5);
    let provider = provider(&bench, true, Deadlines::default());
    let reply = Reply::text("once").usage(UsageReport::Missing);
    let (posted, due) = lose(&bench, &provider, reply).await;
    let billed = provider.look_up(due[0].generation()).await.unwrap();
    let done = bench.ledger.reconcile(&due[0], &terms(), billed).await;
    assert_eq!(done.unwrap(), Reconciled::Breach);
    assert_eq!(posted_today(&bench).await, posted);
}

#[tokio::test]
async fn a_whole_reply_needs_no_asking() {
    let bench = Bench::new().await;
    bench.sim.be_openrouter();
    let provider = Arc::new(provider(&bench, true, Deadlines::default()));
    let heard = bench.ask(&*provider, request("hello")).await;
    assert!(matches!(heard.outcome, Outcome::Complete(Usage { .. })));
    bench
        .ledger
        .settle(heard.hold, heard.outcome)
        .await
        .unwrap();
    bench.clock.advance(TimeDelta::days(1));
    assert_eq!(bench.ledger.due_lookups(10).await.unwrap(), []);
}

/// A reply with the usage that OpenRouter reports, which says what was charged.
fn charged(usd: f64) -> Reply {
    let usage = serde_json::json!({"prompt_tokens": 20, "completion_tokens": 1, "total_tokens": 21,
                                   "cost": usd, "is_byok": false});
    Reply::text("Hi").usage(UsageReport::Raw(usage))
}

#[rstest]
#[case::at_openrouter_the_larger_counts(true, 0.0001, 100_000_000, false)]
#[case::a_discount_does_not(true, 0.000001, 24_000_000, false)]
#[case::elsewhere_it_means_nothing(false, 0.0001, 24_000_000, false)]
#[case::more_than_was_held_is_a_breach(true, 1.0, 1_000_000_000_000, true)]
#[tokio::test]
async fn a_reply_that_was_charged_more_than_its_tokens_cost_is_posted_at_what_was_charged(
    #[case] openrouter: bool,
    #[case] usd: f64,
    #[case] posted: i64,
    #[case] breach: bool,
) {
    let bench = Bench::new().await;
    bench.sim.queue(charged(usd));
    let provider = provider(&bench, openrouter, Deadlines::default());
    let heard = bench.ask(&provider, request("hello")).await;
    let receipt = bench.ledger.settle(heard.hold, heard.outcome).await;
    let receipt = receipt.unwrap();
    assert_eq!((receipt.usd.get(), receipt.breach), (posted, breach));
    assert_eq!(bench.ledger.verify().await.unwrap(), []);
}

#[tokio::test]
async fn a_charge_that_nobody_can_mean_posts_the_full_hold_and_is_a_breach() {
    let bench = Bench::new().await;
    bench.sim.queue(charged(5_000_000.0));
    let provider = provider(&bench, true, Deadlines::default());
    let heard = bench.ask(&provider, request("hello")).await;
    let held = heard.hold.usd();
    let receipt = bench.ledger.settle(heard.hold, heard.outcome).await;
    let receipt = receipt.unwrap();
    assert_eq!((receipt.usd, receipt.breach), (held, true));
}
