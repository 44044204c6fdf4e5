//! Replies are sampled against repetition where a server has samplers for that, and nothing else is.

use std::time::Duration;

use model_sim::{Profile, Prompt, Reply};
use rstest::rstest;
use serde_json::Value;

use crate::world::{SOON, World};

/// What stands at the head of a consolidation's prompt.
const READING: &str = "You keep the notes";
/// Everything that Familiar asks local servers for and OpenAI does not have.
const SPECIAL: [&str; 8] = [
    "repeat_penalty",
    "repetition_penalty",
    "repeat_last_n",
    "repetition_penalty_range",
    "dry_multiplier",
    "dry_base",
    "dry_allowed_length",
    "dry_penalty_last_n",
];

/// A model on the operator's own machine behind an endpoint like this one; talk is read after four turns.
async fn own(profile: Profile) -> World {
    let world = World::at(profile, |config| {
        config.memory.consolidate_every = 4;
        let model = config.model.as_mut().unwrap();
        model.local = true;
        model.price = None;
    })
    .await;
    world.model.always(usual);
    world
}

/// Whether it is a consolidation. The system text may stand in the first turn.
fn reads(body: &Value) -> bool {
    body["messages"].to_string().contains(READING)
}

fn usual(prompt: &Prompt) -> Reply {
    match reads(&prompt.body) {
        true => Reply::text(r#"{"summary": "Ada told Orla about the harbour.", "facts": []}"#),
        false => Reply::text("A fresh breeze today."),
    }
}

/// The fields of a request that are among these.
fn those_of<'a>(body: &Value, names: &[&'a str]) -> Vec<&'a str> {
    let names = names.iter().copied();
    names.filter(|name| !body[name].is_null()).collect()
}

/// The bodies of all generations that were asked for.
fn asked(world: &World) -> Vec<Value> {
    let asked = world.model.generations().into_iter();
    asked.map(|asked| asked.body).collect()
}

/// Waits for a consolidation, and gives its request.
async fn reading(world: &World) -> Value {
    let found = async {
        loop {
            if let Some(found) = asked(world).into_iter().find(reads) {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(SOON, found).await.unwrap()
}

#[rstest]
#[case::llama_cpp(Profile::LlamaCpp)]
#[case::llama_cpp_old(Profile::LlamaCppOld)]
#[case::lm_studio(Profile::LmStudio)]
#[case::local_ai(Profile::LocalAi)]
#[case::koboldcpp(Profile::KoboldCpp)]
#[case::ollama(Profile::Ollama)]
#[case::vllm(Profile::Vllm)]
#[case::vllm_old(Profile::VllmOld)]
#[case::tgi(Profile::Tgi)]
#[tokio::test]
async fn replies_of_a_local_server_are_sampled_by_all_it_has_and_readings_by_none(
    #[case] profile: Profile,
) {
    let world = own(profile).await;
    for said in ["hello", "how is the harbour?"] {
        assert_eq!(world.ask(said).await.words(), "A fresh breeze today.");
    }
    let sent = asked(&world);
    let reply = sent.iter().rfind(|body| !reads(body)).unwrap();
    let wanted: Vec<&str> = SPECIAL
        .into_iter()
        .filter(|name| profile.samples().contains(name))
        .collect();
    assert_eq!(those_of(reply, &wanted), wanted);
    let near = |name: &str, value: f64| (reply[name].as_f64().unwrap() - value).abs() < 1e-6;
    assert!(near("temperature", 0.8));
    assert!(
        wanted.is_empty()
            || wanted.iter().all(|name| match *name {
                "repeat_penalty" | "repetition_penalty" => near(name, 1.1),
                "repeat_last_n" => near(name, 512.0),
                _ => true,
            })
    );
    let reading = reading(&world).await;
    assert_eq!(those_of(&reading, &SPECIAL), [""; 0]);
    assert_eq!(reading["temperature"], 0.0);
}

#[tokio::test]
async fn an_answer_with_what_somebody_told_may_say_it_again() {
    let world = own(Profile::LlamaCpp).await;
    world.ask("my goose is called Pretzel").await;
    for said in ["the ferry is late", "it rains", "we had soup"] {
        world.ask(said).await;
    }
    world.ask("what is my goose called?").await;
    let prompt = world.last_prompt();
    let (_, told) = prompt.rsplit_once("What you know from ada:").unwrap();
    assert!(told.contains("goose is called Pretzel"), "{told}");
    assert!(!told.contains("soup"), "a small model sees few: {told}");
    let sent = asked(&world);
    let replies: Vec<&Value> = sent.iter().filter(|body| !reads(body)).collect();
    let number = |body: &Value, name: &str| (body[name].as_f64().unwrap() * 10.0).round() / 10.0;
    let [first, .., last] = replies.as_slice() else {
        panic!("{} replies", replies.len());
    };
    let sampled = ["temperature", "repeat_penalty", "dry_allowed_length"];
    assert_eq!(sampled.map(|name| number(first, name)), [0.8, 1.1, 2.0]);
    assert_eq!(sampled.map(|name| number(last, name)), [0.5, 1.0, 8.0]);
    world.ask("the ferry is here").await;
    let sent = asked(&world);
    let after = sent.iter().rfind(|body| !reads(body)).unwrap();
    assert_eq!(sampled.map(|name| number(after, name)), [0.8, 1.1, 2.0]);
}

#[tokio::test]
async fn a_strict_server_refuses_one_request_and_is_never_asked_again() {
    let mut world = own(Profile::Groq).await;
    assert_eq!(world.ask("hello").await.words(), "A fresh breeze today.");
    let sent = asked(&world);
    let refused = world.model.refusals();
    assert_eq!((refused.len(), sent.len()), (1, 1), "a lesson and a reply");
    assert_eq!(those_of(&refused[0].body, &SPECIAL), SPECIAL);
    assert_eq!(those_of(&sent[0], &SPECIAL), [""; 0]);
    assert!(!sent[0]["temperature"].is_null());
    world.restart().await;
    world.ask("how is the harbour?").await;
    assert_eq!(world.model.refusals().len(), 1, "it is kept on disk");
}

#[rstest]
#[case::gpt_5(Profile::Gpt5)]
#[case::azure(Profile::AzureV1)]
#[case::gemini(Profile::Gemini)]
#[case::groq(Profile::Groq)]
#[case::deepseek(Profile::DeepSeek)]
#[case::mistral(Profile::Mistral)]
#[case::xai(Profile::Xai)]
#[case::openrouter(Profile::OpenRouter)]
#[case::anthropic(Profile::Anthropic)]
#[tokio::test]
async fn a_hosted_model_is_asked_for_none_of_them(#[case] profile: Profile) {
    let world = World::at(profile, |_| {}).await;
    world.model.always(usual);
    assert_eq!(world.ask("hello").await.words(), "A fresh breeze today.");
    for body in asked(&world) {
        assert_eq!(those_of(&body, &SPECIAL), [""; 0]);
        let openais = [
            "temperature",
            "top_p",
            "frequency_penalty",
            "presence_penalty",
        ];
        assert_eq!(those_of(&body, &openais), [""; 0]);
    }
}
