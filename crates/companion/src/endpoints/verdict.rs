//! What the end of a call says of the endpoint: that it works, that it fails, or nothing.

use std::time::Duration;

use provider::{ProviderError, Stop};

/// What a call says of its endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It answers, be it that it refuses this request.
    Works,
    /// It does not, and may have asked for a pause.
    Fails {
        /// The pause.
        told: Option<Duration>,
    },
    /// Nothing: the call ended on our side.
    Open,
}

/// It fails, and says nothing of a pause.
const FAILS: Verdict = Verdict::Fails { told: None };

impl Verdict {
    /// Of a reply, or of whatever else comes in words.
    pub(crate) fn of(result: &Result<Stop, ProviderError>) -> Self {
        match result {
            Ok(Stop::Failed(_)) => FAILS,
            Ok(
                Stop::End
                | Stop::Length
                | Stop::Sequence(_)
                | Stop::Refused(_)
                | Stop::Thought
                | Stop::Other(_),
            ) => Self::Works,
            Err(error) => Self::of_error(error),
        }
    }

    /// Of an error. What is wrong with this one request says nothing against the endpoint.
    pub(crate) fn of_error(error: &ProviderError) -> Self {
        match error {
            ProviderError::RateLimited { retry_after, .. }
            | ProviderError::Overloaded { retry_after, .. } => Self::Fails { told: *retry_after },
            ProviderError::Authentication { .. }
            | ProviderError::OutOfCredit { .. }
            | ProviderError::ModelMissing { .. }
            | ProviderError::NothingLoaded { .. }
            | ProviderError::Unreachable { .. }
            | ProviderError::Deadline { .. }
            | ProviderError::NotAModel { .. }
            | ProviderError::Blocked { .. }
            | ProviderError::Protocol { .. }
            | ProviderError::CutStream
            | ProviderError::Other {
                status: None | Some(408 | 500..),
                ..
            } => FAILS,
            ProviderError::ContextTooLong { .. }
            | ProviderError::RefusedByPolicy { .. }
            | ProviderError::FieldRefused { .. }
            | ProviderError::Other { .. } => Self::Works,
            ProviderError::HoldTooSmall { .. } | ProviderError::Stopped => Self::Open,
        }
    }
}

#[cfg(test)]
mod tests {
    use provider::Quote;

    use super::*;

    #[test]
    fn an_endpoint_fails_by_its_own_faults_and_not_by_a_requests() {
        let said = Quote::default;
        let told = Some(Duration::from_secs(30));
        let other = |status| ProviderError::Other {
            status,
            said: said(),
        };
        for (error, expected) in [
            (
                ProviderError::RateLimited {
                    retry_after: told,
                    said: said(),
                },
                Verdict::Fails { told },
            ),
            (
                ProviderError::Overloaded {
                    retry_after: told,
                    said: said(),
                },
                Verdict::Fails { told },
            ),
            (ProviderError::OutOfCredit { said: said() }, FAILS),
            (ProviderError::CutStream, FAILS),
            (other(Some(500)), FAILS),
            (other(None), FAILS),
            (other(Some(400)), Verdict::Works),
            (
                ProviderError::ContextTooLong { said: said() },
                Verdict::Works,
            ),
            (
                ProviderError::RefusedByPolicy { said: said() },
                Verdict::Works,
            ),
            (ProviderError::Stopped, Verdict::Open),
        ] {
            assert_eq!(Verdict::of(&Err(error.clone())), expected, "{error:?}");
        }
        assert_eq!(Verdict::of(&Ok(Stop::Length)), Verdict::Works);
        assert_eq!(Verdict::of(&Ok(Stop::Failed("error".into()))), FAILS);
    }
}
