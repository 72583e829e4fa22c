//! What Elixir and which OTP compiled a project's `_build`.

use std::path::Path;

use super::super::super::{Context, tools};
use super::read::{Project, environment, folder};
use crate::facts::{Facts, Reading, Value};
use crate::project::{CompiledBy, compiled_by};

/// What Mix writes beside each application that it compiled.
const MANIFEST: &str = ".mix/compile.elixir_scm";
/// No such manifest is as large as this.
const LARGEST: u64 = 1024 * 1024;

pub(super) fn add(facts: &mut Facts, context: &Context, project: &Reading<Project>) {
    // Where the folder is computed, nobody can tell whether there is one.
    let project = match project {
        Reading::Present(project) if project.root.computed_build_path => &Reading::Absent,
        project => project,
    };
    let builds = project.clone().and_then(|project| builds(context, &project));
    let shown = builds.clone().map(|builds| {
        Value::List(builds.iter().map(|build| format!("{} ({})", build.environment, build.by)).collect())
    });
    facts.add("project.mix.builds", shown, "_build");
    if context.wants("project.mix.stale_builds") {
        facts.add("project.mix.stale_builds", builds.and_then(|builds| stale(context, &builds)), "_build");
    }
}

#[derive(Clone)]
struct Build {
    environment: String,
    folder: String,
    by: CompiledBy,
}

fn builds(context: &Context, project: &Project) -> Reading<Vec<Build>> {
    let root = folder(context, "MIX_BUILD_ROOT", project.root.build_path.as_deref(), "_build");
    let shown = root.strip_prefix(&context.project).unwrap_or(&root).to_path_buf();
    context.machine().list(&root).map(|names| {
        let builds = names.into_iter().filter_map(|name| {
            let by = compiled(context, project, &root.join(&name).join("lib"))?;
            Some(Build { folder: shown.join(&name).to_string_lossy().into_owned(), environment: name, by })
        });
        builds.collect()
    })
}

/// What compiled the project's own applications in a build, or any other that is there.
fn compiled(context: &Context, project: &Project, lib: &Path) -> Option<CompiledBy> {
    let machine = context.machine();
    let read = |app: &str| {
        let manifest = machine.read_bytes(&lib.join(app).join(MANIFEST), LARGEST).present()?;
        compiled_by(&manifest)
    };
    project
        .apps
        .iter()
        .find_map(|app| read(app))
        .or_else(|| machine.list(lib).present()?.iter().find_map(|app| read(app)))
}

/// The builds that a task would use now, and that were compiled by something else than what runs.
fn stale(context: &Context, builds: &[Build]) -> Reading<Value> {
    let environment = environment(context);
    let used = |build: &&Build| match &environment {
        Some(environment) => build.environment == *environment,
        None => matches!(build.environment.as_str(), "dev" | "test"),
    };
    let used: Vec<&Build> = builds.iter().filter(used).collect();
    if used.is_empty() {
        return Reading::Present(Value::List(Vec::new()));
    }
    let version = |tool: &str| tools::path_and_version(context, tool).1.map(|version| version.to_string());
    version("elixir").and_then(|elixir| {
        version("erl").map(|otp| {
            let otp = otp.split('.').next().unwrap_or_default();
            let other = |build: &&&Build| build.by.elixir != elixir || build.by.otp != otp;
            Value::List(used.iter().filter(other).map(|build| build.folder.clone()).collect())
        })
    })
}
