//! The dated table of well-known prices, for models whose price the operator has not set.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::price::Price;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    as_of: String,
    model: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    provider: String,
    names: Vec<String>,
    price: Price,
}

/// An unreadable table would be an empty one, so that its models are refused and not free; a test reads it.
static TABLE: LazyLock<Table> =
    LazyLock::new(|| toml::from_str(include_str!("../prices.toml")).unwrap_or_default());

/// What the bundled table knows of a model's price. The operator's own price comes first, always.
pub fn known_price(provider: &str, model: &str) -> Option<Price> {
    let is_it =
        |entry: &&Entry| entry.provider == provider && entry.names.iter().any(|name| name == model);
    TABLE
        .model
        .iter()
        .find(is_it)
        .map(|entry| entry.price.clone())
}

/// The day that the table's prices were read off their makers' pages, as `2025-06-01`. The operator compares them.
pub fn prices_as_of() -> &'static str {
    &TABLE.as_of
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_table_reads_and_every_price_is_plausible() {
        let table: Table = toml::from_str(include_str!("../prices.toml")).unwrap();
        assert!(!table.model.is_empty());
        for Entry { names, price, .. } in &table.model {
            let writes = !names[0].contains("embedding");
            assert!(
                price.is_sane() && (price.output > price.input) == writes,
                "{names:?}"
            );
            for (cheaper, dearer) in [
                (price.cached_input, Some(price.input)),
                (Some(price.input), price.cache_write),
            ] {
                if let (Some(cheaper), Some(dearer)) = (cheaper, dearer) {
                    assert!(cheaper < dearer, "{names:?}");
                }
            }
            if let Some(tier) = &price.long_context {
                assert!(
                    tier.input > price.input && tier.output > price.output,
                    "{names:?}"
                );
            }
        }
    }

    #[test]
    fn no_model_stands_in_the_table_twice() {
        let all = TABLE.model.iter();
        let mut names: Vec<(&str, &str)> = all
            .flat_map(|entry| {
                entry
                    .names
                    .iter()
                    .map(|name| (entry.provider.as_str(), name.as_str()))
            })
            .collect();
        let many = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), many);
    }

    #[test]
    fn a_model_is_known_under_its_provider_only() {
        let known = known_price("openai", "gpt-4o-mini").unwrap();
        assert_eq!(known.input, "0.15".parse().unwrap());
        assert!(prices_as_of().starts_with("20"));
        assert_eq!(known_price("elsewhere", "gpt-4o-mini"), None);
        assert_eq!(known_price("openai", "gpt-4o-mini-latest"), None);
    }
}
