//! The program itself: a process, a configuration file, signals, files.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;

use discord_sim::state::StoredMessage;
use model_sim::{Chunks, Fault, Reply};
use tokio::process::{Child, Command};
use tokio::time::{Instant, timeout};

use crate::world::{SOON, World};

/// A world whose bot is a process of its own.
struct Running {
    world: World,
    process: Child,
}

pub fn familiar(file: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_familiar"));
    command
        .arg("--config")
        .arg(file)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

/// Writes the configuration of this world as a file.
pub fn written(world: &World) -> PathBuf {
    let data = &world.config.instance.data;
    let text = format!(
        "[instance]\ndata = {data:?}\ndefault_persona = \"orla\"\n\
         [discord]\ntoken_env = \"TEST_TOKEN\"\nhttp_proxy = \"{}\"\ngateway = \"{}\"\n\
         [model]\nprovider = \"sim\"\nmodel = \"sim-1\"\nbase_url = \"{}\"\ncontext_window = 8192\nmax_output = 1000\n\
         caps_certified = true\nplain_replies = true\nprice = {{ input = 1.0, output = 2.0 }}\n",
        world.sim.base_url(),
        world.sim.gateway_url(),
        world.model.openai_url(),
    );
    let file = data.join("familiar.toml");
    std::fs::write(&file, text).unwrap();
    file
}

impl Running {
    async fn new() -> Self {
        let world = World::without_bot(World::discord(), |_| {}).await;
        let file = written(&world);
        let process = familiar(&file)
            .arg("run")
            .env("TEST_TOKEN", world.sim.token())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        world.sim.wait_ready(SOON).await.unwrap();
        world.sim.wait_for_commands(SOON).await.unwrap();
        Self { world, process }
    }

    /// Ada calls; returns once the beginning of an answer can be read.
    async fn begun(&self, text: &str) -> StoredMessage {
        let World {
            ada, channel, sim, ..
        } = &self.world;
        ada.say(channel, &format!("{} {text}", sim.bot_mention()))
            .unwrap();
        sim.wait_for_message(channel, |m| m.by_bot() && !m.text().is_empty(), SOON)
            .await
            .unwrap()
    }

    fn signal(&self, name: &str) {
        let id = self.process.id().unwrap().to_string();
        assert!(
            std::process::Command::new("kill")
                .args(["-s", name, &id])
                .status()
                .unwrap()
                .success()
        );
    }

    async fn ended(&mut self) -> ExitStatus {
        timeout(Duration::from_secs(12), self.process.wait())
            .await
            .expect("it does not end")
            .unwrap()
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_stop_in_the_middle_of_a_slow_reply_keeps_what_was_shown_and_posts_the_hold() {
    let mut running = Running::new().await;
    let story: String = (0..200).map(|n| format!("word{n} ")).collect();
    running.world.model.queue(
        Reply::text(story)
            .chunks(Chunks::Words)
            .every(Duration::from_millis(200)),
    );
    let begun = running.begun("a long story, please").await;
    let stopping = Instant::now();
    running.signal("TERM");
    let status = running.ended().await;
    assert!(status.success(), "{status}");
    assert!(
        stopping.elapsed() < Duration::from_secs(10),
        "{:?}",
        stopping.elapsed()
    );
    let stands = running.world.channel.message(begun.message.id).unwrap();
    assert!(
        stands.text().starts_with("word0 word1"),
        "{}",
        stands.text()
    );
    assert!(
        stands.text().contains("-# The connection broke off here."),
        "{}",
        stands.text()
    );
    // The next run finds nothing open: what the reply may have cost is posted.
    running.world.start().await;
    let view = running.world.budget(&running.world.ada).await;
    let all = view
        .windows
        .iter()
        .map(|window| window.usd.pending)
        .sum::<i64>();
    assert_eq!(all, 0);
    assert_eq!(view.replies.len(), 1);
    assert!(
        view.replies[0].input.is_none() && view.replies[0].tokens > 1_000,
        "{:?}",
        view.replies
    );
    assert_eq!(
        running.world.model.generations().len(),
        1,
        "what was cut off and shown is not answered again"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_stop_lets_a_short_reply_finish() {
    let mut running = Running::new().await;
    running.world.model.queue(
        Reply::text("One two three four.")
            .chunks(Chunks::Words)
            .over(Duration::from_secs(2)),
    );
    let begun = running.begun("count").await;
    running.signal("TERM");
    assert!(running.ended().await.success());
    let stands = running.world.channel.message(begun.message.id).unwrap();
    assert!(
        stands.text().starts_with("One two three four."),
        "{}",
        stands.text()
    );
    assert!(!stands.text().contains("broke off"));
}

#[cfg(unix)]
#[tokio::test]
async fn after_a_kill_the_hold_is_posted_in_full_and_the_message_answered_once() {
    let mut running = Running::new().await;
    running.world.model.queue(Reply::fault(Fault::Hang));
    let World {
        ada, channel, sim, ..
    } = &running.world;
    ada.say(channel, &format!("{} are you there?", sim.bot_mention()))
        .unwrap();
    let asked = async {
        while running.world.model.generations().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(SOON, asked).await.unwrap();
    running.signal("KILL");
    running.ended().await;
    running.world.model.say("Here.");
    running.world.start().await;
    let said = |m: &StoredMessage| m.by_bot() && m.text().contains("Here.");
    running
        .world
        .sim
        .wait_for_message(&running.world.channel, said, SOON)
        .await
        .unwrap();
    running.world.ask("good").await;
    let view = running.world.budget(&running.world.ada).await;
    assert_eq!(view.replies.len(), 3, "{:?}", view.replies);
    let cut_off: Vec<_> = view
        .replies
        .iter()
        .filter(|reply| reply.input.is_none())
        .collect();
    assert!(
        cut_off.len() == 1 && cut_off[0].tokens > 1_000,
        "{cut_off:?}"
    );
    assert!(view.windows.iter().all(|window| window.usd.pending == 0));
    running.world.stop().await;
    assert_eq!(running.world.spoken_in(&running.world.channel).len(), 2);
}

#[cfg(unix)]
#[tokio::test]
async fn a_reply_that_a_kill_cut_off_is_taken_back_and_given_once() {
    let mut running = Running::new().await;
    let story: String = (0..200).map(|n| format!("word{n} ")).collect();
    running.world.model.queue(
        Reply::text(story)
            .chunks(Chunks::Words)
            .every(Duration::from_millis(100)),
    );
    let begun = running.begun("a long story, please").await;
    running.signal("KILL");
    running.ended().await;
    running.world.model.say("Here it is.");
    running.world.start().await;
    let said = |m: &StoredMessage| m.by_bot() && m.text().contains("Here it is.");
    let World { sim, channel, .. } = &running.world;
    sim.wait_for_message(channel, said, SOON).await.unwrap();
    assert!(
        channel.message(begun.message.id).is_none(),
        "the half message stays"
    );
    running.world.stop().await;
    assert_eq!(running.world.spoken_in(&running.world.channel).len(), 1);
}

async fn output(command: &mut Command) -> Output {
    timeout(SOON, command.output()).await.unwrap().unwrap()
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[tokio::test]
async fn check_says_that_all_is_well_or_what_is_wrong_and_how_to_mend_it() {
    let world = World::without_bot(World::discord(), |_| {}).await;
    world.model.serve_models(&["sim-1"]);
    let file = written(&world);
    let well = output(
        familiar(&file)
            .arg("check")
            .env("TEST_TOKEN", world.sim.token()),
    )
    .await;
    assert!(well.status.success(), "{}", said(&well));
    assert!(
        said(&well).contains("Everything is in order"),
        "{}",
        said(&well)
    );
    let wrong = output(
        familiar(&file)
            .arg("check")
            .env("TEST_TOKEN", "MTIz.wrong.token"),
    )
    .await;
    assert!(!wrong.status.success());
    assert!(
        said(&wrong).contains("WRONG") && said(&wrong).contains("Reset Token"),
        "{}",
        said(&wrong)
    );
    assert!(!said(&wrong).contains("MTIz.wrong.token"));
    world
        .guild
        .set_bot_permissions(twilight_model::guild::Permissions::VIEW_CHANNEL);
    let less = output(
        familiar(&file)
            .arg("check")
            .env("TEST_TOKEN", world.sim.token()),
    )
    .await;
    assert!(
        said(&less).contains("Manage Webhooks") && said(&less).contains("home"),
        "{}",
        said(&less)
    );
    assert!(!less.status.success());
}

#[tokio::test]
async fn a_run_with_a_wrong_token_ends_with_one_sentence() {
    let world = World::without_bot(World::discord(), |_| {}).await;
    let run = output(
        familiar(&written(&world))
            .arg("run")
            .env("TEST_TOKEN", "MTIz.wrong.token"),
    )
    .await;
    assert!(!run.status.success());
    assert!(
        said(&run).contains("does not accept the bot's token") && !said(&run).contains("MTIz"),
        "{}",
        said(&run)
    );
    let none = output(
        familiar(&written(&world))
            .arg("run")
            .env_remove("TEST_TOKEN"),
    )
    .await;
    assert!(
        said(&none).contains("set the environment variable TEST_TOKEN"),
        "{}",
        said(&none)
    );
}

#[tokio::test]
async fn a_card_that_is_no_card_is_refused_and_a_real_one_comes_out_as_it_went_in() {
    let world = World::without_bot(World::discord(), |_| {}).await;
    let (file, folder) = (written(&world), world.config.instance.data.clone());
    let import = |card: PathBuf| {
        let mut command = familiar(&file);
        command.args(["persona", "import"]).arg(card);
        command
    };
    for (name, bytes) in [
        ("shopping.json", &b"{\"milk\": 2}"[..]),
        ("not.png", b"\x89PNG\r\n\x1a\nnope"),
        ("empty", b""),
    ] {
        let card = folder.join(name);
        std::fs::write(&card, bytes).unwrap();
        let refused = output(&mut import(card)).await;
        assert!(!refused.status.success());
        assert!(
            said(&refused).contains(&format!("{name} is no card that I can use")),
            "{}",
            said(&refused)
        );
        assert_eq!(
            said(&refused).trim().lines().count(),
            1,
            "{}",
            said(&refused)
        );
    }
    // Odd spacing, unknown keys and key order are somebody's own: they come out again.
    let text = "{ \"spec\":\"chara_card_v2\",\"spec_version\":\"2.0\",\n  \"data\": { \"name\": \"Zed\", \"zz\": [1,  2],\
                \"description\": \"caf\\u00e9\", \"first_mes\": \"Hi.\", \"personality\": \"\", \"scenario\": \"\",\
                \"mes_example\": \"\", \"extensions\": {\"other/tool\": {\"b\": 1, \"a\": 2}} } }\n";
    let card = folder.join("zed.json");
    std::fs::write(&card, text).unwrap();
    let taken = output(&mut import(card)).await;
    assert!(
        taken.status.success() && said(&taken).contains("Zed (zed) is here"),
        "{}",
        said(&taken)
    );
    let out = folder.join("out.json");
    let export = output(familiar(&file).args(["persona", "export", "zed"]).arg(&out)).await;
    assert!(export.status.success(), "{}", said(&export));
    assert_eq!(std::fs::read_to_string(&out).unwrap(), text);
    let again = output(familiar(&file).args(["persona", "export", "zed"]).arg(&out)).await;
    assert!(
        !again.status.success() && said(&again).contains("name another file"),
        "{}",
        said(&again)
    );
}

#[tokio::test]
async fn a_database_that_cannot_be_used_is_said_in_one_sentence_and_left_as_it_is() {
    let world = World::without_bot(World::discord(), |_| {}).await;
    let file = written(&world);
    let database = familiar::setup::database(&world.config);
    let garbage = b"this is a shopping list and has been one for many years".repeat(200);
    std::fs::write(&database, &garbage).unwrap();
    let run = output(
        familiar(&file)
            .arg("run")
            .env("TEST_TOKEN", world.sim.token()),
    )
    .await;
    assert!(!run.status.success());
    assert!(said(&run).contains("familiar.db"), "{}", said(&run));
    assert_eq!(said(&run).trim().lines().count(), 1, "{}", said(&run));
    assert_eq!(std::fs::read(&database).unwrap(), garbage);
    assert!(world.sim.requests().is_empty(), "it does not connect");
}
