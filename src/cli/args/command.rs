//! The commands.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::Subcommand;

use super::super::complete;
use super::super::init::Extra;
use super::choices::{Form, Home, Shell};
use super::output::{Output, Outputs};
use super::values::{risk, rule_id};
use crate::config::seconds;
use crate::facts::Risk;
use crate::report::Format;

/// What to do.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Command {
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

impl Command {
    /// Its name.
    pub(in crate::cli) fn name(&self) -> &'static str {
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
    pub(in crate::cli) fn outputs(&self) -> Option<&[Output]> {
        match self {
            Command::Check { outputs, .. }
            | Command::Diagnose { outputs, .. }
            | Command::Run { outputs, .. } => Some(&outputs.output),
            _ => None,
        }
    }

    /// Why it cannot print in the form that was asked for.
    pub(in crate::cli) fn refuses(&self, format: Format) -> Option<String> {
        if self.outputs().is_some() || matches!(format, Format::Human | Format::Json) {
            return None;
        }
        let (name, format) = (self.name(), format.name());
        Some(format!(
            "--format {format} is for `check`, `diagnose` and `run`: `envdoctor {name}` prints human or json"
        ))
    }
}

/// What to do with the rules.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum RulesCommand {
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
