//! What the ledger has closed, and what waits.

use std::time::Duration;

use chrono::TimeDelta;
use companion::House;
use familiar::config::Config;
use familiar::setup;
use ledger::{Ask, Outcome, Purpose, Spender, Usage};
use model_sim::{Fault, Profile, Reply};
use store::consolidations::Reading;
use store::id::ScopeId;

use super::{LOCAL, Operator, PAID};

/// Opens the house of the operator's file for a moment.
pub(super) async fn inside<T>(operator: &Operator, work: impl AsyncFnOnce(&House) -> T) -> T {
    let config = Config::load(&operator.file).unwrap();
    let house = setup::open_house_beside(&config).await.unwrap();
    let done = work(&house).await;
    house.ledger.close().await;
    house.store.close().await.unwrap();
    done
}

/// A call on the operator's account that comes to so many input tokens.
pub(super) async fn spend(house: &House, set_aside: u64, input: u64) {
    let terms = house.model.provider.terms();
    let ask = Ask {
        input_bound: set_aside,
        cap: 1,
        purpose: Purpose::Probe,
        turn: None,
        persona: None,
    };
    let ledger = &house.ledger;
    let hold = ledger.hold(&Spender::operator(), terms, ask).await.unwrap();
    let usage = Usage {
        input,
        output: 1,
        ..Usage::default()
    };
    ledger.settle(hold, Outcome::Complete(usage)).await.unwrap();
}

#[tokio::test]
async fn a_quarantined_model_is_named_and_not_asked() {
    let operator = Operator::at(Profile::Strict, PAID).await;
    inside(&operator, async |house| spend(house, 10, 100_000).await).await;
    let checked = operator.check(&["--paid"]).await;
    checked
        .is_good(false)
        .says("WRONG", "[model]: it is quarantined since ")
        .says("WRONG", "familiar ledger lift sim-1 --provider sim")
        .says("note", "what rests: user:0 since ")
        .says("note", "familiar ledger acknowledge user:0");
    assert!(operator.world.model.generations().is_empty());
    operator.run(&["ledger", "lift", "sim-1"]).await;
    operator.run(&["ledger", "acknowledge", "user:0"]).await;
    operator
        .check(&["--paid"])
        .await
        .is_good(true)
        .says("ok", "answers a real request")
        .says("ok", "what rests: nothing");
}

#[tokio::test]
async fn a_budget_that_is_used_up_is_told_with_when_it_opens_and_nothing_is_asked_beyond_it() {
    let budget = "[budget]\ninstance_day = { usd = 0.01 }\n";
    let operator = Operator::at(Profile::Strict, &format!("{PAID}{budget}")).await;
    inside(&operator, async |house| spend(house, 9_500, 9_500).await).await;
    let checked = operator.check(&["--paid"]).await;
    checked
        .is_good(true)
        .says(
            "note",
            "[model]: no real request was made: the day's budget of ",
        )
        .says(
            "note",
            "what rests: the bot's own budget of the day has no room for a reply until ",
        )
        .says("note", "Raise budget.instance_day");
    assert!(operator.world.model.generations().is_empty());
}

#[tokio::test]
async fn consolidations_that_are_put_off_are_counted() {
    let operator = Operator::at(Profile::Strict, LOCAL).await;
    inside(&operator, async |house| {
        let now = house.clock.now();
        for (channel, minutes) in [(1, 2), (2, 90), (3, -5)] {
            let scope = ScopeId {
                guild: Some(7.into()),
                channel: channel.into(),
                persona: store::id::PersonaId(1),
            };
            let until = now + TimeDelta::minutes(minutes);
            for reading in Reading::ALL {
                house
                    .store
                    .put_consolidation_off(&scope, reading, until, now)
                    .await
                    .unwrap();
            }
        }
    })
    .await;
    operator.check(&[]).await.is_good(true).says(
        "note",
        "what rests: 2 conversations wait to be read into notes, until ",
    );
}

/// A cheaper model at the same endpoint.
fn with_cheaper(operator: &Operator, more: &str) -> String {
    let key = operator.world.config.model.as_ref().unwrap();
    format!(
        "{PAID}[cheaper_model]\nprovider = \"sim\"\nmodel = \"sim-0\"\nbase_url = \"{}\"\napi_key_file = {:?}\n\
         context_window = 8192\nmax_output = 1000\n{more}",
        operator.world.model.url(),
        key.api_key_file.as_ref().unwrap(),
    )
}

#[tokio::test]
async fn the_cheaper_model_reads_as_long_as_it_may_be_asked_and_else_the_main_one_does() {
    let mut operator = Operator::at(Profile::Strict, PAID).await;
    operator.world.model.serve_models(&["sim-1", "sim-0"]);
    let url = operator.world.model.url();
    operator.write(&url, &with_cheaper(&operator, PAID));
    operator
        .check(&["--paid"])
        .await
        .is_good(true)
        .says("ok", "[cheaper_model]: sim-0 at sim answers a real request")
        .says("ok", "[cheaper_model]: it reads talk into notes")
        .omits("[model]: it reads")
        .says("ok", "what rests: nothing");
    operator.write(&url, &with_cheaper(&operator, ""));
    operator
        .check(&["--paid"])
        .await
        .is_good(false)
        .says("WRONG", "[cheaper_model]: the price of sim-0 at sim is not known")
        .says("ok", "[model]: it reads talk into notes")
        .says("note", "what rests: talk is read into notes by sim-1 at sim, as long as sim-0 at sim may not be asked");
}

#[tokio::test]
async fn where_the_cheaper_model_is_not_there_the_main_one_reads_and_that_is_said() {
    let mut operator = Operator::at(Profile::Strict, PAID).await;
    let url = operator.world.model.url();
    operator.world.model.always(|prompt| match prompt.body["model"] == "sim-0" {
        true => Reply::fault(Fault::Status {
            status: 404,
            content_type: "application/json",
            body: r#"{"error":{"message":"The model `sim-0` does not exist","type":"invalid_request_error","param":null,"code":"model_not_found"}}"#.into(),
        }),
        false => super::usual(prompt),
    });
    operator.write(&url, &with_cheaper(&operator, PAID));
    operator
        .check(&["--paid"])
        .await
        .is_good(false)
        .says(
            "WRONG",
            "[cheaper_model]: The model provider has no model named `sim-0`",
        )
        .says(
            "note",
            "[cheaper_model]: until then talk is read into notes by sim-1 at sim",
        );
}

#[tokio::test]
async fn it_works_beside_a_bot_that_runs() {
    let operator = Operator::at(Profile::Strict, LOCAL).await;
    let mut bot = crate::program::familiar(&operator.file)
        .arg("run")
        .env("TEST_TOKEN", operator.world.sim.token())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    operator
        .world
        .sim
        .wait_ready(crate::world::SOON)
        .await
        .unwrap();
    operator
        .check(&[])
        .await
        .is_good(true)
        .says("ok", "answers a real request");
    assert_eq!(bot.try_wait().unwrap(), None, "the bot runs on");
    bot.kill().await.unwrap();
    tokio::time::timeout(Duration::from_secs(5), bot.wait())
        .await
        .unwrap()
        .unwrap();
}
