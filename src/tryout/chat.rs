//! The chat in the terminal: replies are shown while they are written.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use companion::Companion;
use rustyline::error::ReadlineError;
use rustyline::{DefaultEditor, Editor};

use super::line::{self, Line};
use super::room::Room;

const WELCOME: &str = "\
You are in #living-room. Write, and a companion answers. Slash commands work as on Discord:
/persona list · /persona switch NAME · /budget show · /memory show · /help.   /quit leaves.";

/// Talks until the person leaves.
pub(super) async fn talk(
    room: &Room,
    companion: &Companion,
    data: &Path,
) -> anyhow::Result<ExitCode> {
    println!("{WELCOME}\n");
    room.slash(&greeting()).await?;
    show(room);
    let history = data.join("history");
    let mut editor = DefaultEditor::new()?;
    // There is none at the first time.
    let _ = editor.load_history(&history);
    loop {
        let (back, typed) = prompt(editor).await?;
        editor = back;
        let typed = match typed {
            Ok(typed) => typed.trim().to_owned(),
            Err(ReadlineError::Interrupted | ReadlineError::Eof) => break,
            Err(error) => return Err(error.into()),
        };
        if typed.is_empty() {
            continue;
        }
        if matches!(typed.as_str(), "/quit" | "/exit") {
            break;
        }
        let _ = editor.add_history_entry(&typed);
        if let Err(error) = one(room, companion, &typed).await {
            println!("! {error:#}\n");
        }
        show(room);
    }
    if let Err(error) = editor.save_history(&history) {
        tracing::debug!(%error, "the typed lines could not be kept");
    }
    println!(
        "Goodbye. What was said is kept; `familiar try` goes on from here, and --fresh forgets it."
    );
    Ok(ExitCode::SUCCESS)
}

type Typed = (DefaultEditor, Result<String, ReadlineError>);

/// Reads a line. The terminal blocks, so it is read on a thread of its own.
async fn prompt(
    mut editor: Editor<(), rustyline::history::DefaultHistory>,
) -> anyhow::Result<Typed> {
    Ok(tokio::task::spawn_blocking(move || {
        let typed = editor.readline("> ");
        (editor, typed)
    })
    .await?)
}

fn greeting() -> line::Slash {
    line::Slash {
        path: vec!["persona".into(), "greet".into()],
        options: vec![],
    }
}

async fn one(room: &Room, companion: &Companion, typed: &str) -> anyhow::Result<()> {
    match line::read(typed, &room.commands())? {
        Line::Press(number) => room.press(number).await,
        Line::Slash(slash) => room.slash(&slash).await,
        Line::Say(text) => {
            let mut changes = room.changes();
            let mut live = Live::default();
            let saying = room.say(companion, &text);
            tokio::pin!(saying);
            let answered = loop {
                tokio::select! {
                    answered = &mut saying => break answered?,
                    _ = changes.recv() => live.look(room),
                }
            };
            live.look(room);
            live.end(room);
            if !answered {
                anyhow::bail!("no answer");
            }
            Ok(())
        }
    }
}

/// What is on the screen of messages that are still being written.
#[derive(Default)]
struct Live {
    printed: HashMap<u64, String>,
}

impl Live {
    /// Prints what has been added to messages since the last look.
    fn look(&mut self, room: &Room) {
        let texts = room.texts();
        let mut ids: Vec<u64> = texts
            .keys()
            .copied()
            .filter(|id| !room.is_shown(*id))
            .collect();
        ids.sort_unstable();
        for id in ids {
            let line = &texts[&id];
            match self.printed.get(&id) {
                None => print!("{}: {}", line.who, line.text),
                Some(before) => match line.text.strip_prefix(before.as_str()) {
                    Some(more) => print!("{more}"),
                    None => print!("\n{}: {}", line.who, line.text),
                },
            }
            self.printed.insert(id, line.text.clone());
        }
        let _ = std::io::stdout().flush();
    }

    fn end(self, room: &Room) {
        if !self.printed.is_empty() {
            println!("\n");
        }
        for id in self.printed.into_keys() {
            room.mark(id);
        }
    }
}

fn show(room: &Room) {
    for news in room.news() {
        println!("{}: {}\n", news.who, news.text);
    }
}
