//! The commands' texts, in Fluent: `locales/en-US.ftl` is complete, others may lack a text and then speak English.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

use crate::Command;

/// A language of the commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Locale {
    English,
    Chinese,
}

impl Locale {
    /// The locale for what Discord's client says, <https://discord.com/developers/docs/reference#locales>.
    pub(crate) fn of(discord: Option<&str>) -> Self {
        match discord {
            Some(tag) if tag.starts_with("zh") => Self::Chinese,
            _ => Self::English,
        }
    }

    /// As an ISO 639-1 code.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }
}

type Bundle = FluentBundle<FluentResource>;

static ENGLISH: LazyLock<Bundle> =
    LazyLock::new(|| read("en-US", include_str!("locales/en-US.ftl")));
static CHINESE: LazyLock<Bundle> =
    LazyLock::new(|| read("zh-CN", include_str!("locales/zh-CN.ftl")));

/// A text with mistakes is read as far as it goes; a test reads all of both.
fn read(tag: &str, text: &str) -> Bundle {
    let language: LanguageIdentifier = tag.parse().unwrap_or_default();
    let resource =
        FluentResource::try_new(text.to_owned()).unwrap_or_else(|(readable, _)| readable);
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // Marks that isolate right-to-left values show as boxes on some of Discord's clients.
    bundle.set_use_isolating(false);
    bundle.add_resource_overriding(resource);
    bundle
}

/// A text by its id: `say!(locale, "id", name: value)`.
macro_rules! say {
    ($locale:expr, $id:expr $(, $name:ident: $value:expr)* $(,)?) => {{
        #[allow(unused_mut, reason = "texts without values")]
        let mut args = fluent_bundle::FluentArgs::new();
        $( args.set(stringify!($name), $value); )*
        $crate::texts::format($locale, $id, Some(&args))
    }};
}
pub(crate) use say;

/// As [`say`], in the language of whoever used the command: `tell!(ctx, "id", name: value)`.
macro_rules! tell {
    ($ctx:expr, $id:expr $(, $name:ident: $value:expr)* $(,)?) => {
        $crate::texts::say!($crate::texts::Locale::of($ctx.locale()), $id $(, $name: $value)*)
    };
}
pub(crate) use tell;

/// A text on one line, of at most so many characters; "…" says that there is more.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    let text = text.replace('\n', " ");
    match text.chars().count() <= most {
        true => text,
        false => text
            .chars()
            .take(most.saturating_sub(1))
            .chain(['…'])
            .collect(),
    }
}

/// A text by its id, in this locale or in English.
pub(crate) fn format(locale: Locale, id: &str, args: Option<&FluentArgs<'_>>) -> String {
    find(locale, id, args).unwrap_or_else(|| {
        tracing::error!(id, "a text is missing");
        id.to_owned()
    })
}

/// As [`format`], where the text may be missing.
pub(crate) fn find(locale: Locale, id: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
    let bundles: [&Bundle; 2] = match locale {
        Locale::English => [&ENGLISH, &ENGLISH],
        Locale::Chinese => [&CHINESE, &ENGLISH],
    };
    bundles.into_iter().find_map(|bundle| {
        let pattern = bundle.get_message(id)?.value()?;
        let text = bundle.format_pattern(pattern, args, &mut vec![]);
        Some(text.into_owned())
    })
}

/// Gives a command and its options their Chinese descriptions. English stands in the code, as the doc comment.
pub(crate) fn localise(command: &mut Command) {
    localise_as(command, String::from("command"));
}

fn localise_as(command: &mut Command, above: String) {
    let id = format!("{above}-{}", command.name);
    command.description_localizations = chinese(&id);
    for parameter in &mut command.parameters {
        let name = parameter.name.replace('_', "-");
        parameter.description_localizations = chinese(&format!("{id}--{name}"));
    }
    for subcommand in &mut command.subcommands {
        localise_as(subcommand, id.clone());
    }
}

fn chinese(id: &str) -> Cow<'static, [(Cow<'static, str>, Cow<'static, str>)]> {
    let found = CHINESE.get_message(id).and_then(|message| message.value());
    let Some(pattern) = found else {
        return Cow::Borrowed(&[]);
    };
    let text = CHINESE
        .format_pattern(pattern, None, &mut vec![])
        .into_owned();
    Cow::Owned(vec![
        ("zh-CN".into(), text.clone().into()),
        ("zh-TW".into(), text.into()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    const TEXTS: [&str; 2] = [
        include_str!("locales/en-US.ftl"),
        include_str!("locales/zh-CN.ftl"),
    ];

    /// The ids of a locale's texts: every line of it is read.
    fn ids(text: &str) -> Vec<String> {
        let read = FluentResource::try_new(text.to_owned()).map_err(|(_, errors)| errors);
        assert_eq!(read.err(), None, "every line of a locale is Fluent");
        text.lines()
            .filter(|line| !line.starts_with([' ', '#', '}']))
            .filter_map(|line| Some(line.split_once(" = ")?.0.to_owned()))
            .collect()
    }

    #[test]
    fn every_english_text_exists_in_chinese_too() {
        let chinese = ids(TEXTS[1]);
        let missing: Vec<String> = ids(TEXTS[0])
            .into_iter()
            .filter(|id| !chinese.contains(id))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn every_section_of_a_prompt_has_words() {
        let english = ids(TEXTS[0]);
        for section in companion::compose::SECTIONS {
            let id = format!("why-section-{}", section.replace(' ', "-"));
            assert!(english.contains(&id), "{id}");
        }
    }

    #[test]
    fn every_description_belongs_to_a_command_and_every_command_has_one() {
        fn walk(command: &Command, found: &mut Vec<(String, bool)>, above: &str) {
            let id = format!("{above}-{}", command.name);
            if command.subcommands.is_empty() {
                found.push((id.clone(), !command.description_localizations.is_empty()));
            }
            // In a menu there is nothing to fill in.
            let asked = command.slash_action.and(Some(&command.parameters));
            for parameter in asked.into_iter().flatten() {
                let id = format!("{id}--{}", parameter.name.replace('_', "-"));
                found.push((id, !parameter.description_localizations.is_empty()));
            }
            for subcommand in &command.subcommands {
                walk(subcommand, found, &id);
            }
        }
        let mut found = vec![];
        for command in crate::all() {
            walk(&command, &mut found, "command");
        }
        let unlocalised: Vec<_> = found.iter().filter(|(_, localised)| !localised).collect();
        assert!(unlocalised.is_empty(), "{unlocalised:?}");
        let orphans: Vec<String> = ids(TEXTS[1])
            .into_iter()
            .filter(|id| id.starts_with("command-") && found.iter().all(|(known, _)| known != id))
            .collect();
        assert!(orphans.is_empty(), "{orphans:?}");
    }

    #[test]
    fn a_value_stands_where_its_name_is() {
        let mut args = FluentArgs::new();
        args.set("name", "Orla");
        args.set("whom", "for you");
        let text = format(Locale::English, "switched", Some(&args));
        assert!(
            text.starts_with("**Orla** speaks from now on for you."),
            "{text}"
        );
    }
}
