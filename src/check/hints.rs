//! What an endpoint tells of a model besides answering: whether its list has it, and how much it reads. Several serve what
//! they do not list, so that the list is a hint where a real request was answered, and counts where none was.

use ledger::ModelTerms;
use provider::{Found, Probe, ProviderError};

use super::report::About;
use super::talk::Verdict;

/// Looks at both.
pub fn look_at(
    about: &mut About<'_>,
    terms: &ModelTerms,
    listed: Result<Probe, ProviderError>,
    verdict: &Verdict,
) {
    match listed {
        Ok(Probe { found, .. }) => {
            let window = window(&found);
            look_at_list(about, terms, found, verdict);
            look_at_window(about, terms, window);
        }
        Err(error) => look_at_error(about, &error, verdict),
    }
}

fn look_at_list(about: &mut About<'_>, terms: &ModelTerms, found: Found, verdict: &Verdict) {
    let name = &terms.key.model;
    let answers = matches!(verdict, Verdict::Answers);
    // Then the fault was told, and the list only says more of it.
    let missing = matches!(
        verdict,
        Verdict::Fails(ProviderError::ModelMissing { .. } | ProviderError::NothingLoaded { .. })
    );
    match found {
        Found::Listed { .. } if answers => {}
        Found::Listed { .. } => about.good(format!("its endpoint lists {}", terms.key)),
        Found::AnyName { name, .. } => about.good(format!(
            "its server has one model, under any name: {name}"
        )),
        Found::NoList if answers => about.note("its endpoint lists no models"),
        Found::NoList => about.note(format!(
            "its endpoint lists no models, so that only a reply shows whether it has `{name}`"
        )),
        Found::Nothing { .. } if answers => {
            about.note("its endpoint's list of models is empty, and the model answers all the same");
        }
        Found::Nothing { mend } if missing => about.note(mend),
        Found::Nothing { mend } => about.wrong(mend),
        Found::NotListed { instead } if answers => about.note(format!(
            "its endpoint does not list `{name}` ({}), and it answers all the same",
            instead.as_str()
        )),
        Found::NotListed { instead } if missing => about.note(format!(
            "its endpoint does not list `{name}`: {}",
            instead.as_str()
        )),
        Found::NotListed { instead } => about.wrong(format!(
            "its endpoint does not list `{name}` ({}). Correct the model's name in the configuration.",
            instead.as_str()
        )),
    }
}

fn look_at_error(about: &mut About<'_>, error: &ProviderError, verdict: &Verdict) {
    let kind = std::mem::discriminant::<ProviderError>;
    match verdict {
        Verdict::Answers => about.note(
            "its endpoint's list of models cannot be read, which does not matter, since the model answers",
        ),
        // It was said already.
        Verdict::Fails(same) if kind(same) == kind(error) => {}
        Verdict::Fails(_) | Verdict::Unknown => about.wrong(error),
    }
}

fn window(found: &Found) -> Option<u32> {
    match found {
        Found::Listed { context_window } | Found::AnyName { context_window, .. } => *context_window,
        Found::NotListed { .. } | Found::Nothing { .. } | Found::NoList => None,
    }
}

fn look_at_window(about: &mut About<'_>, terms: &ModelTerms, told: Option<u32>) {
    let set = terms.context_window;
    match told {
        Some(told) if set > told => about.wrong(format!(
            "context_window = {set}, and the server reads {told} tokens: longer prompts are refused or cut. Set context_window = {told}"
        )),
        Some(told) if set < told => about.note(format!(
            "the server reads {told} tokens, and context_window = {set} uses no more of them"
        )),
        _ => {}
    }
}
