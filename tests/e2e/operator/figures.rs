//! `GET /metrics`, asked over a socket and read by somebody else's parser, says what the ledger says.

use std::collections::BTreeMap;
use std::process::Stdio;

use ledger::{Gauge, Period, Scope, Unit, WindowView};
use model_sim::{Fault, Reply, UsageReport};
use prometheus_parse::{Scrape, Value};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::time::timeout;
use twilight_model::guild::Permissions;

use crate::program::{familiar, written};
use crate::world::{SOON, World};

/// What was told, by name and labels as Prometheus writes them.
struct Told {
    text: String,
    numbers: BTreeMap<String, f64>,
}

impl Told {
    fn of(&self, series: &str) -> f64 {
        *self
            .numbers
            .get(series)
            .unwrap_or_else(|| panic!("no {series} in\n{}", self.text))
    }

    fn count(&self, series: &str) -> u64 {
        self.numbers.get(series).map_or(0, |number| *number as u64)
    }
}

async fn scrape(world: &World) -> Told {
    let address = world.figures().await;
    let answer = reqwest::get(format!("http://{address}/metrics"))
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    let kind = answer.headers()["content-type"].to_str().unwrap();
    assert!(kind.starts_with("text/plain; version=0.0.4"), "{kind}");
    let text = answer.text().await.unwrap();
    let lines = text.lines().map(|line| Ok(line.to_owned()));
    let parsed = Scrape::parse(lines).unwrap();
    let mut numbers = BTreeMap::new();
    for sample in parsed.samples {
        let mut labels: Vec<_> = sample
            .labels
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        labels.sort();
        let name = match labels.is_empty() {
            true => sample.metric,
            false => format!("{}{{{}}}", sample.metric, labels.join(",")),
        };
        match sample.value {
            Value::Counter(n) | Value::Gauge(n) | Value::Untyped(n) => {
                numbers.insert(name, n);
            }
            Value::Histogram(buckets) => {
                let all = buckets
                    .iter()
                    .map(|bucket| bucket.count)
                    .fold(0.0, f64::max);
                numbers.insert(format!("{name}_all"), all);
            }
            Value::Summary(_) => panic!("{name} is a summary"),
        }
    }
    Told { text, numbers }
}

fn assert_same(told: &Told, scope: &str, window: &WindowView) {
    let labels = format!("{{period={},scope={scope}}}", window.period);
    for (unit, gauge) in [(Unit::Usd, window.usd), (Unit::Tokens, window.tokens)] {
        let ending = match unit {
            Unit::Usd => "picousd",
            Unit::Tokens => "tokens",
        };
        let Gauge {
            posted, pending, ..
        } = gauge;
        for (name, value) in [("posted", posted), ("pending", pending)] {
            let series = format!("familiar_ledger_{name}_{ending}{labels}");
            assert_eq!(told.of(&series), value as f64, "{series}");
        }
    }
}

#[tokio::test]
async fn the_figures_say_what_the_ledger_says_after_real_turns() {
    let world = World::new().await;
    world.model.say("One.");
    world.ask("a reply that is reported").await;
    world
        .model
        .queue(Reply::text("Two.").usage(UsageReport::Missing));
    world.ask("one whose usage is missing").await;
    world.model.queue(Reply::fault(Fault::Authentication));
    world.ask("one that the endpoint refuses").await;
    world.model.queue(Reply::fault(Fault::ServerError));
    world.ask("one at which the endpoint breaks").await;
    let private = world.ada.dm_channel().unwrap();
    world.model.say("Three.");
    world.say_in(&world.ada, &private, "in private").await;
    world.channel.deny_bot(Permissions::MANAGE_WEBHOOKS);
    world.channel.delete_webhooks();
    world.model.say("Four.");
    world.ask("by the bot's account").await;
    let told = scrape(&world).await;

    let view = world.budget(&world.ada).await;
    for window in &view.windows {
        match window.scope {
            Scope::Instance => assert_same(&told, "instance", window),
            Scope::Guild(_) => assert_same(&told, "guild", window),
            _ => {}
        }
    }
    let own = |period| {
        let mut all = view.windows.iter();
        all.find(|w| w.scope == Scope::Instance && w.period == period)
            .unwrap()
    };
    assert!(own(Period::Day).usd.posted > 0);
    assert_eq!(
        told.of("familiar_ledger_limit_picousd{period=day,scope=instance}"),
        own(Period::Day).usd.limit.unwrap() as f64
    );
    for period in Period::ALL {
        let posted = |scope| {
            told.of(&format!(
                "familiar_ledger_posted_tokens{{period={period},scope={scope}}}"
            ))
        };
        assert_eq!(posted("guild") + posted("user"), posted("instance"));
        assert!(posted("user") > 0.0);
    }

    assert_eq!(told.count("familiar_ledger_holds_admitted_total"), 6);
    let closed = |end| told.count(&format!("familiar_ledger_holds_closed_total{{end={end}}}"));
    assert_eq!(
        ["settled", "posted_full", "posted_input", "void"].map(closed),
        [3, 1, 1, 1]
    );
    assert_eq!(told.count("familiar_replies_total{form=full}"), 6);
    assert_eq!(told.count("familiar_replies_shrunk_total"), 0);
    assert_eq!(told.count("familiar_webhook_fallbacks_total"), 1);
    assert_eq!(told.of("familiar_reply_first_words_seconds_count"), 6.0);
    assert_eq!(told.of("familiar_ledger_active_guilds"), 1.0);
    let started = told.of("process_start_time_seconds") as i64;
    assert_eq!(started, store::clock::Clock::now(&*world.clock).timestamp());
}

