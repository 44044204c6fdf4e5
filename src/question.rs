//! Questions at the terminal, to be answered with yes or no.

use std::io::{IsTerminal as _, Write as _};

/// Whether somebody sits there who can answer.
pub fn can_be_asked() -> bool {
    std::io::stdin().is_terminal()
}

/// Asks, and waits for the answer; whatever is no `y` is a no.
pub async fn yes(question: &str) -> bool {
    print!("{question} [y/N] ");
    let _ = std::io::stdout().flush();
    let answer = tokio::task::spawn_blocking(|| {
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer).map(|_| answer)
    });
    matches!(answer.await, Ok(Ok(answer)) if answer.trim().eq_ignore_ascii_case("y"))
}
