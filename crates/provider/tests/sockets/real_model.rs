//! A live endpoint, if the environment names one: `FAMILIAR_TEST_ENDPOINT` (its base URL), `FAMILIAR_TEST_MODEL` (else
//! the first that it lists), `FAMILIAR_TEST_KEY`, and `FAMILIAR_TEST_DIALECTS` (`openai`, `anthropic`, or both with a
//! comma; `openai` if not set).

use std::env;

use ledger::{ModelKey, ModelTerms};
use provider::{Anthropic, Deadlines, Endpoint, Message, OpenAi, Provider, Request, Role, Stop};

use crate::bench::{Bench, listen, terms};

#[tokio::test]
async fn real_model() {
    let Ok(url) = env::var("FAMILIAR_TEST_ENDPOINT") else {
        println!("skipped: FAMILIAR_TEST_ENDPOINT names no endpoint");
        return;
    };
    let key = env::var("FAMILIAR_TEST_KEY").ok().map(Into::into);
    let endpoint = Endpoint::new(&url, key, Deadlines::default()).unwrap();
    let model = match env::var("FAMILIAR_TEST_MODEL") {
        Ok(model) => model,
        Err(_) => OpenAi::models(&endpoint).await.unwrap().remove(0).id,
    };
    let key = ModelKey {
        provider: "sim".into(),
        model,
    };
    let terms = ModelTerms { key, ..terms() };
    for dialect in env::var("FAMILIAR_TEST_DIALECTS")
        .as_deref()
        .unwrap_or("openai")
        .split(',')
    {
        let provider: Box<dyn Provider> = match dialect.trim() {
            "openai" => Box::new(OpenAi::new(endpoint.clone(), terms.clone())),
            "anthropic" => Box::new(Anthropic::new(endpoint.clone(), terms.clone())),
            other => panic!("`{other}` is no dialect"),
        };
        provider.probe().await.unwrap();
        speaks(&*provider).await;
    }
}

/// The endpoint answers, honours a cap, reports usage that its hold covers, and says why it stopped.
async fn speaks(provider: &dyn Provider) {
    let bench = Bench::new().await;
    let request = Request {
        system: vec!["You are Mia, a gardener. You answer in one sentence.".to_owned()],
        stable: 1,
        messages: vec![
            Message {
                role: Role::Assistant,
                text: "Welcome to my garden!".to_owned(),
            },
            Message {
                role: Role::User,
                text: "Hello! What do you grow?".to_owned(),
            },
        ],
        cap: 24,
        temperature: Some(0.0),
        ..Request::default()
    };
    let hold = bench.hold_on(provider.terms(), &request).await;
    let heard = listen(provider.stream(hold, request)).await;
    println!("{:?} {:?} {:?}", heard.text(), heard.result, heard.outcome);
    assert!(!heard.text().trim().is_empty());
    assert!(matches!(heard.result, Ok(Stop::End | Stop::Length)));
    let usage = heard.usage();
    assert!(usage.output <= 24 && usage.input <= heard.hold.input_bound());
    assert!(
        !bench
            .ledger
            .settle(heard.hold, heard.outcome)
            .await
            .unwrap()
            .breach
    );
}