#[tokio::test]
async fn what_shrinks_and_what_is_refused_is_counted_by_its_reason() {
    let world = World::new().await;
    let by = world.guild.owner.id.get().into();
    world
        .model
        .always(|_| Reply::text("Hm.").usage(UsageReport::Missing));
    world.ask("what do I cost?").await;
    let full = scrape(&world)
        .await
        .of("familiar_ledger_posted_tokens{period=day,scope=guild}") as i64;
    let ledger = &world.companion().house().ledger;
    let guild = Scope::Guild(world.guild.id.get().into());
    let limit = Some(2 * full - 100);
    ledger
        .set_limit(guild, Period::Day, Unit::Tokens, limit, by)
        .await
        .unwrap();
    let other = world.guild.add_channel("other");
    world.ask_in(&world.ada, &other, "what do I cost?").await;
    world.ask_in(&world.ada, &other, "and now?").await;
    let told = scrape(&world).await;
    let form = |form| told.count(&format!("familiar_replies_total{{form={form}}}"));
    assert_eq!((form("full"), form("shorter"), form("resting")), (1, 1, 1));
    assert_eq!(told.count("familiar_replies_shrunk_total"), 1);
    assert_eq!(told.count("familiar_ledger_holds_admitted_total"), 2);
    // The full form of the second, then all three forms of the third.
    assert_eq!(
        told.count("familiar_ledger_holds_refused_total{reason=over_limit}"),
        4
    );
}

#[tokio::test]
async fn a_breach_stands_in_the_figures_until_it_is_acknowledged_and_lifted() {
    let world = World::new().await;
    let greedy = UsageReport::Exact {
        input: 900_000,
        cached_input: 0,
        cache_write: 0,
        output: 10,
        reasoning: 0,
    };
    world.model.queue(Reply::text("Yum.").usage(greedy));
    world.ask("take what you like").await;
    let told = scrape(&world).await;
    assert_eq!(told.count("familiar_ledger_breaches_total"), 1);
    assert_eq!(told.of("familiar_ledger_quarantined_models"), 1.0);
    assert_eq!(told.of("familiar_ledger_frozen_scopes"), 1.0);
    let house = world.companion().house();
    let model = &house.model.provider.terms().key;
    let guild = Scope::Guild(world.guild.id.get().into());
    house.ledger.lift_quarantine(model).await.unwrap();
    house.ledger.acknowledge(guild, 1.into()).await.unwrap();
    let told = scrape(&world).await;
    assert_eq!(told.count("familiar_ledger_breaches_total"), 1);
    assert_eq!(told.of("familiar_ledger_quarantined_models"), 0.0);
    assert_eq!(told.of("familiar_ledger_frozen_scopes"), 0.0);
}

#[tokio::test]
async fn nobody_is_named_in_the_figures() {
    let world = World::new().await;
    world.model.say("Hello Ada.");
    world.ask("a secret word: marzipan").await;
    let told = scrape(&world).await.text;
    let ids = [
        world.ada.id.get(),
        world.guild.id.get(),
        world.channel.id.get(),
    ];
    assert!(
        ids.iter().all(|id| !told.contains(&id.to_string())),
        "{told}"
    );
    for word in ["ada", "orla", "marzipan", "general"] {
        assert!(!told.to_lowercase().contains(word), "{word} in\n{told}");
    }
}

#[tokio::test]
async fn the_program_serves_them_where_the_configuration_says() {
    let world = World::without_bot(World::discord(), |_| {}).await;
    let file = written(&world);
    let base = std::fs::read_to_string(&file).unwrap();
    let listening = |address: &str| {
        let text = format!("{base}[metrics]\nlisten = \"{address}\"\n");
        std::fs::write(&file, text).unwrap();
    };
    listening("127.0.0.1:0");
    let mut process = familiar(&file)
        .args(["run", "--log-json"])
        .env("TEST_TOKEN", world.sim.token())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(process.stderr.take().unwrap()).lines();
    let address = loop {
        let line = timeout(SOON, log.next_line()).await.unwrap().unwrap();
        let line = line.expect("it ended before it served");
        if let Some((_, after)) = line.split_once("http://127.0.0.1:") {
            break format!("127.0.0.1:{}", after.split('/').next().unwrap());
        }
    };
    let text = reqwest::get(format!("http://{address}/metrics"))
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        text.contains("familiar_ledger_holds_admitted_total 0"),
        "{text}"
    );
    listening(&address);
    let second = familiar(&file)
        .arg("run")
        .env("TEST_TOKEN", world.sim.token())
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&second.stderr);
    assert!(!second.status.success());
    assert!(
        said.contains("metrics.listen") && said.contains("Choose another port"),
        "{said}"
    );
    process.kill().await.unwrap();
}
