//! A tool's version: from a file that holds it, and only else by starting the tool.

use std::path::{Path, PathBuf};

use super::super::Context;
use super::super::python::environment_version;
use super::beam::{self, Found};
use super::{Answer, Located, Tool, debian, headers, install_path, output};
use crate::facts::{Reading, Value};

pub(super) fn version(context: &Context, tool: &Tool, located: &Located) -> Answer {
    let (program, real) = match (&located.program, &located.real) {
        (Reading::Present(program), Reading::Present(real)) => (program, real),
        (Reading::Present(_), real) => {
            return Answer::new(real.clone().and_then(|_| Reading::Absent), located.source.clone());
        }
        (program, _) => {
            return Answer::new(program.clone().and_then(|_| Reading::Absent), located.source.clone());
        }
    };
    let found = install_path::version(real, tool.plugins)
        .map(|version| (version, real.clone()))
        .or_else(|| in_a_file(context, tool, program, real))
        .or_else(|| debian::version(context, tool, real));
    match found {
        Some((version, file)) => Answer::new(Reading::Present(version.into()), file.to_string_lossy()),
        None if tool.may_run && !is_stub(context, program) => ask(context, program),
        None => {
            let why = format!("no file beside {} tells its version", real.display());
            Answer::new(Reading::failed(why), real.to_string_lossy())
        }
    }
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
