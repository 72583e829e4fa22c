//! The commands of asdf that scripts use, and which asdf has them.

use super::located::Located;

/// A command that not every asdf has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsdfCommand {
    /// The command as it is written: `asdf local elixir 1.17.3`.
    pub written: String,
    /// Which asdf has it.
    pub era: Era,
}

/// Which asdf has a command. asdf 0.16.0 was written anew (asdf's manual, "Upgrading From Version 0.15.x to 0.16.0").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Era {
    /// None: a tool's name stands where the command belongs, as in `asdf elixir local 1.17.3`.
    Never,
    /// Those before 0.16.0.
    Old,
    /// Those from 0.16.0 on.
    New,
}

/// Removed in 0.16.0.
const OLD: &[&str] = &[
    "global",
    "list-all",
    "local",
    "plugin-add",
    "plugin-list",
    "plugin-list-all",
    "plugin-remove",
    "plugin-test",
    "plugin-update",
    "shell",
    "update",
];
/// Words after a tool's name that show that somebody meant the command.
const MEANT: &[&str] = &["global", "install", "local", "set", "shell", "uninstall"];
/// What asdf has at every time, so that it is no tool's name.
const ALWAYS: &[&str] = &[
    "cmd",
    "completion",
    "current",
    "env",
    "exec",
    "help",
    "info",
    "install",
    "latest",
    "list",
    "plugin",
    "reshim",
    "set",
    "shim-versions",
    "shimversions",
    "uninstall",
    "version",
    "where",
    "which",
];

/// No command is as long as this, nor what stands before one in its line.
const LONGEST: usize = 1024;

/// The commands of asdf in a script that not every asdf has, in order.
pub fn asdf_commands(text: &str) -> Vec<Located<AsdfCommand>> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        // A longer line is data.
        if line.len() <= LONGEST {
            let here = memchr::memmem::find_iter(line.as_bytes(), "asdf");
            let here = here.filter(|&at| begins_command(&line[..at]));
            found.extend(
                here.filter_map(|at| Some(Located { value: command(&line[at..])?, offset: start + at })),
            );
        }
        start += line.len();
    }
    found
}

/// Whether a command can begin after this.
fn begins_command(line: &str) -> bool {
    const OPENERS: &[&str] = &["then", "do", "else", "!", "exec", "command", "RUN", "run:", "time", "sudo"];
    if line.trim_start().starts_with('#') {
        return false;
    }
    let bare = line.trim_end_matches([' ', '\t']);
    bare.is_empty()
        || bare.ends_with([';', '&', '|', '(', '`', '@', '"', '\''])
        || bare == "-"
        || line.len() > bare.len()
            && bare.rsplit([' ', '\t', ';']).next().is_some_and(|word| OPENERS.contains(&word))
}

fn command(code: &str) -> Option<AsdfCommand> {
    let end = code.trim_end().find([';', '&', '|', ')', '`', '#', '"', '\'', '>']).unwrap_or(code.len());
    let written = code.get(..end)?.trim_end();
    let mut words = written.split_whitespace();
    if words.next() != Some("asdf") {
        return None;
    }
    let (first, second) = (words.next()?, words.next());
    let tool = first.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let era = match first {
        "set" => Era::New,
        _ if OLD.contains(&first) => Era::Old,
        _ if tool && !ALWAYS.contains(&first) && second.is_some_and(|word| MEANT.contains(&word)) => {
            Era::Never
        }
        _ => return None,
    };
    Some(AsdfCommand { written: written.to_owned(), era })
}

/// What takes the place of the first words of a command for asdf before 0.16.0 or since, so that it does the same; the
/// rest of it stays. `None`: this asdf has the command as it is, or has nothing that does the same.
pub fn corrected(written: &str, since_0_16: bool) -> Option<(&str, String)> {
    let words: Vec<&str> = written.split([' ', '\t']).collect();
    let (replaced, instead) = match (words.get(1..)?, since_0_16) {
        (["local", tool, _, ..], true) if is_tool(tool) => (2, "set"),
        (["global", tool, _, ..], true) if is_tool(tool) => (2, "set --home"),
        (["set", tool, _, ..], false) if is_tool(tool) => (2, "local"),
        (["set", "-u" | "--home", tool, _, ..], false) if is_tool(tool) => (3, "global"),
        (["list-all", ..], true) => (2, "list all"),
        (["plugin-add", ..], true) => (2, "plugin add"),
        (["plugin-list", ..], true) => (2, "plugin list"),
        (["plugin-list-all", ..], true) => (2, "plugin list all"),
        (["plugin-remove", ..], true) => (2, "plugin remove"),
        (["plugin-update", ..], true) => (2, "plugin update"),
        (["plugin-test", ..], true) => (2, "plugin test"),
        ([tool, command, _, ..], _) if is_tool(tool) && !is_command(tool) => {
            let command = match (*command, since_0_16) {
                ("local" | "set", true) => "set",
                ("local" | "set", false) => "local",
                ("global", true) => "set --home",
                ("global", false) => "global",
                ("install", _) => "install",
                ("uninstall", _) => "uninstall",
                _ => return None,
            };
            return Some((first(written, 3)?, format!("asdf {command} {tool}")));
        }
        _ => return None,
    };
    Some((first(written, replaced)?, format!("asdf {instead}")))
}

