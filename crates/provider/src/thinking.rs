//! Some local models write their thoughts into the reply, between `<think>` and `</think>`. People are not shown them.

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// Takes leading thoughts out of a text that comes in pieces.
#[derive(Debug, Default)]
pub(crate) struct Thoughts {
    place: Place,
    /// What cannot be decided on yet.
    held: String,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum Place {
    /// Nothing but white space and perhaps the beginning of `<think>` came so far.
    #[default]
    Start,
    Inside,
    /// Behind the thoughts: white space before the reply is dropped.
    Behind,
    Reply,
}

impl Thoughts {
    /// The part of the text so far that may be shown now; may be empty.
    pub(crate) fn pass(&mut self, delta: String) -> String {
        if self.place == Place::Reply {
            return delta;
        }
        self.held.push_str(&delta);
        if self.place == Place::Start {
            let text = self.held.trim_start();
            if let Some(thoughts) = text.strip_prefix(OPEN) {
                self.held = thoughts.to_owned();
                self.place = Place::Inside;
            } else if OPEN.starts_with(text) {
                return String::new();
            } else {
                self.place = Place::Reply;
                return std::mem::take(&mut self.held);
            }
        }
        if self.place == Place::Inside {
            let Some(end) = self.held.find(CLOSE) else {
                self.keep_tail();
                return String::new();
            };
            self.held.drain(..end + CLOSE.len());
            self.place = Place::Behind;
        }
        let reply = self.held.trim_start().to_owned();
        self.held.clear();
        if !reply.is_empty() {
            self.place = Place::Reply;
        }
        reply
    }

    /// What was held back when the stream ended.
    pub(crate) fn rest(&mut self) -> String {
        let rest = std::mem::take(&mut self.held);
        if self.place == Place::Start {
            rest
        } else {
            String::new()
        }
    }

    /// Forgets thoughts that were read, except for what may be the beginning of `</think>`.
    fn keep_tail(&mut self) {
        let mut from = self.held.len().saturating_sub(CLOSE.len());
        while !self.held.is_char_boundary(from) {
            from += 1;
        }
        self.held.drain(..from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, size: usize) -> String {
        let mut thoughts = Thoughts::default();
        let characters: Vec<char> = text.chars().collect();
        let mut out = String::new();
        for piece in characters.chunks(size) {
            out.push_str(&thoughts.pass(piece.iter().collect()));
        }
        out + &thoughts.rest()
    }

    #[test]
    fn thoughts_are_taken_out_however_they_are_cut() {
        for size in 1..40 {
            assert_eq!(
                shown(
                    "<think>hm, 你好 </thin</think>\n\nHello <think> there",
                    size
                ),
                "Hello <think> there"
            );
            assert_eq!(shown("\n<think></think>Hi", size), "Hi");
            assert_eq!(shown("<think>cut off", size), "");
            assert_eq!(shown(" <thin", size), " <thin");
            assert_eq!(shown("<b>Hi</b>", size), "<b>Hi</b>");
            assert_eq!(shown("plain", size), "plain");
        }
    }
}
