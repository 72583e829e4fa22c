//! What every command works with.

mod asking;
mod printing;

use std::cell::Cell;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

pub(super) use asking::facts_where_they_apply;

use super::Failure;
use super::args::{Global, Output};
use super::gate::Gate;
use super::load::{self, Loaded, Sources, Unread, Which};
use super::progress::Progress;
use crate::built_in;
use crate::causes::{Finding, diagnose};
use crate::config::{FixPolicy, OF_PROJECT, Settings, VARIABLES, Words};
use crate::facts::Facts;
use crate::machine::{
    Live, Lock, LockError, Machine, Recorded, Recording, Screen, cache_home, config_home, state_home,
};
use crate::plan::Setting;
use crate::probes::project_root;
use crate::report::{Case, Detail, Format, Look, Report, build};
use crate::rules::{ReadRule, Rule, RuleSet, Tag};
use crate::scan::Quote;
use crate::state::State;
use crate::visible::visible;

/// What every command works with.
pub(super) struct Context {
    pub(super) machine: Arc<dyn Machine>,
    /// Where the person stands, whose paths are meant from there.
    pub(super) folder: PathBuf,
    pub(super) project: PathBuf,
    pub(super) rules: RuleSet,
    /// Those of the rules that came from files.
    pub(super) read: Vec<ReadRule>,
    /// Where in `read` those of `--rules` begin.
    pub(super) named: usize,
    /// What the command line says and, once [`Context::read_settings`] has read it, everybody else.
    pub(super) settings: Settings,
    /// What a report is held to beside the settings themselves.
    pub(super) gate: Gate,
    /// The folder of the project in which the person stands.
    root: PathBuf,
    /// The project's own rules, where they are not read.
    unread: Option<Unread>,
    pub(super) look: Look,
    pub(super) progress: Arc<Progress>,
    pub(super) quiet: bool,
    /// Where the versions that programs told are remembered.
    versions: Option<PathBuf>,
    /// Nothing is written, not even what would be remembered.
    read_only: bool,
    format: Format,
    /// The files that a report is written to.
    pub(super) outputs: Vec<Output>,
    started: Instant,
    unprinted: Cell<Option<io::Error>>,
    /// Whether the machine is that of a recording.
    replayed: bool,
}

impl Context {
    pub(super) fn new(global: &Global, which: Which) -> Result<Self, Failure> {
        if let Some(folder) = &global.directory {
            Live::change_dir(folder).map_err(|why| Failure(format!("-C {}: {why}", folder.display())))?;
        }
        let folder = Live::current_dir().map_err(|why| Failure(format!("the current folder: {why}")))?;
        let settings = Settings::of_flags(global.settings());
        let machine: Arc<dyn Machine> = Arc::new(Live::new(settings.timeout().value));
        let root = project_root(&*machine, &folder);
        let (config, state) = (config_home(), state_home().map(State::at));
        let (config, state) = (config.as_deref(), state.as_ref());
        let sources = Sources { machine: &*machine, folder: &folder, root: &root, config, state };
        let Loaded { rules, read, named, unread } = load::rules(&sources, global, which)?;
        let screen = Screen::of_this_process();
        let plain = global.plain || screen.plain;
        let is_seen = screen.live && !plain && !global.quiet;
        let detail = if global.verbose { Detail::Full } else { Detail::Normal };
        Ok(Context {
            machine,
            project: folder.clone(),
            folder,
            rules,
            read,
            named,
            settings,
            gate: Gate::default(),
            root,
            unread,
            look: Look { width: screen.width, detail, plain, utf8: screen.utf8 },
            progress: Arc::new(Progress::new(is_seen, screen.utf8, screen.width)),
            quiet: global.quiet,
            versions: cache_home().map(|folder| folder.join("versions.json")),
            read_only: false,
            format: global.format,
            outputs: Vec::new(),
            started: Instant::now(),
            unprinted: Cell::default(),
            replayed: false,
        })
    }

    /// The same, which leaves no trace.
    #[cfg(feature = "mcp")]
    pub(super) fn read_only(self) -> Self {
        Context { read_only: true, ..self }
    }

    /// From now on it is about the whole project in which the person stands, and commands run in its folder.
    pub(super) fn enter_project(&mut self) -> Result<(), Failure> {
        if self.root != self.folder {
            let failed = |why| Failure(format!("the project's folder {}: {why}", self.root.display()));
            Live::change_dir(&self.root).map_err(failed)?;
            self.project = self.root.clone();
        }
        Ok(())
    }

    /// Reads the settings of the user, the project and the environment, beside those of the command line.
    /// What concerns the rule that the person names is neither ignored nor left out.
    pub(super) fn read_settings(&mut self, global: &Global, named: Option<&str>) -> Result<(), Failure> {
        let built_in = built_in::rules();
        let rules: Vec<&Rule> = built_in.rules().iter().chain(self.rules.rules()).collect();
        let ids = rules.iter().map(|rule| rule.id.as_str());
        // A project may speak of its own rules, whether or not they are trusted.
        let unread = self.unread.iter().flat_map(Unread::ids);
        let families = rules.iter().map(|rule| rule.family.as_str());
        let tags = Tag::ALL.iter().map(|(name, _)| *name);
        let words = Words::new(ids.chain(unread), families.chain(tags)).with_unread(self.unread.is_some());
        for name in self.machine.variables("ENVDOCTOR_").present().unwrap_or_default() {
            if let Some(meant) = misspelt(&name) {
                self.tell(&format!("envdoctor: {} is not read; {meant} is\n", visible(&name)));
            }
        }
        let other = self.root.join("envdoctor.yml");
        if self.machine.exists(&other) && !self.machine.exists(&self.root.join(OF_PROJECT)) {
            return Err(Failure(format!(
                "{}: it is read by the name {OF_PROJECT} alone: rename it",
                other.display()
            )));
        }
        let config = config_home();
        self.settings =
            Settings::load(&*self.machine, global.settings(), &self.root, config.as_deref(), &words)?;
        if self.settings.choose() && !self.rules.rules().iter().any(|rule| self.is_asked(&rule.id)) {
            let why = "what is chosen and left out (--only, --skip, settings) leaves no rule to ask about";
            return Err(Failure(format!("{why}: `envdoctor config` shows who says so")));
        }
        self.gate = Gate::new(&*self.machine, &self.settings, &self.folder, named)?;
        self.machine = Arc::new(Live::new(self.settings.timeout().value));
        Ok(())
    }

