//! The endpoint that reads what is meant is asked for one vector.

use model_sim::{Fault, Profile, Reply};

use super::{LOCAL, OWN, Operator, PAID};

/// Memory that is searched by an endpoint at the same place.
fn searched(operator: &Operator, model: &str, more: &str) -> String {
    format!(
        "{model}[memory]\nembeddings = \"endpoint\"\nconsolidate_every = 0\n\
         [embedding_model]\nprovider = \"sim\"\nmodel = \"sim-1\"\nbase_url = \"{}\"\napi_key_file = {:?}\n{more}",
        operator.world.model.url(),
        operator
            .world
            .config
            .model
            .as_ref()
            .unwrap()
            .api_key_file
            .as_ref()
            .unwrap(),
    )
}

async fn at(model: &str, more: &str) -> Operator {
    let mut operator = Operator::at(Profile::Strict, model).await;
    let section = searched(&operator, model, more);
    let url = operator.world.model.url();
    operator.write(&url, &section);
    operator
}

#[tokio::test]
async fn a_vector_is_asked_for_and_its_length_told() {
    let operator = at(LOCAL, OWN).await;
    operator
        .check(&[])
        .await
        .is_good(true)
        .says("ok", "memory: a vector of sim-1 at sim has 8 numbers");
    let asked = operator.world.model.generations();
    assert_eq!(
        asked.len(),
        2,
        "a reply and a vector: nothing is read into notes"
    );
}

#[tokio::test]
async fn a_paid_one_is_asked_after_a_yes() {
    let price = "price = { input = 1.0, output = 1.0 }\n";
    let operator = at(PAID, price).await;
    operator.check(&[]).await.is_good(true).says(
        "note",
        "memory: no real request was made, since one costs up to ",
    );
    assert!(operator.world.model.generations().is_empty());
    operator
        .check(&["--paid"])
        .await
        .is_good(true)
        .says("ok", "memory: a vector of sim-1 at sim has 8 numbers");
}

#[tokio::test]
async fn one_that_fails_is_told_with_what_mends_it() {
    let operator = at(LOCAL, OWN).await;
    operator.world.model.queue(Reply::text("Hello!"));
    operator
        .world
        .model
        .queue(Reply::fault(Fault::Authentication));
    operator
        .check(&[])
        .await
        .is_good(false)
        .says("WRONG", "memory: sim-1 at sim does not read what is meant: The model provider did not accept the API key");
}
