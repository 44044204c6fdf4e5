//! A face that Discord would not take because its file is too large, made small: a square of the size that Discord shows.
//! The card keeps its picture as it came.

use std::io::Cursor;

use fast_image_resize::images::Image;
use fast_image_resize::{PixelType, ResizeError, ResizeOptions, Resizer};

/// The side of an emoji. Discord shows none larger, and uncompressed it is a quarter of what Discord takes.
/// <https://discord.com/developers/docs/resources/emoji#emoji-formats>
const SIDE: u32 = 128;
/// The most pixels that are unfolded; a picture of more would take more memory than a face is worth.
const PIXELS_MAX: u64 = 24_000_000;

/// Why a picture cannot be made smaller.
#[derive(Debug, thiserror::Error)]
pub(super) enum FaceError {
    /// It has too many pixels.
    #[error("it is {width} by {height} pixels; use one of at most {PIXELS_MAX} in all")]
    TooLarge {
        /// Pixels from left to right.
        width: u32,
        /// Pixels from top to bottom.
        height: u32,
    },
    /// It is damaged.
    #[error("its pixels cannot be read: {0}")]
    Damaged(#[from] png::DecodingError),
    /// It cannot be written again.
    #[error("it cannot be written: {0}")]
    Unwritable(#[from] png::EncodingError),
    /// It cannot be scaled.
    #[error("it cannot be scaled: {0}")]
    Unscalable(#[from] ResizeError),
    /// Its pixels are not what its header says.
    #[error("its pixels are not what its header says")]
    Odd,
}

/// The picture as a square PNG of [`SIDE`]: of a portrait the upper part, where the face is, else the middle. It takes some
/// tens of milliseconds, so call it off the asynchronous runtime.
pub(super) fn small(file: &[u8]) -> Result<Vec<u8>, FaceError> {
    let (width, height, pixels) = unfold(file)?;
    let whole =
        Image::from_vec_u8(width, height, pixels, PixelType::U8x4).map_err(|_| FaceError::Odd)?;
    let side = f64::from(width.min(height));
    let left = (f64::from(width) - side) / 2.0;
    let square = ResizeOptions::new().crop(left, 0.0, side, side);
    let mut face = Image::new(SIDE, SIDE, PixelType::U8x4);
    Resizer::new().resize(&whole, &mut face, &square)?;
    let mut small = Vec::new();
    let mut encoder = png::Encoder::new(&mut small, SIDE, SIDE);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(face.buffer())?;
    Ok(small)
}

/// Width, height, and the pixels as red, green, blue and alpha.
fn unfold(file: &[u8]) -> Result<(u32, u32, Vec<u8>), FaceError> {
    let mut decoder = png::Decoder::new(Cursor::new(file));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info()?;
    let (width, height) = (reader.info().width, reader.info().height);
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(FaceError::TooLarge { width, height });
    }
    let mut raw = vec![0; reader.output_buffer_size().ok_or(FaceError::Odd)?];
    let frame = reader.next_frame(&mut raw)?;
    raw.truncate(frame.buffer_size());
    let pixels = match frame.color_type {
        png::ColorType::Rgba => raw,
        png::ColorType::Rgb => spread::<3>(&raw, |[red, green, blue]| [red, green, blue, u8::MAX]),
        png::ColorType::GrayscaleAlpha => {
            spread::<2>(&raw, |[gray, alpha]| [gray, gray, gray, alpha])
        }
        png::ColorType::Grayscale => spread::<1>(&raw, |[gray]| [gray, gray, gray, u8::MAX]),
        png::ColorType::Indexed => return Err(FaceError::Odd),
    };
    Ok((width, height, pixels))
}

fn spread<const N: usize>(raw: &[u8], pixel: impl Fn([u8; N]) -> [u8; 4]) -> Vec<u8> {
    let (pixels, _) = raw.as_chunks::<N>();
    pixels.iter().flat_map(|samples| pixel(*samples)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A PNG whose pixels are told one by one.
    fn drawn(
        (width, height): (u32, u32),
        color: png::ColorType,
        pixel: impl Fn(u32, u32) -> Vec<u8>,
    ) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(color);
        encoder.set_depth(png::BitDepth::Eight);
        let all: Vec<u8> = (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .flat_map(|(x, y)| pixel(x, y))
            .collect();
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&all).unwrap();
        writer.finish().unwrap();
        file
    }

    /// No two pixels alike, so that it does not compress.
    fn noise(x: u32, y: u32) -> u8 {
        let mixed =
            (x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77)).wrapping_mul(0xC2B2_AE3D);
        (mixed >> 24) as u8
    }

    #[test]
    fn the_noisiest_picture_becomes_one_that_discord_takes() {
        let large = drawn((300, 300), png::ColorType::Rgba, |x, y| {
            vec![noise(x, y), noise(y, x), noise(x + 1, y), noise(x, y + 1)]
        });
        assert!(large.len() > 256 * 1024);
        let small = small(&large).unwrap();
        assert!(small.len() < 256 * 1024, "{}", small.len());
        let (width, height, _) = unfold(&small).unwrap();
        assert_eq!((width, height), (SIDE, SIDE));
    }

    #[test]
    fn of_a_portrait_the_upper_square_is_kept_and_of_a_landscape_the_middle() {
        let red_above = drawn((200, 300), png::ColorType::Rgb, |_, y| {
            if y < 200 {
                vec![255, 0, 0]
            } else {
                vec![0, 0, 255]
            }
        });
        let red_inside = drawn((300, 200), png::ColorType::Rgb, |x, _| {
            if (50..250).contains(&x) {
                vec![255, 0, 0]
            } else {
                vec![0, 0, 255]
            }
        });
        for file in [red_above, red_inside] {
            let (_, _, pixels) = unfold(&small(&file).unwrap()).unwrap();
            // The filter looks a little over the edge.
            let red = pixels
                .as_chunks::<4>()
                .0
                .iter()
                .filter(|p| p[0] > 200 && p[2] < 50);
            assert!(red.count() as u32 > SIDE * (SIDE - 4));
        }
    }

    #[test]
    fn gray_and_transparent_pictures_stay_what_they_are() {
        let gray = drawn((300, 300), png::ColorType::Grayscale, |_, _| vec![90]);
        let (_, _, pixels) = unfold(&small(&gray).unwrap()).unwrap();
        assert_eq!(&pixels[..4], [90, 90, 90, 255]);
        let clear = drawn((300, 300), png::ColorType::GrayscaleAlpha, |_, _| {
            vec![90, 0]
        });
        let (_, _, pixels) = unfold(&small(&clear).unwrap()).unwrap();
        assert_eq!(pixels[3], 0);
    }

    #[test]
    fn what_is_no_picture_or_would_unfold_into_too_much_is_refused() {
        assert!(matches!(
            small(b"\x89PNG\r\n\x1a\n"),
            Err(FaceError::Damaged(_))
        ));
        let file = drawn((300, 300), png::ColorType::Rgb, |x, y| vec![noise(x, y); 3]);
        assert!(small(&file[..file.len() / 2]).is_err());
        let mut wide = Vec::new();
        let mut writer = png::Encoder::new(&mut wide, 24_001, 1_000)
            .write_header()
            .unwrap();
        writer.write_chunk(png::chunk::IDAT, &[]).unwrap();
        drop(writer);
        assert!(matches!(small(&wide), Err(FaceError::TooLarge { .. })));
    }
}
