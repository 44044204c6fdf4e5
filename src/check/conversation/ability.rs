//! What a companion does, and how it is said that a model does it or not.

/// Something that a companion does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ability {
    /// It uses what it was told.
    Remembers,
    /// It knows whose thing is whose.
    KeepsApart,
    /// It sounds like its persona.
    Voice,
    /// It answers in the language that it is spoken to in.
    Language,
    /// It brings something.
    Answers,
    /// It does not say things twice.
    Fresh,
    /// It doubts what nobody said.
    Doubts,
    /// It reads facts out of what was said.
    Facts,
}

impl Ability {
    /// What one does who has it.
    pub fn can(self) -> &'static str {
        match self {
            Self::Remembers => "remember what it was told",
            Self::KeepsApart => "keep its own things and yours apart",
            Self::Voice => "keep its voice",
            Self::Language => "stay in the language",
            Self::Answers => "say something of its own",
            Self::Fresh => "go on without repeating itself or you",
            Self::Doubts => "doubt what nobody said",
            Self::Facts => "read facts out of the talk, to be known for good",
        }
    }

    /// What one does who does not have it.
    pub fn lack(self) -> &'static str {
        match self {
            Self::Remembers => "forgets what it was told",
            Self::KeepsApart => "takes your things for its own, or its own for yours",
            Self::Voice => "loses its voice",
            Self::Language => "leaves the language",
            Self::Answers => "has little to say",
            Self::Fresh => "repeats itself or you",
            Self::Doubts => "believes what nobody said",
            Self::Facts => "keeps few facts for good",
        }
    }

    /// Whether one without it is no companion. A single claim, or one reading, is no ground for that.
    pub fn is_essential(self) -> bool {
        !matches!(self, Self::Doubts | Self::Facts)
    }
}
