//! The cases: everything that a provider can do wrong, and what it has truly billed for it.

use std::time::Duration;

use model_sim::{Chunks, Dialect, Fault, Prompt, Reply, UsageReport, count_tokens};
use serde_json::{Value, json};

use super::lab::{CAP, TARIFF};
use crate::ledger::mishaps::{self, Bills, Mishap, Ran};
use crate::ledger::till::Billed;

/// A reply within the cap.
pub const TEXT: &str = "The boats come in late, one lamp after another.";
/// The group of the cut streams.
pub const CUT: &str = "cut at every byte";

/// What a provider does with one request.
#[derive(Clone)]
pub struct Case {
    /// What kind of fault it is.
    pub group: &'static str,
    /// In which dialect.
    pub dialect: Dialect,
    /// What is sent.
    pub reply: Reply,
    /// The text that the model has made.
    text: String,
    ignores_cap: bool,
    /// The error that stands in place of a reply.
    mishap: Option<Mishap>,
    /// Whether a deadline must end it.
    pub hangs: bool,
    /// Whether it is a breach: caught on this call, and the next one is refused.
    pub breach: bool,
    /// Whether the model is known to honour caps. If not, it is held at its maximum output.
    pub certified: bool,
}

impl Case {
    fn new(group: &'static str, dialect: Dialect, reply: Reply) -> Self {
        Self {
            group,
            dialect,
            reply,
            text: TEXT.to_owned(),
            ignores_cap: false,
            mishap: None,
            hangs: false,
            breach: false,
            certified: true,
        }
    }

    fn error(group: &'static str, dialect: Dialect, mishap: Mishap) -> Self {
        Self {
            reply: mishap.reply(TEXT.to_owned()),
            mishap: Some(mishap),
            ..Self::new(group, dialect, Reply::text(TEXT))
        }
    }

    /// How much of the call the provider has run before an error stood in place of its reply; none where none did.
    pub fn ran(&self) -> Option<Ran> {
        self.mishap.as_ref().map(|mishap| mishap.ran)
    }

    /// What the provider truly bills for this prompt.
    pub fn truth(&self, prompt: &Prompt, bills: Bills) -> Billed {
        let ran = self
            .mishap
            .as_ref()
            .map_or(Ran::Whole, |mishap| bills.of(mishap));
        TARIFF.bill(prompt, ran, &self.text, !self.ignores_cap)
    }
}

/// Every case in this dialect. Its streams are `whole` bytes long.
pub fn all(dialect: Dialect, whole: usize) -> Vec<Case> {
    let case = |group, reply| Case::new(group, dialect, reply);
    let text = || Reply::text(TEXT);
    let mut all = vec![case("no fault", text())];
    all.extend((0..=whole).map(|at| {
        let reply = text().with(Fault::CutAfter(at));
        case(CUT, reply)
    }));
    all.extend([1, 2, 3, 7].map(|bytes| case("pieces of 1 to 7 bytes", text().by_bytes(bytes))));
    all.extend((0..=whole).step_by(211).map(|at| {
        let reply = text().by_bytes(1).with(Fault::CutAfter(at));
        case("pieces of 1 byte, cut", reply)
    }));
    let pieces = [Chunks::Tokens, Chunks::Words, Chunks::Whole];
    all.extend(
        pieces.map(|chunks| case("no end mark", text().chunks(chunks).with(Fault::NoEndMark))),
    );
    all.push(case("no usage", text().usage(UsageReport::Missing)));
    all.push(case(
        "no usage",
        text().usage(UsageReport::Missing).with(Fault::NoEndMark),
    ));
    all.extend(untrue(dialect).into_iter().map(|raw| {
        let reply = text().usage(UsageReport::Raw(raw));
        case("untrue usage", reply)
    }));
    all.extend(spelled(dialect).into_iter().map(|raw| {
        let reply = text().usage(UsageReport::Raw(raw));
        case("usage in other spellings", reply)
    }));
    all.extend(absurd(dialect).into_iter().map(|raw| Case {
        breach: true,
        ..case("absurd usage", text().usage(UsageReport::Raw(raw)))
    }));
    all.extend(errors(dialect));
    all.extend((1..=count_tokens(TEXT) as usize).map(|after| {
        let reply = text().with(Fault::ErrorEvent { after });
        case("error after a token", reply)
    }));
    all.extend(garbage().map(|body| case("garbage", Reply::raw(body))));
    all.extend(hangs(whole).into_iter().map(|fault| Case {
        hangs: true,
        ..case("hangs", text().with(fault))
    }));
    all.extend(over_the_cap(dialect));
    all
}

/// Every error that stands in place of a reply.
pub fn errors(dialect: Dialect) -> Vec<Case> {
    let of = |group, mishaps: Vec<Mishap>| {
        let error = move |mishap| Case::error(group, dialect, mishap);
        mishaps.into_iter().map(error).collect::<Vec<_>>()
    };
    let mut all = of("3xx, 4xx, 5xx", mishaps::statuses());
    all.extend(of("error in a 200", mishaps::in_a_200(dialect)));
    all.extend(of("a web page, a redirect", mishaps::pages()));
    all
}

