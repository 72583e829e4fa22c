//! The folders on PATH, and the programs that others hide there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::super::{Context, Probe, tools};
use crate::facts::{Facts, Reading, Value};

pub(super) const PROBE: Probe = Probe {
    name: "PATH",
    yields: &["path.entries", "path.missing", "path.duplicates", "path.shadowed", "tool.*.shadowed"],
    usual: &tools::NAMES,
    apart: false,
    run,
};

/// The programs that a project with such a file asks for, each with the name by which envdoctor knows its version.
const ASKED_FOR: &[(&str, &[&str])] = &[
    ("mix.exs", &["elixir", "mix", "erl"]),
    ("package.json", &["node"]),
    ("pyproject.toml", &["python3"]),
    ("requirements.txt", &["python3"]),
];

const STORE: &str = "/nix/store";

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let entries =
        context.machine().env("PATH").map(|path| path.split(':').map(str::to_owned).collect::<Vec<_>>());
    let mut add = |name: &str, list: &dyn Fn(&[String]) -> Vec<String>| {
        if context.wants(name) {
            facts.add(name, entries.clone().map(|entries| Value::List(list(&entries))), "PATH");
        }
    };
    add("path.entries", &|entries| entries.to_vec());
    add("path.missing", &|entries| {
        let absent = |entry: &&String| {
            Path::new(entry).is_absolute()
                && matches!(context.machine().stat(Path::new(entry)), Reading::Absent)
        };
        entries.iter().filter(absent).cloned().collect()
    });
    add("path.duplicates", &|entries| {
        let mut seen = BTreeSet::new();
        let again = entries.iter().filter(|entry| !seen.insert(*entry));
        again.cloned().collect::<BTreeSet<_>>().into_iter().collect()
    });
    add("path.shadowed", &|entries| shadowed(context, entries));
    for tool in context.subjects() {
        add(&format!("tool.{tool}.shadowed"), &|entries| {
            let found = programs(context, entries, tool);
            found.iter().skip(1).map(|path| path.to_string_lossy().into_owned()).collect()
        });
    }
    facts
}

/// The different programs of that name, in PATH's order.
fn programs(context: &Context, entries: &[String], tool: &str) -> Vec<PathBuf> {
    let mut seen = BTreeSet::new();
    let folders = entries.iter().map(Path::new).filter(|folder| folder.is_absolute());
    let programs = folders.map(|folder| folder.join(tool));
    let new = |path: &PathBuf| match context.machine().resolve(path) {
        Reading::Present(real) => seen.insert(real),
        _ => false,
    };
    programs.filter(new).collect()
}

/// Programs that the project asks for, of which another version hides the Nix shell's.
fn shadowed(context: &Context, entries: &[String]) -> Vec<String> {
    if !entries.iter().any(|entry| entry.starts_with(STORE)) {
        return Vec::new();
    }
    let asked: BTreeSet<&str> = ASKED_FOR
        .iter()
        .filter(|(file, _)| context.machine().exists(&context.project.join(file)))
        .flat_map(|(_, tools)| tools.iter().copied())
        .collect();
    asked.into_iter().filter_map(|tool| hides(context, entries, tool)).collect()
}

fn hides(context: &Context, entries: &[String], tool: &str) -> Option<String> {
    let programs = programs(context, entries, tool);
    let (first, others) = programs.split_first()?;
    // What the project itself puts in front, such as a virtual environment, is meant to be there.
    if first.starts_with(STORE) || first.starts_with(&context.project) {
        return None;
    }
    let shells = others.iter().find(|path| path.starts_with(STORE))?;
    let version = |path: &Path| tools::version_in_files(context, tool, path);
    // Behind a version manager's shim stands another program.
    let located = tools::locate(context, tool);
    let behind = if located.path.as_present() == Some(first) { located.program.present() } else { None };
    let (one, other) = (version(behind.as_deref().unwrap_or(first)), version(shells));
    if one.is_some() && one == other {
        return None;
    }
    let shown = |path: &Path, version: Option<String>| {
        let version = version.map(|version| format!(" ({version})")).unwrap_or_default();
        format!("{}{version}", path.display())
    };
    Some(format!("{tool}: {} hides {}", shown(first, one), shown(shells, other)))
}

#[cfg(test)]
mod tests {
    use crate::probes::recorded::ask;

    #[test]
    fn folders_that_are_missing_or_stand_there_twice() {
        let recording =
            "env: {PATH: '/usr/bin:/none:bin:/usr/bin::/opt'}\nfolders: {/usr/bin: [], /opt: []}\n";
        let facts = ["path.entries", "path.missing", "path.duplicates", "path.shadowed"];
        assert_eq!(
            ask(recording, &facts),
            ["/usr/bin, /none, bin, /usr/bin, , /opt", "/none", "/usr/bin", ""]
        );
        assert_eq!(ask("", &facts), ["-"; 4]);
    }

    const SHELL: &str = "/nix/store/0c1pfcs4ncg20vm46jx1dq97v9qr4mnl-elixir-1.17.3";

    fn shadowed(path: &str, files: &[&str]) -> String {
        let files: String = files.iter().map(|file| format!("  {file}: ''\n")).collect();
        let app = "  /usr/lib/elixir/lib/elixir/ebin/elixir.app: '{vsn,\"1.14.0\"}'\n";
        let recording = format!(
            "env: {{PATH: '{path}'}}\nlinks: {{/usr/bin/elixir: /usr/lib/elixir/bin/elixir}}\n\
             files:\n{files}{app}  /usr/lib/elixir/bin/elixir: ''\n  {SHELL}/bin/elixir: ''\n"
        );
        ask(&recording, &["path.shadowed"]).join("")
    }

    #[test]
    fn the_shells_program_should_come_first() {
        let shell_first = format!("{SHELL}/bin:/usr/bin");
        let shell_last = format!("/usr/bin:{SHELL}/bin");
        assert_eq!(
            shadowed(&shell_last, &["/p/mix.exs"]),
            format!("elixir: /usr/bin/elixir (1.14.0) hides {SHELL}/bin/elixir (1.17.3)")
        );
        assert_eq!(shadowed(&shell_first, &["/p/mix.exs"]), "");
        assert_eq!(shadowed(&shell_last, &["/p/README.md"]), "", "the project does not ask for it");
        assert_eq!(shadowed("/usr/bin:/opt", &["/p/mix.exs"]), "");
        let own = format!("/p/bin:{SHELL}/bin");
        assert_eq!(shadowed(&own, &["/p/mix.exs", "/p/bin/elixir"]), "", "the project's own");
        let shims = "/home/user/.asdf/shims";
        let shim = format!("{shims}/elixir");
        assert_eq!(
            shadowed(&format!("{shims}:{SHELL}/bin"), &["/p/mix.exs", &shim]),
            format!("elixir: {shim} hides {SHELL}/bin/elixir (1.17.3)"),
            "no version is set"
        );
        let same = "/home/user/.asdf/installs/elixir/1.17.3/bin";
        let program = format!("{same}/elixir");
        assert_eq!(shadowed(&format!("{same}:{SHELL}/bin"), &["/p/mix.exs", &program]), "");
    }

    #[test]
    fn other_programs_of_the_name_are_named_once() {
        let recording = "env: {PATH: '/a:/b:/c:/d'}\nfiles: {/a/git: '', /b/git: '', /d/git: ''}\nlinks: {/c/git: /b/git}\n";
        assert_eq!(ask(recording, &["tool.git.shadowed"]), ["/b/git, /d/git"]);
        assert_eq!(ask(recording, &["tool.node.shadowed"]), [""]);
    }
}
