//! The shims of asdf, mise and pyenv: which installed program they would run for the project.

use std::path::{Path, PathBuf};

use super::super::Context;
use super::TOOLS;
use crate::facts::Reading;
use crate::project::{FormatError, Located, ToolVersion, parse_mise_toml, parse_tool_versions};

/// Where mise looks in each folder, the file that decides first.
const MISE_FILES: &[&str] = &[
    "mise.local.toml",
    "mise.toml",
    ".mise.local.toml",
    ".mise.toml",
    "mise/config.toml",
    ".mise/config.toml",
    ".config/mise/config.toml",
    ".tool-versions",
];

/// Whether a program stands in a version manager's folder of shims.
pub(super) fn is_one(path: &Path) -> bool {
    path.parent().and_then(Path::file_name).is_some_and(|name| name == "shims")
}

/// The program behind a shim, and the file or variable that chose its version.
pub(super) fn follow(context: &Context, tool: &str, shim: &Path) -> (Reading<PathBuf>, String) {
    let shims = shim.parent().unwrap_or(shim);
    let home = shims.parent().unwrap_or(shims);
    let manager = if home.file_name().is_some_and(|name| name == "mise") {
        Manager::Mise { plugins: plugins(tool) }
    } else if context.machine().exists(&home.join("installs")) {
        Manager::Asdf { plugins: plugins(tool) }
    } else {
        Manager::Pyenv
    };
    let Some(choice) = manager.choice(context, home) else {
        let why = format!("{} is a shim, and no file sets a version for it", shim.display());
        return (Reading::failed(why), shim.to_string_lossy().into_owned());
    };
    for version in &choice.versions {
        if version == "system" {
            return (beside(context, tool, shims), choice.source);
        }
        for folder in manager.folders(home, version) {
            for below in ["bin", ""] {
                let program = folder.join(below).join(tool);
                if context.machine().exists(&program) {
                    return (Reading::Present(program), choice.source);
                }
            }
        }
    }
    let why =
        format!("{} asks for {tool} {}, which is not installed", choice.source, choice.versions.join(" "));
    (Reading::failed(why), choice.source)
}

enum Manager {
    Asdf {
        plugins: Vec<&'static str>,
    },
    /// mise, which lays its installations out as asdf does.
    Mise {
        plugins: Vec<&'static str>,
    },
    /// pyenv, or one of its relatives.
    Pyenv,
}

struct Choice {
    versions: Vec<String>,
    source: String,
}

impl Manager {
    fn choice(&self, context: &Context, home: &Path) -> Option<Choice> {
        let machine = context.machine();
        let variable = |name: String| {
            let versions = words(&machine.env(&name).present()?);
            Some(Choice { versions, source: name }).filter(|choice| !choice.versions.is_empty())
        };
        let file = |path: PathBuf, parse: &dyn Fn(&str) -> Vec<String>| {
            let versions = parse(&machine.read(&path).present()?);
            let source = path.to_string_lossy().into_owned();
            Some(Choice { versions, source }).filter(|choice| !choice.versions.is_empty())
        };
        match self {
            Manager::Asdf { plugins } => {
                let parse = |text: &str| of_plugins(parse_tool_versions(text), plugins);
                let folders = context.upward().map(Path::to_owned).chain(context.home());
                chosen_by_variable("ASDF", plugins)
                    .find_map(variable)
                    .or_else(|| folders.map(|it| it.join(".tool-versions")).find_map(|it| file(it, &parse)))
            }
            Manager::Mise { plugins } => {
                let read = |path: PathBuf| match path.extension().is_some_and(|it| it == "toml") {
                    true => file(path, &|text| of_plugins(parse_mise_toml(text), plugins)),
                    false => file(path, &|text| of_plugins(parse_tool_versions(text), plugins)),
                };
                let folders = context.upward().map(Path::to_owned).chain(context.home());
                let mut files =
                    folders.flat_map(|folder| MISE_FILES.iter().map(move |name| folder.join(name)));
                chosen_by_variable("MISE", plugins).find_map(variable).or_else(|| files.find_map(read))
            }
            Manager::Pyenv => variable("PYENV_VERSION".to_owned())
                .or_else(|| context.upward().find_map(|it| file(it.join(".python-version"), &words)))
                .or_else(|| file(home.join("version"), &words)),
        }
    }

