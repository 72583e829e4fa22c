//! Where in a command a captured value would be read as code.

use crate::rules::Template;

/// Programs that read their arguments as code, or run them.
const INTERPRETERS: &[&str] = &[
    "sh", "bash", "dash", "zsh", "fish", "ksh", "nu", "pwsh", "env", "eval", "xargs", "sudo", "doas", "su",
    "ssh", "chroot", "unshare", "timeout", "nohup", "nice", "setsid", "stdbuf", "time", "strace", "ionice",
    "flock", "busybox", "source", "npx", "bunx", "uvx", "pipx", "vim", "rm", "awk", "gawk", "mawk", "sed",
    "make", "just", "watch", "parallel",
];

/// Programs whose first argument is a script that they run.
const OF_SCRIPTS: &[&str] =
    &["perl", "ruby", "python", "python3", "lua", "tclsh", "expect", "node", "php", "elixir", "escript"];

/// Options whose value is code or a command, or, as in `git -c`, can name one.
const OPTIONS: &[&str] = &[
    "-c",
    "-e",
    "-E",
    "-eval",
    "--eval",
    "--expr",
    "--apply",
    "--arg",
    "--option",
    "--command",
    "--run",
    "-exec",
    "-execdir",
    "--exec",
    "--execute",
    "--rpc-eval",
    "--config-env",
];

/// The options with two values, of which the second is the code.
const OPTIONS_WITH_A_NAME: &[&str] = &["--arg", "--option"];

/// What is such an option, or a command that takes code, of one program only.
const OF_PROGRAMS: &[(&str, &[&str])] = &[
    ("mix", &["eval", "cmd", "-r", "--require"]),
    ("elixir", &["-r", "-pr", "-S"]),
    ("iex", &["-r", "-pr", "-S"]),
    ("erl", &["-run", "-s"]),
    ("nix-shell", &["-p", "--packages"]),
    ("nix", &["run", "shell", "develop", "-f", "--file"]),
    ("npm", &["exec", "run", "x"]),
    ("psql", &["-f", "--file"]),
    ("pg_ctl", &["--options"]),
    ("node", &["-p", "--print", "-r", "--require"]),
    ("php", &["-r"]),
];

/// Commands of programs that run whatever stands behind them.
const RUNNERS: &[(&str, &str)] = &[
    ("asdf", "exec"),
    ("deno", "run"),
    ("direnv", "exec"),
    ("docker", "exec"),
    ("docker", "run"),
    ("mise", "exec"),
    ("mise", "x"),
    ("podman", "exec"),
    ("podman", "run"),
];

/// The words of a command in which a captured value would be read as code.
pub(super) fn read_as_code(argv: &[Template]) -> Vec<usize> {
    let captured = |at: &usize| argv[*at].placeholders().next().is_some();
    let optional = |at: usize| argv[at].0.starts_with("-${") || argv[at].0.starts_with("--${");
    (1..argv.len()).filter(captured).filter(|&at| is_code(argv, at) || optional(at)).collect()
}

fn is_code(argv: &[Template], at: usize) -> bool {
    let program = name(&argv[0].0);
    let takes_code = |word: &str| takes_code(program, word);
    // `eval` is a command of other programs too, such as of `nix`.
    let handed_on = argv[1..at].iter().any(|word| name(&word.0) != "eval" && is_interpreter(&word.0));
    let run = argv[1..at].iter().any(|word| RUNNERS.contains(&(program, word.0.as_str())));
    let script = at == 1 && OF_SCRIPTS.contains(&program);
    let named = at >= 2 && OPTIONS_WITH_A_NAME.contains(&argv[at - 2].0.as_str());
    is_interpreter(&argv[0].0)
        || handed_on
        || run
        || script
        || named
        || takes_code(&argv[at - 1].0)
        || glued(&argv[at].0)
}

fn name(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or_default()
}

fn is_interpreter(word: &str) -> bool {
    INTERPRETERS.contains(&name(word))
}

fn takes_code(program: &str, word: &str) -> bool {
    let own = OF_PROGRAMS.iter().find(|(name, _)| *name == program).map_or(&[][..], |(_, words)| words);
    // Short options can stand in one word, as in `python3 -Ic` and `perl -ne`.
    let joined = word.strip_prefix('-').is_some_and(|letters| {
        (2..=3).contains(&letters.len())
            && letters.chars().all(|c| c.is_ascii_alphabetic())
            && letters.ends_with(['c', 'e', 'E'])
    });
    OPTIONS.contains(&word) || own.contains(&word) || joined
}

/// Whether the option stands in the same word: `--eval=CODE`, `-eCODE`.
fn glued(word: &str) -> bool {
    match word.split_once('=') {
        Some((option, _)) if option.starts_with('-') => OPTIONS.contains(&option),
        _ => ["-c", "-e", "-E"].iter().any(|option| word.starts_with(option)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(line: &str) -> bool {
        let argv: Vec<_> = line.split(' ').map(|word| Template(word.replace('X', "${x}"))).collect();
        !read_as_code(&argv).is_empty()
    }

    #[test]
    fn a_captured_value_is_not_read_as_code() {
        for line in [
            "sh -c X",
            "/bin/sh X",
            "env A=X mix test",
            "nix develop --command sh X",
            "elixir -e X",
            "elixir --eval X",
            "mix run -e X",
            "mix eval X",
            "mix run --eval=X",
            "python3 -c X",
            "python3 -Ic X",
            "python3 -cX",
            "nix eval --expr X",
            "nix eval --apply X .#a",
            "nix-build -E X",
            "nix-build --arg a X",
            "nix build --option X y",
            "nix build --option a X",
            "nix-shell --run X",
            "nix-shell -p X",
            "git -c X status",
            "git -c core.fsmonitor=X status",
            "ssh host X",
            "perl -ne X",
            "timeout 5 X",
            "python3 X",
            "node X",
            "npx X",
            "nix run X",
            "mise exec -- X",
            "direnv exec . X",
            "docker run X",
            "find . -execdir X",
            "rm -rf X",
            "git -X status",
            "git --X status",
        ] {
            assert!(refused(line), "{line}");
        }
    }

    #[test]
    fn a_captured_value_may_be_an_argument() {
        for line in [
            "nix flake update X",
            "nix flake lock --update-input X",
            "nix eval .#X",
            "mix deps.update X",
            "mix deps.unlock X --unused",
            "find . -name X",
            "git checkout X",
            "python3 -m pip install X",
            "sh -c true",
        ] {
            assert!(!refused(line), "{line}");
        }
    }
}
