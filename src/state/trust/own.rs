//! What a project brings for envdoctor itself: every file below its `.envdoctor`.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Pinned, sum};
use crate::facts::Reading;
use crate::machine::{Machine, READ_LIMIT, Walk};

/// The folder in a project's own.
const FOLDER: &str = ".envdoctor";

/// The folder of its rules.
const RULES: &str = ".envdoctor/rules/";

/// The names of the files below a project's `.envdoctor`, from the project's folder.
#[derive(Clone, Debug, Default)]
pub struct OwnFiles {
    names: Vec<String>,
}

/// The same files as they were read: what is pinned, and the rules, are of the same bytes.
#[derive(Clone, Debug, Default)]
pub struct OwnContent {
    /// The text of each file with a rule, by its name.
    pub rules: BTreeMap<String, Vec<u8>>,
    sums: BTreeMap<String, String>,
}

impl OwnFiles {
    /// Whether a project has a folder of rules. This is the one question that a project without costs.
    pub fn has_rules(machine: &dyn Machine, project: &Path) -> bool {
        !matches!(machine.list(&project.join(RULES)), Reading::Absent)
    }

    /// Lists them.
    ///
    /// # Errors
    /// Names what is no file, or leads out of the project.
    pub fn list(machine: &dyn Machine, project: &Path) -> Result<OwnFiles, String> {
        let walk = Walk { hidden: true, within: Some(project) };
        Ok(OwnFiles { names: walk.files(machine, project, FOLDER)? })
    }

    /// Those that hold a rule: YAML that is not hidden.
    pub fn rules(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str).filter(|name| is_rule(name))
    }

    /// Reads them, each once.
    ///
    /// # Errors
    /// Names the file that could not be read.
    pub fn read(&self, machine: &dyn Machine, project: &Path) -> Result<OwnContent, String> {
        let mut content = OwnContent::default();
        for name in &self.names {
            let bytes = machine.read_bytes(&project.join(name), READ_LIMIT).or_why("it is gone");
            let bytes = bytes.map_err(|why| format!("{name}: {why}"))?;
            content.sums.insert(name.clone(), sum(&bytes));
            if is_rule(name) {
                content.rules.insert(name.clone(), bytes);
            }
        }
        Ok(content)
    }
}

impl OwnContent {
    /// The files that are not as they were trusted: changed, new or gone. Other files of the project do not count.
    pub fn changed_since(&self, before: &Pinned) -> Vec<String> {
        Pinned { files: self.sums.clone(), ..Pinned::default() }.changed_since(&before.own())
    }

    pub(super) fn sums(&self) -> impl Iterator<Item = (String, String)> {
        self.sums.clone().into_iter()
    }
}

impl Pinned {
    /// Of these files, those below `.envdoctor`.
    pub fn own(&self) -> Pinned {
        let own = self.files.iter().filter(|(name, _)| is_own(name));
        Pinned { files: own.map(|(name, sum)| (name.clone(), sum.clone())).collect(), ..Pinned::default() }
    }

    /// The files that the project's tools evaluate.
    pub fn evaluated(&self) -> impl Iterator<Item = &str> {
        let names = self.files.keys().map(String::as_str);
        names.filter(|name| !is_own(name) && *name != super::SETTINGS)
    }
}

fn is_own(name: &str) -> bool {
    Path::new(name).starts_with(FOLDER)
}

fn is_rule(name: &str) -> bool {
    let below = name.strip_prefix(RULES);
    below.is_some_and(|below| {
        (below.ends_with(".yaml") || below.ends_with(".yml"))
            && !below.split('/').any(|part| part.starts_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{Recorded, Recording};

    fn machine(files: &str, links: &str) -> Recorded {
        let text = format!("project: /p\notherwise: absent\nfiles: {{{files}}}\nlinks: {{{links}}}\n");
        Recorded::new(&Recording::parse(&text, "m").unwrap())
    }

    fn content(files: &str) -> OwnContent {
        let machine = machine(files, "");
        let project = Path::new("/p");
        OwnFiles::list(&machine, project).unwrap().read(&machine, project).unwrap()
    }

    const FILES: &str = "/p/.envdoctor/rules/a.yaml: a, /p/.envdoctor/rules/b/c.yml: c, \
                         /p/.envdoctor/rules/.d.yaml: d, /p/.envdoctor/rules/e.txt: e, /p/.envdoctor/f.yaml: f";

    #[test]
    fn every_file_is_pinned_and_rules_are_those_in_their_folder() {
        let own = content(FILES);
        assert_eq!(
            own.rules.keys().collect::<Vec<_>>(),
            [".envdoctor/rules/a.yaml", ".envdoctor/rules/b/c.yml"]
        );
        assert_eq!(own.sums.len(), 5);
    }

    #[test]
    fn only_a_change_of_its_own_files_ends_the_trust_in_the_rules() {
        let project = Path::new("/p");
        let before = machine(&format!("{FILES}, /p/flake.nix: x"), "");
        let before = Pinned::now(&before, project).unwrap();
        let after = machine(&format!("{FILES}, /p/flake.nix: y"), "");
        assert_eq!(Pinned::now(&after, project).unwrap().changed_since(&before), ["flake.nix"]);
        assert_eq!(
            content(&format!("{FILES}, /p/flake.nix: y")).changed_since(&before),
            Vec::<String>::new()
        );
        let other = content("/p/.envdoctor/rules/a.yaml: changed, /p/.envdoctor/g: new");
        let changed = ["f.yaml", "g", "rules/.d.yaml", "rules/a.yaml", "rules/b/c.yml", "rules/e.txt"];
        assert_eq!(other.changed_since(&before), changed.map(|name| format!(".envdoctor/{name}")));
    }

    #[test]
    fn a_link_out_of_the_project_is_refused() {
        let machine =
            machine("/p/.envdoctor/rules/a.yaml: a, /home/secret: s", "/p/.envdoctor/x: /home/secret");
        let why = OwnFiles::list(&machine, Path::new("/p")).unwrap_err();
        assert_eq!(why, ".envdoctor/x leads out of the project, to /home/secret");
    }
}