    /// What `fix` may do.
    pub(super) fn policy(&self) -> FixPolicy {
        self.settings.fix_policy()
    }

    /// Tells that the project's own rules are not read, where that is so.
    pub(super) fn tell_unread(&self) {
        if let Some(unread) = self.unread_rules().filter(|_| !self.quiet) {
            self.tell(&format!("envdoctor: {unread}\n"));
        }
    }

    /// That the project's own rules are not read, and why, where that is so.
    pub(super) fn unread_rules(&self) -> Option<String> {
        Some(visible(&self.unread.as_ref()?.told()).into_owned())
    }

    /// The same on a machine that is no real one.
    pub(super) fn on(&self, machine: Arc<dyn Machine>, project: PathBuf) -> Self {
        Context {
            machine,
            project,
            folder: self.folder.clone(),
            root: self.root.clone(),
            rules: self.rules.clone(),
            read: self.read.clone(),
            settings: self.settings.clone(),
            gate: self.gate.clone(),
            progress: Arc::clone(&self.progress),
            unread: self.unread.clone(),
            unprinted: Cell::default(),
            versions: None,
            outputs: self.outputs.clone(),
            ..*self
        }
    }

    /// The same on the machine of a recording.
    pub(super) fn replayed(&self, file: &Path) -> Result<Self, Failure> {
        let name = file.display().to_string();
        let text = self.machine.read(&self.path(file)).or_why("there is no such file");
        let text = text.map_err(|why| Failure(format!("{name}: {why}")))?;
        let recording = Recording::parse(&text, &name)?;
        Ok(Context { replayed: true, ..self.on(Arc::new(Recorded::new(&recording)), recording.project) })
    }

    /// Where envdoctor remembers.
    pub(super) fn state(&self) -> Result<State, Failure> {
        let folder = state_home()
            .ok_or_else(|| Failure("there is no home folder to remember things in".to_owned()))?;
        Ok(State::at(folder))
    }

    /// Lets nobody else repair or take back while it is held.
    pub(super) fn lock(&self) -> Result<Lock, Failure> {
        let now = jiff::Timestamp::now().strftime("%H:%M:%S UTC");
        let holder = format!("process {} since {now}, in {}", std::process::id(), self.project.display());
        let taken = self.state()?.lock(&*self.machine, &holder);
        taken.map_err(|error| match error {
            LockError::Held { holder } => Failure(format!(
                "somebody else repairs or takes back something now ({holder}): wait until that is done"
            )),
            LockError::Refused(error) => error.into(),
        })
    }

    /// The folder of the project's settings.
    pub(super) fn settings_folder(&self) -> &Path {
        if self.replayed { &self.project } else { &self.root }
    }

    /// Whether this is the machine of a recording.
    pub(super) fn is_replay(&self) -> bool {
        self.replayed
    }

    /// The rule of this name.
    pub(super) fn rule(&self, id: &str) -> Result<&Rule, Failure> {
        self.rules.get(id).ok_or_else(|| Failure(unknown(&self.rules, id)))
    }

    /// The report of these findings.
    pub(super) fn report(
        &self,
        mut findings: Vec<Finding>,
        facts: &Facts,
        examined: bool,
        source: &str,
        suspects: Vec<Quote>,
    ) -> Report {
        let setting = Setting { machine: &*self.machine, project: &self.project, facts };
        let case = Case { rules: &self.rules, setting, source };
        for finding in &mut findings {
            if let Some(stated) = self.settings.severity(&finding.rule) {
                finding.severity = stated.value;
            }
        }
        let mut report = build(&case, diagnose(&self.rules, findings), examined, suspects);
        self.hold_to_settings(&mut report);
        report.summary.took_ms = self.took_ms();
        report
    }

    /// A path as the person would name it.
    pub(super) fn path(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }
}

/// The variable that is meant by a name that is nearly it.
fn misspelt(name: &str) -> Option<&'static str> {
    let mut known = VARIABLES.iter().map(|(known, _)| *known);
    (!known.clone().any(|known| known == name)).then_some(())?;
    known.find(|known| strsim::damerau_levenshtein(known, name) <= 2)
}

fn unknown(rules: &RuleSet, id: &str) -> String {
    let near = rules.rules().iter().map(|rule| (strsim::jaro_winkler(id, &rule.id), &rule.id));
    let near =
        near.filter(|(likeness, _)| *likeness > 0.8).max_by(|(one, _), (other, _)| one.total_cmp(other));
    match near {
        Some((_, id_near)) => format!("there is no rule `{id}`; did you mean `{id_near}`?"),
        None => format!("there is no rule `{id}`; `envdoctor rules list` lists them"),
    }
}
