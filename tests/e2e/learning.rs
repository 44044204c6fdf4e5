//! Endpoints that refuse a field of every request: people get their reply all the same, and it is learned once.

use chrono::TimeDelta;
use familiar::config::Setting;
use ledger::Scope;
use model_sim::{Fault, Prompt, Reply};
use serde_json::json;

use crate::world::World;

fn refusal(status: u16, body: serde_json::Value) -> Reply {
    Reply::fault(Fault::Status {
        status,
        content_type: "application/json",
        body: body.to_string(),
    })
}

/// As gpt-5 and the o-series refuse, behind a host whose name tells nothing: one parameter at a time.
fn gpt_5(prompt: &Prompt) -> Reply {
    let refused = ["max_tokens", "stop", "temperature"];
    let sent = refused
        .into_iter()
        .find(|field| !prompt.body[field].is_null());
    let Some(param) = sent else {
        return Reply::text("A fresh breeze today.");
    };
    let message = format!("Unsupported parameter: '{param}' is not supported with this model.");
    refusal(
        400,
        json!({"error": {"message": message, "type": "invalid_request_error", "param": param, "code": "unsupported_parameter"}}),
    )
}

/// A hosted model whose endpoint refuses three fields, asked with all of them.
async fn reasoning_world() -> World {
    let world = World::with(|config| {
        if let Some(model) = &mut config.model {
            model.temperature = Setting::Is(0.8);
        }
    })
    .await;
    world.model.always(gpt_5);
    world
}

async fn posted(world: &World) -> i64 {
    let view = world.budget(&world.ada).await;
    let server = view
        .windows
        .iter()
        .find(|window| matches!(window.scope, Scope::Guild(_)));
    server.unwrap().tokens.posted
}

#[tokio::test]
async fn a_model_that_refuses_three_fields_answers_the_first_message() {
    let mut world = reasoning_world().await;
    let answer = world.ask("how is the weather?").await;
    assert_eq!(answer.messages.len(), 1);
    assert_eq!(answer.words(), "A fresh breeze today.");
    assert_eq!(
        world.model.generations().len(),
        4,
        "three lessons and a reply"
    );
    let once = posted(&world).await;

    let answer = world.ask("and tomorrow?").await;
    assert_eq!(answer.words(), "A fresh breeze today.");
    assert_eq!(world.model.generations().len(), 5);
    let prompt = world.last_prompt();
    assert_eq!(
        prompt.matches("A fresh breeze").count(),
        1,
        "remembered once: {prompt}"
    );
    let twice = posted(&world).await;
    assert!(
        once > 0 && twice < once * 3,
        "what was refused costs nothing: {once}, {twice}"
    );

    world.restart().await;
    world.ask("and the day after?").await;
    assert_eq!(
        world.model.generations().len(),
        6,
        "a restart learns nothing again"
    );
    world.stop().await;
    world.later(TimeDelta::days(31));
    world.start().await;
    let answer = world.ask("is it still windy?").await;
    assert_eq!(answer.words(), "A fresh breeze today.");
    assert_eq!(
        world.model.generations().len(),
        10,
        "after some weeks it is tried again"
    );
    let ledger = &world.companion().house().ledger;
    assert_eq!(ledger.verify().await.unwrap(), []);
}

#[tokio::test]
async fn a_chat_template_without_a_system_role_reads_it_in_the_first_message() {
    let world = World::new().await;
    world.model.always(|prompt| match prompt.system.is_empty() {
        true => Reply::text("Ahoy."),
        false => refusal(
            500,
            json!({"error": {"code": 500, "type": "server_error", "message": "\n------------\nWhile executing CallExpression at line 19, column 27 in source:\n...raise_exception(\"System role...\nError: Jinja Exception: System role not supported"}}),
        ),
    });
    let answer = world.ask("hello there").await;
    assert_eq!(answer.words(), "Ahoy.");
    let sent = world.model.generations();
    assert_eq!(sent.len(), 2);
    let first = &sent[1].body["messages"][0];
    assert_eq!(first["role"], "user");
    assert!(
        first["content"].as_str().unwrap().contains("Orla"),
        "{first}"
    );
    let receipt = posted(&world).await;
    assert!(receipt > 0);
    let ledger = &world.companion().house().ledger;
    assert_eq!(ledger.verify().await.unwrap(), []);
}
