//! The text of the settings that a project begins with.

use std::fmt::Write;

use super::seen::{Seen, Told};

/// The settings, with comments that tell what else there is.
pub(super) fn draft(seen: &Seen) -> String {
    let mut out = String::from(
        "# What this project needs of a machine, and what counts. `envdoctor config` shows each value and where it comes from.\n\
         \n\
         # The severity from which a check fails: error, warning or info.\n\
         fail_on: error\n\n",
    );
    out.push_str(&require(seen));
    out.push_str("# Rules, families or tags that do not concern this project.\n");
    match seen.unused.as_slice() {
        [] => out.push_str("# skip: [gpu]\n"),
        unused => {
            let _ = writeln!(out, "# Nothing here seems to use these:\n# skip: [{}]", unused.join(", "));
        }
    }
    out.push_str(
        "\n# How bad it is here, where that is not what the rule says.\n\
         # severity:\n\
         #   flake-lock-out-of-step: warning\n\
         \n\
         # What does not count, why, and until which day. From the day after, the entry itself is a finding.\n\
         # ignore:\n\
         #   - rule: flake-lock-out-of-step\n\
         #     reason: it is updated with the release\n\
         #     until: 2030-12-31\n\
         \n\
         # How far `envdoctor fix` may go here, whatever it is told: none, cache, project, user, system or destructive.\n\
         # In CI, ENVDOCTOR_FIX_MOST=none keeps it from changing anything.\n\
         fix:\n  most: project\n",
    );
    out
}

fn require(seen: &Seen) -> String {
    let mut out = String::from(
        "# What has to be there, as far as the project's files tell it. What `check` has found already is not told twice.\n",
    );
    let mut entries = String::new();
    let mut add = |name: &str, value: &str, why: &str| {
        let _ = writeln!(entries, "  {name}: {value}  # {why}");
    };
    if seen.flake {
        add("nix", "\">= 2.4\"", "flake.nix");
    }
    if let Some(Told { value, by }) = &seen.elixir {
        add("elixir", &quoted(value), by);
    }
    if let Some(Told { value, by }) = &seen.postgres {
        add("postgresql", &format!("{{port: {value}}}"), by);
    }
    if let Some(Told { by, .. }) = &seen.ollama {
        add("services", "[ollama]", by);
    }
    match entries.is_empty() {
        true => out.push_str("# require:\n"),
        false => _ = write!(out, "require:\n{entries}"),
    }
    let proposed = [
        ("elixir", "\"~> 1.17\""),
        ("postgresql", "{version: \">= 16\", port: 5432}"),
        ("env", "[DATABASE_URL]"),
        ("files", "[config/dev.secret.exs]"),
        ("commands", "[inotifywait]"),
        ("http", "[\"http://localhost:4000/health\"]"),
    ];
    for (name, value) in proposed {
        if !entries.contains(&format!("  {name}: ")) {
            let _ = writeln!(out, "  # {name}: {value}");
        }
    }
    out.push('\n');
    out
}

/// A scalar that YAML reads as this text, whatever stands in it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(value: &str, by: &str) -> Option<Told> {
        Some(Told { value: value.to_owned(), by: by.to_owned() })
    }

    #[test]
    fn what_the_project_tells_is_required_with_who_says_so() {
        let seen = Seen {
            elixir: told("~> 1.17 or == \"x\"", "mix.exs:8"),
            flake: true,
            postgres: told("5433", "config/dev.exs:4"),
            ollama: told("http://127.0.0.1:11434", "OLLAMA_HOST"),
            unused: vec!["gpu", "python"],
        };
        let text = draft(&seen);
        for line in [
            "  nix: \">= 2.4\"  # flake.nix\n",
            "  elixir: \"~> 1.17 or == \\\"x\\\"\"  # mix.exs:8\n",
            "  postgresql: {port: 5433}  # config/dev.exs:4\n",
            "  services: [ollama]  # OLLAMA_HOST\n",
            "# skip: [gpu, python]\n",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
        assert!(draft(&Seen::default()).contains("# require:\n"));
    }
}
