//! `envdoctor man [DIR]`: the man pages.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, roman};

use super::args::Args;
use super::{Failure, OK};
use crate::machine::{Change, Live, Machine};

/// Nothing is asked that could take its time.
const DEADLINE: Duration = Duration::from_secs(2);

pub(super) fn man(folder: Option<&Path>) -> Result<u8, Failure> {
    let mut command = Args::command();
    command = command.disable_help_subcommand(true);
    command.build();
    let Some(folder) = folder else {
        std::io::stdout().write_all(&first(&command)?)?;
        return Ok(OK);
    };
    let machine = Live::new(DEADLINE);
    let folder = Live::current_dir()?.join(folder);
    machine.change(&Change::MakeFolder(folder.clone()))?;
    let mut pages = vec![("envdoctor".to_owned(), first(&command)?)];
    pages_below(&command, "envdoctor", &mut pages)?;
    for (name, content) in pages {
        machine.change(&Change::Write { path: folder.join(format!("{name}.1")), content })?;
    }
    Ok(OK)
}

/// The page of each command below, named after the way to it: `envdoctor-rules-list`.
fn pages_below(command: &Command, name: &str, pages: &mut Vec<(String, Vec<u8>)>) -> Result<(), Failure> {
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help" && !sub.is_hide_set()) {
        let name = format!("{name}-{}", sub.get_name());
        let mut page = Vec::new();
        titled(sub.clone().display_name(name.clone()), &name).render(&mut page)?;
        pages.push((name.clone(), dateless(&page)));
        pages_below(sub, &name, pages)?;
    }
    Ok(())
}

fn titled(command: Command, name: &str) -> Man {
    let source = concat!("envdoctor ", env!("CARGO_PKG_VERSION"));
    Man::new(command).title(name.to_uppercase()).source(source).manual("envdoctor")
}

/// The page with an empty date in its title, where the source would be taken for one: the same version makes the same
/// pages at any time.
fn dateless(page: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(page).replacen(" 1  \"", " 1 \"\" \"", 1).into_bytes()
}

/// The page of envdoctor itself.
fn first(command: &Command) -> Result<Vec<u8>, Failure> {
    let man = titled(command.clone(), "envdoctor");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    man.render_subcommands_section(&mut page)?;
    let mut roff = Roff::new();
    for (heading, entries) in [("EXIT STATUS", EXIT_STATUS), ("ENVIRONMENT", ENVIRONMENT), ("FILES", FILES)] {
        roff.control("SH", [heading]);
        for (name, text) in entries {
            roff.control("TP", []);
            roff.text([bold(*name)]);
            roff.text([roman(*text)]);
        }
    }
    roff.control("SH", ["EXAMPLES"]);
    for (at, (what, line)) in EXAMPLES.iter().enumerate() {
        if at > 0 {
            roff.control("PP", []);
        }
        roff.text([roman(*what)]);
        roff.control("PP", []);
        roff.control("RS", ["4"]);
        roff.text([bold(*line)]);
        roff.control("RE", []);
    }
    roff.control("SH", ["SEE ALSO"]);
    let names = command.get_subcommands().map(|sub| sub.get_name()).filter(|name| *name != "help");
    let mut others: Vec<Inline> = Vec::new();
    for name in names {
        others.push(roman(if others.is_empty() { "" } else { ", " }));
        others.push(bold(format!("envdoctor-{name}")));
        others.push(roman("(1)"));
    }
    roff.text(others);
    roff.to_writer(&mut page)?;
    man.render_version_section(&mut page)?;
    Ok(dateless(&page))
}

const EXIT_STATUS: &[(&str, &str)] = &[
    ("0", "Nothing as bad as --fail-on, by default an error."),
    ("1", "There is something as bad as that."),
    ("2", "Wrong usage, a mistake in a rule or a setting, or a file that cannot be read."),
    ("3", "Nothing that bad, but it could not be told: a fact is not known, or a failure is not recognised."),
    ("130", "Ctrl-C stopped it."),
    (
        "other",
        "envdoctor run ends with the command's own code, with 128 and the signal's number if one ended it, with 127 if there is no such program, and with 126 if it cannot be run.",
    ),
];

const ENVIRONMENT: &[(&str, &str)] = &[
    ("NO_COLOR", "If it is set and not empty, no colours are used, unless --color asks for them."),
    ("CLICOLOR_FORCE", "If it is set and not empty, colours are used even where stdout is no terminal."),
    ("CLICOLOR", "If it is 0, no colours are used."),
    ("TERM", "If it is dumb, neither colours nor a line of progress are used."),
    ("COLUMNS", "The width to which text is wrapped, instead of the terminal's."),
    ("LC_ALL, LC_CTYPE, LANG", "If they name a locale without UTF-8, words and ASCII stand for signs."),
    ("ENVDOCTOR_PLAIN", "If it is set, and neither empty nor 0, the same as --plain."),
    ("ENVDOCTOR_FAIL_ON", "The severity from which the exit code is 1, instead of --fail-on."),
    ("ENVDOCTOR_TIMEOUT", "The seconds that one question may take, instead of --timeout."),
    (
        "ENVDOCTOR_ONLY, ENVDOCTOR_SKIP",
        "Rules, families and tags, with commas between, instead of --only and --skip.",
    ),
    ("ENVDOCTOR_BASELINE", "A JSON report of before, instead of --baseline."),
    ("ENVDOCTOR_FIX_MOST", "The greatest risk of what fix carries out."),
    ("ENVDOCTOR_FIX_NEVER", "Rules, with commas between, that fix does not repair."),
    ("CI", "If it is set, no line of progress is drawn."),
    ("XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_CACHE_HOME", "The folders of the files below."),
];

const FILES: &[(&str, &str)] = &[
    ("~/.config/envdoctor/rules", "Rules of your own."),
    ("~/.config/envdoctor/config.yaml", "Settings of your own."),
    ("envdoctor.yaml, .envdoctor", "The project's settings and rules."),
    (
        "~/.local/state/envdoctor",
        "The last run, the fixes with their backups, the last healthy check of each project, and which projects are trusted.",
    ),
    ("~/.cache/envdoctor", "What programs said of their versions. It may be removed at any time."),
];

const EXAMPLES: &[(&str, &str)] = &[
    ("What is wrong here:", "envdoctor check"),
    ("Run a command, and tell why it failed:", "envdoctor run -- mix test"),
    ("Repair what the last run showed, with your consent:", "envdoctor fix"),
];
