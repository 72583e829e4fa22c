//! JSON Schemas of the forms.

use schemars::generate::SchemaSettings;
use schemars::transform::RestrictFormats;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::SCHEMA_VERSION;
use crate::facts::{Risk, Severity};
use crate::rules::Need;

/// The schema of a form as it is written, in JSON Schema's draft 2020-12. It allows keys that it does not name, since keys
/// may be added.
pub fn schema_of<T: JsonSchema>() -> Schema {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    // Validators warn of formats that are Rust's own.
    let settings = settings.with_transform(RestrictFormats::default());
    settings.into_generator().into_root_schema_for::<T>()
}

/// The schema of `schema_version`.
pub fn version(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "integer", "const": SCHEMA_VERSION})
}

/// The schema of a severity.
pub fn severities(_: &mut SchemaGenerator) -> Schema {
    names(Severity::ALL)
}

/// The schema of a risk.
pub fn risks(_: &mut SchemaGenerator) -> Schema {
    names(Risk::ALL)
}

/// The schema of what a remedy needs.
pub(super) fn needs(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "array", "items": names(Need::ALL)})
}

fn names<T>(all: &[(&str, T)]) -> Schema {
    let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
    json_schema!({"type": "string", "enum": names})
}
