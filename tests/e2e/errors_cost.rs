//! What an error of the model's endpoint costs a server: what it says of the model, and no more.

use ledger::{Period, ReplyCost, Scope};
use model_sim::{Fault, Reply};

use crate::world::World;

/// The server's posted tokens of the day, what is set aside, and its last reply that cost something.
async fn spent(world: &World) -> (i64, i64, Option<ReplyCost>) {
    let view = world.budget(&world.ada).await;
    let of_guild =
        |w: &&ledger::WindowView| matches!(w.scope, Scope::Guild(_)) && w.period == Period::Day;
    let window = view.windows.iter().find(of_guild).unwrap();
    let last = view.replies.first().cloned();
    (window.tokens.posted, window.tokens.pending, last)
}

async fn shown(world: &World) -> String {
    let told = world.command(&world.ada, &world.channel, "budget show", &[]);
    told.await.text().to_owned()
}

fn status(status: u16) -> Fault {
    Fault::Status {
        status,
        content_type: "application/json",
        body: r#"{"error": {"message": "no"}}"#.to_owned(),
    }
}

#[tokio::test]
async fn an_answer_that_says_that_the_model_did_not_run_costs_a_server_nothing() {
    for fault in [
        Fault::Overloaded,
        status(529),
        status(402),
        Fault::Redirect("https://example.org/".to_owned()),
        Fault::Html,
        Fault::ErrorInside200,
        Fault::ErrorEvent { after: 0 },
    ] {
        let world = World::new().await;
        world.model.queue(Reply::fault(fault.clone()));
        world.ask("hello").await;
        assert_eq!(world.model.generations().len(), 1, "{fault:?}");
        assert_eq!(spent(&world).await, (0, 0, None), "{fault:?}");
    }
}

#[tokio::test]
async fn a_provider_that_breaks_before_a_token_costs_the_prompts_part_and_the_budget_says_so() {
    let world = World::new().await;
    world.model.queue(Reply::fault(Fault::ServerError));
    world.ask("hello").await;
    let (posted, pending, last) = spent(&world).await;
    let last = last.unwrap();
    assert!(last.prompt_alone && last.input.is_none());
    assert_eq!((posted, pending), (last.tokens, 0));
    // One dollar for a million tokens of the prompt.
    assert_eq!(last.usd.get(), last.tokens * 1_000_000);
    let shown = shown(&world).await;
    assert!(
        shown.contains("what was set aside for the prompt"),
        "{shown}"
    );
}

#[tokio::test]
async fn where_errors_may_be_billed_an_error_costs_all_that_was_set_aside() {
    let change = |config: &mut familiar::config::Config| {
        config.model.as_mut().unwrap().errors_may_be_billed = true;
    };
    for fault in [Fault::Overloaded, Fault::ErrorInside200, Fault::Html] {
        let world = World::with(change).await;
        world.model.queue(Reply::fault(fault.clone()));
        world.ask("hello").await;
        let (posted, pending, last) = spent(&world).await;
        assert!(posted > 0 && pending == 0, "{fault:?}");
        assert!(!last.unwrap().prompt_alone, "{fault:?}");
        let shown = shown(&world).await;
        assert!(shown.contains("all that was set aside"), "{shown}");
    }
    let world = World::with(change).await;
    let slow = Fault::RateLimited { retry_after: None };
    world.model.queue(Reply::fault(slow));
    world.ask("hello").await;
    assert_eq!(spent(&world).await, (0, 0, None));
}
