//! Virtual environments whose Python is gone.

use std::path::{Path, PathBuf};

use crate::facts::{Facts, Place, Reading, Value};
use crate::probes::{Context, Probe};

pub(in crate::probes) const PROBE: Probe = Probe {
    name: "virtual environments",
    yields: &["python.broken_environments"],
    usual: &[],
    apart: false,
    run,
};

/// What such a folder in a project is called.
const NAMES: [&str; 3] = [".venv", "venv", "env"];

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let active = context.machine().env("VIRTUAL_ENV").present().map(PathBuf::from);
    let mut folders: Vec<_> = NAMES.iter().map(|name| context.project.join(name)).collect();
    folders.extend(active.filter(|folder| folder.is_absolute()));
    folders.dedup();
    let (mut broken, mut places, mut unknown) = (Vec::new(), Vec::new(), None);
    for (number, folder) in folders.iter().enumerate() {
        if folders[..number].contains(folder) {
            continue;
        }
        let name = folder.strip_prefix(&context.project).unwrap_or(folder).to_string_lossy().into_owned();
        match interpreter_gone(context, folder) {
            Reading::Present(Some(text)) => {
                let home = text.lines().position(|line| line.trim_start().starts_with("home"));
                let offset = text.split_inclusive('\n').take(home.unwrap_or(0)).map(str::len).sum();
                places.push(Place::at(format!("{name}/pyvenv.cfg"), &text, offset));
                broken.push(name);
            }
            Reading::Present(None) | Reading::Absent => {}
            other => unknown = Some(other.map(|_| Value::List(Vec::new()))),
        }
    }
    let reading = match unknown {
        Some(unknown) if broken.is_empty() => unknown,
        _ => Reading::Present(Value::List(broken)),
    };
    facts.add_at("python.broken_environments", reading, "pyvenv.cfg, bin/python", places);
    facts
}

/// The description of an environment with a link to a Python that is not there any more.
fn interpreter_gone(context: &Context, folder: &Path) -> Reading<Option<String>> {
    let machine = context.machine();
    machine.read(&folder.join("pyvenv.cfg")).and_then(|text| {
        let programs = match machine.list(&folder.join("bin")) {
            Reading::Present(names) => names,
            // Made on Windows, or half removed.
            Reading::Absent => return Reading::Present(None),
            other => return other.map(|_| None),
        };
        let pythons = programs.iter().filter(|name| *name == "python" || *name == "python3");
        let mut gone = false;
        for python in pythons {
            match machine.resolve(&folder.join("bin").join(python)) {
                Reading::Present(_) => return Reading::Present(None),
                Reading::Absent => gone = true,
                other => return other.map(|_| None),
            }
        }
        Reading::Present(gone.then_some(text))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probes::gpu::tests::{facts, shown};

    const DESCRIBED: &str = "files: {/p/.venv/pyvenv.cfg: \"version = 3.11.7\\nhome = /opt/py/bin\\n\"}\n";
    const PROGRAMS: &str = "folders: {/p/.venv/bin: [activate, pip, python, python3]}\n";

    #[test]
    fn a_python_that_is_gone() {
        let gone = "links: {/p/.venv/bin/python3: null, /p/.venv/bin/python: null}\n";
        let facts = facts(&PROBE, &format!("{DESCRIBED}{PROGRAMS}{gone}env: {{VIRTUAL_ENV: /p/.venv}}"));
        assert_eq!(shown(&facts, "python.broken_environments"), ".venv");
        let places = &facts.get("python.broken_environments").unwrap().places;
        assert_eq!(places.iter().map(Place::to_string).collect::<Vec<_>>(), [".venv/pyvenv.cfg:2:1"]);
        assert_eq!(places[0].excerpt, "home = /opt/py/bin");
    }

    #[test]
    fn one_that_is_there_and_folders_that_are_no_environments() {
        let there = "links: {/p/.venv/bin/python3: /opt/py/bin/python3.11, /p/.venv/bin/python: null}\n";
        for quiet in [
            format!("{DESCRIBED}{PROGRAMS}{there}"),
            DESCRIBED.to_owned(),
            format!("{PROGRAMS}links: {{/p/.venv/bin/python: null}}"),
        ] {
            assert_eq!(shown(&facts(&PROBE, &quiet), "python.broken_environments"), "", "{quiet}");
        }
    }

    #[test]
    fn what_cannot_be_looked_at_is_unknown() {
        let denied = "unknown: [{question: !read /p/.venv/pyvenv.cfg, reading: denied}]";
        assert_eq!(shown(&facts(&PROBE, denied), "python.broken_environments"), "? permission denied");
    }
}
