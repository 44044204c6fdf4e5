//! How far a fetch has come: a bar on a terminal, a line now and then elsewhere.

use std::io::IsTerminal as _;
use std::sync::{Arc, Mutex, PoisonError};

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

use super::Progress;
use super::fetch::Told;

/// Where there is no terminal, a line is printed each time that this many percent more are there.
const STEP: u64 = 10;

/// Something that shows progress on standard error, and the bar to be cleared afterwards.
pub(super) fn bar() -> (Told, ProgressBar) {
    let bar = ProgressBar::no_length();
    let style = "{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}";
    if let Ok(style) = ProgressStyle::with_template(style) {
        bar.set_style(style);
    }
    if !std::io::stderr().is_terminal() {
        return (lines(), ProgressBar::hidden());
    }
    let shown = bar.clone();
    let told = move |progress: Progress| {
        if shown.message() != progress.doing {
            shown.reset();
            shown.set_message(progress.doing);
        }
        shown.set_length(progress.total);
        shown.set_position(progress.bytes);
    };
    (Arc::new(told), bar)
}

fn lines() -> Told {
    let last = Mutex::new((String::new(), 0));
    Arc::new(move |progress| {
        let percent = progress.bytes * 100 / progress.total.max(1) / STEP * STEP;
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if *last == (progress.doing.clone(), percent) {
            return;
        }
        let Progress {
            doing,
            bytes,
            total,
        } = &progress;
        eprintln!(
            "{doing}: {percent} % ({} of {})",
            HumanBytes(*bytes),
            HumanBytes(*total)
        );
        *last = (progress.doing, percent);
    })
}
