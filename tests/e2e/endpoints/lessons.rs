//! What an endpoint has taught stays known, and changes nothing of what people read.

use std::sync::atomic::{AtomicUsize, Ordering};

use model_sim::{Profile, Reply};
use rstest::rstest;

use super::{REPLY, at, settled};

#[rstest]
#[case::one_field_at_a_time(Profile::Gpt5)]
#[case::the_system_role(Profile::Gemma3)]
#[case::the_key_of_a_header(Profile::AzureDeployment)]
#[case::a_template(Profile::LlamaCpp)]
#[case::a_first_event(Profile::LocalAi)]
#[case::anthropics_temperature(Profile::AnthropicOpus)]
#[tokio::test]
async fn what_was_learned_outlasts_a_restart(#[case] profile: Profile) {
    let mut world = at(profile).await;
    assert_eq!(world.ask("hello").await.words(), REPLY);
    let refused = world.model.refusals().len();
    assert!(refused > 0, "{profile} has something to teach");
    world.restart().await;
    assert_eq!(world.ask("how is the harbour?").await.words(), REPLY);
    let repeated: Vec<_> = world.model.refusals().split_off(refused);
    let reads = |text: &String| text.contains(super::READING);
    // A consolidation has fields of its own to learn about.
    let again = repeated
        .iter()
        .map(crate::world::text_of)
        .filter(|text| !reads(text));
    assert_eq!(again.count(), 0, "{repeated:#?}");
}

/// The system text reaches the model wherever the endpoint lets it stand.
#[rstest]
#[case::o1_mini(Profile::O1Mini)]
#[case::gemma_3(Profile::Gemma3)]
#[case::llama_cpp_old(Profile::LlamaCppOld)]
#[case::llama_cpp(Profile::LlamaCpp)]
#[case::local_ai(Profile::LocalAi)]
#[case::vllm_old(Profile::VllmOld)]
#[case::tgi(Profile::Tgi)]
#[tokio::test]
async fn a_persona_is_itself_where_no_system_message_is_taken(#[case] profile: Profile) {
    let world = at(profile).await;
    world.model.always(|prompt| {
        let orla = prompt.system.is_empty() && prompt.messages[0].1.contains("Orla");
        Reply::text(if orla { REPLY } else { "Who am I?" })
    });
    assert_eq!(world.ask("hello").await.words(), REPLY);
}

#[tokio::test]
async fn a_cap_that_the_thought_has_eaten_leaves_room_for_it_the_next_time() {
    let world = crate::world::World::at(Profile::Gpt5, |config| {
        let model = config.model.as_mut().unwrap();
        model.max_output = 4000;
    })
    .await;
    let thought = "so it is ".repeat(200);
    let asked = AtomicUsize::new(0);
    world.model.always(move |_| {
        asked.fetch_add(1, Ordering::Relaxed);
        Reply::text(REPLY).thinking(thought.clone())
    });
    let eaten = world.ask("hello").await;
    assert_ne!(eaten.words(), REPLY);
    assert!(!eaten.text().is_empty(), "a line says what happened");
    let later = world.ask("once more?").await;
    assert_eq!(later.words(), REPLY, "{}", later.text());
    let (posted, billed) = settled(&world, 2).await;
    assert_eq!(posted, billed);
}
