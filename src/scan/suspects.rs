//! The lines that look most like an error, for failures that no rule knows.

use std::sync::LazyLock;

use regex::{Regex, RegexSet};

use super::{Line, Quote};

/// So many lines are kept.
const MOST: usize = 4;

/// The forms in which tools begin an error; one of the stronger kind stands further up.
static FORMS: LazyLock<Option<RegexSet>> = LazyLock::new(|| {
    RegexSet::new([
        r"^\s*(?:[\w./-]+:\d+:(?:\d+:)? )?(?:fatal )?error(?:\[\w+\])?: \S",
        r"^\*\* \(\w",
        r"^[A-Z]\w*(?:\.\w+)*(?:Error|Exception|Exit): \S",
        r"^thread '.*' panicked at ",
        r"^(?:fatal|FATAL|E|ERR!|ERROR)(?::|\]| ) ?\S",
        r"^npm (?:ERR!|error) \S",
        r": command not found$",
        r": (?:No such file or directory|Permission denied|Operation not permitted|cannot open shared object file)",
        r"^(?:\w+: \*\*\* |Segmentation fault|Bus error|Killed$|Abort trap)",
        r"^Traceback \(most recent call last\):$",
    ])
    .ok()
});

/// A line of a build's own log, as Nix prints it while the build runs.
static BUILDER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[\w.+@-]+> ").ok());

/// Keeps the likeliest lines of a stream.
#[derive(Default)]
pub(super) struct Suspects {
    kept: Vec<(usize, Quote)>,
}

impl Suspects {
    pub(super) fn consider(&mut self, line: &Line) {
        // What a builder prints while it goes on is not the failure: Nix says so itself when one fails.
        if BUILDER.as_ref().is_some_and(|builder| builder.is_match(&line.text)) {
            return;
        }
        let Some(form) = FORMS.as_ref().and_then(|forms| forms.matches(line.body()).iter().next()) else {
            return;
        };
        if self.kept.iter().any(|(_, quote)| quote.text == line.text) {
            return;
        }
        let after = self.kept.partition_point(|(kept, _)| *kept <= form);
        if after < MOST {
            self.kept.insert(after, (form, Quote { line: line.number, text: line.text.clone() }));
            self.kept.truncate(MOST);
        }
    }

    /// The kept lines in the order of the input.
    pub(super) fn finish(self) -> Vec<Quote> {
        let mut quotes: Vec<Quote> = self.kept.into_iter().map(|(_, quote)| quote).collect();
        quotes.sort_by_key(|quote| quote.line);
        quotes
    }
}
