//! What the environment says of the settings.

use std::path::PathBuf;
use std::time::Duration;

use super::layer::{FixSettings, Layer, Origin, Stated};
use super::words::{Mistake, Words};
use super::{ConfigError, seconds};
use crate::facts::{Reading, Risk, Severity};
use crate::machine::Machine;

/// The variables that are read, each with the setting it stands for.
pub const VARIABLES: &[(&str, &str)] = &[
    (FAIL_ON, "fail_on"),
    (TIMEOUT, "timeout"),
    (BASELINE, "baseline"),
    (ONLY, "only"),
    (SKIP, "skip"),
    (MOST, "fix.most"),
    (NEVER, "fix.never"),
    (PLAIN, "--plain"),
];

const FAIL_ON: &str = "ENVDOCTOR_FAIL_ON";
const TIMEOUT: &str = "ENVDOCTOR_TIMEOUT";
const BASELINE: &str = "ENVDOCTOR_BASELINE";
const ONLY: &str = "ENVDOCTOR_ONLY";
const SKIP: &str = "ENVDOCTOR_SKIP";
const MOST: &str = "ENVDOCTOR_FIX_MOST";
const NEVER: &str = "ENVDOCTOR_FIX_NEVER";
/// It is read where the screen is looked at.
const PLAIN: &str = "ENVDOCTOR_PLAIN";

/// What the variables say. An empty one says nothing.
///
/// # Errors
/// The first mistake in one.
pub(super) fn read(machine: &dyn Machine, words: &Words<'_>) -> Result<Layer, ConfigError> {
    let rule = |id: &str| words.unknown_rule(id);
    let word = |word: &str| words.unknown(word);
    Ok(Layer {
        fail_on: one(machine, FAIL_ON, |text| named(text, "severity", Severity::ALL))?,
        timeout: one(machine, TIMEOUT, time)?,
        baseline: one(machine, BASELINE, |text| Ok(PathBuf::from(text)))?,
        only: list(machine, ONLY, word)?,
        skip: list(machine, SKIP, word)?,
        fix: FixSettings {
            most: one(machine, MOST, |text| named(text, "risk", Risk::ALL))?,
            never: list(machine, NEVER, rule)?,
            ..FixSettings::default()
        },
        ..Layer::default()
    })
}

fn time(text: &str) -> Result<Duration, Mistake> {
    seconds(text).map_err(|why| (format!("`{text}` is not {why}"), None))
}

fn named<T: Copy>(text: &str, what: &str, all: &[(&str, T)]) -> Result<T, Mistake> {
    let found = all.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
    let names = || all.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    found.ok_or_else(|| (format!("`{text}` is no {what}"), Some(format!("one of: {}", names()))))
}

fn one<T>(
    machine: &dyn Machine,
    name: &'static str,
    parse: impl Fn(&str) -> Result<T, Mistake>,
) -> Result<Option<Stated<T>>, ConfigError> {
    let Some(text) = text(machine, name)? else { return Ok(None) };
    let value = parse(&text).map_err(|mistake| wrong(name, mistake))?;
    Ok(Some(Stated::new(value, Origin::Variable(name))))
}

/// Words with commas between.
fn list(
    machine: &dyn Machine,
    name: &'static str,
    unknown: impl Fn(&str) -> Option<Mistake>,
) -> Result<Vec<Stated<String>>, ConfigError> {
    let text = text(machine, name)?.unwrap_or_default();
    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
    let stated = words.map(|word| match unknown(word) {
        Some(mistake) => Err(wrong(name, mistake)),
        None => Ok(Stated::new(word.to_owned(), Origin::Variable(name))),
    });
    stated.collect()
}

fn text(machine: &dyn Machine, name: &'static str) -> Result<Option<String>, ConfigError> {
    match machine.env(name) {
        Reading::Present(text) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
        Reading::Absent => Ok(None),
        other => Err(wrong(name, (other.why_unknown().unwrap_or_default(), None))),
    }
}

fn wrong(name: &'static str, (message, help): Mistake) -> ConfigError {
    ConfigError::Variable { name, message, help }
}
