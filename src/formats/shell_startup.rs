//! The start-up files of shells: whether they name direnv, and which others they read.

/// What a start-up file shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Startup {
    /// The byte offset of the first line that names direnv.
    pub direnv: Option<usize>,
    /// The files that it reads, as they stand there: `~/x`, `$HOME/x` or absolute.
    pub reads: Vec<String>,
    /// Whether it may read others: under a name that is made up as it runs.
    pub reads_more: bool,
}

/// Reads a start-up file of a Bourne shell, zsh or fish. No shell is at work here, so that what cannot be told is left
/// open.
pub fn parse_startup(text: &str) -> Startup {
    let mut startup = Startup::default();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let (offset, code) = (start, line.trim());
        start += line.len();
        if code.starts_with('#') {
            continue;
        }
        if code.contains("direnv") {
            startup.direnv.get_or_insert(offset + (line.len() - line.trim_start().len()));
        }
        let mut words =
            code.split([' ', '\t', ';', '&', '(', '{']).filter(|word| !word.is_empty()).peekable();
        while let Some(word) = words.next() {
            match word {
                "source" | "." | "\\." | "builtin" => match words.peek().map(|file| plain(file)) {
                    Some(Some(file)) => startup.reads.push(file),
                    _ => startup.reads_more = true,
                },
                // What these bring along is written by others.
                "zinit" | "zplug" | "antigen" | "antidote" | "zgen" | "zgenom" | "fisher" | "sheldon" => {
                    startup.reads_more = true;
                }
                _ => {}
            }
        }
    }
    startup
}

/// A start-up file with just what [`parse_startup`] goes by, line for line: people keep much else in these files that is
/// nobody's business.
pub fn startup_alone(text: &str) -> String {
    let mut kept = String::new();
    for line in text.lines() {
        let Startup { direnv, reads, reads_more } = parse_startup(line);
        if direnv.is_some() {
            kept.push_str(line);
        } else {
            let more = reads_more.then_some("$more");
            let files: Vec<String> =
                reads.iter().map(String::as_str).chain(more).map(|file| format!("source {file}")).collect();
            kept.push_str(&files.join("; "));
        }
        kept.push('\n');
    }
    kept.truncate(kept.trim_end_matches('\n').len());
    kept
}

/// A file's name, where no shell is needed to know it.
fn plain(word: &str) -> Option<String> {
    let word = word.trim_matches(['"', '\'']);
    let home = ["$HOME/", "${HOME}/"].iter().find_map(|home| word.strip_prefix(home));
    let name = home.map_or_else(|| word.to_owned(), |rest| format!("~/{rest}"));
    let rest = name.strip_prefix("~/").or_else(|| name.strip_prefix('/'))?;
    (!rest.contains(['$', '`', '*', '?', '[', '\\', '"', '\''])).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hooks_and_other_files_are_seen() {
        let text = "# direnv is not used\n[ -f ~/.bashrc ] && . ~/.bashrc\nsource \"$HOME/.config/x.sh\"\n  eval \"$(direnv hook bash)\"\n";
        let startup = parse_startup(text);
        assert_eq!(startup.direnv, Some(text.find("eval").unwrap()));
        assert_eq!(startup.reads, ["~/.bashrc", "~/.config/x.sh"]);
        assert!(!startup.reads_more);

        let quiet = parse_startup("export EDITOR=vi\nalias ll='ls -l' # direnv\n");
        assert_eq!(quiet.direnv, Some(17), "a mention is taken for a hook");
        assert_eq!(parse_startup("export EDITOR=vi\n"), Startup::default());
        assert!(parse_startup("for f in ~/.rc/*; do . \"$f\"; done\n").reads_more);
        assert!(parse_startup("source $ZSH/oh-my-zsh.sh\n").reads_more);
        assert!(!parse_startup(". /etc/profile.d/nix.sh\n").reads_more);
    }

    #[test]
    fn only_what_is_needed_is_kept() {
        let text = "export DEPLOY='s3cret'\n. ~/.x; alias d='ssh me@host'\n  source $ZSH/a.sh s3cret\n\n\
                    eval \"$(direnv hook zsh)\"\nexport B=1\n";
        assert_eq!(startup_alone(text), "\nsource ~/.x\nsource $more\n\neval \"$(direnv hook zsh)\"");
        assert_eq!(startup_alone("export A=1\n"), "");
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r#"(source|direnv|eval|[.~$/"'`#;& \n\té{(]|[a-z]{1,3})*"#) {
            let whole = parse_startup(&text);
            let alone = startup_alone(&text);
            let line = |text: &str, offset: Option<usize>| offset.map(|at| text[..at].matches('\n').count());
            let kept = parse_startup(&alone);
            proptest::prop_assert_eq!(&kept.reads, &whole.reads);
            proptest::prop_assert_eq!(kept.reads_more, whole.reads_more);
            proptest::prop_assert_eq!(line(&alone, kept.direnv), line(&text, whole.direnv));
            proptest::prop_assert_eq!(startup_alone(&alone), alone);
        }
    }
}
