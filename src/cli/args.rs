//! The command line's form.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::PossibleValue;
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use super::complete;
use super::init::Extra;
use crate::config::{Layer, Origin, Stated, seconds};
use crate::facts::{Risk, Severity};
use crate::report::Format;
use crate::rules::is_rule_id;

/// An environment doctor for people who build Elixir software in Nix shells, with a GPU and local models beside it.
#[derive(Debug, Parser)]
#[command(name = "envdoctor", version, about, max_term_width = 100, propagate_version = true)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Options of every command.
#[derive(Clone, Debug, ClapArgs)]
#[command(next_help_heading = "Global options")]
pub(super) struct Global {
    /// The form of what is printed on stdout
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    pub(super) format: Format,
    /// Do as if started in this folder
    #[arg(short = 'C', long = "directory", global = true, value_name = "DIR")]
    pub(super) directory: Option<PathBuf>,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub(super) color: Color,
    /// Print lines to be listened to: no colours, no columns, each line begins with a word
    #[arg(long, global = true)]
    pub(super) plain: bool,
    /// Print nothing when there is nothing to say
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Show all evidence, all remedies and all references
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
    /// Read more rules from this folder
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) rules: Vec<PathBuf>,
    /// Leave out the built-in rules, yours and the project's: only those of --rules
    #[arg(long, global = true, requires = "rules")]
    pub(super) without_built_in: bool,
    /// Only these rules, families or tags, with commas between
    #[arg(long, global = true, value_name = "RULE", value_delimiter = ',', add = complete::selections())]
    pub(super) only: Vec<String>,
    /// All but these rules, families or tags
    #[arg(long, global = true, value_name = "RULE", value_delimiter = ',', add = complete::selections())]
    pub(super) skip: Vec<String>,
    /// A JSON report of before: what stands in it does not count
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// The severity from which the exit code is 1 [default: error]
    #[arg(long, global = true, value_name = "SEVERITY", value_parser = severity)]
    pub(super) fail_on: Option<Severity>,
    /// Seconds that one question to the machine may take [default: 2]
    #[arg(long, global = true, value_name = "SECONDS", value_parser = seconds)]
    pub(super) timeout: Option<Duration>,
}

impl Global {
    /// What the command line says of the settings.
    pub(super) fn settings(&self) -> Layer {
        fn stated<T>(value: &T, flag: &'static str) -> Stated<T>
        where
            T: Clone,
        {
            Stated::new(value.clone(), Origin::Flag(flag))
        }
        let words = |words: &[String], flag| words.iter().map(|word| stated(word, flag)).collect();
        Layer {
            fail_on: self.fail_on.as_ref().map(|it| stated(it, "--fail-on")),
            timeout: self.timeout.as_ref().map(|it| stated(it, "--timeout")),
            baseline: self.baseline.as_ref().map(|it| stated(it, "--baseline")),
            only: words(&self.only, "--only"),
            skip: words(&self.skip, "--skip"),
            ..Layer::default()
        }
    }
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        Format::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.about()))
    }
}

/// Options of the commands that make a report.
#[derive(Debug, ClapArgs)]
pub(super) struct Outputs {
    /// Also write the report to a file, in a form of its own; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output)]
    output: Vec<Output>,
}

