//! A tool's version: from a file that holds it, and only else by starting the tool.

use std::path::{Path, PathBuf};

use super::super::gpu::environment_version;
use super::super::{Context, project};
use super::beam::{self, Found};
use super::{Answer, Executable, TOOLS, Tool, debian, headers, install_path, npm, output};
use crate::facts::{Reading, Value};

pub(super) fn version(context: &Context, tool: &Tool, located: &Executable) -> Answer {
    let (program, real) = match (&located.program, &located.real) {
        (Reading::Present(program), Reading::Present(real)) => (program, real),
        (Reading::Present(_), real) => {
            return Answer::new(real.clone().and_then(|_| Reading::Absent), located.source.clone());
        }
        (program, _) => {
            return Answer::new(program.clone().and_then(|_| Reading::Absent), located.source.clone());
        }
    };
    let found = recorded(context, tool, program, real);
    match found {
        Some((version, file)) => Answer::new(Reading::Present(version.into()), file.to_string_lossy()),
        None if of_the_project(context, real) => {
            let why = format!("{} stands in the project, whose programs are not started", program.display());
            Answer::new(Reading::failed(why), real.to_string_lossy())
        }
        None if tool.may_run && !is_stub(context, program) => ask(context, program),
        None => {
            let why = format!("no file beside {} tells its version", real.display());
            Answer::new(Reading::failed(why), real.to_string_lossy())
        }
    }
}

/// A program's version, where a file tells it.
pub(in crate::probes) fn version_in_files(context: &Context, tool: &str, program: &Path) -> Option<String> {
    let tool = TOOLS.iter().find(|known| known.name == tool)?;
    let real = context.machine().resolve(program).present()?;
    Some(recorded(context, tool, program, &real)?.0)
}

fn recorded(context: &Context, tool: &Tool, program: &Path, real: &Path) -> Option<Found> {
    // The path of npm tells the version of the Node.js that brought it.
    (tool.name != "npm")
        .then(|| install_path::version(real, tool.plugins))
        .flatten()
        .map(|version| (version, real.to_owned()))
        .or_else(|| in_a_file(context, tool, program, real))
        .or_else(|| debian::version(context, tool, real))
}

fn in_a_file(context: &Context, tool: &Tool, program: &Path, real: &Path) -> Option<Found> {
    let root = real.parent()?.parent()?;
    let machine = context.machine();
    let read = |file: PathBuf, parse: fn(&str) -> Option<String>| {
        Some((parse(&machine.read(&file).present()?)?, file))
    };
    match tool.name {
        "elixir" | "mix" => beam::elixir_application(context, real, tool.name),
        "erl" => beam::otp(context, real),
        "npm" => npm::version(context, real),
        "node" => read(root.join("include/node/node_version.h"), headers::node),
        "python3" => {
            let environment = program.parent()?.parent()?.join("pyvenv.cfg");
            let minor = real.file_name()?.to_str()?;
            read(environment, environment_version)
                .or_else(|| read(root.join("include").join(minor).join("patchlevel.h"), headers::python))
        }
        _ => None,
    }
}

/// Whether a program is a part of the project, and so somebody else's code.
fn of_the_project(context: &Context, real: &Path) -> bool {
    let project = context.machine().resolve(&context.project).present();
    let is_project = || {
        project::FILES
            .iter()
            .chain(&[".git"])
            .any(|name| context.machine().exists(&context.project.join(name)))
    };
    project.is_some_and(|project| real.starts_with(project)) && is_project()
}

/// Whether a program is one of those that offer to install Apple's developer tools in place of running them.
fn is_stub(context: &Context, program: &Path) -> bool {
    let machine = context.machine();
    let macos = || machine.host().present().is_some_and(|host| host.family == "macos");
    program.parent() == Some(Path::new("/usr/bin"))
        && macos()
        && !["/Library/Developer/CommandLineTools/usr/bin", "/Applications/Xcode.app"]
            .iter()
            .any(|folder| machine.exists(Path::new(folder)))
}

fn ask(context: &Context, program: &Path) -> Answer {
    let program = program.to_string_lossy();
    let reading =
        context.machine().run(&[&program, "--version"]).and_then(|text| match output::version(&text) {
            Some(version) => Reading::Present(Value::from(version)),
            None => Reading::failed(format!(
                "no version in what it printed: {}",
                text.lines().next().unwrap_or("")
            )),
        });
    Answer::new(reading, format!("{program} --version"))
}

#[cfg(test)]
mod tests {
    use crate::facts::Reading;
    use crate::probes::recorded::facts;

    fn version(files: &str) -> Reading<crate::facts::Value> {
        let recording = format!(
            "host: {{family: linux, name: Linux, version: null, arch: x86_64, cpu: x, cpus: 1, memory: 1}}\n\
             which: {{git: /p/bin/git}}\nfiles: {{/p/bin/git: ''{files}}}\nruns: [{{argv: [/p/bin/git, --version], stdout: git version 2.50.1}}]\n"
        );
        facts(&recording, ["tool.git.version"]).get("tool.git.version").unwrap().reading.clone()
    }

    #[test]
    fn a_program_of_the_project_is_not_started() {
        assert_eq!(version(""), Reading::Present("2.50.1".into()));
        let why = version(", /p/mix.exs: ''").why_unknown().unwrap();
        assert!(why.contains("whose programs are not started"), "{why}");
    }
}
