//! Every kind of change is told in both languages.

use store::clock::{Clock, SystemClock};

use super::*;

fn change(scope: &str, what: &str, before: Option<&str>, after: Option<&str>) -> Change {
    Change {
        scope: scope.to_owned(),
        what: what.to_owned(),
        period: (what == "limit").then(|| "month".to_owned()),
        unit: (what == "limit").then(|| "tokens".to_owned()),
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
        by: 9.into(),
        at: SystemClock.now(),
    }
}

#[test]
fn every_change_says_what_it_was_and_what_it_is_now() {
    let cases = [
        (
            change("guild:7", "limit", None, Some("5000")),
            "Limit a month: no limit → 5,000 tokens",
        ),
        (
            change("channel:7:8", "limit", Some("1"), Some("2")),
            "In <#8>: Limit a month: 1 tokens → 2 tokens",
        ),
        (
            change("guild:7", "zone", Some("UTC"), Some("Europe/Berlin")),
            "Time zone: UTC → Europe/Berlin",
        ),
        (
            change("guild:7", "member_percent", None, Some("30")),
            "Most for one member: the default → 30 %",
        ),
        (
            change("guild:7", "models", Some("sim/a, sim/b"), None),
            "Models: sim/a, sim/b → all models",
        ),
        (
            change("guild:7", "warning_channel", Some("8"), None),
            "Warnings: <#8> → nowhere",
        ),
        (
            change("guild:7", "pause", Some("open"), Some("paused")),
            "Paused",
        ),
        (
            change("guild:7", "pause", Some("paused"), Some("open")),
            "Opened again after a pause",
        ),
        (
            change("guild:7", "zone", Some("UTC"), Some("UTC")),
            "Time zone: UTC, as before",
        ),
    ];
    for (change, told) in cases {
        assert_eq!(in_words(Locale::English, &change), told);
        let chinese = in_words(Locale::Chinese, &change);
        assert!(
            chinese.chars().any(|letter| letter > '\u{4e00}'),
            "{chinese}"
        );
    }
}
