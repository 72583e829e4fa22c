//! npm's packages: what package.json names, and what lies in node_modules.

use std::path::Path;

use super::super::{Context, Probe};
use super::{Listed, named};
use crate::facts::{Facts, Place, Reading, Value};
use crate::project::{needs_packages, outdated_packages};

pub(super) const PROBE: Probe = Probe {
    name: "npm's packages",
    yields: &["node.missing_modules", "node.outdated_modules", "node.locked_by_npm"],
    usual: &[],
    apart: false,
    run,
};

/// Where a project of ours keeps its packages: in its folder, or as Phoenix does.
const FOLDERS: &[&str] = &["", "assets"];

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let (mut missing, mut outdated, mut locked) = (Listed::default(), Vec::new(), Vec::new());
    let (mut doubt, mut any) = (None, false);
    for folder in FOLDERS {
        let folder = context.project.join(folder);
        let file = folder.join("package.json");
        let needs = match context.machine().read(&file) {
            Reading::Present(text) => match needs_packages(&text) {
                Ok(needs) => needs.then_some(text),
                Err(why) => {
                    doubt = Some(Reading::failed(format!("{}: {why}", named(context, &file))));
                    continue;
                }
            },
            Reading::Absent => continue,
            other => {
                doubt = Some(other.and_then(|_| Reading::Absent));
                continue;
            }
        };
        any = true;
        let Some(text) = needs else { continue };
        let name = match named(context, &folder) {
            name if name.is_empty() => ".".to_owned(),
            name => name,
        };
        if context.machine().exists(&folder.join("package-lock.json")) {
            locked.push(name.clone());
        }
        match modules(context, &folder) {
            Some(installed) => outdated.extend(drift(context, &folder, &installed)),
            None => {
                let at = text.find("ependencies\"").map_or(0, |at| at.saturating_sub(1));
                missing.push(name, Place::at(named(context, &file), &text, at));
            }
        }
    }
    match doubt {
        Some(doubt) => PROBE.yields.iter().for_each(|name| facts.add(*name, doubt.clone(), "package.json")),
        None if any => {
            missing.add_to(&mut facts, "node.missing_modules", "package.json, node_modules");
            let outdated = Reading::Present(Value::List(outdated));
            facts.add(
                "node.outdated_modules",
                outdated,
                "package-lock.json, node_modules/.package-lock.json",
            );
            facts.add("node.locked_by_npm", Reading::Present(Value::List(locked)), "package-lock.json");
        }
        None => {}
    }
    facts
}

/// Where the packages of a folder lie: Node also looks in the folders above it. Yarn's "Plug'n'Play" needs no such folder.
fn modules(context: &Context, folder: &Path) -> Option<std::path::PathBuf> {
    let machine = context.machine();
    folder.ancestors().find_map(|folder| {
        let modules = folder.join("node_modules");
        let is_there = machine.exists(&modules) || machine.exists(&folder.join(".pnp.cjs"));
        is_there.then_some(modules)
    })
}

/// The packages that are not of the lock file's version, if npm put them there.
fn drift(context: &Context, folder: &Path, modules: &Path) -> Vec<String> {
    let read = |file: &Path| context.machine().read(file).present();
    let lock = read(&folder.join("package-lock.json"));
    let installed = read(&modules.join(".package-lock.json"));
    match (lock, installed) {
        (Some(lock), Some(installed)) if modules.parent() == Some(folder) => {
            outdated_packages(&lock, &installed).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{facts, shown};

    const PACKAGE: &str = "\"{\\n  \\\"dependencies\\\": {\\\"topbar\\\": \\\"^3\\\"}\\n}\"";

    #[test]
    fn packages_that_are_there_and_that_are_not() {
        let missing = facts(&format!("files:\n  /p/assets/package.json: {PACKAGE}\n"), "node.");
        assert_eq!(shown(&missing, "node.missing_modules"), "assets @ assets/package.json:2:4");
        let here = facts(&format!("files:\n  /p/package.json: {PACKAGE}\n"), "node.");
        assert_eq!(shown(&here, "node.missing_modules"), ". @ package.json:2:4");
        for there in
            ["/p/assets/node_modules/topbar/index.js", "/p/node_modules/topbar/index.js", "/p/.pnp.cjs"]
        {
            let healthy =
                facts(&format!("files:\n  {there}: ''\n  /p/assets/package.json: {PACKAGE}\n"), "node.");
            assert_eq!(shown(&healthy, "node.missing_modules"), "", "{there}");
        }
        let scripts = facts("files: {/p/package.json: '{\"scripts\": {\"x\": \"y\"}}'}\n", "node.");
        assert_eq!(shown(&scripts, "node.missing_modules"), "");
        assert_eq!(shown(&facts("", "node."), "node.missing_modules"), "-");
        let broken = facts("files: {/p/package.json: '{'}\n", "node.");
        assert!(shown(&broken, "node.missing_modules").starts_with("? package.json: "));
    }

    #[test]
    fn packages_of_another_version_than_the_lock_files() {
        let lock = |version: &str| {
            format!("'{{\"packages\": {{\"node_modules/topbar\": {{\"version\": \"{version}\"}}}}}}'")
        };
        let files = |there: &str| {
            format!(
                "files:\n  /p/package.json: {PACKAGE}\n  /p/package-lock.json: {}\n  /p/node_modules/.package-lock.json: {}\n",
                lock("3.0.0"),
                lock(there)
            )
        };
        let healthy = facts(&files("3.0.0"), "node.");
        assert_eq!(shown(&healthy, "node.outdated_modules"), "");
        assert_eq!(shown(&healthy, "node.locked_by_npm"), ".");
        assert_eq!(
            shown(&facts(&files("2.0.0"), "node."), "node.outdated_modules"),
            "topbar 2.0.0 (the lock file has 3.0.0)"
        );
    }
}
