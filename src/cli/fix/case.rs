//! What is to be repaired, and how to ask again whether it is.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::consent;
use crate::cli::context::Context;
use crate::cli::run::{Ran, diagnose_run, execute};
use crate::cli::{Failure, check, diagnose};
use crate::facts::Risk;
use crate::machine::can_ask;
use crate::report::Report;
use crate::state::LastRun;

/// Where the diagnosis comes from.
pub(super) enum Case {
    /// The last `envdoctor run`, which failed, and the file with its output.
    Run(LastRun, PathBuf),
    /// A log that the person names.
    Log(PathBuf),
    /// The machine itself.
    Check,
}

/// Whether the rules' own question was asked again after a repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// There was no repair yet.
    Before,
    /// It was.
    Again,
    /// It could not be.
    NotAgain,
}

impl Case {
    /// The log that was named, else the last run in this folder if it failed, else the machine.
    pub(super) fn open(context: &Context, log: Option<&Path>) -> Result<Self, Failure> {
        if let Some(log) = log {
            return Ok(Case::Log(log.to_owned()));
        }
        let kept = context.state().ok().and_then(|state| state.kept_run(&*context.machine));
        Ok(match kept {
            Some((run, output)) if run.folder == context.project && run.code != 0 => Case::Run(run, output),
            Some((run, _)) if run.code != 0 => {
                context.tell(&format!(
                    "envdoctor: the last run that failed was in {}: `envdoctor -C` there repairs it. Checking this folder.\n",
                    run.folder.display()
                ));
                Case::Check
            }
            _ => Case::Check,
        })
    }

    pub(super) fn first_report(&self, context: &Context) -> Result<Report, Failure> {
        match self {
            Case::Run(run, output) => {
                let (scan, _) = diagnose::read(context, output)?;
                Ok(diagnose_run(context, Ran { code: run.code, scan }, &words(&run.argv)))
            }
            Case::Log(log) => {
                let (scan, name) = diagnose::read(context, log)?;
                Ok(diagnose::report(context, scan, &name, true))
            }
            Case::Check => Ok(check::examine(context)),
        }
    }

    /// What the plan is about, for a sentence.
    pub(super) fn about(&self) -> String {
        match self {
            Case::Run(run, _) => {
                format!("`{}`, which failed with exit status {}", run.argv.join(" "), run.code)
            }
            Case::Log(log) => log.display().to_string(),
            Case::Check => "a check of this machine and folder".to_owned(),
        }
    }

    /// Asks the rules' question again: runs the command again, or looks at the machine again.
    pub(super) fn ask_again(
        &self,
        context: &Context,
        yes: Option<Risk>,
    ) -> Result<(Option<Report>, Seen), Failure> {
        match self {
            Case::Run(run, _) => {
                let line = run.argv.join(" ");
                let agreed = yes.is_some() || (can_ask() && consent::ask_rerun(context, &line)?);
                if !agreed {
                    return Ok((None, Seen::NotAgain));
                }
                context.tell(&format!("\nRunning `{line}` again to see whether it helped.\n"));
                match execute(context, &words(&run.argv)) {
                    Ok(ran) if ran.code == 0 => Ok((Some(Report::default()), Seen::Again)),
                    Ok(ran) => Ok((Some(diagnose_run(context, ran, &words(&run.argv))), Seen::Again)),
                    Err(not_run) => Err(Failure(not_run.message)),
                }
            }
            // A log does not change: only whoever made it can make it again.
            Case::Log(_) => Ok((None, Seen::NotAgain)),
            Case::Check => Ok((Some(check::examine(context)), Seen::Again)),
        }
    }
}

fn words(argv: &[String]) -> Vec<OsString> {
    argv.iter().map(OsString::from).collect()
}
