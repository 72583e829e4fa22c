//! What every command works with.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use super::args::{Global, Output};
use super::gate::Gate;
use super::load::{self, Loaded, Sources, Unread, Which};
use super::outputs;
use super::progress::Progress;
use super::{FOUND, Failure, OK, UNKNOWN};
use crate::built_in;
use crate::causes::{Finding, diagnose};
use crate::config::{FixPolicy, OF_PROJECT, Settings, Words};
use crate::facts::Facts;
use crate::judge::{applies, facts_in, facts_needed};
use crate::machine::{
    Live, Lock, LockError, Machine, Recorded, Recording, Remembering, Screen, cache_home, config_home,
    state_home,
};
use crate::plan::Setting;
use crate::probes::{Inquiry, Observer, project_root, repository};
use crate::report::{Case, Detail, Format, Look, Report, Scene, build};
use crate::rules::{ReadRule, Rule, RuleSet, Tag};
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

    /// Asks for every fact that these rules need.
    pub(super) fn gather<'r>(&self, rules: impl IntoIterator<Item = &'r Rule>) -> Facts {
        let wanted = rules.into_iter().flat_map(facts_needed).collect();
        self.with_memory(|machine| self.inquiry(machine).facts(&wanted))
    }

    /// An inquiry about the project.
    pub(super) fn inquiry(&self, machine: Arc<dyn Machine>) -> Inquiry {
        let watching: Arc<dyn Observer> = Arc::<Progress>::clone(&self.progress);
        Inquiry::new(machine, &self.project, self.settings.timeout().value).watched_by(watching)
    }

    /// Asks the machine, which remembers from earlier runs what programs said of their versions.
    pub(super) fn with_memory<T>(&self, ask: impl FnOnce(Arc<dyn Machine>) -> T) -> T {
        let Some(file) = &self.versions else { return ask(Arc::clone(&self.machine)) };
        let remembering = Arc::new(Remembering::new(Arc::clone(&self.machine), file.clone()));
        let told = ask(Arc::<Remembering>::clone(&remembering));
        if !self.read_only {
            remembering.keep();
        }
        told
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

    /// Milliseconds since the start.
    pub(super) fn took_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Whether the person wants JSON.
    pub(super) fn json(&self) -> bool {
        self.format == Format::Json
    }

    /// Whether the person wants to read it.
    pub(super) fn for_person(&self) -> bool {
        self.format == Format::Human
    }

    /// A report in the form that was asked for.
    pub(super) fn draw(&self, report: &Report, scene: &Scene) -> String {
        self.format.draw(report, scene)
    }

    /// Prints a report in the form that was asked for, and writes it to the files that were.
    pub(super) fn print(&self, report: &Report, scene: &Scene) -> Result<(), Failure> {
        let nothing = self.code(report) == OK && report.diagnoses.is_empty();
        if !(self.for_person() && self.quiet && nothing) {
            self.say(&self.draw(report, scene));
        }
        outputs::write(self, report, scene)
    }

    /// Whether that is the form of what is printed.
    pub(super) fn prints(&self, format: Format) -> bool {
        self.format == format
    }

    /// What the forms tell beside a report; `logs` are the files whose output was read.
    pub(super) fn scene(&self, logs: &[PathBuf]) -> Scene {
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
            Some(worst) if worst >= self.settings.fail_on().value => FOUND,
            _ if report.unknown.iter().any(|unknown| !unknown.baseline) => UNKNOWN,
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
