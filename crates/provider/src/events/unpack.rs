//! Bodies that come packed although we ask for plain ones. Proxies pack what they are told not to, and one forgot to say
//! so; the first bytes tell.

use std::io::{self, BufRead, Read};

use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// How a gzip body begins.
const GZIP: [u8; 2] = [0x1F, 0x8B];
/// How a zlib body begins: the method is deflate, and the two bytes are a multiple of 31.
const DEFLATE: u8 = 8;

/// Why a body cannot be unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// It is larger than there is room for.
    TooLarge,
    /// It is packed in a way that we do not know, or wrongly.
    Unknown(&'static str),
}

impl Broken {
    /// What is wrong, for the sentence of an error.
    pub(crate) fn why(self) -> &'static str {
        match self {
            Broken::TooLarge => "it is too large",
            Broken::Unknown(why) => why,
        }
    }
}

/// Unpacks one body, as it comes.
pub(crate) struct Unpacking {
    coding: String,
    state: State,
}

enum State {
    /// Too little came to say.
    Begin(Vec<u8>),
    Plain,
    /// Also of several members, each of which is a file of its own (RFC 1952, 2.2).
    Gzip(MultiGzDecoder<Inbox>),
    Zlib(ZlibDecoder<Inbox>),
    Deflate(DeflateDecoder<Inbox>),
}

impl Unpacking {
    /// Of a body that says this of itself.
    pub(crate) fn new(coding: &str) -> Unpacking {
        Unpacking {
            coding: coding.to_owned(),
            state: State::Begin(Vec::new()),
        }
    }

    /// The plain bytes that these bytes of the wire bring.
    pub(crate) fn pass(&mut self, bytes: &[u8], room: usize) -> Result<Vec<u8>, Broken> {
        if let State::Begin(held) = &mut self.state {
            held.extend_from_slice(bytes);
            let Some(state) = decide(&self.coding, held)? else {
                return Ok(Vec::new());
            };
            let held = std::mem::take(held);
            self.state = state;
            return self.unpack(&held, room);
        }
        self.unpack(bytes, room)
    }

    fn unpack(&mut self, bytes: &[u8], room: usize) -> Result<Vec<u8>, Broken> {
        match &mut self.state {
            State::Begin(_) => Ok(Vec::new()),
            State::Plain if bytes.len() > room => Err(Broken::TooLarge),
            State::Plain => Ok(bytes.to_vec()),
            State::Gzip(decoder) => {
                decoder.get_mut().put(bytes);
                drain(decoder, room)
            }
            State::Zlib(decoder) => {
                decoder.get_mut().put(bytes);
                drain(decoder, room)
            }
            State::Deflate(decoder) => {
                decoder.get_mut().put(bytes);
                drain(decoder, room)
            }
        }
    }
}

/// How a body is packed, by its first bytes and, where they say nothing, by its label.
fn decide(coding: &str, begin: &[u8]) -> Result<Option<State>, Broken> {
    let [first, rest @ ..] = begin else {
        return Ok(None);
    };
    if *first == GZIP[0] || coding == "deflate" {
        let Some(second) = rest.first() else {
            return Ok(None);
        };
        if [*first, *second] == GZIP {
            return Ok(Some(State::Gzip(MultiGzDecoder::new(Inbox::default()))));
        }
        let check = u16::from_be_bytes([*first, *second]);
        if coding == "deflate" && first & 0x0F == DEFLATE && check.is_multiple_of(31) {
            return Ok(Some(State::Zlib(ZlibDecoder::new(Inbox::default()))));
        }
        if coding == "deflate" && !is_text(begin) {
            return Ok(Some(State::Deflate(DeflateDecoder::new(Inbox::default()))));
        }
    }
    match coding {
        "br" | "zstd" | "compress" if !is_text(begin) => Err(Broken::Unknown(
            "it answers packed although asked not to, and not with gzip",
        )),
        _ => Ok(Some(State::Plain)),
    }
}

/// Whether this is how a plain body begins, whatever its label says.
fn is_text(begin: &[u8]) -> bool {
    matches!(
        begin,
        [b'd', b'a', ..] | [b'e', b'v' | b'r', ..] | [b':' | b'{' | b'<' | b'\n' | b'\r', ..]
    )
}

