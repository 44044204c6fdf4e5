//! The ladder of smaller requests. When a hold does not fit, the request shrinks; the hold never does. Where a budget runs
//! low, replies come to the point from the first rung on.

use ledger::{Refusal, Stance};

/// Below this many tokens a reply is no reply.
const SMALLEST_CAP: u32 = 64;

/// Which model is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The one that was configured to speak.
    First,
    /// The cheaper one.
    Cheaper,
}

/// How much of the past is sent along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Context {
    /// All sections at their full shares.
    Full,
    /// Persona, a few recent turns, the message.
    Lean,
}

/// One form in which the request may go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rung {
    /// Which model is asked.
    pub which: Which,
    /// The most tokens the reply may have.
    pub cap: u32,
    /// How much of the past goes along.
    pub context: Context,
    /// Whether the model is asked to answer in a sentence or two.
    pub brief: bool,
}

/// What the ladder needs to know of a model.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    /// The usual cap.
    pub cap: u32,
    /// Whether a lower cap makes a smaller hold; it does not where caps are not certified.
    pub cap_counts: bool,
}

impl Reach {
    fn halved(self) -> Self {
        Self {
            cap: (self.cap / 2).max(SMALLEST_CAP).min(self.cap),
            ..self
        }
    }

    fn caps(self) -> impl Iterator<Item = u32> {
        let half = (self.cap / 2).max(SMALLEST_CAP);
        let smaller = (self.cap_counts && half < self.cap).then_some(half);
        std::iter::once(self.cap).chain(smaller)
    }
}

/// The forms of a request, the fullest first: lower cap, then less context, then the cheaper model.
/// After the last one comes the resting line.
pub fn ladder(first: Reach, cheaper: Option<Reach>, stance: Stance) -> Vec<Rung> {
    let brief = stance == Stance::ToThePoint;
    let rungs = |which, reach: Reach| {
        let reach = if brief { reach.halved() } else { reach };
        let mut rungs: Vec<Rung> = reach
            .caps()
            .map(|cap| Rung {
                which,
                cap,
                context: Context::Full,
                brief,
            })
            .collect();
        let cap = rungs.last().map_or(reach.cap, |rung| rung.cap);
        rungs.push(Rung {
            which,
            cap,
            context: Context::Lean,
            brief,
        });
        rungs
    };
    let mut all = rungs(Which::First, first);
    if let Some(cheaper) = cheaper {
        all.extend(rungs(Which::Cheaper, cheaper));
    }
    all
}

/// What a refusal leaves to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// Smaller requests.
    Smaller,
    /// The other model: it is this one that may not be asked.
    OtherModel,
    /// Nothing.
    Nothing,
}

impl Left {
    /// What this refusal leaves.
    pub fn after(refusal: &Refusal) -> Self {
        match refusal {
            _ if refusal.is_about_size() => Self::Smaller,
            Refusal::ModelNotAllowed { .. }
            | Refusal::UnknownPrice { .. }
            | Refusal::Unpriceable { .. }
            | Refusal::Quarantined { .. } => Self::OtherModel,
            _ => Self::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_shrinks_by_cap_then_context_then_model() {
        let reach = Reach {
            cap: 400,
            cap_counts: true,
        };
        let steps: Vec<_> = ladder(reach, Some(reach), Stance::NoBackground)
            .into_iter()
            .map(|r| (r.which, r.cap, r.context))
            .collect();
        assert_eq!(
            steps,
            [
                (Which::First, 400, Context::Full),
                (Which::First, 200, Context::Full),
                (Which::First, 200, Context::Lean),
                (Which::Cheaper, 400, Context::Full),
                (Which::Cheaper, 200, Context::Full),
                (Which::Cheaper, 200, Context::Lean),
            ]
        );
    }

    #[test]
    fn an_uncertified_cap_is_not_lowered_in_vain() {
        let steps = ladder(
            Reach {
                cap: 400,
                cap_counts: false,
            },
            None,
            Stance::Full,
        );
        assert!(steps.iter().all(|rung| rung.cap == 400));
        assert_eq!(steps.len(), 2);
    }

    #[test]
    fn a_small_cap_is_not_halved_below_a_sentence() {
        let steps = ladder(
            Reach {
                cap: 80,
                cap_counts: true,
            },
            None,
            Stance::Full,
        );
        assert_eq!(steps.iter().map(|rung| rung.cap).min(), Some(SMALLEST_CAP));
    }

    #[test]
    fn a_low_budget_halves_every_cap_and_asks_for_a_sentence_or_two() {
        let reach = Reach {
            cap: 400,
            cap_counts: true,
        };
        let steps = ladder(reach, Some(reach), Stance::ToThePoint);
        let caps: Vec<u32> = steps.iter().map(|rung| rung.cap).collect();
        assert_eq!(caps, [200, 100, 100, 200, 100, 100]);
        assert!(steps.iter().all(|rung| rung.brief));
        let tiny = Reach {
            cap: 40,
            cap_counts: true,
        };
        let steps = ladder(tiny, None, Stance::ToThePoint);
        assert!(steps.iter().all(|rung| rung.cap == 40));
    }
}
