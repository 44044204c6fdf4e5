//! What a check has found, line by line.

use std::fmt::Display;

/// All lines, and how many of them are wrong.
#[derive(Default)]
pub struct Report {
    wrong: usize,
}

impl Report {
    /// As it should be.
    pub fn good(&self, what: impl Display) {
        println!("ok     {what}");
    }

    /// Worth knowing, and no fault.
    pub fn note(&self, what: impl Display) {
        println!("note   {what}");
    }

    /// To be mended.
    pub fn wrong(&mut self, what: impl Display) {
        self.wrong += 1;
        println!("WRONG  {what}");
    }

    /// How many lines are wrong.
    pub fn wrongs(&self) -> usize {
        self.wrong
    }

    /// Lines about a section of the configuration, or another subject.
    pub fn about<'a>(&'a mut self, subject: &'a str) -> About<'a> {
        About {
            report: self,
            subject,
        }
    }
}

/// Lines that begin with their subject.
pub struct About<'a> {
    report: &'a mut Report,
    subject: &'a str,
}

impl About<'_> {
    /// As it should be.
    pub fn good(&self, what: impl Display) {
        self.report.good(format_args!("{}: {what}", self.subject));
    }

    /// Worth knowing, and no fault.
    pub fn note(&self, what: impl Display) {
        self.report.note(format_args!("{}: {what}", self.subject));
    }

    /// To be mended.
    pub fn wrong(&mut self, what: impl Display) {
        self.report.wrong(format_args!("{}: {what}", self.subject));
    }
}
