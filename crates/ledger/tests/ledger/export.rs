//! What is exported sums to the windows, call by call.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use ledger::{ExportRow, Ledger, Outcome, Period, Scope, Spender};
use tokio::sync::mpsc;

use crate::house::{House, ann, at, bob, used};

pub async fn exported(ledger: &Ledger, from: Option<&str>, to: Option<&str>) -> Vec<ExportRow> {
    let (sender, mut rows) = mpsc::channel(4);
    let sending = ledger.export(from.map(at), to.map(at), sender);
    let receiving = async {
        let mut all = Vec::new();
        while let Some(row) = rows.recv().await {
            all.push(row);
        }
        all
    };
    let (sent, all) = tokio::join!(sending, receiving);
    sent.unwrap();
    all
}

#[tokio::test]
async fn the_rows_of_each_window_sum_to_it_whatever_became_of_its_calls() {
    let house = House::guild_day(100_000).await;
    house.spend(ann(), 100).await;
    let direct = Spender {
        guild: None,
        ..ann()
    };
    house.spend(direct, 30).await;
    let void = house.hold(bob(), 50).await.unwrap();
    house
        .ledger
        .settle(void, Outcome::NothingSent)
        .await
        .unwrap();
    let full = house.hold(bob(), 70).await.unwrap();
    house.ledger.settle(full, Outcome::Unknown).await.unwrap();
    let broken = house.hold(bob(), 60).await.unwrap();
    house
        .ledger
        .settle(broken, Outcome::Rejected { status: 500 })
        .await
        .unwrap();
    house.clock.advance(TimeDelta::days(1));
    let greedy = house.hold(bob(), 99_000).await.unwrap();
    house.ledger.settle(greedy, used(150_000)).await.unwrap();
    house
        .ledger
        .acknowledge(crate::house::guild(), 1.into())
        .await
        .unwrap();
    house
        .ledger
        .lift_quarantine(&crate::house::terms().key)
        .await
        .unwrap();
    let open = house.hold(direct, 40).await.unwrap();
    let mut sums: BTreeMap<(String, String, String), [i64; 4]> = BTreeMap::new();
    for row in exported(&house.ledger, None, None).await {
        let sum = sums
            .entry((row.scope, row.period, row.window_start))
            .or_default();
        sum[0] += row.posted_picousd;
        sum[1] += row.pending_picousd;
        sum[2] += row.posted_tokens;
        sum[3] += row.pending_tokens;
    }
    let mut compared = 0;
    for spender in [ann(), bob(), direct] {
        for window in house.ledger.view(&spender).await.unwrap().windows {
            let start = window
                .starts_at
                .to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
            let key = (window.scope.key(), window.period.key().to_owned(), start);
            let (usd, tokens) = (window.usd, window.tokens);
            let seen = [
                usd.posted + usd.overrun,
                usd.pending,
                tokens.posted + tokens.overrun,
                tokens.pending,
            ];
            assert_eq!(sums.get(&key).copied().unwrap_or_default(), seen, "{key:?}");
            compared += 1;
        }
    }
    assert_eq!(compared, 6 + 6 + 4);
    let month = (Scope::Instance.key(), Period::Month.key().to_owned());
    let instance = sums
        .iter()
        .find(|((scope, period, _), _)| (scope, period) == (&month.0, &month.1));
    assert_eq!(*instance.unwrap().1, [150_230, 40, 150_230, 40]);
    house.ledger.settle(open, used(40)).await.unwrap();
}

#[tokio::test]
async fn the_rows_say_how_each_call_ended() {
    let house = House::unlimited().await;
    for outcome in [
        used(80),
        Outcome::Unknown,
        Outcome::Rejected { status: 500 },
        Outcome::NotRun,
    ] {
        let hold = house.hold(ann(), 100).await.unwrap();
        house.ledger.settle(hold, outcome).await.unwrap();
    }
    let _open = house.hold(ann(), 100).await.unwrap();
    let rows = exported(&house.ledger, None, None).await;
    let ends = rows
        .iter()
        .filter(|row| row.scope == "instance" && row.period == "day")
        .map(|row| (row.state.as_str(), row.posted_tokens, row.input_tokens));
    assert_eq!(
        ends.collect::<Vec<_>>(),
        [
            ("settled", 80, Some(40)),
            ("posted_full", 100, None),
            ("posted_input", 50, None),
            ("void", 0, None),
            ("open", 0, None),
        ]
    );
}

#[tokio::test]
async fn a_range_takes_the_calls_that_were_asked_for_in_it() {
    let house = House::unlimited().await;
    for _ in 0..3 {
        house.spend(ann(), 10).await;
        house.clock.advance(TimeDelta::days(1));
    }
    let calls = async |from, to| exported(&house.ledger, from, to).await.len() / 6;
    assert_eq!(calls(None, None).await, 3);
    assert_eq!(calls(Some("2026-05-16T00:00:00Z"), None).await, 2);
    assert_eq!(calls(None, Some("2026-05-16T00:00:00Z")).await, 1);
    assert_eq!(
        calls(Some("2026-05-16T12:00:00Z"), Some("2026-05-17T12:00:00Z")).await,
        1
    );
}

#[tokio::test]
async fn an_export_that_nobody_reads_any_more_ends() {
    let house = House::unlimited().await;
    for _ in 0..8 {
        house.spend(ann(), 10).await;
    }
    let (sender, mut rows) = mpsc::channel(1);
    let sending = tokio::spawn({
        let ledger = house.ledger.clone();
        async move { ledger.export(None, None, sender).await }
    });
    rows.recv().await.unwrap();
    drop(rows);
    sending.await.unwrap().unwrap();
}