fn drain(decoder: &mut impl Read, room: usize) -> Result<Vec<u8>, Broken> {
    let mut plain = Vec::new();
    let mut piece = [0; 8 * 1024];
    loop {
        match decoder.read(&mut piece) {
            Ok(0) => return Ok(plain),
            Ok(read) if plain.len() + read > room => return Err(Broken::TooLarge),
            Ok(read) => plain.extend_from_slice(&piece[..read]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(plain),
            Err(_) => return Err(Broken::Unknown("it cannot be unpacked")),
        }
    }
}

/// Bytes that came and were not unpacked yet. Empty means "not now", never "no more".
#[derive(Debug, Default)]
struct Inbox {
    bytes: Vec<u8>,
    taken: usize,
}

impl Inbox {
    fn put(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.taken);
        self.taken = 0;
        self.bytes.extend_from_slice(bytes);
    }
}

impl Read for Inbox {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Inbox {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self.bytes.get(self.taken..) {
            Some(bytes) if !bytes.is_empty() => Ok(bytes),
            _ => Err(io::ErrorKind::WouldBlock.into()),
        }
    }

    fn consume(&mut self, read: usize) {
        self.taken = (self.taken + read).min(self.bytes.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use std::io::Write;

    const TEXT: &[u8] = b"data: {\"a\":1}\n\ndata: {\"a\":2}\n\ndata: [DONE]\n\n";
    const ROOM: usize = 1 << 20;

    fn unpacked(coding: &str, packed: &[u8], size: usize) -> Vec<u8> {
        let mut unpacking = Unpacking::new(coding);
        let pieces = packed.chunks(size);
        pieces
            .flat_map(|piece| unpacking.pass(piece, ROOM).unwrap())
            .collect()
    }

    #[test]
    fn a_packed_body_is_unpacked_however_it_is_cut_and_labelled() {
        let level = Compression::default;
        let mut gzip = GzEncoder::new(Vec::new(), level());
        let mut zlib = ZlibEncoder::new(Vec::new(), level());
        let mut deflate = DeflateEncoder::new(Vec::new(), level());
        for encoder in [&mut gzip as &mut dyn Write, &mut zlib, &mut deflate] {
            encoder.write_all(TEXT).unwrap();
        }
        let gzip = gzip.finish().unwrap();
        for size in 1..gzip.len() {
            assert_eq!(unpacked("gzip", &gzip, size), TEXT, "{size}");
            assert_eq!(unpacked("", &gzip, size), TEXT, "without a label, {size}");
        }
        let members: Vec<u8> = [&TEXT[..15], &TEXT[15..]]
            .into_iter()
            .flat_map(|part| {
                let mut member = GzEncoder::new(Vec::new(), level());
                member.write_all(part).unwrap();
                member.finish().unwrap()
            })
            .collect();
        for size in 1..members.len() {
            assert_eq!(unpacked("gzip", &members, size), TEXT, "of members, {size}");
        }
        assert_eq!(unpacked("deflate", &zlib.finish().unwrap(), 3), TEXT);
        assert_eq!(unpacked("deflate", &deflate.finish().unwrap(), 3), TEXT);
        for coding in ["", "gzip", "deflate", "br", "identity"] {
            assert_eq!(
                unpacked(coding, TEXT, 7),
                TEXT,
                "a label that lies: {coding}"
            );
        }
    }

    #[test]
    fn what_was_packed_so_far_is_there_before_the_rest_comes() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(TEXT).unwrap();
        gzip.flush().unwrap();
        let mut unpacking = Unpacking::new("gzip");
        assert_eq!(unpacking.pass(gzip.get_ref(), ROOM), Ok(TEXT.to_vec()));
    }

    #[test]
    fn a_bomb_ends_at_the_bound_and_rubbish_is_broken() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(&vec![b'x'; 4 * ROOM]).unwrap();
        let bomb = gzip.finish().unwrap();
        assert_eq!(Unpacking::new("").pass(&bomb, ROOM), Err(Broken::TooLarge));
        let rubbish = [&bomb[..12], &[0xFF; 64]].concat();
        assert!(matches!(
            Unpacking::new("").pass(&rubbish, ROOM),
            Err(Broken::Unknown(_))
        ));
        assert!(Unpacking::new("br").pass(&[0x1B, 0x40], ROOM).is_err());
    }
}
