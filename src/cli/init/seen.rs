//! What a project tells of what it needs.

use std::collections::BTreeSet;

use super::super::context::Context;
use crate::facts::{Facts, Place, Value};

/// What a project tells of what it needs, each with where it does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// The versions of Elixir that mix.exs allows.
    pub(super) elixir: Option<Told>,
    /// It has a flake.
    pub(super) flake: bool,
    /// The port of the PostgreSQL server on this machine that it connects to.
    pub(super) postgres: Option<Told>,
    /// Where it would reach Ollama.
    pub(super) ollama: Option<Told>,
    /// Families of rules that are about what nothing here uses.
    pub(super) unused: Vec<&'static str>,
}

/// Something that a file tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) value: String,
    /// The file and line, or the variable.
    pub(super) by: String,
}

/// The facts that are asked for.
const FACTS: &[&str] = &[
    "project.files",
    "project.mix.elixir",
    "project.mix.hex_deps",
    "project.mlx.max_gpus",
    "postgres.server",
    "postgres.port",
    "postgres.local",
    "ollama.asked_by",
    "ollama.address",
    "ollama.local",
    "lmstudio.asked_by",
    "opencode.files",
    "node.locked_by_npm",
    "mlx.version",
    "torch.version",
];

/// Looks at the project.
pub(super) fn look(context: &Context) -> Seen {
    let wanted: BTreeSet<String> = FACTS.iter().map(|&name| name.to_owned()).collect();
    seen(&context.with_memory(|machine| context.inquiry(machine).facts(&wanted)))
}

fn seen(facts: &Facts) -> Seen {
    let there = |name: &str| value(facts, name).is_some_and(|value| !value.is_empty());
    let is_true = |name: &str| value(facts, name) == Some(&Value::Bool(true));
    let files = value(facts, "project.files");
    let has = |file: &str| files.is_some_and(|files| files.contains(file));
    let models = there("ollama.asked_by") || there("lmstudio.asked_by") || there("opencode.files");
    let mlx = there("mlx.version") || there("torch.version") || there("project.mlx.max_gpus");
    let used = [
        ("gpu", mlx || there("ollama.asked_by")),
        ("llm", models),
        ("node", has("package.json") || there("node.locked_by_npm")),
        ("postgres", there("postgres.server")),
        ("python", mlx || has("pyproject.toml") || has("requirements.txt")),
    ];
    Seen {
        elixir: told(facts, "project.mix.elixir"),
        flake: has("flake.nix"),
        postgres: postgres(facts).filter(|_| is_true("postgres.local")),
        ollama: told(facts, "ollama.address").filter(|_| is_true("ollama.local") && there("ollama.asked_by")),
        unused: used.iter().filter(|(_, used)| !used).map(|(family, _)| *family).collect(),
    }
}

fn value<'f>(facts: &'f Facts, name: &str) -> Option<&'f Value> {
    facts.get(name)?.reading.as_present()
}

/// Its port, with where the server is named.
fn postgres(facts: &Facts) -> Option<Told> {
    Some(Told { by: told(facts, "postgres.server")?.by, ..told(facts, "postgres.port")? })
}

fn told(facts: &Facts, name: &str) -> Option<Told> {
    let fact = facts.get(name)?;
    let at = |place: &Place| format!("{}:{}", place.file, place.line);
    let by = fact.places.first().map(at).unwrap_or_else(|| fact.source.clone());
    Some(Told { value: fact.reading.as_present()?.to_string(), by })
}