/// A file that the report is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Output {
    /// The form.
    pub(super) format: Format,
    /// The file.
    pub(super) file: PathBuf,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// A shell that can complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Shell {
    /// Bash
    Bash,
    /// Zsh
    Zsh,
    /// Fish
    Fish,
    /// Nushell
    Nushell,
    /// Elvish
    Elvish,
    /// PowerShell
    Powershell,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Ask the machine and the project what is wrong
    Check {
        #[command(flatten)]
        outputs: Outputs,
        /// Replay a recorded machine instead of asking this one
        #[arg(long, value_name = "FILE")]
        facts: Option<PathBuf>,
        /// Also ask the tools themselves, which run the project's code: only in a project that is trusted
        #[arg(long, conflicts_with = "facts")]
        deep: bool,
        /// Seconds that each of them may take
        #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds, requires = "deep")]
        deep_timeout: Duration,
        /// Also tell what changed on this machine and in this project since the last healthy check
        #[arg(long, conflicts_with = "facts")]
        since_green: bool,
    },
    /// Name the root cause in a tool's output
    Diagnose {
        #[command(flatten)]
        outputs: Outputs,
        /// Files with the output; `-`, or none: standard input
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
        /// The output was made on this machine and in this folder: ask them to confirm
        #[arg(long)]
        here: bool,
    },
    /// Run a command, and diagnose it if it fails
    Run {
        #[command(flatten)]
        outputs: Outputs,
        /// Also write the report as JSON to this file
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
        /// The command with its arguments; `--` before it keeps its options its own
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "CMD")]
        command: Vec<OsString>,
    },
    /// Repair what the last run, a log or a check shows, with your consent
    Fix {
        /// Repair what this rule found, and nothing else
        #[arg(add = complete::rules())]
        rule: Option<String>,
        /// Repair what this output shows, instead of the last run's
        #[arg(long, value_name = "FILE")]
        log: Option<PathBuf>,
        /// Show what would be done and change nothing
        #[arg(long)]
        dry_run: bool,
        /// Agree beforehand to every remedy up to this risk (alone: cache)
        #[arg(long, value_name = "RISK", num_args = 0..=1, require_equals = true, default_missing_value = "cache", value_parser = risk)]
        yes: Option<Risk>,
        /// Agree beforehand to what this rule offers, whatever its risk
        #[arg(long, value_name = "RULE", add = complete::rules())]
        allow: Vec<String>,
        /// Write what would be done to this file, as JSON, and change nothing
        #[arg(long, value_name = "FILE", conflicts_with_all = ["dry_run", "apply"])]
        plan: Option<PathBuf>,
        /// Do what such a file says, if all that it was made from is unchanged
        #[arg(long, value_name = "FILE", conflicts_with_all = ["rule", "log", "dry_run"])]
        apply: Option<PathBuf>,
    },
    /// Take a fix back: what it changed is as it was before
    ///
    /// The exit code is 1 if something was changed since, and so was left as it is, or could not be brought back.
    Undo {
        /// Which fix, as `envdoctor history` names it, instead of the last one in this project
        #[arg(add = complete::fixes())]
        id: Option<String>,
        /// Agree beforehand
        #[arg(long)]
        yes: bool,
    },
    /// List the fixes of before, the last first
    History,
    /// Show what a rule is about
    Explain {
        /// The rule's id
        #[arg(add = complete::rules())]
        rule: String,
    },
    /// Show what is known of the machine and the project
    Facts {
        /// Only facts whose names begin so
        #[arg(add = complete::facts())]
        prefix: Option<String>,
        /// Keep every answer of the machine, without secrets, in this file
        #[arg(long, value_name = "FILE")]
        record: Option<PathBuf>,
    },
    /// Write the beginning of this project's settings, as far as its files tell them
    ///
    /// What is there already stays as it is.
    Init {
        /// Also make envdoctor run by itself here, with commas between
        #[arg(long, value_enum, value_name = "WHERE", value_delimiter = ',')]
        with: Vec<Extra>,
    },
    /// Show each setting and where it comes from
    Config,
    /// Serve agents over standard input and output: the Model Context Protocol
    ///
    /// An agent can check, diagnose, explain, look at facts and see what `fix` would do, in this folder and below. It cannot
    /// change anything.
    #[cfg(feature = "mcp")]
    Mcp,
    /// Print the JSON Schema of the settings, or of what a command prints with --format json
    Schema {
        /// What it is the schema of
        form: Form,
    },
    /// Show what each file asks for, what this shell has, and whether they agree
    ///
    /// The exit code is 1 if they do not: the shell has another version than a file asks for, or none, or two files exclude
    /// each other. It is 3 if a version could not be learnt, and 0 else, also where versions differ in their last numbers alone.
    Versions {
        /// Replay a recorded machine instead of asking this one
        #[arg(long, value_name = "FILE")]
        facts: Option<PathBuf>,
    },
    /// Write one file to attach to an issue: findings, versions, timings and facts, without secrets and names
    Report {
        /// The file, which ends in .md or .html [default: envdoctor-report.md]; `-`: Markdown on stdout
        file: Option<PathBuf>,
        /// Replay a recorded machine instead of asking this one
        #[arg(long, value_name = "FILE")]
        facts: Option<PathBuf>,
        /// Agree beforehand, also to replace the file
        #[arg(long)]
        yes: bool,
    },
    /// Read this project's own rules and let `check --deep` run its tools, as they are now
    Trust {
        /// Agree beforehand
        #[arg(long)]
        yes: bool,
        /// Trust it no longer
        #[arg(long, conflicts_with = "yes")]
        forget: bool,
    },
    /// Print what makes a shell complete envdoctor's commands, options, rules and facts
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Write the man pages: all of them into a folder, or the first one to stdout
    Man {
        /// The folder, such as /usr/local/share/man/man1
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Print what makes a shell or direnv ask by itself when a project is entered
    Hook {
        /// Where it is to be read
        #[arg(value_enum)]
        home: Home,
    },
    /// List, check or test the rules, begin a new one, write pages about them, or print their schema
    Rules {
        #[command(subcommand)]
        what: RulesCommand,
    },
}

/// What has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// envdoctor.yaml and config.yaml
    Config,
    /// What `check`, `diagnose` and `run` print
    Report,
    /// What `facts` prints
    Facts,
    /// What `fix` prints
    Fix,
    /// What `explain` prints
    Explain,
}

