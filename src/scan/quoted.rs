//! Lines that name a failure without being one: tests that passed or were left out, and subjects of commits.

use std::sync::LazyLock;

use regex::bytes::RegexSet;

use super::forms::forms;

static QUOTED: LazyLock<Option<RegexSet>> = LazyLock::new(|| {
    forms([
        // Vitest, Jest, Mocha
        r"^\s*(?u:[✓✔√↓○])",
        // ExUnit's trace
        r"^\s*\* (?:test|doctest|property) .*\[L#\d+\]\s*$",
        // TAP, cargo test
        r"^\s*ok \d+ ",
        r"^test \S+ \.\.\. (?:ok|ignored)\b",
        // pytest -v, Gradle
        r"\b(?:PASSED|SKIPPED|XFAIL)\b",
        // git log --oneline
        r"^(?:[*|/\\ ]*)[0-9a-f]{7,12} (?:\([^)]*\) )?(?:feat|fix|chore|docs|tests?|refactor|ci|build|perf|style|revert)(?:\([^)]*\))?!?: ",
        r"^(?:[*|/\\ ]*)[0-9a-f]{7,12} (?:\([^)]*\) )?(?i:add|avoid|bump|catch|detect|do not|don't|explain|fix|handle|ignore|improve|mention|merge|report|retry|revert|show|test|update)(?:e?d|s|es)?\b",
    ])
});

/// Whether the line only names what it tells of.
pub(super) fn is_quoted(line: &str) -> bool {
    QUOTED.as_ref().is_some_and(|quoted| quoted.is_match(line.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tests_and_commits_are_no_failures() {
        for line in [
            " ✓ src/db.test.ts > tells that the connection was refused",
            "  * test says that the port is in use (0.1ms) [L#77]",
            "ok 12 - certificate has expired",
            "test errors::no_space_left_on_device ... ok",
            "tests/test_gpu.py::test_gpu SKIPPED (No CUDA GPUs are available)",
            "* 1a2b3c4 (HEAD -> main) Handle EADDRINUSE: address already in use",
            "1a2b3c4d fix(db): connection refused at start",
        ] {
            assert!(is_quoted(line), "{line}");
        }
        for line in [
            "error: attribute 'x' missing",
            "not ok 12 - certificate has expired",
            "  1) test it starts (DemoTest)",
            "test errors::no_space_left ... FAILED",
            "* jason (Hex package)",
            "1234567 Killed  mix test",
            "FAILED tests/test_gpu.py::test_gpu - RuntimeError: No CUDA GPUs are available",
        ] {
            assert!(!is_quoted(line), "{line}");
        }
    }
}
