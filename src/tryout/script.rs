//! A script: lines from a file, played one after the other, and a transcript that says what came of each.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use companion::Companion;

use super::line::{self, Line};
use super::room::Room;

/// Reads a script: a line each; empty ones and those that begin with `#` are passed over.
pub(super) async fn read(file: &Path) -> anyhow::Result<Vec<String>> {
    let text = tokio::fs::read_to_string(file)
        .await
        .with_context(|| format!("I cannot read {}", file.display()))?;
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(lines.map(str::to_owned).collect())
}

/// Plays it. The exit code is 0 only if every line got its answer.
pub(super) async fn play(
    room: &Room,
    companion: &Companion,
    lines: &[String],
) -> anyhow::Result<ExitCode> {
    let mut unanswered = 0;
    for typed in lines {
        println!("> {typed}");
        if let Err(error) = one(room, companion, typed).await {
            unanswered += 1;
            println!("! {error:#}");
        }
        for news in room.news() {
            println!("{}: {}\n", news.who, news.text);
        }
    }
    match unanswered {
        0 => Ok(ExitCode::SUCCESS),
        count => {
            eprintln!("{count} of {} lines got no answer.", lines.len());
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Plays one line; an error says why it got no answer.
async fn one(room: &Room, companion: &Companion, typed: &str) -> anyhow::Result<()> {
    match line::read(typed, &room.commands())? {
        Line::Press(number) => room.press(number).await,
        Line::Slash(slash) => room.slash(&slash).await,
        Line::Say(text) => match room.say(companion, &text).await? {
            true => Ok(()),
            false => anyhow::bail!("no answer"),
        },
    }
}
