//! The chart's colours. It brings a card of its own, so that it reads the same on Discord's dark and light themes.

use tiny_skia::Color;

/// A colour without transparency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rgb(pub(super) u8, pub(super) u8, pub(super) u8);

/// What everything is drawn on.
pub(super) const CARD: Rgb = Rgb(0x1e, 0x1f, 0x26);
/// Words and figures.
pub(super) const INK: Rgb = Rgb(0xf2, 0xf3, 0xf5);
/// Words that matter less.
pub(super) const FAINT_INK: Rgb = Rgb(0xb5, 0xba, 0xc1);
/// What was spent on a day that is over.
pub(super) const SPENT: Rgb = Rgb(0x5a, 0x9c, 0xf5);
/// What was spent today.
pub(super) const TODAY: Rgb = Rgb(0x8f, 0xd1, 0x6a);
/// The limit.
pub(super) const LIMIT: Rgb = Rgb(0xff, 0xb4, 0x54);
/// What personas cost.
pub(super) const PERSONA: Rgb = Rgb(0xc4, 0x9b, 0xf5);
/// Lines that guide the eye; they say nothing by themselves.
pub(super) const GRID: Rgb = Rgb(0x3a, 0x3c, 0x46);

impl Rgb {
    pub(super) fn color(self) -> Color {
        Color::from_rgba8(self.0, self.1, self.2, 0xff)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// <https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>
    fn luminance(Rgb(r, g, b): Rgb) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    }

    /// <https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>
    fn contrast(one: Rgb, other: Rgb) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn the_contrast_of_black_and_white_is_21_as_defined() {
        assert!((contrast(Rgb(0, 0, 0), Rgb(255, 255, 255)) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn every_mark_stands_out_from_the_card() {
        for mark in [SPENT, TODAY, LIMIT, PERSONA] {
            let ratio = contrast(mark, CARD);
            assert!(ratio >= 3.0, "{mark:?}: {ratio:.2}");
        }
        for ink in [INK, FAINT_INK] {
            let ratio = contrast(ink, CARD);
            assert!(ratio >= 4.5, "{ink:?}: {ratio:.2}");
        }
    }
}
