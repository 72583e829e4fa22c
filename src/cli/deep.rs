//! Asking the tools themselves about a trusted project, whose code they then run.

use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::context::Context;
use super::{Failure, diagnose};
use crate::facts::Reading;
use crate::machine::{Live, Machine};
use crate::plan::command_line;
use crate::probes::Observer;
use crate::report::{Report, Unknown};
use crate::scan::Scanner;
use crate::state::Pinned;

/// So often it is looked whether they have answered.
const LOOK: Duration = Duration::from_millis(20);

/// A tool that is asked in the project's folder.
pub(super) struct Ask {
    /// What is asked, in a few words.
    pub(super) what: &'static str,
    /// The command.
    pub(super) argv: Vec<String>,
}

/// What would be asked about this project.
pub(super) fn asks(context: &Context) -> Vec<Ask> {
    let machine = &*context.machine;
    let stands = |name: &str| machine.exists(&context.project.join(name));
    let installed = |name: &str| machine.which(name).present().is_some();
    let mut asks = Vec::new();
    let mut ask = |what, argv: &[&str]| {
        asks.push(Ask { what, argv: argv.iter().map(|&word| word.to_owned()).collect() });
    };
    if stands("flake.nix")
        && installed("nix")
        && let Some(system) = system(machine)
    {
        let shell = format!(".#devShells.{system}.default.drvPath");
        let features = ["--extra-experimental-features", "nix-command flakes"];
        ask(
            "does the flake's shell evaluate",
            &["nix", features[0], features[1], "eval", "--no-write-lock-file", "--raw", &shell],
        );
    } else if stands("shell.nix") && installed("nix-instantiate") {
        ask(
            "does shell.nix evaluate",
            &["nix-instantiate", "--eval", "--strict", "-A", "drvPath", "shell.nix"],
        );
    }
    if stands("mix.exs") && installed("mix") {
        ask("are Mix's dependencies in order", &["mix", "deps.loadpaths", "--no-compile"]);
    }
    asks
}

/// What Nix calls this machine, such as `x86_64-linux`.
fn system(machine: &dyn Machine) -> Option<String> {
    let host = machine.host().present()?;
    let family = if host.family == "macos" { "darwin" } else { "linux" };
    Some(format!("{}-{family}", host.arch))
}

/// Refuses a project that is not trusted as it is now.
pub(super) fn require_trust(context: &Context) -> Result<(), Failure> {
    let trusted = context.state()?.trusted(&*context.machine, &context.project);
    let Some(trusted) = trusted else {
        return Err(Failure(
            "--deep runs the project's own code, and this project is not trusted: `envdoctor trust` shows what would run"
                .to_owned(),
        ));
    };
    let now = Pinned::now(&*context.machine, &context.project).map_err(Failure)?;
    match now.changed_since(&trusted).as_slice() {
        [] => Ok(()),
        changed => Err(Failure(format!(
            "--deep runs the project's own code, and that has changed since it was trusted ({}): look at it, then \
             `envdoctor trust` again",
            changed.join(", ")
        ))),
    }
}

/// Asks the tools, all at once, and adds what they say to the report of the facts.
pub(super) fn examine(context: &Context, mut whole: Report, deadline: Duration) -> Report {
    let machine: Arc<dyn Machine> = Arc::new(Live::new(deadline));
    let asked: Vec<_> = asks(context)
        .into_iter()
        .map(|ask| {
            let (machine, folder) = (Arc::clone(&machine), context.project.clone());
            let argv = ask.argv.clone();
            (ask, thread::spawn(move || run(&*machine, &folder, &argv)))
        })
        .collect();
    let unfinished = || asked.iter().filter(|(_, running)| !running.is_finished());
    while unfinished().next().is_some() {
        let commands: Vec<String> = unfinished().map(|(ask, _)| command_line(&ask.argv)).collect();
        if context.progress.waiting(&commands).is_break() {
            machine.stop();
            break;
        }
        thread::sleep(LOOK);
    }
    context.progress.done();
    for (ask, running) in asked {
        let command = ask.argv.join(" ");
        match running.join().unwrap_or_else(|_| Reading::failed("the question itself failed")) {
            Reading::Present(()) => {}
            Reading::Failed { code: Some(_), stderr } => add(context, &mut whole, &stderr, &command),
            other => whole.unknown.push(Unknown {
                rule: "deep".to_owned(),
                requirement: None,
                title: ask.what.to_owned(),
                fact: format!("`{command}`"),
                why: other.why_unknown().unwrap_or_else(|| "the program is not there".to_owned()),
                source: command,
                took: deadline,
                baseline: false,
            }),
        }
    }
    whole.summary.took_ms = context.took_ms();
    whole
}

fn run(machine: &dyn Machine, folder: &Path, argv: &[String]) -> Reading<()> {
    machine.run_in(folder, argv).map(|_| ())
}

/// Adds what a tool that failed said. What it says itself counts for more than the facts that let it be expected.
fn add(context: &Context, whole: &mut Report, output: &str, command: &str) {
    let mut scanner = Scanner::new(&context.rules);
    scanner.feed(output.as_bytes());
    let said = diagnose::report(context, scanner.finish(), command, true);
    whole.diagnoses.retain(|known| said.diagnoses.iter().all(|entry| entry.rule != known.rule));
    whole.diagnoses.extend(said.diagnoses);
    whole.set_aside.extend(said.set_aside);
    whole.unrecognised.extend(said.unrecognised);
}
