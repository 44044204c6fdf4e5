//! The ledger as rows, for spreadsheets and scripts: who spent what, when, on which model. No word of a message is in it.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use store::export::{self, Counted};
use tokio::sync::mpsc;

use crate::ledger::Ledger;
use crate::refusal::LedgerError;

/// One call in one window that it counts in.
///
/// The rows of a window sum to it: their `posted` to what it posted and overran, their `pending` to what it has set aside.
/// A call has a row for each of its windows; to count calls once, take those of one scope and period (`instance`, `day`).
/// Ids are texts, since JSON's numbers do not carry them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExportRow {
    /// Whose window: `instance`, `guild:ID`, `channel:GUILD:ID`, `member:GUILD:USER`, `user:ID`.
    pub scope: String,
    /// `day` or `month`.
    pub period: String,
    /// The window's first moment, UTC.
    pub window_start: String,
    /// The first moment after it, UTC.
    pub window_end: String,
    /// The call's hold.
    pub call: String,
    /// `open`, `settled`, `posted_full`, `posted_input` or `void`.
    pub state: String,
    /// When it was asked for, UTC.
    pub asked_at: String,
    /// When it was closed, UTC.
    pub closed_at: Option<String>,
    /// The server; empty in direct messages.
    pub guild: Option<String>,
    /// The channel, where it is known.
    pub channel: Option<String>,
    /// For whom.
    pub member: String,
    /// The message that was answered.
    pub message: Option<String>,
    /// The persona that spoke, by its short name; by its number if it is no longer there.
    pub persona: Option<String>,
    /// The endpoint's short name.
    pub provider: String,
    /// The model's name.
    pub model: String,
    /// What the call was for.
    pub purpose: String,
    /// Pico-US-dollars (1e-12 USD) that it cost.
    pub posted_picousd: i64,
    /// Pico-US-dollars that are still set aside for it.
    pub pending_picousd: i64,
    /// Tokens that it cost.
    pub posted_tokens: i64,
    /// Tokens that are still set aside for it.
    pub pending_tokens: i64,
    /// Pico-US-dollars that were set aside for it at first.
    pub held_picousd: i64,
    /// Tokens that were set aside for it at first.
    pub held_tokens: i64,
    /// Prompt tokens, where the provider reported them.
    pub input_tokens: Option<i64>,
    /// Of these, read from a cache.
    pub cached_input_tokens: Option<i64>,
    /// Of these, written to a cache.
    pub cache_write_tokens: Option<i64>,
    /// Reply tokens, where the provider reported them.
    pub output_tokens: Option<i64>,
    /// Of these, reasoning.
    pub reasoning_tokens: Option<i64>,
}

impl ExportRow {
    /// The names of its columns, in order: the header of a file without rows.
    pub const COLUMNS: [&'static str; 27] = [
        "scope",
        "period",
        "window_start",
        "window_end",
        "call",
        "state",
        "asked_at",
        "closed_at",
        "guild",
        "channel",
        "member",
        "message",
        "persona",
        "provider",
        "model",
        "purpose",
        "posted_picousd",
        "pending_picousd",
        "posted_tokens",
        "pending_tokens",
        "held_picousd",
        "held_tokens",
        "input_tokens",
        "cached_input_tokens",
        "cache_write_tokens",
        "output_tokens",
        "reasoning_tokens",
    ];
}

impl Ledger {
    /// Sends every call that was asked for from `from` until before `to`, the oldest first, as one consistent look at the
    /// ledger. It ends early when nobody receives any more.
    pub async fn export(
        &self,
        from: Option<DateTime<Utc>>,
        to: Option<DateTime<Utc>>,
        rows: mpsc::Sender<ExportRow>,
    ) -> Result<(), LedgerError> {
        self.store
            .read(move |conn| {
                Box::pin(async move { Ok(export::counted(conn, from, to, &rows).await?) })
            })
            .await
    }
}

impl From<Counted> for ExportRow {
    fn from(call: Counted) -> Self {
        let time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Millis, true);
        let open = call.state == "open";
        let while_open = |held: i64| if open { held } else { 0 };
        let number = call.persona.map(|persona| persona.to_string());
        Self {
            scope: call.scope,
            period: call.period,
            window_start: time(call.starts_at),
            window_end: time(call.ends_at),
            call: call.hold.to_string(),
            asked_at: time(call.opened_at),
            closed_at: call.closed_at.map(time),
            guild: call.guild.map(|guild| guild.to_string()),
            channel: call.channel.map(|channel| channel.to_string()),
            member: call.member.to_string(),
            message: call.turn.map(|turn| turn.to_string()),
            persona: call.slug.or(number),
            provider: call.provider,
            model: call.model,
            purpose: call.purpose,
            posted_picousd: call.usd.unwrap_or_default(),
            pending_picousd: while_open(call.held_usd),
            posted_tokens: call.tokens.unwrap_or_default(),
            pending_tokens: while_open(call.held_tokens),
            held_picousd: call.held_usd,
            held_tokens: call.held_tokens,
            input_tokens: call.input,
            cached_input_tokens: call.cached_input,
            cache_write_tokens: call.cache_write,
            output_tokens: call.output,
            reasoning_tokens: call.reasoning,
            state: call.state,
        }
    }
}
