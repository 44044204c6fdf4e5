//! Bounds what a provider can make the house hold in memory, and keeps from the event parser what it cannot take.

/// The largest answer in bytes. A reply of 32k tokens, a chunk each, is about 8 MiB.
const LARGEST_BODY: usize = 32 * 1024 * 1024;
/// The largest single event in bytes.
const LARGEST_EVENT: usize = 512 * 1024;
/// A byte order mark's first byte. The parser panics on the mark, and no event begins with this byte.
const MARK: u8 = 0xEF;

/// Why a body is not read further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flood {
    /// The connection broke.
    Cut,
    /// The answer, or one event in it, is larger than allowed.
    TooLarge,
    /// It begins as no stream of events does.
    NotText,
}

/// Counts the bytes of one answer.
#[derive(Debug, Default)]
pub(crate) struct Guard {
    body: usize,
    event: usize,
    /// Is the line empty so far?
    blank: bool,
}

impl Guard {
    /// Lets a chunk of the body pass, or says why not.
    pub(crate) fn pass(&mut self, chunk: &[u8]) -> Result<(), Flood> {
        if self.body == 0 && chunk.first() == Some(&MARK) {
            return Err(Flood::NotText);
        }
        self.body = self.body.saturating_add(chunk.len());
        if self.body > LARGEST_BODY {
            return Err(Flood::TooLarge);
        }
        for &byte in chunk {
            self.event += 1;
            match byte {
                b'\n' if self.blank => self.event = 0,
                b'\n' => self.blank = true,
                b'\r' => {}
                _ => self.blank = false,
            }
            if self.event > LARGEST_EVENT {
                return Err(Flood::TooLarge);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_events_pass_and_one_endless_event_does_not() {
        let mut guard = Guard::default();
        for _ in 0..1000 {
            guard
                .pass(&[b"data: ", vec![b'x'; 2000].as_slice(), b"\r\n\r\n"].concat())
                .unwrap();
        }
        let mut passed = 0;
        while guard.pass(&[b'x'; 1024]).is_ok() {
            passed += 1024;
        }
        assert_eq!(passed, LARGEST_EVENT);
    }

    #[test]
    fn an_endless_body_of_small_events_ends() {
        let mut guard = Guard::default();
        let event = b"data: tick\n\n".repeat(1000);
        let mut passed = 0;
        while guard.pass(&event).is_ok() {
            passed += event.len();
        }
        assert!(passed <= LARGEST_BODY && passed > LARGEST_BODY - event.len());
    }

    #[test]
    fn a_byte_order_mark_never_reaches_the_parser() {
        assert_eq!(
            Guard::default().pass("\u{feff}data: x\n\n".as_bytes()),
            Err(Flood::NotText)
        );
        assert_eq!(Guard::default().pass(&[0xEF]), Err(Flood::NotText));
    }
}
