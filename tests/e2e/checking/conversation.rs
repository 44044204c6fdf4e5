//! `familiar check --talk`: a talk with the operator's model, what is found, what it costs and what it leaves behind.

use std::process::Stdio;
use std::time::Duration;

use familiar::answers::script::{self, Kind, Talk, Turn};
use ledger::{Overview, Period};
use model_sim::{Chunks, Fault, Profile, Prompt, Reply};
use serde_json::json;
use tokio::time::timeout;

use super::budgets::{inside, spend};
use super::consent::at_a_terminal;
use super::{LOCAL, Operator, PAID, READING};
use crate::program::familiar;
use crate::world::SOON;

/// Messages of the short talk with Orla.
const MESSAGES: usize = 13;
/// Readings behind it: facts, and a summary.
const READINGS: usize = 2;

/// What Orla has seen tonight, another thing for each message.
const SEEN: [&str; 25] = [
    "copper kettles",
    "brown geese",
    "a lost glove",
    "green bottles",
    "wet ropes",
    "tin whistles",
    "an old bell",
    "broken oars",
    "yellow coats",
    "empty barrels",
    "paper boats",
    "a grey seal",
    "burnt toast",
    "cold tar",
    "heavy anchors",
    "rusty hinges",
    "slow trawlers",
    "white terns",
    "thin clouds",
    "loud engines",
    "silver nets",
    "odd lanterns",
    "tired pilots",
    "deep swell",
    "quiet moorings",
];

fn orla() -> Talk {
    let script = script::bundled("en").unwrap().unwrap();
    let mut talks = script.talks.into_iter();
    talks.find(|talk| talk.persona == "orla").unwrap()
}

/// Which of the talk's messages is answered: the last one that stands in the prompt's last, where others are recalled too.
fn asked<'a>(talk: &'a Talk, prompt: &Prompt) -> Option<(usize, &'a Turn)> {
    let said = prompt.last_user();
    let turns = talk.turns.iter().enumerate();
    let stands = turns.filter_map(|(at, turn)| Some((said.rfind(&turn.say)?, (at, turn))));
    stands.max_by_key(|(place, _)| *place).map(|(_, turn)| turn)
}

/// What was told, in Orla's voice; and the facts, where these are asked for.
fn good(prompt: &Prompt) -> Reply {
    let talk = orla();
    if prompt.all_text().contains(READING) {
        return Reply::text(facts(&talk, &prompt.all_text()));
    }
    let Some((at, turn)) = asked(&talk, prompt) else {
        return Reply::text("Log, 04:00. Nobody said a thing.");
    };
    let about = match turn.kind {
        Kind::Ask | Kind::Trap => {
            let words: Vec<&str> = turn.needs.iter().map(|group| &*group[0]).collect();
            format!("By your own account it was {}", words.join(" "))
        }
        Kind::False => "You never told me such a thing, and neither did I".to_owned(),
        Kind::Tell | Kind::Talk => "Understood".to_owned(),
    };
    Reply::text(format!(
        "Log, 21:{at:02}. {about}, while {} drifted past the breakwater.",
        SEEN[at]
    ))
}

/// The same voice, and nothing of what was told.
fn forgetful(prompt: &Prompt) -> Reply {
    let at = asked(&orla(), prompt).map_or(0, |(at, _)| at);
    Reply::text(format!(
        "Log, 21:{at:02}. Only {} drifted past the breakwater, nothing besides.",
        SEEN[at]
    ))
}

/// Every told fact with the number of its line.
fn facts(talk: &Talk, prompt: &str) -> String {
    let told = talk.turns.iter().flat_map(|turn| {
        let line = prompt.lines().find(|line| line.contains(&turn.say));
        let number = line.and_then(number);
        let facts = turn.facts.iter();
        facts.filter_map(move |told| {
            Some(json!({"fact": told.text, "about": talk.person, "sources": [number?]}))
        })
    });
    json!({"summary": "Ada and Orla talked through the evening.", "facts": told.collect::<Vec<_>>()}).to_string()
}

/// The first number of a line.
fn number(line: &str) -> Option<i64> {
    let digits = line.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits.find(|c: char| !c.is_ascii_digit())?;
    digits[..end].parse().ok()
}

/// The ledger at a glance.
async fn overview(operator: &Operator) -> Overview {
    inside(operator, async |house| {
        house.ledger.overview().await.unwrap()
    })
    .await
}

