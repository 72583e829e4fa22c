//! The folder that agents may ask about: the one in which the server was started, and what lies below it.

use std::path::{Path, PathBuf};

use crate::cli::Failure;
use crate::cli::args::Global;
use crate::cli::context::Context;
use crate::cli::load::Which;
use crate::config::Settings;
use crate::facts::Reading;
use crate::machine::{FileKind, Live, Machine};

/// What the server was started with.
pub(super) struct Served {
    global: Global,
    /// The folder, with every link followed.
    folder: PathBuf,
    /// It holds more than a project: the whole home folder, or the whole machine.
    is_wide: bool,
}

impl Served {
    pub(super) fn new(context: &Context, global: &Global) -> Result<Self, Failure> {
        let machine: &dyn Machine = &*context.machine;
        let end = |folder: &Path| machine.resolve(folder).or_why("it is gone");
        let folder = end(&context.folder)
            .map_err(|why| Failure(format!("the folder {}: {why}", context.folder.display())))?;
        let home = machine.env("HOME").present().and_then(|home| end(Path::new(&home)).ok());
        let is_wide = home.is_some_and(|home| home.starts_with(&folder)) || folder.parent().is_none();
        let rules = global.rules.iter().map(|rules| context.path(rules)).collect();
        let baseline = global.baseline.as_ref().map(|baseline| context.path(baseline));
        Ok(Served { global: Global { directory: None, rules, baseline, ..global.clone() }, folder, is_wide })
    }

    /// What a tool works with: the rules, the settings and the machine as they are now, in the folder or in one below it.
    pub(super) fn context(&self, project: Option<&str>) -> Result<Context, Failure> {
        self.context_for(project, None)
    }

    /// The same for a rule that is named: settings do not leave it out.
    pub(super) fn context_for(&self, project: Option<&str>, rule: Option<&str>) -> Result<Context, Failure> {
        self.read(project, rule, self.global.clone())
    }

    /// The same for rules that are chosen, instead of those for which the server was started.
    pub(super) fn context_of(
        &self,
        project: Option<&str>,
        only: &[String],
        skip: &[String],
    ) -> Result<Context, Failure> {
        let or = |given: &[String], own: &[String]| if given.is_empty() { own } else { given }.to_vec();
        let (only, skip) = (or(only, &self.global.only), or(skip, &self.global.skip));
        self.read(project, None, Global { only, skip, ..self.global.clone() })
    }

    fn read(&self, project: Option<&str>, rule: Option<&str>, global: Global) -> Result<Context, Failure> {
        let folder = match project {
            None => self.folder.clone(),
            Some(project) => self.below(project)?,
        };
        let global = Global { directory: Some(folder), ..global };
        let mut context = Context::new(&global, Which::All)?.read_only();
        context.read_settings(&global, rule)?;
        Ok(context)
    }

    fn below(&self, project: &str) -> Result<PathBuf, Failure> {
        let machine = Live::new(Settings::of_flags(self.global.settings()).timeout().value);
        let machine: &dyn Machine = &machine;
        let end = machine.resolve(&self.folder.join(project)).or_why("there is no such folder");
        let end = end.map_err(|why| Failure(format!("{project}: {why}")))?;
        match end.starts_with(&self.folder) {
            true => Ok(end),
            false => Err(self.outside(project)),
        }
    }

    /// A file of the project, to be read.
    pub(super) fn file(&self, context: &Context, name: &str) -> Result<PathBuf, Failure> {
        if self.is_wide {
            return Err(Failure(format!(
                "files are not read, since the server was started in {}, which holds more than a project: start it with \
                 `envdoctor -C PROJECT mcp`, or give the log itself",
                self.folder.display()
            )));
        }
        let machine: &dyn Machine = &*context.machine;
        let end = machine.resolve(&context.path(Path::new(name))).or_why("there is no such file");
        let end = end.map_err(|why| Failure(format!("{name}: {why}")))?;
        if !end.starts_with(&self.folder) {
            return Err(self.outside(name));
        }
        match machine.stat(&end) {
            Reading::Present(stat) if stat.kind == FileKind::File => Ok(end),
            Reading::Present(_) => Err(Failure(format!("{name} is not a file"))),
            other => Err(Failure(format!("{name}: {}", other.why_unknown().unwrap_or_default()))),
        }
    }

    fn outside(&self, name: &str) -> Failure {
        Failure(format!(
            "{name} lies outside {}, where the server was started: only what is below it may be asked about",
            self.folder.display()
        ))
    }
}
