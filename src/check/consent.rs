//! Whether a request that costs may be made.

use ledger::PicoUsd;

use crate::question;

/// What the operator has said of requests that cost.
#[derive(Clone, Copy)]
pub enum Consent {
    /// `--paid`: they may be made.
    Given,
    /// Nothing yet, and somebody sits at the terminal.
    Asked,
    /// Nothing, and nobody can be asked.
    Withheld,
}

/// Why a request is not made.
pub enum Declined {
    /// Nobody has said yes beforehand, and nobody can be asked.
    Unasked,
    /// Somebody was asked, and said no.
    No,
}

impl Consent {
    /// What the command line and the terminal say.
    pub fn of(paid: bool) -> Self {
        match paid {
            true => Self::Given,
            false if question::can_be_asked() => Self::Asked,
            false => Self::Withheld,
        }
    }

    /// Whether this may be asked, which costs so much at most.
    pub async fn to_ask(self, whom: &str, most: PicoUsd) -> Result<(), Declined> {
        match self {
            Self::Given => Ok(()),
            Self::Withheld => Err(Declined::Unasked),
            Self::Asked => {
                println!(
                    "?      {whom}: one small real request, as a reply makes it, costs at most {most}."
                );
                match question::yes("       Ask it now?").await {
                    true => Ok(()),
                    false => Err(Declined::No),
                }
            }
        }
    }
}

impl Declined {
    /// What is said of it.
    pub fn line(self, most: PicoUsd) -> String {
        match self {
            Self::Unasked => format!(
                "no real request was made, since one costs up to {most}: `familiar check --paid` makes it"
            ),
            Self::No => "no real request was made".to_owned(),
        }
    }
}
