//! What is to be repaired, and how to ask whether it is.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::consent::Consent;
use crate::cli::context::Context;
use crate::cli::run::{Ran, diagnose_run, execute};
use crate::cli::{Failure, check, diagnose};
use crate::plan::command_line;
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

/// What was seen when the rules' own question was asked.
pub(super) struct Look {
    pub(super) report: Report,
    /// It was asked now: the command ran again, or the machine was asked; not read from an output of before.
    pub(super) fresh: bool,
    /// The command's exit status, where there is a command.
    pub(super) exit: Option<i32>,
    /// The person stopped the command that was to show it.
    pub(super) interrupted: bool,
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
                let folder = run.folder.display();
                context.tell(&format!(
                    "envdoctor: the last run that failed was in {folder}: `envdoctor -C {folder} fix` is for that one.\n"
                ));
                Case::Check
            }
            _ => Case::Check,
        })
    }

    /// What the case's output shows, or the machine. A run that was repaired since is asked about anew, unless the plan is
    /// only shown.
    pub(super) fn look(
        &self,
        context: &Context,
        consent: &Consent,
        only_shows: bool,
    ) -> Result<Look, Failure> {
        match self {
            Case::Run(run, output) => {
                if run.repaired {
                    context.tell("envdoctor: something was repaired since this command failed.\n");
                    if !only_shows {
                        let again = self.look_again(context, consent)?;
                        if again.fresh || again.interrupted {
                            return Ok(again);
                        }
                    }
                }
                let report = kept_report(context, run, output)?;
                Ok(Look { report, fresh: false, exit: Some(run.code), interrupted: false })
            }
            Case::Log(log) => {
                let (scan, name) = diagnose::read(context, log)?;
                if scan.blank {
                    return Err(Failure(format!("{name} is empty: there is nothing to repair")));
                }
                let report = diagnose::report(context, scan, &name, true);
                Ok(Look { report, fresh: false, exit: None, interrupted: false })
            }
            Case::Check => {
                Ok(Look { report: check::examine(context)?, fresh: true, exit: None, interrupted: false })
            }
        }
    }

    /// Asks the rules' question again: runs the command again, or looks at the machine again. A log cannot be made again:
    /// it is only worked out anew what of it can still be repaired.
    pub(super) fn look_again(&self, context: &Context, consent: &Consent) -> Result<Look, Failure> {
        let Case::Run(run, output) = self else { return self.look(context, consent, false) };
        let line = command_line(&run.argv);
        let not_seen = |interrupted| {
            self.note_repair(context)?;
            Ok(Look { report: kept_report(context, run, output)?, fresh: false, exit: None, interrupted })
        };
        if !consent.covers_rerun(context, &line)? {
            return not_seen(false);
        }
        context.tell(&format!("Running `{line}` again to see whether it helped.\n"));
        let command = words(&run.argv);
        let finished = match execute(context, &command) {
            Ok(finished) => finished,
            Err(not_run) => {
                context.tell(&format!("envdoctor: {}\n", not_run.message));
                return not_seen(false);
            }
        };
        if finished.interrupted {
            return not_seen(true);
        }
        let ran = finished.keep(context);
        let exit = Some(ran.code);
        let report = if ran.code == 0 { Report::default() } else { diagnose_run(context, ran, &command) };
        Ok(Look { report, fresh: true, exit, interrupted: false })
    }

    /// Whether the command gets its environment from direnv anew each time.
    pub(super) fn goes_through_direnv(&self) -> bool {
        matches!(self, Case::Run(run, _) if run.argv.iter().any(|word| word.ends_with("direnv")))
    }

    /// Remembers that something was repaired, and that nobody looked whether it helped.
    pub(super) fn note_repair(&self, context: &Context) -> Result<(), Failure> {
        if let Case::Run(run, _) = self {
            let kept = LastRun { repaired: true, ..run.clone() };
            context.state()?.note_run(&*context.machine, &kept)?;
        }
        Ok(())
    }

    /// The same failure again, after what did not help was taken back: what could be done is worked out on the files as
    /// they are now.
    pub(super) fn look_at_the_files(&self, context: &Context, look: &mut Look) -> Result<(), Failure> {
        match self {
            Case::Run(run, output) => look.report = kept_report(context, run, output)?,
            Case::Check => look.report = check::examine(context)?,
            Case::Log(_) => {}
        }
        Ok(())
    }

    /// How it will be seen whether a repair helped, as a sentence.
    pub(super) fn proof(&self) -> String {
        match self {
            Case::Run(run, _) => {
                format!("Afterwards `{}` is run again to see whether it helped.\n\n", command_line(&run.argv))
            }
            Case::Check => "Afterwards the same is checked again.\n\n".to_owned(),
            Case::Log(_) => {
                "Nobody can see in a log whether it helped: run its command again yourself.\n\n".to_owned()
            }
        }
    }

    /// What the plan is about, for a sentence.
    pub(super) fn about(&self) -> String {
        match self {
            Case::Run(run, _) => {
                let age = jiff::Timestamp::now().duration_since(run.ended);
                let minutes = age.as_secs() / 60;
                let age = match minutes {
                    ..=1 => String::new(),
                    2..=120 => format!(" {minutes} minutes ago"),
                    _ => format!(" {} hours ago", minutes / 60),
                };
                format!("`{}`, which failed{age} with exit status {}", command_line(&run.argv), run.code)
            }
            Case::Log(log) => log.display().to_string(),
            Case::Check => "a check of this machine and folder".to_owned(),
        }
    }
}

/// The report of a run's kept output, worked out on the files as they are now.
fn kept_report(context: &Context, run: &LastRun, output: &Path) -> Result<Report, Failure> {
    let (scan, _) = diagnose::read(context, output)?;
    Ok(diagnose_run(context, Ran { code: run.code, scan }, &words(&run.argv)))
}

fn words(argv: &[String]) -> Vec<OsString> {
    argv.iter().map(OsString::from).collect()
}
