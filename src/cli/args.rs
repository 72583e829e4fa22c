//! The command line's form.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use super::complete;
use crate::facts::{Risk, Severity};
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
#[derive(Debug, ClapArgs)]
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
    /// The severity from which the exit code is 1
    #[arg(long, global = true, value_name = "SEVERITY", default_value = "error", value_parser = severity)]
    pub(super) fail_on: Severity,
    /// Seconds that one question to the machine may take
    #[arg(long, global = true, value_name = "SECONDS", default_value = "2", value_parser = seconds)]
    pub(super) timeout: Duration,
}

/// The form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For a person
    Human,
    /// JSON, alone on stdout
    Json,
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
        /// Replay a recorded machine instead of asking this one
        #[arg(long, value_name = "FILE")]
        facts: Option<PathBuf>,
        /// Also ask the tools themselves, which run the project's code: only in a project that is trusted
        #[arg(long, conflicts_with = "facts")]
        deep: bool,
        /// Seconds that each of them may take
        #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds, requires = "deep")]
        deep_timeout: Duration,
    },
    /// Name the root cause in a tool's output
    Diagnose {
        /// Files with the output; `-`, or none: standard input
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
        /// The output was made on this machine and in this folder: ask them to confirm
        #[arg(long)]
        here: bool,
    },
    /// Run a command, and diagnose it if it fails
    Run {
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
    /// List, check or test the rules, begin a new one, or write pages about them
    Rules {
        #[command(subcommand)]
        what: RulesCommand,
    },
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
    /// Write a page about each rule, and an index, as Markdown
    Pages {
        /// A folder for the pages alone
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
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

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse::<f64>().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.filter(|time| !time.is_zero()).ok_or_else(|| "a number of seconds above 0".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_form_is_sound() {
        super::Args::command().debug_assert();
    }
}