    fn folders(&self, home: &Path, version: &str) -> Vec<PathBuf> {
        // A version is one folder's name: nothing that leads elsewhere.
        if version.contains('/') || version.starts_with('.') {
            return Vec::new();
        }
        match self {
            Manager::Asdf { plugins } | Manager::Mise { plugins } => {
                let version = version.strip_prefix("prefix:").unwrap_or(version);
                plugins.iter().map(|plugin| home.join("installs").join(plugin).join(version)).collect()
            }
            Manager::Pyenv => vec![home.join("versions").join(version)],
        }
    }
}

/// The variables that set a version, such as `ASDF_ELIXIR_VERSION`.
fn chosen_by_variable(manager: &str, plugins: &[&str]) -> impl Iterator<Item = String> {
    plugins.iter().map(move |plugin| format!("{manager}_{}_VERSION", plugin.to_uppercase()))
}

/// The versions that a file gives a tool, the preferred one first. What cannot be read sets none.
fn of_plugins(file: Result<Vec<Located<ToolVersion>>, FormatError>, plugins: &[&str]) -> Vec<String> {
    let is_it = |tool: &str| plugins.contains(&tool.strip_prefix("core:").unwrap_or(tool));
    let found = file.unwrap_or_default().into_iter().map(|it| it.value);
    found.filter(|it| is_it(&it.tool)).map(|it| it.version).collect()
}

fn plugins(tool: &str) -> Vec<&'static str> {
    TOOLS.iter().find(|known| known.name == tool).map(|known| known.plugins.to_vec()).unwrap_or_default()
}

/// The program that stands on PATH behind the shims.
fn beside(context: &Context, tool: &str, shims: &Path) -> Reading<PathBuf> {
    context.machine().env("PATH").and_then(|path| {
        let mut programs = path
            .split(':')
            .map(Path::new)
            .filter(|folder| folder.is_absolute() && *folder != shims)
            .map(|folder| folder.join(tool));
        programs.find(|program| context.machine().exists(program)).into()
    })
}

