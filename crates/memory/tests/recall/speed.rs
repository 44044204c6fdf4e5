//! How long recall takes. The figures that the README quotes come from `crates/evals`; this only notices a disaster.

use std::time::{Duration, Instant};

use crate::{Mind, at, said, scope};

const WORDS: [&str; 24] = [
    "garden", "lemon", "music", "train", "river", "winter", "coffee", "sister", "holiday",
    "bicycle", "window", "letter", "mountain", "dinner", "school", "guitar", "morning", "doctor",
    "market", "island", "camera", "kitchen", "football", "painting",
];

/// Thirteen words, different ones each time.
fn line(n: usize) -> String {
    (0..13)
        .map(|k| WORDS[(n * 7 + k * k * 5 + n / 24) % WORDS.len()])
        .collect::<Vec<_>>()
        .join(" ")
}

#[tokio::test]
async fn recall_in_a_channel_of_ten_thousand_messages_is_quick() {
    let mind = Mind::new().await;
    let here = scope(1, 1, 1);
    mind.hears_much(
        (0..10_000)
            .map(|n| said(here, "Ada", &format!("{} {n}", line(n as usize)), n))
            .collect(),
    )
    .await;
    let mut times = Vec::new();
    for n in 0..200 {
        let question = format!("do you remember {} {}?", line(n * 31), n * 37);
        let begun = Instant::now();
        let recalled = mind
            .memory
            .recall(&here, &question, &[], 1_000, at(10_000))
            .await
            .unwrap();
        times.push(begun.elapsed());
        assert!(!recalled.is_empty());
    }
    times.sort_unstable();
    let (p50, p95) = (times[100], times[190]);
    println!("recall among 10,000 messages: p50 {p50:?}, p95 {p95:?}");
    // An unoptimised build on a busy machine; optimised it takes a small part of this.
    assert!(p95 < Duration::from_secs(1), "p95 {p95:?}");
}