fn is_tool(word: &str) -> bool {
    !word.is_empty()
        && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !word.starts_with('-')
}

fn is_command(word: &str) -> bool {
    OLD.contains(&word) || ALWAYS.contains(&word)
}

/// So many words of a command whose words a single blank parts.
fn first(written: &str, words: usize) -> Option<&str> {
    let ends = written.match_indices([' ', '\t']).map(|(at, _)| at).chain([written.len()]);
    ends.skip(words - 1).map(|end| &written[..end]).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_corrected_where_another_one_does_the_same() {
        let new = |written: &str| {
            corrected(written, true).map(|(first, instead)| written.replacen(first, &instead, 1))
        };
        let old = |written: &str| {
            corrected(written, false).map(|(first, instead)| written.replacen(first, &instead, 1))
        };
        for (written, since, before) in [
            ("asdf local elixir 1.17.3", Some("asdf set elixir 1.17.3"), None),
            ("asdf local python 3.12.4 system", Some("asdf set python 3.12.4 system"), None),
            ("asdf global erlang latest", Some("asdf set --home erlang latest"), None),
            ("asdf set elixir 1.17.3", None, Some("asdf local elixir 1.17.3")),
            ("asdf set -u elixir 1.17.3", None, Some("asdf global elixir 1.17.3")),
            ("asdf set -p elixir 1.17.3", None, None),
            ("asdf elixir local 1.17.3", Some("asdf set elixir 1.17.3"), Some("asdf local elixir 1.17.3")),
            ("asdf elixir install $V", Some("asdf install elixir $V"), Some("asdf install elixir $V")),
            ("asdf elixir shell 1.17.3", None, None),
            ("asdf plugin-add elixir", Some("asdf plugin add elixir"), None),
            ("asdf list-all elixir", Some("asdf list all elixir"), None),
            ("asdf shell elixir 1.17.3", None, None),
            ("asdf update", None, None),
            // It shows what is set.
            ("asdf local elixir", None, None),
            ("asdf local  elixir 1.17.3", None, None),
            ("asdf install", None, None),
        ] {
            assert_eq!(new(written).as_deref(), since, "{written}");
            assert_eq!(old(written).as_deref(), before, "{written}");
        }
    }

    fn found(text: &str) -> Vec<(String, Era)> {
        asdf_commands(text).into_iter().map(|it| (it.value.written, it.value.era)).collect()
    }

    #[test]
    fn commands_are_told_from_what_is_no_command() {
        for (text, written, era) in [
            ("asdf elixir local 1.17.3", "asdf elixir local 1.17.3", Era::Never),
            ("  asdf local elixir 1.17.3 # pin", "asdf local elixir 1.17.3", Era::Old),
            ("cd x && asdf global erlang latest; ls", "asdf global erlang latest", Era::Old),
            ("if true; then asdf set elixir 1.18.0; fi", "asdf set elixir 1.18.0", Era::New),
            ("\t@asdf plugin-add elixir", "asdf plugin-add elixir", Era::Old),
            ("RUN asdf update", "asdf update", Era::Old),
            ("      - run: asdf shell elixir 1.18.0", "asdf shell elixir 1.18.0", Era::Old),
            ("v=$(asdf list-all elixir | tail -1)", "asdf list-all elixir", Era::Old),
        ] {
            assert_eq!(found(text), [(written.to_owned(), era)], "{text}");
        }
        for text in [
            "asdf install",
            "asdf plugin add elixir",
            "asdf list all elixir",
            "asdf current",
            "# asdf local elixir 1.17",
            "echo use asdf local elixir 1.17",
            "asdf-vm local x",
            "my_asdf local x y",
            "asdf",
            "asdf install local",
            "asdf $TOOL local",
            "asdf elixir rebuild",
            "asdf exec local",
            "export ASDF_DIR=~/.asdf",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn the_place_is_the_commands() {
        let text = "#!/bin/sh\nset -e\n  asdf local elixir 1.17.3\n";
        assert_eq!(&text[asdf_commands(text)[0].offset..][..10], "asdf local");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "(asdf | local|set|elixir|;|&|\\n|#|é|\\PC){0,60}") {
            let _ = asdf_commands(&text);
        }
    }

    #[test]
    fn long_lines_end() {
        assert_eq!(found(&"asdf ".repeat(100_000)), []);
    }
}
