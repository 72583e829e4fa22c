//! A version manager with its folders.

use std::path::{Path, PathBuf};

use super::super::super::Context;
use crate::facts::Reading;

/// asdf, or mise, which lays its files out in the same way.
pub(super) struct Manager {
    pub(super) name: &'static str,
    /// Where it keeps its files.
    pub(super) data: PathBuf,
    /// Whether this shell has it, or its shims.
    pub(super) in_use: bool,
}

/// asdf, where there is a trace of it.
pub(super) fn asdf(context: &Context) -> Option<Manager> {
    let data = folder(context, "ASDF_DATA_DIR").or_else(|| Some(context.home()?.join(".asdf")))?;
    manager(context, "asdf", data)
}

/// mise, where there is a trace of it.
pub(super) fn mise(context: &Context) -> Option<Manager> {
    let data = folder(context, "MISE_DATA_DIR").or_else(|| {
        let shared = folder(context, "XDG_DATA_HOME").or_else(|| Some(context.home()?.join(".local/share")));
        Some(shared?.join("mise"))
    })?;
    manager(context, "mise", data)
}

fn manager(context: &Context, name: &'static str, data: PathBuf) -> Option<Manager> {
    let on_path = matches!(context.machine().which(name), Reading::Present(_));
    let mut manager = Manager { name, data, in_use: on_path };
    if !on_path {
        manager.in_use = manager.has_shims_on_path(context) == Reading::Present(true);
    }
    (manager.in_use || context.machine().exists(&manager.data)).then_some(manager)
}

fn folder(context: &Context, variable: &str) -> Option<PathBuf> {
    let path = PathBuf::from(context.machine().env(variable).present()?);
    path.is_absolute().then_some(path)
}

impl Manager {
    pub(super) fn plugins(&self, context: &Context) -> Reading<Vec<String>> {
        names(context, &self.data.join("plugins"))
    }

    /// The versions of all tools, as `elixir 1.17.3-otp-27`.
    pub(super) fn installed(&self, context: &Context) -> Reading<Vec<String>> {
        names(context, &self.data.join("installs")).map(|tools| {
            let versions = |tool: &String| {
                let versions = names(context, &self.data.join("installs").join(tool)).present();
                let tool = tool.clone();
                versions.unwrap_or_default().into_iter().map(move |version| format!("{tool} {version}"))
            };
            tools.iter().flat_map(versions).collect()
        })
    }

    /// Whether a version of a tool is installed, as `.tool-versions` names both.
    pub(super) fn has(&self, context: &Context, tool: &str, version: &str) -> bool {
        let installs = self.data.join("installs").join(self.own_name(tool));
        let folder = version.replace("ref:", "ref-");
        if context.machine().exists(&installs.join(&folder)) {
            return true;
        }
        // mise takes the newest version that begins so.
        let begins = |name: &String| {
            name.starts_with(&format!("{version}.")) || name.starts_with(&format!("{version}-"))
        };
        self.name == "mise"
            && names(context, &installs).present().is_some_and(|names| names.iter().any(begins))
    }

    /// Whether a program is one of this manager's, or a shim of it.
    pub(super) fn owns(&self, program: &Path) -> bool {
        ["shims", "installs"].iter().any(|folder| program.starts_with(self.data.join(folder)))
    }

    pub(super) fn has_shims_on_path(&self, context: &Context) -> Reading<bool> {
        let shims = self.data.join("shims");
        context.machine().env("PATH").map(|path| path.split(':').any(|folder| Path::new(folder) == shims))
    }

    fn own_name<'a>(&self, tool: &'a str) -> &'a str {
        match (self.name, tool) {
            ("mise", "nodejs") => "node",
            ("mise", "golang") => "go",
            _ => tool,
        }
    }
}

/// The names in a folder that are not hidden; none where there is no such folder.
fn names(context: &Context, folder: &Path) -> Reading<Vec<String>> {
    match context.machine().list(folder) {
        Reading::Absent => Reading::Present(Vec::new()),
        names => names.map(|names| names.into_iter().filter(|name| !name.starts_with('.')).collect()),
    }
}
