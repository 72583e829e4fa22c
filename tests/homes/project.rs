//! Projects whose environment is broken or healthy, whatever the machine.

use std::fs;
use std::path::Path;

use crate::lab::Lab;

/// The rule that a broken project is known by.
pub(crate) const RULE: &str = "elixir-version-requirement";

/// This repository.
pub(crate) const ROOT: &str = env!("CARGO_MANIFEST_DIR");

const MIX_EXS: &str = r#"defmodule Demo.MixProject do
  use Mix.Project
  def project, do: [app: :demo, version: "0.1.0", elixir: "ELIXIR"]
end
"#;

/// It asks for an Elixir that there is not.
pub(crate) fn broken(lab: &Lab) {
    lab.write("mix.exs", &MIX_EXS.replace("ELIXIR", "~> 99.0"));
}

/// It asks for any Elixir.
pub(crate) fn healthy(lab: &Lab) {
    lab.write("mix.exs", &MIX_EXS.replace("ELIXIR", "~> 1.0"));
}

/// A file of this repository.
pub(crate) fn ours(path: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(path)).unwrap()
}

/// A snippet that a project takes over.
pub(crate) fn snippet(name: &str) -> String {
    ours(&format!("src/cli/init/snippets/{name}"))
}
