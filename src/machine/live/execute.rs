//! Running a program that settings name, to learn whether it does as it is required to.

use std::path::Path;
use std::time::Duration;

use super::super::{Execution, Reply};
use super::process::{Printed, Running, Stream, await_end};
use crate::facts::Reading;
use crate::matching::Matcher;

/// So many characters of what it said are told.
const SAID: usize = 200;

/// Runs a program with the person's own environment.
pub(super) fn execute(
    argv: &[String],
    folder: &Path,
    deadline: Duration,
    running: &Running,
    stdout: Option<&Matcher>,
    stderr: Option<&Matcher>,
) -> Reading<Reply> {
    await_end(argv, folder, deadline, running, &[]).map(|printed| {
        let Printed { status, stdout: out, stderr: err } = printed;
        let holds = |matcher: Option<&Matcher>, stream: &Stream| {
            matcher.is_none_or(|matcher| matcher.holds(&stream.lossy()))
        };
        let said = if status.success() { out.lossy_or(&err) } else { err.lossy_or(&out) };
        Reply::Execution(Execution {
            code: status.code(),
            stdout: holds(stdout, &out),
            stderr: holds(stderr, &err),
            said: first_line(&said),
        })
    })
}

fn first_line(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    line.chars().take(SAID).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str, stdout: Option<Matcher>) -> Reading<Reply> {
        let argv = ["sh", "-c", script].map(str::to_owned);
        let deadline = Duration::from_secs(5);
        execute(&argv, Path::new("/"), deadline, &Running::default(), stdout.as_ref(), None)
    }

    fn execution(code: i32, stdout: bool, said: &str) -> Reading<Reply> {
        let said = said.to_owned();
        Reading::Present(Reply::Execution(Execution { code: Some(code), stdout, stderr: true, said }))
    }

    #[test]
    fn what_comes_of_a_program() {
        let wanted = || Some(Matcher::Contains("1.7".to_owned()));
        assert_eq!(sh("echo; echo tool 1.7.1", wanted()), execution(0, true, "tool 1.7.1"));
        assert_eq!(sh("echo 1.6", wanted()), execution(0, false, "1.6"));
        assert_eq!(sh("echo out; echo why >&2; exit 3", None), execution(3, true, "why"));
        assert_eq!(sh(r"printf '\377 1.7'", wanted()), execution(0, true, "\u{fffd} 1.7"));
        let Reading::Present(Reply::Execution(ended)) = sh("kill -9 $$", None) else { panic!("no end") };
        assert_eq!(ended.code, None);
        let none = ["no-such-program-anywhere".to_owned()];
        let none = execute(&none, Path::new("/"), Duration::from_secs(5), &Running::default(), None, None);
        assert_eq!(none, Reading::Absent);
    }
}
