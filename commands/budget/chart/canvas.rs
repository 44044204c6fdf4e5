//! A small canvas: bars, lines and words on a card, and out comes a PNG.

use tiny_skia::{FillRule, Paint, PathBuilder, Pixmap, Rect, Stroke, StrokeDash, Transform};
use ttf_parser::{Face, GlyphId, OutlineBuilder};

use super::palette::Rgb;

/// Latin letters, digits, and the Chinese characters of the chart's own words; see `fonts/README.md`.
const FONT: &[u8] = include_bytes!("../../fonts/NotoSansSC-chart.ttf");
/// How far letters lean on their line's left end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Center,
    Right,
}

/// Why a chart could not be drawn. None of these depends on what was spent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ChartError {
    /// There is no picture of that size.
    #[error("a chart cannot have this size")]
    Size,
    /// The font that comes with the bot cannot be read.
    #[error("the chart's font cannot be read: {0}")]
    Font(#[from] ttf_parser::FaceParsingError),
    /// The picture cannot be written.
    #[error("the chart cannot be written as a PNG: {0}")]
    Png(#[from] png::EncodingError),
}

/// What is drawn on.
pub(super) struct Canvas {
    pixels: Pixmap,
    face: Face<'static>,
}

impl Canvas {
    pub(super) fn new(width: u32, height: u32) -> Result<Self, ChartError> {
        Ok(Self {
            pixels: Pixmap::new(width, height).ok_or(ChartError::Size)?,
            face: Face::parse(FONT, 0)?,
        })
    }

    /// A box with round corners.
    pub(super) fn card(&mut self, x: f32, y: f32, w: f32, h: f32, radius: f32, color: Rgb) {
        let mut path = PathBuilder::new();
        let (right, bottom) = (x + w, y + h);
        path.move_to(x + radius, y);
        path.line_to(right - radius, y);
        path.quad_to(right, y, right, y + radius);
        path.line_to(right, bottom - radius);
        path.quad_to(right, bottom, right - radius, bottom);
        path.line_to(x + radius, bottom);
        path.quad_to(x, bottom, x, bottom - radius);
        path.line_to(x, y + radius);
        path.quad_to(x, y, x + radius, y);
        path.close();
        if let Some(path) = path.finish() {
            let rule = FillRule::Winding;
            self.pixels
                .fill_path(&path, &paint(color), rule, Transform::identity(), None);
        }
    }

    /// A bar; one without a height or a width is not drawn.
    pub(super) fn bar(&mut self, x: f32, y: f32, w: f32, h: f32, color: Rgb) {
        if let Some(rect) = Rect::from_xywh(x, y, w, h) {
            self.pixels
                .fill_rect(rect, &paint(color), Transform::identity(), None);
        }
    }

    /// A line; `dash` is the length of its strokes and gaps.
    pub(super) fn line(
        &mut self,
        from: (f32, f32),
        to: (f32, f32),
        width: f32,
        dash: Option<f32>,
        color: Rgb,
    ) {
        let mut path = PathBuilder::new();
        path.move_to(from.0, from.1);
        path.line_to(to.0, to.1);
        let stroke = Stroke {
            width,
            dash: dash.and_then(|length| StrokeDash::new(vec![length, length], 0.0)),
            ..Stroke::default()
        };
        if let Some(path) = path.finish() {
            self.pixels
                .stroke_path(&path, &paint(color), &stroke, Transform::identity(), None);
        }
    }

    /// Words whose line stands at `y`.
    pub(super) fn text(
        &mut self,
        (x, y): (f32, f32),
        size: f32,
        align: Align,
        color: Rgb,
        text: &str,
    ) {
        let scale = size / f32::from(self.face.units_per_em());
        let start = match align {
            Align::Left => x,
            Align::Center => x - self.width(text, size) / 2.0,
            Align::Right => x - self.width(text, size),
        };
        let mut pen = Pen {
            path: PathBuilder::new(),
            scale,
            x: start,
            y,
        };
        for letter in text.chars() {
            let glyph = self.face.glyph_index(letter).unwrap_or(GlyphId(0));
            self.face.outline_glyph(glyph, &mut pen);
            pen.x += f32::from(self.face.glyph_hor_advance(glyph).unwrap_or(0)) * scale;
        }
        if let Some(path) = pen.path.finish() {
            let rule = FillRule::Winding;
            self.pixels
                .fill_path(&path, &paint(color), rule, Transform::identity(), None);
        }
    }

    /// How wide words are.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        let scale = size / f32::from(self.face.units_per_em());
        let advance = |letter| {
            let glyph = self.face.glyph_index(letter).unwrap_or(GlyphId(0));
            f32::from(self.face.glyph_hor_advance(glyph).unwrap_or(0)) * scale
        };
        text.chars().map(advance).sum()
    }

    /// Whether the font has every letter of these words.
    pub(super) fn can_write(&self, text: &str) -> bool {
        text.chars()
            .all(|letter| self.face.glyph_index(letter).is_some())
    }

    /// The words, cut so that they fit into a width.
    pub(super) fn fitting(&self, text: &str, size: f32, most: f32) -> String {
        if self.width(text, size) <= most {
            return text.to_owned();
        }
        let mut cut: Vec<char> = text.chars().collect();
        while cut.pop().is_some() {
            let shorter: String = cut.iter().chain(&['…']).collect();
            if self.width(&shorter, size) <= most {
                return shorter;
            }
        }
        String::new()
    }

    /// The picture.
    pub(super) fn png(&self) -> Result<Vec<u8>, ChartError> {
        let mut out = Vec::new();
        let mut encoder = png::Encoder::new(&mut out, self.pixels.width(), self.pixels.height());
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        let straight: Vec<u8> = self
            .pixels
            .pixels()
            .iter()
            .flat_map(|pixel| {
                let color = pixel.demultiply();
                [color.red(), color.green(), color.blue(), color.alpha()]
            })
            .collect();
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&straight)?;
        writer.finish()?;
        Ok(out)
    }
}

fn paint(color: Rgb) -> Paint<'static> {
    let mut paint = Paint {
        anti_alias: true,
        ..Paint::default()
    };
    paint.set_color(color.color());
    paint
}

/// Draws a letter's outline, whose y axis points up.
struct Pen {
    path: PathBuilder,
    scale: f32,
    x: f32,
    y: f32,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, self.y - y * self.scale)
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}
