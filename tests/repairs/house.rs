//! A project with rules of the test's own, whose remedies do whatever the test wants of them.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use crate::{
    lab::{Lab, output::Ran},
    tree::Tree,
};

/// A hash that is wrong, and the right one.
pub(crate) const OLD: &str = "sha256-q8b9WV/AedMRTUtxpNhLHR0Ped8ecPiBMhLypl2JFt8=";
pub(crate) const NEW: &str = "sha256-WJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQgoai6Eb2vgM=";

/// A project in which things called gizmos break, and the doctor who knows them and nothing else.
pub(crate) struct House {
    pub(crate) lab: Lab,
    /// Where envdoctor keeps its state.
    pub(crate) state: PathBuf,
    /// A log that `fix` can be about.
    pub(crate) log: String,
}

impl House {
    /// This machine, with a home and a project of its own; `None` (said in one line) if it lacks one of those tools.
    pub(crate) fn with(tools: &[&str]) -> Option<House> {
        let lab = Lab::host(tools)?;
        fs::create_dir(lab.path("rules")).unwrap();
        let (state, log) = (lab.state(), lab.inside("build.log"));
        Some(House { lab, state, log })
    }

    /// Adds a rule that is seen where a tool prints `gizmo: ID`, with these remedies (the items of a YAML list).
    pub(crate) fn rule(&self, id: &str, remedies: &str) {
        self.rule_with(id, "", remedies);
    }

    /// The same, with more keys.
    pub(crate) fn rule_with(&self, id: &str, keys: &str, remedies: &str) {
        let rule = format!(
            "id: {id}
title: This gizmo has {id}
severity: error
family: house
since: 0.1.0
explanation: It was made by a test.
symptoms: ['^gizmo: {id}(?: (?<one>\\S+))?(?: (?<two>\\S+))?$']
{keys}
remedies:
{remedies}
examples: ['gizmo: {id}']
"
        );
        fs::write(self.lab.path("rules").join(format!("{id}.yaml")), rule).unwrap();
    }

    /// Adds a rule that is found by a check.
    pub(crate) fn check(&self, id: &str, condition: &str, remedies: &str) {
        self.rule_with(id, &format!("checks: {condition}"), remedies);
    }

    /// Runs envdoctor in the project, with the house's rules alone.
    pub(crate) fn doctor(&self, arguments: &[&str]) -> Ran {
        self.behind(&[], arguments)
    }

    /// The same, with these words before it.
    pub(crate) fn behind(&self, before: &[&str], arguments: &[&str]) -> Ran {
        let words = self.words(arguments);
        let words: Vec<&str> = before.iter().copied().chain(words.iter().map(String::as_str)).collect();
        self.lab.run(&words)
    }

    /// The command line that runs envdoctor with the house's rules alone.
    pub(crate) fn words(&self, arguments: &[&str]) -> Vec<String> {
        let own = [self.lab.inside("envdoctor"), "--without-built-in".to_owned(), "--rules".to_owned()];
        let rules = self.lab.inside("rules");
        own.into_iter().chain([rules]).chain(arguments.iter().map(|&word| word.to_owned())).collect()
    }

    /// Writes the log, of these complaints, one a line.
    pub(crate) fn complain(&self, complaints: &[&str]) {
        let text: String = complaints.iter().map(|complaint| format!("gizmo: {complaint}\n")).collect();
        fs::write(&self.log, text).unwrap();
    }

    /// Lets the project's build complain of each of these for as long as the test beside it (of a shell) holds, and runs
    /// it, so that `fix` is about it.
    pub(crate) fn build_fails(&self, complaints: &[(&str, &str)]) {
        let lines: String = complaints
            .iter()
            .map(|(complaint, holds)| format!("if {holds}; then echo 'gizmo: {complaint}'; failed=1; fi\n"))
            .collect();
        self.lab.write("build", &format!("{lines}exit ${{failed:-0}}\n"));
        self.doctor(&["run", "--", "sh", "./build"]).exits(1);
    }

    /// Keeps the state in a folder elsewhere from now on.
    pub(crate) fn keep_state_in(&mut self, folder: &Path) {
        self.lab.set("XDG_STATE_HOME", folder.to_str().unwrap());
        self.state = folder.join("envdoctor");
    }

    /// The project and the home, without what envdoctor keeps for itself, and Git's objects: it takes none back.
    pub(crate) fn look(&self) -> Tree {
        let except = ["home/.local/state/envdoctor", "home/.cache/envdoctor", "project/.git/objects"];
        Tree::of(&self.lab.path(""), &["project", "home"], &except)
    }

    /// Everything is as it was at another moment.
    #[track_caller]
    pub(crate) fn must_be(&self, before: &Tree, what: &str) {
        let differences = before.differences(&self.look());
        assert!(differences.is_empty(), "{what}:\n{}", differences.join("\n"));
    }

    /// The same, but that all is gone below one folder.
    #[track_caller]
    pub(crate) fn must_be_without(&self, before: &Tree, folder: &str) {
        let differences = before.differences(&self.look());
        let others: Vec<&String> = differences
            .iter()
            .filter(|line| !line.starts_with(folder) || !line.ends_with("is gone"))
            .collect();
        assert!(others.is_empty() && !differences.is_empty(), "{differences:#?}");
    }

    /// The folders of the fixes, the first first.
    pub(crate) fn fixes(&self) -> Vec<String> {
        let Ok(folders) = fs::read_dir(self.state.join("fixes")) else { return Vec::new() };
        let mut names: Vec<String> =
            folders.map(|folder| folder.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The last journal.
    pub(crate) fn journal(&self) -> String {
        let last = self.fixes().pop().unwrap();
        fs::read_to_string(self.state.join("fixes").join(last).join("journal.jsonl")).unwrap()
    }

    pub(crate) fn exists(&self, file: &str) -> bool {
        self.lab.project().join(file).symlink_metadata().is_ok()
    }

    pub(crate) fn link(&self, target: &str, link: &str) {
        symlink(target, self.lab.project().join(link)).unwrap();
    }

    pub(crate) fn chmod(&self, file: &str, mode: u32) {
        chmod(&self.lab.project().join(file), mode);
    }
}

pub(crate) fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
}
