//! A picture of the budget: what each day cost against its limit, and what each persona cost. Data in, PNG out.
//!
//! Floats are for pixels only; every amount stays the ledger's integer.

mod canvas;
mod palette;

pub(crate) use canvas::ChartError;
use canvas::{Align, Canvas};
use palette::{CARD, FAINT_INK, GRID, INK, LIMIT, PERSONA, SPENT, TODAY};

/// The picture's size in pixels.
pub(crate) const SIZE: (u32, u32) = (800, 400);
/// Personas that have a bar of their own.
pub(crate) const PERSONAS: usize = 6;
/// Where the days' bars stand: left, top, right, bottom.
const PLOT: (f32, f32, f32, f32) = (82.0, 62.0, 528.0, 340.0);
/// Where the personas' bars stand: left, right.
const SIDE: (f32, f32) = (566.0, 776.0);
/// A limit that is further above the highest bar than this many times would make the bars invisible.
const LIMIT_IN_SIGHT: f64 = 4.0;
const SMALL: f32 = 13.0;
const LARGE: f32 = 16.0;

/// What is drawn. The words are in the reader's language already.
#[derive(Clone, Debug)]
pub(crate) struct Chart {
    /// Above the days.
    pub(crate) days_title: String,
    /// Above the personas.
    pub(crate) personas_title: String,
    /// Under today's bar.
    pub(crate) today: String,
    /// Beside the line of the limit.
    pub(crate) limit: String,
    /// Beside the limit where it lies above the picture.
    pub(crate) limit_above: String,
    /// In the place of bars that are not there.
    pub(crate) nothing: String,
    /// The oldest first, today last.
    pub(crate) days: Vec<Day>,
    /// The largest first.
    pub(crate) personas: Vec<Cost>,
    /// How an amount is written.
    pub(crate) write: fn(i64) -> String,
}

/// One day.
#[derive(Clone, Debug)]
pub(crate) struct Day {
    /// Under its bar.
    pub(crate) label: String,
    /// What was spent.
    pub(crate) spent: i64,
    /// What could be spent.
    pub(crate) limit: Option<i64>,
}

/// What somebody cost.
#[derive(Clone, Debug)]
pub(crate) struct Cost {
    /// Who.
    pub(crate) name: String,
    /// How much.
    pub(crate) spent: i64,
}

/// Draws it. Slow enough to belong on a thread of its own.
pub(crate) fn draw(chart: &Chart) -> Result<Vec<u8>, ChartError> {
    let mut canvas = Canvas::new(SIZE.0, SIZE.1)?;
    let (w, h) = (SIZE.0 as f32, SIZE.1 as f32);
    canvas.card(0.0, 0.0, w, h, 14.0, CARD);
    days(&mut canvas, chart);
    personas(&mut canvas, chart);
    canvas.png()
}

/// Whether the picture's font has every letter of these words.
#[cfg(test)]
pub(super) fn can_write(words: &str) -> bool {
    Canvas::new(1, 1).is_ok_and(|canvas| canvas.can_write(words))
}

/// The amount at the top of the days' scale, and whether the limit is below it.
fn scale(days: &[Day]) -> (f64, bool) {
    let highest = days.iter().map(|day| day.spent).max().unwrap_or(0) as f64;
    let limit = days.iter().filter_map(|day| day.limit).max().unwrap_or(0) as f64;
    let in_sight = limit > 0.0 && (highest <= 0.0 || limit <= highest * LIMIT_IN_SIGHT);
    let top = if in_sight {
        limit.max(highest)
    } else {
        highest
    };
    (round_up(top.max(1.0) * 1.05), in_sight)
}

/// The next amount that divides well by four.
fn round_up(amount: f64) -> f64 {
    let magnitude = 10f64.powf(amount.log10().floor());
    [1.0, 1.2, 1.6, 2.0, 2.4, 3.2, 4.0, 5.0, 6.0, 8.0, 10.0]
        .into_iter()
        .map(|step| step * magnitude)
        .find(|rounded| *rounded >= amount)
        .unwrap_or(amount)
}

