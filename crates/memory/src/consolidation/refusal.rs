//! What an answer came to, and why of some claims nothing is kept: typed, so that it can be counted and logged without a word
//! of anybody's.

use store::consolidations::Consolidated;

use super::sentence::Unfit;

/// What was read out of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notes {
    /// What is to be kept.
    pub outcome: Consolidated,
    /// Why each claim is not that is not.
    pub refused: Vec<Refusal>,
    /// Why there is no new summary, where one was looked for.
    pub unsummed: Option<Unsummed>,
}

/// Why a claim is not kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There were more claims than one answer may make.
    #[error("too many claims in one answer")]
    TooMany,
    /// It is about nobody who speaks here, or about one of several.
    #[error("it is about nobody who speaks here")]
    Nobody,
    /// Its person allows no facts.
    #[error("its person allows no facts")]
    NotAllowed,
    /// It bears the mark of another person of that name.
    #[error("it is about a namesake")]
    Namesake,
    /// It may not stand as a fact.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// Nothing that its person said says so.
    #[error(transparent)]
    Unsupported(#[from] Unsupported),
    /// Another claim of the same answer says the same.
    #[error("another claim says the same")]
    Twice,
    /// It was known from the same lines, and was superseded since.
    #[error("it was superseded since")]
    Superseded,
}

impl Refusal {
    /// Its name where refusals are counted.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::TooMany => "too_many",
            Self::Nobody => "nobody",
            Self::NotAllowed => "not_allowed",
            Self::Namesake => "namesake",
            Self::Unfit(unfit) => unfit.key(),
            Self::Unsupported(unsupported) => unsupported.key(),
            Self::Twice => "twice",
            Self::Superseded => "superseded",
        }
    }
}

/// Why what a person said does not support a claim about them: of all their lines, by the one that came nearest to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Unsupported {
    /// They said nothing of the kind.
    #[error("its person said no such words")]
    Unsaid,
    /// A name or a number in it is not the one that they said.
    #[error("a name or a number in it was not said")]
    Inexact,
    /// They said it of somebody else.
    #[error("it was said of somebody else")]
    OfAnother,
    /// They said the opposite.
    #[error("the opposite was said")]
    Opposite,
    /// They asked, wished or supposed it.
    #[error("it was asked, wished or supposed")]
    Supposed,
    /// It is over, or only planned.
    #[error("it is over, or only planned")]
    OtherTime,
    /// It was so on one day.
    #[error("it was so on one day")]
    Passing,
    /// They told it as others' words.
    #[error("it was told as others' words")]
    Hearsay,
    /// They said it in a game or a story.
    #[error("it was said in a game or a story")]
    Fiction,
    /// They did not mean it.
    #[error("it was not meant")]
    Unmeant,
    /// They took it back.
    #[error("it was taken back")]
    TakenBack,
}

impl Unsupported {
    const fn key(self) -> &'static str {
        match self {
            Self::Unsaid => "unsaid",
            Self::Inexact => "inexact",
            Self::OfAnother => "of_another",
            Self::Opposite => "opposite",
            Self::Supposed => "supposed",
            Self::OtherTime => "other_time",
            Self::Passing => "passing",
            Self::Hearsay => "hearsay",
            Self::Fiction => "fiction",
            Self::Unmeant => "unmeant",
            Self::TakenBack => "taken_back",
        }
    }
}

/// Why a model's summary is not kept. The old one stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsummed {
    /// Nothing of it may stand in a summary.
    #[error("nothing of it may be kept")]
    Nothing,
    /// It is too long.
    #[error("it is too long")]
    Length,
    /// It gives orders to whoever reads it.
    #[error("it gives orders")]
    Orders,
    /// Its words do not stand in what it sums up.
    #[error("it tells of something else")]
    Elsewhere,
    /// It is not in the language of the talk.
    #[error("it is not in the language of the talk")]
    Language,
    /// It is the last one again.
    #[error("it is the last one again")]
    Again,
}

impl Unsummed {
    /// Its name where refusals are counted.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Length => "length",
            Self::Orders => "orders",
            Self::Elsewhere => "elsewhere",
            Self::Language => "language",
            Self::Again => "again",
        }
    }
}
