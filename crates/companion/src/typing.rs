//! The sign that somebody is writing: while the model thinks, until its first words.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::{CancellationToken, DropGuard};

use crate::companion::Shared;
use crate::speaker::Destination;

/// How often the sign is given anew. Discord shows it for ten seconds.
/// <https://discord.com/developers/docs/resources/channel#trigger-typing-indicator>
const EVERY: Duration = Duration::from_secs(8);

/// Shows the sign as long as it lives.
pub(crate) struct Typing(
    #[expect(dead_code, reason = "it stops the sign when it is dropped")] DropGuard,
);

impl Typing {
    /// Begins to show it.
    pub(crate) fn begin(shared: &Arc<Shared>, to: Destination) -> Self {
        let over = CancellationToken::new();
        let inside = over.clone();
        let speaker = Arc::clone(&shared.speaker);
        shared.spawn(async move {
            let signs = async {
                loop {
                    speaker.typing(to);
                    tokio::time::sleep(EVERY).await;
                }
            };
            inside.run_until_cancelled(signs).await;
        });
        Self(over.drop_guard())
    }
}
