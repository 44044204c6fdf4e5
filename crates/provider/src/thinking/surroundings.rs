//! Where in a text a mark stands: in code, in quotes, in the middle of a sentence, or where a template puts it.

/// The longest code span that is looked for, in bytes: no one writes longer ones, and a text of marks and backticks must
/// not take forever.
const LONGEST_SPAN: usize = 1000;

/// How a mark stands among what is around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stance {
    /// In quotes or backticks of its own: it is spoken of.
    Quoted,
    /// Between words of a sentence, with a space on both sides.
    Sentence,
    /// At the beginning of a line, or of the text.
    Line,
    /// Anywhere else, as templates and models put it.
    Glued,
}

/// What is known of the text in front of the next character.
#[derive(Debug, Default)]
pub(super) struct Surroundings {
    last: Option<char>,
    /// The last character of this line that is no blank.
    solid: Option<char>,
    /// This line has a letter: more stands in it than the sign of a list.
    worded: bool,
    /// The backticks that came in a row just now, and whether they began the line.
    run: usize,
    run_leads: bool,
    /// The backticks of the fence and of the code span that are open.
    fence: Option<usize>,
    span: Option<usize>,
}

/// Whether a code span that is open closes on its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    /// So many bytes further on.
    Closes(usize),
    Open,
    Unknown,
}

impl Surroundings {
    pub(super) fn see(&mut self, text: &str) {
        text.chars().for_each(|c| self.step(c));
    }

    fn step(&mut self, c: char) {
        if c == '`' {
            self.run_leads |= self.run == 0 && self.solid.is_none_or(|c| c == '>');
            self.run += 1;
        } else {
            self.settle_run();
        }
        if c == '\n' {
            self.span = None;
            self.solid = None;
            self.worded = false;
        } else if !c.is_whitespace() {
            self.solid = Some(c);
            self.worded |= c.is_alphabetic();
        }
        self.last = Some(c);
    }

    /// A row of backticks is over: it opens or closes something.
    fn settle_run(&mut self) {
        let (run, leads) = (self.run, self.run_leads);
        (self.run, self.run_leads) = (0, false);
        match (self.fence, self.span) {
            _ if run == 0 => {}
            (Some(open), _) if leads && run >= open => self.fence = None,
            (Some(_), _) => {}
            (None, _) if leads && run >= 3 => self.fence = Some(run),
            (None, None) => self.span = Some(run),
            (None, Some(open)) if open == run => self.span = None,
            (None, Some(_)) => {}
        }
    }

    /// Is a fence of code open in front of a mark?
    pub(super) fn in_fence(&mut self) -> bool {
        self.settle_run();
        self.fence.is_some()
    }

    /// Is a mark, with which `text` begins, in a code span? One that does not close on its line is none.
    pub(super) fn span(&mut self, text: &str, whole: bool) -> Span {
        self.settle_run();
        let Some(open) = self.span else {
            return Span::Open;
        };
        let mut run = 0;
        for (at, c) in text.char_indices() {
            match c {
                '`' => run += 1,
                _ if run == open => return Span::Closes(at),
                '\n' => return Span::Open,
                _ => run = 0,
            }
            if at > LONGEST_SPAN {
                return Span::Open;
            }
        }
        match whole {
            true if run == open => Span::Closes(text.len()),
            true => Span::Open,
            false => Span::Unknown,
        }
    }

    /// How a mark stands with `after` behind it.
    pub(super) fn stance(&self, after: Option<char>) -> Stance {
        let quotes = |c: Option<char>| c.is_some_and(is_quote);
        if quotes(self.last) && quotes(after) {
            return Stance::Quoted;
        }
        let Some(solid) = self.solid else {
            return Stance::Line;
        };
        let open = self.last.is_some_and(|c| c == ' ' || c == '(');
        let listed = !self.worded;
        let goes_on = listed || solid.is_alphanumeric() || "，、：（,:()'\"`".contains(solid);
        let apart = open && after.is_some_and(|c| " .,;:!?)".contains(c));
        // Chinese sets no spaces, and nothing begins with such a sign.
        let stopped = after.is_some_and(|c| "，。、；：！？）".contains(c));
        if goes_on && (apart || stopped) {
            return Stance::Sentence;
        }
        Stance::Glued
    }

    /// Does the sentence around a mark speak of it, with this behind the mark? None if more must come to tell.
    pub(super) fn speaks(&self, behind: &str, whole: bool) -> Option<bool> {
        let after = behind.chars().next();
        if after.is_none() && !whole {
            return None;
        }
        match self.stance(after.or(Some('.'))) {
            Stance::Sentence => goes_on(behind, whole),
            _ => Some(false),
        }
    }
}

/// Does a sentence go on, or end, behind a mark in its middle? An answer would begin with a capital, or on a line of
/// its own. None if more must come to tell.
pub(super) fn goes_on(behind: &str, whole: bool) -> Option<bool> {
    let mut next = behind.chars();
    match (next.next(), next.next()) {
        (None, _) | (Some(' '), None) if !whole => None,
        (Some(' '), Some(c)) => Some(c.is_alphabetic() && !c.is_uppercase()),
        (Some(' '), None) => Some(false),
        (Some(c), _) => Some(".,;:!?)，。、；：！？）".contains(c)),
        (None, _) => Some(true),
    }
}

fn is_quote(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '`'
            | '“'
            | '”'
            | '‘'
            | '’'
            | '„'
            | '«'
            | '»'
            | '「'
            | '」'
            | '『'
            | '』'
            | '《'
            | '》'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(text: &str) -> Surroundings {
        let mut here = Surroundings::default();
        here.see(text);
        here
    }

    #[test]
    fn code_is_known_by_its_backticks() {
        assert!(after("so:\n```html\n").in_fence());
        assert!(after("> ```\n").in_fence());
        assert!(!after("so:\n```\nx\n```\n").in_fence());
        assert!(!after("a ``` b\n").in_fence());
        assert_eq!(after("a `").span("<b>` c", false), Span::Closes(4));
        assert_eq!(after("a `").span("<b>", false), Span::Unknown);
        assert_eq!(after("a `").span("<b>\nc`", false), Span::Open);
        assert_eq!(after("a `b` ").span("<b>` c", false), Span::Open);
    }

    #[test]
    fn a_sentence_is_not_a_template() {
        for (before, next, stance) in [
            ("", 'H', Stance::Line),
            ("Hi.\n", 'H', Stance::Line),
            ("Hi.", 'H', Stance::Glued),
            ("Hi. ", ' ', Stance::Glued),
            ("Hi.\n- ", ' ', Stance::Sentence),
            ("2. ", ' ', Stance::Sentence),
            ("the tag ", ' ', Stance::Sentence),
            ("the tag ", '.', Stance::Sentence),
            ("the tag ", 'H', Stance::Glued),
            ("the tag \"", '"', Stance::Quoted),
            ("标签“", '”', Stance::Quoted),
            ("标签是", '。', Stance::Sentence),
            ("标签是", '你', Stance::Glued),
        ] {
            assert_eq!(after(before).stance(Some(next)), stance, "{before}");
        }
    }
}
