//! `compress=zlib-stream`: one zlib context a connection, one sync flush a message.

use axum::extract::ws::Message;
use flate2::{Compress, Compression, FlushCompress, Status};

/// Turns texts into frames, packed or not.
pub enum Packer {
    /// As they are.
    Plain,
    /// Through one shared context.
    Zlib(Box<Compress>),
}

impl Packer {
    /// What the client asked for.
    pub fn new(wish: Option<&str>) -> Self {
        match wish {
            Some("zlib-stream") => Self::Zlib(Box::new(Compress::new(Compression::fast(), true))),
            _ => Self::Plain,
        }
    }

    /// One frame. `None` if zlib gave up, which ends the connection.
    pub fn frame(&mut self, text: String) -> Option<Message> {
        match self {
            Self::Plain => Some(Message::text(text)),
            Self::Zlib(context) => pack(context, text.as_bytes()).map(Message::binary),
        }
    }
}

/// A message ends with the flush marker `00 00 ff ff`, by which clients know that it is whole.
fn pack(context: &mut Compress, input: &[u8]) -> Option<Vec<u8>> {
    let mut output = Vec::with_capacity(input.len() / 2 + 64);
    let start = context.total_in();
    loop {
        let consumed = usize::try_from(context.total_in() - start).ok()?;
        let before = output.len();
        let status = context
            .compress_vec(&input[consumed..], &mut output, FlushCompress::Sync)
            .ok()?;
        let all_in = usize::try_from(context.total_in() - start).ok()? == input.len();
        let room_left = output.len() < output.capacity();
        if all_in && room_left {
            return Some(output);
        }
        if status == Status::BufError && output.len() == before && room_left {
            return None;
        }
        output.reserve(output.capacity());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Decompress, FlushDecompress};

    #[test]
    fn messages_of_one_stream_unpack_in_order() {
        let mut packer = Compress::new(Compression::fast(), true);
        let mut unpacker = Decompress::new(true);
        for text in ["{\"op\":10}", &"long ".repeat(40_000), ""] {
            let packed = pack(&mut packer, text.as_bytes()).unwrap();
            assert!(packed.ends_with(&[0, 0, 0xff, 0xff]));
            let mut out = Vec::with_capacity(300_000);
            unpacker
                .decompress_vec(&packed, &mut out, FlushDecompress::Sync)
                .unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), text);
        }
    }
}
