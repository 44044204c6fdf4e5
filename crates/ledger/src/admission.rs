//! Admission: how large a hold must be, and whether it fits. Plain functions over what is known.

use store::windows::{Fill, Window};

use crate::ask::Ask;
use crate::config::LedgerConfig;
use crate::hold::Size;
use crate::money::PicoUsd;
use crate::refusal::Refusal;
use crate::scope::{Scope, Unit};
use crate::stance::is_low;
use crate::terms::ModelTerms;
use crate::view::Gauge;
use crate::windows::identify;

/// The worst case of a call on these terms.
pub(crate) fn size(terms: &ModelTerms, ask: &Ask) -> Result<Size, Refusal> {
    let output_bound = u64::from(terms.output_bound(ask.cap));
    let unpriceable = || Refusal::Unpriceable {
        model: terms.key.clone(),
    };
    let usd = match &terms.price {
        _ if terms.local => PicoUsd::ZERO,
        None => {
            return Err(Refusal::UnknownPrice {
                model: terms.key.clone(),
            });
        }
        Some(price) if !price.is_sane() => return Err(unpriceable()),
        Some(price) => price
            .worst(ask.input_bound, output_bound)
            .ok_or_else(unpriceable)?,
    };
    let tokens = ask
        .input_bound
        .checked_add(output_bound)
        .and_then(|sum| i64::try_from(sum).ok());
    let tokens = tokens
        .filter(|tokens| *tokens <= MOST_TOKENS)
        .ok_or_else(unpriceable)?;
    Ok(Size {
        input_bound: ask.input_bound,
        cap: ask.cap,
        usd,
        tokens,
    })
}

/// No call has more tokens than this; a larger number is a mistake.
const MOST_TOKENS: i64 = 1_000_000_000;

/// Says whether a hold of this size fits into every one of these windows.
///
/// Where several are in its way, the refusal names the one that stays in its way the longest, for its reset is the
/// moment worth waiting for; among those, the one with the least room for this hold.
pub(crate) fn admit(windows: &[Window], scopes: &[Scope], size: &Size) -> Result<(), Refusal> {
    let mut worst: Option<InTheWay> = None;
    for window in windows {
        for (unit, fill, needed) in [
            (Unit::Usd, window.usd, size.usd.0),
            (Unit::Tokens, window.tokens, size.tokens),
        ] {
            let Some(limit) = fill.limit else { continue };
            let left = limit - fill.posted - fill.pending;
            if needed <= left {
                continue;
            }
            let this = InTheWay {
                window,
                unit,
                needed,
                left,
            };
            if worst.as_ref().is_none_or(|worst| this.is_worse_than(worst)) {
                worst = Some(this);
            }
        }
    }
    worst.map_or(Ok(()), |worst| Err(worst.refusal(scopes)))
}

/// Refuses background work where a budget that it counts in runs low, so that what is left goes to replies.
pub(crate) fn background(
    config: &LedgerConfig,
    windows: &[Window],
    scopes: &[Scope],
) -> Result<(), Refusal> {
    let low = |fill: Fill| is_low(&Gauge::of(fill), config.background_stops_below);
    let lowest = windows
        .iter()
        .filter(|window| low(window.usd) || low(window.tokens))
        .max_by_key(|window| window.ends_at);
    let Some((window, (scope, period))) =
        lowest.and_then(|window| Some((window, identify(window, scopes)?)))
    else {
        return Ok(());
    };
    Err(Refusal::BackgroundRests {
        scope,
        period,
        resets_at: window.ends_at,
    })
}

struct InTheWay<'a> {
    window: &'a Window,
    unit: Unit,
    needed: i64,
    left: i64,
}