fn words(text: &str) -> Vec<String> {
    text.lines()
        .map(|line| line.split('#').next().unwrap_or_default())
        .flat_map(|line| line.split([':', ' ', '\t', '\r']))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probes::recorded;

    fn behind(tool: &str, shim: &str, recording: &str) -> (Reading<PathBuf>, String) {
        let text = format!("project: /home/user/app\notherwise: absent\n{recording}");
        follow(&recorded::context(&text), tool, Path::new(shim))
    }

    const ASDF: &str = "\n  /home/user/.asdf/installs/elixir/1.17.3-otp-27/bin/mix: ''\n  \
                        /home/user/.asdf/installs/elixir/1.16.0/bin/mix: ''\n  \
                        /home/user/.asdf/shims/mix: ''\n";

    #[test]
    fn the_nearest_file_that_names_the_tool_decides() {
        let shim = "/home/user/.asdf/shims/mix";
        let program = |version: &str| {
            Reading::Present(PathBuf::from(format!("/home/user/.asdf/installs/elixir/{version}/bin/mix")))
        };
        let home = "  /home/user/.tool-versions: |\n    elixir 1.16.0\n";
        let project = "  /home/user/app/.tool-versions: |\n    # comment\n    erlang 27.0\n    elixir 1.17.3-otp-27 # x\n";
        let other = "  /home/user/app/.tool-versions: erlang 27.0\n";
        let nearest = behind("mix", shim, &format!("files:{ASDF}{home}{project}"));
        assert_eq!(nearest, (program("1.17.3-otp-27"), "/home/user/app/.tool-versions".into()));
        assert_eq!(behind("mix", shim, &format!("files:{ASDF}{home}{other}")).0, program("1.16.0"));
        let set = behind(
            "mix",
            shim,
            &format!("env: {{ASDF_ELIXIR_VERSION: 1.16.0, HOME: /home/user}}\nfiles:{ASDF}{project}"),
        );
        assert_eq!(set, (program("1.16.0"), "ASDF_ELIXIR_VERSION".into()));
    }

    #[test]
    fn mise_reads_its_own_files_as_well() {
        let shim = "/home/user/.local/share/mise/shims/mix";
        let installs = "/home/user/.local/share/mise/installs/elixir";
        let text = |files: &str| {
            format!(
                "env: {{HOME: /home/user, ASDF_ELIXIR_VERSION: 1.16.0}}\nfiles:\n  {installs}/1.17/bin/mix: ''\n  \
                 {installs}/1.16.0/bin/mix: ''\n{files}"
            )
        };
        let program =
            |version: &str| Reading::Present(PathBuf::from(format!("{installs}/{version}/bin/mix")));
        let global = "  /home/user/.config/mise/config.toml: \"[tools]\\nelixir = '1.16.0'\"\n";
        let project = "  /home/user/app/mise.toml: \"[tools]\\nelixir = 'prefix:1.17'\"\n";
        let pinned = "  /home/user/app/.tool-versions: elixir 1.16.0\n";
        let (reading, source) = behind("mix", shim, &text(&format!("{global}{project}{pinned}")));
        assert_eq!((reading, source.as_str()), (program("1.17"), "/home/user/app/mise.toml"));
        assert_eq!(behind("mix", shim, &text(global)).0, program("1.16.0"));
        assert_eq!(behind("mix", shim, &text(pinned)).0, program("1.16.0"));
        assert!(behind("mix", shim, &text("")).0.why_unknown().unwrap().contains("no file sets"));
    }

    #[test]
    fn a_version_that_is_not_there_is_no_program() {
        let shim = "/home/user/.asdf/shims/mix";
        let versions =
            |version: &str| format!("files:{ASDF}  /home/user/app/.tool-versions: elixir {version}\n");
        for version in ["1.18.0", "../../../x", "."] {
            let (reading, _) = behind("mix", shim, &versions(version));
            assert!(reading.why_unknown().unwrap().contains("which is not installed"), "{reading:?}");
        }
        assert!(
            behind("mix", shim, &format!("files:{ASDF}")).0.why_unknown().unwrap().contains("no file sets")
        );
    }

    #[test]
    fn system_means_the_next_on_path() {
        let (reading, _) = behind(
            "mix",
            "/home/user/.asdf/shims/mix",
            &format!(
                "env: {{PATH: '/home/user/.asdf/shims:bin:/opt/none:/usr/bin'}}\nfiles:{ASDF}  \
                 /home/user/app/.tool-versions: elixir system\n  /usr/bin/mix: ''\n"
            ),
        );
        assert_eq!(reading, Reading::Present("/usr/bin/mix".into()));
    }

    #[test]
    fn pyenv_takes_the_first_version_that_has_the_program() {
        let (reading, source) = behind(
            "python3",
            "/home/user/.pyenv/shims/python3",
            "files:\n  /home/user/.pyenv/version: \"2.7.18\\n3.11.7\\n\"\n  \
             /home/user/.pyenv/versions/3.11.7/bin/python3: ''\n  \
             /home/user/.pyenv/versions/2.7.18/bin/python2: ''\n",
        );
        assert_eq!(reading, Reading::Present("/home/user/.pyenv/versions/3.11.7/bin/python3".into()));
        assert_eq!(source, "/home/user/.pyenv/version");
    }

    proptest::proptest! {
        #[test]
        fn no_file_is_too_odd(text in r"(elixir|[ \t\r\n#:é]|[0-9.]{1,4})*") {
            assert!(words(&text).iter().all(|word| !word.is_empty()));
        }
    }
}
