//! A message of lines that never grows beyond what Discord takes; what matters most comes first.

/// Characters of one message, <https://discord.com/developers/docs/resources/message#create-message>.
const MOST: usize = 2000;

/// Lines, as many as fit.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    text: String,
    length: usize,
}

impl Sheet {
    /// Adds a line if it fits, and says whether it did.
    pub(crate) fn line(&mut self, line: &str) -> bool {
        let length = line.chars().count() + usize::from(!self.text.is_empty());
        if self.length + length > MOST {
            return false;
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(line);
        self.length += length;
        true
    }

    /// Adds a heading with its lines after a gap; the heading does not stand there without a line.
    pub(crate) fn section(&mut self, heading: &str, lines: &[String]) {
        let mut above = format!("\n{heading}");
        for line in lines {
            if !self.line(&format!(
                "{above}{}{line}",
                if above.is_empty() { "" } else { "\n" }
            )) {
                return;
            }
            above.clear();
        }
    }

    /// The message.
    pub(crate) fn text(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_keeps_what_comes_first_and_stays_within_discords_limit() {
        let mut sheet = Sheet::default();
        sheet.line("first");
        let lines: Vec<String> = (0..300).map(|n| format!("词元 {n}")).collect();
        sheet.section("many", &lines);
        sheet.section("no room", &["x".repeat(40)]);
        let text = sheet.text();
        assert!(text.starts_with("first\n\nmany\n词元 0\n词元 1"), "{text}");
        assert!((1990..=2000).contains(&text.chars().count()));
        assert!(!text.contains("no room"));
    }
}
