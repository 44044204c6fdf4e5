//! A person says hello at each of them, and once more; the talk is read; the books are right.

use model_sim::Profile;
use rstest::rstest;

use super::{REPLY, at, settled};

/// Two replies and a consolidation.
const CALLS: usize = 3;
/// A thought is looked for by its beginning.
const GLIMPSE: usize = 12;

#[rstest]
#[case::strict(Profile::Strict)]
#[case::gpt_5(Profile::Gpt5)]
#[case::o1_mini(Profile::O1Mini)]
#[case::litellm(Profile::LiteLlm)]
#[case::azure_deployment(Profile::AzureDeployment)]
#[case::azure_v1(Profile::AzureV1)]
#[case::gemini(Profile::Gemini)]
#[case::gemma_3(Profile::Gemma3)]
#[case::groq(Profile::Groq)]
#[case::cerebras(Profile::Cerebras)]
#[case::deepseek(Profile::DeepSeek)]
#[case::moonshot(Profile::Moonshot)]
#[case::mistral(Profile::Mistral)]
#[case::xai(Profile::Xai)]
#[case::openrouter(Profile::OpenRouter)]
#[case::ollama(Profile::Ollama)]
#[case::llama_cpp_old(Profile::LlamaCppOld)]
#[case::llama_cpp(Profile::LlamaCpp)]
#[case::lm_studio(Profile::LmStudio)]
#[case::local_ai(Profile::LocalAi)]
#[case::koboldcpp(Profile::KoboldCpp)]
#[case::vllm(Profile::Vllm)]
#[case::vllm_old(Profile::VllmOld)]
#[case::tgi(Profile::Tgi)]
#[case::anthropic(Profile::Anthropic)]
#[case::anthropic_opus(Profile::AnthropicOpus)]
#[case::anthropic_vendor(Profile::AnthropicVendor)]
#[tokio::test]
async fn people_get_their_replies_the_talk_is_read_and_the_ledger_posts_what_was_billed(
    #[case] profile: Profile,
) {
    let world = at(profile).await;
    for said in ["hello", "how is the harbour?"] {
        let answer = world.ask(said).await;
        let refused = world.model.refusals();
        assert_eq!(
            answer.words(),
            REPLY,
            "{said} → {}; {refused:#?}",
            answer.text()
        );
    }
    let (posted, billed) = settled(&world, CALLS).await;
    assert_eq!(
        world.model.bills().len(),
        CALLS,
        "nothing is asked twice that ran"
    );
    if profile.tells_usage() {
        assert_eq!(posted, billed);
    } else {
        // All that was set aside: more than was billed, and never less.
        assert!(posted.tokens > billed.tokens, "{posted:?}");
    }

    let refused = world.model.refusals().len();
    assert_eq!(world.ask("and the wind?").await.words(), REPLY);
    assert_eq!(
        world.model.refusals().len(),
        refused,
        "what was refused is sent again"
    );

    let thought: String = profile.thought().chars().take(GLIMPSE).collect();
    let shown = world.sim.transcript();
    assert!(thought.is_empty() || !shown.contains(&thought), "{shown}");
}
