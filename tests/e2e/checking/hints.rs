//! What an endpoint tells besides: its list of models is a hint, and its window is held against the configuration.

use model_sim::Profile;
use rstest::rstest;

use super::{LOCAL, Operator, PAID};

#[tokio::test]
async fn a_list_without_the_model_is_a_hint_where_the_model_answers_and_counts_where_it_was_not_asked()
 {
    let operator = Operator::at(Profile::KoboldCpp, PAID).await;
    let any = operator.check(&["--paid"]).await;
    any.is_good(true).says("ok", "under any name");

    let operator = Operator::at(Profile::Gpt5, PAID).await;
    // It serves any model, and lists another.
    operator.world.model.serve_models(&[]);
    let asked = operator.check(&["--paid"]).await;
    asked.is_good(true).says(
        "note",
        "[model]: its endpoint does not list `sim-1` (there is sim), and it answers all the same",
    );
    let unasked = operator.check(&[]).await;
    unasked.is_good(false).says(
        "WRONG",
        "[model]: its endpoint does not list `sim-1` (there is sim). Correct the model's name in the configuration.",
    );
}

#[tokio::test]
async fn a_model_that_is_not_there_is_one_fault_with_what_the_list_says_of_it() {
    let operator = Operator::at(Profile::Ollama, PAID).await;
    operator.world.model.unload();
    let unasked = operator.check(&[]).await;
    unasked.is_good(false).says("WRONG", "`ollama pull sim-1`");
    let asked = operator.check(&["--paid"]).await;
    asked
        .is_good(false)
        .says("WRONG", "has no model named `sim-1`")
        .says("note", "`ollama pull sim-1`")
        .says("One thing is wrong.", "");
    operator.world.model.serve_models(&["qwen3"]);
    operator
        .check(&["--paid"])
        .await
        .is_good(false)
        .says("WRONG", "has no model named `sim-1`")
        .says("note", "its endpoint does not list `sim-1`: there is qwen3")
        .says("One thing is wrong.", "");
}

#[tokio::test]
async fn an_endpoint_without_a_list_is_in_order_if_it_answers() {
    let operator = Operator::at(Profile::AnthropicVendor, PAID).await;
    operator
        .check(&["--paid"])
        .await
        .is_good(true)
        .says("note", "[model]: its endpoint lists no models");
    operator
        .check(&[])
        .await
        .is_good(true)
        .says("note", "so that only a reply shows whether it has `sim-1`");
}

#[rstest]
#[case::in_the_list(Profile::Vllm)]
#[case::in_the_list_of_what_is_loaded(Profile::Ollama)]
#[case::in_a_place_of_its_own(Profile::KoboldCpp)]
#[tokio::test]
async fn a_smaller_window_is_named_and_a_larger_one_is_a_note(#[case] profile: Profile) {
    let operator = Operator::at(profile, LOCAL).await;
    operator.world.model.tell_window(4096);
    operator.check(&[]).await.is_good(false).says(
        "WRONG",
        "[model]: context_window = 8192, and the server reads 4096 tokens: longer prompts are refused or cut. Set context_window = 4096",
    );
    operator.world.model.tell_window(32_768);
    operator
        .check(&[])
        .await
        .is_good(true)
        .says("note", "[model]: the server reads 32768 tokens");
    operator.world.model.tell_window(8192);
    operator
        .check(&[])
        .await
        .is_good(true)
        .omits("the server reads");
}
