//! The real request decides: what its answer shows, and what its failure is mended by.

use model_sim::{Fault, Profile, Reply, UsageReport};
use rstest::rstest;

use super::{LOCAL, Operator, PAID, usual};

#[tokio::test]
async fn reasoning_that_ate_the_cap_names_the_key_and_the_next_check_has_room_for_it() {
    let operator = Operator::at(Profile::Gpt5, &format!("{LOCAL}cap = 100\n")).await;
    let thought = "so it is ".repeat(40);
    operator
        .world
        .model
        .always(move |prompt| usual(prompt).thinking(thought.clone()));
    let first = operator.check(&[]).await;
    first.is_good(false).says(
        "WRONG",
        "[model]: its thoughts used up the whole cap of 100 tokens, and nothing was left for the reply. Raise cap in [model]; \
         from now on replies have room for 100 tokens of thinking",
    );
    let second = operator.check(&[]).await;
    second
        .is_good(true)
        .says("ok", "answers a real request")
        .says(
            "note",
            "it thinks before it speaks: replies have room for 100 tokens of thinking",
        );
}

#[rstest]
#[case::a_wrong_key(Fault::Authentication, "did not accept the API key")]
#[case::no_such_model(Fault::ModelMissing, "has no model named `sim-1`")]
#[case::no_credit(Fault::OutOfCredit, "has no credit left")]
#[case::overloaded(Fault::Overloaded, "is overloaded")]
#[case::a_web_page(Fault::Html, "Check base_url")]
#[case::too_long(Fault::ContextTooLong, "Set the model's context_window")]
#[case::a_gateway(cloudflare(), "A web page of Cloudflare answers")]
#[tokio::test]
async fn a_failure_is_told_once_with_what_mends_it(#[case] fault: Fault, #[case] mend: &str) {
    let operator = Operator::at(Profile::Strict, LOCAL).await;
    operator
        .world
        .model
        .always(move |_| Reply::fault(fault.clone()));
    let checked = operator.check(&[]).await;
    checked.is_good(false).says("WRONG", mend);
    assert_eq!(checked.text.matches(mend).count(), 1, "{}", checked.text);
    assert_eq!(
        operator.world.model.generations().len(),
        1,
        "no reading where no reply came"
    );
}

fn cloudflare() -> Fault {
    Fault::Status {
        status: 403,
        content_type: "text/html; charset=UTF-8",
        body: "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Cloudflare</body></html>"
            .to_owned(),
    }
}

#[tokio::test]
async fn an_endpoint_that_is_down_is_told_once() {
    let mut operator = Operator::at(Profile::Strict, LOCAL).await;
    operator.write("http://127.0.0.1:9/v1", LOCAL);
    let checked = operator.check(&[]).await;
    checked.is_good(false).says("WRONG", "connection refused");
    assert_eq!(checked.text.matches("connection refused").count(), 1);
}

#[tokio::test]
async fn an_answer_that_is_empty_or_declined_is_no_answer() {
    let operator = Operator::at(Profile::Strict, LOCAL).await;
    operator.world.model.queue(Reply::text(" "));
    let empty = operator.check(&[]).await;
    empty.is_good(false).says("WRONG", "the answer is empty");
    operator.world.model.queue(Reply::text("").declining());
    let declined = operator.check(&[]).await;
    declined
        .is_good(false)
        .says("WRONG", "a filter behind it, declined (content_filter)");
}

#[tokio::test]
async fn usage_that_is_not_told_is_named_with_what_it_comes_to() {
    let operator = Operator::at(Profile::Strict, PAID).await;
    operator
        .world
        .model
        .always(|prompt| usual(prompt).usage(UsageReport::Missing));
    let checked = operator.check(&["--paid"]).await;
    checked
        .is_good(true)
        .says("note", "[model]: it tells no usage, so every reply counts with all that was set aside for it, as this one did (");
}

#[tokio::test]
async fn a_model_that_makes_no_notes_of_talk_is_named() {
    let operator = Operator::at(Profile::Strict, LOCAL).await;
    operator.world.model.say("Hello!");
    let checked = operator.check(&[]).await;
    checked
        .is_good(true)
        .says("note", "[model]: what it makes of talk is no note");
}
