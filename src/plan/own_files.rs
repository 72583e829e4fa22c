//! The project's own files, in the place of the copies that Nix made of them.

use std::path::Path;

use super::place;
use crate::causes::Finding;
use crate::machine::Machine;

/// Nix up to 2.26 names a flake's files in its store. Where a finding captured such a path, and the output quotes
/// nothing from it that the project's own file does not hold, the file is called by its own name.
pub fn name_own_files(finding: &mut Finding, machine: &dyn Machine, project: &Path) {
    let quoted: Vec<(usize, &str)> = finding
        .sightings
        .iter()
        .flat_map(|s| &s.quotes)
        .filter_map(|quote| source_line(&quote.text))
        .collect();
    for value in finding.captures.values_mut() {
        if place::store_relative(value).is_none() {
            continue;
        }
        let Ok(place) = place::file(machine, project, value) else { continue };
        let Some(text) = machine.read(&place.path).present() else { continue };
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let stands = |&(number, line): &(usize, &str)| {
            number > 0 && text.lines().nth(number - 1).is_some_and(|own| words(own) == words(line))
        };
        if quoted.iter().all(stands) {
            *value = place::name(project, &place.path);
        }
    }
}

/// The number and the text of a line of source that Nix quotes: `  5|   elixir = pkgs.elxir;`.
fn source_line(text: &str) -> Option<(usize, &str)> {
    let (number, line) = text.split_once('|')?;
    Some((number.trim().parse().ok()?, line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::causes::Status;
    use crate::facts::Severity;
    use crate::machine::{Recorded, Recording};
    use crate::scan::{Quote, Sighting};

    fn named(quoted: &[&str]) -> String {
        let text = "project: /app/sub\notherwise: absent\nfiles:\n  /app/.git/HEAD: x\n  \
                    /app/sub/flake.nix: |\n    {\n      a = s.elxir;\n    }\n";
        let machine = Recorded::new(&Recording::parse(text, "m.yaml").unwrap());
        let quotes = quoted.iter().map(|text| Quote { line: 1, text: (*text).to_owned() }).collect();
        let file = ("file".to_owned(), "/nix/store/abc-source/sub/flake.nix".to_owned());
        let sighting = Sighting {
            rule: "r".to_owned(),
            quotes,
            words: String::new(),
            inner: Vec::new(),
            captures: [file.clone()].into(),
            count: 1,
        };
        let mut finding = Finding {
            rule: "r".to_owned(),
            severity: Severity::Error,
            sightings: vec![sighting],
            evidence: Vec::new(),
            captures: [file].into(),
            status: Status::Seen,
        };
        name_own_files(&mut finding, &machine, Path::new("/app/sub"));
        finding.captures["file"].clone()
    }

    #[test]
    fn a_copy_is_called_by_the_name_of_the_projects_file() {
        assert_eq!(named(&["at /nix/store/abc-source/sub/flake.nix:2:7:"]), "flake.nix");
        assert_eq!(named(&["    1| {", "    2|   a = s.elxir;", "     |       ^"]), "flake.nix");
    }

    #[test]
    fn a_copy_of_something_else_is_not() {
        for quoted in ["    2|   a = pkgs.elxir;", "    9|", "    0| {"] {
            assert_eq!(named(&[quoted]), "/nix/store/abc-source/sub/flake.nix");
        }
    }
}
