//! The picture is looked at by its pixels: what must be there is there, in the right colour and the right height.

use super::palette::Rgb;
use super::*;

fn cents(amount: i64) -> String {
    format!("${}.{:02}", amount / 100, amount % 100)
}

fn chart(days: &[(i64, Option<i64>)], personas: &[(&str, i64)]) -> Chart {
    Chart {
        days_title: "Each day's spend and limit (US dollars)".into(),
        personas_title: "By persona, this month".into(),
        today: "today".into(),
        limit: "limit".into(),
        limit_above: "limit, above the picture:".into(),
        nothing: "nothing spent yet".into(),
        days: days
            .iter()
            .enumerate()
            .map(|(at, (spent, limit))| Day {
                label: format!("11-{:02}", at + 11),
                spent: *spent,
                limit: *limit,
            })
            .collect(),
        personas: personas
            .iter()
            .map(|(name, spent)| Cost {
                name: (*name).to_owned(),
                spent: *spent,
            })
            .collect(),
        write: cents,
    }
}

/// The usual one: two weeks, six personas.
fn usual() -> Chart {
    let days = [
        (120, Some(500)),
        (310, Some(500)),
        (90, Some(500)),
        (0, None),
        (455, Some(500)),
        (500, Some(500)),
        (260, Some(500)),
        (180, Some(400)),
        (400, Some(400)),
        (20, Some(400)),
        (0, None),
        (333, Some(400)),
        (270, Some(400)),
        (140, Some(400)),
    ];
    let personas = [
        ("Orla", 1220),
        ("Dagny", 803),
        ("老周", 411),
        ("Professor Bartholomew von Hohenlohe-Langenburg", 200),
        ("龘龘", 90),
        ("Idris", 54),
    ];
    chart(&days, &personas)
}

struct Seen {
    pixels: Vec<u8>,
    size: (u32, u32),
}

impl Seen {
    fn of(png: &[u8]) -> Self {
        let mut reader = png::Decoder::new(std::io::Cursor::new(png))
            .read_info()
            .unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        Self {
            pixels,
            size: (info.width, info.height),
        }
    }

    fn at(&self, x: u32, y: u32) -> [u8; 4] {
        let start = ((y * self.size.0 + x) * 4) as usize;
        self.pixels[start..start + 4].try_into().unwrap()
    }

    fn is(&self, x: u32, y: u32, Rgb(r, g, b): Rgb) -> bool {
        self.at(x, y) == [r, g, b, 255]
    }

    /// How many pixels have this colour.
    fn count(&self, color: Rgb) -> usize {
        let all = (0..self.size.1).flat_map(|y| (0..self.size.0).map(move |x| (x, y)));
        all.filter(|(x, y)| self.is(*x, *y, color)).count()
    }

    /// How tall the bar of a day is.
    fn tall(&self, day: usize, of: usize, color: Rgb) -> u32 {
        let step = (PLOT.2 - PLOT.0) / of as f32;
        let x = (PLOT.0 + step * (day as f32 + 0.5)) as u32;
        let column = PLOT.1 as u32..PLOT.3 as u32;
        column.filter(|y| self.is(x, *y, color)).count() as u32
    }
}

#[test]
fn the_picture_is_small_and_of_the_promised_size() {
    let png = draw(&usual()).unwrap();
    if let Some(file) = std::env::var_os("FAMILIAR_CHART_FILE") {
        std::fs::write(file, &png).unwrap();
    }
    assert!(png.len() < 100_000, "{} bytes", png.len());
    assert_eq!(Seen::of(&png).size, SIZE);
}

#[test]
fn the_card_is_opaque_inside_and_its_corners_let_the_theme_through() {
    let seen = Seen::of(&draw(&usual()).unwrap());
    assert!(seen.is(400, 392, CARD));
    assert_eq!(seen.at(0, 0)[3], 0);
    // All of the words and marks lie on the card, so only its corners are transparent.
    let clear = seen.pixels.chunks(4).filter(|pixel| pixel[3] < 255).count();
    assert!(clear < 4 * 14 * 14, "{clear} pixels are not opaque");
}

#[test]
fn a_bar_is_as_tall_as_its_day_was_dear() {
    let days = [(100, None), (200, None), (400, None), (300, None)];
    let seen = Seen::of(&draw(&chart(&days, &[])).unwrap());
    let tall: Vec<u32> = (0..3).map(|day| seen.tall(day, 4, SPENT)).collect();
    assert!(tall[1].abs_diff(2 * tall[0]) <= 3, "{tall:?}");
    assert!(tall[2].abs_diff(4 * tall[0]) <= 5, "{tall:?}");
    assert!(
        seen.tall(3, 4, TODAY) > tall[1],
        "today has a colour of its own"
    );
}

#[test]
fn the_limit_is_a_line_above_what_was_spent_and_a_distant_one_is_said_in_words() {
    let line =
        |days: &[(i64, Option<i64>)]| Seen::of(&draw(&chart(days, &[])).unwrap()).count(LIMIT);
    let near = line(&[(100, Some(200)), (150, Some(200))]);
    let far = line(&[(1, Some(100_000)), (2, Some(100_000))]);
    assert!(near > 600, "a line over the whole width: {near} pixels");
    assert!((1..100).contains(&far), "only its key: {far} pixels");
    assert_eq!(line(&[(100, None), (150, None)]), 0);
}

#[test]
fn the_least_spend_is_seen_beside_the_largest() {
    let days = [(1, None), (1_000_000, None), (0, None), (5, None)];
    let seen = Seen::of(&draw(&chart(&days, &[])).unwrap());
    assert!(seen.tall(0, 4, SPENT) >= 1 && seen.tall(2, 4, SPENT) == 0);
}

#[test]
fn no_amount_is_too_odd_to_be_drawn() {
    for amount in [0, 1, -5, i64::MAX, i64::MIN] {
        for limit in [None, Some(0), Some(1), Some(i64::MAX)] {
            let odd = chart(
                &[(amount, limit)],
                &[("Orla", amount), ("", amount), ("\u{1f984}\n", 1)],
            );
            assert!(draw(&odd).is_ok(), "{amount} of {limit:?}");
        }
    }
    assert!(draw(&chart(&[], &[])).is_ok());
    let year: Vec<_> = (0..400).map(|day| (day, Some(500))).collect();
    assert!(draw(&chart(&year, &[])).is_ok());
}

#[test]
fn a_name_without_letters_in_the_font_is_shown_by_its_number() {
    let canvas = Canvas::new(10, 10).unwrap();
    assert!(canvas.can_write("Zoë Müller-Çelik") && canvas.can_write("老周"));
    assert!(!canvas.can_write("龘") && !canvas.can_write("🦄"));
    let ink = |name| Seen::of(&draw(&chart(&[(1, None)], &[(name, 1)])).unwrap()).count(INK);
    assert_eq!(ink("龘"), ink("🦄"));
    assert!(ink("Orla") > ink("龘"));
}

#[test]
fn words_that_are_too_wide_are_cut_with_an_ellipsis() {
    let canvas = Canvas::new(10, 10).unwrap();
    let cut = canvas.fitting("A very long name indeed", 13.0, 80.0);
    assert!(
        cut.ends_with('…') && canvas.width(&cut, 13.0) <= 80.0,
        "{cut}"
    );
    assert_eq!(canvas.fitting("Orla", 13.0, 80.0), "Orla");
    assert_eq!(canvas.fitting("Orla", 13.0, 1.0), "");
}