fn days(canvas: &mut Canvas, chart: &Chart) {
    let (left, top, right, bottom) = PLOT;
    canvas.text((24.0, 34.0), LARGE, Align::Left, INK, &chart.days_title);
    if chart.days.iter().all(|day| day.spent == 0) {
        let middle = (f32::midpoint(left, right), f32::midpoint(top, bottom));
        canvas.text(middle, LARGE, Align::Center, FAINT_INK, &chart.nothing);
    }
    let (most, in_sight) = scale(&chart.days);
    let height = |amount: f64| ((amount / most) as f32).clamp(0.0, 1.0) * (bottom - top);
    for quarter in 0..=4u8 {
        let amount = most * f64::from(quarter) / 4.0;
        let y = bottom - height(amount);
        canvas.line((left, y), (right, y), 1.0, None, GRID);
        let label = (chart.write)(amount.round() as i64);
        let at = (left - 8.0, y + 4.5);
        canvas.text(at, SMALL, Align::Right, FAINT_INK, &label);
    }
    let step = (right - left) / chart.days.len().max(1) as f32;
    // Every label needs its room; today's is always there, so they are counted from the right.
    let widest = chart
        .days
        .iter()
        .map(|day| canvas.width(&day.label, SMALL))
        .fold(canvas.width(&chart.today, SMALL), f32::max);
    let every = ((widest + 10.0) / step).ceil().max(1.0) as usize;
    let last = chart.days.len().saturating_sub(1);
    for (at, day) in chart.days.iter().enumerate() {
        let x = left + step * at as f32;
        let is_today = at == last;
        let tall = match day.spent {
            0 => 0.0,
            // What was spent is seen, be it ever so little.
            spent => height(spent as f64).max(2.0),
        };
        let color = if is_today { TODAY } else { SPENT };
        canvas.bar(x + step * 0.15, bottom - tall, step * 0.7, tall, color);
        if let (Some(limit), true) = (day.limit, in_sight) {
            let y = bottom - height(limit as f64);
            canvas.line((x, y), (x + step, y), 2.5, None, LIMIT);
        }
        if (last - at).is_multiple_of(every) {
            let (label, ink) = if is_today {
                (&chart.today, INK)
            } else {
                (&day.label, FAINT_INK)
            };
            let under = (x + step / 2.0, bottom + 20.0);
            canvas.text(under, SMALL, Align::Center, ink, label);
        }
    }
    let Some(limit) = chart.days.iter().rev().find_map(|day| day.limit) else {
        return;
    };
    let word = if in_sight {
        &chart.limit
    } else {
        &chart.limit_above
    };
    let text = format!("{word} {}", (chart.write)(limit));
    canvas.text((46.0, 380.0), SMALL, Align::Left, INK, &text);
    canvas.line((24.0, 375.5), (40.0, 375.5), 2.5, None, LIMIT);
}

fn personas(canvas: &mut Canvas, chart: &Chart) {
    let (left, right) = SIDE;
    let title = canvas.fitting(&chart.personas_title, LARGE, right - left);
    canvas.text((left, 34.0), LARGE, Align::Left, INK, &title);
    if chart.personas.is_empty() {
        let at = (left, PLOT.1 + 14.0);
        canvas.text(at, SMALL, Align::Left, FAINT_INK, &chart.nothing);
    }
    let most = chart.personas.iter().map(|one| one.spent).max();
    let most = most.unwrap_or(0).max(1) as f64;
    for (at, one) in chart.personas.iter().take(PERSONAS).enumerate() {
        let y = PLOT.1 + 14.0 + 50.0 * at as f32;
        let amount = (chart.write)(one.spent);
        let room = right - left - canvas.width(&amount, SMALL) - 12.0;
        // The message beside the picture lists them in the same order, so a number leads there where letters are missing.
        let name = match canvas.can_write(&one.name) {
            true => format!("{}  {}", at + 1, one.name),
            false => (at + 1).to_string(),
        };
        let name = canvas.fitting(&name, SMALL, room);
        canvas.text((left, y), SMALL, Align::Left, INK, &name);
        canvas.text((right, y), SMALL, Align::Right, INK, &amount);
        let wide = ((one.spent as f64 / most) as f32).max(0.0) * (right - left);
        canvas.bar(left, y + 9.0, wide.max(2.0), 14.0, PERSONA);
    }
}

#[cfg(test)]
mod tests;
