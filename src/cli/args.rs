//! The command line's form.

mod choices;
mod command;
mod output;
mod values;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, Parser, ValueEnum};

use super::complete;
use crate::config::{Layer, Origin, Stated, seconds};
use crate::facts::Severity;
use crate::report::Format;

pub(super) use choices::{Form, Home, Shell};
pub(super) use command::{Command, RulesCommand};
pub(super) use output::Output;
use values::severity;

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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_form_is_sound() {
        super::Args::command().debug_assert();
    }
}
