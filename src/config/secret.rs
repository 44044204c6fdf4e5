//! Secrets: from a file or from the environment, never from the configuration itself.

use std::path::Path;

use secrecy::SecretString;

use super::ConfigError;

/// Reads a secret from its file, else from the environment.
pub(super) fn secret(
    what: &'static str,
    key: &'static str,
    file: Option<&Path>,
    env: &str,
) -> Result<SecretString, ConfigError> {
    if let Some(path) = file {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::SecretFile {
            what,
            path: path.into(),
            key,
            source,
        })?;
        return Ok(SecretString::from(text.trim().to_owned()));
    }
    match std::env::var(env) {
        Ok(value) if !value.trim().is_empty() => Ok(SecretString::from(value.trim().to_owned())),
        _ => Err(ConfigError::NoSecret {
            what,
            env: env.to_owned(),
            key,
        }),
    }
}
