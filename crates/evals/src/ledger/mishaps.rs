//! Answers that a provider gives in place of a reply, and how much of the call it has run by then.

use std::sync::atomic::{AtomicU64, Ordering};

use model_sim::{Dialect, Fault, Reply};

/// How much of a call was run before the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ran {
    /// Nothing.
    Nothing,
    /// The prompt was read.
    Prompt,
    /// The reply was written.
    Whole,
}

/// How a provider bills its errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Bills {
    /// What it has run
    Ran,
    /// A whole reply, but for a request that it refuses as it stands
    Everything,
}

/// One answer in place of a reply.
#[derive(Clone, Debug)]
pub struct Mishap {
    answer: Answer,
    /// How much of the call was run.
    pub ran: Ran,
    /// Whether the request was refused as it stood, which nobody bills.
    pub refused: bool,
}

#[derive(Clone, Debug)]
enum Answer {
    Fault(Fault),
    Body(&'static str),
}

/// Statuses with which a request is refused as it stands.
const REFUSED: [u16; 10] = [400, 401, 403, 404, 405, 406, 413, 415, 422, 429];
/// Other statuses of a provider that has not run the model.
const NOT_RUN: [u16; 20] = [
    300, 301, 302, 303, 304, 308, 402, 407, 408, 409, 410, 411, 412, 418, 425, 431, 451, 499, 503,
    529,
];
/// Statuses of one that may have read the prompt.
const BROKEN: [u16; 16] = [
    500, 501, 502, 504, 505, 507, 508, 520, 521, 522, 523, 524, 525, 526, 530, 599,
];
const PAGE: &str =
    "<html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>";

impl Mishap {
    fn fault(fault: Fault, ran: Ran) -> Self {
        Self {
            answer: Answer::Fault(fault),
            ran,
            refused: false,
        }
    }

    fn body(body: &'static str, ran: Ran) -> Self {
        Self {
            answer: Answer::Body(body),
            ran,
            refused: false,
        }
    }

    /// This status, with an error as JSON.
    fn status(status: u16, ran: Ran) -> Self {
        Self {
            refused: REFUSED.contains(&status),
            ..Self::fault(
                Fault::Status {
                    status,
                    content_type: "application/json",
                    body: r#"{"error": {"message": "no", "type": "error"}}"#.to_owned(),
                },
                ran,
            )
        }
    }

    fn page(status: u16, ran: Ran) -> Self {
        Self {
            refused: REFUSED.contains(&status),
            ..Self::fault(
                Fault::Status {
                    status,
                    content_type: "text/html",
                    body: PAGE.to_owned(),
                },
                ran,
            )
        }
    }

    /// The answer, where `text` would have been the reply.
    pub fn reply(&self, text: String) -> Reply {
        match &self.answer {
            Answer::Fault(fault) => Reply::text(text).with(fault.clone()),
            Answer::Body(body) => Reply::raw(*body),
        }
    }
}

/// Every status that is an error, as JSON and as a web page.
pub fn statuses() -> Vec<Mishap> {
    let of = |statuses: &[u16], ran| {
        let both = |status: &u16| [Mishap::status(*status, ran), Mishap::page(*status, ran)];
        statuses.iter().flat_map(both).collect::<Vec<_>>()
    };
    let mut all = of(&REFUSED, Ran::Nothing);
    all.extend(of(&NOT_RUN, Ran::Nothing));
    all.extend(of(&BROKEN, Ran::Prompt));
    all
}

/// Errors under a good status, in place of a reply and before its first token.
pub fn in_a_200(dialect: Dialect) -> Vec<Mishap> {
    let mut all = vec![
        Mishap::fault(Fault::ErrorInside200, Ran::Nothing),
        Mishap::fault(Fault::ErrorEvent { after: 0 }, Ran::Nothing),
    ];
    if dialect == Dialect::Anthropic {
        return all;
    }
    // As OpenRouter says it.
    all.extend([
        Mishap {
            refused: true,
            ..Mishap::body(
                "data: {\"error\": {\"code\": 429, \"message\": \"Rate limited\"}}\n\n",
                Ran::Nothing,
            )
        },
        Mishap::body(
            ": PROCESSING\n\ndata: {\"error\": {\"code\": 502, \"message\": \"Provider returned error\"}}\n\n",
            Ran::Prompt,
        ),
    ]);
    all
}

/// A web page and a redirect.
pub fn pages() -> Vec<Mishap> {
    let away = Fault::Redirect("http://127.0.0.1:9/".into());
    [Fault::Html, away]
        .map(|fault| Mishap::fault(fault, Ran::Nothing))
        .into()
}

/// One of each kind in OpenAI's dialect, and a stream that is cut behind its head although the reply was written.
fn mixed() -> Vec<Mishap> {
    let mut all: Vec<Mishap> = [302, 400, 402, 429, 503, 529]
        .map(|status| Mishap::status(status, Ran::Nothing))
        .into();
    all.extend([500, 504, 520].map(|status| Mishap::status(status, Ran::Prompt)));
    all.push(Mishap::page(502, Ran::Prompt));
    all.push(Mishap::page(503, Ran::Nothing));
    all.extend(in_a_200(Dialect::OpenAi));
    all.extend(pages());
    all.push(Mishap::fault(Fault::CutAfter(0), Ran::Whole));
    all
}

/// Errors that come among replies: so many in a hundred, each kind in turn.
pub struct Mishaps {
    percent: u64,
    bills: Bills,
    kinds: Vec<Mishap>,
    asked: AtomicU64,
    given: AtomicU64,
}

impl Mishaps {
    /// So many in a hundred, billed like this.
    pub fn new(percent: u8, bills: Bills) -> Self {
        Self {
            percent: u64::from(percent.min(100)),
            bills,
            kinds: mixed(),
            asked: AtomicU64::new(0),
            given: AtomicU64::new(0),
        }
    }

    /// None at all.
    pub fn none() -> Self {
        Self::new(0, Bills::Ran)
    }

    /// What answers the next request in place of a reply, if anything does.
    pub fn next(&self) -> Option<Mishap> {
        // Spread without a pattern that a caller could fall into step with.
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        let drawn = (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) % 100;
        if drawn >= self.percent {
            return None;
        }
        let given = self.given.fetch_add(1, Ordering::Relaxed) as usize;
        self.kinds.get(given % self.kinds.len()).cloned()
    }

    /// How much of a call that ended so is billed.
    pub fn billed(&self, mishap: &Mishap) -> Ran {
        self.bills.of(mishap)
    }
}

impl Bills {
    /// How much of a call that ended so is billed.
    pub fn of(self, mishap: &Mishap) -> Ran {
        match self {
            Self::Ran => mishap.ran,
            Self::Everything if mishap.refused => Ran::Nothing,
            Self::Everything => Ran::Whole,
        }
    }
}
