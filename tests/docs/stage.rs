//! Where a page's commands run: a project and a home of their own, which the pages call `/home/user`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use regex::Regex;
use tempfile::TempDir;

/// Where the system's programs are.
const SYSTEM: &str = "/usr/bin:/bin";

/// A project below a home.
pub(crate) struct Stage {
    _folder: TempDir,
    home: PathBuf,
}

impl Stage {
    pub(crate) fn new() -> Stage {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().canonicalize().unwrap();
        fs::create_dir(home.join("project")).unwrap();
        Stage { _folder: folder, home }
    }

    /// Puts a file into the project.
    pub(crate) fn put(&self, name: &str, text: &str) {
        let path = self.home.join("project").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Whether a program is there for its commands.
    pub(crate) fn has(program: &str) -> bool {
        SYSTEM.split(':').any(|folder| Path::new(folder).join(program).exists())
    }

    /// Runs a line: what it prints on both streams, and its exit code.
    pub(crate) fn run(&self, line: &str) -> (String, Option<i32>) {
        let program = Path::new(env!("CARGO_BIN_EXE_envdoctor")).parent().unwrap();
        let output = Command::new("sh")
            .args(["-c", &format!("exec 2>&1 </dev/null\n{line}")])
            .current_dir(self.home.join("project"))
            .env_clear()
            .env("PATH", format!("{}:{SYSTEM}", program.display()))
            .env("HOME", &self.home)
            .env("LANG", "C.UTF-8")
            .env("COLUMNS", "80")
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        (printed.replace(self.home.to_str().unwrap(), "/home/user"), output.status.code())
    }
}

/// Whether two outputs say the same. The stage's folders are longer than what the pages call them, so that a line
/// may be wrapped elsewhere.
pub(crate) fn alike(one: &str, other: &str) -> bool {
    let words = |output: &str| masked(output).split_whitespace().collect::<String>();
    words(one) == words(other)
}

/// An output without what differs from run to run.
pub(crate) fn masked(output: &str) -> String {
    let varying = [
        (r"\d+ rules", "N rules"),
        (r"\d+ ms", "N ms"),
        (r"\d+ texts", "N texts"),
        (r#""(rules|took_ms)": \d+"#, "\"$1\": N"),
        (r#"time="[0-9.]+""#, "time=T"),
        (r"(?m)^(envdoctor_(?:rules|duration_seconds|last_run_timestamp_seconds)) [0-9.]+$", "$1 N"),
        (r"(?m)^ +\((elixir|stdlib) [^)]+\) .*\n", ""),
        (r"\((elixir|stdlib) [^)]+\) lib/system\.ex:\d+", "($1 N) lib/system.ex:N"),
        (r"\b\d+ lines", "N lines"),
        (r"Generated \w+ app\n", ""),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "TIME"),
        (r"\d{8}T\d{9}Z", "FIX"),
        (r#""(at|ended)": ?"[^"]*""#, "\"$1\": TIME"),
    ];
    varying.iter().fold(output.to_owned(), |text, (pattern, mask)| {
        Regex::new(pattern).unwrap().replace_all(&text, *mask).into_owned()
    })
}
