//! The line that tells a server that its budget is nearly used up.

use ledger::Warning;

use super::amounts::{in_words, period_in_words};
use crate::texts::{Locale, say};

/// The warning in a server's language, as Discord names it (`en-US`, `zh-CN`).
pub fn budget_warning(warning: &Warning, language: &str) -> String {
    let locale = Locale::of(Some(language));
    say!(
        locale, "budget-warning",
        percent: warning.percent,
        period: period_in_words(locale, warning.period),
        spent: in_words(locale, warning.unit, warning.spent),
        limit: in_words(locale, warning.unit, warning.limit),
        reset: warning.resets_at.timestamp().to_string(),
    )
}
