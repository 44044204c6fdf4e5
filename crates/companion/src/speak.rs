//! Generate and speak: the reply is shown while it is written, cleaned at every step.

use memory::names::Names;
use provider::{Finished, Generation};
use safety::clean::Cleaner;
use tokio::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

use crate::endpoints::Pass;
use crate::length::MOST_HEARD;
use crate::speaker::Utterance;
use crate::typing::Typing;

/// Shown text is cleaned anew at most this often: an edit goes out every second or so, tokens come far faster.
const SHOW_EVERY: Duration = Duration::from_millis(250);

/// What came of a generation.
pub struct Streamed {
    /// The reply as it may be shown; empty where the model said nothing.
    pub text: String,
    /// The hold, for settling, and how the generation ended.
    pub finished: Finished,
}

/// Makes what a model wrote fit to be shown: who speaks to whom, and what everybody is called in the prompt.
pub struct Manners<'a> {
    /// Cleans it.
    pub cleaner: &'a Cleaner,
    /// Their marks are for the model alone.
    pub names: &'a Names,
}

impl Manners<'_> {
    fn partial(&self, raw: &str) -> String {
        self.cleaner.partial(&self.names.without_marks(raw))
    }

    fn finished(&self, raw: &str) -> String {
        self.cleaner.finished(&self.names.without_marks(raw))
    }
}

/// Streams a generation into an utterance. `before` stands in front of everything the model says; the first words end
/// `typing`, and tell `pass` that the endpoint works. When `stop` is cancelled the reply ends where it is; what it cost is then unknown, and the full hold is posted.
pub async fn speak(
    mut generation: Generation,
    utterance: &mut dyn Utterance,
    manners: &Manners<'_>,
    before: &str,
    (typing, pass): (&mut Option<Typing>, &mut Pass),
    stop: &CancellationToken,
) -> Streamed {
    let mut raw = String::new();
    let mut shown: Option<Instant> = None;
    loop {
        let piece = tokio::select! {
            biased;
            () = stop.cancelled() => None,
            piece = generation.next() => piece,
        };
        let Some(piece) = piece else { break };
        tracing::trace!(target: "familiar::step", step = "heard");
        pass.works();
        raw.push_str(&piece);
        if raw.chars().count() > MOST_HEARD {
            tracing::warn!("a model goes on far beyond what can be shown, so it is cut off");
            break;
        }
        // The first words go out at once.
        if shown.is_some_and(|at| at.elapsed() < SHOW_EVERY) {
            continue;
        }
        let so_far = manners.partial(&raw);
        if !so_far.trim().is_empty() {
            *typing = None;
            utterance.show(&format!("{before}{so_far}"));
            shown = Some(Instant::now());
        }
    }
    tracing::trace!(target: "familiar::step", step = "heard out");
    Streamed {
        text: manners.finished(&raw).trim().to_owned(),
        finished: generation.finish(),
    }
}