/// A provider that writes more than it was allowed to.
fn over_the_cap(dialect: Dialect) -> Vec<Case> {
    let long = |times: u32| "oar ".repeat(times as usize).trim_end().to_owned();
    let over = |text: String, reply: Reply| Case {
        ignores_cap: true,
        text,
        ..Case::new("ignores the cap", dialect, reply)
    };
    let reply = |times| Reply::text(long(times)).ignoring_the_cap();
    vec![
        // A little more: what was held still covers it.
        Case {
            breach: true,
            ..over(long(CAP + 1), reply(CAP + 1))
        },
        // Far more than was held.
        Case {
            breach: true,
            ..over(long(CAP * 40), reply(CAP * 40))
        },
        // Without telling. Its caps are not certified, so the model's maximum output was held.
        Case {
            certified: false,
            ..over(long(CAP * 40), reply(CAP * 40).usage(UsageReport::Missing))
        },
        Case {
            certified: false,
            ..over(long(CAP * 40), reply(CAP * 40).with(Fault::CutAfter(900)))
        },
    ]
}

fn garbage() -> [Vec<u8>; 8] {
    [
        b"".to_vec(),
        b"\n\n\n\n".to_vec(),
        b"data: \n\ndata: {\n\n".to_vec(),
        b"data: [DONE]\n\n".to_vec(),
        b"event: message_stop\ndata: {\"type\": \"message_stop\"}\n\n".to_vec(),
        b"\xef\xbb\xbfdata: {}\n\n".to_vec(),
        b"data: {\"choices\": null, \"usage\": {}, \"type\": 7}\n\n".to_vec(),
        (0..=255).cycle().take(4096).collect(),
    ]
}

fn hangs(whole: usize) -> Vec<Fault> {
    let mut all = vec![Fault::Hang];
    all.extend([0, 1, whole / 4, whole / 2, whole.saturating_sub(30)].map(Fault::HangAfter));
    all
}

/// Reports that cannot be true: no number, a negative one, nothing where there was something, parts above their whole.
fn untrue(dialect: Dialect) -> Vec<Value> {
    let none = [json!(null), json!({}), json!([]), json!("many"), json!(7)];
    let report = |input: Value, output: Value| match dialect {
        Dialect::OpenAi => json!({"prompt_tokens": input, "completion_tokens": output}),
        Dialect::Anthropic => json!({"input_tokens": input, "output_tokens": output}),
    };
    let mut all = none.to_vec();
    for wrong in [
        json!(-1),
        json!(0),
        json!(1.5),
        json!("12 tokens"),
        json!(null),
        json!(-9e18),
    ] {
        all.push(report(wrong.clone(), wrong.clone()));
        all.push(report(json!(40), wrong));
    }
    all.push(match dialect {
        Dialect::OpenAi => {
            json!({"prompt_tokens": 40, "completion_tokens": 14, "prompt_tokens_details": {"cached_tokens": 41}})
        }
        Dialect::Anthropic => {
            json!({"input_tokens": 40, "output_tokens": 14, "cache_read_input_tokens": -1})
        }
    });
    if dialect == Dialect::OpenAi {
        all.push(json!({"prompt_tokens": 40, "completion_tokens": 14, "total_tokens": 54, "completion_tokens_details": {"reasoning_tokens": 15}}));
        all.push(report(json!(-1), json!(14)));
        all.push(report(json!(0), json!(14)));
    }
    all
}

/// Counts that are whole numbers, written as floats and in quotes. They say more than was used.
fn spelled(dialect: Dialect) -> Vec<Value> {
    let report = |input: Value, output: Value| match dialect {
        Dialect::OpenAi => json!({"prompt_tokens": input, "completion_tokens": output}),
        Dialect::Anthropic => json!({"input_tokens": input, "output_tokens": output}),
    };
    vec![
        report(json!(40.0), json!(16.0)),
        report(json!("40"), json!("16")),
        report(json!(40), json!("16")),
    ]
}

/// Numbers that no call has, and reasoning beside the completion that no cap allows. What does not even fit is no number,
/// and among the untrue reports.
fn absurd(dialect: Dialect) -> Vec<Value> {
    let mut all: Vec<Value> = [1_000_000_001, 2_000_000_000, u32::MAX]
        .into_iter()
        .map(|huge| match dialect {
            Dialect::OpenAi => json!({"prompt_tokens": 40, "completion_tokens": huge}),
            Dialect::Anthropic => json!({"output_tokens": huge}),
        })
        .collect();
    if dialect == Dialect::OpenAi {
        all.push(json!({"prompt_tokens": 40, "completion_tokens": 14, "completion_tokens_details": {"reasoning_tokens": 15}}));
    }
    all
}

/// The deadlines of a model that hangs.
pub const SHORT: Duration = Duration::from_millis(150);
