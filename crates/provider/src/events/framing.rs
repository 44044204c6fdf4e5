//! Cuts a body into frames: the events of a stream, and bare JSON where there is none. Works on bytes, so that a character
//! may be cut anywhere, and a character that is no text becomes U+FFFD alone.

/// The largest frame in bytes.
const LARGEST_FRAME: usize = 512 * 1024;
/// The byte order mark.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// One event as it stands on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Frame {
    /// What the event is called; empty where it has no name.
    pub(super) name: String,
    /// Its data; several lines are joined.
    pub(super) data: String,
}

/// Why a body is not read further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// The body, or one frame in it, is larger than allowed.
    TooLarge,
    /// It is a web page.
    WebPage,
}

/// What of a body is not a frame yet.
#[derive(Debug, Default)]
pub(super) struct Framing {
    frames: Vec<Frame>,
    line: Vec<u8>,
    /// The line before ended with a carriage return: a line feed now belongs to it.
    returned: bool,
    /// Some line was read that is not blank.
    begun: bool,
    /// Lines that belong to no stream of events were seen.
    strange: bool,
    name: String,
    data: Option<Vec<u8>>,
    bare: Option<Bare>,
}

/// JSON that stands alone in the body, until it is whole.
#[derive(Debug, Default)]
struct Bare {
    text: Vec<u8>,
    depth: usize,
    quoted: bool,
    escaped: bool,
}

impl Framing {
    /// Takes bytes in.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> Result<(), Flaw> {
        for &byte in bytes {
            let returned = std::mem::replace(&mut self.returned, byte == b'\r');
            match byte {
                b'\n' if returned => {}
                b'\n' | b'\r' => self.end_line()?,
                _ => self.line.push(byte),
            }
            if self.line.len() > LARGEST_FRAME {
                return Err(Flaw::TooLarge);
            }
        }
        self.look_for_a_page()
    }

    /// The frames that are whole.
    pub(super) fn frames(&mut self) -> Vec<Frame> {
        std::mem::take(&mut self.frames)
    }

    /// Takes what is left at the end of the body as it is. True if there was anything that belongs to no stream of
    /// events.
    pub(super) fn finish(&mut self) -> bool {
        let _ = self.end_line();
        self.dispatch();
        if let Some(bare) = self.bare.take() {
            self.push(&bare.text);
        }
        self.strange
    }

    /// A web page is known by its first sign, before a line of it ends.
    fn look_for_a_page(&self) -> Result<(), Flaw> {
        let page = !self.begun && start(&self.line).first() == Some(&b'<');
        if page { Err(Flaw::WebPage) } else { Ok(()) }
    }

    fn end_line(&mut self) -> Result<(), Flaw> {
        self.look_for_a_page()?;
        let line = std::mem::take(&mut self.line);
        self.read(&line);
        let held = self.data.as_ref().map_or(0, Vec::len)
            + self.bare.as_ref().map_or(0, |bare| bare.text.len());
        if held > LARGEST_FRAME {
            return Err(Flaw::TooLarge);
        }
        Ok(())
    }

    fn read(&mut self, line: &[u8]) {
        if let Some(bare) = self.bare.take() {
            return self.read_bare(bare, line);
        }
        let text = start(line);
        let Some(first) = text.first() else {
            return self.dispatch();
        };
        self.begun = true;
        if matches!(first, b'{' | b'[') {
            // Some relays break the line behind `data:`; then the name above still counts.
            if self.data.as_ref().is_some_and(|data| !data.is_empty()) {
                self.dispatch();
            }
            self.data = None;
            return self.read_bare(Bare::default(), text);
        }
        let (field, value) = split(text);
        match field {
            b"data" => match &mut self.data {
                Some(data) => {
                    data.push(b'\n');
                    data.extend_from_slice(value);
                }
                None => self.data = Some(value.to_vec()),
            },
            b"event" => self.name = String::from_utf8_lossy(value).trim().to_owned(),
            // llama.cpp before September 2025 wrote an error as a field of its own, which no parser looks at.
            b"error" => {
                self.dispatch();
                self.name = "error".to_owned();
                self.push(value);
            }
            b"" | b"id" | b"retry" => {}
            _ => self.strange = true,
        }
    }

    fn read_bare(&mut self, mut bare: Bare, line: &[u8]) {
        match bare.pass(line) {
            None => self.bare = Some(bare),
            Some(end) => {
                self.push(&bare.text);
                let rest = &line[end..];
                if !rest.trim_ascii().is_empty() {
                    self.read(rest);
                }
            }
        }
    }

    /// An event ends.
    fn dispatch(&mut self) {
        if let Some(data) = self.data.take().filter(|data| !data.is_empty()) {
            self.push(&data);
        }
        self.name.clear();
    }

    fn push(&mut self, data: &[u8]) {
        self.frames.push(Frame {
            name: std::mem::take(&mut self.name),
            data: String::from_utf8_lossy(data).into_owned(),
        });
    }
}

