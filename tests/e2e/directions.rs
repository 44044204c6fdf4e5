//! The rooms depend on each other in one direction, as ARCHITECTURE.md draws it.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// The rooms that know neither each other nor Discord.
const MIDDLE: [&str; 5] = ["ledger", "memory", "persona", "provider", "safety"];
/// What only tests, measurements and `familiar try` use.
const TOOLS: [&str; 3] = ["discord-sim", "model-sim", "evals"];

/// What each package of the workspace depends on, other than in its tests.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let told = Command::new(cargo)
        .args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--offline",
        ])
        .args(["--manifest-path", manifest])
        .output()
        .unwrap();
    assert!(
        told.status.success(),
        "{}",
        String::from_utf8_lossy(&told.stderr)
    );
    let metadata: Value = serde_json::from_slice(&told.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .map(|package| {
            let all = package["dependencies"].as_array().unwrap().iter();
            let own = all.filter(|dependency| dependency["kind"] != "dev");
            (
                text(&package["name"]),
                own.map(|dependency| text(&dependency["name"])).collect(),
            )
        })
        .collect()
}

/// The rooms that a room may use.
fn may_use(room: &str) -> BTreeSet<&'static str> {
    let below = |upper: &[&'static str]| {
        upper
            .iter()
            .copied()
            .chain(MIDDLE)
            .chain(["store"])
            .collect()
    };
    match room {
        "familiar" => below(&["commands", "companion", "discord-sim", "embed"]),
        "commands" => below(&["companion"]),
        "companion" => below(&[]),
        // A call without a hold must not compile.
        "provider" => ["ledger", "store"].into(),
        "ledger" | "memory" | "persona" | "safety" => ["store"].into(),
        // Implements memory's embedder, so that nothing else is built with its model.
        "embed" => ["memory"].into(),
        // Measurements look at everything.
        "evals" => below(&[
            "familiar",
            "commands",
            "companion",
            "discord-sim",
            "embed",
            "model-sim",
        ]),
        "store" | "discord-sim" | "model-sim" => [].into(),
        other => panic!("{other} is a new room: say here what it may use"),
    }
}

#[test]
fn every_room_uses_only_the_rooms_below_it() {
    let all = dependencies();
    let rooms: BTreeSet<&str> = all.keys().map(String::as_str).collect();
    assert!(rooms.is_superset(&MIDDLE.into()) && rooms.is_superset(&TOOLS.into()));
    for (room, uses) in &all {
        let uses: BTreeSet<&str> = uses
            .iter()
            .map(String::as_str)
            .filter(|name| rooms.contains(name))
            .collect();
        let allowed = may_use(room);
        let wrong: Vec<_> = uses.difference(&allowed).collect();
        assert!(wrong.is_empty(), "{room} uses {wrong:?}");
    }
}

#[test]
fn only_the_side_of_discord_knows_discords_libraries() {
    for (room, uses) in dependencies() {
        let knows = uses.contains("serenity") || uses.contains("poise");
        let may = ["familiar", "commands"].contains(&room.as_str());
        assert!(may || !knows, "{room} knows serenity or poise");
    }
}

#[test]
fn only_the_store_knows_the_database() {
    for (room, uses) in dependencies() {
        let knows = uses.iter().any(|name| name.starts_with("sqlx"));
        assert!(
            room == "store" || !knows,
            "{room} knows which database it is"
        );
    }
}
