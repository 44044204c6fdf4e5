//! The configuration: its example says everything and nothing else, and what is wrong is named with its line.

use std::path::Path;

use companion::house::Sampled;
use familiar::config::{Config, Defaults, Dialect, Model, Setting};
use secrecy::ExposeSecret;

const EXAMPLE: &str = include_str!("../../familiar.example.toml");

/// A table of the configuration, written so that one more line can stand in it.
const TABLES: [&str; 10] = [
    "",
    "[instance]",
    "[discord]",
    "[model]",
    "[model.price]",
    "[model.price.long_context]",
    "[model.deadlines]",
    "[model.sampling]",
    "[budget]",
    "[budget.guild_day]",
];
const MORE_TABLES: [&str; 5] = [
    "[rate]",
    "[prompt]",
    "[memory]",
    "[embedding_model]",
    "[metrics]",
];

/// The keys of a table, as the configuration itself names them when it meets another.
fn keys_of(table: &str) -> Vec<String> {
    let error = Config::parse(&format!("{table}\nno_such_key = 1\n")).unwrap_err();
    let (_, expected) = error
        .split_once("expected")
        .unwrap_or_else(|| panic!("{table}: {error}"));
    let quoted = expected.split('`').skip(1).step_by(2);
    quoted.map(str::to_owned).collect()
}

