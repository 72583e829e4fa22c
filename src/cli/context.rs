//! What every command works with.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::args::{Format, Global};
use super::load::{self, Loaded, Sources, Unread, Which};
use super::{FOUND, Failure, OK, UNKNOWN};
use crate::built_in;
use crate::causes::{Finding, diagnose};
use crate::config::FixPolicy;
use crate::facts::{Facts, Severity};
use crate::judge::{applies, facts_in, facts_needed};
use crate::machine::{
    Live, Lock, LockError, Machine, Recorded, Recording, Remembering, cache_home, config_home, screen_width,
    state_home,
};
use crate::plan::Setting;
use crate::probes::{Inquiry, project_root};
use crate::report::{Case, Detail, Look, Report, build, draw, to_json};
use crate::rules::{ReadRule, Rule, RuleSet};
use crate::scan::Quote;
use crate::state::State;
use crate::visible::{visible, visible_json};

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
    /// What `fix` may do, once [`Context::read_settings`] has read it.
    pub(super) policy: FixPolicy,
    /// The folder of the project in which the person stands.
    root: PathBuf,
    /// The project's own rules, where they are not read.
    unread: Option<Unread>,
    pub(super) look: Look,
    pub(super) quiet: bool,
    pub(super) timeout: Duration,
    /// Where the versions that programs told are remembered.
    versions: Option<PathBuf>,
    format: Format,
    fail_on: Severity,
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
        let machine: Arc<dyn Machine> = Arc::new(Live::new(global.timeout));
        let root = project_root(&*machine, &folder);
        let (config, state) = (config_home(), state_home().map(State::at));
        let (config, state) = (config.as_deref(), state.as_ref());
        let sources = Sources { machine: &*machine, folder: &folder, root: &root, config, state };
        let Loaded { rules, read, named, unread } = load::rules(&sources, global, which)?;
        let detail = if global.verbose { Detail::Full } else { Detail::Normal };
        Ok(Context {
            machine,
            project: folder.clone(),
            folder,
            rules,
            read,
            named,
            policy: FixPolicy::default(),
            root,
            unread,
            look: Look { width: screen_width(), detail },
            quiet: global.quiet,
            timeout: global.timeout,
            versions: cache_home().map(|folder| folder.join("versions.json")),
            format: global.format,
            fail_on: global.fail_on,
            started: Instant::now(),
            unprinted: Cell::default(),
            replayed: false,
        })
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

    /// Reads what the user, the project and the environment say of repairs.
    pub(super) fn read_settings(&mut self) -> Result<(), Failure> {
        let built_in = built_in::rules();
        let rules = built_in.rules().iter().chain(self.rules.rules()).map(|rule| rule.id.as_str());
        // A project may speak of its own rules, whether or not they are trusted.
        let unread = self.unread.iter().flat_map(Unread::ids);
        let known: BTreeSet<&str> = rules.chain(unread).collect();
        self.policy = FixPolicy::load(&*self.machine, config_home().as_deref(), &self.root, &known)?;
        Ok(())
    }

    /// Tells that the project's own rules are not read, where that is so.
    pub(super) fn tell_unread(&self) {
        if let Some(unread) = self.unread.as_ref().filter(|_| !self.quiet) {
            self.tell(&format!("envdoctor: {}\n", visible(&unread.told())));
        }
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
            policy: self.policy.clone(),
            unread: self.unread.clone(),
            unprinted: Cell::default(),
            versions: None,
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

    /// The ids of the project's own rules, where they are not read.
    pub(super) fn unread_ids(&self) -> impl Iterator<Item = &str> {
        self.unread.iter().flat_map(Unread::ids)
    }

    /// The rule of this name.
    pub(super) fn rule(&self, id: &str) -> Result<&Rule, Failure> {
        self.rules.get(id).ok_or_else(|| Failure(unknown(&self.rules, id)))
    }

    /// Asks for every fact that these rules need.
    pub(super) fn gather<'r>(&self, rules: impl IntoIterator<Item = &'r Rule>) -> Facts {
        let wanted = rules.into_iter().flat_map(facts_needed).collect();
        self.with_memory(|machine| self.inquiry(machine).facts(&wanted))
    }

    /// An inquiry about the project.
    pub(super) fn inquiry(&self, machine: Arc<dyn Machine>) -> Inquiry {
        Inquiry::new(machine, &self.project, self.timeout)
    }

    /// Asks the machine, which remembers from earlier runs what programs said of their versions.
    pub(super) fn with_memory<T>(&self, ask: impl FnOnce(Arc<dyn Machine>) -> T) -> T {
        let Some(file) = &self.versions else { return ask(Arc::clone(&self.machine)) };
        let remembering = Arc::new(Remembering::new(Arc::clone(&self.machine), file.clone()));
        let told = ask(Arc::<Remembering>::clone(&remembering));
        remembering.keep();
        told
    }

    /// The report of these findings.
    pub(super) fn report(
        &self,
        findings: Vec<Finding>,
        facts: &Facts,
        examined: bool,
        source: &str,
        suspects: Vec<Quote>,
    ) -> Report {
        let setting = Setting { machine: &*self.machine, project: &self.project, facts };
        let case = Case { rules: &self.rules, setting, source };
        let mut report = build(&case, diagnose(&self.rules, findings), examined, suspects);
        report.summary.took_ms = self.took_ms();
        report
    }

    /// Milliseconds since the start.
    pub(super) fn took_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Whether the person wants JSON.
    pub(super) fn json(&self) -> bool {
        self.format == Format::Json
    }

    /// Prints a report in the form that was asked for.
    pub(super) fn print(&self, report: &Report) {
        if self.json() {
            self.print_json(&to_json(report));
        } else if !(self.quiet && self.code(report) == OK && report.diagnoses.is_empty()) {
            self.say(&draw(report, self.look));
        }
    }

    /// Prints JSON on stdout.
    pub(super) fn print_json(&self, json: &serde_json::Value) {
        self.say(&visible_json(json));
    }

    /// Prints text on stdout. What could not be printed is told by [`Context::printed`].
    pub(super) fn say(&self, text: &str) {
        let mut stdout = anstream::stdout();
        if let Err(error) = write!(stdout, "{text}").and_then(|()| stdout.flush()) {
            self.unprinted.set(Some(error));
        }
    }

    /// Whether all could be printed. Whoever closed stdout does not want to hear more: that is no failure.
    pub(super) fn printed(&self) -> Result<(), Failure> {
        match self.unprinted.take() {
            Some(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure(format!("stdout: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Prints text on stderr.
    pub(super) fn tell(&self, text: &str) {
        let _ = write!(anstream::stderr(), "{text}");
    }

    /// The exit code for a report.
    pub(super) fn code(&self, report: &Report) -> u8 {
        match report.worst() {
            Some(worst) if worst >= self.fail_on => FOUND,
            _ if !report.unknown.is_empty() => UNKNOWN,
            _ if !report.unrecognised.is_empty() || !report.last_lines.is_empty() => UNKNOWN,
            _ => OK,
        }
    }

    /// A path as the person would name it.
    pub(super) fn path(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }
}

/// Asks for what tells whether these rules apply here, and then for what those need that may.
pub(super) fn facts_where_they_apply<'r>(
    inquiry: &Inquiry,
    rules: impl IntoIterator<Item = &'r Rule>,
) -> Facts {
    let rules: Vec<&Rule> = rules.into_iter().collect();
    let conditions = rules.iter().filter_map(|rule| rule.applies.as_ref());
    let mut facts = inquiry.facts(&conditions.flat_map(facts_in).collect());
    let applicable = rules.iter().filter(|rule| applies(rule, &facts) != Some(false));
    let wanted: BTreeSet<String> =
        applicable.flat_map(|rule| facts_needed(rule)).filter(|name| facts.get(name).is_none()).collect();
    facts.extend(inquiry.facts(&wanted));
    facts
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
