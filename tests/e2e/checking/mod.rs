//! `familiar check` beside endpoints that are as strict and as odd as real ones: what it asks, what it says, what it keeps.

mod budgets;
mod consent;
mod conversation;
mod hints;
mod lessons;
mod memory;
mod transcript;
mod verdicts;

use std::path::PathBuf;

use model_sim::{Dialect, Profile, Prompt, Reply};

use crate::program::familiar;
use crate::world::World;

/// Free, and sampled as hosted ones are.
const LOCAL: &str = "local = true\nsampling = { defaults = \"none\" }\n";
/// Free, on the operator's own machine.
const OWN: &str = "local = true\n";
/// Hosted, and paid for.
const PAID: &str = "caps_certified = true\nprice = { input = 1.0, output = 2.0 }\n";
/// What stands at the head of a reading's prompt, of many messages or of one.
const READING: &str = "You keep ";

/// A program that looks at an endpoint like this one.
struct Operator {
    world: World,
    file: PathBuf,
}

/// What a check printed, and whether all was in order.
struct Checked {
    good: bool,
    text: String,
}

impl Operator {
    /// An endpoint like this one, asked as this section says besides the usual.
    async fn at(profile: Profile, section: &str) -> Self {
        let world = World::before(profile).await;
        world.model.serve_models(&["sim-1"]);
        world.model.always(usual);
        let url = world.model.url();
        let mut operator = Self {
            world,
            file: PathBuf::new(),
        };
        operator.write(&url, section);
        operator
    }

    /// Writes the configuration anew, with the endpoint at this address.
    fn write(&mut self, url: &str, section: &str) {
        let World {
            config, model, sim, ..
        } = &self.world;
        let data = &config.instance.data;
        let key = config.model.as_ref().unwrap().api_key_file.clone();
        let dialect = match model.profile().dialect() {
            Dialect::OpenAi => "openai",
            Dialect::Anthropic => "anthropic",
        };
        let text = format!(
            "[instance]\ndata = {data:?}\ndefault_persona = \"orla\"\noperator = \"the keepers of the test\"\n\
             [discord]\ntoken_env = \"TEST_TOKEN\"\nhttp_proxy = \"{}\"\ngateway = \"{}\"\n\
             [model]\nprovider = \"sim\"\nmodel = \"sim-1\"\ndialect = \"{dialect}\"\nbase_url = \"{url}\"\n\
             api_key_file = {:?}\ncontext_window = 8192\nmax_output = 1000\ntemperature = 0.8\n{section}",
            sim.base_url(),
            sim.gateway_url(),
            key.unwrap(),
        );
        self.file = data.join("familiar.toml");
        std::fs::write(&self.file, text).unwrap();
    }

    /// Runs `familiar check …`, where nobody sits at the terminal.
    async fn check(&self, options: &[&str]) -> Checked {
        let mut command = familiar(&self.file);
        command.arg("check").args(options);
        command.env("TEST_TOKEN", self.world.sim.token());
        let output = command.output().await.unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Checked {
            good: output.status.success(),
            text: text(&output.stdout) + &text(&output.stderr),
        }
    }

    /// Runs another command, which has to succeed.
    async fn run(&self, line: &[&str]) -> String {
        let output = familiar(&self.file).args(line).output().await.unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{said}");
        said
    }
}

impl Checked {
    /// It says this, in one line that begins so.
    fn says(&self, begins: &str, part: &str) -> &Self {
        let mut lines = self.text.lines();
        assert!(
            lines.any(|line| line.starts_with(begins) && line.contains(part)),
            "no {begins:?} line has {part:?}:\n{}",
            self.text
        );
        self
    }

    /// It does not say this anywhere.
    fn omits(&self, part: &str) -> &Self {
        assert!(!self.text.contains(part), "{part:?}:\n{}", self.text);
        self
    }

    /// Whether nothing is wrong.
    fn is_good(&self, good: bool) -> &Self {
        assert_eq!(self.good, good, "{}", self.text);
        self
    }
}

/// The notes where notes are asked for, and a greeting otherwise.
fn usual(prompt: &Prompt) -> Reply {
    if prompt.all_text().contains(READING) {
        return Reply::text(r#"{"summary": "Ada lives by the harbour.", "facts": []}"#);
    }
    Reply::text("Hello!")
}