#[tokio::test]
async fn a_model_that_uses_what_it_was_told_can_be_a_companion_and_its_spend_stands_in_the_books() {
    let operator = Operator::at(Profile::Strict, PAID).await;
    operator.world.model.always(good);
    let checked = operator.check(&["--talk", "--yes"]).await;
    checked
        .is_good(true)
        .says("message 13 of 13", " s")
        .says("can ", "remember what it was told: 4 of 4 questions")
        .says("can ", "keep its own things and yours apart")
        .says("can ", "keep its voice: 13 of 13 replies sound like Orla")
        .says(
            "can ",
            "stay in the language: 13 of 13 replies are in English",
        )
        .says("can ", "0 of 13 replies say your message back")
        .says("can ", "doubt what nobody said: 0 of 1")
        .says("can ", "read facts out of the talk")
        .says("note", "a reply takes about ")
        .says("note", "and costs about $0.00")
        .says("This model can be a companion.", "")
        .omits("cannot ");
    let bills = operator.world.model.bills();
    assert_eq!(bills.len(), MESSAGES + READINGS);
    let rows = operator.run(&["ledger", "export"]).await;
    let probes = rows.lines().filter(|row| row.contains(",probe,"));
    assert_eq!(probes.count(), 2 * bills.len(), "a day and a month: {rows}");
    assert_eq!(rows.lines().count(), 1 + 2 * bills.len(), "{rows}");
    let tokens: u64 = bills.iter().map(|bill| bill.input + bill.output).sum();
    checked.says("note", &format!("15 calls with {tokens} tokens"));
    let seen = overview(&operator).await;
    let today = seen.own(Period::Day).unwrap();
    assert_eq!(today.tokens.posted, i64::try_from(tokens).unwrap());
    assert_eq!(
        (today.usd.pending, seen.guilds.len(), seen.direct.len()),
        (0, 0, 0)
    );
    operator.run(&["ledger", "verify"]).await;
    remembers_nothing(&operator).await;
}

/// No word of the talk is in the operator's own data.
async fn remembers_nothing(operator: &Operator) {
    let report = inside(operator, async |house| house.store.newest_report().await).await;
    assert!(report.unwrap().is_none());
    let words = ["Marmalade", "breakwater", "tune pianos"];
    for file in std::fs::read_dir(&operator.world.config.instance.data).unwrap() {
        let path = file.unwrap().path();
        if !path.is_file() {
            continue;
        }
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        for word in words {
            assert!(!text.contains(word), "{word} is in {}", path.display());
        }
    }
}

#[tokio::test]
async fn a_model_that_forgets_is_told_to_forget_and_one_that_parrots_tries_the_connection() {
    let operator = Operator::at(Profile::Strict, LOCAL).await;
    operator.world.model.always(forgetful);
    let checked = operator.check(&["--talk"]).await;
    checked
        .is_good(false)
        .says("cannot ", "remember what it was told: 0 of 4 questions")
        .says("can ", "keep its voice: 13 of 13")
        .says(
            "note",
            "to “Quick test of that log of yours: what do I do for work?” it said: Log, 21:14.",
        )
        .says("note", "and is free")
        .says("This model can talk, but forgets what it was told", "");
    operator
        .world
        .model
        .always(|prompt| Reply::text(asked(&orla(), prompt).map_or("", |(_, turn)| &turn.say)));
    operator
        .check(&["--talk"])
        .await
        .is_good(false)
        .says("cannot ", "go on without repeating itself or you")
        .says(
            "This model is good for trying the connection, and no more.",
            "",
        );
}

#[tokio::test]
async fn a_talk_that_is_paid_for_is_not_played_without_a_yes() {
    let operator = Operator::at(Profile::Strict, PAID).await;
    operator
        .check(&["--talk"])
        .await
        .is_good(false)
        .says("note", "nothing was asked, since the talk costs up to $0.")
        .says("note", "`familiar check --talk --yes` plays it");
    let (good, screen) = at_a_terminal(&operator, &["--talk"], "").await;
    assert!(!good, "{screen}");
    for part in [
        "13 replies",
        "cost at most $0.",
        "Play it now? [y/N]",
        "nothing was asked",
    ] {
        assert!(screen.contains(part), "{part}: {screen}");
    }
    assert!(operator.world.model.generations().is_empty());
}

#[tokio::test]
async fn a_model_whose_price_is_not_known_is_not_asked() {
    let operator = Operator::at(Profile::Strict, "").await;
    operator
        .check(&["--talk", "--yes"])
        .await
        .is_good(false)
        .says("WRONG", "the price of sim-1 at sim is not known");
    assert!(operator.world.model.generations().is_empty());
}

