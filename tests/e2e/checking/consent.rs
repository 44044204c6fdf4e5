//! What is free is asked at once; what costs is asked only after a yes.

use model_sim::Profile;
use tokio::process::Command;

use super::{LOCAL, OWN, Operator, PAID};

/// Runs a program in a terminal of its own where somebody types this line as soon as they are asked. Prints what is on the
/// screen in the end.
const TERMINAL: &str = "import os, pty, sys
pid, screen = pty.fork()
if pid == 0: os.execv(sys.argv[2], sys.argv[2:])
seen, typed = b'', False
while True:
    try: piece = os.read(screen, 4096)
    except OSError: break
    if not piece: break
    seen += piece
    if b'[y/N]' in seen and not typed:
        typed = True
        os.write(screen, sys.argv[1].encode() + b'\\n')
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))";

/// Checks at a terminal, and types this when asked.
pub(super) async fn at_a_terminal(
    operator: &Operator,
    options: &[&str],
    typed: &str,
) -> (bool, String) {
    let output = Command::new("python3")
        .args(["-c", TERMINAL, typed, env!("CARGO_BIN_EXE_familiar")])
        .arg("--config")
        .arg(&operator.file)
        .arg("check")
        .args(options)
        .env("TEST_TOKEN", operator.world.sim.token())
        .output()
        .await
        .unwrap();
    let screen = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.success(), screen)
}

#[tokio::test]
async fn a_free_model_is_asked_without_a_question() {
    let operator = Operator::at(Profile::Strict, LOCAL).await;
    let checked = operator.check(&[]).await;
    checked
        .is_good(true)
        .says(
            "ok",
            "[model]: sim-1 at sim answers a real request, the first words after",
        )
        .says("ok", "[model]: it reads talk into notes")
        .says("ok", "; free (");
    assert_eq!(operator.world.model.bills().len(), 2);
}

#[tokio::test]
async fn the_real_request_has_the_fields_of_a_reply() {
    let operator = Operator::at(Profile::Vllm, OWN).await;
    operator.check(&[]).await.is_good(true);
    let asked = operator.world.model.generations();
    let (reply, reading) = (&asked[0].body, &asked[1].body);
    let roles: Vec<_> = reply["messages"].as_array().unwrap().iter().collect();
    let roles: Vec<_> = roles.iter().map(|message| &message["role"]).collect();
    assert_eq!(roles, ["system", "user", "assistant", "user"]);
    assert_eq!(reply["max_tokens"], 400, "the cap of a reply");
    assert!((reply["temperature"].as_f64().unwrap() - 0.8).abs() < 1e-6);
    assert_eq!(reply["stop"], serde_json::json!(["\nAda:"]));
    assert_eq!(reply["stream_options"]["include_usage"], true);
    assert!((reply["repetition_penalty"].as_f64().unwrap() - 1.1).abs() < 1e-6);
    assert_eq!(reply["dry_allowed_length"], 2);
    assert_eq!(reading["temperature"], 0.0);
    assert!(reading["repetition_penalty"].is_null() && reading["dry_multiplier"].is_null());
    assert_eq!(reading["response_format"]["type"], "json_schema");
}

#[tokio::test]
async fn a_paid_model_is_not_asked_without_a_yes() {
    let operator = Operator::at(Profile::Strict, PAID).await;
    let checked = operator.check(&[]).await;
    checked
        .is_good(true)
        .says(
            "note",
            "[model]: no real request was made, since one costs up to $0.0",
        )
        .says("note", "`familiar check --paid` makes it")
        .says("ok", "[model]: its endpoint lists sim-1 at sim");
    let (good, screen) = at_a_terminal(&operator, &[], "").await;
    assert!(good, "{screen}");
    assert!(screen.contains("costs at most $0.0"), "{screen}");
    assert!(screen.contains("Ask it now? [y/N]"), "{screen}");
    assert!(screen.contains("no real request was made"), "{screen}");
    assert!(operator.world.model.generations().is_empty());
}

#[tokio::test]
async fn a_yes_at_the_terminal_asks_a_paid_model() {
    let operator = Operator::at(Profile::Strict, PAID).await;
    let (good, screen) = at_a_terminal(&operator, &[], "y").await;
    assert!(
        good && screen.contains("answers a real request"),
        "{screen}"
    );
    assert_eq!(operator.world.model.bills().len(), 2);
}

#[tokio::test]
async fn paid_says_yes_and_the_ledger_posts_what_it_has_cost() {
    let operator = Operator::at(Profile::Strict, PAID).await;
    let checked = operator.check(&["--paid"]).await;
    checked
        .is_good(true)
        .says("ok", "[model]: sim-1 at sim answers a real request")
        .omits("[y/N]");
    let bills = operator.world.model.bills();
    assert_eq!(bills.len(), 2);
    let rows = operator.run(&["ledger", "export"]).await;
    let probes = rows.lines().filter(|row| row.contains(",probe,"));
    assert_eq!(
        probes.count(),
        2 * 2,
        "two calls, each in a day and a month: {rows}"
    );
    assert!(
        operator
            .run(&["ledger", "verify"])
            .await
            .contains("Every window")
    );
    let tokens: u64 = bills.iter().map(|bill| bill.input + bill.output).sum();
    assert!(
        operator
            .run(&["ledger", "show"])
            .await
            .contains(&tokens.to_string())
    );
}

#[tokio::test]
async fn a_price_that_is_not_known_is_said_and_nothing_is_asked() {
    let operator = Operator::at(Profile::Strict, "").await;
    let checked = operator.check(&["--paid"]).await;
    checked
        .is_good(false)
        .says("note", "[model]: no real request was made: ")
        .says("WRONG", "[model]: the price of sim-1 at sim is not known");
    assert!(operator.world.model.generations().is_empty());
}
