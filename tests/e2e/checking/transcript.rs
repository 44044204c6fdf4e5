//! `familiar check` at every profile of `model_sim`, in one transcript: `docs/CHECK.md`, which is what it prints.

use model_sim::{Fault, Profile, Reply};
use regex::Regex;

use super::{OWN, Operator, PAID, usual};

/// Writes the transcript anew instead of comparing it.
const WRITE: &str = "FAMILIAR_WRITE_TRANSCRIPT";
/// The transcript.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/CHECK.md");

/// What stands above it.
const HEAD: &str = "\
# What `familiar check` says

Of each endpoint that `crates/model-sim` has a profile of ([ENDPOINTS.md](ENDPOINTS.md) says what each is like), and then of what goes wrong most. The model is
called `sim-1` at all of them; hosted ones have a price and are asked with `--paid`, those that run on one's own machine have `local = true`. What is
said of the configuration's file, the database, memory and Discord is left out where it is the same everywhere, and seconds are.

This file is what the program prints: `tests/e2e/checking/transcript.rs` fails where it differs, and writes it anew with
`FAMILIAR_WRITE_TRANSCRIPT=1 cargo test -p familiar --test e2e checking::transcript`.
";

/// One check.
struct Scene {
    /// What is the matter; nothing where the endpoint is as it always is.
    matter: &'static str,
    profile: Profile,
    arrange: fn(&mut Operator),
    /// Beginnings and parts of lines that it must say.
    says: &'static [Line],
}

/// How a line begins, and what stands in it.
type Line = (&'static str, &'static str);

const ANSWERS: Line = ("ok", "answers a real request");
const STOP: Line = ("note", "it refuses `stop`");
const TEMPERATURE: Line = ("note", "it refuses `temperature`");
const MAX_TOKENS: Line = ("note", "it refuses `max_tokens`");
const USAGE: Line = ("note", "it refuses `stream_options`");
const SCHEMA: Line = ("note", "it refuses `response_format`");
const SYSTEM: Line = ("note", "it refuses the system role");
const NO_LIST: Line = ("note", "its endpoint lists no models");
const OWN_SAMPLERS: Line = (
    "ok",
    "repeat_last_n 512, repetition_penalty_range 512, dry_multiplier 0.8",
);
const NO_SAMPLERS: Line = ("ok", "sampled by temperature 0.8; notes by temperature 0");
const NO_USAGE: Line = ("note", "it tells no usage");

/// What each of them is known for.
const fn known_for(profile: Profile) -> &'static [Line] {
    match profile {
        Profile::Gpt5 | Profile::LiteLlm | Profile::AzureV1 => {
            &[ANSWERS, STOP, TEMPERATURE, MAX_TOKENS]
        }
        Profile::O1Mini => &[ANSWERS, STOP, TEMPERATURE, MAX_TOKENS, SCHEMA, SYSTEM],
        Profile::AzureDeployment => &[
            ANSWERS,
            ("note", "it refuses `max_completion_tokens`"),
            USAGE,
            NO_USAGE,
            NO_LIST,
        ],
        Profile::Gemma3 => &[ANSWERS, SCHEMA, SYSTEM],
        Profile::Groq | Profile::Cerebras | Profile::DeepSeek => &[ANSWERS, SCHEMA],
        Profile::Moonshot | Profile::AnthropicOpus => &[ANSWERS, TEMPERATURE],
        Profile::Mistral => &[ANSWERS, USAGE],
        Profile::Xai | Profile::OpenRouter => &[ANSWERS, STOP],
        Profile::LlamaCppOld | Profile::LlamaCpp | Profile::LocalAi | Profile::Tgi => {
            &[ANSWERS, SYSTEM, OWN_SAMPLERS]
        }
        Profile::VllmOld => &[
            ANSWERS,
            SYSTEM,
            ("note", "it refuses `repeat_penalty`"),
            ("note", "it refuses DRY"),
            (
                "ok",
                "sampled by temperature 0.8, repetition_penalty 1.1; notes",
            ),
        ],
        Profile::KoboldCpp => &[ANSWERS, NO_USAGE, ("ok", "under any name"), OWN_SAMPLERS],
        Profile::AnthropicVendor => &[ANSWERS, NO_LIST],
        Profile::Strict | Profile::Gemini | Profile::Anthropic => &[ANSWERS, NO_SAMPLERS],
        Profile::Ollama | Profile::LmStudio | Profile::Vllm => &[ANSWERS, OWN_SAMPLERS],
    }
}

