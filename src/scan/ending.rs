//! Whether an output ends as its tool ends when all went well: then no line within it was a failure.

use std::sync::LazyLock;

use regex::bytes::RegexSet;

use super::forms::forms;

static WELL: LazyLock<Option<RegexSet>> = LazyLock::new(|| {
    forms([
        // nix-build and nix build --print-out-paths
        r"^/nix/store/[0-9a-z]{32}-\S+$",
        // ExUnit
        r"^(?:\d+ doctests?, )?(?:\d+ propert(?:y|ies), )?\d+ tests?, 0 failures\b",
        r"^Result: \d+ passed(?:, |$)",
        r"^Randomized with seed \d+$",
        // Mix and Hex
        r"^All dependencies (?:are up to date|have been fetched)$",
        r"^Generated \S+ app$",
        // pytest, cargo test
        r"^=+ .*\d+ passed.* =+$",
        r"^test result: ok\.",
    ])
});

/// Whether this, as the last line that is not blank, says that all went well.
pub(super) fn is_good(line: &str) -> bool {
    WELL.as_ref().is_some_and(|well| well.is_match(line.as_bytes()))
}