#[tokio::test]
async fn a_budget_that_is_used_up_ends_the_talk_with_when_it_opens_and_nothing_is_asked_beyond_it()
{
    let budget = "[budget]\ninstance_day = { usd = 0.012 }\nbackground_stops_below = 0\nshort_replies_below = 0\n";
    let operator = Operator::at(Profile::Strict, &format!("{PAID}{budget}")).await;
    operator.world.model.always(good);
    let checked = operator.check(&["--talk", "--yes"]).await;
    checked
        .is_good(false)
        .says("", "of 13 messages were answered, so there is no verdict: the bot's own budget of the day has no room")
        .says("", "Raise budget.instance_day to go on before")
        .omits("This model");
    let answered = operator.world.model.generations().len();
    assert!((1..MESSAGES).contains(&answered), "{answered}");
    checked.says(&format!("{answered} of 13 messages were answered"), "");
    let seen = overview(&operator).await;
    let today = &seen.own(Period::Day).unwrap().usd;
    assert!(
        today.posted <= today.limit.unwrap() && today.pending == 0,
        "{today:?}"
    );
}

#[tokio::test]
async fn with_a_budget_that_is_used_up_before_no_model_is_asked() {
    let budget = "[budget]\ninstance_day = { usd = 0.01 }\n";
    let operator = Operator::at(Profile::Strict, &format!("{PAID}{budget}")).await;
    inside(&operator, async |house| spend(house, 9_500, 9_500).await).await;
    operator
        .check(&["--talk", "--yes"])
        .await
        .is_good(false)
        .says(
            "0 of 13 messages were answered",
            "Raise budget.instance_day",
        );
    assert!(operator.world.model.generations().is_empty());
}

#[tokio::test]
async fn it_works_beside_a_bot_that_runs_and_says_nothing_there() {
    let operator = Operator::at(Profile::Strict, LOCAL).await;
    operator.world.model.always(good);
    let mut bot = familiar(&operator.file)
        .arg("run")
        .env("TEST_TOKEN", operator.world.sim.token())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    operator.world.sim.wait_ready(SOON).await.unwrap();
    operator
        .check(&["--talk"])
        .await
        .is_good(true)
        .says("This model can be a companion.", "");
    assert_eq!(bot.try_wait().unwrap(), None, "the bot runs on");
    assert!(
        operator
            .world
            .sim
            .messages(&operator.world.channel)
            .is_empty()
    );
    bot.kill().await.unwrap();
    timeout(SOON, bot.wait()).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_model_that_does_not_answer_ends_the_talk_at_once() {
    let operator = Operator::at(Profile::Strict, LOCAL).await;
    operator.world.model.always(|_| {
        Reply::fault(Fault::RateLimited {
            retry_after: Some(90),
        })
    });
    operator
        .check(&["--talk"])
        .await
        .is_good(false)
        .says("0 of 13 messages were answered", "the model did not answer")
        .omits("This model");
    assert_eq!(operator.world.model.generations().len(), 1);
}

#[cfg(unix)]
#[tokio::test]
async fn a_talk_that_is_broken_off_leaves_no_hold_open() {
    let operator = Operator::at(Profile::Strict, PAID).await;
    let story = SEEN.join(", ").repeat(4);
    operator.world.model.always(move |_| {
        let reply = Reply::text(story.clone()).chunks(Chunks::Words);
        reply.every(Duration::from_millis(400))
    });
    let mut command = familiar(&operator.file);
    let mut process = command
        .args(["check", "--talk", "--yes"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let asked = async {
        while operator.world.model.generations().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(SOON, asked).await.unwrap();
    let id = process.id().unwrap().to_string();
    let mut kill = std::process::Command::new("kill");
    assert!(kill.args(["-s", "INT", &id]).status().unwrap().success());
    timeout(SOON, process.wait()).await.unwrap().unwrap();
    let output = process.wait_with_output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!output.status.success(), "{said}");
    assert!(
        said.contains("0 of 13 messages were answered") && said.contains("broken off"),
        "{said}"
    );
    let seen = overview(&operator).await;
    let today = &seen.own(Period::Day).unwrap().usd;
    assert!(today.posted > 0 && today.pending == 0, "{today:?}");
    assert_eq!(operator.world.model.generations().len(), 1);
    remembers_nothing(&operator).await;
}

#[tokio::test]
async fn the_talk_is_in_the_language_and_with_the_persona_that_were_asked_for() {
    let operator = Operator::at(Profile::Strict, LOCAL).await;
    let checked = operator
        .check(&["--talk", "--language", "zh", "--persona", "zhou"])
        .await;
    checked
        .is_good(false)
        .says("小满 talks with ", "in Chinese: ")
        .says("cannot ", "stay in the language: 0 of ");
    operator
        .check(&["--talk", "--persona", "zhou"])
        .await
        .is_good(false)
        .says(
            "familiar: there is no talk with zhou",
            "orla, pogo, idris, vesper",
        );
    let usage = operator.check(&["--language", "zh"]).await;
    usage.is_good(false).says("", "--talk");
}
