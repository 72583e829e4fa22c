//! What `.tool-versions` names, and whether it is there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::super::super::Context;
use super::manager::Manager;
use crate::facts::{Facts, Place, Reading, Value};
use crate::project::{Located, ToolVersion, parse_tool_versions};

/// The program that tells of a tool whether it runs.
const PROGRAMS: &[(&str, &str)] =
    &[("elixir", "elixir"), ("erlang", "erl"), ("nodejs", "node"), ("python", "python3")];

/// The nearest `.tool-versions`.
#[derive(Clone)]
pub(super) struct Asked {
    /// By tool, its versions in the order of preference.
    tools: BTreeMap<String, Vec<Located<ToolVersion>>>,
    file: String,
    text: String,
}

impl Asked {
    pub(super) fn of(context: &Context) -> Reading<Asked> {
        let home = context.home();
        let below_home = context.upward().take_while(|folder| home.as_deref() != Some(*folder));
        for file in below_home.map(|folder| folder.join(".tool-versions")) {
            match context.machine().read(&file) {
                Reading::Absent => {}
                text => return text.and_then(|text| Asked::parse(context, &file, text)),
            }
        }
        Reading::Absent
    }

    fn parse(context: &Context, file: &Path, text: String) -> Reading<Asked> {
        let file = file.strip_prefix(&context.project).unwrap_or(file).to_string_lossy().into_owned();
        match parse_tool_versions(&text) {
            Ok(versions) => {
                let mut tools: BTreeMap<String, Vec<Located<ToolVersion>>> = BTreeMap::new();
                for version in versions {
                    tools.entry(version.value.tool.clone()).or_default().push(version);
                }
                Reading::Present(Asked { tools, file, text })
            }
            Err(error) => Reading::failed(format!("{file}: {error}")),
        }
    }

    fn place(&self, version: &Located<ToolVersion>) -> Place {
        Place::at(self.file.as_str(), &self.text, version.offset)
    }

    /// The tools whose versions this file decides: a variable goes before it.
    fn decided<'a>(
        &'a self,
        context: &'a Context,
    ) -> impl Iterator<Item = (&'a str, &'a [Located<ToolVersion>])> {
        let tools = self.tools.iter().map(|(tool, versions)| (tool.as_str(), versions.as_slice()));
        tools.filter(|(tool, _)| {
            let name = tool.to_uppercase().replace('-', "_");
            let set = |prefix: &str| context.machine().env(&format!("{prefix}_{name}_VERSION")).present();
            // What another package manager installs for mise, such as `npm:prettier`, lies in folders of other names.
            !tool.contains(':') && set("ASDF").or_else(|| set("MISE")).is_none()
        })
    }
}

pub(super) fn add(facts: &mut Facts, context: &Context, managers: &[Manager], asked: &Reading<Asked>) {
    let mut put = |name: &str, find: &dyn Fn(&Asked) -> Vec<(String, Place)>| {
        let found = asked.clone().map(|asked| find(&asked));
        let places = found.as_present().map(|found| found.iter().map(|(_, place)| place.clone()).collect());
        let names = found.map(|found| Value::List(found.into_iter().map(|(name, _)| name).collect()));
        facts.add_at(
            format!("tool_versions.{name}"),
            names,
            ".tool-versions",
            Option::unwrap_or_default(places),
        );
    };
    put("missing_plugins", &|asked| missing_plugins(context, managers, asked));
    put("missing", &|asked| missing(context, managers, asked));
    put("bypassed", &|asked| bypassed(context, managers, asked));
}

/// Only asdf needs a plugin for each tool.
fn missing_plugins(context: &Context, managers: &[Manager], asked: &Asked) -> Vec<(String, Place)> {
    let [asdf] = managers else { return Vec::new() };
    let (true, Reading::Present(plugins)) = (asdf.name == "asdf", asdf.plugins(context)) else {
        return Vec::new();
    };
    let lacking = asked.decided(context).filter(|(tool, _)| !plugins.iter().any(|plugin| plugin == tool));
    lacking.filter_map(|(tool, versions)| Some((tool.to_owned(), asked.place(versions.first()?)))).collect()
}

fn missing(context: &Context, managers: &[Manager], asked: &Asked) -> Vec<(String, Place)> {
    let without_plugin = missing_plugins(context, managers, asked);
    let lacking = asked.decided(context).filter(|(tool, versions)| {
        !without_plugin.iter().any(|(name, _)| name == tool)
            && !versions.iter().any(|version| is_elsewhere(&version.value.version))
            && !versions.iter().any(|it| managers.iter().any(|by| by.has(context, tool, &it.value.version)))
            && !comes_from_elsewhere(context, managers, tool)
    });
    let names = lacking.filter_map(|(tool, versions)| {
        let first = versions.first()?;
        Some((format!("{tool} {}", first.value.version), asked.place(first)))
    });
    names.collect()
}

/// Whether PATH finds a tool that no version manager has a part in, such as a Nix shell's or the system's. Whether that
/// one will do is not for a version manager to say.
fn comes_from_elsewhere(context: &Context, managers: &[Manager], tool: &str) -> bool {
    let program = PROGRAMS.iter().find(|(name, _)| *name == tool);
    let found = program.and_then(|(_, program)| context.machine().which(program).present());
    found.is_some_and(|path| !managers.iter().any(|by| by.owns(&path)))
}

/// A version that no version manager installs, or of which only it knows which one it is.
fn is_elsewhere(version: &str) -> bool {
    version == "system"
        || version.starts_with("latest")
        || (version.contains(':') && !version.starts_with("ref:"))
        || version.contains('/')
}

fn bypassed(context: &Context, managers: &[Manager], asked: &Asked) -> Vec<(String, Place)> {
    let mut names = Vec::new();
    for (tool, versions) in asked.decided(context) {
        let Some((_, program)) = PROGRAMS.iter().find(|(name, _)| *name == tool) else { continue };
        let Some(first) = versions.first() else { continue };
        let installed = managers.iter().any(|by| by.has(context, tool, &first.value.version));
        if !installed || versions.iter().any(|version| is_elsewhere(&version.value.version)) {
            continue;
        }
        let found: Option<PathBuf> = context.machine().which(program).present();
        // A shell of Nix brings its own tools on purpose.
        let real = found.as_deref().and_then(|path| context.machine().resolve(path).present());
        if real.is_some_and(|real| real.starts_with("/nix/store")) {
            continue;
        }
        if !found.as_deref().is_some_and(|path| managers.iter().any(|by| by.owns(path))) {
            let found = found.map_or_else(|| "none".to_owned(), |path| path.display().to_string());
            names.push((format!("{tool} (PATH finds {found})"), asked.place(first)));
        }
    }
    names
}
