//! What is printed, where, and the exit code.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::super::{FOUND, Failure, OK, UNKNOWN, outputs};
use super::Context;
use crate::probes::repository;
use crate::report::{Format, Report, Scene};
use crate::visible::visible_json;

impl Context {
    /// Milliseconds since the start.
    pub(in crate::cli) fn took_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Whether the person wants JSON.
    pub(in crate::cli) fn json(&self) -> bool {
        self.format == Format::Json
    }

    /// Whether the person wants to read it.
    pub(in crate::cli) fn for_person(&self) -> bool {
        self.format == Format::Human
    }

    /// A report in the form that was asked for.
    pub(in crate::cli) fn draw(&self, report: &Report, scene: &Scene) -> String {
        self.format.draw(report, scene)
    }

    /// Prints a report in the form that was asked for, and writes it to the files that were.
    pub(in crate::cli) fn print(&self, report: &Report, scene: &Scene) -> Result<(), Failure> {
        let nothing = self.code(report) == OK && report.diagnoses.is_empty();
        if !(self.for_person() && self.quiet && nothing) {
            self.say(&self.draw(report, scene));
        }
        outputs::write(self, report, scene)
    }

    /// Whether that is the form of what is printed.
    pub(in crate::cli) fn prints(&self, format: Format) -> bool {
        self.format == format
    }

    /// What the forms tell beside a report; `logs` are the files whose output was read.
    pub(in crate::cli) fn scene(&self, logs: &[PathBuf]) -> Scene {
        const MAIN_FILES: &[&str] =
            &["flake.nix", "mix.exs", "shell.nix", ".tool-versions", "mise.toml", "package.json"];
        let is_there = |name: &&&str| self.machine.exists(&self.project.join(name));
        let own = |path: &Path| {
            let whole = self.path(path);
            whole.strip_prefix(&self.project).unwrap_or(&whole).display().to_string()
        };
        Scene {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            project: self.project.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            folder: self.project.clone(),
            repository: repository(&*self.machine, &self.project),
            main_file: MAIN_FILES.iter().find(is_there).unwrap_or(&"envdoctor.yaml").to_string(),
            logs: logs.iter().map(|log| (log.display().to_string(), own(log))).collect(),
            at: jiff::Timestamp::now().as_second(),
            look: self.look,
        }
    }

    /// Prints JSON on stdout.
    pub(in crate::cli) fn print_json(&self, json: &serde_json::Value) {
        self.say(&visible_json(json));
    }

    /// Prints text on stdout. What could not be printed is told by [`Context::printed`].
    pub(in crate::cli) fn say(&self, text: &str) {
        let mut stdout = anstream::stdout();
        if let Err(error) = write!(stdout, "{text}").and_then(|()| stdout.flush()) {
            self.unprinted.set(Some(error));
        }
    }

    /// Whether all could be printed. Whoever closed stdout does not want to hear more: that is no failure.
    pub(in crate::cli) fn printed(&self) -> Result<(), Failure> {
        match self.unprinted.take() {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure(format!("stdout: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Prints text on stderr.
    pub(in crate::cli) fn tell(&self, text: &str) {
        let _ = write!(anstream::stderr(), "{text}");
    }

    /// The exit code for a report.
    pub(in crate::cli) fn code(&self, report: &Report) -> u8 {
        match report.worst() {
            Some(worst) if worst >= self.settings.fail_on().value => FOUND,
            _ if report.unknown.iter().any(|unknown| !unknown.baseline) => UNKNOWN,
            _ if !report.unrecognised.is_empty() || !report.last_lines.is_empty() => UNKNOWN,
            _ => OK,
        }
    }
}