impl Bare {
    /// Takes a line in; where the JSON ends in it, if it does.
    fn pass(&mut self, line: &[u8]) -> Option<usize> {
        for (at, &byte) in line.iter().enumerate() {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.quoted => self.escaped = true,
                b'"' => self.quoted = !self.quoted,
                b'{' | b'[' if !self.quoted => self.depth += 1,
                b'}' | b']' if !self.quoted => self.depth = self.depth.saturating_sub(1),
                _ => continue,
            }
            if self.depth == 0 && !self.quoted {
                self.text.extend_from_slice(&line[..=at]);
                return Some(at + 1);
            }
        }
        self.text.extend_from_slice(line);
        self.text.push(b'\n');
        None
    }
}

/// A line without what may stand before it.
fn start(line: &[u8]) -> &[u8] {
    line.strip_prefix(MARK).unwrap_or(line).trim_ascii_start()
}

/// A field and its value, of which one blank in front is no part.
fn split(line: &[u8]) -> (&[u8], &[u8]) {
    let Some(colon) = line.iter().position(|&byte| byte == b':') else {
        return (line, b"");
    };
    let value = &line[colon + 1..];
    (&line[..colon], value.strip_prefix(b" ").unwrap_or(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(body: &[u8]) -> Vec<(String, String)> {
        let mut framing = Framing::default();
        framing.pass(body).unwrap();
        framing.finish();
        let frames = framing.frames().into_iter();
        frames.map(|frame| (frame.name, frame.data)).collect()
    }

    fn data(body: &[u8]) -> Vec<String> {
        framed(body).into_iter().map(|(_, data)| data).collect()
    }

    #[test]
    fn every_line_end_and_a_mark_at_the_start_are_understood() {
        for body in [
            "data: {}\n\ndata: 1\n\n",
            "data: {}\r\n\r\ndata: 1\r\n\r\n",
            "data: {}\r\rdata: 1\r\r",
            "\u{feff}data:{}\n\nid: 4\nretry: 3\ndata: 1",
            "\n\n: ping\n\n:\n\ndata: {}\n\n\n\ndata:\n\ndata: 1\n",
        ] {
            assert_eq!(data(body.as_bytes()), ["{}", "1"], "{body:?}");
        }
    }

    #[test]
    fn names_belong_to_their_event_alone_and_lines_of_data_are_joined() {
        let body = b"event: a\ndata: 1\ndata: 2\n\ndata: 3\n\nevent:b\n\ndata: 4\n\n";
        let expected =
            [("a", "1\n2"), ("", "3"), ("", "4")].map(|(name, data)| (name.into(), data.into()));
        assert_eq!(framed(body), expected);
    }

    #[test]
    fn json_that_stands_alone_is_a_frame_however_it_is_laid_out() {
        let whole = "{\n  \"a\": \"}\\\"{\",\n\n  \"b\": [1]\n}\n";
        assert_eq!(data(whole.as_bytes()), [whole.trim_end()]);
        assert_eq!(data(b"{\"a\":1}\n{\"a\":2}\n"), ["{\"a\":1}", "{\"a\":2}"]);
        assert_eq!(data(b"{\"a\":1}{\"a\":2}"), ["{\"a\":1}", "{\"a\":2}"]);
        assert_eq!(data(b"{}\n\ndata: [DONE]\n\n"), ["{}", "[DONE]"]);
        assert_eq!(data(b"data:\n {\"a\":1}\n\n"), ["{\"a\":1}"]);
    }

    #[test]
    fn an_error_written_as_a_field_is_an_event_of_that_name() {
        let frames = framed(b"error: {\"code\":400}\n\ndata: [DONE]\n\n");
        assert_eq!(frames[0], ("error".to_owned(), "{\"code\":400}".to_owned()));
        assert_eq!(frames[1], (String::new(), "[DONE]".to_owned()));
    }

    #[test]
    fn a_web_page_is_known_by_its_first_sign() {
        for page in ["<", "\u{feff}\r\n  <!doctype html>\n"] {
            assert_eq!(
                Framing::default().pass(page.as_bytes()),
                Err(Flaw::WebPage),
                "{page:?}"
            );
        }
        assert_eq!(data(b": hi\n<b>\n"), [""; 0]);
    }

    #[test]
    fn many_frames_pass_and_one_endless_frame_does_not() {
        let mut framing = Framing::default();
        let frame = [b"data: ", vec![b'x'; 2000].as_slice(), b"\r\n\r\n"].concat();
        for _ in 0..1000 {
            framing.pass(&frame).unwrap();
            assert_eq!(framing.frames().len(), 1);
        }
        for lines in ["x".repeat(4096), "data: \n".repeat(999), "{\n".repeat(999)] {
            let mut framing = Framing::default();
            let mut passed = 0;
            while framing.pass(lines.as_bytes()).is_ok() {
                passed += lines.len();
                assert!(passed < 8 * LARGEST_FRAME);
            }
        }
    }
}
