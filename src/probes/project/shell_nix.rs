//! What `shell.nix` says.

use super::super::{Context, Probe};
use super::nix_file::File;
use crate::facts::Facts;
use crate::project::parse_nix;

pub(super) const PROBE: Probe = Probe {
    name: "shell.nix",
    yields: &[
        "project.shell_nix.existing_attributes",
        "project.shell_nix.exports",
        "project.shell_nix.missing_attributes",
        "project.shell_nix.packages",
        "project.shell_nix.parses",
        "project.shell_nix.semicolon_column",
        "project.shell_nix.semicolon_line",
        "project.shell_nix.syntax_error",
        "project.shell_nix.undefined_names",
    ],
    usual: &[],
    apart: false,
    run,
};

fn run(context: &Context) -> Facts {
    let file = File::read(context, "shell.nix");
    let Some(shell) = file.as_present() else { return File::none(&file, "shell.nix", PROBE.yields) };
    let mut facts = Facts::default();
    let parsed = parse_nix(&shell.text);
    shell.add_syntax(&mut facts, "project.shell_nix", &parsed);
    match parsed {
        Ok(used) => shell.add_expression(&mut facts, "project.shell_nix", &used),
        Err(_) => shell.add_unread(&mut facts, PROBE.yields),
    }
    facts
}

#[cfg(test)]
mod tests {
    use crate::facts::Reading;
    use crate::probes::recorded::{facts_of as run, list, shown as text};

    #[test]
    fn a_shell_is_read() {
        let facts = run(
            &super::PROBE,
            "files:\n  /p/shell.nix: |\n    { pkgs ? import <nixpkgs> {} }:\n    \
            pkgs.mkShell { packages = [ pkgs.elixir_1_17_3 ]; PGPORT = \"5433\"; }\n",
        );
        assert_eq!(list(&facts, "project.shell_nix.missing_attributes"), ["elixir_1_17_3"]);
        assert_eq!(list(&facts, "project.shell_nix.existing_attributes"), ["elixir_1_17 for elixir_1_17_3"]);
        assert_eq!(list(&facts, "project.shell_nix.exports"), ["PGPORT=5433"]);
        let place = &facts.get("project.shell_nix.missing_attributes").unwrap().places[0];
        assert_eq!(place.to_string(), "shell.nix:2:29");
    }

    #[test]
    fn what_does_not_parse_tells_where() {
        let facts = run(&super::PROBE, "files: {/p/shell.nix: '{ é = 1 }'}");
        assert_eq!(
            text(&facts, "project.shell_nix.syntax_error"),
            "unexpected 'é', expected a name, 'or' or something else"
        );
        let facts = run(&super::PROBE, "files: {/p/shell.nix: '{ a = \"é\" }'}");
        assert_eq!(text(&facts, "project.shell_nix.semicolon_column"), "10");
        assert!(facts.get("project.shell_nix.packages").unwrap().reading.why_unknown().is_some());
    }

    #[test]
    fn no_shell_and_an_unreadable_one_are_told_apart() {
        let none = run(&super::PROBE, "");
        assert!(none.iter().all(|(_, fact)| fact.reading == Reading::Absent));
        let denied = run(&super::PROBE, "unknown:\n  - {question: !read /p/shell.nix, reading: denied}");
        assert!(denied.iter().all(|(_, fact)| fact.reading == Reading::Denied));
    }
}