/// What goes wrong most.
const MATTERS: [Scene; 9] = [
    Scene {
        matter: "thoughts that use up the cap",
        profile: Profile::Gpt5,
        arrange: |operator| {
            let thought = "so it is ".repeat(200);
            let model = &operator.world.model;
            model.always(move |prompt| usual(prompt).thinking(thought.clone()));
        },
        says: &[(
            "WRONG",
            "its thoughts used up the whole cap of 400 tokens, and nothing was left for the reply. Raise cap in [model]",
        )],
    },
    Scene {
        matter: "overloaded",
        profile: Profile::Anthropic,
        arrange: |operator| fails(operator, &Fault::Overloaded),
        says: &[("WRONG", "is overloaded")],
    },
    Scene {
        matter: "too many requests",
        profile: Profile::Groq,
        arrange: |operator| {
            let retry_after = Some(7);
            fails(operator, &Fault::RateLimited { retry_after });
        },
        says: &[("WRONG", "asks for a pause of 7 s")],
    },
    Scene {
        matter: "no credit",
        profile: Profile::OpenRouter,
        arrange: |operator| fails(operator, &Fault::OutOfCredit),
        says: &[("WRONG", "has no credit left")],
    },
    Scene {
        matter: "another key is wanted",
        profile: Profile::Gemini,
        arrange: |operator| operator.world.model.require_key("another"),
        says: &[("WRONG", "did not accept the API key")],
    },
    Scene {
        matter: "a filter stops the reply",
        profile: Profile::Gemini,
        arrange: |operator| operator.world.model.queue(Reply::text("").declining()),
        says: &[("WRONG", "declined (")],
    },
    Scene {
        matter: "the model is not there",
        profile: Profile::Ollama,
        arrange: |operator| operator.world.model.unload(),
        says: &[
            ("WRONG", "has no model named"),
            ("note", "ollama pull sim-1"),
        ],
    },
    Scene {
        matter: "a window that is smaller than the configuration says",
        profile: Profile::Ollama,
        arrange: |operator| operator.world.model.tell_window(4096),
        says: &[ANSWERS, ("WRONG", "Set context_window = 4096")],
    },
    Scene {
        matter: "nothing listens there",
        profile: Profile::LlamaCpp,
        arrange: |operator| operator.write("http://127.0.0.1:9/v1", OWN),
        says: &[("WRONG", "cannot be reached (connection refused)")],
    },
];

fn fails(operator: &Operator, fault: &Fault) {
    let fault = fault.clone();
    let model = &operator.world.model;
    model.always(move |_| Reply::fault(fault.clone()));
}

/// Servers that people run themselves.
fn is_local(profile: Profile) -> bool {
    use Profile::{
        KoboldCpp, LlamaCpp, LlamaCppOld, LmStudio, LocalAi, Ollama, Tgi, Vllm, VllmOld,
    };
    let local = [
        Ollama,
        LlamaCpp,
        LlamaCppOld,
        LmStudio,
        LocalAi,
        KoboldCpp,
        Vllm,
        VllmOld,
        Tgi,
    ];
    local.contains(&profile)
}

/// What differs from one endpoint to the other, without what differs from run to run.
fn stable(text: &str) -> String {
    let seconds = Regex::new(r"\d+\.\d\d s").unwrap();
    let port = Regex::new(r"127\.0\.0\.1:\d+").unwrap();
    let same = [
        "configuration:",
        "database:",
        "memory:",
        "Discord:",
        "server home:",
    ];
    let differs = |line: &&str| {
        let what = line.get(7..).unwrap_or_default();
        !line.is_empty() && !same.iter().any(|begins| what.starts_with(begins))
    };
    let lines: Vec<&str> = text.lines().filter(differs).collect();
    let text = seconds.replace_all(&lines.join("\n"), "… s").into_owned();
    port.replace_all(&text, "127.0.0.1:PORT").into_owned()
}

#[tokio::test]
async fn what_it_finds_at_every_profile_stands_in_one_transcript() {
    let profiles = Profile::ALL.map(|profile| Scene {
        matter: "",
        profile,
        arrange: |_| {},
        says: known_for(profile),
    });
    let mut told = HEAD.to_owned();
    for scene in profiles.into_iter().chain(MATTERS) {
        let section = if is_local(scene.profile) { OWN } else { PAID };
        let mut operator = Operator::at(scene.profile, section).await;
        (scene.arrange)(&mut operator);
        let checked = operator.check(&["--paid"]).await;
        for (begins, part) in scene.says {
            checked.says(begins, part);
        }
        let title = match scene.matter {
            "" => scene.profile.to_string(),
            matter => format!("{}: {matter}", scene.profile),
        };
        told.push_str(&format!(
            "\n## {title}\n```\n{}\n```\n",
            stable(&checked.text)
        ));
    }
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(FILE, &told).unwrap();
    }
    let written = std::fs::read_to_string(FILE).unwrap();
    assert!(
        told == written,
        "docs/CHECK.md is not what the program prints; {WRITE}=1 writes it anew"
    );
}