/// The example with every line that is commented out, but not meant as prose, taken in.
fn in_full() -> String {
    let is_key = |rest: &str| {
        let name = rest.split(" = ").next().unwrap_or_default();
        rest.starts_with('[')
            || (rest.contains(" = ") && name.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
    };
    let lines = EXAMPLE.lines().map(|line| match line.strip_prefix("# ") {
        Some(rest) if is_key(rest) => rest,
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_example_is_what_holds_without_a_configuration() {
    let (example, default) = (Config::parse(EXAMPLE).unwrap(), Config::default());
    let written = |config: &Config| {
        let Config {
            instance,
            discord,
            budget,
            rate,
            prompt,
            metrics,
            ..
        } = config;
        format!("{instance:#?} {discord:#?} {budget:#?} {rate:#?} {prompt:#?} {metrics:#?}")
    };
    assert_eq!(written(&example), written(&default));
    let least = r#"
        [model]
        provider = "ollama"
        model = "llama3.2"
        base_url = "http://127.0.0.1:11434/v1"
        context_window = 8192
        max_output = 2048
        local = true
    "#;
    let least = Config::parse(least).unwrap().model;
    assert_eq!(format!("{:#?}", example.model), format!("{least:#?}"));
}

#[test]
fn every_key_stands_in_the_example() {
    for table in TABLES.into_iter().chain(MORE_TABLES) {
        let keys = keys_of(table);
        assert!(!keys.is_empty(), "{table}");
        for key in keys {
            let shown = [format!("{key} = "), format!("[{key}]"), format!(".{key}]")];
            assert!(
                shown.iter().any(|form| EXAMPLE.contains(form.as_str())),
                "{table} {key}"
            );
        }
    }
}

#[test]
fn what_the_example_leaves_out_can_be_taken_in() {
    let config = Config::parse(&in_full()).unwrap();
    let model = config.model.unwrap();
    assert!(
        model.price.is_some()
            && matches!(model.temperature, Setting::Is(_))
            && model.api_key_file.is_some()
    );
    assert_eq!(config.cheaper_model.unwrap().dialect, Dialect::Openai);
    assert!(config.metrics.listen.is_some());
    assert!(config.discord.http_proxy.is_some() && config.discord.token_file.is_some());
}

/// A model with these lines in its section, and these in that of its deadlines: its deadlines in seconds.
fn deadlines(model: &str, set: &str) -> [u64; 4] {
    let text = format!(
        r#"
        [model]
        provider = "sim"
        model = "sim-1"
        base_url = "http://127.0.0.1:1/v1"
        context_window = 8192
        max_output = 2048
        {model}
        [model.deadlines]
        {set}
        "#
    );
    let model = Config::parse(&text).unwrap().model.unwrap().deadlines();
    [
        model.connect,
        model.first_token,
        model.between_tokens,
        model.total,
    ]
    .map(|wait| wait.as_secs())
}

#[test]
fn a_model_on_ones_own_machine_has_time_to_read_its_prompt_and_what_is_set_holds() {
    assert_eq!(deadlines("local = true", ""), [10, 300, 120, 600]);
    assert_eq!(deadlines("", ""), [10, 60, 30, 180]);
    let set = "first_token = 7\ntotal = 9";
    assert_eq!(deadlines("local = true", set), [10, 7, 120, 9]);
    assert_eq!(deadlines("local = false", set), [10, 7, 30, 9]);
}

#[test]
fn the_example_tells_the_deadlines_that_hold_where_none_is_set() {
    let shown = Config::parse(&in_full()).unwrap().model.unwrap();
    assert!(shown.local && shown.deadlines.first_token.is_some());
    let none_set = Config::parse(EXAMPLE).unwrap().model.unwrap();
    assert_eq!(shown.deadlines(), none_set.deadlines());
}

/// What an operator reads when this stands in the file.
fn complaint(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("familiar.toml");
    std::fs::write(&path, text).unwrap();
    Config::load(&path).unwrap_err().to_string()
}

#[test]
fn an_unknown_key_names_its_line_and_what_is_known() {
    let text = complaint("[rate]\nqueue = 8\nmember_per_minuet = 3\n");
    assert!(
        text.contains("line 3") && text.contains("member_per_minuet"),
        "{text}"
    );
    assert!(
        text.contains("member_per_minute") && text.contains("familiar.example.toml"),
        "{text}"
    );
}

#[test]
fn a_wrong_value_names_its_line() {
    let text = complaint("[rate]\n\nqueue = \"many\"\n");
    assert!(
        text.contains("line 3") && text.contains("\"many\""),
        "{text}"
    );
    let text = complaint("[model]\nprovider = \"x\"\nmodel = \"y\"\ndialect = \"french\"\n");
    assert!(
        text.contains("line 4") && text.contains("french") && text.contains("openai"),
        "{text}"
    );
    let text = complaint("[instance]\noperator = \"me\n");
    assert!(text.contains("line 2"), "{text}");
}

#[test]
fn a_missing_file_says_how_to_get_one() {
    let text = Config::load(Path::new("no/such/familiar.toml"))
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("Copy familiar.example.toml") && text.contains("--config"),
        "{text}"
    );
}

#[test]
fn a_secret_that_was_written_into_the_file_is_not_said_again() {
    let text = complaint("[discord]\ntoken = \"canary-of-a-token\"\n");
    assert!(
        text.contains("line 2") && text.contains("`token`"),
        "{text}"
    );
    assert!(!text.contains("canary-of-a-token"), "{text}");
}

#[test]
fn no_configuration_or_error_shows_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, "canary-of-a-secret\n").unwrap();
    let mut config = Config::parse(&in_full()).unwrap();
    config.discord.token_file = Some(file.clone());
    let model = config.model.as_mut().unwrap();
    model.api_key_file = Some(file.clone());
    let (token, key) = (
        config.discord.token().unwrap(),
        model.api_key().unwrap().unwrap(),
    );
    assert_eq!(token.expose_secret(), "canary-of-a-secret");
    assert!(!format!("{config:?} {token:?} {key:?}").contains("canary"));
    // The file's content is a secret also where it cannot be used.
    std::fs::write(&file, [b"canary".as_slice(), &[0xff]].concat()).unwrap();
    let error = config.discord.token().unwrap_err();
    assert!(!format!("{error:?} {error}").contains("canary"));
    assert!(error.to_string().contains("discord.token_file"), "{error}");
}

#[test]
fn a_missing_secret_says_where_it_is_looked_for() {
    let mut config = Config::default();
    config.discord.token_env = "FAMILIAR_TEST_NO_SUCH_VARIABLE".into();
    let text = config.discord.token().unwrap_err().to_string();
    assert!(
        text.contains("FAMILIAR_TEST_NO_SUCH_VARIABLE") && text.contains("discord.token_file"),
        "{text}"
    );
}

/// The least that a model needs, and more lines of it.
fn model(more: &str) -> Model {
    let text = format!(
        "[model]\nprovider = \"p\"\nmodel = \"m\"\nbase_url = \"http://127.0.0.1:1/v1\"\n\
         context_window = 8192\nmax_output = 1000\n{more}"
    );
    Config::parse(&text).unwrap().model.unwrap()
}

#[test]
fn the_samplers_of_the_example_are_those_of_a_local_server() {
    let Sampled {
        temperature: warm,
        sampling,
    } = model("local = true\n").talking();
    let full = Config::parse(&in_full()).unwrap().model.unwrap();
    assert_eq!(full.temperature, Setting::Is(warm.unwrap()));
    let mut written = full.talking().sampling;
    // The example has these to show their form.
    for shown in [
        &mut written.top_p,
        &mut written.min_p,
        &mut written.frequency_penalty,
        &mut written.presence_penalty,
    ] {
        assert!(shown.take().is_some());
    }
    assert_eq!(written, sampling);
    let by_name = model("[model.sampling]\ndefaults = \"local\"\n");
    assert_eq!(by_name.sampling.defaults, Defaults::Local);
    assert_eq!(by_name.talking(), model("local = true\n").talking());
}

#[test]
fn a_hosted_model_is_sampled_by_what_is_written_and_nothing_else() {
    let (none, nothing) = (provider::Sampling::NONE, Sampled::default());
    assert_eq!(model("").talking(), nothing);
    assert_eq!(model("").retelling(), nothing);
    let section = "local = true\n[model.sampling]\ndefaults = \"none\"\n";
    assert_eq!(model(section).talking(), nothing);
    assert_eq!(model(section).retelling(), nothing);
    let written = model("temperature = 1\n[model.sampling]\npresence_penalty = -0.5\n");
    let sampled = Sampled {
        temperature: Some(1.0),
        sampling: provider::Sampling {
            presence_penalty: Some(-0.5),
            ..none
        },
    };
    assert_eq!(written.talking(), sampled);
    assert_eq!(written.retelling(), sampled);
    let anthropic = model("dialect = \"anthropic\"\nlocal = true\n").talking();
    assert_eq!(anthropic.temperature, Some(0.8));
    assert_eq!(anthropic.sampling, none);
}

#[test]
fn what_somebody_told_may_be_said_again_in_short_unless_a_penalty_is_written() {
    let local = model("local = true\n");
    let (talking, retelling) = (local.talking(), local.retelling());
    assert!(retelling.temperature < talking.temperature);
    let sampling = retelling.sampling;
    assert_eq!(sampling.repeat_penalty, Some(1.0));
    assert!(sampling.dry_allowed_length > talking.sampling.dry_allowed_length);
    assert_eq!(sampling.dry_multiplier, talking.sampling.dry_multiplier);
    let written = "local = true\ntemperature = 0.9\n[model.sampling]\nrepeat_penalty = 1.2\n";
    let written = model(written).retelling();
    assert_eq!(written.temperature, Some(0.9));
    assert_eq!(written.sampling.repeat_penalty, Some(1.2));
}

#[test]
fn what_is_switched_off_takes_along_what_belongs_to_it() {
    let section = "local = true\ntemperature = false\n[model.sampling]\nrepeat_penalty = false\n";
    let Sampled {
        temperature,
        sampling,
    } = model(section).talking();
    assert_eq!(temperature, None);
    assert_eq!(
        (sampling.repeat_penalty, sampling.repeat_last_n),
        (None, None)
    );
    assert_eq!(sampling.dry_multiplier, Some(0.8));
    let section = "local = true\n[model.sampling]\ndry_multiplier = false\n";
    let sampling = model(section).talking().sampling;
    assert_eq!(
        (sampling.dry_base, sampling.dry_allowed_length),
        (None, None)
    );
    assert_eq!(sampling.repeat_last_n, Some(512));
}

#[test]
fn a_sampler_out_of_bounds_names_its_line_and_what_would_do() {
    for (line, part) in [
        ("repeat_penalty = 11", "from 0.1 to 2"),
        ("dry_multiplier = -1.0", "0 (no DRY) to 10"),
        ("dry_penalty_last_n = -1", "a whole number of tokens"),
        ("dry_allowed_length = 2.5", "a whole number from 1"),
        ("top_p = 1.5", "from 0 to 1"),
        ("min_p = true", "or false to send nothing"),
        ("presence_penalty = \"much\"", "from -2 to 2"),
    ] {
        let text = complaint(&format!(
            "[model]\nprovider = \"p\"\n[model.sampling]\n{line}\n"
        ));
        assert!(text.contains("line 4") && text.contains(part), "{text}");
    }
    let text = complaint("[model]\nprovider = \"p\"\ntemperature = 9\n");
    assert!(
        text.contains("line 3") && text.contains("from 0 to 5"),
        "{text}"
    );
    let text = complaint(
        "[model]\nprovider = \"p\"\nmodel = \"m\"\ndialect = \"anthropic\"\nbase_url = \"http://127.0.0.1:1\"\n\
         context_window = 8192\nmax_output = 1000\n[model.sampling]\nmin_p = 0.1\n",
    );
    assert!(
        text.contains("[model.sampling] min_p") && text.contains("dialect = \"openai\""),
        "{text}"
    );
}
