//! `envdoctor completions SHELL`: what makes a shell complete. All but Nushell ask envdoctor itself each time; Nushell
//! has the commands in its own words, and asks for ids and names alone.

use std::io::Write;

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, CommandFactory};
use clap_complete::engine::ArgValueCompleter;
use clap_complete::env::Shells;
use clap_complete::generate;
use clap_complete_nushell::Nushell;

use super::args::{Args, Shell};
use super::complete::VARIABLE;
use super::{Failure, OK};

/// The program's name.
const NAME: &str = "envdoctor";

pub(super) fn completions(shell: Shell) -> Result<u8, Failure> {
    let script = match shell {
        Shell::Bash => asking("bash")?,
        Shell::Zsh => asking("zsh")?,
        Shell::Fish => asking("fish")?,
        Shell::Elvish => asking("elvish")?,
        Shell::Powershell => asking("powershell")?,
        Shell::Nushell => nushell(),
    };
    match std::io::stdout().write_all(&script) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure(format!("stdout: {error}")))
        }
        _ => Ok(OK),
    }
}

/// Has the shell ask envdoctor.
fn asking(shell: &str) -> Result<Vec<u8>, Failure> {
    let mut script = Vec::new();
    if let Some(shell) = Shells::builtins().completer(shell) {
        shell.write_registration(VARIABLE, NAME, NAME, NAME, &mut script)?;
    }
    Ok(script)
}

/// Stands for values that envdoctor is asked for behind an option.
const OF_OPTION: &str = "asked-behind-an-option";
/// The same of an argument without one.
const OF_ARGUMENT: &str = "asked-behind-the-command";

fn nushell() -> Vec<u8> {
    let mut script = Vec::new();
    generate(Nushell, &mut marked(Args::command()), NAME, &mut script);
    let mut out = String::new();
    // The words behind which the value stands, and its own name.
    let mut words: Vec<&str> = Vec::new();
    for line in String::from_utf8_lossy(&script).lines() {
        let name = line.trim().strip_prefix("def \"nu-complete ").and_then(|rest| rest.split('"').next());
        words = name.map_or(words, |name| name.split(' ').collect());
        let argument = words.last().copied().unwrap_or_default().replace('_', "-");
        let command = words.get(..words.len().saturating_sub(1)).unwrap_or_default().join(" ");
        let words = match line.trim().trim_matches(['[', ']', ' ', '"']) {
            OF_OPTION => Some(format!("{command} --{argument}")),
            OF_ARGUMENT => Some(command),
            _ => None,
        };
        match words {
            Some(words) => {
                // Nushell gives what was typed to a completer that takes it.
                out.truncate(out.trim_end_matches("[] {\n").len());
                out.push_str("[context: string] {\n");
                out.push_str(&asked(&words));
            }
            None => out.push_str(line),
        }
        out.push('\n');
    }
    out.into_bytes()
}

/// What a Nushell completer says that asks envdoctor as fish does: a value and what is said of it, a line each.
fn asked(words: &str) -> String {
    format!(
        "    let typed = ($context | split row --regex '[\\s=]' | last)\n    with-env {{{VARIABLE}: fish}} {{ ^{NAME} -- {words} $typed }} | lines | split column --number 2 \"\\t\" value description"
    )
}

/// The commands, with a mark at each argument whose values envdoctor is asked for.
fn marked(command: Command) -> Command {
    let mark = |arg: Arg| match (arg.get::<ArgValueCompleter>().is_some(), arg.is_positional()) {
        (false, _) => arg,
        (true, true) => arg.value_parser(PossibleValuesParser::new([OF_ARGUMENT])),
        (true, false) => arg.value_parser(PossibleValuesParser::new([OF_OPTION])),
    };
    command.mut_args(mark).mut_subcommands(marked)
}