/// What can ask by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Home {
    /// For ~/.bashrc: eval "$(envdoctor hook bash)"
    Bash,
    /// For ~/.config/fish/config.fish: envdoctor hook fish | source
    Fish,
    /// For ~/.zshrc: eval "$(envdoctor hook zsh)"
    Zsh,
    /// For .envrc: `use envdoctor`
    Direnv,
}

/// What to do with the rules.
#[derive(Debug, Subcommand)]
pub(super) enum RulesCommand {
    /// List every rule
    List,
    /// Say what is wrong and what is doubtful in the rules: all of them, or those of --rules
    Lint,
    /// Write a rule's beginning from the output of a failure that no rule knows
    ///
    /// The exit code is 1 if a rule knows it already, and 3 if no line of it has enough words to be known by.
    New {
        /// The output; `-`: standard input
        #[arg(long, value_name = "LOG")]
        from: PathBuf,
        /// The rule's name, instead of one made of the line's words
        #[arg(long, value_parser = rule_id)]
        id: Option<String>,
        /// The folder to write it to
        #[arg(long, value_name = "DIR", default_value = ".")]
        output: PathBuf,
    },
    /// Run the rules' examples and near misses
    Test,
    /// Print the JSON Schema of a rule file, for editors
    Schema,
    /// Write a page about each rule, and an index, as Markdown
    Pages {
        /// A folder for the pages alone
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

impl Command {
    /// Its name.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Command::Check { .. } => "check",
            Command::Completions { .. } => "completions",
            Command::Config => "config",
            Command::Diagnose { .. } => "diagnose",
            #[cfg(feature = "mcp")]
            Command::Mcp => "mcp",
            Command::Man { .. } => "man",
            Command::Report { .. } => "report",
            Command::Run { .. } => "run",
            Command::Schema { .. } => "schema",
            Command::Fix { .. } => "fix",
            Command::Undo { .. } => "undo",
            Command::History => "history",
            Command::Explain { .. } => "explain",
            Command::Facts { .. } => "facts",
            Command::Init { .. } => "init",
            Command::Versions { .. } => "versions",
            Command::Trust { .. } => "trust",
            Command::Hook { .. } => "hook",
            Command::Rules { .. } => "rules",
        }
    }

    /// The files that its report is written to; `None`: it makes none.
    pub(super) fn outputs(&self) -> Option<&[Output]> {
        match self {
            Command::Check { outputs, .. }
            | Command::Diagnose { outputs, .. }
            | Command::Run { outputs, .. } => Some(&outputs.output),
            _ => None,
        }
    }

    /// Why it cannot print in the form that was asked for.
    pub(super) fn refuses(&self, format: Format) -> Option<String> {
        if self.outputs().is_some() || matches!(format, Format::Human | Format::Json) {
            return None;
        }
        let (name, format) = (self.name(), format.name());
        Some(format!(
            "--format {format} is for `check`, `diagnose` and `run`: `envdoctor {name}` prints human or json"
        ))
    }
}

fn output(text: &str) -> Result<Output, String> {
    let Some((format, file)) = text.split_once('=') else {
        return Err("it needs a form and a file, such as junit=report.xml".to_owned());
    };
    let names = || Format::ALL.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
    let named = Format::ALL.iter().find(|known| known.name() == format);
    let format = *named.ok_or_else(|| format!("there is no form `{format}`; there are: {}", names()))?;
    match file {
        "" => Err(format!("it needs a file, such as {}=report", format.name())),
        "-" => Err(format!("`-` is no file: --format {} prints it on stdout", format.name())),
        file => Ok(Output { format, file: PathBuf::from(file) }),
    }
}

fn rule_id(text: &str) -> Result<String, String> {
    let wrong = || "lower-case letters and digits, joined by `-`".to_owned();
    is_rule_id(text).then(|| text.to_owned()).ok_or_else(wrong)
}

fn severity(text: &str) -> Result<Severity, String> {
    named(text, Severity::ALL)
}

fn risk(text: &str) -> Result<Risk, String> {
    named(text, Risk::ALL)
}

fn named<T: Copy>(text: &str, all: &[(&str, T)]) -> Result<T, String> {
    let found = all.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
    let names = || all.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    found.ok_or_else(|| format!("one of: {}", names()))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn an_output_names_a_form_and_a_file() {
        let of = |text: &str| super::output(text);
        assert_eq!(of("junit=a=b.xml").unwrap().file.to_str(), Some("a=b.xml"));
        for (wrong, why) in [
            ("report.xml", "junit=report.xml"),
            ("xml=a", "there are: human, json, junit"),
            ("sarif=-", "--format sarif"),
            ("sarif=", "needs a file"),
        ] {
            assert!(of(wrong).unwrap_err().contains(why), "{wrong}");
        }
    }

    #[test]
    fn the_form_is_sound() {
        super::Args::command().debug_assert();
    }
}