impl InTheWay<'_> {
    fn is_worse_than(&self, other: &Self) -> bool {
        let room = |left: i64, needed: i64| i128::from(left) * i128::from(needed);
        // left / needed < other.left / other.needed, without dividing.
        let tighter = room(self.left, other.needed) < room(other.left, self.needed);
        match self.window.ends_at.cmp(&other.window.ends_at) {
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => tighter,
        }
    }

    fn refusal(&self, scopes: &[Scope]) -> Refusal {
        // Windows are only ever looked up by these scopes, so one of them is it.
        let (scope, period) =
            identify(self.window, scopes).unwrap_or((Scope::Instance, crate::scope::Period::Day));
        Refusal::OverLimit {
            scope,
            period,
            unit: self.unit,
            resets_at: self.window.ends_at,
            needed: self.needed,
            left: self.left,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::Purpose;
    use crate::price::{LongContext, Price};
    use crate::scope::{Period, Spender};
    use crate::terms::ModelKey;
    use chrono::{DateTime, Utc};

    fn terms(price: Option<Price>) -> ModelTerms {
        ModelTerms {
            key: ModelKey {
                provider: "openai".into(),
                model: "m".into(),
            },
            context_window: 8192,
            max_output: 2048,
            caps_certified: true,
            local: false,
            errors_may_be_billed: false,
            price,
        }
    }

    fn plain() -> Option<Price> {
        Some(Price::plain(PicoUsd::dollars(1), PicoUsd::dollars(2)))
    }

    fn ask(input_bound: u64, cap: u32) -> Ask {
        Ask {
            input_bound,
            cap,
            purpose: Purpose::Reply,
            turn: None,
            persona: None,
        }
    }

    #[test]
    fn a_hold_is_the_worst_case_of_prompt_and_cap() {
        let size = size(&terms(plain()), &ask(1000, 100)).unwrap();
        assert_eq!((size.usd.0, size.tokens), (1_200_000_000, 1100));
    }

    #[test]
    fn an_uncertified_model_is_held_at_its_maximum_output_but_asked_for_the_cap() {
        let uncertified = ModelTerms {
            caps_certified: false,
            ..terms(plain())
        };
        let size = size(&uncertified, &ask(1000, 100)).unwrap();
        assert_eq!(
            (size.usd.0, size.tokens, size.cap),
            (1_000_000_000 + 2 * 2_048_000_000, 3048, 100)
        );
    }

    #[test]
    fn the_dearest_price_that_can_apply_is_held() {
        let tier = LongContext {
            above_tokens: 500,
            input: PicoUsd::dollars(3),
            output: PicoUsd::dollars(9),
            cached_input: None,
            cache_write: None,
        };
        let price = Price {
            cache_write: Some(PicoUsd::dollars(4)),
            reasoning: Some(PicoUsd::dollars(5)),
            long_context: Some(tier),
            ..Price::plain(PicoUsd::dollars(1), PicoUsd::dollars(2))
        };
        let held = |input| {
            size(&terms(Some(price.clone())), &ask(input, 100))
                .unwrap()
                .usd
                .0
        };
        assert_eq!(held(500), 4 * 500_000_000 + 5 * 100_000_000);
        assert_eq!(held(501), 4 * 501_000_000 + 9 * 100_000_000);
    }

    #[test]
    fn an_unknown_price_is_refused_with_the_way_to_set_it() {
        let refusal = size(&terms(None), &ask(1, 1)).unwrap_err();
        assert!(matches!(refusal, Refusal::UnknownPrice { .. }));
        assert!(refusal.to_string().contains("[model.price]"), "{refusal}");
    }

    #[test]
    fn a_local_model_needs_no_price_and_is_held_in_tokens() {
        let local = ModelTerms {
            local: true,
            ..terms(None)
        };
        let size = size(&local, &ask(1000, 100)).unwrap();
        assert_eq!((size.usd.0, size.tokens), (0, 1100));
    }

    #[test]
    fn a_price_or_a_size_that_nobody_can_mean_is_refused() {
        let negative = Some(Price::plain(PicoUsd(-1), PicoUsd::dollars(2)));
        assert!(matches!(
            size(&terms(negative), &ask(1, 1)),
            Err(Refusal::Unpriceable { .. })
        ));
        assert!(matches!(
            size(&terms(plain()), &ask(u64::MAX, 1)),
            Err(Refusal::Unpriceable { .. })
        ));
        let local = ModelTerms {
            local: true,
            ..terms(None)
        };
        assert!(matches!(
            size(&local, &ask(u64::MAX, 1)),
            Err(Refusal::Unpriceable { .. })
        ));
    }

    fn window(scope: &str, period: Period, ends_at: &str, usd: Fill) -> Window {
        let ends_at: DateTime<Utc> = ends_at.parse().unwrap();
        Window {
            id: 0,
            scope: scope.into(),
            period: period.key().into(),
            starts_at: ends_at - chrono::TimeDelta::hours(24),
            ends_at,
            usd,
            tokens: Fill::default(),
        }
    }

    fn filled(posted: i64, limit: i64) -> Fill {
        Fill {
            posted,
            pending: 0,
            overrun: 0,
            set: Some(limit),
            limit: Some(limit),
        }
    }

    fn refused(windows: &[Window]) -> (Scope, Period, i64) {
        let scopes = Spender {
            guild: Some(1.into()),
            channel: None,
            member: 2.into(),
        }
        .scopes();
        let size = Size {
            input_bound: 0,
            cap: 0,
            usd: PicoUsd(100),
            tokens: 0,
        };
        match admit(windows, &scopes, &size) {
            Err(Refusal::OverLimit {
                scope,
                period,
                left,
                ..
            }) => (scope, period, left),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_refusal_names_the_scope_with_the_least_room() {
        let windows = [
            window(
                "instance",
                Period::Day,
                "2026-05-02T00:00:00Z",
                filled(950, 1000),
            ),
            window(
                "guild:1",
                Period::Day,
                "2026-05-02T00:00:00Z",
                filled(490, 500),
            ),
            window(
                "member:1:2",
                Period::Day,
                "2026-05-02T00:00:00Z",
                filled(0, 100),
            ),
        ];
        assert_eq!(refused(&windows), (Scope::Guild(1.into()), Period::Day, 10));
    }

    #[test]
    fn a_refusal_names_the_month_when_tomorrow_would_not_help() {
        let windows = [
            window(
                "guild:1",
                Period::Day,
                "2026-05-02T00:00:00Z",
                filled(500, 500),
            ),
            window(
                "guild:1",
                Period::Month,
                "2026-06-01T00:00:00Z",
                filled(4950, 5000),
            ),
        ];
        assert_eq!(
            refused(&windows),
            (Scope::Guild(1.into()), Period::Month, 50)
        );
    }

    #[test]
    fn what_costs_nothing_fits_into_a_full_window() {
        let windows = [window(
            "guild:1",
            Period::Day,
            "2026-05-02T00:00:00Z",
            filled(500, 500),
        )];
        let scopes = Spender {
            guild: Some(1.into()),
            channel: None,
            member: 2.into(),
        }
        .scopes();
        let free = Size {
            input_bound: 10,
            cap: 10,
            usd: PicoUsd::ZERO,
            tokens: 20,
        };
        assert!(admit(&windows, &scopes, &free).is_ok());
    }
}
